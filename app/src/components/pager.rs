//! What lists of the console have in common around their rows.

use guildhall::page::PageInfo;
use leptos::prelude::*;

use crate::components::query::{ListQuery, use_list_query};
use crate::ui::prelude::*;

/// The end of a list: how much there is, other pages, rows a page.
#[component]
pub fn Pager(
    info: PageInfo,
    shown: usize,
    /// “member” and “members”.
    noun: (&'static str, &'static str),
) -> impl IntoView {
    let query = use_list_query();
    let here = query.get_untracked();
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    // Where nobody counted, another page is all that is known.
    let more = info.total_is_lower_bound || (info.total.is_none() && info.next_cursor.is_some());
    view! {
        <Pagination
            shown
            total=info.total.unwrap_or(shown)
            more
            noun
            previous=here.page(info.previous_cursor.as_ref())
            next=here.page(info.next_cursor.as_ref())
            size=u32::from(info.limit)
            size_href=Callback::new(move |size: u32| {
                query.get_untracked().href(&[("size", &size.to_string())])
            })
        />
    }
}

/// What the address says under `name`, for a control.
pub fn asked(query: Memo<ListQuery>, name: &'static str) -> Signal<String> {
    Signal::derive(move || query.with(|query| query.get(name)))
}

/// The link that sorts by `column`, and which way it is sorted now. The address says `sort=name` or `sort=-name`;
/// `default` holds where it says nothing.
pub fn sort_link(query: &ListQuery, column: &str, default: &str) -> (String, Option<Sorted>) {
    let asked = query.get("sort");
    let now = if asked.is_empty() { default } else { &asked };
    let (falling, by) = match now.strip_prefix('-') {
        Some(by) => (true, by),
        None => (false, now),
    };
    let sorted = (by == column).then_some(if falling {
        Sorted::Descending
    } else {
        Sorted::Ascending
    });
    let to = if sorted == Some(Sorted::Ascending) {
        format!("-{column}")
    } else {
        column.to_owned()
    };
    (query.href(&[("sort", &to)]), sorted)
}

/// Keeps sort and page size while a filter form is sent.
#[component]
pub fn Kept(query: Memo<ListQuery>, names: &'static [&'static str]) -> impl IntoView {
    names
        .iter()
        .map(|name| {
            let value = move || query.with(|query| query.get(name));
            view! { <input type="hidden" name=*name value=value /> }
        })
        .collect_view()
}
