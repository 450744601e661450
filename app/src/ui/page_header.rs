//! The head of a page: where it is, what it is, what can be done.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use leptos_meta::Title;

/// A step of the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

impl Crumb {
    /// A link with its words.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// The way to a page, its own name left out (the heading says it).
#[component]
pub fn Breadcrumbs(#[prop(into)] crumbs: Signal<Vec<Crumb>>) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Breadcrumbs">
            <ol>
                {move || {
                    crumbs
                        .get()
                        .into_iter()
                        .map(|crumb| {
                            view! {
                                <li>
                                    <a href=crumb.href>{crumb.label}</a>
                                    <Icon glyph=Glyph::ChevronRight class="icon--sm" />
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ol>
        </nav>
    }
    .into_any()
}

/// The document's title. It is asked for after the page that gave it has gone, by a moment, on the server too.
#[component]
pub fn DocumentTitle(title: Signal<String>) -> impl IntoView {
    let first = title.get_untracked();
    view! { <Title text=move || as_title(&title.try_get().unwrap_or_else(|| first.clone())) /> }
}

/// A text as the content of `<title>`. leptos_meta 0.8 writes it into the page as it is; the browser sets it as text.
pub fn as_title(text: &str) -> String {
    if cfg!(feature = "ssr") {
        text.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        text.to_owned()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::as_title;

    #[test]
    fn a_name_cannot_end_the_title() {
        assert_eq!(as_title("A & </title><meta"), "A &amp; &lt;/title>&lt;meta");
    }
}

/// A page's heading, which is also the document's title; one a page.
#[component]
pub fn PageHeader(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] description: MaybeProp<String>,
    #[prop(optional, into)] crumbs: Signal<Vec<Crumb>>,
    /// An avatar or icon before the heading.
    #[prop(optional, into)]
    lead: ViewFn,
    /// What stands under the heading: state, copyable id.
    #[prop(optional, into)]
    meta: ViewFn,
    /// Buttons, the primary last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <DocumentTitle title />
        <header class="page-header">
            <Breadcrumbs crumbs />
            <div class="page-header__row">
                {lead.run()} <div class="page-header__words">
                    <h1 class="page-header__title" tabindex="-1">
                        {move || title.get()}
                    </h1>
                    <div class="page-header__meta">{meta.run()}</div>
                    {move || {
                        description.get().map(|text| view! { <p class="page-header__about">{text}</p> })
                    }}
                </div>
                {children.map(|children| view! { <div class="page-header__actions">{children()}</div> })}
            </div>
        </header>
    }
    .into_any()
}
