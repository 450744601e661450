//! Records of the audit as a table: when, who, what, on what, and what it was before and after.

use std::collections::BTreeSet;

use guildhall::audit::AuditRecord;
use guildhall::caller::ActorKind;
use leptos::prelude::*;
use serde_json::Value;

use super::portal::{Portal, use_portal};
use crate::ui::prelude::*;

#[component]
pub fn AuditTable(
    records: Vec<AuditRecord>,
    #[prop(into)] label: String,
    /// Of all organizations: says which.
    #[prop(optional)]
    everywhere: bool,
) -> impl IntoView {
    let portal = use_portal();
    view! {
        <Table
            label
            head=move || {
                view! {
                    <Th label="When" sorted=Some(Sorted::Descending) />
                    <Th label="Who" />
                    <Th label="What" />
                    <Th label="On what" />
                    {everywhere.then(|| view! { <Th label="Organization" /> })}
                    <Th label="Change" />
                }
            }
        >
            {records.into_iter().map(|record| row(record, everywhere, portal)).collect_view()}
        </Table>
    }
}

fn row(record: AuditRecord, everywhere: bool, portal: Portal) -> impl IntoView {
    let href = portal
        .is_tenant()
        .then(|| format!("/admin/audit/{}", record.audit_id));
    let changes = changes_of(record.before.as_ref(), record.after.as_ref());
    let from = record.ip.clone().map(|ip| format!("from {ip}"));
    let target = linked(target_link(&record, portal), target_of(&record));
    let organization = match record.organization_id {
        Some(id) => linked(
            Some(format!("/admin/organizations/{id}")),
            record.organization_name.clone().unwrap_or_else(|| id.to_string()),
        ),
        None => "—".into_any(),
    };
    let (who, what, kind) = (
        actor_of(&record),
        words_of(&record.operation),
        record.target_kind.replace('_', " "),
    );
    view! {
        <Tr>
            <Td label="When">
                {match href {
                    Some(href) => {
                        view! {
                            <a href=href>
                                <Time ms=record.at />
                            </a>
                        }
                            .into_any()
                    }
                    None => view! { <Time ms=record.at /> }.into_any(),
                }}
            </Td>
            <Td label="Who">
                {who} {from.map(|from| view! { <span class="name-cell__detail">{from}</span> })}
            </Td>
            <Td label="What">{what}</Td>
            <Td label="On what">
                {target} <span class="name-cell__detail">{kind}</span>
            </Td>
            {everywhere.then(|| view! { <Td label="Organization">{organization}</Td> })}
            <Td label="Change">
                {match changes.len() {
                    0 => "—".into_any(),
                    fields => {
                        view! {
                            <Disclosure summary=count_of(
                                u64::try_from(fields).unwrap_or_default(),
                                "field",
                                "fields",
                            )>
                                <Diff changes />
                            </Disclosure>
                        }
                            .into_any()
                    }
                }}
            </Td>
        </Tr>
    }
}

/// Words, with a link where there is a page for them.
pub fn linked(href: Option<String>, words: String) -> AnyView {
    match href {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

/// Where the actor is shown, if they have a page.
pub fn actor_link(record: &AuditRecord) -> Option<String> {
    match (record.actor_kind, &record.actor_id) {
        (ActorKind::User, Some(id)) => Some(format!("/admin/users/{id}")),
        _ => None,
    }
}

/// What it was done to, as it was called then.
pub fn target_of(record: &AuditRecord) -> String {
    record
        .target_name
        .clone()
        .unwrap_or_else(|| record.target_id.clone())
}

/// Where the thing is shown, if it has a page; it may have been deleted since.
pub fn target_link(record: &AuditRecord, portal: Portal) -> Option<String> {
    let id = &record.target_id;
    match (record.target_kind.as_str(), record.organization_id) {
        ("organization", _) => Some(portal.path_of(id)),
        ("application", _) if portal.is_tenant() => Some(format!("/admin/applications/{id}")),
        ("user", _) if portal.is_tenant() => Some(format!("/admin/users/{id}")),
        ("mail_template", _) if portal.is_tenant() => Some(format!("/admin/settings/mail-templates/{id}")),
        ("member", Some(organization)) => Some(format!(
            "{}/members/{id}",
            portal.path_of(&organization.to_string())
        )),
        ("organization_client", Some(organization)) => Some(format!(
            "{}/clients/{}",
            portal.path_of(&organization.to_string()),
            record.target_id
        )),
        ("team", Some(organization)) => Some(format!(
            "{}/teams/{id}",
            portal.path_of(&organization.to_string())
        )),
        _ => None,
    }
}

/// Who did it, in words.
pub fn actor_of(record: &AuditRecord) -> String {
    match (record.actor_kind, &record.actor_name, &record.actor_id) {
        (ActorKind::System, ..) => "The program itself".to_owned(),
        (ActorKind::Anonymous, ..) => "Not signed in".to_owned(),
        (ActorKind::Client, Some(name), _) => format!("{name} (client)"),
        (_, Some(name), _) => name.clone(),
        (_, None, Some(id)) => id.clone(),
        (_, None, None) => "Unknown".to_owned(),
    }
}

/// `add_organization_apps` as “Added organization apps”.
pub fn words_of(operation: &str) -> String {
    let (verb, rest) = operation.split_once('_').unwrap_or((operation, ""));
    let verb = match verb {
        "create" => "Created",
        "update" | "change" => "Changed",
        "delete" => "Deleted",
        "add" => "Added",
        "remove" => "Removed",
        "set" => "Set",
        "save" => "Saved",
        "rotate" => "Rotated",
        "sign" => "Signed",
        "issue" => "Issued",
        "rename" => "Renamed",
        "view" => "Viewed",
        "stop" => "Stopped",
        "reset" => "Reset",
        "confirm" => "Confirmed",
        "renew" => "Renewed",
        "finish" => "Finished",
        "approve" => "Approved",
        "reject" => "Rejected",
        "request" => "Requested",
        "withdraw" => "Withdrew",
        other => return other.replace('_', " "),
    };
    format!("{verb} {}", rest.replace('_', " ")).trim_end().to_owned()
}

/// The fields that changed, by name, as they were and as they are.
pub fn changes_of(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let fields = |value: Option<&Value>| -> BTreeSet<String> {
        value
            .and_then(Value::as_object)
            .map(|fields| fields.keys().cloned().collect())
            .unwrap_or_default()
    };
    let side = |value: Option<&Value>, field: &str| value?.get(field).and_then(text_of);
    fields(before)
        .union(&fields(after))
        .map(|field| Change {
            field: field.replace('_', " "),
            before: side(before, field),
            after: side(after, field),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(text_of).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_shown() {
        let (before, after) = (
            json!({"name": "A", "enabled": true}),
            json!({"name": "B", "enabled": true, "apps": []}),
        );
        let changes = changes_of(Some(&before), Some(&after));
        assert_eq!(changes.len(), 1);
        assert_eq!(
            changes.first().and_then(|change| change.after.as_deref()),
            Some("B")
        );
    }

    #[test]
    fn operations_have_words() {
        assert_eq!(words_of("add_organization_apps"), "Added organization apps");
        assert_eq!(words_of("sign_in"), "Signed in");
    }
}
