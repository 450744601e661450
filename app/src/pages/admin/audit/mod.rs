//! The audit: who did what, on what, when, from where.

pub mod record;

use guildhall::audit::{AuditRecord, ListAudit};
use guildhall::page::Page;
use guildhall::{CATALOGUE, Kind};
use leptos::prelude::*;

use crate::components::audit_table::{AuditTable, words_of};
use crate::components::export::ExportLink;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, read};
use crate::rpc::audit::list_audit;
use crate::ui::prelude::*;

const FILTERS: [&str; 5] = ["q", "operation", "actor", "target", "cursor"];

/// `/admin/audit?q=…&operation=…&actor=…&target=…`
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_list_query();
    let records = read(
        move || query.get(),
        |query| async move { list_audit(operation(&query)).await },
    );
    let mut operations = vec![(String::new(), "Any action".to_owned())];
    operations.extend(
        CATALOGUE
            .iter()
            .filter(|entry| entry.kind == Kind::Write)
            .map(|entry| (entry.name.to_owned(), words_of(entry.name))),
    );
    view! {
        <PageHeader title="Audit" description="Every change: who made it, on what, when and from where." />
        <FilterBar
            action="/admin/audit"
            clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
            actions=move || {
                view! {
                    <ExportLink path="/admin/audit.csv" operation=move || Ok(operation(&query.get())) />
                }
            }
        >
            <SearchInput label="Search names and ids" value=asked(query, "q") />
            <FilterSelect
                name="operation"
                label="Action"
                value=asked(query, "operation")
                options=operations
            />
            <Kept query names=&["actor", "target", "size"] />
        </FilterBar>
        <Narrowed query />
        <Card flush=true>
            <Read resource=records let:page>
                <List page query=query.get_untracked() />
            </Read>
        </Card>
    }
}

fn operation(query: &ListQuery) -> ListAudit {
    ListAudit {
        search: query.search(),
        operation: query.parsed("operation"),
        actor_id: query.parsed("actor"),
        target_id: query.parsed("target"),
        limit: query.limit(),
        cursor: query.cursor(),
    }
}

/// Filters that links from elsewhere set, each with the way out of it.
#[component]
fn Narrowed(query: Memo<ListQuery>) -> impl IntoView {
    let chip = move |name: &'static str, words: &'static str| {
        move || {
            query.with(|query| {
                let id = query.get(name);
                (!id.is_empty()).then(|| {
                    view! {
                        <p class="row">
                            {words} " " <code>{id}</code>
                            <LinkButton
                                href=query.href(&[(name, "")])
                                variant=Variant::Ghost
                                size=Size::Small
                                icon=Glyph::Cross
                            >
                                "Show all"
                            </LinkButton>
                        </p>
                    }
                })
            })
        }
    };
    view! {
        {chip("actor", "Only what was done by")}
        {chip("target", "Only what was done to")}
    }
}

#[component]
fn List(page: Page<AuditRecord>, query: ListQuery) -> impl IntoView {
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="changes" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Audit
                    title="Nothing has changed yet"
                    text="Every change that somebody makes, here or over the API, appears in this list."
                />
            }
            .into_any(),
        };
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <AuditTable records=page.items label="Changes, newest first" everywhere=true />
        <Pager info shown noun=("change", "changes") />
    }
    .into_any()
}
