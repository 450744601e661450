//! The browser's entry point: takes over the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Hydrates the server-rendered document once the `parts` of the program are here that its page needs. Where one does
/// not come, the page stays as it is: it works without scripts.
#[wasm_bindgen]
pub fn hydrate(parts: String) {
    console_error_panic_hook::set_once();
    spawn_local(async move {
        if !app::pages::parts::load(&parts).await {
            return;
        }
        leptos::mount::hydrate_body(app::App);
        // Says that controls answer now, for whatever must not act before: the tests wait for it.
        if let Some(root) = leptos::prelude::document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
