//! Passkeys in the browser: asking its authenticators, and putting what they answer into a form.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::web_sys::{HtmlFormElement, HtmlInputElement};
use wasm_bindgen_futures::JsFuture;

/// What somebody is told whose browser gave no passkey: that it was cancelled and that there is none look the same to us.
pub const NOT_GIVEN: &str =
    "No passkey was given: it was cancelled, took too long, or this browser has none for this site.";

/// Has an authenticator make a passkey: what the browser says of it, as JSON. `None` where somebody cancels, or the browser
/// knows no passkeys.
pub async fn make(options: &str) -> Option<String> {
    ask("parseCreationOptionsFromJSON", "create", options).await
}

/// Has an authenticator use a passkey: the same of its answer.
pub async fn prove(options: &str) -> Option<String> {
    ask("parseRequestOptionsFromJSON", "get", options).await
}

/// Everything is looked up by name: web-sys does not have all of it yet, and no browser need have any of it (there are no
/// credentials on pages without encryption).
async fn ask(reader: &str, method: &str, options: &str) -> Option<String> {
    let options = JSON::parse(options).ok()?;
    let class = Reflect::get(&window(), &"PublicKeyCredential".into()).ok()?;
    let asked = Object::new();
    Reflect::set(&asked, &"publicKey".into(), &call(&class, reader, &options)?).ok()?;
    let credentials = Reflect::get(&window().navigator(), &"credentials".into()).ok()?;
    let promise: Promise = call(&credentials, method, &asked)?.dyn_into().ok()?;
    let credential = JsFuture::from(promise).await.ok()?;
    // Its own toJSON writes what is binary in base64url (WebAuthn Level 3, 5.1).
    JSON::stringify(&credential).ok()?.as_string()
}

fn call(on: &JsValue, method: &str, with: &JsValue) -> Option<JsValue> {
    let function: Function = Reflect::get(on, &method.into()).ok()?.dyn_into().ok()?;
    function.call1(on, with).ok()
}

/// Puts a text into the hidden field of a form, and sends the form as its button would.
pub fn send_with(field: &str, text: &str) {
    let input = document()
        .get_element_by_id(field)
        .and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_value(text);
    let form = input
        .closest("form")
        .ok()
        .flatten()
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    if let Some(form) = form {
        let _ = form.request_submit();
    }
}
