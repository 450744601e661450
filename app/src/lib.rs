//! What operations look like: the console's pages, server-rendered and hydrated.
// The view! macro's types nest as deep as the page does.
#![recursion_limit = "512"]

pub mod components;
pub mod layout;
pub mod pages;
pub mod rpc;
pub mod ui;

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
pub use document::{Assets, shell};

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::components::live::RenderedAt;
use crate::rpc::{Flash, RefusedForm, Visitor, Wire};
use crate::ui::notice::{Toast, Toasts};

/// The whole console.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // What the request before left for this page: the browser reads it out of the page, so that both render the same.
    let flash =
        SharedValue::<_, Wire>::new_with_encoding(|| use_context::<Flash>().unwrap_or_default()).into_inner();
    let visitor = SharedValue::<_, Wire>::new_with_encoding(|| use_context::<Visitor>().unwrap_or_default());
    provide_context(visitor.into_inner());
    provide_context(SharedValue::<_, Wire>::new_with_encoding(RefusedForm::of_request).into_inner());
    provide_context(SharedValue::<_, Wire>::new_with_encoding(RenderedAt::now).into_inner());
    Toasts::provide(flash.toast.clone().map(Toast::done));
    provide_context(flash);
    forget_what_was_refused();
    view! {
        <Router>
            <pages::Pages />
        </Router>
    }
}

/// A form that was refused before scripts ran shows it once: a page that is opened later starts afresh.
fn forget_what_was_refused() {
    let owner = Owner::current();
    Effect::new(move |_| {
        if let Some(owner) = &owner {
            owner.with(|| {
                provide_context(Flash::default());
                provide_context(RefusedForm::default());
            });
        }
    });
}
