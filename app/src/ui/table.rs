//! Tables: readable cards on a phone, sortable by links, with rows to tick for bulk actions that need no script.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// A table. Below 40 rem each row becomes a card, its cells labelled by [`Td`]'s `label`. The roles are spelled out since
/// `display: block` would take a table's meaning from assistive technology.
#[component]
pub fn Table(
    /// What the rows are, for example “Members of Acme”.
    #[prop(into)]
    label: String,
    /// The heading row's cells: `Th`, `SelectAll`.
    #[prop(into)]
    head: ViewFn,
    /// Keeps columns on a phone and scrolls inside its box: for grids, where comparing across rows is the point.
    #[prop(optional)]
    scroll: bool,
    /// `Tr`s.
    children: Children,
) -> impl IntoView {
    let class = if scroll {
        "table table--scroll"
    } else {
        "table table--cards"
    };
    // Only what scrolls must be reachable by keyboard, and what is reachable must have a name.
    let region = scroll.then(|| label.clone());
    view! {
        <div
            class="table-box"
            role=scroll.then_some("region")
            aria-label=region
            tabindex=scroll.then_some("0")
        >
            <table class=class role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">{head.run()}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Which way a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Ascending,
    Descending,
}

/// A column's heading; with `sort_href` a link that sorts by it.
#[component]
pub fn Th(
    #[prop(into)] label: String,
    /// The page sorted by this column, or the other way round when it is already.
    #[prop(optional, into)]
    sort_href: Option<String>,
    #[prop(optional_no_strip)] sorted: Option<Sorted>,
    /// Numbers stand right.
    #[prop(optional)]
    numeric: bool,
    /// The label is for screen readers only: for the column of row menus.
    #[prop(optional)]
    hidden: bool,
) -> impl IntoView {
    let glyph = match sorted {
        Some(Sorted::Ascending) => Glyph::ArrowUp,
        Some(Sorted::Descending) => Glyph::ArrowDown,
        None => Glyph::UpDown,
    };
    let aria_sort = match sorted {
        Some(Sorted::Ascending) => Some("ascending"),
        Some(Sorted::Descending) => Some("descending"),
        None => None,
    };
    let label = if hidden {
        view! { <span class="sr-only">{label}</span> }.into_any()
    } else if let Some(href) = sort_href {
        view! {
            <a class="table__sort" href=href>
                {label}
                <Icon glyph class="icon--sm" />
            </a>
        }
        .into_any()
    } else {
        label.into_any()
    };
    view! {
        <th
            class=if numeric { "table__number" } else { "" }
            role="columnheader"
            scope="col"
            aria-sort=aria_sort
        >
            {label}
        </th>
    }
    .into_any()
}

/// A row.
#[component]
pub fn Tr(children: Children) -> impl IntoView {
    view! { <tr role="row">{children()}</tr> }
}

/// A cell.
#[component]
pub fn Td(
    /// The column's heading, shown before the value on a phone.
    #[prop(into)]
    label: String,
    #[prop(optional)] numeric: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <td class=if numeric { "table__number" } else { "" } role="cell" data-label=label>
            {children()}
        </td>
    }
}

/// The cell that names the row and links to it, with a quieter second line; a row without a page has no link.
#[component]
pub fn NameCell(
    /// Empty where there is no page.
    #[prop(into)]
    href: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] detail: MaybeProp<String>,
    /// An avatar or icon before the name.
    #[prop(optional, into)]
    lead: ViewFn,
) -> impl IntoView {
    view! {
        <td class="table__name" role="cell">
            <div class="name-cell">
                {lead.run()} <div class="name-cell__text">
                    {if href.is_empty() {
                        view! { <span class="name-cell__plain">{name}</span> }.into_any()
                    } else {
                        view! {
                            <a class="name-cell__link" href=href>
                                {name}
                            </a>
                        }
                            .into_any()
                    }}
                    {detail
                        .get_untracked()
                        .filter(|detail| !detail.is_empty())
                        .map(|detail| view! { <span class="name-cell__detail">{detail}</span> })}
                </div>
            </div>
        </td>
    }
    .into_any()
}

/// The cell at a row's end that holds its ⋮ menu.
#[component]
pub fn ActionsCell(children: Children) -> impl IntoView {
    view! {
        <td class="table__actions" role="cell">
            {children()}
        </td>
    }
}

/// The cell with a row's box to tick, which belongs to the [`BulkBar`]'s form wherever that stands.
#[component]
pub fn SelectCell(
    /// The bulk form's id.
    #[prop(into)]
    form: String,
    /// The field's name, for a `Vec`: `members[]`.
    #[prop(into)]
    name: String,
    #[prop(into)] value: String,
    /// Names the row, for example “Select Ada Lovelace”.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <td class="table__check" role="cell">
            <label class="check-target">
                <input type="checkbox" form=form name=name value=value aria-label=label />
            </label>
        </td>
    }
    .into_any()
}

/// The heading cell that ticks every row of the page, once scripts run.
#[component]
pub fn SelectAll() -> impl IntoView {
    let tick = move |event: leptos::ev::Event| {
        let all: leptos::web_sys::HtmlInputElement = event_target(&event);
        let Ok(Some(table)) = all.closest("table") else {
            return;
        };
        let Ok(boxes) = table.query_selector_all("tbody .table__check input") else {
            return;
        };
        for at in 0..boxes.length() {
            if let Some(input) = boxes
                .item(at)
                .and_then(|node| node.dyn_into::<leptos::web_sys::HtmlInputElement>().ok())
            {
                input.set_checked(all.checked());
            }
        }
    };
    view! {
        <th class="table__check" role="columnheader" scope="col">
            <label class="check-target needs-script">
                <input type="checkbox" aria-label="Select all on this page" on:change=tick />
            </label>
        </th>
    }
    .into_any()
}

/// Holds a table with ticked rows and its [`BulkBar`]: the bar shows while a row is ticked, by CSS alone.
#[component]
pub fn SelectArea(children: Children) -> impl IntoView {
    view! {
        <div class="select-area" on:submit:capture=let_the_browser_download>
            {children()}
        </div>
    }
}

/// A button that asks for a file sends its form itself: the form's own action is not what it asks for.
fn let_the_browser_download(event: leptos::ev::SubmitEvent) {
    let downloads = event
        .submitter()
        .is_some_and(|button| button.has_attribute("formaction"));
    if downloads {
        event.stop_propagation();
    }
}

/// What to do with the ticked rows. It stands after the table in a [`SelectArea`]; its children are the buttons that submit the
/// form `form` (which the page puts around the bar or anywhere else).
#[component]
pub fn BulkBar(
    /// The bulk form's id; “Clear” resets it.
    #[prop(into)]
    form: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="bulk-bar" role="group" aria-label="Actions for the selected rows">
            <p class="bulk-bar__count">
                <span class="bulk-bar__number"></span>
                " selected"
            </p>
            <div class="bulk-bar__actions">{children()}</div>
            <button class="btn btn--ghost btn--sm" type="reset" form=form>
                "Clear"
            </button>
        </div>
    }
    .into_any()
}

/// Rows that stand in while the real ones load.
#[component]
pub fn SkeletonRows(#[prop(default = 5)] rows: usize, #[prop(default = 4)] columns: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">"Loading…"</span>
            {(0..rows)
                .map(|_| {
                    view! {
                        <div class="skeleton__row" aria-hidden="true">
                            {(0..columns)
                                .map(|_| view! { <span class="skeleton__bar"></span> })
                                .collect_view()}
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
