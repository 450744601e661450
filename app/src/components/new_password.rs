//! A password that is being chosen: the rules, and how strong it is while it is typed.

use std::time::Duration;

use guildhall::passwords::{PasswordStrength, Strength};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::submit::sentence;
use crate::rpc::passwords::rate_password;
use crate::ui::prelude::*;

/// How long somebody must have stopped typing before the server is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// A field for a new password. Once scripts run, the server says how strong it is; without them, the form says it when it is
/// sent.
#[component]
pub fn NewPassword(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] error: MaybeProp<String>,
    /// Whose it will be, where nobody is signed in.
    #[prop(optional, into)]
    email: MaybeProp<String>,
) -> impl IntoView {
    let judged = RwSignal::new(None::<PasswordStrength>);
    let typed = StoredValue::new(String::new());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let on_typed = Callback::new(move |text: String| {
        stop();
        typed.set_value(text.clone());
        if text.is_empty() {
            judged.set(None);
            return;
        }
        let ask = move || {
            leptos::task::spawn_local(async move {
                let answer = rate_password(text.clone(), email.get_untracked()).await.ok();
                // What was typed since makes it an answer to another question.
                if typed.try_with_value(|now| *now == text) == Some(true) {
                    judged.set(answer);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    });
    view! {
        <div class="new-password">
            <Field
                name
                label
                hint="At least 8 characters, and none that others use. A sentence is easier to remember than symbols."
                error
                required=true
            >
                <PasswordInput autocomplete="new-password" min_length=8 on_typed />
            </Field>
            <div class="strength" aria-live="polite">
                {move || judged.get().map(|judged| view! { <Judged judged /> })}
            </div>
        </div>
    }
}

#[component]
fn Judged(judged: PasswordStrength) -> impl IntoView {
    let (word, level) = match judged.strength {
        Strength::Refused => ("Cannot be used", "0"),
        Strength::Weak => ("Weak", "1"),
        Strength::Fair => ("Fair", "2"),
        Strength::Good => ("Good", "3"),
        Strength::Strong => ("Strong", "4"),
    };
    view! {
        <span class="strength__bar" data-level=level aria-hidden="true"></span>
        <span class="strength__word">{format!("Strength: {word}.")}</span>
        {judged.advice.map(|advice| view! { <span class="muted">{sentence(&advice)}</span> })}
    }
}
