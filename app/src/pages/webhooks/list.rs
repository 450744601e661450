//! The list of endpoints, and the form that creates one.

use guildhall::page::Page;
use guildhall::webhooks::{ListWebhooks, Webhook};
use leptos::prelude::*;

use super::forms::{Shown, show_secret, waiting_secret};
use super::{WebhookState, Whose, owner, use_base};
use crate::components::pager::Pager;
use crate::components::query::use_list_query;
use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, kept};
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::rpc::webhooks::{CreateWebhook, list_webhooks};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/admin/webhooks`, `/admin/organizations/{id}/webhooks` and `/org/{id}/webhooks`
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let create = FormAction::<CreateWebhook>::new();
    let shown = waiting_secret();
    show_secret(create.value(), shown);
    let webhooks = read(
        move || (id.get(), query.get()),
        |(id, query)| async move {
            list_webhooks(ListWebhooks {
                organization_id: owner(&id)?,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    let header = id.get_untracked().is_empty().then(|| {
        view! {
            <PageHeader
                title="Webhooks"
                description="Where the tenant’s own programs are told of what happens, in all organizations."
            />
        }
    });
    view! {
        {header}
        <div class="stack">
            {move || shown.get().map(|new| view! { <Shown new /> })}
            <Read resource=webhooks whole=true let:page>
                <div class="stack">
                    <Endpoints page />
                    <Create create />
                </div>
            </Read>
        </div>
    }
}

#[component]
fn Endpoints(page: Page<Webhook>) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Link
                title="No endpoints yet"
                text="Add the address of a program of yours: each change is then sent to it, signed, and tried again until it is taken."
            />
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Card flush=true>
            <Table
                label="Endpoints, newest first"
                head=|| {
                    view! {
                        <Th label="Endpoint" />
                        <Th label="Status" />
                        <Th label="Events" />
                        <Th label="Created" />
                    }
                }
            >
                {page.items.into_iter().map(|webhook| view! { <Row webhook /> }).collect_view()}
            </Table>
            <Pager info shown noun=("endpoint", "endpoints") />
        </Card>
    }
    .into_any()
}

#[component]
fn Row(webhook: Webhook) -> impl IntoView {
    let href = format!("{}/{}", use_base(), webhook.webhook_id);
    let events = match webhook.event_types.len() {
        0 => "All".to_owned(),
        1 => "1 type".to_owned(),
        some => format!("{some} types"),
    };
    let (name, created_at) = (webhook.url.clone(), webhook.created_at);
    let detail = webhook.description.clone();
    view! {
        <Tr>
            <NameCell href name detail />
            <Td label="Status">
                <div>
                    <WebhookState webhook />
                </div>
            </Td>
            <Td label="Events">{events}</Td>
            <Td label="Created">
                <Time ms=created_at date_only=true />
            </Td>
        </Tr>
    }
}

#[component]
fn Create(create: FormAction<CreateWebhook>) -> impl IntoView {
    view! {
        <Card
            title="Add an endpoint"
            description="It gets every type of event until you choose some. Its secret is shown once, right after."
        >
            <ActionForm action=create>
                <Whose />
                <FormError message=failure(create) />
                <FormGrid>
                    <Field
                        name="url"
                        label="URL"
                        hint="With https://, for example “https://acme.example/webhooks”."
                        error=error_at(create, "url")
                        required=true
                    >
                        <TextInput value=kept(create, "url", "") max_length=500u32 />
                    </Field>
                    <Field name="description" label="Description" error=error_at(create, "description")>
                        <TextInput value=kept(create, "description", "") max_length=500u32 />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary icon=Glyph::Plus pending=create.pending()>
                        "Add endpoint"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}
