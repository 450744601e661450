//! The server's side of the server functions: to the door with the request that the way in has made.

use std::sync::Arc;

use guildhall::caller::{Caller, Request};
use guildhall::error::{Code, Error, FieldError};
use guildhall::factors::PendingSignIn;
use guildhall::sessions::{GetMe, SignedIn};
use guildhall::{Backend, Operation, Runs, input};
use leptos::prelude::*;
use serde_json::Value;

use super::{Done, RpcError, Visitor};

/// Sets or clears the session cookie of this answer; the server provides it, since it alone knows the cookie's name.
#[derive(Clone)]
pub struct SessionCookie(pub Arc<dyn Fn(Option<(&str, i64)>) + Send + Sync>);

/// Keeps the token of a sign-in that waits for its second factor in this browser, and reads it; the server provides it, since
/// it alone knows the cookie's name.
#[derive(Clone)]
pub struct PendingCookie {
    /// Sets or clears the cookie of this answer.
    pub set: Arc<dyn Fn(Option<(&str, i64)>) + Send + Sync>,
    /// What the request brought.
    pub token: Arc<dyn Fn() -> Option<String> + Send + Sync>,
}

/// Keeps something for this session's next page alone: it is put once and taken once, is gone after a minute, and is
/// never in a cookie or an address. The server provides it.
#[derive(Clone)]
pub struct OneTime {
    /// Puts a text under a name.
    pub put: Arc<dyn Fn(&str, &str) + Send + Sync>,
    /// Takes it out again.
    pub take: Arc<dyn Fn(&str) -> Option<String> + Send + Sync>,
}

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
    run_as_of(operation, None).await
}

/// Runs an operation for whoever made this request, where the thing still has this version.
///
/// # Errors
/// 412 where it has another one; whatever else the door refuses.
pub async fn run_as_of<Op>(operation: Op, version: Option<i64>) -> Result<Op::Output, RpcError>
where
    Op: Operation,
    dyn Backend: Runs<Op>,
{
    let (Some(backend), Some(mut request)) = (use_context::<Arc<dyn Backend>>(), use_context::<Request>())
    else {
        return Err(RpcError(Error::internal("no backend in this context")));
    };
    if let Some(version) = version {
        request.if_match = Some(version.to_string());
    }
    Ok(Runs::<Op>::run(&*backend, &request, operation).await?)
}

/// Finds out who makes this request, for its page.
pub async fn visitor(backend: &dyn Backend, request: &Request) -> Visitor {
    if !matches!(request.caller, Caller::User(_)) {
        return Visitor::Nobody;
    }
    match Runs::<GetMe>::run(backend, request, GetMe {}).await {
        Ok(me) => Visitor::Somebody(Box::new(me)),
        Err(error) if error.code == Code::Unauthenticated => Visitor::Nobody,
        Err(error) => Visitor::Unclear(error),
    }
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

/// Starts or ends the session of this browser.
///
/// # Errors
/// 500 when the server did not say how.
pub fn set_session(session: Option<&SignedIn>) -> Result<(), RpcError> {
    let Some(SessionCookie(set)) = use_context() else {
        return Err(RpcError(Error::internal("no session cookie in this context")));
    };
    set(session.map(|session| (session.session_token.reveal(), session.lifetime)));
    Ok(())
}

/// Starts or ends the second step of a sign-in in this browser.
///
/// # Errors
/// 500 when the server did not say how.
pub fn set_pending(pending: Option<&PendingSignIn>) -> Result<(), RpcError> {
    let Some(PendingCookie { set, .. }) = use_context() else {
        return Err(RpcError(Error::internal("no pending cookie in this context")));
    };
    set(pending.map(|pending| (pending.pending_token.reveal(), pending.lifetime)));
    Ok(())
}

/// The token of the sign-in that waits in this browser.
///
/// # Errors
/// 410 where none does.
pub fn pending_token() -> Result<String, RpcError> {
    let token = use_context().and_then(|PendingCookie { token, .. }| token());
    token.ok_or_else(|| {
        RpcError(
            Error::new(Code::Gone, "No sign-in waits in this browser. Sign in again.")
                .because("sign_in_over"),
        )
    })
}

/// Ends a form's way on a page that is loaded anew even where scripts run, since somebody else looks at it now: the
/// toast waits there.
pub fn done_afresh(message: impl Into<String>, to: &str) -> Done {
    let done = Done {
        message: message.into(),
        to: Some(to.to_owned()),
    };
    flash_toast(&done.message);
    if is_plain_form() {
        leptos_axum::redirect(to);
    }
    done
}

fn flash_toast(message: &str) {
    if let (false, Some(SetFlash(set))) = (message.is_empty(), use_context()) {
        set(&super::Flash {
            toast: Some(message.to_owned()),
            ..super::Flash::default()
        });
    }
}

/// Ends a form's way: scripts get a [`Done`], a browser without them a redirect and a toast on the next page.
pub fn done(message: impl Into<String>, to: Option<String>) -> Done {
    let done = Done {
        message: message.into(),
        to,
    };
    if is_plain_form() {
        flash_toast(&done.message);
        if let Some(to) = &done.to {
            leptos_axum::redirect(to);
        }
    }
    done
}

/// Whether the request is a plain form's, from a browser without scripts.
pub fn is_plain_form() -> bool {
    use_context::<http::request::Parts>().is_some_and(|parts| {
        parts
            .headers
            .get(http::header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Refuses to destroy what was not named: the dialog asks for the name, and this makes sure.
///
/// # Errors
/// 400 at `confirm_name`.
pub fn confirm(typed: &str, name: &str) -> Result<(), RpcError> {
    // A page shows a name's white space as single spaces.
    if typed.split_whitespace().eq(name.split_whitespace()) {
        return Ok(());
    }
    let error = Error::new(
        Code::Invalid,
        format!("Nothing was deleted: type “{name}” to confirm."),
    );
    Err(error.at("confirm_name", "is not the name").into())
}

/// A form's text field as an operation's optional field: absent when it was left empty.
pub fn optional(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// An object without the fields that are null: for operations in which what is absent stays.
pub fn filled(mut fields: Value) -> Value {
    if let Value::Object(fields) = &mut fields {
        fields.retain(|_, value| !value.is_null());
    }
    fields
}

/// A text area's lines as a list, empty ones left out.
pub fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Names a refused operation's fields as the form has them.
pub fn rename(RpcError(mut error): RpcError, name: impl Fn(&FieldError) -> FieldError) -> RpcError {
    let says = |at: &FieldError| format!("{}: {}", at.field, at.message);
    let summed_up = error
        .fields
        .first()
        .is_some_and(|first| says(first) == error.message);
    for at in &mut error.fields {
        *at = name(at);
    }
    if let (true, Some(first)) = (summed_up, error.fields.first()) {
        error.message = says(first);
    }
    RpcError(error)
}
