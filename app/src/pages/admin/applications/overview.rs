//! An application itself: what it is, and the way out.

use guildhall::applications::Application;
use leptos::prelude::*;

use super::frame::this_application;
use super::new::{DescriptionField, LoginField, PostLogoutField, RedirectField};
use crate::components::read::Read;
use crate::components::submit::{error_at, failure, use_done};
use crate::layout::Guarded;
use crate::rpc::applications::{DeleteApplication, UpdateApplication};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/admin/applications/{id}`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let update = FormAction::<UpdateApplication>::new();
    let delete = FormAction::<DeleteApplication>::new();
    use_done(update);
    use_done(delete);
    view! {
        <Read resource=this_application() whole=true let:application>
            <div class="stack">
                <Facts application=application.clone() />
                <Settings application=application.clone() action=update />
                <Deletion application action=delete />
            </div>
        </Read>
    }
}

#[component]
fn Facts(application: Application) -> impl IntoView {
    let base = format!("/admin/applications/{}", application.app_id);
    view! {
        <CardGrid>
            <Stat
                label="Organizations"
                value=format_count(application.organization_count)
                href=format!("{base}/organizations")
            />
            <Stat
                label="Roles"
                value=format_count(application.role_count)
                href=format!("{base}/roles")
            />
            <Stat
                label="Clients"
                value=format_count(application.client_count)
                href=format!("{base}/clients")
            />
        </CardGrid>
        <Card title="Details">
            <DescriptionList>
                <Description term="Created">
                    <Time ms=application.created_at />
                </Description>
                <Description term="Changed">
                    <Time ms=application.updated_at />
                </Description>
            </DescriptionList>
        </Card>
    }
}

#[component]
fn Settings(application: Application, action: FormAction<UpdateApplication>) -> impl IntoView {
    view! {
        <Card title="Settings">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <input type="hidden" name="app_id" value=application.app_id.to_string() />
                    <FormGrid>
                        <Field
                            name="name"
                            label="Name"
                            error=error_at(action, "name")
                            required=true
                        >
                            <TextInput value=typed("name").unwrap_or(application.name) max_length=100 />
                        </Field>
                        <DescriptionField
                            error=error_at(action, "description")
                            value=typed("description")
                                .or(application.description)
                                .unwrap_or_default()
                        />
                        <RedirectField
                            error=error_at(action, "redirect_uris")
                            value=typed("redirect_uris")
                                .unwrap_or_else(|| application.redirect_uris.join("\n"))
                        />
                        <PostLogoutField
                            error=error_at(action, "post_logout_redirect_uris")
                            value=typed("post_logout_redirect_uris")
                                .unwrap_or_else(|| application.post_logout_redirect_uris.join("\n"))
                        />
                        <LoginField
                            error=error_at(action, "initiate_login_uri")
                            value=typed("initiate_login_uri")
                                .or(application.initiate_login_uri)
                                .unwrap_or_default()
                        />
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Save changes"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

#[component]
fn Deletion(application: Application, action: FormAction<DeleteApplication>) -> impl IntoView {
    let Application {
        app_id,
        name,
        organization_count,
        role_count,
        client_count,
        ..
    } = application;
    let in_use = (organization_count > 0).then(|| {
        format!(
            "{} it. Take it from them first.",
            count_of(organization_count, "organization has", "organizations have"),
        )
    });
    let mut goes = Vec::new();
    if role_count > 0 {
        goes.push(format!(
            "{} with their groups are deleted",
            count_of(role_count, "role", "roles")
        ));
    }
    if client_count > 0 {
        goes.push(format!(
            "{} can no longer get a token",
            count_of(client_count, "client", "clients")
        ));
    }
    if goes.is_empty() {
        goes.push("It has no roles and no clients; nothing else goes.".to_owned());
    }
    view! {
        <Card
            title="Delete application"
            description="Its roles, role groups and clients go with it. This cannot be undone."
            danger=true
        >
            <Button
                opens="delete-application"
                variant=Variant::Danger
                icon=Glyph::Trash
                disabled_reason=in_use
            >
                "Delete application"
            </Button>
        </Card>
        <Dialog
            id="delete-application"
            title=format!("Delete {name}?")
            open=failure(action).get_untracked().is_some()
        >
            <ActionForm action>
                <input type="hidden" name="app_id" value=app_id.to_string() />
                <ConfirmBody
                    dialog="delete-application"
                    confirm="Delete application"
                    type_name=name
                    failure=failure(action)
                    name_error=error_at(action, "confirm_name")
                    pending=action.pending()
                >
                    <Consequences items=goes />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
