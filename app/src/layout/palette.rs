//! The command palette: pages of the navigation at once, and whatever the console can find by name a moment later.

use super::keyboard::focus;
use super::nav::NavSection;
use crate::ui::{
    dialog::close_dialog,
    format::lower,
    icon::{Glyph, Icon},
};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlElement, KeyboardEvent, NodeList},
};
use std::{future::Future, pin::Pin, time::Duration};

/// Something that was found by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub label: String,
    /// What tells it from others of the same name.
    pub detail: String,
    pub href: String,
    pub icon: Glyph,
}

/// What a [`Finder`] answers with.
pub type Finding = Pin<Box<dyn Future<Output = Vec<Found>> + Send>>;

/// Finds things by what was typed, beside the navigation's pages.
pub type Finder = Callback<String, Finding>;

/// From how many letters on a [`Finder`] is asked.
const ENOUGH: usize = 2;

/// Finds pages and things while somebody types. Without scripts it is a list of links.
#[component]
pub(super) fn CommandPalette(sections: Signal<Vec<NavSection>>, find: Option<Finder>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let (things, looking) = (RwSignal::new(Vec::new()), RwSignal::new(false));
    let turn = StoredValue::new(0_u32);
    let look = move |text: String| {
        let Some(find) = find else { return };
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let mine = turn.get_value();
        let enough = text.chars().count() >= ENOUGH;
        looking.set(enough);
        if !enough {
            things.set(Vec::new());
            return;
        }
        set_timeout(
            move || {
                if turn.try_get_value() != Some(mine) {
                    return;
                }
                spawn_local(async move {
                    let found = find.run(text).await;
                    // A slow answer to what is no longer asked.
                    if turn.try_get_value() == Some(mine) {
                        things.try_set(found);
                        looking.try_set(false);
                    }
                });
            },
            Duration::from_millis(150),
        );
    };
    let found = Memo::new(move |_| {
        let mut found = pages(&sections.get(), &typed.get());
        found.extend(things.get());
        found
    });
    let (place, label) = match find {
        Some(_) => ("Find an organization, a person, a page…", "Find anything by name"),
        None => ("Go to a page…", "Find a page"),
    };
    view! {
        <dialog class="palette" id="palette" closedby="any" aria-label="Find and go to" on:keydown=steer>
            <div class="palette__search">
                <Icon glyph=Glyph::Search />
                <input
                    class="palette__input"
                    type="text"
                    placeholder=place
                    aria-label=label
                    autocomplete="off"
                    spellcheck="false"
                    autofocus
                    on:input:target=move |event| {
                        let text = event.target().value();
                        look(text.trim().to_owned());
                        typed.set(text);
                    }
                />
                <button
                    class="kbd palette__close"
                    type="button"
                    command="close"
                    commandfor="palette"
                >
                    <span class="sr-only">"Close, "</span>
                    "Esc"
                </button>
            </div>
            <ul class="palette__list">
                {move || found.get().into_iter().map(|found| view! { <Hit found /> }).collect_view()}
            </ul>
            <p class="palette__none" class:hidden=move || found.with(|found| !found.is_empty()) role="status">
                {move || if looking.get() { "Looking…" } else { "Nothing has that name." }}
            </p>
        </dialog>
    }
    .into_any()
}

#[component]
fn Hit(found: Found) -> impl IntoView {
    view! {
        <li>
            // The page that is open already changes nothing, so nothing else would close the palette.
            <a class="palette__item" href=found.href on:click=|_| close_dialog("palette")>
                <Icon glyph=found.icon />
                <span class="palette__label">{found.label}</span>
                <span class="palette__section">{found.detail}</span>
            </a>
        </li>
    }
}

/// The navigation's pages in whose name and section every typed word occurs.
fn pages(sections: &[NavSection], typed: &str) -> Vec<Found> {
    let typed = lower(typed);
    let mut found = Vec::new();
    for section in sections {
        let title = section.title.clone().unwrap_or_default();
        for item in &section.items {
            let words = lower(&format!("{title} {}", item.label));
            if typed.split_whitespace().all(|word| words.contains(word)) {
                found.push(Found {
                    label: item.label.clone(),
                    detail: title.clone(),
                    href: item.href.clone(),
                    icon: item.icon,
                });
            }
        }
    }
    found
}

/// Arrow keys walk through the palette's links; Enter in the box takes the first.
fn steer(event: KeyboardEvent) {
    let Ok(links) = document().query_selector_all("#palette .palette__item") else {
        return;
    };
    let active = document().active_element();
    let at = position(&links, active.as_ref());
    let to = match (event.key().as_str(), at) {
        ("ArrowDown", None) => 0,
        ("ArrowDown", Some(at)) => at + 1,
        ("ArrowUp", Some(at)) => at.wrapping_sub(1),
        ("Enter", None) => {
            if let Some(first) = links.item(0).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
                event.prevent_default();
                first.click();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    match links.item(to).and_then(|node| node.dyn_into::<Element>().ok()) {
        Some(link) => focus(link),
        None if event.key() == "ArrowUp" => {
            if let Ok(Some(input)) = document().query_selector("#palette input") {
                focus(input);
            }
        }
        None => {}
    }
}

fn position(links: &NodeList, active: Option<&Element>) -> Option<u32> {
    let active: &JsValue = active?.as_ref();
    (0..links.length()).find(|at| links.item(*at).is_some_and(|node| JsValue::from(node) == *active))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::nav::NavItem;

    #[test]
    fn every_word_is_found_in_a_page_or_its_section() {
        let nav = [
            NavSection::untitled(vec![NavItem::new("Home", "/", Glyph::Home)]),
            NavSection::new("Tenant", vec![NavItem::new("Audit", "/audit", Glyph::Audit)]),
        ];
        let labels =
            |typed| -> Vec<String> { pages(&nav, typed).into_iter().map(|found| found.label).collect() };
        assert_eq!(labels(""), ["Home", "Audit"]);
        assert_eq!(labels("TEN aud"), ["Audit"]);
        assert!(labels("home audit").is_empty());
    }
}
