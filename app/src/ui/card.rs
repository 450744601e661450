//! Boxes that hold content: cards, sections, description lists.

use leptos::prelude::*;

/// A surface with an optional heading, description and actions.
#[component]
pub fn Card(
    #[prop(optional, into)] title: MaybeProp<String>,
    #[prop(optional, into)] description: MaybeProp<String>,
    /// Buttons at the heading's right.
    #[prop(optional, into)]
    actions: ViewFn,
    /// The content reaches the edges: for tables and lists.
    #[prop(optional)]
    flush: bool,
    /// Red edge, for the part of a page where things are destroyed.
    #[prop(optional)]
    danger: bool,
    children: Children,
) -> impl IntoView {
    let has_head = title.get_untracked().is_some();
    let class = match (flush, danger) {
        (false, false) => "card",
        (true, false) => "card card--flush",
        (false, true) => "card card--danger",
        (true, true) => "card card--flush card--danger",
    };
    view! {
        <section class=class>
            {has_head
                .then(|| {
                    view! {
                        <header class="card__head">
                            <div>
                                <h2 class="card__title">{move || title.get()}</h2>
                                {move || {
                                    description.get().map(|text| view! { <p class="card__text">{text}</p> })
                                }}
                            </div>
                            <div class="card__actions">{actions.run()}</div>
                        </header>
                    }
                })} <div class="card__body">{children()}</div>
        </section>
    }
    .into_any()
}

/// A part of a settings page: its heading on the left, its content on the right where there is room.
#[component]
pub fn Section(
    /// What links jump to.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(into)] title: String,
    #[prop(optional, into)] description: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section id=id class="section">
            <div class="section__head">
                <h2 class="card__title">{title}</h2>
                {description.map(|text| view! { <p class="card__text">{text}</p> })}
            </div>
            <div class="section__body">{children()}</div>
        </section>
    }
    .into_any()
}

/// Terms and what they are: a thing's properties.
#[component]
pub fn DescriptionList(children: Children) -> impl IntoView {
    view! { <dl class="dl">{children()}</dl> }
}

/// One property in a [`DescriptionList`].
#[component]
pub fn Description(#[prop(into)] term: String, children: Children) -> impl IntoView {
    view! {
        <div class="dl__row">
            <dt>{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

/// Cards side by side where there is room.
#[component]
pub fn CardGrid(children: Children) -> impl IntoView {
    view! { <div class="card-grid">{children()}</div> }
}

/// A number that matters, with the link to what it counts.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] href: Option<String>,
    /// What it means, or how it changed.
    #[prop(optional, into)]
    note: MaybeProp<String>,
) -> impl IntoView {
    let body = move || {
        view! {
            <span class="stat__label">{label.clone()}</span>
            <span class="stat__value">{move || value.get()}</span>
            {move || note.get().map(|note| view! { <span class="stat__note">{note}</span> })}
        }
    };
    match href {
        Some(href) => view! { <a class="stat stat--link" href=href>{body()}</a> }.into_any(),
        None => view! { <div class="stat">{body()}</div> }.into_any(),
    }
}

/// Details behind a summary, without a script.
#[component]
pub fn Disclosure(
    #[prop(into)] summary: String,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>{summary}</summary>
            <div class="disclosure__body">{children()}</div>
        </details>
    }
    .into_any()
}
