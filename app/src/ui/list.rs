//! What stands around a list: filters, pages, and what to say when it is empty.

use super::{
    button::{LinkButton, Size, Variant},
    format::{count_of, format_count},
    icon::{Glyph, Icon},
};
use leptos::{html::Form, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Search and filters: a form whose fields are the address's query. Without scripts it has an *Apply* button; with them it
/// applies itself, a moment after the last key.
#[component]
pub fn FilterBar(
    /// The page's own path.
    #[prop(into)]
    action: String,
    /// The page without any filter, shown as *Clear* while some filter is set.
    #[prop(optional, into)]
    clear_href: MaybeProp<String>,
    /// Buttons at the right end, for example *Export*.
    #[prop(optional, into)]
    actions: ViewFn,
    children: Children,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let turn = StoredValue::new(0_u32);
    let navigate = use_navigate();
    let apply = {
        let action = action.clone();
        move |after: u64| {
            let Some(form) = form.get_untracked() else { return };
            let (action, navigate) = (action.clone(), navigate.clone());
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            let mine = turn.get_value();
            set_timeout(
                move || {
                    if turn.try_get_value() == Some(mine) {
                        let to = format!("{action}{}", query_of(&form));
                        let options = NavigateOptions {
                            replace: true,
                            scroll: false,
                            ..NavigateOptions::default()
                        };
                        navigate(&to, options);
                    }
                },
                std::time::Duration::from_millis(after),
            );
        }
    };
    let (typed, chosen, submitted) = (apply.clone(), apply.clone(), apply);
    view! {
        <form
            class="filter-bar"
            role="search"
            method="get"
            action=action
            node_ref=form
            on:input=move |_| typed(350)
            on:change=move |_| chosen(0)
            on:submit=move |event| {
                event.prevent_default();
                submitted(0);
            }
        >
            <div class="filter-bar__fields">
                {children()}
                <button class="btn no-script-only" type="submit">
                    "Apply"
                </button>
                {move || {
                    clear_href
                        .get()
                        .map(|href| {
                            view! {
                                <a class="btn btn--ghost" href=href>
                                    <Icon glyph=Glyph::Cross />
                                    <span class="btn__label">"Clear"</span>
                                </a>
                            }
                        })
                }}
            </div>
            <div class="filter-bar__actions">{actions.run()}</div>
        </form>
    }
}

/// A form's filled fields as a query, the empty ones left out.
fn query_of(form: &leptos::web_sys::HtmlFormElement) -> String {
    let Ok(data) = leptos::web_sys::FormData::new_with_form(form) else {
        return String::new();
    };
    let Ok(params) = leptos::web_sys::UrlSearchParams::new() else {
        return String::new();
    };
    for entry in data.entries().into_iter().flatten() {
        let pair = leptos::web_sys::js_sys::Array::from(&entry);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
            && !value.is_empty()
        {
            params.append(&name, &value);
        }
    }
    match String::from(params.to_string()) {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

/// The search box of a [`FilterBar`].
#[component]
pub fn SearchInput(
    #[prop(default = "q")] name: &'static str,
    /// What it searches, for example “Search name, email, phone or id”.
    #[prop(into)]
    label: String,
    #[prop(optional, into)] value: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="search-input">
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                name=name
                value=move || value.get()
                placeholder=label.clone()
                aria-label=label
                autocomplete="off"
            />
        </div>
    }
}

/// One filter of a [`FilterBar`]: pairs of value and word, the first of them usually `("", "Any status")`.
#[component]
pub fn FilterSelect(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] value: Signal<String>,
) -> impl IntoView {
    view! {
        <select class="input input--select filter-select" name=name aria-label=label>
            {move || {
                let value = value.get();
                options
                    .get()
                    .into_iter()
                    .map(|(option, word)| {
                        let selected = option == value;
                        view! {
                            <option value=option selected=selected>
                                {word}
                            </option>
                        }
                    })
                    .collect_view()
            }}
        </select>
    }
}

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
    view! {
        <nav class="pagination" aria-label="Pages">
            <p class="pagination__total" aria-live="polite">
                {summary}
            </p>
            {size_href
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
            <div class="pagination__steps">
                {step(previous, "Previous", "prev")} {step(next, "Next", "next")}
            </div>
        </nav>
    }
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
}
