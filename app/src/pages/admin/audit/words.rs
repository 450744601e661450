//! An audit record in words, with links to what it is about.

use guildhall::audit::AuditRecord;
use guildhall::caller::ActorKind;
use serde_json::Value;

use crate::ui::diff::Change;

/// `create_organization` as “Create organization”.
pub fn operation_words(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Who did it, as they were called then.
pub fn actor_words(record: &AuditRecord) -> String {
    match record.actor_kind {
        ActorKind::System => "Guildhall itself".to_owned(),
        ActorKind::Anonymous => "Somebody not signed in".to_owned(),
        ActorKind::User | ActorKind::Client => record
            .actor_name
            .clone()
            .or_else(|| record.actor_id.clone())
            .unwrap_or_else(|| "Unknown".to_owned()),
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
pub fn target_words(record: &AuditRecord) -> String {
    record
        .target_name
        .clone()
        .unwrap_or_else(|| record.target_id.clone())
}

/// Where the thing is shown, if it has a page; it may have been deleted since.
pub fn target_link(record: &AuditRecord) -> Option<String> {
    let id = &record.target_id;
    match (record.target_kind.as_str(), record.organization_id) {
        ("organization", _) => Some(format!("/admin/organizations/{id}")),
        ("application", _) => Some(format!("/admin/applications/{id}")),
        ("user", _) => Some(format!("/admin/users/{id}")),
        ("member", Some(organization)) => Some(format!("/admin/organizations/{organization}/members/{id}")),
        _ => None,
    }
}

/// What changed, field by field.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let mut fields: Vec<&String> = [before, after]
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|object| object.keys())
        .collect();
    fields.sort();
    fields.dedup();
    let side = |value: Option<&Value>, field: &str| match value?.get(field)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    };
    fields
        .into_iter()
        .map(|field| Change {
            field: operation_words(field),
            before: side(before, field),
            after: side(after, field),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_said_field_by_field() {
        let (before, after) = (
            json!({ "name": "A", "enabled": true }),
            json!({ "name": "B", "roles": ["x", "y"] }),
        );
        let said: Vec<_> = changes(Some(&before), Some(&after))
            .into_iter()
            .map(|change| (change.field, change.before, change.after))
            .collect();
        assert_eq!(
            said,
            [
                ("Enabled".to_owned(), Some("true".to_owned()), None),
                ("Name".to_owned(), Some("A".to_owned()), Some("B".to_owned())),
                ("Roles".to_owned(), None, Some("x, y".to_owned())),
            ]
        );
    }

    #[test]
    fn operations_read_as_words() {
        assert_eq!(operation_words("create_role_group"), "Create role group");
        assert_eq!(operation_words(""), "");
    }
}
