//! Signing in: to the console, or to an application that sent somebody here.

use guildhall::oidc::{AppSignIn, GetAppSignIn};
use guildhall::secret::Secret;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::problem::Over;
use crate::components::entrance::use_entrance;
use crate::components::read::read;
use crate::components::submit::{error_at, failure};
use crate::layout::AuthShell;
use crate::rpc::oidc::get_app_sign_in;
use crate::rpc::sessions::SignIn;
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/signin?return_to=…`, `/signin?request=…`
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = FormAction::<SignIn>::new();
    use_entrance(action);
    let query = use_query_map();
    let named = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let request = named("request");
    if request.is_empty() {
        let return_to = named("return_to");
        return view! {
            <AuthShell title="Sign in" description="With your e-mail address or user name.">
                <SignInForm action return_to />
            </AuthShell>
        }
        .into_any();
    }
    view! { <ForApp action request /> }.into_any()
}

/// An application waits for whoever signs in.
#[component]
fn ForApp(action: FormAction<SignIn>, request: String) -> impl IntoView {
    let waits = {
        let request = request.clone();
        read(
            move || request.clone(),
            |request| {
                get_app_sign_in(GetAppSignIn {
                    request: Secret::new(request),
                })
            },
        )
    };
    view! {
        <Transition fallback=|| view! { <SkeletonRows rows=3 columns=1 /> }>
            {move || {
                let request = request.clone();
                Suspend::new(async move {
                    match waits.await {
                        Ok(waits) => view! { <Shown action waits request /> }.into_any(),
                        Err(error) => view! { <Over error=error.0 /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Shown(action: FormAction<SignIn>, waits: AppSignIn, request: String) -> impl IntoView {
    let cancel = format!("/oidc/cancel?request={request}");
    let app = waits.app_name;
    view! {
        <AuthShell
            title=format!("Sign in to {app}")
            description="With your e-mail address or user name."
            footer=move || view! { <BackToApp href=cancel.clone() app=app.clone() /> }
        >
            <SignInForm action request hint=waits.login_hint.unwrap_or_default() />
        </AuthShell>
    }
}

/// The way back to an application without having signed in.
#[component]
pub(super) fn BackToApp(href: String, app: String) -> impl IntoView {
    // Not a page of ours: the browser itself follows it.
    view! {
        <a href=href rel="external">
            {format!("Back to {app}")}
        </a>
    }
}

#[component]
fn SignInForm(
    action: FormAction<SignIn>,
    #[prop(optional)] return_to: String,
    /// The secret of an application's sign-in.
    #[prop(optional)]
    request: String,
    /// What they are thought to sign in as.
    #[prop(optional)]
    hint: String,
) -> impl IntoView {
    let known = !hint.is_empty();
    view! {
        <ActionForm action>
            <FormError message=failure(action) />
            <input type="hidden" name="return_to" value=return_to />
            <input type="hidden" name="request" value=request />
            <FormGrid>
                <Field
                    name="identifier"
                    label="E-mail address or user name"
                    error=error_at(action, "identifier")
                    required=true
                >
                    <TextInput
                        autocomplete="username"
                        value=typed("identifier").unwrap_or(hint)
                        autofocus=!known
                    />
                </Field>
                <Field
                    name="password"
                    label="Password"
                    error=error_at(action, "password")
                    required=true
                >
                    <PasswordInput />
                </Field>
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                    "Sign in"
                </Button>
            </FormActions>
        </ActionForm>
        <p>
            <a href="/forgot">"Forgotten password?"</a>
        </p>
    }
}
