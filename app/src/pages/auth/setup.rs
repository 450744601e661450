//! The first administrator of a new console.

use leptos::prelude::*;

use crate::components::new_password::NewPassword;
use crate::components::submit::{error_at, failure};
use crate::pages::auth::linked::linked;
use crate::rpc::sessions::{SetUp, get_set_up};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/setup/{token}`, the link that the first start printed.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let action = FormAction::<SetUp>::new();
    linked(
        "Set up Guildhall",
        action,
        get_set_up,
        ("/signin", "Sign in"),
        move |(), token| view! { <SetUpForm token action /> }.into_any(),
    )
}

#[component]
fn SetUpForm(token: String, action: FormAction<SetUp>) -> impl IntoView {
    // A link that was used meanwhile is nobody's field.
    let refused = Signal::derive(move || error_at(action, "token").get().or_else(|| failure(action).get()));
    view! {
        <p class="auth__about">
            "Make the first administrator. This link works once; whoever has it becomes the administrator."
        </p>
        <ActionForm action>
            <FormError message=refused />
            <input type="hidden" name="token" value=token />
            <FormGrid>
                <Field name="email" label="E-mail address" error=error_at(action, "email") required=true>
                    <TextInput
                        kind="email"
                        autocomplete="username"
                        value=typed("email").unwrap_or_default()
                        autofocus=true
                    />
                </Field>
                <NewPassword name="password" label="Password" error=error_at(action, "password") />
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                    "Create the administrator"
                </Button>
            </FormActions>
        </ActionForm>
    }
}
