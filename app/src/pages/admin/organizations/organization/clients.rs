//! `/admin/organizations/{id}/clients` and `/org/{id}/clients`: the organization's API applications.

use guildhall::organization_clients::{ClientVisibility, ListOrganizationClients, OrganizationClient};
use guildhall::page::Page;
use guildhall::teams::ListTeams;
use leptos::prelude::*;

use super::client_parts::{Fields, ShownSecret, show_secret};
use super::teams::manages;
use super::use_organization_id;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::portal::{InPortal, use_portal};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{failure, forget};
use crate::rpc::organization_clients::{
    CreateOrganizationClient, get_client_choices, list_organization_clients, take_new_client_secret,
};
use crate::rpc::{ActionForm, FormAction, Wire};
use crate::ui::prelude::*;

/// The dialog that creates one.
const NEW: &str = "new-organization-client";

#[component]
pub fn OrganizationClientsPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let clients = read(
        move || (id.get(), query.get()),
        |(id, query)| async move {
            list_organization_clients(ListOrganizationClients {
                organization_id: id_of(&id, "organization")?,
                search: query.search(),
                owner_id: None,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    let create = FormAction::<CreateOrganizationClient>::new();
    // With scripts off the secret waits for this page; with them it is in the answer.
    let waiting = SharedValue::<_, Wire>::new_with_encoding(take_new_client_secret).into_inner();
    let shown = RwSignal::new(waiting);
    show_secret(create.value(), NEW.to_owned(), shown);
    let list = format!("{}/clients", use_portal().path_of(&id.get_untracked()));
    view! {
        <div class="stack">
            {move || shown.get().map(|new| view! { <ShownSecret new /> })}
            <FilterBar
                action=list
                clear_href=Signal::derive(move || query.get().cleared(&["q"]))
                actions=move || {
                    view! {
                        <Button opens=NEW variant=Variant::Primary icon=Glyph::Plus>
                            "Create application"
                        </Button>
                    }
                }
            >
                <SearchInput label="Search name or id" value=asked(query, "q") />
                <Kept query names=&["size"] />
            </FilterBar>
            <Read resource=clients whole=true let:page>
                <Rows page query=query.get_untracked() />
            </Read>
            <NewClient organization_id=id.get_untracked() action=create />
        </div>
    }
}

#[component]
fn Rows(page: Page<OrganizationClient>, query: ListQuery) -> impl IntoView {
    if page.items.is_empty() {
        if let Some(clear_href) = query.cleared(&["q"]) {
            return view! { <NothingMatches many="applications" clear_href /> }.into_any();
        }
        return view! {
            <EmptyState
                glyph=Glyph::Key
                title="No API applications yet"
                text="Create one for each program of yours that calls the API. Your teammates can use its credentials, too."
            >
                <Button opens=NEW icon=Glyph::Plus>
                    "Create application"
                </Button>
            </EmptyState>
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Card flush=true>
            <Table
                label="API applications"
                head=|| {
                    view! {
                        <Th label="Name" sorted=Some(Sorted::Ascending) />
                        <Th label="Client id" />
                        <Th label="Owner" />
                        <Th label="Who sees it" />
                        <Th label="Last used" />
                    }
                }
            >
                {page.items.into_iter().map(|client| view! { <Row client /> }).collect_view()}
            </Table>
            <Pager info shown noun=("application", "applications") />
        </Card>
    }
    .into_any()
}

/// Who sees an API application, in words.
pub fn seen_by(client: &OrganizationClient) -> String {
    match (client.visibility, &client.team_name) {
        (ClientVisibility::Personal, _) => "Only the owner".to_owned(),
        (ClientVisibility::Team, Some(team)) => format!("Team {team}"),
        (ClientVisibility::Team, None) => "Only the owner: its team is gone".to_owned(),
        (ClientVisibility::Organization, _) => "Everybody".to_owned(),
    }
}

#[component]
fn Row(client: OrganizationClient) -> impl IntoView {
    let id = client.client_id.to_string();
    let above = use_portal().path_of(&client.organization_id.to_string());
    let href = format!("{above}/clients/{id}");
    let seen = seen_by(&client);
    view! {
        <Tr>
            <NameCell href name=client.name detail=client.description />
            <Td label="Client id">
                <CopyId id what="client id" />
            </Td>
            <Td label="Owner">{client.owner_name}</Td>
            <Td label="Who sees it">{seen}</Td>
            <Td label="Last used">
                <MaybeTime ms=client.last_used_at none="Never" />
            </Td>
        </Tr>
    }
}

#[component]
fn NewClient(organization_id: String, action: FormAction<CreateOrganizationClient>) -> impl IntoView {
    let refused = failure(action).get_untracked().is_some();
    let (of, names_owners) = (organization_id.clone(), manages(&organization_id));
    let choices = read(
        move || of.clone(),
        move |id| async move {
            let op = ListTeams {
                organization_id: id_of(&id, "organization")?,
                search: None,
                user_id: None,
                limit: guildhall::page::Limit::default(),
                cursor: None,
            };
            get_client_choices(op, names_owners).await
        },
    );
    view! {
        <Dialog
            id=NEW
            title="Create an API application"
            description="Its secret is shown once, right after."
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <InPortal />
                <input type="hidden" name="organization_id" value=organization_id />
                <Read resource=choices let:choices>
                    <Fields action choices />
                </Read>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Create application"
                    </Button>
                    <Button closes=NEW>"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}
