//! How the browser asks the server: JSON both ways for reading, a form's own content for writing.
//!
//! What does not depend on what is asked is written once. Leptos' own protocol would have all of it, down to the headers,
//! in the client for each server function.

use leptos::server_fn::client::Client;
use leptos::server_fn::codec::Json;
use leptos::server_fn::server::Server;
use leptos::server_fn::{Http, Protocol};
use serde::{Serialize, de::DeserializeOwned};

use super::RpcError;

/// The protocol of server functions that read: `#[server(protocol = Ask)]`. On the wire it is JSON, as with `input = Json`.
#[derive(Debug, Clone, Copy)]
pub struct Ask;

impl<I, O, C, S> Protocol<I, O, C, S, RpcError> for Ask
where
    I: Serialize + Send,
    O: DeserializeOwned + Send,
    C: Client<RpcError>,
    S: Server<RpcError>,
    Http<Json, Json>: Protocol<I, O, C, S, RpcError>,
{
    const METHOD: http::Method = http::Method::POST;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, RpcError>
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, RpcError>> + Send,
    {
        <Http<Json, Json> as Protocol<I, O, C, S, RpcError>>::run_server(request, server_fn).await
    }

    #[cfg(feature = "ssr")]
    async fn run_client(path: &str, input: I) -> Result<O, RpcError> {
        <Http<Json, Json> as Protocol<I, O, C, S, RpcError>>::run_client(path, input).await
    }

    #[cfg(not(feature = "ssr"))]
    async fn run_client(path: &str, input: I) -> Result<O, RpcError> {
        let question = serde_json::to_string(&input).map_err(|error| unreadable(&error))?;
        browser::read(&browser::send(path, "application/json", question).await?)
    }
}

#[cfg(not(feature = "ssr"))]
fn unreadable(error: &serde_json::Error) -> RpcError {
    use leptos::server_fn::error::{FromServerFnError as _, ServerFnErrorErr};
    RpcError::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string()))
}

#[cfg(not(feature = "ssr"))]
pub mod browser {
    //! To the server and back.

    use std::pin::Pin;

    use leptos::server_fn::client::{Client, browser::BrowserClient};
    use leptos::server_fn::error::FromServerFnError as _;
    use leptos::server_fn::request::{ClientReq, browser::BrowserRequest};
    use leptos::server_fn::response::ClientRes;
    use serde::de::DeserializeOwned;

    use super::{RpcError, unreadable};

    /// An answer's body.
    pub type Body = Vec<u8>;

    /// Posts something; a refusal is an error.
    pub fn send(
        url: &str,
        content_type: &str,
        body: String,
    ) -> Pin<Box<dyn Future<Output = Result<Body, RpcError>> + Send>> {
        let request = <BrowserRequest as ClientReq<RpcError>>::try_new_post(
            url,
            content_type,
            "application/json",
            body,
        );
        Box::pin(async move {
            let response = <BrowserClient as Client<RpcError>>::send(request?).await?;
            let refused = ClientRes::<RpcError>::status(&response) >= 400;
            let body = ClientRes::<RpcError>::try_into_bytes(response).await?;
            if refused {
                return Err(RpcError::de(body));
            }
            Ok(body.into())
        })
    }

    /// Reads an answer.
    pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, RpcError> {
        serde_json::from_slice(body).map_err(|error| unreadable(&error))
    }
}
