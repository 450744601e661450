//! What a form's answer does: success names what happened and goes on, a refusal is shown at the field.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::{use_location, use_navigate};

use crate::components::read::{Changes, Refused};
use crate::rpc::{Done, Flash, FormAction, RpcError, typed, typed_all};
use crate::ui::prelude::*;

/// What a server function of a form answers with.
pub trait Outcome: Clone + Send + Sync + 'static {
    /// How the form's way ends; nothing where the page itself shows the answer (a secret, a result per row).
    fn done(&self) -> Option<&Done>;
}

impl Outcome for Done {
    fn done(&self) -> Option<&Done> {
        Some(self)
    }
}

/// After each success of `action`: a toast, open dialogs close, and the page named is opened or, where none is, what this
/// page shows is read again.
pub fn use_done<S>(action: FormAction<S>)
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Outcome,
{
    let (toasts, changes) = (use_toasts(), Changes::around());
    tell_of_refusals(action);
    let (navigate, here) = (use_navigate(), use_location());
    let value = action.value();
    Effect::new(move |_| {
        let Some(done) = value.with(|value| match value {
            Some(Ok(outcome)) => Some(outcome.done().cloned()),
            _ => None,
        }) else {
            return;
        };
        let Some(Done { message, to }) = done else {
            changes.in_place();
            return;
        };
        if !message.is_empty() {
            toasts.push(Toast::done(message));
        }
        close_overlays();
        let path = here.pathname.get_untracked();
        match to {
            Some(to) if to != path => {
                changes.elsewhere(&path, &to);
                navigate(&to, leptos_router::NavigateOptions::default());
            }
            _ => changes.in_place(),
        }
    });
}

/// Lets the frame around know when the form is refused, since that may be about who sends it.
pub fn tell_of_refusals<S>(action: FormAction<S>)
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let Some(refused) = use_context::<Refused>() else {
        return;
    };
    let value = action.value();
    Effect::new(move |_| {
        value.with(|value| {
            if let Some(Err(RpcError(error))) = value {
                refused.tell(error);
            }
        });
    });
}

/// What is wrong at `field` (`name`, `name.first_name`), or at one of its items (`role_ids[1]`).
pub fn error_at<S>(action: FormAction<S>, field: &'static str) -> Signal<Option<String>>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || {
        value.with(|value| match value {
            Some(Err(RpcError(error))) => {
                let wrong: Vec<String> = error
                    .fields
                    .iter()
                    .filter(|at| {
                        at.field == field
                            || at
                                .field
                                .strip_prefix(field)
                                .is_some_and(|rest| rest.starts_with('['))
                    })
                    .map(|at| sentence(&at.message))
                    .collect();
                (!wrong.is_empty()).then(|| wrong.join(" "))
            }
            _ => None,
        })
    })
}

/// The sentence over a form that was refused, for `FormError`.
pub fn failure<S>(action: FormAction<S>) -> Signal<Option<String>>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    failure_of(action, "Nothing was saved. See what is wrong below.")
}

/// The same over a form that saves nothing: `words` lead to the field that is wrong.
pub fn failure_of<S>(action: FormAction<S>, words: &'static str) -> Signal<Option<String>>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || {
        value.with(|value| match value {
            Some(Err(RpcError(error))) => Some(match error.fields.as_slice() {
                [] => error.to_string(),
                // "name: must not be empty" is for programs; people look at the field.
                [one] if error.message == format!("{}: {}", one.field, one.message) => words.to_owned(),
                _ => sentence(&error.message),
            }),
            _ => None,
        })
    })
}

/// What a text field starts with: what was typed into it where `action`'s form was refused with scripts off, else `now`.
pub fn kept<S>(action: FormAction<S>, field: &str, now: impl Into<String>) -> String
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    if came_back(action) {
        // A field that was emptied is not sent back.
        typed(field).unwrap_or_default()
    } else {
        now.into()
    }
}

/// The same for boxes to tick.
pub fn kept_all<S>(action: FormAction<S>, field: &str, now: Vec<String>) -> Vec<String>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    if came_back(action) {
        typed_all(field).unwrap_or_default()
    } else {
        now
    }
}

/// Whether this is the form that the request before refused, with what was typed into it.
fn came_back<S>(action: FormAction<S>) -> bool
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let refused = action
        .value()
        .with_untracked(|value| matches!(value, Some(Err(_))));
    refused && use_context::<Flash>().is_some_and(|flash| !flash.typed.is_empty())
}

/// Whether `action`'s form about the thing whose `field` is `id` was refused before this page was made, with scripts off:
/// of the dialogs in a list, that one opens again.
pub fn refused_for<S>(action: FormAction<S>, field: &str, id: &str) -> bool
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    came_back(action) && typed(field).is_some_and(|typed| typed == id)
}

/// For a dialog's `on_close`: a refusal is forgotten with the dialog that shows it, since others share its action.
pub fn forget<S>(action: FormAction<S>) -> Callback<()>
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Callback::new(move |()| {
        if value.with_untracked(|value| matches!(value, Some(Err(_)))) {
            action.clear();
        }
    })
}

/// "must not be empty" as a sentence of its own.
pub fn sentence(message: &str) -> String {
    let mut out = capitalized(message);
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

/// Closes the dialog and the menu that the form was sent from.
fn close_overlays() {
    let Ok(open) = document().query_selector_all("dialog[open], [popover]:popover-open") else {
        return;
    };
    for at in 0..open.length() {
        let Some(node) = open.item(at) else { continue };
        match node.dyn_into::<leptos::web_sys::HtmlDialogElement>() {
            Ok(dialog) => dialog.close(),
            Err(other) => {
                if let Ok(popover) = other.dyn_into::<leptos::web_sys::HtmlElement>() {
                    let _ = popover.hide_popover();
                }
            }
        }
    }
}
