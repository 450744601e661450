//! Webhooks: what happens is told to the tenant's and the organizations' own programs (Standard Webhooks).

use serde::{Deserialize, Serialize};

use crate::error::Malformed;
use crate::id::{EventId, OrganizationId, WebhookId};
use crate::operation::{Kind, Scope, operation};
use crate::page::{Cursor, Limit, Page};
use crate::secret::Secret;
use crate::text::Description;
use crate::value::text_value;
pub use crate::webhook_url::{WebhookUrl, origin};

/// The most endpoints that the tenant, or one organization, can have.
pub const MOST_WEBHOOKS: u16 = 20;

/// The event that tries whether an endpoint works.
pub const PING: &str = "ping";

/// A type of event: the name of the operation that changed something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventType(String);
text_value!(EventType, { "type": "string", "enum": event_types() });

impl EventType {
    /// Parses one that [`event_types`] names.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if event_types().contains(&text) {
            Ok(EventType(text.to_owned()))
        } else {
            Err(Malformed::new("is not a type of event"))
        }
    }
}

/// Every type of event: the operations that change something, in the catalogue's order.
pub fn event_types() -> Vec<&'static str> {
    crate::CATALOGUE
        .iter()
        .filter(|entry| entry.kind == Kind::Write)
        .map(|entry| entry.name)
        .collect()
}

/// Why an endpoint was switched off by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisabledBecause {
    /// It answered 410: it wants no more.
    Gone,
    /// Nothing was taken for days.
    Failing,
}

impl DisabledBecause {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            DisabledBecause::Gone => "gone",
            DisabledBecause::Failing => "failing",
        }
    }
}

/// An endpoint: where events go. Its secret is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhook {
    pub webhook_id: WebhookId,
    /// The organization that it is of, whose events alone it gets; absent where it is the tenant's, and gets all.
    pub organization_id: Option<OrganizationId>,
    pub url: String,
    pub description: Option<String>,
    /// The types of events that it gets; empty for all.
    pub event_types: Vec<String>,
    pub enabled: bool,
    /// Why it is disabled, where nobody did it.
    pub disabled_because: Option<DisabledBecause>,
    /// Since when nothing was taken; absent where the last delivery was.
    pub failing_since: Option<i64>,
    /// Until when deliveries are also signed with the secret before the present one.
    pub previous_secret_until: Option<i64>,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

/// An endpoint together with its secret: shown once, at creation and at rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookWithSecret {
    pub webhook: Webhook,
    /// `whsec_` and a key in base64, as the libraries of Standard Webhooks take it. Shown now and never again.
    pub secret: Secret,
}

/// Lists endpoints, the newest first: the tenant's own, or those of one organization.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListWebhooks {
    /// The organization whose they are; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListWebhooks => Page<Webhook>, "list_webhooks", Read, ReadWebhooks, |op| whose(op.organization_id));

/// Reads one endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetWebhook {
    /// The organization whose it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
}
operation!(GetWebhook => Webhook, "get_webhook", Read, ReadWebhooks, |op| whose(op.organization_id));

/// Creates an endpoint; the answer holds its secret. The tenant, and each organization, has at most 20.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateWebhook {
    /// The organization whose it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub url: WebhookUrl,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Empty for all.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub event_types: Vec<EventType>,
}
operation!(CreateWebhook => WebhookWithSecret, "create_webhook", Write, ManageWebhooks, |op| whose(op.organization_id));

/// Changes an endpoint; what is absent stays. What waits for one that is disabled is given up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateWebhook {
    /// The organization whose it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<WebhookUrl>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Replaces the list; empty for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub event_types: Option<Vec<EventType>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}
operation!(UpdateWebhook => Webhook, "update_webhook", Write, ManageWebhooks, |op| whose(op.organization_id));

/// Deletes an endpoint with the log of its deliveries.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteWebhook {
    /// The organization whose it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
}
operation!(DeleteWebhook => (), "delete_webhook", Write, ManageWebhooks, |op| whose(op.organization_id));

