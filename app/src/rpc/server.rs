//! The server's side of the server functions: to the door with the request that the way in has made.

use std::sync::Arc;

use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::{Backend, Operation, Runs, input};
use leptos::prelude::*;
use serde_json::Value;

use super::{Done, RpcError};

/// Sets or clears the session cookie of this answer; the server provides it, since it alone knows the cookie's name.
#[derive(Clone)]
pub struct SessionCookie(pub Arc<dyn Fn(Option<(&str, i64)>) + Send + Sync>);

/// Gives the next page a toast or typed values, where scripts are off.
#[derive(Clone)]
pub struct SetFlash(pub Arc<dyn Fn(&super::Flash) + Send + Sync>);

/// Runs an operation for whoever made this request.
///
/// # Errors
/// Whatever the door refuses; 500 when the server did not say who asks.
pub async fn run<Op>(operation: Op) -> Result<Op::Output, RpcError>
where
    Op: Operation,
    dyn Backend: Runs<Op>,
{
    let (Some(backend), Some(request)) = (use_context::<Arc<dyn Backend>>(), use_context::<Request>()) else {
        return Err(RpcError(Error::internal("no backend in this context")));
    };
    Ok(Runs::<Op>::run(&*backend, &request, operation).await?)
}

/// Reads an operation from a form's fields and runs it.
///
/// # Errors
/// 400 at the field at fault, and whatever the door refuses.
pub async fn submit<Op>(fields: Value) -> Result<Op::Output, RpcError>
where
    Op: Operation,
    dyn Backend: Runs<Op>,
{
    run(input::parse::<Op>(fields)?).await
}

/// Ends a form's way: scripts get a [`Done`], a browser without them a redirect and a toast on the next page.
pub fn done(message: impl Into<String>, to: Option<String>) -> Done {
    let done = Done {
        message: message.into(),
        to,
    };
    if is_plain_form() {
        if let Some(SetFlash(set)) = use_context() {
            set(&super::Flash {
                toast: Some(done.message.clone()),
                typed: Vec::new(),
            });
        }
        if let Some(to) = &done.to {
            leptos_axum::redirect(to);
        }
    }
    done
}

/// Whether the request is a plain form's, from a browser without scripts.
fn is_plain_form() -> bool {
    use_context::<http::request::Parts>().is_some_and(|parts| {
        parts
            .headers
            .get(http::header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    })
}

/// A form's text field as an operation's optional field: absent when it was left empty.
pub fn optional(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
