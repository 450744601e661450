//! Passkeys in the browser: asking its authenticators, and putting what they answer into a form.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{JSON, Promise};
use leptos::web_sys::{
    CredentialCreationOptions, CredentialRequestOptions, HtmlFormElement, HtmlInputElement, PublicKeyCredential,
    PublicKeyCredentialCreationOptionsJson, PublicKeyCredentialRequestOptionsJson,
};
use wasm_bindgen_futures::JsFuture;

/// What somebody is told whose browser gave no passkey: that it was cancelled and that there is none look the same to us.
pub const NOT_GIVEN: &str =
    "No passkey was given: it was cancelled, took too long, or this browser has none for this site.";

/// Has an authenticator make a passkey: what the browser says of it, as JSON. `None` where somebody cancels, or the browser
/// knows no passkeys.
pub async fn make(options: &str) -> Option<String> {
    let options: PublicKeyCredentialCreationOptionsJson = JSON::parse(options).ok()?.unchecked_into();
    let options = PublicKeyCredential::parse_creation_options_from_json(&options).ok()?;
    let asked = CredentialCreationOptions::new();
    asked.set_public_key(&options);
    let credentials = window().navigator().credentials();
    said(credentials.create_with_options(&asked)).await
}

/// Has an authenticator use a passkey: the same of its answer.
pub async fn prove(options: &str) -> Option<String> {
    let options: PublicKeyCredentialRequestOptionsJson = JSON::parse(options).ok()?.unchecked_into();
    let options = PublicKeyCredential::parse_request_options_from_json(&options).ok()?;
    let asked = CredentialRequestOptions::new();
    asked.set_public_key(&options);
    let credentials = window().navigator().credentials();
    said(credentials.get_with_options(&asked)).await
}

async fn said(promise: Result<Promise, JsValue>) -> Option<String> {
    let credential = JsFuture::from(promise.ok()?).await.ok()?;
    let credential: PublicKeyCredential = credential.dyn_into().ok()?;
    let json = JSON::stringify(&credential.to_json().ok()?).ok()?;
    json.as_string()
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
