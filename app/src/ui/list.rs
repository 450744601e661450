//! What stands around a list: pages, and what to say when it is empty.

use super::{
    button::{LinkButton, Size, Variant},
    format::{count_of, format_count},
    icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// Previous and next of a keyset list, what is shown of how many, and how many a page. Links only.
#[component]
pub fn Pagination(
    /// Rows on this page.
    shown: u64,
    /// Rows in all.
    total: u64,
    /// “member” and “members”.
    noun: (&'static str, &'static str),
    #[prop(optional_no_strip)] previous: Option<String>,
    #[prop(optional_no_strip)] next: Option<String>,
    /// There are more than `total`: a filtered list is counted up to a limit.
    #[prop(optional)]
    more: bool,
    /// Rows a page now.
    #[prop(default = 50)]
    size: u32,
    /// The page with another size: 25, 50 and 100 are offered.
    #[prop(optional, into)]
    size_href: Option<Callback<u32, String>>,
) -> impl IntoView {
    let (one, many) = noun;
    let summary = if more {
        format!(
            "{} of more than {} {many}",
            format_count(shown),
            format_count(total)
        )
    } else if shown == total {
        count_of(total, one, many)
    } else {
        format!("{} of {}", format_count(shown), count_of(total, one, many))
    };
    let step = |href: Option<String>, word: &'static str, rel: &'static str| match href {
        Some(href) => view! {
            <a class="btn btn--sm" href=href rel=rel>
                {word}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="btn btn--sm btn--off" aria-hidden="true">
                {word}
            </span>
        }
        .into_any(),
    };
    // A short list has no other page, and no other size would show it otherwise.
    let paged = previous.is_some() || next.is_some();
    let sizes = size_href.filter(|_| paged || more || total > 25);
    view! {
        <nav class="pagination" aria-label="Pages">
            <p class="pagination__total" aria-live="polite">
                {summary}
            </p>
            {sizes
                .map(|size_href| {
                    view! {
                        <div class="pagination__sizes">
                            <span id="page-size">"Rows"</span>
                            <ul aria-labelledby="page-size">
                                {[25_u32, 50, 100]
                                    .into_iter()
                                    .map(|option| {
                                        view! {
                                            <li>
                                                <a
                                                    class="pagination__size"
                                                    href=size_href.run(option)
                                                    aria-current=(option == size).then_some("true")
                                                >
                                                    {option}
                                                </a>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </div>
                    }
                })}
            {paged
                .then(|| {
                    view! {
                        <div class="pagination__steps">
                            {step(previous, "Previous", "prev")} {step(next, "Next", "next")}
                        </div>
                    }
                })}
        </nav>
    }
    .into_any()
}

/// Nothing is here yet: what would be, and how to make the first one.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    /// What to do next.
    #[prop(into)]
    text: String,
    /// A button, or none where the person may not make one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty__icon">
                <Icon glyph class="icon--lg" />
            </span>
            <h2 class="empty__title">{title}</h2>
            <p class="empty__text">{text}</p>
            {children.map(|children| view! { <div class="empty__actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// There are rows, but none matches the filters.
#[component]
pub fn NothingMatches(
    /// “members”
    #[prop(into)]
    many: String,
    /// The page without filters.
    #[prop(into)]
    clear_href: String,
) -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::Search
            title=format!("No {many} match")
            text="Try another spelling or fewer filters."
        >
            <LinkButton href=clear_href variant=Variant::Secondary size=Size::Medium>
                "Clear filters"
            </LinkButton>
        </EmptyState>
    }
    .into_any()
}
