//! The form of a person's record.

use guildhall::users::User;
use leptos::prelude::*;

use crate::components::submit::{error_at, failure};
use crate::layout::Guarded;
use crate::rpc::users::UpdateUser;
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

/// The form on a person's page.
#[component]
pub fn EditUser(user: User, action: FormAction<UpdateUser>) -> impl IntoView {
    let name = user.name.clone().unwrap_or_default();
    let part =
        |part: Option<guildhall::text::NamePart>| part.map(|part| part.to_string()).unwrap_or_default();
    let email = user.email.map(|email| email.value).unwrap_or_default();
    let phone = user.phone_number.map(|phone| phone.value).unwrap_or_default();
    let username = user.username.unwrap_or_default();
    let (language, external) = (
        user.language.unwrap_or_default(),
        user.external_user_id.unwrap_or_default(),
    );
    let (has_email, has_phone, has_username) = (!email.is_empty(), !phone.is_empty(), !username.is_empty());
    let (has_language, has_external) = (!language.is_empty(), !external.is_empty());
    let (first, middle, last) = (
        part(name.first_name),
        part(name.middle_name),
        part(name.last_name),
    );
    let value = move |field: &'static str| {
        typed(field).unwrap_or_else(|| {
            match field {
                "first_name" => &first,
                "last_name" => &last,
                "email" => &email,
                "phone_number" => &phone,
                _ => &username,
            }
            .clone()
        })
    };
    let set = move |field: &'static str| match field {
        "email" => has_email,
        "phone_number" => has_phone,
        "username" => has_username,
        _ => false,
    };
    view! {
        <Card title="Record" description="A changed address or number has to be verified again.">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <input type="hidden" name="user_id" value=user.user_id.to_string() />
                    <FormGrid columns=true>
                        <PersonFields value at=move |field| error_at(action, field) set />
                        <Field
                            name="middle_name"
                            label="Middle name"
                            error=error_at(action, "middle_name")
                        >
                            <TextInput value=typed("middle_name").unwrap_or(middle) autocomplete="off" />
                        </Field>
                        <Field
                            name="language"
                            label="Language"
                            hint="A tag such as en or de-CH."
                            error=error_at(action, "language")
                            required=has_language
                        >
                            <TextInput value=typed("language").unwrap_or(language) autocomplete="off" />
                        </Field>
                        <Field
                            name="external_user_id"
                            label="External id"
                            hint="Your own system’s id of this person."
                            error=error_at(action, "external_user_id")
                            required=has_external
                        >
                            <TextInput
                                value=typed("external_user_id").unwrap_or(external)
                                autocomplete="off"
                                mono=true
                            />
                        </Field>
                    </FormGrid>
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
