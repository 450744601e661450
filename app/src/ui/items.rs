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

/// One line: an icon, a name that leads to the thing, and what there is to know about it.
#[component]
pub fn Item(
    glyph: Glyph,
    #[prop(default = Tone::Neutral)] tone: Tone,
    #[prop(into)] href: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] detail: Option<String>,
    /// After the detail: a moment, a state.
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
                <p class="item__detail">
                    {detail.map(|detail| view! { <span>{detail}</span> })}
                    {children.map(|children| children())}
                </p>
            </div>
        </li>
    }
    .into_any()
}
