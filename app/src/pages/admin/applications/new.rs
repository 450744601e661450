//! A new application.

use leptos::prelude::*;

use crate::components::submit::{error_at, failure, use_done};
use crate::layout::Guarded;
use crate::rpc::applications::CreateApplication;
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/admin/applications/new`
#[component]
pub fn NewApplicationPage() -> impl IntoView {
    let action = FormAction::<CreateApplication>::new();
    use_done(action);
    view! {
        <PageHeader
            title="Create application"
            crumbs=vec![Crumb::new("Applications", "/admin/applications")]
        />
        <Card>
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <FormGrid>
                        <Field
                            name="name"
                            label="Name"
                            hint="Unique among your applications."
                            error=error_at(action, "name")
                            required=true
                        >
                            <TextInput value=typed("name").unwrap_or_default() max_length=100 autofocus=true />
                        </Field>
                        <RadioGroup
                            name="kind"
                            legend="Kind"
                            value=typed("kind").unwrap_or_else(|| "end_user".to_owned())
                            error=error_at(action, "kind")
                            options=vec![
                                Choice::new("end_user", "End-user app")
                                    .hint("Organizations get it and their members use it."),
                                Choice::new("management", "Management")
                                    .hint("Your own backend. Its clients may do everything over the API."),
                            ]
                        />
                        <DescriptionField
                            error=error_at(action, "description")
                            value=typed("description").unwrap_or_default()
                        />
                        <RedirectField
                            error=error_at(action, "redirect_uris")
                            value=typed("redirect_uris").unwrap_or_default()
                        />
                        <PostLogoutField
                            error=error_at(action, "post_logout_redirect_uris")
                            value=typed("post_logout_redirect_uris").unwrap_or_default()
                        />
                        <LoginField
                            error=error_at(action, "initiate_login_uri")
                            value=typed("initiate_login_uri").unwrap_or_default()
                        />
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Create application"
                        </Button>
                        <LinkButton href="/admin/applications">"Cancel"</LinkButton>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

/// A sentence or two about the application.
#[component]
pub(super) fn DescriptionField(error: Signal<Option<String>>, value: String) -> impl IntoView {
    view! {
        <Field name="description" label="Description" error optional=true>
            <TextInput value max_length=500 />
        </Field>
    }
}

/// Where sign-ins may return to, one a line.
#[component]
pub(super) fn RedirectField(error: Signal<Option<String>>, value: String) -> impl IntoView {
    view! {
        <Field
            name="redirect_uris"
            label="Redirect URIs"
            hint="Where sign-ins may return to, one a line, compared to the letter."
            error
            optional=true
        >
            <Textarea value placeholder="https://app.example.com/callback" mono=true />
        </Field>
    }
}

/// Where sign-outs may return to, one a line.
#[component]
pub(super) fn PostLogoutField(error: Signal<Option<String>>, value: String) -> impl IntoView {
    view! {
        <Field
            name="post_logout_redirect_uris"
            label="Sign-out URIs"
            hint="Where sign-outs may return to, one a line, compared to the letter."
            error
            optional=true
        >
            <Textarea value placeholder="https://app.example.com/" mono=true />
        </Field>
    }
}

/// Where the application's own sign-in begins.
#[component]
pub(super) fn LoginField(error: Signal<Option<String>>, value: String) -> impl IntoView {
    view! {
        <Field
            name="initiate_login_uri"
            label="Sign-in address"
            hint="Where people sign in to the app. Whoever accepts an invitation is sent on to it."
            error
            optional=true
        >
            <TextInput value placeholder="https://app.example.com/login" max_length=2048 />
        </Field>
    }
}
