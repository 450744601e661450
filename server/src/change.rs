//! One change as the audit keeps it: on what, and the fields before and after.

use guildhall::id::{OrganizationId, UserId};
use serde::Serialize;
use serde_json::{Map, Value};

/// Fields that change with every write and say nothing.
const NOISE: [&str; 4] = ["version", "updated_at", "member_count", "organization_count"];

/// What an operation changed.
#[derive(Debug, Clone)]
pub struct Change {
    pub target_kind: &'static str,
    pub target_id: String,
    pub target_name: Option<String>,
    pub organization_id: Option<OrganizationId>,
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// Who did it, where only the operation itself found out: whoever signs in is nobody before.
    pub actor: Option<UserId>,
    /// What whoever did it is called, where it is not as everybody else is.
    pub actor_name: Option<String>,
}

impl Change {
    /// A change of a thing of a kind.
    pub fn of(target_kind: &'static str, target_id: impl ToString, target_name: impl Into<String>) -> Self {
        Change {
            target_kind,
            target_id: target_id.to_string(),
            target_name: Some(target_name.into()),
            organization_id: None,
            before: None,
            after: None,
            actor: None,
            actor_name: None,
        }
    }

    /// Done by the person whom the operation has just made known.
    pub fn by(mut self, person: UserId) -> Self {
        self.actor = Some(person);
        self
    }

    /// Done by somebody whom the organization knows under this name only.
    pub fn called(mut self, actor_name: impl Into<String>) -> Self {
        self.actor_name = Some(actor_name.into());
        self
    }

    /// In an organization: its own audit shows it, too.
    pub fn within(mut self, organization_id: OrganizationId) -> Self {
        self.organization_id = Some(organization_id);
        self
    }

    /// What it was; secrets have no place here.
    pub fn before(mut self, value: &impl Serialize) -> Self {
        self.before = serde_json::to_value(value).ok();
        self
    }

    /// What it is now; secrets have no place here.
    pub fn after(mut self, value: &impl Serialize) -> Self {
        self.after = serde_json::to_value(value).ok();
        self
    }

    /// Only the fields that differ; for something new or deleted, all that say something.
    pub fn trimmed(&self) -> (Option<Value>, Option<Value>) {
        let keep = |value: &Option<Value>, other: &Option<Value>| -> Option<Value> {
            let Value::Object(fields) = value.as_ref()? else {
                return value.clone();
            };
            let other = other.as_ref().and_then(Value::as_object);
            let kept: Map<String, Value> = fields
                .iter()
                .filter(|(name, _)| !NOISE.contains(&name.as_str()))
                .filter(|(name, value)| match other {
                    Some(other) => other.get(*name) != Some(value),
                    None => !value.is_null() && **value != Value::Array(Vec::new()),
                })
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            Some(Value::Object(kept))
        };
        (keep(&self.before, &self.after), keep(&self.after, &self.before))
    }
}
