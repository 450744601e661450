//! The HTML document around the console, as the server sends it.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::layout::theme;

/// Where the built files are, with their hashes; the server provides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The module that loads the WebAssembly.
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// The document. The server's `Content-Security-Policy` names the same nonce: [`use_nonce`].
pub fn shell() -> impl IntoView {
    let assets = use_context::<Assets>();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme::of_request().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                {assets.map(|assets| view! { <Links assets /> })}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The style, and the script that takes over the page; both start to load before the page is read to its end.
#[component]
fn Links(assets: Assets) -> impl IntoView {
    let Assets { js, wasm, css } = assets;
    // JSON strings are JavaScript strings; these are the server's own paths, and hold no `</script>`.
    let (from, module) = (
        serde_json::json!(js).to_string(),
        serde_json::json!(wasm).to_string(),
    );
    let start =
        format!("import init,{{hydrate}} from {from};init({{module_or_path:{module}}}).then(()=>hydrate());");
    view! {
        <link rel="stylesheet" href=css />
        <link rel="modulepreload" href=js />
        <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=wasm />
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
}
