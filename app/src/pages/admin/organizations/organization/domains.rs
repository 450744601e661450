//! `/admin/organizations/{id}/domains` and `/org/{id}/domains`: the domains that the organization proves to be its own.

use guildhall::domains::{DiscoveryDomain, DomainStatus, ListDiscoveryDomains};
use guildhall::page::Page;
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::pager::Pager;
use crate::components::query::use_list_query;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::rpc::domains::{
    AddDiscoveryDomain, RemoveDiscoveryDomain, UseDiscoveryDomain, VerifyDiscoveryDomain,
    list_discovery_domains,
};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// What the rows share.
#[derive(Clone, Copy)]
struct Actions {
    verify: FormAction<VerifyDiscoveryDomain>,
    lead: FormAction<UseDiscoveryDomain>,
    remove: FormAction<RemoveDiscoveryDomain>,
}

#[component]
pub fn OrganizationDomainsPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let domains = read(
        move || (id.get(), query.get()),
        |(id, query)| async move {
            list_discovery_domains(ListDiscoveryDomains {
                organization_id: id_of(&id, "organization")?,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    let add = FormAction::<AddDiscoveryDomain>::new();
    let actions = Actions {
        verify: FormAction::new(),
        lead: FormAction::new(),
        remove: FormAction::new(),
    };
    use_done(add);
    use_done(actions.verify);
    use_done(actions.lead);
    use_done(actions.remove);
    view! {
        <div class="stack">
            <FormError message=failure(actions.verify) />
            <FormError message=failure(actions.lead) />
            <FormError message=failure(actions.remove) />
            <Read resource=domains whole=true let:page>
                <div class="stack">
                    <Domains page actions />
                    <Add id=id.get_untracked() add />
                </div>
            </Read>
        </div>
    }
}

#[component]
fn Domains(page: Page<DiscoveryDomain>, actions: Actions) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Globe
                title="No domains yet"
                text="Prove by a record in the DNS that a domain is the organization’s own: its people are then led to it when they sign in."
            />
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    let pending = page
        .items
        .iter()
        .filter(|domain| domain.status == DomainStatus::Pending)
        .map(|domain| view! { <Proof domain=domain.clone() actions /> })
        .collect_view();
    view! {
        <Card flush=true>
            <Table
                label="Domains"
                head=|| {
                    view! {
                        <Th label="Domain" sorted=Some(Sorted::Ascending) />
                        <Th label="Status" />
                        <Th label="Leads people here" />
                        <Th label="Verified" />
                        <Th label="Actions" hidden=true />
                    }
                }
            >
                {page.items.into_iter().map(|domain| view! { <Row domain actions /> }).collect_view()}
            </Table>
            <Pager info shown noun=("domain", "domains") />
        </Card>
        {pending}
    }
    .into_any()
}

#[component]
fn Row(domain: DiscoveryDomain, actions: Actions) -> impl IntoView {
    let id = domain.discovery_domain_id.to_string();
    let organization_id = domain.organization_id.to_string();
    let (name, leads) = (domain.domain, domain.use_for_organization_discovery);
    let state = match domain.status {
        DomainStatus::Pending => State::Pending,
        DomainStatus::Verified => State::Verified,
    };
    let led = match (leads, domain.status) {
        (false, _) => "No",
        (true, DomainStatus::Pending) => "Once it is verified",
        (true, DomainStatus::Verified) => "Yes",
    };
    let (led_id, led_to) = (id.clone(), organization_id.clone());
    let dialog = format!("remove-{id}");
    let opens = dialog.clone();
    let title = format!("Remove {name}?");
    view! {
        <Tr>
            <NameCell href="" name=name.clone() />
            <Td label="Status">
                <Status state />
            </Td>
            <Td label="Leads people here">{led}</Td>
            <Td label="Verified">
                <MaybeTime ms=domain.verified_at none="Not yet" />
            </Td>
            <ActionsCell>
                <Menu id=format!("menu-{id}") label=format!("Actions for {name}")>
                    <ActionForm action=actions.lead>
                        <input type="hidden" name="organization_id" value=led_to />
                        <input type="hidden" name="discovery_domain_id" value=led_id />
                        <input type="hidden" name="leads" value=(!leads).to_string() />
                        <MenuButton kind="submit" icon=if leads { Glyph::Pause } else { Glyph::Play }>
                            {if leads { "Stop leading people here" } else { "Lead people here" }}
                        </MenuButton>
                    </ActionForm>
                    <MenuRule />
                    <MenuButton opens icon=Glyph::Trash danger=true>
                        "Remove…"
                    </MenuButton>
                </Menu>
                <Dialog id=dialog.clone() title>
                    <ActionForm action=actions.remove>
                        <input type="hidden" name="organization_id" value=organization_id />
                        <input type="hidden" name="discovery_domain_id" value=id />
                        <input type="hidden" name="domain" value=name.clone() />
                        <ConfirmBody dialog confirm="Remove domain" pending=actions.remove.pending()>
                            <Consequences items=vec![
                                format!("People with addresses at {name} are not led here any more."),
                                "Another organization may prove that it is its own.".to_owned(),
                            ] />
                        </ConfirmBody>
                    </ActionForm>
                </Dialog>
            </ActionsCell>
        </Tr>
    }
}

/// What to put into the DNS, and the button that looks for it.
#[component]
fn Proof(domain: DiscoveryDomain, actions: Actions) -> impl IntoView {
    let DiscoveryDomain {
        discovery_domain_id,
        organization_id,
        domain,
        verification_host,
        verification_txt,
        ..
    } = domain;
    view! {
        <Card
            title=format!("Prove {domain}")
            description="Add this record where the domain is kept, then verify. It can take a while until it is seen."
        >
            <DescriptionList>
                <Description term="Type">"TXT"</Description>
                <Description term="Name">
                    <CopyId id=verification_host what="name of the record" />
                </Description>
                <Description term="Value">
                    <CopyId id=verification_txt what="value of the record" />
                </Description>
            </DescriptionList>
            <ActionForm action=actions.verify>
                <input type="hidden" name="organization_id" value=organization_id.to_string() />
                <input type="hidden" name="discovery_domain_id" value=discovery_domain_id.to_string() />
                <FormActions>
                    <Button kind="submit" icon=Glyph::Check pending=actions.verify.pending()>
                        {format!("Verify {domain}")}
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}

#[component]
fn Add(id: String, add: FormAction<AddDiscoveryDomain>) -> impl IntoView {
    view! {
        <Card title="Add a domain" description="You are told which record proves it.">
            <ActionForm action=add>
                <input type="hidden" name="organization_id" value=id />
                <FormError message=failure(add) />
                <FormGrid>
                    <Field
                        name="domain"
                        label="Domain"
                        hint="What stands behind the @ of its addresses, for example “acme.example”."
                        error=error_at(add, "domain")
                        required=true
                    >
                        <TextInput value=kept(add, "domain", "") max_length=253u32 />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary icon=Glyph::Plus pending=add.pending()>
                        "Add domain"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}
