//! A list of things to read or act on, where a table would have one column: what waits, what happened.

use super::{
    icon::{Glyph, Icon},
    status::Tone,
};
use leptos::prelude::*;

/// The list; in a flush card, its lines reach the edges.
#[component]
pub fn Items(
    /// What it lists, for who does not see the heading above it.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <ul class="items" aria-label=label>
            {children()}
        </ul>
    }
    .into_any()
}

/// One line: an icon, a name that leads to the thing, what there is to know about it, and something at the end.
#[component]
pub fn Item(
    glyph: Glyph,
    #[prop(default = Tone::Neutral)] tone: Tone,
    #[prop(into)] href: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] detail: Option<String>,
    /// At the end: a moment, a state.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class=format!("item item--{}", tone.word())>
            <span class="item__icon">
                <Icon glyph />
            </span>
            <div class="item__text">
                <a class="item__link" href=href>
                    {title}
                </a>
                {detail.map(|detail| view! { <p class="item__detail">{detail}</p> })}
            </div>
            {children.map(|children| view! { <div class="item__end">{children()}</div> })}
        </li>
    }
    .into_any()
}
