//! Recovery codes, shown once.

use leptos::prelude::*;

use crate::components::read::Changes;
use crate::rpc::RpcError;
use crate::rpc::factors::NewCodes;
use crate::ui::prelude::*;

type Answer = Option<Result<NewCodes, RpcError>>;

/// Puts an answer's codes on the page, says what happened, and reads the page's factors again.
pub fn show_codes(
    value: impl With<Value = Answer> + Copy + Send + Sync + 'static,
    shown: RwSignal<Option<NewCodes>>,
) {
    let (changes, toasts) = (Changes::around(), use_toasts());
    Effect::new(move |_| {
        let new = value.with(|value| match value {
            Some(Ok(new)) => Some(new.clone()),
            _ => None,
        });
        if let Some(new) = new {
            toasts.push(Toast::done(new.message.clone()));
            shown.set(Some(new));
            changes.in_place();
        }
    });
}

/// The codes, with a way to copy them all.
#[component]
pub fn RecoveryCodes(codes: Vec<String>) -> impl IntoView {
    if codes.is_empty() {
        return ().into_any();
    }
    let all = codes.join("\n");
    view! {
        <Card
            title="Recovery codes"
            description="Each signs you in once, should you lose your phone or passkey. Keep them where you keep passwords."
        >
            <Banner tone=Tone::Warning title="Copy them now">
                "This is the only time they are shown. If they get lost, make new ones."
            </Banner>
            <ul class="codes" aria-label="Recovery codes">
                {codes
                    .into_iter()
                    .map(|code| {
                        view! {
                            <li>
                                <code>{code}</code>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <CopyButton text=all what="recovery codes" words=true />
        </Card>
    }
    .into_any()
}
