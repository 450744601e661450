//! A form's field that two people have changed: both versions beside each other, and the choice between them.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::rpc::conflict::{Versions, version_now};
use crate::rpc::{FormAction, RpcError};
use crate::ui::prelude::*;

/// The versions of a field, where the form was refused since somebody else has saved meanwhile.
pub fn versions<S>(action: FormAction<S>, field: &'static str) -> Signal<Option<Versions>>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Memo::new(move |_| {
        value.with(|value| match value {
            Some(Err(RpcError(error))) => Versions::of(error, field),
            _ => None,
        })
    })
    .into()
}

/// The version that a form is about: that which was read or, once both versions are shown, the newer one.
pub fn as_of<S>(action: FormAction<S>, version: i64) -> Signal<String>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || {
        value
            .with(|value| match value {
                Some(Err(RpcError(error))) => version_now(error),
                _ => None,
            })
            .unwrap_or_else(|| version.to_string())
    })
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
    versions: Signal<Option<Versions>>,
    children: ChildrenFn,
) -> impl IntoView {
    let was = move || match versions.get() {
        Some(versions) => versions.theirs,
        None => now.clone(),
    };
    view! {
        <input type="hidden" name=format!("was_{field}") value=was />
        {move || match versions.get() {
            None => children().into_any(),
            Some(versions) => view! { <Both field label versions /> }.into_any(),
        }}
    }
    .into_any()
}

/// The choice is the field: it sends the text that was chosen, with scripts or without.
#[component]
fn Both(field: &'static str, label: &'static str, versions: Versions) -> impl IntoView {
    let Versions { theirs, yours, kept } = versions;
    let choice = |text: String, whose: &str| {
        let words = if text.is_empty() {
            "Nothing".to_owned()
        } else {
            text.clone()
        };
        Choice::new(text, words).hint(whose)
    };
    let options = vec![
        choice(theirs, "Theirs: saved meanwhile"),
        choice(yours, "Yours: not saved yet"),
    ];
    view! {
        <div class="versions">
            <RadioGroup name=field legend=label options value=kept />
        </div>
    }
}
