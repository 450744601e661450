//! Endpoints for events, and what was sent to them: the server functions of their pages, the tenant's and organizations'.

use guildhall::page::Page;
use guildhall::webhooks::{self as ops, Webhook, WebhookDelivery, WebhookDeliveryDetails};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::handover::hand_over;
use super::handover::{ShownOnce, taken};
use super::{Ask, Done, RpcError};
use crate::components::portal::Portal;

/// Where the pages of the endpoints are: the tenant's, or, where an organization is named, its own.
pub fn webhooks_path(portal: Portal, organization_id: &str) -> String {
    if organization_id.is_empty() {
        "/admin/webhooks".to_owned()
    } else {
        format!("{}/webhooks", portal.path_of(organization_id))
    }
}

#[server(prefix = "/rpc", endpoint = "list_webhooks", protocol = Ask)]
pub async fn list_webhooks(op: ops::ListWebhooks) -> Result<Page<Webhook>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_webhook", protocol = Ask)]
pub async fn get_webhook(op: ops::GetWebhook) -> Result<Webhook, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "list_deliveries", protocol = Ask)]
pub async fn list_deliveries(op: ops::ListDeliveries) -> Result<Page<WebhookDelivery>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_delivery", protocol = Ask)]
pub async fn get_delivery(op: ops::GetDelivery) -> Result<WebhookDeliveryDetails, RpcError> {
    super::run(op).await
}

/// An endpoint's new secret on its way to the page that shows it once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWebhookSecret {
    pub webhook_id: String,
    pub url: String,
    /// Absent for a browser without scripts, which reads it from the one-time store.
    pub secret: Option<String>,
}

impl ShownOnce for NewWebhookSecret {
    const NAME: &'static str = "webhook_secret";

    fn forget(&mut self) {
        self.secret = None;
    }
}

#[cfg(feature = "ssr")]
impl From<ops::WebhookWithSecret> for NewWebhookSecret {
    fn from(made: ops::WebhookWithSecret) -> Self {
        NewWebhookSecret {
            webhook_id: made.webhook.webhook_id.to_string(),
            url: made.webhook.url,
            secret: Some(made.secret.reveal().to_owned()),
        }
    }
}

/// The secret that waits for this page, where scripts are off.
pub fn take_webhook_secret() -> Option<NewWebhookSecret> {
    taken()
}

/// The fields of an operation, of the tenant or of an organization.
#[cfg(feature = "ssr")]
fn owned(organization_id: &str, mut fields: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = fields.as_object_mut()
        && !organization_id.is_empty()
    {
        fields.insert("organization_id".to_owned(), organization_id.into());
    }
    fields
}

#[server(prefix = "/rpc", endpoint = "create_webhook")]
pub async fn create_webhook(
    #[server(default)] organization_id: String,
    #[server(default)] portal: Portal,
    url: String,
    #[server(default)] description: String,
) -> Result<NewWebhookSecret, RpcError> {
    let fields = serde_json::json!({ "url": url, "description": description });
    let made = super::submit::<ops::CreateWebhook>(owned(&organization_id, fields)).await?;
    Ok(hand_over(made.into(), &webhooks_path(portal, &organization_id)))
}

#[server(prefix = "/rpc", endpoint = "rotate_webhook_secret")]
pub async fn rotate_webhook_secret(
    #[server(default)] organization_id: String,
    #[server(default)] portal: Portal,
    webhook_id: String,
) -> Result<NewWebhookSecret, RpcError> {
    let fields = serde_json::json!({ "webhook_id": webhook_id });
    let made = super::submit::<ops::RotateWebhookSecret>(owned(&organization_id, fields)).await?;
    let page = format!("{}/{webhook_id}", webhooks_path(portal, &organization_id));
    Ok(hand_over(made.into(), &page))
}

/// Types of events as one text, as both versions of them are shown.
pub fn types_in_words(event_types: &[String]) -> String {
    if event_types.is_empty() {
        return "all".to_owned();
    }
    let mut names = event_types.to_vec();
    names.sort();
    names.join(" ")
}

/// The types that such a text names.
pub fn types_named(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|name| *name != "all")
        .map(str::to_owned)
        .collect()
}

/// Saves an endpoint; where somebody else has changed it since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_webhook")]
#[allow(clippy::too_many_arguments)]
pub async fn update_webhook(
    #[server(default)] organization_id: String,
    webhook_id: String,
    url: String,
    #[server(default)] description: String,
    #[server(default)] event_types: Vec<String>,
    // In their place where one of two versions was chosen.
    #[server(default)]
    types: Option<String>,
    enabled: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_url: String,
    #[server(default)] was_description: String,
    #[server(default)] was_types: String,
    #[server(default)] was_enabled: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let event_types = types.map_or(event_types, |text| types_named(&text));
    let is_enabled = match enabled.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(guildhall::Error::field("enabled", "must be on or off").into()),
    };
    let fields = serde_json::json!({
        "webhook_id": webhook_id, "url": url, "description": description, "event_types": event_types,
        "enabled": is_enabled,
    });
    let update = guildhall::input::parse::<ops::UpdateWebhook>(owned(&organization_id, fields))?;
    let get = ops::GetWebhook {
        organization_id: update.organization_id,
        webhook_id: update.webhook_id,
    };
    let agree = async {
        let now = super::run(get).await?;
        let described = now.description.unwrap_or_default();
        let enabled_now = if now.enabled { "on" } else { "off" };
        reconcile(
            now.version,
            &[
                Sent::new("url", &was_url, &now.url, &url),
                Sent::new("description", &was_description, &described, &description),
                Sent::new(
                    "types",
                    &was_types,
                    &types_in_words(&now.event_types),
                    &types_in_words(&event_types),
                ),
                Sent::new("enabled", &was_enabled, enabled_now, &enabled),
            ],
        )
    };
    save(update, version, agree).await?;
    Ok(super::done("The endpoint was saved", None))
}

#[server(prefix = "/rpc", endpoint = "delete_webhook")]
pub async fn delete_webhook(
    #[server(default)] organization_id: String,
    #[server(default)] portal: Portal,
    webhook_id: String,
) -> Result<Done, RpcError> {
    let fields = serde_json::json!({ "webhook_id": webhook_id });
    super::submit::<ops::DeleteWebhook>(owned(&organization_id, fields)).await?;
    Ok(super::done(
        "The endpoint was deleted",
        Some(webhooks_path(portal, &organization_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "send_test_event")]
pub async fn send_test_event(
    #[server(default)] organization_id: String,
    webhook_id: String,
) -> Result<Done, RpcError> {
    let fields = serde_json::json!({ "webhook_id": webhook_id });
    super::submit::<ops::SendTestEvent>(owned(&organization_id, fields)).await?;
    Ok(super::done("A test event is on its way", None))
}

#[server(prefix = "/rpc", endpoint = "resend_delivery")]
pub async fn resend_delivery(
    #[server(default)] organization_id: String,
    webhook_id: String,
    event_id: String,
) -> Result<Done, RpcError> {
    let fields = serde_json::json!({ "webhook_id": webhook_id, "event_id": event_id });
    super::submit::<ops::ResendDelivery>(owned(&organization_id, fields)).await?;
    Ok(super::done("The event is sent again", None))
}
