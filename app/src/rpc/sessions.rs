//! Coming in and going out, and one's own account: the server functions of their pages.

#[cfg(feature = "ssr")]
use guildhall::sessions as ops;
use leptos::prelude::*;

use super::{Ask, Done, RpcError};
#[cfg(feature = "ssr")]
use crate::components::read::query_value;

/// Where somebody begins who asked for no page: the start page knows which organizations they administer.
#[cfg(feature = "ssr")]
fn home_of(tenant_admin: bool) -> &'static str {
    if tenant_admin { "/admin" } else { "/" }
}

#[server(prefix = "/rpc", endpoint = "sign_in")]
pub async fn sign_in(
    identifier: String,
    password: String,
    #[server(default)] return_to: Option<String>,
    #[server(default)] request: Option<String>,
) -> Result<Done, RpcError> {
    let step = super::submit::<ops::SignIn>(serde_json::json!({
        "identifier": identifier, "password": password,
    }))
    .await?;
    let to = match step {
        ops::SignInStep::SignedIn(session) => {
            super::set_session(Some(&session))?;
            where_to(&session, return_to.as_deref(), request.as_deref())
        }
        ops::SignInStep::SecondFactor(pending) => {
            super::set_pending(Some(&pending))?;
            factor_page(return_to.as_deref(), request.as_deref())
        }
    };
    Ok(super::done_afresh("", &to))
}

/// The page of the second step, which knows where the first was to lead.
#[cfg(feature = "ssr")]
fn factor_page(return_to: Option<&str>, request: Option<&str>) -> String {
    let return_to = super::own_path(return_to, "");
    match request.filter(|request| !request.is_empty()) {
        Some(request) => format!("/signin/factor?request={}", query_value(request)),
        None if return_to.is_empty() => "/signin/factor".to_owned(),
        None => format!("/signin/factor?return_to={}", query_value(&return_to)),
    }
}

/// Where somebody goes who has just signed in.
#[cfg(feature = "ssr")]
pub(super) fn where_to(session: &ops::SignedIn, return_to: Option<&str>, request: Option<&str>) -> String {
    // An application that waits gets its answer before anything else.
    let waits = request
        .filter(|request| !request.is_empty())
        .map(|request| format!("/oidc/continue?request={}", query_value(request)));
    match (session.must_change_password, waits) {
        (true, None) => "/account/password".to_owned(),
        (true, Some(waits)) => format!("/account/password?return_to={}", query_value(&waits)),
        (false, Some(waits)) => waits,
        (false, None) => {
            let to = super::own_path(return_to, home_of(session.tenant_admin));
            if session.must_set_up_factor {
                format!("/account/security?return_to={}", query_value(&to))
            } else {
                to
            }
        }
    }
}

#[server(prefix = "/rpc", endpoint = "sign_out")]
pub async fn sign_out() -> Result<Done, RpcError> {
    // A session that has ended already is signed out all the same.
    match super::run(ops::SignOut {}).await {
        Err(RpcError(error)) if error.code != guildhall::Code::Unauthenticated => {
            return Err(RpcError(error));
        }
        _ => super::set_session(None)?,
    }
    Ok(super::done_afresh("You are signed out", "/signin"))
}

#[server(prefix = "/rpc", endpoint = "get_set_up", protocol = Ask)]
pub async fn get_set_up(token: String) -> Result<(), RpcError> {
    super::submit::<ops::GetSetUp>(serde_json::json!({ "token": token })).await
}

#[server(prefix = "/rpc", endpoint = "set_up")]
pub async fn set_up(token: String, email: String, password: String) -> Result<Done, RpcError> {
    let session = super::submit::<ops::SetUp>(serde_json::json!({
        "token": token, "email": email, "password": password,
    }))
    .await?;
    super::set_session(Some(&session))?;
    Ok(super::done_afresh("You are the first administrator", "/admin"))
}

/// Changes one's own password; `forced` where it had to be changed before anything else.
#[server(prefix = "/rpc", endpoint = "change_own_password")]
pub async fn change_own_password(
    current_password: String,
    new_password: String,
    #[server(default)] forced: bool,
    #[server(default)] return_to: Option<String>,
) -> Result<Done, RpcError> {
    super::submit::<ops::ChangeOwnPassword>(serde_json::json!({
        "current_password": current_password, "new_password": new_password,
    }))
    .await?;
    let message = "Your password was changed; your other sessions have ended";
    Ok(if forced {
        let me = super::run(ops::GetMe {}).await?;
        super::done_afresh(
            message,
            &super::own_path(return_to.as_deref(), home_of(me.tenant_admin)),
        )
    } else {
        super::done(message, Some("/account".to_owned()))
    })
}
