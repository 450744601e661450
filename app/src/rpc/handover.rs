//! What is shown once, on its way from a form's answer to the page that shows it.
//!
//! Scripts get it in the answer. A plain form's answer is a redirect, so it waits in the one-time store for the page that the
//! redirect leads to. There is no server function that gives it out: only the render on the server can take it.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something that is shown once.
pub trait ShownOnce: Serialize + DeserializeOwned {
    /// What it waits under in the one-time store.
    const NAME: &'static str;

    /// Forgets what is secret: a redirect holds nothing itself.
    fn forget(&mut self);
}

/// Hands it over to whoever sent the form; without scripts on `page`.
#[cfg(feature = "ssr")]
pub(super) fn hand_over<T: ShownOnce>(mut new: T, page: &str) -> T {
    if super::is_plain_form() {
        super::OneTime::keep(T::NAME, &new);
        new.forget();
        leptos_axum::redirect(page);
    }
    new
}

/// What waits for this page, where scripts are off; it is gone once it was read.
pub fn taken<T: ShownOnce>() -> Option<T> {
    #[cfg(feature = "ssr")]
    return super::OneTime::taken(T::NAME);
    #[cfg(not(feature = "ssr"))]
    None
}
