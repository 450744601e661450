//! The audit: who did what, on what, when, from where.

pub mod record;
pub mod words;

use guildhall::audit::{AuditRecord, ListAudit};
use guildhall::page::Page;
use guildhall::{CATALOGUE, Kind};
use leptos::prelude::*;

use self::words::{actor_words, operation_words, target_link, target_words};
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
        |query| async move {
            list_audit(ListAudit {
                search: query.search(),
                operation: query.parsed("operation"),
                actor_id: query.parsed("actor"),
                target_id: query.parsed("target"),
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    let mut operations = vec![(String::new(), "Any action".to_owned())];
    operations.extend(
        CATALOGUE
            .iter()
            .filter(|entry| entry.kind == Kind::Write)
            .map(|entry| (entry.name.to_owned(), operation_words(entry.name))),
    );
    view! {
        <PageHeader title="Audit" description="Every change: who made it, on what, when and from where." />
        <FilterBar
            action="/admin/audit"
            clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
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
        <Table
            label="Changes, newest first"
            head=|| {
                view! {
                    <Th label="What" />
                    <Th label="Who" />
                    <Th label="On what" />
                    <Th label="Organization" />
                    <Th label="When" sorted=Some(Sorted::Descending) />
                    <Th label="From" />
                }
            }
        >
            {page.items.into_iter().map(|record| view! { <Row record /> }).collect_view()}
        </Table>
        <Pager info shown noun=("change", "changes") />
    }
    .into_any()
}

#[component]
fn Row(record: AuditRecord) -> impl IntoView {
    let (who, what) = (actor_words(&record), operation_words(&record.operation));
    let target = target_words(&record);
    let target = match target_link(&record) {
        Some(href) => view! { <a href=href>{target}</a> }.into_any(),
        None => target.into_any(),
    };
    let organization = match (record.organization_id, record.organization_name.clone()) {
        (Some(id), Some(name)) => {
            let href = format!("/admin/organizations/{id}");
            view! { <a href=href>{name}</a> }.into_any()
        }
        (Some(id), None) => id.to_string().into_any(),
        _ => ().into_any(),
    };
    view! {
        <Tr>
            <NameCell
                href=format!("/admin/audit/{}", record.audit_id)
                name=what
            />
            <Td label="Who">{who}</Td>
            <Td label="On what">{target}</Td>
            <Td label="Organization">{organization}</Td>
            <Td label="When">
                <Time ms=record.at />
            </Td>
            <Td label="From">{record.ip.unwrap_or_default()}</Td>
        </Tr>
    }
}
