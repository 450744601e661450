//! Somebody new registers an organization: what they ask for, and the page of the link that proves their address.

use guildhall::registrations::{BegunRegistration, RegistrationWay};
use leptos::prelude::*;

use crate::components::new_password::NewPassword;
use crate::components::read::read;
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::layout::{AuthShell, ErrorPage};
use crate::pages::auth::linked::{Carried, LinkSent, linked};
use crate::pages::errors::answer_with;
use crate::rpc::registrations::{
    BeginRegistration, FinishRegistration, get_begun_registration, get_registration_way,
};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/register`: there only where organizations may register themselves.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let action = FormAction::<BeginRegistration>::new();
    use_done(action);
    let way = read(|| (), |()| get_registration_way());
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match way.await {
                    Ok(RegistrationWay { is_open: true, is_automatic }) => {
                        view! { <RegisterForm is_automatic action /> }.into_any()
                    }
                    _ => view! { <NotOpen /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The same as for an address without a page.
#[component]
fn NotOpen() -> impl IntoView {
    answer_with(404);
    view! {
        <main class="content" id="content">
            <ErrorPage
                status=404
                title="Page not found"
                message="No page has this address. It may have been deleted, or the address is mistyped."
            />
        </main>
    }
}

#[component]
fn RegisterForm(is_automatic: bool, action: FormAction<BeginRegistration>) -> impl IntoView {
    let description = if is_automatic {
        "Tell us who you are and what your organization is called. A link is sent to your address; with it you choose a password."
    } else {
        "Tell us who you are and what your organization is called. A link is sent to your address; with it you choose a \
         password, and then an administrator looks at your request."
    };
    let kept = |field: &str| typed(field).unwrap_or_default();
    view! {
        <AuthShell title="Create an organization" description>
            <ActionForm action>
                <FormError message=failure(action) />
                <FormGrid>
                    <Field
                        name="first_name"
                        label="First name"
                        error=error_at(action, "person_name.first_name")
                        optional=true
                    >
                        <TextInput
                            value=kept("first_name")
                            max_length=30u32
                            autocomplete="given-name"
                            autofocus=true
                        />
                    </Field>
                    <Field
                        name="last_name"
                        label="Last name"
                        error=error_at(action, "person_name.last_name")
                        optional=true
                    >
                        <TextInput value=kept("last_name") max_length=30u32 autocomplete="family-name" />
                    </Field>
                    <Field name="email" label="E-mail address" error=error_at(action, "email") required=true>
                        <TextInput kind="email" autocomplete="email" value=kept("email") />
                    </Field>
                    <Field
                        name="name"
                        label="Name of the organization"
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput value=kept("name") max_length=100u32 autocomplete="organization" />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                        "Send the link"
                    </Button>
                </FormActions>
            </ActionForm>
            <p>
                "You have an account already? "
                <a href="/signin?return_to=%2Faccount%2Fregistrations%2Fnew">"Sign in"</a>
            </p>
        </AuthShell>
    }
}

/// `/register/sent`: the same for every address.
#[component]
pub fn SentPage() -> impl IntoView {
    view! {
        <LinkSent
            description="A mail is on its way to your address and says how to go on. Its link works once, and for one day."
            nothing="Nothing came? Look among the unwanted mail, or check the address."
            again="/register"
        />
    }
}

/// `/register/{token}`, the link of the mail.
#[component]
pub fn FinishPage() -> impl IntoView {
    let action = FormAction::<FinishRegistration>::new();
    linked(
        "Choose a password",
        action,
        get_begun_registration,
        ("/register", "Register again"),
        move |about, token| view! { <FinishForm about token action /> }.into_any(),
    )
}

#[component]
fn FinishForm(
    about: BegunRegistration,
    token: String,
    action: FormAction<FinishRegistration>,
) -> impl IntoView {
    let BegunRegistration {
        email,
        name,
        is_automatic,
        ..
    } = about;
    let then = if is_automatic {
        "The organization is created, and you are its administrator."
    } else {
        "Your request is sent to an administrator, who approves it."
    };
    let name = kept(action, "name", name);
    view! {
        <p class="auth__about">{format!("For {email}. {then}")}</p>
        <ActionForm action>
            <FormError message=failure(action) />
            <Carried page="/register" token email=email.clone() />
            <FormGrid>
                <Field
                    name="name"
                    label="Name of the organization"
                    error=error_at(action, "name")
                    required=true
                >
                    <TextInput value=name max_length=100u32 autocomplete="organization" />
                </Field>
                <NewPassword name="password" label="Password" error=error_at(action, "password") email />
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                    "Create the organization"
                </Button>
            </FormActions>
        </ActionForm>
    }
}
