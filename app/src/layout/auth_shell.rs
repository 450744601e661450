//! The frame of pages before sign-in: one card in the middle.

use super::{nav::Mark, route_focus::RouteAnnouncer, theme::ThemeChoice};
use crate::ui::{
    notice::{Toast, ToastRegion, Toasts},
    page_header::DocumentTitle,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Sign-in, invitation, forgotten password: a card with a heading, which is also the document's title.
#[component]
pub fn AuthShell(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] description: MaybeProp<String>,
    /// In place of our mark: the organization's or tenant's own.
    #[prop(optional, into)]
    brand: Option<ViewFn>,
    /// Under the card: for example “No account yet? Register”.
    #[prop(optional, into)]
    footer: ViewFn,
    #[prop(optional, into)] flash: Option<Toast>,
    children: Children,
) -> impl IntoView {
    // Messages outlive a frame: signing out leads from one to another.
    if use_context::<Toasts>().is_none() {
        Toasts::provide(flash);
    }
    super::keyboard::listen();
    view! {
        <Title formatter=|title| format!("{title} · Guildhall") />
        <DocumentTitle title />
        <div class="auth">
            <main class="auth__main" id="content">
                <div class="auth__brand">
                    {match brand {
                        Some(brand) => brand.run(),
                        None => {
                            view! {
                                <Mark />
                                <span class="brand__name">"Guildhall"</span>
                            }
                                .into_any()
                        }
                    }}
                </div>
                <div class="auth__card">
                    <h1 class="auth__title" tabindex="-1">
                        {move || title.get()}
                    </h1>
                    {move || description.get().map(|text| view! { <p class="auth__about">{text}</p> })}
                    {children()}
                </div>
                <div class="auth__footer">{footer.run()}</div>
            </main>
            <footer class="auth__theme">
                <ThemeChoice />
            </footer>
        </div>
        <RouteAnnouncer />
        <ToastRegion />
    }
    .into_any()
}
