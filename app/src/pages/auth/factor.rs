//! The second step of signing in: a code, or a passkey.

use guildhall::error::{Code, Error};
use guildhall::factors::SignInFactors;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::NOT_SIGNED_IN;
use crate::components::entrance::use_entrance;
use crate::components::passkey::{NOT_GIVEN, prove, send_with};
use crate::components::read::{query_value, read};
use crate::components::submit::{error_at, failure_of};
use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::rpc::factors::{FinishSignIn, get_pending_sign_in};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/signin/factor?return_to=…`, `/signin/factor?request=…`
#[component]
pub fn FactorPage() -> impl IntoView {
    let code = FormAction::<FinishSignIn>::new();
    let passkey = FormAction::<FinishSignIn>::new();
    use_entrance(code);
    use_entrance(passkey);
    let query = use_query_map();
    let named = move |name: &str| query.with_untracked(|query| query.get(name).unwrap_or_default());
    let (request, return_to) = (named("request"), named("return_to"));
    let waits = read(|| (), |()| async { get_pending_sign_in().await });
    view! {
        <Transition fallback=|| view! { <SkeletonRows rows=3 columns=1 /> }>
            {move || {
                let (request, return_to) = (request.clone(), return_to.clone());
                Suspend::new(async move {
                    match waits.await {
                        Ok(factors) => {
                            view! { <Shown factors code passkey request return_to /> }.into_any()
                        }
                        Err(error) => view! { <NoneWaits error=error.0 request return_to /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Shown(
    factors: SignInFactors,
    code: FormAction<FinishSignIn>,
    passkey: FormAction<FinishSignIn>,
    request: String,
    return_to: String,
) -> impl IntoView {
    let again = sign_in(&request, &return_to);
    let description = match (factors.authenticator_app, factors.passkeys.is_some()) {
        (true, true) => "Use your passkey, or type the code that your authenticator app shows.",
        (true, false) => "Type the code that your authenticator app shows.",
        (false, _) => "Use your passkey, or a recovery code.",
    };
    let label = if factors.authenticator_app {
        "Code of the app, or a recovery code"
    } else {
        "Recovery code"
    };
    let typed = factors.authenticator_app || factors.recovery_codes;
    let has_passkeys = factors.passkeys.is_some();
    let (of_code, of_passkey) = ((request.clone(), return_to.clone()), (request, return_to));
    view! {
        <AuthShell
            title="Second step"
            description
            footer=move || view! { <a href=again.clone()>"Sign in as somebody else"</a> }
        >
            {factors
                .passkeys
                .map(|asked| {
                    let (request, return_to) = of_passkey;
                    view! { <ByPasskey options=asked.options action=passkey request return_to /> }
                })}
            {typed
                .then(|| {
                    let (request, return_to) = of_code;
                    view! {
                        <ActionForm action=code>
                            <FormError message=failure_of(code, NOT_SIGNED_IN) />
                            <input type="hidden" name="return_to" value=return_to />
                            <input type="hidden" name="request" value=request />
                            <FormGrid>
                                <Field name="code" label error=error_at(code, "code") required=true>
                                    <TextInput
                                        autocomplete="one-time-code"
                                        mono=true
                                        max_length=60u32
                                        autofocus=!has_passkeys
                                    />
                                </Field>
                            </FormGrid>
                            <FormActions>
                                <Button
                                    kind="submit"
                                    variant=if has_passkeys { Variant::Secondary } else { Variant::Primary }
                                    pending=code.pending()
                                    block=true
                                >
                                    "Sign in"
                                </Button>
                            </FormActions>
                        </ActionForm>
                    }
                })}
            <p class="muted">
                "Lost everything? Whoever administers your organization, or sells to it, can reset your second factors."
            </p>
        </AuthShell>
    }
}

/// Passkeys need a script: without one, the form that it sends stays hidden.
#[component]
fn ByPasskey(
    options: String,
    action: FormAction<FinishSignIn>,
    request: String,
    return_to: String,
) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    let asking = RwSignal::new(false);
    let ask = move |_| {
        let options = options.clone();
        refused.set(None);
        asking.set(true);
        leptos::task::spawn_local(async move {
            match prove(&options).await {
                Some(said) => send_with("passkey-said", &said),
                None => refused.set(Some(NOT_GIVEN.to_owned())),
            }
            asking.set(false);
        });
    };
    let wrong = failure_of(action, NOT_SIGNED_IN);
    let message = Signal::derive(move || refused.get().or_else(|| wrong.get()));
    let pending = action.pending();
    view! {
        <div class="needs-script">
            <FormError message />
            <ActionForm action>
                <input type="hidden" name="return_to" value=return_to />
                <input type="hidden" name="request" value=request />
                <input type="hidden" name="passkey" id="passkey-said" value="" />
            </ActionForm>
            <FormActions>
                <Button
                    icon=Glyph::Key
                    variant=Variant::Primary
                    block=true
                    pending=Signal::derive(move || asking.get() || pending.get())
                    on:click=ask
                >
                    "Use a passkey"
                </Button>
            </FormActions>
        </div>
    }
}

/// The first step, for the same page or application.
fn sign_in(request: &str, return_to: &str) -> String {
    if request.is_empty() {
        format!("/signin?return_to={}", query_value(return_to))
    } else {
        format!("/signin?request={}", query_value(request))
    }
}

#[component]
fn NoneWaits(error: Error, request: String, return_to: String) -> impl IntoView {
    answer_with(error.code.status());
    let href = sign_in(&request, &return_to);
    let description = if error.code == Code::Gone {
        "It was finished, has waited too long, or was begun in another browser.".to_owned()
    } else {
        error.message
    };
    view! {
        <AuthShell title="No sign-in waits here" description>
            <LinkButton href variant=Variant::Primary block=true>
                "Sign in"
            </LinkButton>
        </AuthShell>
    }
}
