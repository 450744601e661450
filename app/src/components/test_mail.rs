//! The form that sends a mail to try whether mail arrives.

use leptos::prelude::*;

use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::pages::admin::mail::KeptBanner;
use crate::pages::frame::use_me;
use crate::rpc::mail::{SendTestMail, get_mail_state};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// A section of the settings page.
#[component]
pub fn TestMail() -> impl IntoView {
    let action = FormAction::<SendTestMail>::new();
    use_done(action);
    let state = read(|| (), |()| get_mail_state());
    let own = use_me().and_then(|me| me.email).unwrap_or_default();
    view! {
        <Section id="mail" title="Mail" description="Try whether mail arrives.">
            <Read resource=state fallback=|| () let:state>
                <p>"Mail is from " <span class="mono">{state.from.clone()}</span> "."</p>
                <KeptBanner state />
            </Read>
            <ActionForm action>
                <FormError message=failure(action) />
                <Field name="to" label="Send a test mail to" error=error_at(action, "to") required=true>
                    <TextInput
                        kind="email"
                        autocomplete="email"
                        value=typed("to").unwrap_or(own)
                    />
                </Field>
                <FormActions>
                    <Button kind="submit" pending=action.pending()>
                        "Send a test mail"
                    </Button>
                </FormActions>
            </ActionForm>
            <p>
                <a href="/admin/mail">"See what was sent, what waits and what failed"</a>
            </p>
            <p>
                <a href="/admin/settings/mail-templates">"Mail templates: change what mails say"</a>
            </p>
        </Section>
    }
}
