//! One's own account: the server functions of its pages.

use guildhall::account::{self as ops, Profile};
use guildhall::members::Membership;
use guildhall::page::Page;
use guildhall::sessions::Session;
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "get_own_profile", protocol = Ask)]
pub async fn get_own_profile() -> Result<Profile, RpcError> {
    super::run(ops::GetOwnProfile {}).await
}

#[server(prefix = "/rpc", endpoint = "update_own_profile")]
pub async fn update_own_profile(
    #[server(default)] title: Option<String>,
    #[server(default)] first_name: Option<String>,
    #[server(default)] middle_name: Option<String>,
    #[server(default)] last_name: Option<String>,
    #[server(default)] birthday: String,
    #[server(default)] picture: String,
    #[server(default)] street_address: Option<String>,
    #[server(default)] postal_code: Option<String>,
    #[server(default)] city: Option<String>,
    #[server(default)] state: Option<String>,
    #[server(default)] country: Option<String>,
    #[server(default)] kind: Option<String>,
) -> Result<Done, RpcError> {
    let name = super::filled(serde_json::json!({
        "title": super::optional(title),
        "first_name": super::optional(first_name),
        "middle_name": super::optional(middle_name),
        "last_name": super::optional(last_name),
    }));
    let address = super::filled(serde_json::json!({
        "street_address": super::optional(street_address),
        "postal_code": super::optional(postal_code),
        "city": super::optional(city),
        "state": super::optional(state),
        "country": super::optional(country),
        "type": super::optional(kind),
    }));
    super::submit::<ops::UpdateOwnProfile>(serde_json::json!({
        "name": name, "address": address, "birthday": birthday, "picture": picture,
    }))
    .await
    .map_err(last_part)?;
    // The frame shows the name, too.
    Ok(super::done_afresh("Your profile was saved", "/account"))
}

/// The form is flat: `address.city` is its field `city`, `address.type` its `kind`.
#[cfg(feature = "ssr")]
fn last_part(error: RpcError) -> RpcError {
    super::rename(error, |at| {
        let last = at.field.rsplit('.').next().unwrap_or(&at.field);
        guildhall::FieldError {
            field: if last == "type" { "kind" } else { last }.to_owned(),
            message: at.message.clone(),
        }
    })
}

#[server(prefix = "/rpc", endpoint = "set_own_language")]
pub async fn set_own_language(#[server(default)] language: String) -> Result<Done, RpcError> {
    super::submit::<ops::UpdateOwnProfile>(serde_json::json!({ "language": language })).await?;
    Ok(super::done(
        "Your language was saved",
        Some("/account/preferences".to_owned()),
    ))
}

#[cfg(feature = "ssr")]
const EMAILS: &str = "/account/emails";

#[server(prefix = "/rpc", endpoint = "add_own_email")]
pub async fn add_own_email(email: String) -> Result<Done, RpcError> {
    super::submit::<ops::AddOwnEmail>(serde_json::json!({ "email": email })).await?;
    Ok(super::done(
        format!("A link was sent to {}", email.trim()),
        Some(EMAILS.to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "send_email_verification")]
pub async fn send_email_verification(email: String) -> Result<Done, RpcError> {
    super::submit::<ops::SendEmailVerification>(serde_json::json!({ "email": email })).await?;
    Ok(super::done(
        format!("A link was sent to {}", email.trim()),
        Some(EMAILS.to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "verify_own_email")]
pub async fn verify_own_email(token: String) -> Result<Done, RpcError> {
    let email = super::submit::<ops::VerifyOwnEmail>(serde_json::json!({ "token": token })).await?;
    Ok(super::done(
        format!("{} is verified", email.value),
        Some(EMAILS.to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "make_email_primary")]
pub async fn make_email_primary(email: String) -> Result<Done, RpcError> {
    super::submit::<ops::MakeEmailPrimary>(serde_json::json!({ "email": email })).await?;
    Ok(super::done_afresh(
        format!("You now sign in with {email}"),
        EMAILS,
    ))
}

#[server(prefix = "/rpc", endpoint = "remove_own_email")]
pub async fn remove_own_email(email: String) -> Result<Done, RpcError> {
    super::submit::<ops::RemoveOwnEmail>(serde_json::json!({ "email": email })).await?;
    Ok(super::done(
        format!("{email} was removed"),
        Some(EMAILS.to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "add_own_phone")]
pub async fn add_own_phone(phone_number: String) -> Result<Done, RpcError> {
    let mut numbers = super::run(ops::GetOwnProfile {}).await?.secondary_phone_numbers;
    numbers.push(phone_number);
    super::submit::<ops::UpdateOwnProfile>(serde_json::json!({ "secondary_phone_numbers": numbers }))
        .await
        .map_err(at_phone)?;
    Ok(super::done("The number was added", Some(EMAILS.to_owned())))
}

#[server(prefix = "/rpc", endpoint = "remove_own_phone")]
pub async fn remove_own_phone(phone_number: String) -> Result<Done, RpcError> {
    let mut numbers = super::run(ops::GetOwnProfile {}).await?.secondary_phone_numbers;
    numbers.retain(|number| *number != phone_number);
    super::submit::<ops::UpdateOwnProfile>(serde_json::json!({ "secondary_phone_numbers": numbers }))
        .await
        .map_err(at_phone)?;
    Ok(super::done(
        format!("{phone_number} was removed"),
        Some(EMAILS.to_owned()),
    ))
}

/// The form has one number, the record a list of them.
#[cfg(feature = "ssr")]
fn at_phone(error: RpcError) -> RpcError {
    super::rename(error, |at| guildhall::FieldError {
        field: "phone_number".to_owned(),
        message: at.message.clone(),
    })
}

#[server(prefix = "/rpc", endpoint = "list_own_organizations", protocol = Ask)]
pub async fn list_own_organizations(op: ops::ListOwnOrganizations) -> Result<Page<Membership>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "leave_organization")]
pub async fn leave_organization(organization_id: String, name: String) -> Result<Done, RpcError> {
    super::submit::<ops::LeaveOrganization>(serde_json::json!({ "organization_id": organization_id }))
        .await?;
    // What the frame offers may have become less.
    Ok(super::done_afresh(
        format!("You left {name}"),
        "/account/organizations",
    ))
}

#[server(prefix = "/rpc", endpoint = "list_own_sessions", protocol = Ask)]
pub async fn list_own_sessions() -> Result<Vec<Session>, RpcError> {
    super::run(guildhall::sessions::ListOwnSessions {}).await
}

#[server(prefix = "/rpc", endpoint = "end_own_session")]
pub async fn end_own_session(session_id: String) -> Result<Done, RpcError> {
    super::submit::<guildhall::sessions::EndOwnSession>(serde_json::json!({ "session_id": session_id }))
        .await?;
    Ok(super::done(
        "The session was ended",
        Some("/account/sessions".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<Done, RpcError> {
    super::run(guildhall::sessions::EndOtherSessions {}).await?;
    Ok(super::done(
        "All other sessions were ended",
        Some("/account/sessions".to_owned()),
    ))
}
