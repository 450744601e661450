//! One change, with what was before and after.

use guildhall::audit::{AuditRecord, GetAuditRecord};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::audit_table::{
    actor_link, actor_of, changes_of, linked, target_link, target_of, words_of,
};
use crate::components::portal::Portal;
use crate::components::read::{Read, id_of, read};
use crate::rpc::audit::get_audit_record;
use crate::ui::prelude::*;

/// `/admin/audit/{id}`
#[component]
pub fn AuditRecordPage() -> impl IntoView {
    let params = use_params_map();
    let record = read(
        move || params.with(|params| params.get("record").unwrap_or_default()),
        |id| async move {
            get_audit_record(GetAuditRecord {
                audit_id: id_of(&id, "audit record")?,
            })
            .await
        },
    );
    view! {
        <Read resource=record whole=true let:record>
            <Record record />
        </Read>
    }
}

#[component]
fn Record(record: AuditRecord) -> impl IntoView {
    let id = record.audit_id.to_string();
    let changes = changes_of(record.before.as_ref(), record.after.as_ref());
    let all_of_it = format!("/admin/audit?target={}", record.target_id);
    let who = linked(actor_link(&record), actor_of(&record));
    let target = linked(target_link(&record, Portal::Tenant), target_of(&record));
    view! {
        <PageHeader
            title=words_of(&record.operation)
            crumbs=vec![Crumb::new("Audit", "/admin/audit")]
            meta=move || view! { <CopyId id=id.clone() what="audit id" /> }
        >
            <LinkButton href=all_of_it icon=Glyph::Audit>
                "Everything done to it"
            </LinkButton>
        </PageHeader>
        <div class="stack">
            <Card title="What happened">
                <DescriptionList>
                    <Description term="When">
                        <Time ms=record.at />
                    </Description>
                    <Description term="Who">{who}</Description>
                    <Description term="On what">
                        {record.target_kind.replace('_', " ")} " " {target}
                    </Description>
                    {record
                        .organization_id
                        .map(|id| {
                            let href = format!("/admin/organizations/{id}");
                            let name = record.organization_name.clone().unwrap_or_else(|| id.to_string());
                            view! {
                                <Description term="Organization">
                                    <a href=href>{name}</a>
                                </Description>
                            }
                        })}
                    <Description term="From">{or_unknown(record.ip)}</Description>
                    <Description term="With">{or_unknown(record.user_agent)}</Description>
                    <Description term="Request">{or_unknown(record.request_id)}</Description>
                </DescriptionList>
            </Card>
            <Card title="Before and after">
                {if changes.is_empty() {
                    view! { <p class="muted">"No field changed."</p> }.into_any()
                } else {
                    view! { <Diff changes /> }.into_any()
                }}
            </Card>
        </div>
    }
}

fn or_unknown(text: Option<String>) -> String {
    text.unwrap_or_else(|| "Unknown".to_owned())
}
