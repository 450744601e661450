//! Setting an authenticator app up: a QR code, the same as text, and a code that proves that it works.

use guildhall::factors::AuthenticatorSetUp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::security::Onward;
use crate::components::read::{Read, query_value, read_once};
use crate::components::recovery_codes::{RecoveryCodes, show_codes};
use crate::components::submit::{error_at, failure};
use crate::rpc::factors::{ConfirmAuthenticatorApp, get_authenticator_set_up};
use crate::rpc::{ActionForm, FormAction, own_path};
use crate::ui::prelude::*;

/// `/account/security/app`
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    let confirm = FormAction::<ConfirmAuthenticatorApp>::new();
    let query = use_query_map();
    let asked = query.with_untracked(|query| query.get("return_to"));
    let return_to = own_path(asked.as_deref(), "");
    let shown = RwSignal::new(None);
    show_codes(confirm.value(), shown);
    // Once the app is set up there is nothing to read any more.
    let set_up = read_once(get_authenticator_set_up);
    view! {
        {move || {
            let return_to = return_to.clone();
            match shown.get() {
                // The app is set up: what it was given is not shown again.
                Some(new) => {
                    view! {
                        <div class="stack">
                            <RecoveryCodes codes=new.codes />
                            <Onward return_to=return_to.clone() />
                            <FormActions>
                                <LinkButton href=back(&return_to)>"Back to Security"</LinkButton>
                            </FormActions>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <Read resource=set_up let:asked>
                            <SetUp asked confirm return_to=return_to.clone() />
                        </Read>
                    }
                        .into_any()
                }
            }
        }}
    }
}

fn back(return_to: &str) -> String {
    if return_to.is_empty() {
        "/account/security".to_owned()
    } else {
        format!("/account/security?return_to={}", query_value(return_to))
    }
}

#[component]
fn SetUp(
    asked: AuthenticatorSetUp,
    confirm: FormAction<ConfirmAuthenticatorApp>,
    return_to: String,
) -> impl IntoView {
    let size = asked.qr_size;
    let key = asked.key.reveal().to_owned();
    let plain: String = key.split(' ').collect();
    let cancel = back(&return_to);
    view! {
        <Card
            title="Authenticator app"
            description="Scan this with an app such as Aegis, 2FAS or the one of your password manager; it then shows a new code \
            every 30 seconds."
        >
            <svg
                class="qr"
                role="img"
                aria-label="QR code for your authenticator app"
                viewBox=format!("0 0 {size} {size}")
            >
                <rect class="qr__paper" width="100%" height="100%" />
                <path class="qr__ink" d=asked.qr_path.reveal().to_owned() />
            </svg>
            <DescriptionList>
                <Description term="Or type this key">
                    <code>{key}</code>
                    <CopyButton text=plain what="key" words=true />
                </Description>
                <Description term="On this device">
                    <a href=asked.uri.reveal().to_owned() rel="external">
                        "Open in an app"
                    </a>
                </Description>
            </DescriptionList>
            <ActionForm action=confirm>
                <FormError message=failure(confirm) />
                <input type="hidden" name="return_to" value=return_to />
                <FormGrid>
                    <Field
                        name="code"
                        label="Code that the app shows"
                        error=error_at(confirm, "code")
                        required=true
                    >
                        <TextInput autocomplete="one-time-code" mono=true max_length=20u32 />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=confirm.pending()>
                        "Set up"
                    </Button>
                    <LinkButton href=cancel>"Cancel"</LinkButton>
                </FormActions>
            </ActionForm>
        </Card>
    }
}
