//! Invitations: the server functions of an organization's list, and of the page that a link leads to.

use guildhall::id::OrganizationId;
use guildhall::invitations as ops;
use guildhall::invitations::{Invitation, InvitationView};
use guildhall::page::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::handover::{ShownOnce, taken};
use super::{Ask, Done, RpcError};
use crate::components::portal::Portal;

#[server(prefix = "/rpc", endpoint = "list_invitations", protocol = Ask)]
pub async fn list_invitations(op: ops::ListInvitations) -> Result<Page<Invitation>, RpcError> {
    super::run(op).await
}

/// One invitation, for the page that changes its roles.
#[server(prefix = "/rpc", endpoint = "get_invitation", protocol = Ask)]
pub async fn get_invitation(
    organization_id: OrganizationId,
    invitation_id: String,
) -> Result<Invitation, RpcError> {
    let list = serde_json::json!({ "organization_id": organization_id, "search": invitation_id });
    let found = super::submit::<ops::ListInvitations>(list).await?;
    found
        .items
        .into_iter()
        .find(|invitation| invitation.invitation_id.to_string() == invitation_id)
        .ok_or_else(|| RpcError(guildhall::Error::not_found("invitation")))
}

#[server(prefix = "/rpc", endpoint = "resend_invitation")]
pub async fn resend_invitation(organization_id: String, invitation_id: String) -> Result<Done, RpcError> {
    let sent = super::submit::<ops::ResendInvitation>(serde_json::json!({
        "organization_id": organization_id, "invitation_id": invitation_id,
    }))
    .await?;
    Ok(super::done(
        format!(
            "A new invitation to {} is on its way; earlier links are dead",
            sent.email
        ),
        None,
    ))
}

/// Sends every invitation of a pending member again.
#[server(prefix = "/rpc", endpoint = "resend_member_invitations")]
pub async fn resend_member_invitations(organization_id: String, user_id: String) -> Result<Done, RpcError> {
    let open = super::submit::<ops::ListInvitations>(serde_json::json!({
        "organization_id": organization_id, "user_id": user_id,
    }))
    .await?;
    let mut sent = None;
    for invitation in open.items.into_iter().filter(|it| it.status.is_open()) {
        let again = ops::ResendInvitation {
            organization_id: invitation.organization_id,
            invitation_id: invitation.invitation_id,
        };
        sent = Some(super::run(again).await?.email);
    }
    match sent {
        Some(email) => Ok(super::done(
            format!("A new invitation to {email} is on its way; earlier links are dead"),
            None,
        )),
        None => Err(guildhall::Error::conflict(
            "nothing_to_resend",
            "No invitation of theirs waits. Add them again with an invitation.",
        )
        .into()),
    }
}

#[server(prefix = "/rpc", endpoint = "revoke_invitation")]
pub async fn revoke_invitation(organization_id: String, invitation_id: String) -> Result<Done, RpcError> {
    let revoked = super::submit::<ops::RevokeInvitation>(serde_json::json!({
        "organization_id": organization_id, "invitation_id": invitation_id,
    }))
    .await?;
    Ok(super::done(
        format!("The invitation to {} was revoked", revoked.email),
        None,
    ))
}

#[server(prefix = "/rpc", endpoint = "update_invitation")]
pub async fn update_invitation(
    organization_id: String,
    invitation_id: String,
    organization_role: String,
    #[server(default)] role_ids: Vec<String>,
    #[server(default)] portal: Portal,
) -> Result<Done, RpcError> {
    let mut roles = vec![organization_role];
    roles.extend(role_ids);
    let changed = super::submit::<ops::UpdateInvitation>(serde_json::json!({
        "organization_id": organization_id, "invitation_id": invitation_id, "role_ids": roles,
    }))
    .await?;
    Ok(super::done(
        format!("The roles of the invitation to {} were saved", changed.email),
        Some(format!("{}/invitations", portal.path_of(&organization_id))),
    ))
}

/// A link that was made to be copied; shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    pub invitation_id: String,
    /// Absent in a plain form's answer.
    pub link: Option<String>,
}

impl ShownOnce for NewLink {
    const NAME: &'static str = "invitation_link";

    fn forget(&mut self) {
        self.link = None;
    }
}

#[server(prefix = "/rpc", endpoint = "copy_invitation_link")]
pub async fn copy_invitation_link(
    organization_id: String,
    invitation_id: String,
    #[server(default)] portal: Portal,
) -> Result<NewLink, RpcError> {
    let made = super::submit::<ops::CopyInvitationLink>(serde_json::json!({
        "organization_id": organization_id, "invitation_id": invitation_id,
    }))
    .await?;
    let new = NewLink {
        invitation_id,
        link: Some(made.link.reveal().to_owned()),
    };
    let page = format!("{}/invitations", portal.path_of(&organization_id));
    Ok(super::handover::hand_over(new, &page))
}

/// The link that waits for this page, where scripts are off.
pub fn take_new_link() -> Option<NewLink> {
    taken()
}

#[server(prefix = "/rpc", endpoint = "read_invitation", protocol = Ask)]
pub async fn read_invitation(token: String) -> Result<InvitationView, RpcError> {
    super::submit::<ops::ReadInvitation>(serde_json::json!({ "token": token })).await
}

/// Where somebody goes who has accepted: on to the application where scripts run. A form may lead to our own pages only
/// (`form-action` of the policy), so that without them the link's own page says where to go.
#[cfg(feature = "ssr")]
fn accepted(token: &str, accepted: ops::Accepted) -> Done {
    let message = format!("You are now a member of {}", accepted.organization_name);
    let own = format!("/invite/{token}");
    if super::is_plain_form() {
        return super::done_afresh(message, &own);
    }
    match accepted.go_to {
        Some(to) => Done {
            message,
            to: Some(to),
        },
        None => super::done_afresh(message, &own),
    }
}

#[server(prefix = "/rpc", endpoint = "accept_invitation")]
pub async fn accept_invitation(
    token: String,
    password: String,
    #[server(default)] first_name: Option<String>,
    #[server(default)] last_name: Option<String>,
) -> Result<Done, RpcError> {
    let (first_name, last_name) = (super::optional(first_name), super::optional(last_name));
    let name = (first_name.is_some() || last_name.is_some())
        .then(|| super::filled(serde_json::json!({ "first_name": first_name, "last_name": last_name })));
    let fields = serde_json::json!({ "token": token, "name": name, "password": password });
    let done = super::submit::<ops::AcceptInvitation>(super::filled(fields)).await?;
    super::set_session(done.session.as_ref())?;
    Ok(accepted(&token, done))
}

#[server(prefix = "/rpc", endpoint = "join_by_invitation")]
pub async fn join_by_invitation(token: String) -> Result<Done, RpcError> {
    let done = super::submit::<ops::JoinByInvitation>(serde_json::json!({ "token": token })).await?;
    Ok(accepted(&token, done))
}

#[server(prefix = "/rpc", endpoint = "ask_for_new_invitation")]
pub async fn ask_for_new_invitation(token: String) -> Result<Done, RpcError> {
    super::submit::<ops::AskForNewInvitation>(serde_json::json!({ "token": token })).await?;
    Ok(super::done_afresh(
        "Whoever invited you was asked for a new invitation",
        &format!("/invite/{token}"),
    ))
}

/// Signs out, and comes back to the invitation that is for somebody else.
#[server(prefix = "/rpc", endpoint = "switch_account")]
pub async fn switch_account(token: String) -> Result<Done, RpcError> {
    super::sessions::sign_out().await?;
    Ok(super::done_afresh(
        "You are signed out",
        &format!("/invite/{token}"),
    ))
}
