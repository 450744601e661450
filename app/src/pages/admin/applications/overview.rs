//! An application itself: what it is, and the way out.

use guildhall::applications::Application;
use leptos::prelude::*;

use super::frame::this_application;
use super::new::{DescriptionField, LoginField, PostLogoutField, RedirectField};
use crate::components::contested::{AsOf, Contested, as_of, versions};
use crate::components::read::Read;
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::layout::Guarded;
use crate::rpc::applications::{DeleteApplication, UpdateApplication};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// The fields of the form, and what they are called.
const FIELDS: [(&str, &str); 5] = [
    ("name", "Name"),
    ("description", "Description"),
    ("redirect_uris", "Redirect URIs"),
    ("post_logout_redirect_uris", "Sign-out URIs"),
    ("initiate_login_uri", "Sign-in address"),
];

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
    let now = [
        application.name,
        application.description.unwrap_or_default(),
        application.redirect_uris.join("\n"),
        application.post_logout_redirect_uris.join("\n"),
        application.initiate_login_uri.unwrap_or_default(),
    ];
    let fields = FIELDS
        .into_iter()
        .zip(now)
        .map(|((field, label), now)| {
            let value = StoredValue::new(kept(action, field, now.clone()));
            let error = error_at(action, field);
            let children = move || {
                let value = value.get_value();
                match field {
                    "name" => view! {
                        <Field name="name" label error required=true>
                            <TextInput value max_length=100 />
                        </Field>
                    }
                    .into_any(),
                    "description" => view! { <DescriptionField error value /> }.into_any(),
                    "redirect_uris" => view! { <RedirectField error value /> }.into_any(),
                    "post_logout_redirect_uris" => view! { <PostLogoutField error value /> }.into_any(),
                    _ => view! { <LoginField error value /> }.into_any(),
                }
            };
            view! {
                <Contested field label now versions=versions(action, field)>
                    {children()}
                </Contested>
            }
        })
        .collect_view();
    view! {
        <Card title="Settings">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <input type="hidden" name="app_id" value=application.app_id.to_string() />
                    <AsOf version=as_of(action, application.version) />
                    <FormGrid>{fields}</FormGrid>
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
