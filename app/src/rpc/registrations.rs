//! Organizations that people register themselves: the server functions of their pages.

use guildhall::page::Page;
use guildhall::registrations::{self as ops, BegunRegistration, Registration, RegistrationWay};
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

/// The page of one's own requests.
#[cfg(feature = "ssr")]
const OWN: &str = "/account/registrations";

#[server(prefix = "/rpc", endpoint = "get_registration_way", protocol = Ask)]
pub async fn get_registration_way() -> Result<RegistrationWay, RpcError> {
    super::run(ops::GetRegistrationWay {}).await
}

#[server(prefix = "/rpc", endpoint = "get_own_registrations", protocol = Ask)]
pub async fn get_own_registrations(op: ops::GetOwnRegistrations) -> Result<Page<Registration>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "request_organization")]
pub async fn request_organization(name: String) -> Result<Done, RpcError> {
    let made = super::submit::<ops::RequestOrganization>(serde_json::json!({ "name": name })).await?;
    let message = match made.organization_id {
        Some(_) => format!("{} was created, and you are its administrator", made.name),
        None => format!("Your request for {} was sent", made.name),
    };
    // The frame offers the organization, too.
    Ok(super::done_afresh(message, &page_of(&made)))
}

/// The organization where there is one, else the page that says what waits.
#[cfg(feature = "ssr")]
fn page_of(made: &Registration) -> String {
    match made.organization_id {
        Some(id) => format!("/org/{id}"),
        None => OWN.to_owned(),
    }
}

#[server(prefix = "/rpc", endpoint = "withdraw_registration")]
pub async fn withdraw_registration(registration_id: String, name: String) -> Result<Done, RpcError> {
    super::submit::<ops::WithdrawRegistration>(serde_json::json!({ "registration_id": registration_id }))
        .await?;
    Ok(super::done(
        format!("The request for {name} was withdrawn"),
        Some(OWN.to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "list_registrations", protocol = Ask)]
pub async fn list_registrations(op: ops::ListRegistrations) -> Result<Page<Registration>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "approve_registration")]
pub async fn approve_registration(registration_id: String, name: String) -> Result<Done, RpcError> {
    let made = super::submit::<ops::ApproveRegistration>(serde_json::json!({
        "registration_id": registration_id, "name": name,
    }))
    .await?;
    Ok(super::done(
        format!("{} was approved", made.organization_name.unwrap_or(made.name)),
        Some("/admin/organizations".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "reject_registration")]
pub async fn reject_registration(registration_id: String, reason: String) -> Result<Done, RpcError> {
    let rejected = super::submit::<ops::RejectRegistration>(serde_json::json!({
        "registration_id": registration_id, "reason": reason,
    }))
    .await?;
    Ok(super::done(
        format!("The request for {} was rejected", rejected.name),
        Some("/admin/organizations".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "begin_registration")]
pub async fn begin_registration(
    email: String,
    name: String,
    #[server(default)] first_name: Option<String>,
    #[server(default)] last_name: Option<String>,
) -> Result<Done, RpcError> {
    let person = super::filled(serde_json::json!({
        "first_name": super::optional(first_name), "last_name": super::optional(last_name),
    }));
    super::submit::<ops::BeginRegistration>(serde_json::json!({
        "email": email, "name": name, "person_name": person,
    }))
    .await?;
    Ok(super::done("", Some("/register/sent".to_owned())))
}

#[server(prefix = "/rpc", endpoint = "get_begun_registration", protocol = Ask)]
pub async fn get_begun_registration(token: String) -> Result<BegunRegistration, RpcError> {
    super::submit::<ops::GetBegunRegistration>(serde_json::json!({ "token": token })).await
}

#[server(prefix = "/rpc", endpoint = "finish_registration")]
pub async fn finish_registration(
    token: String,
    password: String,
    #[server(default)] name: Option<String>,
) -> Result<Done, RpcError> {
    let fields = serde_json::json!({ "token": token, "password": password, "name": name });
    let done = super::submit::<ops::FinishRegistration>(super::filled(fields)).await?;
    super::set_session(Some(&done.session))?;
    let message = match done.registration.organization_id {
        Some(_) => format!("Welcome: {} was created", done.registration.name),
        None => format!("Welcome: your request for {} was sent", done.registration.name),
    };
    Ok(super::done_afresh(message, &page_of(&done.registration)))
}
