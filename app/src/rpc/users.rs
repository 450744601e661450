//! People: the server functions of their pages.

use guildhall::members::{self, Membership};
use guildhall::page::Page;
use guildhall::sessions::{self, Session};
use guildhall::users::{self as ops, User};
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "list_users", protocol = Ask)]
pub async fn list_users(op: ops::ListUsers) -> Result<Page<User>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_user", protocol = Ask)]
pub async fn get_user(op: ops::GetUser) -> Result<User, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "list_memberships", protocol = Ask)]
pub async fn list_memberships(op: members::ListMemberships) -> Result<Page<Membership>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "create_user")]
pub async fn create_user(
    #[server(default)] first_name: Option<String>,
    #[server(default)] last_name: Option<String>,
    #[server(default)] email: Option<String>,
    #[server(default)] phone_number: Option<String>,
    #[server(default)] username: Option<String>,
    #[server(default)] password: Option<String>,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateUser>(super::filled(serde_json::json!({
        "email": super::optional(email),
        "phone_number": super::optional(phone_number),
        "username": super::optional(username),
        "name": name(first_name, None, last_name),
        // Not trimmed: white space counts in a password.
        "credentials": password.filter(|p| !p.is_empty()).map(|p| serde_json::json!({ "password": p })),
    })))
    .await
    .map_err(last_part)?;
    Ok(super::done(
        format!("{} was added", made.label()),
        Some(format!("/admin/users/{}", made.user_id)),
    ))
}

/// Saves a person's record; where somebody else has changed it since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_user")]
#[allow(clippy::too_many_arguments)]
pub async fn update_user(
    user_id: String,
    #[server(default)] first_name: Option<String>,
    #[server(default)] middle_name: Option<String>,
    #[server(default)] last_name: Option<String>,
    #[server(default)] email: Option<String>,
    #[server(default)] phone_number: Option<String>,
    #[server(default)] username: Option<String>,
    #[server(default)] language: Option<String>,
    #[server(default)] external_user_id: Option<String>,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_first_name: String,
    #[server(default)] was_middle_name: String,
    #[server(default)] was_last_name: String,
    #[server(default)] was_email: String,
    #[server(default)] was_phone_number: String,
    #[server(default)] was_username: String,
    #[server(default)] was_language: String,
    #[server(default)] was_external_user_id: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, is_outdated, reconcile};
    let update = guildhall::input::parse::<ops::UpdateUser>(super::filled(serde_json::json!({
        "user_id": user_id,
        "email": super::optional(email.clone()),
        "phone_number": super::optional(phone_number.clone()),
        "username": super::optional(username.clone()),
        "language": super::optional(language.clone()),
        "external_user_id": super::optional(external_user_id.clone()),
        "name": name(first_name.clone(), middle_name.clone(), last_name.clone()),
    })))
    .map_err(|error| last_part(error.into()))?;
    let saved = match super::run_as_of(update.clone(), version).await {
        Err(error) if is_outdated(&error) => {
            let user_id = update.user_id;
            let now = super::run(ops::GetUser { user_id }).await?;
            let [first, middle, last, mail, phone, user, tongue, external] =
                record_of(&now).map(|(_, now)| now);
            let sent = |field, was: &str, now: &str, typed: &Option<String>| {
                Sent::new(field, was, now, typed.as_deref().unwrap_or_default())
            };
            reconcile(
                now.version,
                &[
                    sent("first_name", &was_first_name, &first, &first_name),
                    sent("middle_name", &was_middle_name, &middle, &middle_name),
                    sent("last_name", &was_last_name, &last, &last_name),
                    sent("email", &was_email, &mail, &email),
                    sent("phone_number", &was_phone_number, &phone, &phone_number),
                    sent("username", &was_username, &user, &username),
                    sent("language", &was_language, &tongue, &language),
                    sent(
                        "external_user_id",
                        &was_external_user_id,
                        &external,
                        &external_user_id,
                    ),
                ],
            )?;
            super::run_as_of(update, Some(now.version)).await
        }
        answer => answer,
    }
    .map_err(last_part)?;
    Ok(super::done(
        format!("{} was saved", saved.label()),
        Some(format!("/admin/users/{}", saved.user_id)),
    ))
}

