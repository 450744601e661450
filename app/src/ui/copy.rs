//! Things to copy: ids, and secrets that are shown once.

use super::{
    button::Size,
    format::lower,
    icon::{Glyph, Icon},
    notice::Banner,
    status::Tone,
};
use leptos::prelude::*;
use std::time::Duration;

/// A button that puts a text on the clipboard and says so.
#[component]
pub fn CopyButton(
    #[prop(into)] text: String,
    /// What is copied, for example “client secret”.
    #[prop(into)]
    what: String,
    #[prop(default = Size::Small)] size: Size,
    /// Says in words what it copies, where the picture alone could be missed.
    #[prop(optional)]
    words: bool,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let label = move || {
        if copied.get() {
            "Copied".to_owned()
        } else {
            format!("Copy {what}")
        }
    };
    let (tip, shown) = (label.clone(), label.clone());
    let copy = move |_| {
        // The promise's failure (no permission) leaves the picture as it was; the text can still be selected.
        let _ = window().navigator().clipboard().write_text(&text);
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            Duration::from_secs(2),
        );
    };
    view! {
        <button
            class=match (words, size) {
                (true, _) => "btn btn--sm needs-script",
                (false, Size::Small) => "icon-btn icon-btn--sm needs-script",
                (false, _) => "icon-btn needs-script",
            }
            type="button"
            aria-label=label
            title=tip
            on:click=copy
        >
            <span class:hidden=move || copied.get()>
                <Icon glyph=Glyph::Copy />
            </span>
            <span class:hidden=move || !copied.get()>
                <Icon glyph=Glyph::Check class="icon--success" />
            </span>
            {words.then(|| view! { <span aria-hidden="true">{shown}</span> })}
            <span class="sr-only" role="status">
                {move || copied.get().then_some("Copied")}
            </span>
        </button>
    }
    .into_any()
}

/// An id in a fixed-width face, with a button that copies it.
#[component]
pub fn CopyId(
    #[prop(into)] id: String,
    /// What the id is of.
    #[prop(default = "id".to_owned(), into)]
    what: String,
) -> impl IntoView {
    view! {
        <span class="copy-id">
            <code class="copy-id__text">{id.clone()}</code>
            <CopyButton text=id what />
        </span>
    }
    .into_any()
}

/// A secret that cannot be seen again, to copy now.
#[component]
pub fn SecretOnce(
    #[prop(into)] secret: String,
    /// What it is, for example “Client secret”.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let what = lower(&label);
    view! {
        <div class="secret">
            <Banner tone=Tone::Warning title="Copy it now">
                "This is the only time it is shown. If it gets lost, make a new one."
            </Banner>
            <p class="field__label">{label.clone()}</p>
            <div class="secret__box">
                <input
                    class="input input--mono"
                    type="text"
                    readonly
                    autocomplete="off"
                    aria-label=label
                    value=secret.clone()
                />
                <CopyButton text=secret what size=Size::Medium />
            </div>
        </div>
    }
    .into_any()
}
