//! One endpoint: its settings, and the log of what was sent to it.

use guildhall::page::Page;
use guildhall::webhooks::{DeliveryStatus, GetWebhook, ListDeliveries, Webhook, WebhookDelivery};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::forms::{Dialogs, Settings, Shown, show_secret, waiting_secret};
use super::{DeliveryState, WebhookState, Whose, owner, use_base, word_of};
use crate::components::audit_table::words_of;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{failure, use_done};
use crate::components::tried::TriedCell;
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::rpc::webhooks::{
    DeleteWebhook, RotateWebhookSecret, SendTestEvent, UpdateWebhook, get_webhook, list_deliveries,
};
use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::prelude::*;

const FILTERS: [&str; 2] = ["status", "cursor"];

/// What can be asked of the endpoint.
#[derive(Clone, Copy)]
struct Actions {
    update: FormAction<UpdateWebhook>,
    rotate: FormAction<RotateWebhookSecret>,
    delete: FormAction<DeleteWebhook>,
    test: FormAction<SendTestEvent>,
}

/// `…/webhooks/{id}?status=…`
#[component]
pub fn WebhookPage() -> impl IntoView {
    let (owned, params, query) = (use_organization_id(), use_params_map(), use_list_query());
    let id = Memo::new(move |_| params.with(|params| params.get("webhook").unwrap_or_default()));
    let actions = Actions {
        update: FormAction::new(),
        rotate: FormAction::new(),
        delete: FormAction::new(),
        test: FormAction::new(),
    };
    use_done(actions.update);
    use_done(actions.delete);
    use_done(actions.test);
    let shown = waiting_secret();
    show_secret(actions.rotate.value(), shown);
    let about = read(
        move || (owned.get(), id.get(), query.get()),
        |(owned, id, query)| async move {
            let organization_id = owner(&owned)?;
            let webhook_id = id_of(&id, "webhook")?;
            let webhook = get_webhook(GetWebhook {
                organization_id,
                webhook_id,
            })
            .await?;
            let deliveries = list_deliveries(ListDeliveries {
                organization_id,
                webhook_id,
                status: query.word("status"),
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await?;
            Ok::<_, RpcError>((webhook, deliveries))
        },
    );
    view! {
        {move || shown.get().map(|new| view! { <Shown new /> })}
        <Read resource=about whole=true let:about>
            <Body about query=query.get_untracked() actions />
        </Read>
    }
}

#[component]
fn Body(about: (Webhook, Page<WebhookDelivery>), query: ListQuery, actions: Actions) -> impl IntoView {
    let (webhook, page) = about;
    let (id, state) = (webhook.webhook_id.to_string(), webhook.clone());
    let (tested, copied) = (id.clone(), id.clone());
    let closed = (!webhook.enabled).then(|| "It is disabled: enable it first.".to_owned());
    let secret_until = webhook.previous_secret_until;
    let since = webhook.failing_since;
    view! {
        <PageHeader
            title=webhook.url.clone()
            crumbs=vec![Crumb::new("Webhooks", use_base())]
            meta=move || {
                view! {
                    <WebhookState webhook=state.clone() />
                    <CopyId id=copied.clone() what="webhook id" />
                }
            }
        >
            <Button opens="delete-webhook" icon=Glyph::Trash>
                "Delete"
            </Button>
            <Button opens="rotate-secret" icon=Glyph::Refresh>
                "Rotate secret"
            </Button>
            <ActionForm action=actions.test>
                <Whose />
                <input type="hidden" name="webhook_id" value=tested />
                <Button kind="submit" icon=Glyph::Play pending=actions.test.pending() disabled_reason=closed>
                    "Send a test event"
                </Button>
            </ActionForm>
        </PageHeader>
        <div class="stack">
            <FormError message=failure(actions.test) />
            <FormError message=failure(actions.rotate) />
            <FormError message=failure(actions.delete) />
            {since
                .map(|ms| view! { <p class="muted">"Nothing was taken since " <Time ms /> "."</p> })}
            <Deliveries page query />
            {secret_until
                .map(|ms| {
                    view! {
                        <p class="muted">"The secret before the present one signs, too, until " <Time ms /> "."</p>
                    }
                })}
            <Settings webhook update=actions.update />
        </div>
        <Dialogs id rotate=actions.rotate delete=actions.delete />
    }
}

fn statuses() -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "Any status".to_owned())];
    options.extend(
        DeliveryStatus::ALL
            .into_iter()
            .map(|status| (status.as_str().to_owned(), word_of(status).to_owned())),
    );
    options
}

#[component]
fn Deliveries(page: Page<WebhookDelivery>, query: ListQuery) -> impl IntoView {
    let (clear, now) = (query.cleared(&FILTERS), use_list_query());
    let here = query.cleared(&FILTERS);
    let (info, shown) = (page.info, page.items.len());
    let rows = if page.items.is_empty() {
        match clear {
            Some(clear_href) => view! { <NothingMatches many="deliveries" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Inbox
                    title="Nothing was sent yet"
                    text="Events appear here as soon as something happens. Send a test event to try the endpoint."
                />
            }
            .into_any(),
        }
    } else {
        view! {
            <Table
                label="Deliveries, newest first"
                head=|| {
                    view! {
                        <Th label="Event" />
                        <Th label="Status" />
                        <Th label="Tries" numeric=true />
                        <Th label="Happened" />
                        <Th label="Delivered" />
                    }
                }
            >
                {page.items.into_iter().map(|delivery| view! { <Row delivery /> }).collect_view()}
            </Table>
            <Pager info shown noun=("delivery", "deliveries") />
        }
        .into_any()
    };
    let action = leptos_router::hooks::use_location().pathname.get_untracked();
    view! {
        <FilterBar action clear_href=Signal::derive(move || here.clone())>
            <FilterSelect name="status" label="Status" value=asked(now, "status") options=statuses() />
            <Kept query=now names=&["size"] />
        </FilterBar>
        <Card flush=true>{rows}</Card>
    }
}

#[component]
fn Row(delivery: WebhookDelivery) -> impl IntoView {
    let href = format!("{}/{}/{}", use_base(), delivery.webhook_id, delivery.event_id);
    view! {
        <Tr>
            <NameCell href name=words_of(&delivery.event_type) detail=delivery.event_type />
            <TriedCell
                last_error=delivery.last_error
                next_at=delivery.next_at.filter(|_| delivery.attempts > 0)
            >
                <DeliveryState status=delivery.status />
            </TriedCell>
            <Td label="Tries" numeric=true>
                {format_count(delivery.attempts)}
            </Td>
            <Td label="Happened">
                <Time ms=delivery.created_at />
            </Td>
            <Td label="Delivered">
                <MaybeTime ms=delivery.delivered_at none="Not yet" />
            </Td>
        </Tr>
    }
}
