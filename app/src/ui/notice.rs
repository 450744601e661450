//! Telling people what happened: banners in the page, toasts over it.

use super::{
    icon::{Glyph, Icon},
    status::Tone,
};
use leptos::prelude::*;
use std::time::Duration;

/// A message that belongs to the page and stays.
#[component]
pub fn Banner(
    #[prop(default = Tone::Info)] tone: Tone,
    #[prop(optional, into)] title: MaybeProp<String>,
    /// Buttons or links at its end.
    #[prop(optional, into)]
    actions: ViewFn,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = matches!(tone, Tone::Danger | Tone::Warning).then_some("alert");
    view! {
        <div class=format!("banner banner--{}", tone.word()) role=role>
            <Icon glyph=tone.glyph() />
            <div class="banner__text">
                {move || title.get().map(|title| view! { <p class="banner__title">{title}</p> })}
                {children.map(|children| view! { <div>{children()}</div> })}
            </div>
            <div class="banner__actions">{actions.run()}</div>
        </div>
    }
    .into_any()
}

/// One message of what happened, naming what it happened to: “Ada Lovelace was suspended”, not “Success”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub tone: Tone,
    pub text: String,
    /// Where to look at it, and the words of that link.
    pub link: Option<(String, String)>,
}

impl Toast {
    /// Something was done.
    pub fn done(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Success,
            text: text.into(),
            link: None,
        }
    }

    /// Something went wrong; stays until it is dismissed.
    pub fn failed(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Danger,
            text: text.into(),
            link: None,
        }
    }

    /// Adds a link to what the message names.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.link = Some((href.into(), words.into()));
        self
    }
}

/// The messages on the screen. Pages get it with [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<(u32, Toast)>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes the list, with a message that the server left over from the request before (a flash).
    pub fn provide(flash: Option<Toast>) -> Self {
        let toasts = Self {
            list: RwSignal::new(flash.into_iter().map(|toast| (0, toast)).collect()),
            next: StoredValue::new(1),
        };
        provide_context(toasts);
        toasts
    }

    /// Shows a message. A good one goes away by itself after eight seconds, a bad one stays.
    pub fn push(&self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let fleeting = toast.tone != Tone::Danger;
        self.list.update(|list| list.push((id, toast)));
        if fleeting {
            let this = *self;
            set_timeout(move || this.dismiss(id), Duration::from_secs(8));
        }
    }

    /// Takes a message away.
    pub fn dismiss(&self, id: u32) {
        self.list
            .try_update(|list| list.retain(|(other, _)| *other != id));
    }
}

/// The list of messages that the shell provides. Outside of a shell messages go nowhere.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts::provide(None))
}

/// Where messages appear; the shell places it once.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <section class="toasts" aria-label="Notifications">
            <ol class="toasts__list" aria-live="polite" aria-relevant="additions">
                <For
                    each=move || toasts.list.get()
                    key=|(id, _)| *id
                    children=move |(id, toast)| {
                        view! {
                            <li class=format!("toast toast--{}", toast.tone.word())>
                                <Icon glyph=toast.tone.glyph() />
                                <p class="toast__text">
                                    {toast.text}
                                    {toast
                                        .link
                                        .map(|(href, words)| {
                                            view! {
                                                " "
                                                <a href=href>{words}</a>
                                            }
                                        })}
                                </p>
                                <button
                                    class="icon-btn icon-btn--sm needs-script"
                                    type="button"
                                    aria-label="Dismiss"
                                    on:click=move |_| toasts.dismiss(id)
                                >
                                    <Icon glyph=Glyph::Cross />
                                </button>
                            </li>
                        }
                    }
                />
            </ol>
        </section>
    }
    .into_any()
}

/// Work that takes a while, with how far it is.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    #[prop(into)] done: Signal<u64>,
    #[prop(into)] total: Signal<u64>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <p class="progress__label">
                <span>{label.clone()}</span>
                <span class="tabular">
                    {move || super::format::format_count(done.get())} " of "
                    {move || super::format::format_count(total.get())}
                </span>
            </p>
            <progress aria-label=label value=move || done.get().to_string() max=move || total.get().to_string() />
        </div>
    }
    .into_any()
}
