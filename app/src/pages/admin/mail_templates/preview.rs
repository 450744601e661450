//! What a mail would look like, beside the words: in a frame, as a document of its own with a policy of its own.
//!
//! The form's *Preview* button sends it there, with scripts or without. Once scripts run, that button is pressed for whoever
//! stops typing for a moment.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::ui::prelude::*;

const FRAME: &str = "mail-preview";
const BUTTON: &str = "mail-preview-button";
/// How long somebody must have stopped typing.
const PAUSE: Duration = Duration::from_millis(500);

/// The frame; at first with the words that are kept.
#[component]
pub fn PreviewFrame(src: String) -> impl IntoView {
    view! {
        <Card title="Preview" description="With made-up names. Nothing is sent.">
            <iframe class="mail-preview" id=FRAME name=FRAME title="Preview" sandbox="" src=src></iframe>
        </Card>
    }
}

/// The button that shows what stands in the form around it.
#[component]
pub fn PreviewButton() -> impl IntoView {
    view! {
        <button
            class="btn"
            id=BUTTON
            type="submit"
            formaction="/mail-preview"
            formmethod="post"
            formtarget=FRAME
            formnovalidate=true
        >
            <Icon glyph=Glyph::Eye />
            <span class="btn__label">"Preview"</span>
        </button>
    }
}

/// Around the form: what is typed is shown after a moment, and the preview's button sends the form by itself.
#[component]
pub fn Previewed(children: Children) -> impl IntoView {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(handle)) = waiting.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let typed = move |_: ev::Event| {
        stop();
        waiting.set_value(set_timeout_with_handle(show, PAUSE).ok());
    };
    view! {
        <div on:input=typed on:submit:capture=let_the_browser_show>
            {children()}
        </div>
    }
}

/// The form's own action saves; what the preview's button does, the browser does.
fn let_the_browser_show(event: ev::SubmitEvent) {
    let shows = event.submitter().is_some_and(|button| button.id() == BUTTON);
    if shows {
        event.stop_propagation();
    }
}

/// Presses the button, for a frame that is new: each document that comes into an old one would be a step of the browser's way
/// back.
fn show() {
    let page = document();
    let (Some(frame), Some(button)) = (page.get_element_by_id(FRAME), page.get_element_by_id(BUTTON)) else {
        return;
    };
    let fresh = frame
        .clone_node()
        .ok()
        .and_then(|node| node.dyn_into::<Element>().ok());
    let (Some(parent), Some(fresh)) = (frame.parent_node(), fresh) else {
        return;
    };
    let _ = fresh.remove_attribute("src");
    if parent.replace_child(&fresh, &frame).is_ok()
        && let Ok(button) = button.dyn_into::<HtmlElement>()
    {
        button.click();
    }
}
