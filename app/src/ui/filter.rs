//! Search and filters of a list: their values are the page's address.

use super::icon::{Glyph, Icon};
use leptos::{
    html::{Form, Input, Select},
    prelude::*,
};
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
                        let query = query_of(&form);
                        // Leaving the box is a change too, of nothing.
                        if window().location().search().is_ok_and(|now| now == query) {
                            return;
                        }
                        let to = format!("{action}{query}");
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
    .into_any()
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
    let node = NodeRef::<Input>::new();
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        let Some(node) = node.get_untracked() else { return };
        let typing = document()
            .active_element()
            .is_some_and(|active| active.is_same_node(Some(&node)));
        // An edited box ignores its attribute: after “Clear” it would still say what was searched.
        if before.is_some() && !typing {
            node.set_value(&value);
        }
    });
    view! {
        <div class="search-input">
            <Icon glyph=Glyph::Search />
            <input
                node_ref=node
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
    .into_any()
}

/// One filter of a [`FilterBar`]: pairs of value and word, the first of them usually `("", "Any status")`.
#[component]
pub fn FilterSelect(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] value: Signal<String>,
) -> impl IntoView {
    let node = NodeRef::<Select>::new();
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        if before.is_some()
            && let Some(node) = node.get_untracked()
        {
            node.set_value(&value);
        }
    });
    view! {
        <select class="input input--select filter-select" name=name aria-label=label node_ref=node>
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
    .into_any()
}
