//! What operations look like: the console's pages, server-rendered and hydrated.

pub mod layout;
pub mod ui;

use leptos::prelude::*;

/// The whole console.
#[component]
pub fn App() -> impl IntoView {
    view! { <main><h1>"Guildhall"</h1></main> }
}
