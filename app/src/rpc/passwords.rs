//! Choosing passwords, and replacing forgotten ones: the server functions of their pages.

use guildhall::passwords::{PasswordReset, PasswordStrength};
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "rate_password", protocol = Ask)]
pub async fn rate_password(password: String, email: Option<String>) -> Result<PasswordStrength, RpcError> {
    super::submit::<guildhall::passwords::RatePassword>(super::filled(serde_json::json!({
        "password": password, "email": email,
    })))
    .await
}

#[server(prefix = "/rpc", endpoint = "request_password_reset")]
pub async fn request_password_reset(email: String) -> Result<Done, RpcError> {
    super::submit::<guildhall::passwords::RequestPasswordReset>(serde_json::json!({ "email": email }))
        .await?;
    Ok(super::done("", Some("/forgot/sent".to_owned())))
}

#[server(prefix = "/rpc", endpoint = "get_password_reset", protocol = Ask)]
pub async fn get_password_reset(token: String) -> Result<PasswordReset, RpcError> {
    super::submit::<guildhall::passwords::GetPasswordReset>(serde_json::json!({ "token": token })).await
}

#[server(prefix = "/rpc", endpoint = "reset_password")]
pub async fn reset_password(token: String, password: String) -> Result<Done, RpcError> {
    super::submit::<guildhall::passwords::ResetPassword>(serde_json::json!({
        "token": token, "password": password,
    }))
    .await?;
    Ok(super::done_afresh(
        "Your password was changed; sign in with the new one",
        "/signin",
    ))
}
