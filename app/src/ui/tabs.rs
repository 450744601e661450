//! Tabs that are links: each tab is a page of its own, so it works without scripts and can be bookmarked.

use super::format::format_count;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::use_location;

/// A row of tabs; scrolls inside itself where it does not fit, to the current one.
#[component]
pub fn Tabs(
    /// What the tabs are parts of, for example “Acme”.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    let list = NodeRef::<leptos::html::Ul>::new();
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        if let Some(list) = list.get() {
            show_current(&list);
        }
    });
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="tabs__list" node_ref=list>
                {children()}
            </ul>
        </nav>
    }
}

/// Scrolls the row, and nothing else, until the current tab stands in its middle.
fn show_current(list: &leptos::web_sys::HtmlElement) {
    let current = list.query_selector("[aria-current]").ok().flatten();
    let Some(tab) = current.and_then(|tab| tab.dyn_into::<leptos::web_sys::HtmlElement>().ok()) else {
        return;
    };
    let room = list.client_width() - tab.offset_width();
    list.set_scroll_left(tab.offset_left() - list.offset_left() - room / 2);
}

/// One tab. It is the current one where the address is its own or lies below it.
#[component]
pub fn Tab(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    /// Current on its own address only: for the first tab, whose address all others begin with.
    #[prop(optional)]
    exact: bool,
    /// How many things are behind it.
    #[prop(optional, into)]
    count: MaybeProp<u64>,
) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.clone();
    let current = move || path.with(|path| is_at(path, &target, exact));
    view! {
        <li>
            <a class="tabs__tab" href=href aria-current=move || current().then_some("page")>
                {label}
                {move || {
                    count.get().map(|count| view! { <span class="tabs__count">{format_count(count)}</span> })
                }}
            </a>
        </li>
    }
    .into_any()
}

/// Is this address the link's own, or (unless `exact`) one below it?
pub fn is_at(path: &str, href: &str, exact: bool) -> bool {
    let (path, href) = (path.trim_end_matches('/'), href.trim_end_matches('/'));
    path == href || (!exact && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}
