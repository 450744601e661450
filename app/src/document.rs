//! The HTML document around the console, as the server sends it.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::layout::theme;
use crate::pages::parts::Needed;

/// Where the built files are, with their hashes; the server provides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The module that loads the WebAssembly, and further parts of it.
    pub js: String,
    pub wasm: String,
    pub css: String,
    /// The files of each part.
    pub parts: Arc<BTreeMap<String, Vec<String>>>,
}

/// The document. The server's `Content-Security-Policy` names the same nonce: [`use_nonce`].
pub fn shell() -> impl IntoView {
    let assets = use_context::<Assets>();
    let needed = Needed::default();
    provide_context(needed.clone());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme::of_request().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                {assets.clone().map(|assets| view! { <Links assets /> })}
                <MetaTags />
            </head>
            <body>
                <App />
                {assets.map(|assets| view! { <Start assets needed /> })}
            </body>
        </html>
    }
}

/// What starts to load before the page is read to its end.
#[component]
fn Links(assets: Assets) -> impl IntoView {
    view! {
        <link rel="stylesheet" href=assets.css />
        <link rel="modulepreload" href=assets.js />
        <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=assets.wasm />
    }
}

/// The script that takes over the page. It stands behind the page, and is written when the page has been: only then is
/// it known which parts of the program the page needs.
#[component]
fn Start(assets: Assets, needed: Needed) -> impl IntoView {
    // JSON strings are JavaScript strings; these are the server's own words, and hold no `</script>`.
    let quoted = |text: &str| serde_json::json!(text).to_string();
    let (from, module) = (quoted(&assets.js), quoted(&assets.wasm));
    view! {
        <script type="module" nonce=use_nonce()>
            {move || {
                let parts = quoted(&needed.names());
                format!(
                    "import init,{{hydrate}} from {from};init({{module_or_path:{module}}}).then(()=>hydrate({parts}));"
                )
            }}
        </script>
    }
}
