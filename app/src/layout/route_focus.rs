//! After a client-side navigation: says the new page's name and moves the focus to its heading, as a browser would.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};
use leptos_router::hooks::use_location;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::keyboard::focus;

/// How many pages are on their way whose code is not here yet.
static WAITING: AtomicU32 = AtomicU32::new(0);

/// Says that the page at the address is not here yet, until it is dropped: the heading on screen is still another page's.
pub struct Waiting(());

/// Begins to wait for a page.
pub fn wait() -> Waiting {
    WAITING.fetch_add(1, Ordering::Relaxed);
    Waiting(())
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The live region, and the watch over the address.
#[component]
pub(super) fn RouteAnnouncer() -> impl IntoView {
    let path = use_location().pathname;
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            close_overlays();
            look_for_heading(said, 20);
        }
        path
    });
    view! {
        <p class="sr-only" role="status">
            {move || said.get()}
        </p>
    }
    .into_any()
}

/// The page may still be loading: look again for two seconds after its code has come.
fn look_for_heading(said: RwSignal<String>, tries: u32) {
    set_timeout(
        move || match document().query_selector("#content h1") {
            _ if WAITING.load(Ordering::Relaxed) > 0 => look_for_heading(said, tries),
            Ok(Some(heading)) => {
                focus(heading);
                said.try_set(document().title());
            }
            _ if tries > 0 => look_for_heading(said, tries - 1),
            _ => {}
        },
        Duration::from_millis(100),
    );
}

/// What was open over the page before belongs to it.
fn close_overlays() {
    let Ok(open) = document().query_selector_all("dialog[open], [popover]:popover-open") else {
        return;
    };
    for at in 0..open.length() {
        let Some(node) = open.item(at) else { continue };
        match node.dyn_into::<leptos::web_sys::HtmlDialogElement>() {
            Ok(dialog) => dialog.close(),
            Err(node) => {
                if let Ok(popover) = node.dyn_into::<HtmlElement>() {
                    let _ = popover.hide_popover();
                }
            }
        }
    }
}
