//! Who has the API applications of members who leave: whoever removes them reads it before, and may choose.

use guildhall::organization_clients::ClientHeir;
use leptos::prelude::*;

use crate::ui::prelude::*;

/// Names what passes on, and to whom. Stands in the form of a dialog that removes members.
#[component]
pub fn Succession(
    /// The API applications, in words.
    owned: String,
    /// Who can have them: the first one does unless another is chosen.
    heirs: Vec<ClientHeir>,
    /// Of the field: a page has several such dialogs.
    id: String,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let options: Vec<Choice> = heirs
        .into_iter()
        .map(|heir| Choice::new(heir.user_id.to_string(), heir.name))
        .collect();
    let first = options.first().map(|heir| heir.value.clone());
    let choice = match first {
        Some(value) => view! {
            <Field
                name="pass_applications_to"
                id
                label="They pass on to"
                hint="The programs go on as before."
                error
            >
                <Select options value />
            </Field>
        }
        .into_any(),
        None => view! {
            <p>
                "Nobody else administers the organization and could have them: make another member an administrator first, \
                or delete the applications."
            </p>
        }
        .into_any(),
    };
    view! {
        <p>{format!("API applications: {owned}.")}</p>
        {choice}
    }
}
