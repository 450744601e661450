//! A forgotten password: asking for a link, and choosing a new one with it.

use guildhall::passwords::PasswordReset;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::entrance::use_entrance;
use crate::components::new_password::NewPassword;
use crate::components::read::read;
use crate::components::submit::{error_at, failure, use_done};
use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::rpc::passwords::{RequestPasswordReset, ResetPassword, get_password_reset};
use crate::rpc::{ActionForm, FormAction, RpcError, typed};
use crate::ui::prelude::*;

/// `/forgot`
#[component]
pub fn ForgotPage() -> impl IntoView {
    let action = FormAction::<RequestPasswordReset>::new();
    use_done(action);
    view! {
        <AuthShell
            title="Forgotten password"
            description="Tell us your e-mail address. If it is known here, a link is sent to it with which you choose a new password."
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <FormGrid>
                    <Field name="email" label="E-mail address" error=error_at(action, "email") required=true>
                        <TextInput
                            kind="email"
                            autocomplete="username"
                            value=typed("email").unwrap_or_default()
                            autofocus=true
                        />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                        "Send the link"
                    </Button>
                </FormActions>
            </ActionForm>
            <p><a href="/signin">"Back to sign-in"</a></p>
        </AuthShell>
    }
}

/// `/forgot/sent`: the same for every address.
#[component]
pub fn SentPage() -> impl IntoView {
    view! {
        <AuthShell
            title="Look into your mailbox"
            description="If the address is known here, a link is on its way to it. It works once, and for one hour."
        >
            <p>"Nothing came? Look among the unwanted mail, check the address, or ask your administrator."</p>
            <p><a href="/forgot">"Ask for another link"</a>" · "<a href="/signin">"Back to sign-in"</a></p>
        </AuthShell>
    }
}

/// `/reset/{token}`, the link of the mail. Opening it uses nothing up.
#[component]
pub fn ResetPage() -> impl IntoView {
    let action = FormAction::<ResetPassword>::new();
    use_entrance(action);
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let about = read(
        move || token.get(),
        |token| async move { get_password_reset(token).await },
    );
    view! {
        <AuthShell title="Choose a new password">
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    match about.await {
                        Ok(about) => view! { <ResetForm about token=token.get_untracked() action /> }.into_any(),
                        Err(RpcError(error)) => {
                            answer_with(error.code.status());
                            view! { <DeadLink message=error.message /> }.into_any()
                        }
                    }
                })}
            </Transition>
        </AuthShell>
    }
}

#[component]
fn ResetForm(about: PasswordReset, token: String, action: FormAction<ResetPassword>) -> impl IntoView {
    let email = about.email.clone();
    view! {
        <p class="auth__about">
            {format!("For {}. All your sessions end, and you sign in with the new one.", about.email)}
        </p>
        <ActionForm action>
            <FormError message=failure(action) />
            <input type="hidden" name="come_back" value=format!("/reset/{token}") />
            <input type="hidden" name="token" value=token />
            // For the browser's own keeper of passwords.
            <input
                type="text"
                class="sr-only"
                autocomplete="username"
                value=about.email
                readonly=true
                tabindex="-1"
                aria-hidden="true"
            />
            <FormGrid>
                <NewPassword
                    name="password"
                    label="New password"
                    error=error_at(action, "password")
                    email
                />
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                    "Change password"
                </Button>
            </FormActions>
        </ActionForm>
    }
}

#[component]
fn DeadLink(message: String) -> impl IntoView {
    view! {
        <Banner tone=Tone::Warning title="This link does not work any more">
            {message}
        </Banner>
        <FormActions>
            <LinkButton href="/forgot" variant=Variant::Primary block=true>
                "Ask for another link"
            </LinkButton>
        </FormActions>
        <p>
            <a href="/signin">"Back to sign-in"</a>
        </p>
    }
}
