//! `/admin/organizations/{id}/apps`: the applications that the organization has.

use guildhall::id::ApplicationId;
use guildhall::organizations::{GetOrganization, Organization};
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::portal::Portal;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::pages::admin::organizations::new::AppChoices;
use crate::rpc::organizations::{
    AddOrganizationApps, AppName, RemoveOrganizationApp, get_organization, list_app_names,
};
use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::prelude::*;

#[component]
pub fn OrganizationAppsPage() -> impl IntoView {
    let id = use_organization_id();
    let about = read(
        move || id.get(),
        |id| async move {
            let organization_id = id_of(&id, "organization")?;
            let organization = get_organization(GetOrganization { organization_id }).await?;
            Ok::<_, RpcError>((organization, list_app_names().await?))
        },
    );
    let add = FormAction::<AddOrganizationApps>::new();
    let remove = FormAction::<RemoveOrganizationApp>::new();
    use_done(add);
    use_done(remove);
    view! {
        <div class="stack">
            <FormError message=failure(remove) />
            <Read resource=about whole=true let:about>
                <Body about add remove />
            </Read>
        </div>
    }
}

#[component]
fn Body(
    about: (Organization, Vec<AppName>),
    add: FormAction<AddOrganizationApps>,
    remove: FormAction<RemoveOrganizationApp>,
) -> impl IntoView {
    let (organization, apps) = about;
    let id = organization.organization_id.to_string();
    let name_of = |app_id: &ApplicationId| {
        let known = apps.iter().find(|app| app.app_id == *app_id);
        known.map_or_else(|| app_id.to_string(), |app| app.name.clone())
    };
    let has: Vec<AppName> = organization
        .app_ids
        .iter()
        .map(|app_id| AppName {
            app_id: *app_id,
            name: name_of(app_id),
        })
        .collect();
    let others: Vec<AppName> = apps
        .iter()
        .filter(|app| !organization.app_ids.contains(&app.app_id))
        .cloned()
        .collect();
    view! {
        <Has has id=id.clone() name=organization.name remove />
        <Add others id add />
    }
}

#[component]
fn Has(
    has: Vec<AppName>,
    id: String,
    name: String,
    remove: FormAction<RemoveOrganizationApp>,
) -> impl IntoView {
    if has.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Apps
                title="No applications yet"
                text="Choose below what its members can be given access to."
            />
        }
        .into_any();
    }
    view! {
        <Card flush=true>
            <Table
                label=format!("Applications of {name}")
                head=|| {
                    view! {
                        <Th label="Application" />
                        <Th label="Actions" hidden=true />
                    }
                }
            >
                {has
                    .into_iter()
                    .map(|app| view! { <AppRow app id=id.clone() name=name.clone() remove /> })
                    .collect_view()}
            </Table>
        </Card>
    }
    .into_any()
}

#[component]
fn AppRow(
    app: AppName,
    id: String,
    name: String,
    remove: FormAction<RemoveOrganizationApp>,
) -> impl IntoView {
    let app_id = app.app_id.to_string();
    let dialog = format!("remove-{app_id}");
    let href = format!("{}/apps/{app_id}", Portal::Tenant.path_of(&id));
    let (roles, opens) = (href.clone(), dialog.clone());
    let title = format!("Take {} from {name}?", app.name);
    view! {
        <Tr>
            <NameCell href name=app.name.clone() detail=app_id.clone() />
            <ActionsCell>
                <div class="row">
                    <LinkButton href=roles size=Size::Small icon=Glyph::Roles>
                        "Roles"
                    </LinkButton>
                    <Button opens size=Size::Small icon=Glyph::Trash>
                        "Remove"
                    </Button>
                </div>
                <Dialog id=dialog.clone() title>
                    <ActionForm action=remove>
                        <input type="hidden" name="organization_id" value=id />
                        <input type="hidden" name="app_id" value=app_id />
                        <input type="hidden" name="app_name" value=app.name.clone() />
                        <ConfirmBody dialog confirm="Remove application" pending=remove.pending()>
                            <Consequences items=vec![
                                format!("The members of {name} lose access to {}.", app.name),
                                "Their roles in it are taken away.".to_owned(),
                                "The role groups that the organization has in it are taken away.".to_owned(),
                                "Giving it back later does not bring those back.".to_owned(),
                            ] />
                        </ConfirmBody>
                    </ActionForm>
                </Dialog>
            </ActionsCell>
        </Tr>
    }
}

#[component]
fn Add(others: Vec<AppName>, id: String, add: FormAction<AddOrganizationApps>) -> impl IntoView {
    if others.is_empty() {
        return view! { <p class="card__text">"It has every application that there is."</p> }.into_any();
    }
    view! {
        <Card title="Add applications" description="What it has already stays as it is.">
            <ActionForm action=add>
                <input type="hidden" name="organization_id" value=id />
                <FormError message=failure(add) />
                <FormGrid>
                    <AppChoices apps=others error=error_at(add, "app_ids") />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=add.pending()>
                        "Add applications"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
    .into_any()
}
