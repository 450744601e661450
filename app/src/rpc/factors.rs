//! Second factors: setting them up, signing in with them, resetting those of others.

#[cfg(feature = "ssr")]
use guildhall::Error;
#[cfg(feature = "ssr")]
use guildhall::error::Code;
use guildhall::factors::{self as ops, AuthenticatorSetUp, OwnFactors, PasskeyOptions, SignInFactors};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};
use crate::components::portal::Portal;
#[cfg(feature = "ssr")]
use crate::components::read::query_value;

/// The page on which one's own factors are.
#[cfg(feature = "ssr")]
const SECURITY: &str = "/account/security";

#[server(prefix = "/rpc", endpoint = "get_own_factors", protocol = Ask)]
pub async fn get_own_factors() -> Result<OwnFactors, RpcError> {
    super::run(ops::GetOwnFactors {}).await
}

#[server(prefix = "/rpc", endpoint = "confirm_password")]
pub async fn confirm_password(password: String) -> Result<Done, RpcError> {
    super::submit::<ops::ConfirmPassword>(serde_json::json!({ "password": password })).await?;
    Ok(super::done("You can change your second factors now", None))
}

#[server(prefix = "/rpc", endpoint = "begin_authenticator_app")]
pub async fn begin_authenticator_app(#[server(default)] return_to: Option<String>) -> Result<Done, RpcError> {
    super::run(ops::BeginAuthenticatorApp {}).await?;
    let to = coming_from(&format!("{SECURITY}/app"), return_to.as_deref());
    // The page says what to do.
    Ok(super::done("", Some(to)))
}

/// A page of ours that remembers where somebody came from.
#[cfg(feature = "ssr")]
fn coming_from(page: &str, return_to: Option<&str>) -> String {
    let return_to = super::own_path(return_to, "");
    if return_to.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?return_to={}", query_value(&return_to))
    }
}

#[server(prefix = "/rpc", endpoint = "get_authenticator_set_up", protocol = Ask)]
pub async fn get_authenticator_set_up() -> Result<AuthenticatorSetUp, RpcError> {
    super::run(ops::GetAuthenticatorSetUp {}).await
}

/// New recovery codes on their way to the page that shows them once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCodes {
    /// Empty where there were some already; and for a browser without scripts, which reads them from the one-time store.
    pub codes: Vec<String>,
    /// What happened.
    pub message: String,
}

/// Scripts get the codes in the answer. A plain form's answer is a redirect, so the codes wait in the one-time store for the
/// page that the redirect leads to.
#[cfg(feature = "ssr")]
fn hand_over(made: ops::NewRecoveryCodes, message: &str, page: &str) -> NewCodes {
    let mut new = NewCodes {
        codes: made
            .recovery_codes
            .iter()
            .map(|code| code.reveal().to_owned())
            .collect(),
        message: message.to_owned(),
    };
    if super::is_plain_form() {
        if !new.codes.is_empty() {
            super::OneTime::keep(NEW_CODES, &new);
        }
        new.codes.clear();
        super::done(message, Some(page.to_owned()));
    }
    new
}

/// What the codes wait under in the one-time store.
#[cfg(feature = "ssr")]
const NEW_CODES: &str = "recovery_codes";

/// The codes that wait for this page, where scripts are off; they are gone once they were read. There is no server function
/// for it: only the render on the server can take them.
pub fn take_new_codes() -> Option<NewCodes> {
    #[cfg(feature = "ssr")]
    return super::OneTime::taken(NEW_CODES);
    #[cfg(not(feature = "ssr"))]
    None
}

#[server(prefix = "/rpc", endpoint = "confirm_authenticator_app")]
pub async fn confirm_authenticator_app(
    code: String,
    #[server(default)] return_to: Option<String>,
) -> Result<NewCodes, RpcError> {
    let made = super::submit::<ops::ConfirmAuthenticatorApp>(serde_json::json!({ "code": code })).await?;
    let to = coming_from(SECURITY, return_to.as_deref());
    Ok(hand_over(made, "Your authenticator app is set up", &to))
}

