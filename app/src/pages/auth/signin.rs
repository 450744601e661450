//! Signing in: to the console, or to an application that sent somebody here.

use guildhall::oidc::{AppSignIn, GetAppSignIn, SignInOrganization};
use guildhall::secret::Secret;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::NOT_SIGNED_IN;
use super::problem::Over;
use crate::components::entrance::use_entrance;
use crate::components::organization_mark::OrganizationBrand;
use crate::components::read::read;
use crate::components::submit::{error_at, failure_of};
use crate::layout::AuthShell;
use crate::rpc::oidc::get_app_sign_in;
use crate::rpc::registrations::get_registration_way;
use crate::rpc::sessions::SignIn;
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/signin?return_to=…`, `/signin?request=…`
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = FormAction::<SignIn>::new();
    use_entrance(action);
    let query = use_query_map();
    // Whoever comes with another request loads the page anew.
    let named = move |name: &str| query.with_untracked(|query| query.get(name).unwrap_or_default());
    let request = named("request");
    if request.is_empty() {
        let return_to = named("return_to");
        let way = read(|| (), |()| get_registration_way());
        return view! {
            <AuthShell title="Sign in" description="With your e-mail address or user name.">
                <SignInForm action return_to />
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move {
                        let is_open = way.await.is_ok_and(|way| way.is_open);
                        is_open.then(|| view! { <RegisterLink /> })
                    })}
                </Transition>
            </AuthShell>
        }
        .into_any();
    }
    view! { <ForApp action request /> }.into_any()
}

/// For somebody new, where organizations may register themselves.
#[component]
fn RegisterLink() -> impl IntoView {
    view! {
        <p>
            "No account yet? " <a href="/register">"Create an organization"</a>
        </p>
    }
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
    let title = format!("Sign in to {app}");
    let description = "With your e-mail address or user name.";
    let footer = move || view! { <BackToApp href=cancel.clone() app=app.clone() /> };
    let hint = waits.login_hint.unwrap_or_default();
    match waits.organization {
        None => view! {
            <AuthShell title description footer>
                <SignInForm action request hint />
            </AuthShell>
        }
        .into_any(),
        Some(organization) => {
            let logo = logo_of(&organization, &request);
            let SignInOrganization { name, colors, .. } = organization;
            let brand = move || {
                view! { <OrganizationBrand name=name.clone() colors=colors.clone() logo=logo.clone() /> }
            };
            view! {
                <AuthShell title description brand footer>
                    <SignInForm action request hint />
                </AuthShell>
            }
            .into_any()
        }
    }
}

/// Where the page has the organization's logo from.
fn logo_of(organization: &SignInOrganization, request: &str) -> String {
    if organization.logo_is_ours {
        return format!("/brand/logo?request={request}");
    }
    organization.logo_url.clone().unwrap_or_default()
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
            <FormError message=failure_of(action, NOT_SIGNED_IN) />
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
