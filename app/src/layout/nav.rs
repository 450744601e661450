//! The left navigation. On a phone the same element is a popover behind the menu button.

use crate::ui::{
    format::format_count,
    icon::{Glyph, Icon},
    tabs::is_at,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A group of links; the first group usually has no title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavSection {
    pub title: Option<String>,
    pub items: Vec<NavItem>,
}

impl NavSection {
    /// Links under a title.
    pub fn new(title: impl Into<String>, items: Vec<NavItem>) -> Self {
        Self {
            title: Some(title.into()),
            items,
        }
    }

    /// Links without one.
    pub const fn untitled(items: Vec<NavItem>) -> Self {
        Self { title: None, items }
    }
}

/// A link of the navigation, also found by the command palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    pub icon: Glyph,
    /// Current on its own address only: for a home page, whose address all others begin with.
    pub exact: bool,
    /// How many things wait there.
    pub count: Option<u64>,
}

impl NavItem {
    /// A link, current on its address and below it.
    pub fn new(label: impl Into<String>, href: impl Into<String>, icon: Glyph) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            icon,
            exact: false,
            count: None,
        }
    }

    /// Current on its own address only.
    #[must_use]
    pub const fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    /// Shows how many things wait there.
    #[must_use]
    pub const fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// The mark and the name.
#[component]
pub(super) fn Brand(#[prop(into)] href: String) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <Mark />
            <span class="brand__name">"Guildhall"</span>
        </a>
    }
    .into_any()
}

/// The mark: a gabled hall with an arched door.
#[component]
pub(super) fn Mark() -> impl IntoView {
    view! {
        <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="brand__ground" width="32" height="32" rx="7" />
            <path
                class="brand__hall"
                d="M16 6.5 26 13v1.5h-1.5V25h-17V14.5H6V13ZM12.5 25v-5.5a3.5 3.5 0 0 1 7 0V25Z"
                fill-rule="evenodd"
            />
            <path class="brand__flag" d="M16 3.5v3.5M16 3.5h3.25L18.25 4.6l1 1.1H16" />
        </svg>
    }
}

/// The navigation itself.
#[component]
pub(super) fn SideNav(sections: Signal<Vec<NavSection>>, home: String) -> impl IntoView {
    view! {
        <nav class="side" id="navigation" popover="auto" aria-label="Main">
            <Brand href=home />
            <div class="side__nav">
                {move || sections.get().into_iter().map(|section| view! { <Group section /> }).collect_view()}
            </div>
        </nav>
    }
    .into_any()
}

#[component]
fn Group(section: NavSection) -> impl IntoView {
    let path = use_location().pathname;
    view! {
        {section.title.map(|title| view! { <h2 class="side__title">{title}</h2> })}
        <ul class="side__list">
            {section
                .items
                .into_iter()
                .map(|item| {
                    let NavItem { label, href, icon, exact, count } = item;
                    let target = href.clone();
                    view! {
                        <li>
                            <a
                                class="side__link"
                                href=href
                                aria-current=move || {
                                    path.with(|path| is_at(path, &target, exact)).then_some("page")
                                }
                            >
                                <Icon glyph=icon />
                                <span class="side__label">{label}</span>
                                {count
                                    .map(|count| {
                                        view! { <span class="side__count">{format_count(count)}</span> }
                                    })}
                            </a>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
