//! What changed: before and after, field by field.

use leptos::prelude::*;

/// One field's change; `None` is “nothing there”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Changes as a list: the old value struck through, the new one after it, in words for screen readers too.
#[component]
pub fn Diff(changes: Vec<Change>) -> impl IntoView {
    view! {
        <dl class="diff">
            {changes
                .into_iter()
                .map(|change| {
                    view! {
                        <div class="diff__row">
                            <dt>{change.field}</dt>
                            <dd>
                                <span class="sr-only">"before: "</span>
                                {side(change.before, true)}
                                <span class="diff__arrow" aria-hidden="true">
                                    "→"
                                </span>
                                <span class="sr-only">", after: "</span>
                                {side(change.after, false)}
                            </dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

fn side(value: Option<String>, old: bool) -> AnyView {
    match value {
        None => view! { <span class="diff__none">"nothing"</span> }.into_any(),
        Some(value) if old => view! { <del>{value}</del> }.into_any(),
        Some(value) => view! { <ins>{value}</ins> }.into_any(),
    }
}

/// A key of the keyboard.
#[component]
pub fn Kbd(children: Children) -> impl IntoView {
    view! { <kbd class="kbd">{children()}</kbd> }
}
