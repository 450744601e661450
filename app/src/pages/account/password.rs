//! My password: a new one in place of the present one, or of a temporary one.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::entrance::use_entrance;
use crate::components::new_password::NewPassword;
use crate::components::submit::{error_at, failure, use_done};
use crate::pages::frame::use_me;
use crate::rpc::sessions::ChangeOwnPassword;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/account/password`: nothing else can be opened until a temporary password is changed.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let forced = use_me().is_some_and(|me| me.must_change_password);
    // An application may wait for whoever signed in with a temporary password.
    let query = use_query_map();
    let return_to = query.with_untracked(|query| query.get("return_to").unwrap_or_default());
    let action = FormAction::<ChangeOwnPassword>::new();
    if forced {
        use_entrance(action);
    } else {
        use_done(action);
    }
    let description = if forced {
        "Somebody else chose your password. Choose your own before you go on."
    } else {
        "Changing it ends your sessions in other browsers, and your access tokens."
    };
    view! {
        <Card title="Password" description>
            <ActionForm action>
                <FormError message=failure(action) />
                {forced
                    .then(|| {
                        view! {
                            <input type="hidden" name="forced" value="true" />
                            <input type="hidden" name="return_to" value=return_to />
                        }
                    })}
                <FormGrid>
                    <Field
                        name="current_password"
                        label=if forced { "Temporary password" } else { "Current password" }
                        error=error_at(action, "current_password")
                        required=true
                    >
                        <PasswordInput />
                    </Field>
                    <NewPassword
                        name="new_password"
                        label="New password"
                        error=error_at(action, "new_password")
                    />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Change password"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}
