//! Keyboard: the command palette (Ctrl/⌘-K) and the list of shortcuts (`?`).

use super::nav::NavSection;
use crate::ui::{
    dialog::{Dialog, show_dialog},
    diff::Kbd,
    icon::{Glyph, Icon},
};
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlElement, KeyboardEvent, NodeList, js_sys::Reflect},
};

/// Starts listening; in the browser only.
pub(super) fn listen() {
    Effect::new(move |_| {
        let keys = window_event_listener(ev::keydown, on_key);
        on_cleanup(move || keys.remove());
        if !knows_invoker_commands() {
            let clicks = window_event_listener(ev::click, invoke_command);
            on_cleanup(move || clicks.remove());
        }
    });
}

fn on_key(event: KeyboardEvent) {
    if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
        event.prevent_default();
        show_dialog("palette");
        return;
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
        return;
    }
    match event.key().as_str() {
        "?" => show_dialog("shortcuts"),
        "/" => {
            if let Ok(Some(search)) = document().query_selector("#content input[type=search]") {
                event.prevent_default();
                focus(search);
            }
        }
        _ => {}
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|at| {
            at.matches("input, textarea, select, [contenteditable]")
                .unwrap_or(false)
        })
}

fn focus(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        let _ = element.focus();
    }
}

fn knows_invoker_commands() -> bool {
    document()
        .create_element("button")
        .ok()
        .is_some_and(|button| Reflect::has(&button, &JsValue::from_str("commandForElement")).unwrap_or(false))
}

/// `command` and `commandfor` for browsers that do not know them yet.
fn invoke_command(event: leptos::web_sys::MouseEvent) {
    let button = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest("button[commandfor]").ok().flatten());
    let Some(button) = button else { return };
    let Some(id) = button.get_attribute("commandfor") else {
        return;
    };
    match button.get_attribute("command").as_deref() {
        Some("show-modal") => show_dialog(&id),
        Some("close") => crate::ui::dialog::close_dialog(&id),
        _ => {}
    }
}

/// Every page of the navigation, filtered while typing. Without scripts it is a list of links.
#[component]
pub(super) fn CommandPalette(sections: Signal<Vec<NavSection>>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = move || {
        let typed = typed.get().to_lowercase();
        sections
            .get()
            .into_iter()
            .flat_map(|section| {
                let title = section.title.unwrap_or_default();
                section.items.into_iter().map(move |item| (title.clone(), item))
            })
            .filter(|(title, item)| {
                typed
                    .split_whitespace()
                    .all(|word| format!("{} {}", title, item.label).to_lowercase().contains(word))
            })
            .collect::<Vec<_>>()
    };
    view! {
        <dialog class="palette" id="palette" closedby="any" aria-label="Go to a page" on:keydown=steer>
            <div class="palette__search">
                <Icon glyph=Glyph::Search />
                <input
                    class="palette__input"
                    type="text"
                    placeholder="Go to a page…"
                    aria-label="Find a page"
                    autocomplete="off"
                    autofocus
                    on:input:target=move |event| typed.set(event.target().value())
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
                {move || {
                    found()
                        .into_iter()
                        .map(|(title, item)| {
                            view! {
                                <li>
                                    <a class="palette__item" href=item.href>
                                        <Icon glyph=item.icon />
                                        <span>{item.label}</span>
                                        <span class="palette__section">{title}</span>
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <p class="palette__none" class:hidden=move || !found().is_empty() role="status">
                "No page has that name."
            </p>
        </dialog>
    }
    .into_any()
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

/// The list of shortcuts.
#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    view! {
        <Dialog id="shortcuts" title="Keyboard shortcuts">
            <dl class="shortcuts">
                <div>
                    <dt>"Go to a page"</dt>
                    <dd>
                        <Kbd>"Ctrl"</Kbd>
                        " or "
                        <Kbd>"⌘"</Kbd>
                        " "
                        <Kbd>"K"</Kbd>
                    </dd>
                </div>
                <div>
                    <dt>"Search this list"</dt>
                    <dd>
                        <Kbd>"/"</Kbd>
                    </dd>
                </div>
                <div>
                    <dt>"Show this help"</dt>
                    <dd>
                        <Kbd>"?"</Kbd>
                    </dd>
                </div>
                <div>
                    <dt>"Close what is open"</dt>
                    <dd>
                        <Kbd>"Esc"</Kbd>
                    </dd>
                </div>
            </dl>
        </Dialog>
    }
    .into_any()
}
