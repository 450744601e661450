//! Signing in to applications: what the hosted pages ask.

use guildhall::oidc::{self as ops, AppSignIn, AppSignInChoice, AppSignOut};
use leptos::prelude::*;

use super::{Ask, RpcError};

#[server(prefix = "/rpc", endpoint = "get_app_sign_in", protocol = Ask)]
pub async fn get_app_sign_in(op: ops::GetAppSignIn) -> Result<AppSignIn, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_app_sign_in_choice", protocol = Ask)]
pub async fn get_app_sign_in_choice(op: ops::GetAppSignInChoice) -> Result<AppSignInChoice, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_app_sign_out", protocol = Ask)]
pub async fn get_app_sign_out(op: ops::GetAppSignOut) -> Result<AppSignOut, RpcError> {
    super::run(op).await
}
