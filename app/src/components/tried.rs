//! What is sent in several tries, in a list.

use leptos::prelude::*;

use crate::ui::prelude::*;

/// The cell that says where it stands: its children, why the last try failed, and when the next one is.
#[component]
pub fn TriedCell(last_error: Option<String>, next_at: Option<i64>, children: Children) -> impl IntoView {
    view! {
        <Td label="Status">
            <div>
                {children()} {last_error.map(|why| view! { <p class="muted">{why}</p> })}
                {next_at.map(|at| view! { <p class="muted">"Next try: " <Time ms=at /></p> })}
            </div>
        </Td>
    }
}
