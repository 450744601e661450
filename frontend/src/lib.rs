//! The browser's entry point: takes over the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the server-rendered document.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Says that controls answer now, for whatever must not act before: the tests wait for it.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
