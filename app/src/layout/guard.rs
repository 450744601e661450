//! Unsaved changes: asks before they are lost.

use leptos::{
    context::Provider,
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{Element, MouseEvent},
};

use crate::ui::field::Unsaved;

const QUESTION: &str = "Leave without saving? Your changes will be lost.";

/// Put around a form. Once something in it was changed, leaving the page (by a link, by closing the window) asks first, until the
/// form is submitted or reset. A form that was refused is not saved: it asks again.
#[component]
pub fn Guarded(children: Children) -> impl IntoView {
    let dirty = RwSignal::new(false);
    Effect::new(move |_| {
        let unload = window_event_listener(ev::beforeunload, move |event| {
            if dirty.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || unload.remove());
        guard_links(dirty);
    });
    view! {
        <div
            class="guarded"
            on:input=move |_| dirty.set(true)
            on:submit=move |_| dirty.set(false)
            on:reset=move |_| dirty.set(false)
        >
            <Provider value=Unsaved(dirty)>{children()}</Provider>
        </div>
    }
    .into_any()
}

/// Links are caught on their way down, before the router sees them.
fn guard_links(dirty: RwSignal<bool>) {
    let ask = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        let on_link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| {
                target
                    .closest("a[href]:not([target=_blank]):not([download])")
                    .ok()
                    .flatten()
            })
            .is_some_and(|link| !link.get_attribute("href").unwrap_or_default().starts_with('#'));
        let new_window = event.ctrl_key() || event.meta_key() || event.shift_key();
        if !on_link || new_window || dirty.try_get_untracked() != Some(true) {
            return;
        }
        if window().confirm_with_message(QUESTION).unwrap_or(true) {
            dirty.set(false);
        } else {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    let listener = ask
        .as_ref()
        .unchecked_ref::<leptos::web_sys::js_sys::Function>()
        .clone();
    let _ = window().add_event_listener_with_callback_and_bool("click", &listener, true);
    let kept = StoredValue::new_local(ask);
    on_cleanup(move || {
        let _ = window().remove_event_listener_with_callback_and_bool("click", &listener, true);
        kept.dispose();
    });
}