#[server(prefix = "/rpc", endpoint = "remove_authenticator_app")]
pub async fn remove_authenticator_app() -> Result<Done, RpcError> {
    super::run(ops::RemoveAuthenticatorApp {}).await?;
    Ok(super::done(
        "The authenticator app was removed",
        Some(SECURITY.to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "renew_recovery_codes")]
pub async fn renew_recovery_codes() -> Result<NewCodes, RpcError> {
    let made = super::run(ops::RenewRecoveryCodes {}).await?;
    Ok(hand_over(made, "These are your recovery codes now", SECURITY))
}

#[server(prefix = "/rpc", endpoint = "begin_passkey", protocol = Ask)]
pub async fn begin_passkey() -> Result<PasskeyOptions, RpcError> {
    super::run(ops::BeginPasskey {}).await
}

/// Adds the passkey that the browser's script has put into the form.
#[server(prefix = "/rpc", endpoint = "add_passkey")]
pub async fn add_passkey(
    name: String,
    #[server(default)] passkey: String,
    #[server(default)] return_to: Option<String>,
) -> Result<NewCodes, RpcError> {
    let made = super::submit::<ops::AddPasskey>(serde_json::json!({
        "name": name, "credential": said_by_browser(&passkey)?,
    }))
    .await?;
    let to = coming_from(SECURITY, return_to.as_deref());
    Ok(hand_over(made, "The passkey was added", &to))
}

/// What a script has put into a form as JSON.
#[cfg(feature = "ssr")]
fn said_by_browser(json: &str) -> Result<serde_json::Value, RpcError> {
    serde_json::from_str(json).map_err(|_| {
        RpcError(Error::new(
            Code::Invalid,
            "The browser gave no passkey: this needs a browser with scripts that knows passkeys.",
        ))
    })
}

#[server(prefix = "/rpc", endpoint = "remove_passkey")]
pub async fn remove_passkey(passkey_id: String) -> Result<Done, RpcError> {
    super::submit::<ops::RemovePasskey>(serde_json::json!({ "passkey_id": passkey_id })).await?;
    Ok(super::done("The passkey was removed", Some(SECURITY.to_owned())))
}

/// What finishes the sign-in that waits in this browser.
#[server(prefix = "/rpc", endpoint = "get_pending_sign_in", protocol = Ask)]
pub async fn get_pending_sign_in() -> Result<SignInFactors, RpcError> {
    let pending_token = super::pending_token()?;
    super::submit::<ops::GetPendingSignIn>(serde_json::json!({ "pending_token": pending_token })).await
}

/// The second step of a sign-in, with a typed code or what a script has put into the form.
#[server(prefix = "/rpc", endpoint = "finish_sign_in")]
pub async fn finish_sign_in(
    #[server(default)] code: Option<String>,
    #[server(default)] passkey: Option<String>,
    #[server(default)] return_to: Option<String>,
    #[server(default)] request: Option<String>,
) -> Result<Done, RpcError> {
    let passkey = super::optional(passkey)
        .map(|said| said_by_browser(&said))
        .transpose()?;
    let by_passkey = passkey.is_some();
    let answer = super::submit::<ops::FinishSignIn>(super::filled(serde_json::json!({
        "pending_token": super::pending_token()?, "code": super::optional(code), "passkey": passkey,
    })))
    .await?;
    match answer {
        ops::FinishedSignIn::SignedIn(session) => {
            super::set_pending(None)?;
            super::set_session(Some(&session))?;
            let to = super::sessions::where_to(&session, return_to.as_deref(), request.as_deref());
            Ok(super::done_afresh("", &to))
        }
        ops::FinishedSignIn::Wrong { why } if by_passkey => Err(Error::new(Code::Invalid, why).into()),
        ops::FinishedSignIn::Wrong { why } => Err(Error::field("code", why).into()),
    }
}

#[server(prefix = "/rpc", endpoint = "get_user_factors", protocol = Ask)]
pub async fn get_user_factors(op: ops::GetUserFactors) -> Result<ops::Factors, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "reset_user_factors")]
pub async fn reset_user_factors(user_id: String, name: String) -> Result<Done, RpcError> {
    super::submit::<ops::ResetUserFactors>(serde_json::json!({ "user_id": user_id })).await?;
    Ok(super::done(
        format!("The second factors of {name} were reset"),
        Some(format!("/admin/users/{user_id}")),
    ))
}

#[server(prefix = "/rpc", endpoint = "reset_member_factors")]
pub async fn reset_member_factors(
    organization_id: String,
    user_id: String,
    name: String,
) -> Result<Done, RpcError> {
    super::submit::<ops::ResetMemberFactors>(serde_json::json!({
        "organization_id": organization_id, "user_id": user_id,
    }))
    .await?;
    Ok(super::done(
        format!("The second factors of {name} were reset"),
        None,
    ))
}

#[server(prefix = "/rpc", endpoint = "require_factor")]
pub async fn require_factor(
    organization_id: String,
    required: bool,
    #[server(default)] portal: Portal,
) -> Result<Done, RpcError> {
    let now = super::submit::<ops::RequireFactor>(serde_json::json!({
        "organization_id": organization_id, "required": required,
    }))
    .await?;
    let message = if now.requires_factor {
        format!("{} requires a second factor now", now.name)
    } else {
        format!("{} does not require a second factor any more", now.name)
    };
    Ok(super::done(
        message,
        Some(format!("{}/settings", portal.path_of(&organization_id))),
    ))
}
