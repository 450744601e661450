//! A forgotten password: asking for a link, and choosing a new one with it.

use guildhall::passwords::PasswordReset;
use leptos::prelude::*;

use crate::components::new_password::NewPassword;
use crate::components::submit::{error_at, failure, use_done};
use crate::layout::AuthShell;
use crate::pages::auth::linked::{Carried, LinkSent, linked};
use crate::rpc::passwords::{RequestPasswordReset, ResetPassword, get_password_reset};
use crate::rpc::{ActionForm, FormAction, typed};
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
        <LinkSent
            description="If the address is known here, a link is on its way to it. It works once, and for one hour."
            nothing="Nothing came? Look among the unwanted mail, check the address, or ask your administrator."
            again="/forgot"
        />
    }
}

/// `/reset/{token}`, the link of the mail.
#[component]
pub fn ResetPage() -> impl IntoView {
    let action = FormAction::<ResetPassword>::new();
    linked(
        "Choose a new password",
        action,
        get_password_reset,
        ("/forgot", "Ask for another link"),
        move |about, token| view! { <ResetForm about token action /> }.into_any(),
    )
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
            <Carried page="/reset" token email=about.email />
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
