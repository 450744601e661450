//! Records of the audit in the pages of an organization: what was done, by whom, to what, and what it changed.

use guildhall::audit::AuditRecord;
use leptos::prelude::*;

use crate::pages::admin::audit::words::{actor_words, changes, operation_words, target_link, target_words};
use crate::ui::prelude::*;

#[component]
pub fn AuditTable(records: Vec<AuditRecord>, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <Table
            label
            head=|| {
                view! {
                    <Th label="What" />
                    <Th label="Who" />
                    <Th label="On what" />
                    <Th label="Change" />
                    <Th label="When" sorted=Some(Sorted::Descending) />
                    <Th label="From" />
                }
            }
        >
            {records.into_iter().map(row).collect_view()}
        </Table>
    }
}

fn row(record: AuditRecord) -> impl IntoView {
    let target = target_words(&record);
    let target = match target_link(&record) {
        Some(href) => view! { <a href=href>{target}</a> }.into_any(),
        None => target.into_any(),
    };
    let changes = changes(record.before.as_ref(), record.after.as_ref());
    let (what, who) = (operation_words(&record.operation), actor_words(&record));
    view! {
        <Tr>
            <NameCell href=format!("/admin/audit/{}", record.audit_id) name=what />
            <Td label="Who">{who}</Td>
            <Td label="On what">{target}</Td>
            <Td label="Change">
                {match u64::try_from(changes.len()) {
                    Ok(0) | Err(_) => "None".into_any(),
                    Ok(fields) => {
                        view! {
                            <Disclosure summary=count_of(fields, "field", "fields")>
                                <Diff changes />
                            </Disclosure>
                        }
                            .into_any()
                    }
                }}
            </Td>
            <Td label="When">
                <Time ms=record.at />
            </Td>
            <Td label="From">{record.ip.unwrap_or_default()}</Td>
        </Tr>
    }
}
