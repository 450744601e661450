//! Pages for what is not there, and for what somebody may not see.

use leptos::prelude::*;

use crate::layout::ErrorPage;

/// No page has this address.
#[component]
pub fn Missing() -> impl IntoView {
    answer_with(404);
    view! {
        <ErrorPage
            status=404
            title="Page not found"
            message="No page has this address. It may have been deleted, or the address is mistyped."
        />
    }
}

/// The HTTP status of the page, where the server renders it.
pub fn answer_with(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
