//! A new password in place of a temporary one.

use leptos::prelude::*;

use crate::components::entrance::use_entrance;
use crate::components::submit::{error_at, failure, use_done};
use crate::pages::frame::use_me;
use crate::rpc::sessions::ChangeOwnPassword;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/account/password`: nothing else can be opened until the temporary password is changed.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let forced = use_me().is_some_and(|me| me.must_change_password);
    let description = if forced {
        "Somebody else chose your password. Choose your own before you go on."
    } else {
        "Changing it ends your sessions in other browsers."
    };
    view! {
        <PageHeader title="Choose a new password" description />
        <Card>
            <PasswordForm forced />
        </Card>
    }
}

/// The form, on the account page too.
#[component]
pub fn PasswordForm(forced: bool) -> impl IntoView {
    let action = FormAction::<ChangeOwnPassword>::new();
    if forced {
        use_entrance(action);
    } else {
        use_done(action);
    }
    view! {
        <ActionForm action>
            <FormError message=failure(action) />
            {forced.then(|| view! { <input type="hidden" name="forced" value="true" /> })}
            <FormGrid>
                <Field
                    name="current_password"
                    label=if forced { "Temporary password" } else { "Current password" }
                    error=error_at(action, "current_password")
                    required=true
                >
                    <PasswordInput />
                </Field>
                <Field
                    name="new_password"
                    label="New password"
                    hint="At least 8 characters. A sentence is easier to remember than symbols."
                    error=error_at(action, "new_password")
                    required=true
                >
                    <PasswordInput autocomplete="new-password" min_length=8 />
                </Field>
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                    "Change password"
                </Button>
            </FormActions>
        </ActionForm>
    }
}
