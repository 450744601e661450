//! Menus: the browser's popover, so that they open and close without a script.

use super::{
    button::{IconButton, ReadOnly, Size},
    icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// A list of things to do with one row or page, behind a ⋮ button; shown by the browser's popover, without a script.
#[component]
pub fn Menu(
    /// Unique in the page, for example `menu-{member id}`.
    #[prop(into)]
    id: String,
    /// Names the button, for example “Actions for Ada Lovelace”.
    #[prop(into)]
    label: String,
    #[prop(default = Glyph::Dots)] glyph: Glyph,
    #[prop(default = Size::Small)] size: Size,
    /// `MenuLink`, `MenuButton`, `MenuRule` or forms with a `MenuButton`.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="menu-anchor">
            <IconButton glyph label size toggles=id.clone() />
            <div class="menu" id=id popover="auto">
                {children()}
            </div>
        </div>
    }
    .into_any()
}

/// A menu entry that goes somewhere.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(optional, into)] icon: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu__item" href=href>
            {icon.map(|glyph| view! { <Icon glyph /> })} {children()}
        </a>
    }
    .into_any()
}

/// A menu entry that opens a dialog, or (with `kind="submit"`, in a form) does something.
#[component]
pub fn MenuButton(
    #[prop(default = "button")] kind: &'static str,
    #[prop(optional, into)] icon: Option<Glyph>,
    /// The dialog that it opens.
    #[prop(optional, into)]
    opens: Option<String>,
    #[prop(optional)] danger: bool,
    /// Why it cannot be chosen; shown under the words.
    #[prop(optional, into)]
    disabled_reason: MaybeProp<String>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    children: Children,
) -> impl IntoView {
    let read_only = use_context::<ReadOnly>().filter(|_| kind == "submit" || opens.is_some());
    let disabled_reason = match read_only {
        Some(ReadOnly(why)) => Some(why.to_owned()),
        None => disabled_reason.get_untracked(),
    };
    let off = disabled_reason.is_some();
    let opens = if off { None } else { opens };
    view! {
        <button
            class=if danger { "menu__item menu__item--danger" } else { "menu__item" }
            type=if off { "button" } else { kind }
            name=name
            value=value
            aria-disabled=off.then_some("true")
            command=opens.is_some().then_some("show-modal")
            commandfor=opens
        >
            {icon.map(|glyph| view! { <Icon glyph /> })}
            <span class="menu__text">
                {children()}
                {disabled_reason.map(|reason| view! { <span class="menu__reason">{reason}</span> })}
            </span>
        </button>
    }
    .into_any()
}

/// A line between groups of a menu.
#[component]
pub fn MenuRule() -> impl IntoView {
    view! { <hr class="menu__rule" /> }
}
