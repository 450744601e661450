//! Forms that post to server functions: by themselves where scripts are off, and else in the background.
//!
//! What is sent is the form as the browser would send it. Leptos' own forms are first read into the server function's
//! arguments, only to be written again: for each form, the program would have to contain a reader and a writer.

use std::marker::PhantomData;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{FormData, HtmlButtonElement, HtmlFormElement, UrlSearchParams};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::RpcError;
#[cfg(not(feature = "ssr"))]
use super::ask::browser;

/// The form that the request before refused, with scripts off: its server function, and why. The server reads it out of
/// the address, and the browser out of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm(Option<(String, RpcError)>);

impl RefusedForm {
    /// What the address of this request says.
    pub fn of_request() -> Self {
        #[cfg(feature = "ssr")]
        if let Some(Ok(url)) = use_context::<leptos_router::location::RequestUrl>().map(|url| url.parse())
            && let (Some(path), Some(error)) = (
                url.search_params().get_str("__path"),
                url.search_params().get_str("__err"),
            )
        {
            use leptos::server_fn::error::ServerFnUrlError;
            let error = ServerFnUrlError::<RpcError>::decode_err(error);
            return Self(Some((path.to_owned(), error)));
        }
        Self(None)
    }
}

/// What a form does: it posts to the server function `S`, and has its answer.
pub struct FormAction<S: ServerFn> {
    /// The same type for all forms with the same answer, whatever they ask for. It is given the form's content.
    action: Action<String, Result<S::Output, RpcError>>,
    function: PhantomData<fn() -> S>,
}

impl<S: ServerFn> Clone for FormAction<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ServerFn> Copy for FormAction<S> {}

impl<S> Default for FormAction<S>
where
    S: ServerFn<Error = RpcError>,
    S::Output: DeserializeOwned + Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<S> FormAction<S>
where
    S: ServerFn<Error = RpcError>,
    S::Output: DeserializeOwned + Clone + Send + Sync + 'static,
{
    /// A form that nobody has sent yet, or that was refused before this page was made, with scripts off.
    pub fn new() -> Self {
        let refused = use_context::<RefusedForm>().and_then(|RefusedForm(refused)| refused);
        let refused = refused.filter(|(path, _)| path == S::PATH);
        Self {
            action: action_of(S::url(), refused.map(|(_, error)| error)),
            function: PhantomData,
        }
    }
}

impl<S> FormAction<S>
where
    S: ServerFn,
    S::Output: Send + Sync + 'static,
{
    /// The answer, once there is one.
    pub fn value(self) -> MappedSignal<Option<Result<S::Output, RpcError>>> {
        self.action.value()
    }

    /// Whether the form is on its way.
    pub fn pending(self) -> Memo<bool> {
        self.action.pending()
    }

    /// Forgets the answer.
    pub fn clear(self) {
        self.action.clear();
    }
}

fn action_of<T>(url: &'static str, refused: Option<RpcError>) -> Action<String, Result<T, RpcError>>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    Action::new_with_value(refused.map(Err), move |form: &String| post(url, form.clone()))
}

/// A form that does what its action says. What stands in it has the names of the server function's arguments.
#[component]
pub fn ActionForm<S>(action: FormAction<S>, children: Children) -> impl IntoView
where
    S: ServerFn<Error = RpcError>,
    S::Output: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let (action, value) = (action.action, action.value());
    let send = move |event: SubmitEvent| {
        // Whoever has prevented it asks something first.
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        match content_of(&event) {
            Some(content) => {
                action.dispatch(content);
            }
            None => value.set(Some(Err(RpcError::from_server_fn_error(ServerFnErrorErr::Args(
                "it cannot be read".to_owned(),
            ))))),
        }
    };
    view! {
        <form action=S::url() method="post" on:submit=send>
            {children()}
        </form>
    }
}

/// What the browser would send: the fields, and the button that was pressed.
fn content_of(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let button = event
        .submitter()
        .and_then(|by| by.dyn_into::<HtmlButtonElement>().ok());
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        data.append_with_str(&button.name(), &button.value()).ok()?;
    }
    let content = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    content.to_string().as_string()
}

#[cfg(not(feature = "ssr"))]
async fn post<T: DeserializeOwned>(url: &'static str, form: String) -> Result<T, RpcError> {
    browser::read(&browser::send(url, "application/x-www-form-urlencoded", form).await?)
}

/// On the server, forms are not sent but received.
#[cfg(feature = "ssr")]
async fn post<T>(_: &'static str, _: String) -> Result<T, RpcError> {
    Err(RpcError::from_server_fn_error(ServerFnErrorErr::Request(
        String::new(),
    )))
}
