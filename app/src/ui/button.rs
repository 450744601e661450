//! Buttons and links that look like buttons.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Why nothing can be changed here: with this in the context, what would send or open a form is disabled and says so, and
/// links to forms are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOnly(pub &'static str);

/// How much a control asks for attention: one primary a page, danger only for what destroys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    Primary,
    #[default]
    Secondary,
    Ghost,
    Danger,
}

/// How tall a control is: 28, 34 or 42 pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    Small,
    #[default]
    Medium,
    Large,
}

fn class_of(variant: Variant, size: Size, block: bool) -> String {
    let variant = match variant {
        Variant::Primary => "btn btn--primary",
        Variant::Secondary => "btn",
        Variant::Ghost => "btn btn--ghost",
        Variant::Danger => "btn btn--danger",
    };
    let size = match size {
        Size::Small => " btn--sm",
        Size::Medium => "",
        Size::Large => " btn--lg",
    };
    format!("{variant}{size}{}", if block { " btn--block" } else { "" })
}

/// A button. One that may not be pressed stays focusable and says why, on hover, focus and to screen readers.
#[component]
pub fn Button(
    #[prop(optional)] variant: Variant,
    #[prop(optional)] size: Size,
    /// `submit`, `button` or `reset`.
    #[prop(default = "button")]
    kind: &'static str,
    /// A picture before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Why this cannot be pressed now; with a reason the button does nothing, also with scripts off.
    #[prop(optional, into)]
    disabled_reason: MaybeProp<String>,
    /// Shows a spinner and swallows presses while the action runs.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// The `<dialog>` that this opens, without a script.
    #[prop(optional, into)]
    opens: Option<String>,
    /// The `<dialog>` that this closes, without a script.
    #[prop(optional, into)]
    closes: Option<String>,
    /// The form's field name, where several buttons submit one form.
    #[prop(optional, into)]
    name: Option<String>,
    /// The form's field value.
    #[prop(optional, into)]
    value: Option<String>,
    /// The id of the form that this submits, where it stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Sends the form's fields to this address as a query, for a file.
    #[prop(optional, into)]
    downloads: Option<String>,
    /// As wide as its box.
    #[prop(optional)]
    block: bool,
    children: Children,
) -> impl IntoView {
    // What only asks for a file, or closes a dialog, changes nothing.
    let changes = downloads.is_none() && (kind == "submit" || opens.is_some());
    let read_only = use_context::<ReadOnly>().filter(|_| changes);
    let reason = move || match read_only {
        Some(ReadOnly(why)) => Some(why.to_owned()),
        None => disabled_reason.get(),
    };
    let refused = move || reason().is_some();
    let inert = move || refused() || pending.get();
    let (command, target) = match (opens, closes) {
        (Some(id), _) => (Some("show-modal"), Some(id)),
        (None, Some(id)) => (Some("close"), Some(id)),
        (None, None) => (None, None),
    };
    view! {
        <button
            class=class_of(variant, size, block)
            type=move || if refused() { "button" } else { kind }
            name=name
            value=value
            form=form
            formmethod=downloads.is_some().then_some("get")
            formaction=downloads
            command=move || if refused() { None } else { command }
            commandfor=target
            aria-disabled=move || inert().then_some("true")
            aria-busy=move || pending.get().then_some("true")
            aria-description=reason
            data-tip=reason
            on:click=move |event| {
                if inert() {
                    event.prevent_default();
                    event.stop_propagation();
                }
            }
        >
            {icon.map(|glyph| view! { <Icon glyph /> })}
            <span class="btn__label">{children()}</span>
        </button>
    }
    .into_any()
}

/// A link dressed as a button: for going somewhere, never for doing something.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] variant: Variant,
    #[prop(optional)] size: Size,
    #[prop(optional, into)] icon: Option<Glyph>,
    /// The server answers with a file (an export): the router keeps out of it.
    #[prop(optional)]
    download: bool,
    /// It leads to a form: not there where nothing can be changed.
    #[prop(optional)]
    to_form: bool,
    #[prop(optional)] block: bool,
    children: Children,
) -> impl IntoView {
    if to_form && use_context::<ReadOnly>().is_some() {
        return ().into_any();
    }
    view! {
        <a
            class=class_of(variant, size, block)
            href=href
            download=download.then_some("")
            rel=download.then_some("external")
        >
            {icon.map(|glyph| view! { <Icon glyph /> })}
            <span class="btn__label">{children()}</span>
        </a>
    }
    .into_any()
}

/// A button with a picture only; the label is its accessible name and its tooltip.
#[component]
pub fn IconButton(
    glyph: Glyph,
    #[prop(into)] label: Signal<String>,
    #[prop(default = "button")] kind: &'static str,
    /// The `<dialog>` that this opens.
    #[prop(optional, into)]
    opens: Option<String>,
    /// The `<dialog>` that this closes.
    #[prop(optional, into)]
    closes: Option<String>,
    /// The popover that this shows and hides.
    #[prop(optional, into)]
    toggles: Option<String>,
    #[prop(optional)] size: Size,
) -> impl IntoView {
    let (command, target) = match (opens, closes) {
        (Some(id), _) => (Some("show-modal"), Some(id)),
        (None, Some(id)) => (Some("close"), Some(id)),
        (None, None) => (None, None),
    };
    let class = if size == Size::Small {
        "icon-btn icon-btn--sm"
    } else {
        "icon-btn"
    };
    view! {
        <button
            class=class
            type=kind
            command=command
            commandfor=target
            popovertarget=toggles
            aria-label=move || label.get()
            title=move || label.get()
        >
            <Icon glyph />
        </button>
    }
    .into_any()
}
