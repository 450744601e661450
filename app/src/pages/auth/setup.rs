//! The first administrator of a new console.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::entrance::use_entrance;
use crate::components::new_password::NewPassword;
use crate::components::submit::{error_at, failure};
use crate::layout::AuthShell;
use crate::rpc::sessions::SetUp;
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/setup/{token}`, the link that the first start printed.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let action = FormAction::<SetUp>::new();
    use_entrance(action);
    let params = use_params_map();
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    // A link that was used or mistyped is nobody's field.
    let refused = Signal::derive(move || error_at(action, "token").get().or_else(|| failure(action).get()));
    view! {
        <AuthShell
            title="Set up Guildhall"
            description="Make the first administrator. This link works once; whoever has it becomes the administrator."
        >
            <ActionForm action>
                <FormError message=refused />
                <input type="hidden" name="token" value=token />
                <FormGrid>
                    <Field
                        name="email"
                        label="E-mail address"
                        error=error_at(action, "email")
                        required=true
                    >
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
        </AuthShell>
    }
}
