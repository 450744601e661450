//! The form of a person's record.

use guildhall::users::User;
use leptos::prelude::*;

use crate::components::contested::{AsOf, Contested, as_of, versions};
use crate::components::submit::{error_at, failure};
use crate::layout::Guarded;
use crate::rpc::users::{UpdateUser, record_of};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// The fields that a new and a known person have in common.
#[component]
pub fn PersonFields<V, E, S>(
    /// What stands in a field at first.
    value: V,
    /// What is wrong with a field.
    at: E,
    /// Whether a field has a value that can be changed but not taken away.
    set: S,
) -> impl IntoView
where
    V: Fn(&'static str) -> String + Send + 'static,
    E: Fn(&'static str) -> Signal<Option<String>> + Send + 'static,
    S: Fn(&'static str) -> bool + Send + 'static,
{
    let field = move |name: &'static str, label: &'static str, kind: &'static str, fill: &'static str| {
        let (error, required, value) = (at(name), set(name), value(name));
        view! {
            <Field name label error required>
                <TextInput kind value autocomplete=fill />
            </Field>
        }
    };
    // Somebody else's record: the browser must not fill in one's own.
    view! {
        {field("first_name", "First name", "text", "off")}
        {field("last_name", "Last name", "text", "off")}
        {field("email", "E-mail address", "email", "off")}
        {field("phone_number", "Phone number", "tel", "off")}
        {field("username", "User name", "text", "off")}
    }
}

/// What a field of the form on a person's page looks like.
struct Look {
    label: &'static str,
    kind: &'static str,
    hint: Option<&'static str>,
    /// Whether a value can be changed but not taken away.
    stays: bool,
}

fn look_of(field: &str) -> Look {
    let look = |label, kind, hint, stays| Look {
        label,
        kind,
        hint,
        stays,
    };
    match field {
        "first_name" => look("First name", "text", None, false),
        "middle_name" => look("Middle name", "text", None, false),
        "last_name" => look("Last name", "text", None, false),
        "email" => look("E-mail address", "email", None, true),
        "phone_number" => look("Phone number", "tel", None, true),
        "username" => look("User name", "text", None, true),
        "language" => look("Language", "text", Some("A tag such as en or de-CH."), true),
        _ => look(
            "External id",
            "text",
            Some("Your own system’s id of this person."),
            true,
        ),
    }
}

/// The form on a person's page.
#[component]
pub fn EditUser(user: User, action: FormAction<UpdateUser>) -> impl IntoView {
    // Somebody else's record: the browser must not fill in one's own.
    let fields = record_of(&user)
        .into_iter()
        .map(|(name, now)| {
            let Look {
                label,
                kind,
                hint,
                stays,
            } = look_of(name);
            let required = stays && !now.is_empty();
            let value = Signal::stored(typed(name).unwrap_or_else(|| now.clone()));
            let mono = name == "external_user_id";
            view! {
                <Contested field=name label now versions=versions(action, name)>
                    <Field
                        name
                        label
                        hint=hint.map(str::to_owned)
                        error=error_at(action, name)
                        required
                    >
                        <TextInput kind value autocomplete="off" mono />
                    </Field>
                </Contested>
            }
        })
        .collect_view();
    view! {
        <Card title="Record" description="A changed address or number has to be verified again.">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <input type="hidden" name="user_id" value=user.user_id.to_string() />
                    <AsOf version=as_of(action, user.version) />
                    <FormGrid columns=true>{fields}</FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Save changes"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}
