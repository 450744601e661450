//! What is asked of one endpoint: its settings, a new secret, its end. And the secret, which is shown once.

use guildhall::webhooks::{Webhook, event_types};
use leptos::prelude::*;

use super::Whose;
use crate::components::audit_table::words_of;
use crate::components::contested::{AsOf, Contested, ContestedText, as_of, versions};
use crate::components::read::Changes;
use crate::components::submit::{error_at, failure, kept, kept_all};
use crate::layout::Guarded;
use crate::rpc::webhooks::{
    DeleteWebhook, NewWebhookSecret, RotateWebhookSecret, UpdateWebhook, take_webhook_secret, types_in_words,
    types_named,
};
use crate::rpc::{ActionForm, FormAction, RpcError, Wire, typed};
use crate::ui::prelude::*;

type Answer = Option<Result<NewWebhookSecret, RpcError>>;

/// With scripts off the secret waits for the page; with them it is in the answer.
pub fn waiting_secret() -> RwSignal<Option<NewWebhookSecret>> {
    RwSignal::new(SharedValue::<_, Wire>::new_with_encoding(take_webhook_secret).into_inner())
}

/// Puts the answer's secret on the page, closes the dialog that asked for it, and reads the page again.
pub fn show_secret(
    value: impl With<Value = Answer> + Copy + Send + Sync + 'static,
    shown: RwSignal<Option<NewWebhookSecret>>,
) {
    let changes = Changes::around();
    Effect::new(move |_| {
        let new = value.with(|value| match value {
            Some(Ok(new)) => Some(new.clone()),
            _ => None,
        });
        if let Some(new) = new {
            close_dialog("rotate-secret");
            shown.set(Some(new));
            changes.in_place();
        }
    });
}

/// The secret.
#[component]
pub fn Shown(new: NewWebhookSecret) -> impl IntoView {
    let NewWebhookSecret { url, secret, .. } = new;
    secret.map(|secret| {
        view! {
            <Card title=format!("Secret of {url}")>
                <SecretOnce secret label="Webhook secret" />
                <p>"The libraries of Standard Webhooks verify with it that an event is from here."</p>
            </Card>
        }
    })
}

/// What events are about, by words of their types; the first that fits.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Members and invitations", &["member", "invitation", "team"]),
    ("Roles and permissions", &["role", "permission"]),
    (
        "Applications and clients",
        &["application", "client", "_app", "code", "token"],
    ),
    (
        "Organizations",
        &["organization", "domain", "registration", "connection"],
    ),
    (
        "People and sessions",
        &[
            "user", "own", "session", "factor", "passkey", "password", "sign", "email",
        ],
    ),
];

/// The types by what they are about; the rest last.
fn grouped() -> Vec<(&'static str, Vec<Choice>)> {
    let mut groups: Vec<(&str, Vec<Choice>)> = GROUPS.iter().map(|(name, _)| (*name, Vec::new())).collect();
    groups.push(("Everything else", Vec::new()));
    for kind in event_types() {
        let at = GROUPS
            .iter()
            .position(|(_, words)| words.iter().any(|word| kind.contains(word)))
            .unwrap_or(GROUPS.len());
        if let Some((_, choices)) = groups.get_mut(at) {
            choices.push(Choice::new(kind, words_of(kind)).hint(kind));
        }
    }
    groups.retain(|(_, choices)| !choices.is_empty());
    groups
}

/// The types of events to tick.
#[component]
fn Types(values: Vec<String>) -> impl IntoView {
    let summary = match values.len() {
        0 => "Types of events: all".to_owned(),
        some => format!("Types of events: {some}"),
    };
    let groups = grouped()
        .into_iter()
        .map(|(legend, options)| {
            let values = values.clone();
            view! { <CheckboxGroup name="event_types[]" legend options values /> }
        })
        .collect_view();
    view! {
        <Disclosure summary>
            <p class="muted">"Tick none for all."</p>
            {groups}
        </Disclosure>
    }
}

/// The form of an endpoint.
#[component]
pub fn Settings(webhook: Webhook, update: FormAction<UpdateWebhook>) -> impl IntoView {
    let types = types_in_words(&webhook.event_types);
    // Where one of two versions was chosen, with scripts off, it came back as a text.
    let ticked = StoredValue::new(match typed("types") {
        Some(text) => types_named(&text),
        None => kept_all(update, "event_types", webhook.event_types),
    });
    let enabled = if webhook.enabled { "on" } else { "off" }.to_owned();
    let enabled_value = Signal::stored(kept(update, "enabled", enabled.clone()));
    let choices = Signal::stored(vec![
        Choice::new("on", "Enabled"),
        Choice::new("off", "Disabled: what waits is given up"),
    ]);
    view! {
        <Card title="Settings">
            <Guarded>
                <ActionForm action=update>
                    <Whose />
                    <input type="hidden" name="webhook_id" value=webhook.webhook_id.to_string() />
                    <AsOf version=as_of(update, webhook.version) />
                    <FormError message=failure(update) />
                    <FormGrid>
                        <ContestedText
                            action=update
                            field="url"
                            label="URL"
                            now=webhook.url
                            max_length=500u32
                            required=true
                        />
                        <ContestedText
                            action=update
                            field="description"
                            label="Description"
                            now=webhook.description.unwrap_or_default()
                            max_length=500u32
                        />
                        <Contested
                            field="enabled"
                            label="State"
                            now=enabled
                            versions=versions(update, "enabled")
                        >
                            <Field
                                name="enabled"
                                label="State"
                                hint="What happens while it is disabled is not told."
                                error=error_at(update, "enabled")
                            >
                                <Select options=choices value=enabled_value />
                            </Field>
                        </Contested>
                    </FormGrid>
                    <Contested
                        field="types"
                        label="Types of events"
                        now=types
                        versions=versions(update, "types")
                    >
                        <Types values=ticked.get_value() />
                    </Contested>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=update.pending()>
                            "Save changes"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

/// The dialogs of an endpoint.
#[component]
pub fn Dialogs(
    id: String,
    rotate: FormAction<RotateWebhookSecret>,
    delete: FormAction<DeleteWebhook>,
) -> impl IntoView {
    let also = id.clone();
    view! {
        <Dialog id="rotate-secret" title="Give the endpoint a new secret?">
            <ActionForm action=rotate>
                <Whose />
                <input type="hidden" name="webhook_id" value=id />
                <ConfirmBody
                    dialog="rotate-secret"
                    confirm="Rotate secret"
                    pending=rotate.pending()
                    mild=true
                >
                    <p>
                        "For 24 hours events are signed with both secrets: have the program take the new one until then."
                    </p>
                </ConfirmBody>
            </ActionForm>
        </Dialog>
        <Dialog id="delete-webhook" title="Delete the endpoint?">
            <ActionForm action=delete>
                <Whose />
                <input type="hidden" name="webhook_id" value=also />
                <ConfirmBody
                    dialog="delete-webhook"
                    confirm="Delete endpoint"
                    pending=delete.pending()
                >
                    <Consequences items=vec![
                        "Nothing more is sent to it, and what waits is lost.".to_owned(),
                        "The log of its deliveries goes with it.".to_owned(),
                    ] />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_can_be_chosen_once() {
        let shown: usize = grouped().iter().map(|(_, choices)| choices.len()).sum();
        assert_eq!(shown, event_types().len());
        assert!(
            grouped()
                .iter()
                .any(|(name, _)| *name == "Members and invitations")
        );
    }
}
