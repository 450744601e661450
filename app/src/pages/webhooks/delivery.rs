//! One delivery: what was sent, what was answered, and how to send it again.

use guildhall::webhooks::{DeliveryStatus, GetDelivery, WebhookDeliveryDetails, WebhookTry};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{DeliveryState, Whose, owner, use_base};
use crate::components::audit_table::words_of;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{failure, use_done};
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::rpc::webhooks::{ResendDelivery, get_delivery};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `…/webhooks/{id}/{event}`
#[component]
pub fn DeliveryPage() -> impl IntoView {
    let (owned, params) = (use_organization_id(), use_params_map());
    let resend = FormAction::<ResendDelivery>::new();
    use_done(resend);
    let about = read(
        move || {
            let (webhook, event) = params.with(|params| (params.get("webhook"), params.get("event")));
            (
                owned.get(),
                webhook.unwrap_or_default(),
                event.unwrap_or_default(),
            )
        },
        |(owned, webhook, event)| async move {
            get_delivery(GetDelivery {
                organization_id: owner(&owned)?,
                webhook_id: id_of(&webhook, "webhook")?,
                event_id: id_of(&event, "delivery")?,
            })
            .await
        },
    );
    view! {
        <Read resource=about whole=true let:about>
            <Body about resend />
        </Read>
    }
}

#[component]
fn Body(about: WebhookDeliveryDetails, resend: FormAction<ResendDelivery>) -> impl IntoView {
    let WebhookDeliveryDetails {
        delivery,
        payload,
        tries,
    } = about;
    let base = use_base();
    let (webhook, event) = (delivery.webhook_id.to_string(), delivery.event_id.to_string());
    let crumbs = vec![
        Crumb::new("Webhooks", base.clone()),
        Crumb::new("Endpoint", format!("{base}/{webhook}")),
    ];
    let (copied, status) = (event.clone(), delivery.status);
    let busy = (status == DeliveryStatus::Sending).then(|| "It is being sent now.".to_owned());
    let sent = payload.unwrap_or_else(|| "It was not tried yet.".to_owned());
    view! {
        <PageHeader
            title=words_of(&delivery.event_type)
            crumbs
            meta=move || {
                view! {
                    <DeliveryState status />
                    <CopyId id=copied.clone() what="event id" />
                }
            }
        >
            <ActionForm action=resend>
                <Whose />
                <input type="hidden" name="webhook_id" value=webhook />
                <input type="hidden" name="event_id" value=event />
                <Button
                    kind="submit"
                    variant=Variant::Primary
                    icon=Glyph::Refresh
                    pending=resend.pending()
                    disabled_reason=busy
                >
                    "Send again"
                </Button>
            </ActionForm>
        </PageHeader>
        <div class="stack">
            <FormError message=failure(resend) />
            <Card title="What is sent">
                <DescriptionList>
                    <Description term="Type">{delivery.event_type}</Description>
                    <Description term="Happened">
                        <Time ms=delivery.created_at />
                    </Description>
                    <Description term="Delivered">
                        <MaybeTime ms=delivery.delivered_at none="Not yet" />
                    </Description>
                    {delivery
                        .next_at
                        .map(|ms| {
                            view! {
                                <Description term="Next try">
                                    <Time ms />
                                </Description>
                            }
                        })}
                </DescriptionList>
                <pre class="code" tabindex="0" role="region" aria-label="Body of the event">
                    {sent}
                </pre>
            </Card>
            {tries.into_iter().map(|one| view! { <Try one /> }).collect_view()}
        </div>
    }
}

#[component]
fn Try(one: WebhookTry) -> impl IntoView {
    let came_to = match (&one.error, one.status) {
        (Some(error), _) => error.clone(),
        (None, Some(status)) => format!("It answered {status}."),
        (None, None) => "It was taken.".to_owned(),
    };
    view! {
        <Card title="Try">
            <DescriptionList>
                <Description term="When">
                    <Time ms=one.at />
                </Description>
                <Description term="What it came to">{came_to}</Description>
                <Description term="Took">{format!("{} ms", one.duration)}</Description>
            </DescriptionList>
            {one
                .answer
                .map(|answer| {
                    view! {
                        <pre class="code" tabindex="0" role="region" aria-label="How the answer begins">
                            {answer}
                        </pre>
                    }
                })}
        </Card>
    }
}