/// The fields of a person's form, and what stands in them.
pub fn record_of(user: &User) -> [(&'static str, String); 8] {
    let name = user.name.clone().unwrap_or_default();
    let part =
        |part: Option<guildhall::text::NamePart>| part.map(|part| part.to_string()).unwrap_or_default();
    let email = user.email.as_ref().map(|email| email.value.clone());
    let phone = user.phone_number.as_ref().map(|phone| phone.value.clone());
    [
        ("first_name", part(name.first_name)),
        ("middle_name", part(name.middle_name)),
        ("last_name", part(name.last_name)),
        ("email", email.unwrap_or_default()),
        ("phone_number", phone.unwrap_or_default()),
        ("username", user.username.clone().unwrap_or_default()),
        ("language", user.language.clone().unwrap_or_default()),
        (
            "external_user_id",
            user.external_user_id.clone().unwrap_or_default(),
        ),
    ]
}

/// A name of its filled parts.
#[cfg(feature = "ssr")]
fn name(first: Option<String>, middle: Option<String>, last: Option<String>) -> serde_json::Value {
    super::filled(serde_json::json!({
        "first_name": super::optional(first),
        "middle_name": super::optional(middle),
        "last_name": super::optional(last),
    }))
}

/// The form is flat: `name.first_name` is its field `first_name`, `credentials.password` its `password`.
#[cfg(feature = "ssr")]
fn last_part(error: RpcError) -> RpcError {
    super::rename(error, |at| guildhall::FieldError {
        field: at.field.rsplit('.').next().unwrap_or(&at.field).to_owned(),
        message: at.message.clone(),
    })
}

#[server(prefix = "/rpc", endpoint = "set_user_enabled")]
pub async fn set_user_enabled(user_id: String, enabled: bool) -> Result<Done, RpcError> {
    let user = super::submit::<ops::UpdateUser>(serde_json::json!({
        "user_id": user_id, "enabled": enabled,
    }))
    .await?;
    let what = if enabled {
        "can sign in again"
    } else {
        "was disabled"
    };
    Ok(super::done(
        format!("{} {what}", user.label()),
        Some(format!("/admin/users/{user_id}")),
    ))
}

#[server(prefix = "/rpc", endpoint = "set_user_password")]
pub async fn set_user_password(
    user_id: String,
    name: String,
    password: String,
    #[server(default)] force_replace: bool,
) -> Result<Done, RpcError> {
    super::submit::<ops::SetUserPassword>(serde_json::json!({
        "user_id": user_id, "password": password, "force_replace": force_replace,
    }))
    .await?;
    Ok(super::done(
        format!("Password of {name} set"),
        Some(format!("/admin/users/{user_id}")),
    ))
}

#[server(prefix = "/rpc", endpoint = "set_tenant_admin")]
pub async fn set_tenant_admin(user_id: String, name: String, admin: bool) -> Result<Done, RpcError> {
    super::submit::<ops::SetTenantAdmin>(serde_json::json!({ "user_id": user_id, "admin": admin })).await?;
    let what = if admin {
        "is now an administrator"
    } else {
        "is no longer an administrator"
    };
    Ok(super::done(
        format!("{name} {what}"),
        Some(format!("/admin/users/{user_id}")),
    ))
}

#[server(prefix = "/rpc", endpoint = "delete_user")]
pub async fn delete_user(user_id: String, #[server(default)] confirm_name: String) -> Result<Done, RpcError> {
    let user = super::submit::<ops::GetUser>(serde_json::json!({ "user_id": user_id })).await?;
    super::confirm(&confirm_name, &user.label())?;
    super::run(ops::DeleteUser {
        user_id: user.user_id,
    })
    .await?;
    Ok(super::done(
        format!("{} was deleted", user.label()),
        Some("/admin/users".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "list_user_sessions", protocol = Ask)]
pub async fn list_user_sessions(op: sessions::ListUserSessions) -> Result<Vec<Session>, RpcError> {
    super::run(op).await
}

/// Ends one of a person's sessions, or all where none is named.
#[server(prefix = "/rpc", endpoint = "end_user_sessions")]
pub async fn end_user_sessions(
    user_id: String,
    #[server(default)] session_id: Option<String>,
) -> Result<Done, RpcError> {
    let message = match super::optional(session_id) {
        Some(session_id) => {
            let one = serde_json::json!({ "user_id": user_id, "session_id": session_id });
            super::submit::<sessions::EndUserSession>(one).await?;
            "The session was ended"
        }
        None => {
            super::submit::<sessions::EndUserSessions>(serde_json::json!({ "user_id": user_id })).await?;
            "All sessions were ended"
        }
    };
    // The page stays: it is that of a user, or of a member.
    Ok(super::done(message, None))
}
