//! Endpoints, and what was sent to them.

use guildhall::error::Error;
use guildhall::id::{EventId, OrganizationId, WebhookId};
use guildhall::page::Page;
use guildhall::secret::Secret;
use guildhall::webhooks::*;
use serde::Serialize;
use serde_json::json;

use super::organizations::exists;
use super::{changed, cleared, found};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{Tx, webhook_deliveries as deliveries, webhook_queue as queue, webhooks as store};
use crate::webhooks::{signing, worker};

async fn webhook(permit: &Permit, tx: &mut Tx, id: WebhookId) -> Result<Webhook, Fault> {
    Ok(found(store::get(tx, permit, id).await?, "webhook")?)
}

async fn delivery(
    permit: &Permit,
    tx: &mut Tx,
    id: WebhookId,
    event: EventId,
) -> Result<WebhookDelivery, Fault> {
    Ok(found(deliveries::get(tx, permit, id, event).await?, "delivery")?)
}

/// An endpoint as the audit shows it, and with it other receivers of events: without the path and query of its URL, which
/// can be as good as a password.
#[derive(Serialize)]
struct Told<'w> {
    #[serde(flatten)]
    webhook: &'w Webhook,
    /// That more than the audit shows of the URL is another now.
    #[serde(skip_serializing_if = "Option::is_none")]
    address_changed: Option<bool>,
}

fn told(webhook: &Webhook) -> Webhook {
    Webhook {
        url: origin(&webhook.url).to_owned(),
        ..webhook.clone()
    }
}

/// A change of an endpoint, in its owner's audit.
fn change(webhook: &Webhook) -> Change {
    let change = Change::of("webhook", webhook.webhook_id, origin(&webhook.url));
    match webhook.organization_id {
        Some(organization) => change.within(organization),
        None => change,
    }
}

/// What an endpoint was and is now, in its owner's audit.
pub(crate) fn changed_from(before: &Webhook, after: &Webhook) -> Change {
    let (was, is) = (told(before), told(after));
    let hidden = before.url != after.url && was.url == is.url;
    change(after).before(&was).after(&Told {
        webhook: &is,
        address_changed: hidden.then_some(true),
    })
}

/// The names, each once.
fn names(event_types: Vec<EventType>) -> Vec<String> {
    let mut names: Vec<String> = event_types.into_iter().map(String::from).collect();
    names.sort();
    names.dedup();
    names
}

async fn known(tx: &mut Tx, organization: Option<OrganizationId>) -> Result<(), Fault> {
    match organization {
        Some(organization) => Ok(exists(tx, organization).await?),
        None => Ok(()),
    }
}

fn enabled(webhook: &Webhook) -> Result<(), Error> {
    if webhook.enabled {
        return Ok(());
    }
    Err(Error::conflict(
        "webhook_disabled",
        "The endpoint is disabled: enable it first.",
    ))
}

impl Perform for ListWebhooks {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Webhook>, Fault> {
        known(tx, self.organization_id).await?;
        store::list(tx, permit, &self).await
    }
}

impl Perform for GetWebhook {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Webhook, Fault> {
        webhook(permit, tx, self.webhook_id).await
    }
}

impl Perform for CreateWebhook {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<WebhookWithSecret, Fault> {
        known(tx, self.organization_id).await?;
        cx.services
            .webhooks
            .check(&self.url, self.organization_id.is_none())?;
        if store::count(tx, permit).await? >= i64::from(MOST_WEBHOOKS) {
            return Err(Error::field(
                "url",
                format!("is one too many: there are at most {MOST_WEBHOOKS} endpoints"),
            )
            .into());
        }
        let id = WebhookId::compose(cx.now, cx.random());
        let secret = signing::new_secret()?;
        let new = store::New {
            id,
            organization: self.organization_id,
            url: self.url.as_str(),
            description: cleared(self.description),
            event_types: &names(self.event_types),
            secret: cx.services.vault.seal(&signing::purpose(id), &secret)?,
        };
        store::insert(tx, permit, new, cx.now).await?;
        let made = webhook(permit, tx, id).await?;
        cx.changed(change(&made).after(&told(&made)));
        cx.services.webhooks.wake();
        Ok(WebhookWithSecret {
            webhook: made,
            secret: Secret::new(secret),
        })
    }
}

