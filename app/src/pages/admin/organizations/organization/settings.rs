//! `/admin/organizations/{id}/settings`: name and domains, on and off, and the end.

use guildhall::connections::ListOrganizationConnections;
use guildhall::organizations::{GetOrganization, Organization};
use leptos::prelude::*;

use super::connections_card::{self, ConnectionsCard};
use super::{count, use_organization_id};
use crate::components::contested::{AsOf, Contested, ContestedText, as_of, versions};
use crate::components::read::{Read, id_of, read};
use crate::components::require_factor::RequireFactorCard;
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::layout::Guarded;
use crate::pages::admin::organizations::new::domain_wrong;
use crate::rpc::connections::list_organization_connections;
use crate::rpc::factors::RequireFactor;
use crate::rpc::organizations::{
    DeleteOrganization, SetOrganizationEnabled, UpdateOrganization, color_texts, further_domains,
    get_organization,
};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

#[component]
pub fn OrganizationSettingsPage() -> impl IntoView {
    let id = use_organization_id();
    let organization = read(
        move || id.get(),
        |id| async move {
            let organization_id = id_of(&id, "organization")?;
            get_organization(GetOrganization { organization_id }).await
        },
    );
    let connections = read(
        move || id.get(),
        |id| async move {
            let organization_id = id_of(&id, "organization")?;
            list_organization_connections(ListOrganizationConnections { organization_id }).await
        },
    );
    let update = FormAction::<UpdateOrganization>::new();
    let require = FormAction::<RequireFactor>::new();
    use_done(require);
    let enable = FormAction::<SetOrganizationEnabled>::new();
    let delete = FormAction::<DeleteOrganization>::new();
    use_done(update);
    use_done(enable);
    use_done(delete);
    let actions = connections_card::Actions::of_page();
    view! {
        <div class="stack">
            <Read resource=organization whole=true let:organization>
                <div class="stack">
                    <General organization=organization.clone() update />
                    <RequireFactorCard organization=organization.clone() action=require />
                    <OnOff organization=organization.clone() enable />
                    <End organization delete />
                </div>
            </Read>
            <Read resource=connections let:connections>
                <div class="stack">
                    <ConnectionsCard organization_id=id.get_untracked() connections actions />
                </div>
            </Read>
        </div>
    }
}

