//! Pages for what went wrong.

use crate::ui::page_header::as_title;
use crate::ui::{
    button::{LinkButton, Variant},
    copy::CopyId,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what happened, what to do, and (for our own failures) the reference that finds it in the log.
#[component]
pub fn ErrorPage(
    /// The HTTP status, shown small; the page's caller sets the response's.
    status: u16,
    #[prop(into)] title: String,
    #[prop(into)] message: String,
    #[prop(optional, into)] reference: MaybeProp<String>,
    /// Where the button leads.
    #[prop(default = "/".to_owned(), into)]
    back_href: String,
    #[prop(default = "Go to the start page".to_owned(), into)] back: String,
) -> impl IntoView {
    view! {
        <Title text=as_title(&title) />
        <div class="error-page">
            <p class="error-page__status">{status}</p>
            <h1 class="error-page__title" tabindex="-1">
                {title}
            </h1>
            <p class="error-page__message">{message}</p>
            {reference
                .get_untracked()
                .map(|reference| {
                    view! {
                        <p class="error-page__reference">
                            "Reference " <CopyId id=reference what="reference" />
                        </p>
                    }
                })}
            <LinkButton href=back_href variant=Variant::Primary>
                {back}
            </LinkButton>
        </div>
    }
    .into_any()
}
