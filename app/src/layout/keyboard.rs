//! Keyboard: what opens the command palette (Ctrl/⌘-K), and the list of shortcuts (`?`).

use crate::ui::{
    dialog::{Dialog, show_dialog},
    diff::Kbd,
};
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlElement, KeyboardEvent, js_sys::Reflect},
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

/// Puts the focus on an element, if it can have it.
pub fn focus(element: Element) {
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

/// The list of shortcuts.
#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    view! {
        <Dialog id="shortcuts" title="Keyboard shortcuts">
            <dl class="shortcuts">
                <div>
                    <dt>"Find and go to anything"</dt>
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