#[component]
fn General(organization: Organization, update: FormAction<UpdateOrganization>) -> impl IntoView {
    // Made through the Auth0-compatible API, it may have none.
    let no_domain = organization.domain.is_empty();
    let further = further_domains(&organization).join("\n");
    let alias = organization.alias_name.unwrap_or_default();
    let [primary, background] = color_texts(&organization.colors);
    let domains = Signal::stored(kept(update, "domains", further.clone()));
    view! {
        <Card title="General">
            <Guarded>
                <ActionForm action=update>
                    <FormError message=failure(update) />
                    <input
                        type="hidden"
                        name="organization_id"
                        value=organization.organization_id.to_string()
                    />
                    <AsOf version=as_of(update, organization.version) />
                    <FormGrid>
                        <ContestedText
                            action=update
                            field="name"
                            label="Name"
                            now=organization.name
                            max_length=100u32
                            required=true
                        />
                        <ContestedText
                            action=update
                            field="domain"
                            label="Domain"
                            now=organization.domain
                            max_length=253u32
                            optional=no_domain
                            required=!no_domain
                        />
                        <Contested
                            field="domains"
                            label="Further domains"
                            now=further
                            versions=versions(update, "domains")
                        >
                            <Field
                                name="domains"
                                label="Further domains"
                                hint="Separated by spaces, commas or lines."
                                error=error_at(update, "domains")
                                optional=true
                            >
                                <ChipsInput value=domains.get_untracked() check=domain_wrong />
                            </Field>
                        </Contested>
                        <ContestedText
                            action=update
                            field="alias_name"
                            label="Alias"
                            now=alias
                            max_length=255u32
                            hint="Another name to show to its members."
                            optional=true
                        />
                        <ContestedText
                            action=update
                            field="slug"
                            label="Name in addresses"
                            now=organization.slug
                            max_length=50u32
                            hint="What apps and the Auth0-compatible API call it: lower-case letters, digits, hyphens and underscores."
                            required=true
                            mono=true
                        />
                        <ContestedText
                            action=update
                            field="primary_color"
                            at="colors.primary"
                            label="Colour of buttons and links"
                            now=primary
                            max_length=7u32
                            hint="For example #0059d6."
                            optional=true
                            mono=true
                        />
                        <ContestedText
                            action=update
                            field="background_color"
                            at="colors.page_background"
                            label="Colour behind its pages"
                            now=background
                            max_length=7u32
                            optional=true
                            mono=true
                        />
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=update.pending()>
                            "Save changes"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

#[component]
fn OnOff(organization: Organization, enable: FormAction<SetOrganizationEnabled>) -> impl IntoView {
    let id = organization.organization_id.to_string();
    let name = organization.name;
    if !organization.enabled {
        return view! {
            <Card
                title="Enable"
                description="The organization is disabled. Enabled again, its members sign in as before."
            >
                <ActionForm action=enable>
                    <FormError message=failure(enable) />
                    <input type="hidden" name="organization_id" value=id />
                    <input type="hidden" name="enabled" value="true" />
                    <Button kind="submit" icon=Glyph::Play pending=enable.pending()>
                        "Enable organization"
                    </Button>
                </ActionForm>
            </Card>
        }
        .into_any();
    }
    view! {
        <Card title="Disable" description="Keeps everything, and keeps its members out until it is enabled again.">
            <FormError message=failure(enable) />
            <Button opens="disable" icon=Glyph::Pause>
                "Disable organization"
            </Button>
            <Dialog id="disable" title=format!("Disable {name}?")>
                <ActionForm action=enable>
                    <input type="hidden" name="organization_id" value=id />
                    <input type="hidden" name="enabled" value="false" />
                    <ConfirmBody
                        dialog="disable"
                        confirm="Disable organization"
                        mild=true
                        pending=enable.pending()
                    >
                        <Consequences items=vec![
                            format!(
                                "{} cannot sign in to it until it is enabled again.",
                                count_of(organization.member_count, "member", "members"),
                            ),
                        ] />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        </Card>
    }
    .into_any()
}

#[component]
fn End(organization: Organization, delete: FormAction<DeleteOrganization>) -> impl IntoView {
    let name = organization.name.clone();
    let mut goes = Vec::new();
    if organization.member_count > 0 {
        let members = count_of(organization.member_count, "membership", "memberships");
        goes.push(format!(
            "{members}, with the roles in them; the people’s accounts stay."
        ));
        goes.push("Invitations that still wait.".to_owned());
    }
    if !organization.app_ids.is_empty() {
        let apps = count_of(count(organization.app_ids.len()), "application", "applications");
        goes.push(format!(
            "Access to {apps}, with role groups and roles that it was given."
        ));
    }
    goes.push("This cannot be undone.".to_owned());
    let wrong = failure(delete);
    view! {
        <Card title="Delete" description="Ends the organization for good." danger=true>
            <Button opens="delete" variant=Variant::Danger icon=Glyph::Trash>
                "Delete organization"
            </Button>
            <Dialog
                id="delete"
                title=format!("Delete {name}?")
                description="This goes with it:"
                open=Signal::derive(move || wrong.get().is_some())
            >
                <ActionForm action=delete>
                    <input
                        type="hidden"
                        name="organization_id"
                        value=organization.organization_id.to_string()
                    />
                    <ConfirmBody
                        dialog="delete"
                        confirm="Delete organization"
                        type_name=name
                        failure=wrong
                        name_error=error_at(delete, "confirm_name")
                        pending=delete.pending()
                    >
                        <Consequences items=goes />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        </Card>
    }
}