impl Perform for UpdateWebhook {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Webhook, Fault> {
        let before = webhook(permit, tx, self.webhook_id).await?;
        cx.require_match(&before.version.to_string())?;
        let mut wanted = before.clone();
        if let Some(url) = self.url {
            cx.services
                .webhooks
                .check(&url, before.organization_id.is_none())?;
            wanted.url = url.into();
        }
        wanted.description = changed(self.description, wanted.description);
        if let Some(event_types) = self.event_types {
            wanted.event_types = names(event_types);
        }
        if let Some(enabled) = self.enabled {
            if enabled && !before.enabled {
                wanted.failing_since = None;
            }
            if enabled != before.enabled {
                wanted.disabled_because = None;
            }
            wanted.enabled = enabled;
        }
        store::update(tx, permit, &wanted, cx.now).await?;
        if before.enabled && !wanted.enabled {
            queue::give_up(tx, &self.webhook_id.to_string()).await?;
        }
        let after = webhook(permit, tx, self.webhook_id).await?;
        cx.changed(changed_from(&before, &after));
        Ok(after)
    }
}

impl Perform for DeleteWebhook {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = webhook(permit, tx, self.webhook_id).await?;
        store::remove(tx, permit, self.webhook_id).await?;
        cx.changed(change(&before).before(&told(&before)));
        Ok(())
    }
}

impl Perform for RotateWebhookSecret {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<WebhookWithSecret, Fault> {
        let id = self.webhook_id;
        let before = webhook(permit, tx, id).await?;
        let secret = signing::new_secret()?;
        let sealed = cx.services.vault.seal(&signing::purpose(id), &secret)?;
        let until = cx.now.saturating_add(signing::OVERLAP);
        store::rotate(tx, permit, id, sealed, until, cx.now).await?;
        let after = webhook(permit, tx, id).await?;
        cx.changed(changed_from(&before, &after));
        Ok(WebhookWithSecret {
            webhook: after,
            secret: Secret::new(secret),
        })
    }
}

impl Perform for SendTestEvent {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<WebhookDelivery, Fault> {
        let webhook = webhook(permit, tx, self.webhook_id).await?;
        enabled(&webhook)?;
        let event = EventId::compose(cx.now, cx.random());
        let data = json!({ "webhook_id": webhook.webhook_id, "organization_id": webhook.organization_id });
        let payload = worker::body(PING, cx.now, data)?;
        queue::add(tx, &self.webhook_id.to_string(), event, PING, payload, cx.now).await?;
        cx.changed(change(&webhook));
        delivery(permit, tx, self.webhook_id, event).await
    }
}

impl Perform for ListDeliveries {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<WebhookDelivery>, Fault> {
        webhook(permit, tx, self.webhook_id).await?;
        deliveries::list(tx, permit, &self).await
    }
}

impl Perform for GetDelivery {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<WebhookDeliveryDetails, Fault> {
        webhook(permit, tx, self.webhook_id).await?;
        let found = delivery(permit, tx, self.webhook_id, self.event_id).await?;
        deliveries::details(tx, permit, found).await
    }
}

impl Perform for ResendDelivery {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<WebhookDelivery, Fault> {
        let (id, event) = (self.webhook_id, self.event_id);
        let webhook = webhook(permit, tx, id).await?;
        enabled(&webhook)?;
        let before = delivery(permit, tx, id, event).await?;
        if !deliveries::resend(tx, permit, id, event, cx.now).await? {
            return Err(Error::conflict("delivery_is_under_way", "The delivery is being sent now.").into());
        }
        let after = delivery(permit, tx, id, event).await?;
        cx.changed(change(&webhook).after(&json!({ "event_id": event, "event_type": before.event_type })));
        Ok(after)
    }
}
