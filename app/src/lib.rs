//! What operations look like: the console's pages, server-rendered and hydrated.
// The view! macro's types nest as deep as the page does.
#![recursion_limit = "512"]

pub mod rpc;

pub mod layout;
pub mod ui;

use leptos::prelude::*;

/// The whole console.
#[component]
pub fn App() -> impl IntoView {
    view! { <main><h1>"Guildhall"</h1></main> }
}