/// Gives an endpoint a new secret. For 24 hours deliveries are signed with the old one, too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateWebhookSecret {
    /// The organization whose it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
}
operation!(RotateWebhookSecret => WebhookWithSecret, "rotate_webhook_secret", Write, ManageWebhooks, |op| whose(op.organization_id));

/// Sends an endpoint an event of the type `ping`, whatever types it gets; 409 while it is disabled.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendTestEvent {
    /// The organization whose it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
}
operation!(SendTestEvent => WebhookDelivery, "send_test_event", Write, ManageWebhooks, |op| whose(op.organization_id));

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// For its first or next try.
    Waiting,
    /// A server is at it.
    Sending,
    /// The endpoint answered 2xx.
    Delivered,
    /// Given up: `last_error` says why. It can be sent again.
    Failed,
}

impl DeliveryStatus {
    /// Every status.
    pub const ALL: [DeliveryStatus; 4] = [
        DeliveryStatus::Waiting,
        DeliveryStatus::Sending,
        DeliveryStatus::Delivered,
        DeliveryStatus::Failed,
    ];

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryStatus::Waiting => "waiting",
            DeliveryStatus::Sending => "sending",
            DeliveryStatus::Delivered => "delivered",
            DeliveryStatus::Failed => "failed",
        }
    }
}

/// One event on its way to one endpoint. Times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDelivery {
    pub webhook_id: WebhookId,
    /// The header `webhook-id`, the same on every try and for every endpoint.
    pub event_id: EventId,
    /// The operation's name, or `ping`.
    pub event_type: String,
    pub status: DeliveryStatus,
    /// How often it was tried since it was last asked for.
    pub attempts: u64,
    /// When it is tried next; absent unless it waits.
    pub next_at: Option<i64>,
    /// The status of the last answer; absent where there was none.
    pub last_status: Option<u16>,
    /// What the last try came to, where it failed.
    pub last_error: Option<String>,
    pub created_at: i64,
    pub delivered_at: Option<i64>,
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookTry {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// Milliseconds.
    pub duration: u64,
    /// The answer's status; absent where there was none.
    pub status: Option<u16>,
    /// Why it counts as failed.
    pub error: Option<String>,
    /// How the answer's body begins, where it is text.
    pub answer: Option<String>,
}

/// A delivery with what is sent, and its tries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDeliveryDetails {
    pub delivery: WebhookDelivery,
    /// The body to the letter; absent before the first try.
    pub payload: Option<String>,
    /// The newest 50, the newest first.
    pub tries: Vec<WebhookTry>,
}

/// Lists an endpoint's deliveries of the last 30 days, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListDeliveries {
    /// The organization whose endpoint it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DeliveryStatus>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListDeliveries => Page<WebhookDelivery>, "list_deliveries", Read, ReadWebhooks, |op| whose(op.organization_id));

/// Reads one delivery with what is sent and its tries.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetDelivery {
    /// The organization whose endpoint it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
    pub event_id: EventId,
}
operation!(GetDelivery => WebhookDeliveryDetails, "get_delivery", Read, ReadWebhooks, |op| whose(op.organization_id));

/// Sends an event to an endpoint again, with all tries before it; 409 while the endpoint is disabled or a server is at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResendDelivery {
    /// The organization whose endpoint it is; absent for the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    pub webhook_id: WebhookId,
    pub event_id: EventId,
}
operation!(ResendDelivery => WebhookDelivery, "resend_delivery", Write, ManageWebhooks, |op| whose(op.organization_id));

/// Where the right is looked up: with the organization, or with the tenant.
fn whose(organization: Option<OrganizationId>) -> Scope {
    organization.map_or(Scope::Tenant, Scope::Organization)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_what_operations_change() {
        assert!(EventType::parse("add_member").is_ok());
        assert!(EventType::parse("list_members").is_err());
        assert!(EventType::parse(PING).is_err());
    }
}
