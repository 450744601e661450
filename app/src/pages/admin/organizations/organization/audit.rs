//! `/admin/organizations/{id}/audit`: what was done in the organization.

use guildhall::CATALOGUE;
use guildhall::audit::{AuditRecord, ListOrganizationAudit};
use guildhall::page::Page;
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::audit_table::{AuditTable, words_of};
use crate::components::export::ExportLink;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::portal::use_portal;
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::rpc::RpcError;
use crate::rpc::organizations::list_organization_audit;
use crate::ui::prelude::*;

const FILTERS: [&str; 5] = ["q", "operation", "actor", "target", "cursor"];

/// What the audit of one organization can hold.
const NOUNS: [&str; 6] = [
    "organization",
    "member",
    "members",
    "organization_apps",
    "invitation",
    "viewing",
];

#[component]
pub fn OrganizationAuditPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let records = read(
        move || (id.get(), query.get()),
        |(id, query)| async move { list_organization_audit(operation(&id, &query, None)?).await },
    );
    let action = format!("{}/audit", use_portal().path_of(&id.get_untracked()));
    let file = format!("{action}.csv");
    view! {
        <FilterBar
            action
            clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
            actions=move || {
                view! {
                    <ExportLink
                        path=file.clone()
                        operation=move || operation(&id.get(), &query.get(), None)
                    />
                }
            }
        >
            <SearchInput label="Search names and ids" value=asked(query, "q") />
            <FilterSelect
                name="operation"
                label="Action"
                value=asked(query, "operation")
                options=operations()
            />
            <Kept query names=&["actor", "target", "size"] />
        </FilterBar>
        <Read resource=records whole=true let:page>
            <Records page query=query.get_untracked() />
        </Read>
    }
}

/// What to ask for; `target_id` narrows it to what was done to one thing.
pub fn operation(
    id: &str,
    query: &ListQuery,
    target_id: Option<&str>,
) -> Result<ListOrganizationAudit, RpcError> {
    let target = target_id.map_or_else(|| query.parsed("target"), |id| id.parse().ok());
    Ok(ListOrganizationAudit {
        organization_id: id_of(id, "organization")?,
        search: query.search(),
        operation: query
            .parsed("operation")
            .filter(|text| !guildhall::text::Text::as_str(text).is_empty()),
        actor_id: query
            .parsed("actor")
            .filter(|text| !guildhall::text::Text::as_str(text).is_empty()),
        target_id: target.filter(|text| !guildhall::text::Text::as_str(text).is_empty()),
        limit: query.limit(),
        cursor: query.cursor(),
    })
}

/// Every change that an organization's audit can hold, in words.
fn operations() -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "Any action".to_owned())];
    options.extend(
        CATALOGUE
            .iter()
            .filter(|entry| entry.kind == guildhall::Kind::Write)
            .filter(|entry| NOUNS.iter().any(|noun| entry.name.contains(noun)))
            .map(|entry| (entry.name.to_owned(), words_of(entry.name))),
    );
    options
}

/// A page of records with the way to the others.
#[component]
pub fn Records(page: Page<AuditRecord>, query: ListQuery) -> impl IntoView {
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
        <Card flush=true>
            <AuditTable records=page.items label="Changes, newest first" />
            <Pager info shown noun=("change", "changes") />
        </Card>
    }
    .into_any()
}
