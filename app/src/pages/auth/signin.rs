//! Signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::entrance::use_entrance;
use crate::components::submit::{error_at, failure};
use crate::layout::AuthShell;
use crate::rpc::sessions::SignIn;
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/signin?return_to=…`
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = FormAction::<SignIn>::new();
    use_entrance(action);
    let query = use_query_map();
    let return_to = move || query.with(|query| query.get("return_to").unwrap_or_default());
    view! {
        <AuthShell title="Sign in" description="With your e-mail address or user name.">
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="return_to" value=return_to />
                <FormGrid>
                    <Field
                        name="identifier"
                        label="E-mail address or user name"
                        error=error_at(action, "identifier")
                        required=true
                    >
                        <TextInput
                            autocomplete="username"
                            value=typed("identifier").unwrap_or_default()
                            autofocus=true
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
            <p><a href="/forgot">"Forgotten password?"</a></p>
        </AuthShell>
    }
}
