//! A form's field that two people have changed: both versions beside each other, and the choice between them.

use guildhall::error::Error;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::submit::{error_at, kept};
use crate::rpc::conflict::{Versions, is_conflict, version_now};
use crate::rpc::{FormAction, RpcError};
use crate::ui::prelude::*;

/// What a form's answer says of a field.
#[derive(Clone, Copy)]
pub struct Answered {
    versions: Memo<Option<Versions>>,
    error: Signal<Option<String>>,
}

/// The versions of a field, where the form was refused since somebody else has saved meanwhile, and what is wrong with the
/// one that was chosen.
pub fn versions<S>(action: FormAction<S>, field: &'static str) -> Answered
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    Answered {
        versions: of_conflict(action, move |error| Versions::of(error, field)),
        error: error_at(action, field),
    }
}

/// What is read out of such a refusal. It stays until the form is saved: where what was chosen is refused for another reason,
/// the choice is still there.
pub fn of_conflict<S, T>(
    action: FormAction<S>,
    read: impl Fn(&Error) -> Option<T> + Send + Sync + 'static,
) -> Memo<Option<T>>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let value = action.value();
    Memo::new(move |before: Option<&Option<T>>| {
        value.with(|value| match value {
            Some(Err(RpcError(error))) if is_conflict(error) => read(error),
            Some(Err(_)) => before.cloned().flatten(),
            _ => None,
        })
    })
}

/// The version that a form is about: that which was read or, once both versions are shown, the newer one.
pub fn as_of<S>(action: FormAction<S>, version: i64) -> Signal<String>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let newer = of_conflict(action, version_now);
    Signal::derive(move || newer.get().unwrap_or_else(|| version.to_string()))
}

/// Says in a form which version of the thing it is about.
#[component]
pub fn AsOf(#[prop(into)] version: Signal<String>) -> impl IntoView {
    view! { <input type="hidden" name="version" value=move || version.get() /> }
}

/// A field with what stood in it when the page was made. Its children are the field; both versions stand in its place where
/// somebody else has changed it meanwhile.
#[component]
pub fn Contested(
    field: &'static str,
    label: &'static str,
    /// What stands there, as far as the page knows.
    now: String,
    versions: Answered,
    /// What values are called, where people read something else than what is sent.
    #[prop(optional)]
    called: Vec<Choice>,
    children: ChildrenFn,
) -> impl IntoView {
    let Answered { versions, error } = versions;
    let was = move || match versions.get() {
        Some(versions) => versions.theirs,
        None => now.clone(),
    };
    view! {
        <input type="hidden" name=format!("was_{field}") value=was />
        {move || match versions.get() {
            None => children().into_any(),
            Some(versions) => view! { <Both field label versions error called=called.clone() /> }.into_any(),
        }}
    }
    .into_any()
}

/// A line of text in a [`Contested`], of a form about something that two people may change.
#[component]
pub fn ContestedText<S>(
    action: FormAction<S>,
    field: &'static str,
    label: &'static str,
    /// What stands there, as far as the page knows.
    now: String,
    max_length: u32,
    /// What refusals call it, where that is something else.
    #[prop(optional)]
    at: Option<&'static str>,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
    #[prop(optional)] mono: bool,
) -> impl IntoView
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = Signal::stored(kept(action, field, now.clone()));
    let error = error_at(action, at.unwrap_or(field));
    view! {
        <Contested field label now versions=versions(action, field)>
            <Field name=field label hint=hint.map(str::to_owned) error required optional>
                <TextInput value max_length mono />
            </Field>
        </Contested>
    }
}

/// The choice is the field: it sends the text that was chosen, with scripts or without.
#[component]
fn Both(
    field: &'static str,
    label: &'static str,
    versions: Versions,
    error: Signal<Option<String>>,
    called: Vec<Choice>,
) -> impl IntoView {
    let Versions { theirs, yours, kept } = versions;
    let choice = |text: String, whose: &str| {
        let words = match called.iter().find(|one| one.value == text) {
            Some(one) => one.label.clone(),
            None if text.is_empty() => "Nothing".to_owned(),
            None => text.clone(),
        };
        Choice::new(text, words).hint(whose)
    };
    let options = vec![
        choice(theirs, "Theirs: saved meanwhile"),
        choice(yours, "Yours: not saved yet"),
    ];
    view! {
        <div class="versions">
            <RadioGroup name=field legend=label options value=kept error />
        </div>
    }
}
