//! Inviting through the application of a client: in the inviter's own words, with all roles in one invitation.

use guildhall::assigning::MOST_ROLES;
use guildhall::error::Error;
use guildhall::id::{ApplicationId, ClientId, InvitationId, RoleId, UserId};
use guildhall::invitations::{InviteMember, Invited};
use guildhall::members::AddMember;
use guildhall::secret::Secret;
use guildhall::users::PersonName;
use serde_json::{Map, Value};

use super::adding::AddMemberBy;
use super::assigning::{let_give, with_applications};
use super::invitation_way::renew;
use super::inviting::{send, summary};
use super::membership::Given;
use super::{found, organizations};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::invitation_ways::{self, Words};
use crate::store::invitations::{self, Invited as Row};
use crate::store::{Tx, clients, people};

/// How somebody is invited through an application.
pub(super) struct Through<'i> {
    pub app: ApplicationId,
    pub client: ClientId,
    pub inviter_name: &'i str,
    /// Milliseconds.
    pub lifetime: i64,
    pub send_mail: bool,
    pub custom_app_data: Option<&'i Map<String, Value>>,
    pub custom_data: Option<&'i Map<String, Value>>,
}

/// Writes the invitation, and mails it where that is wanted.
pub(super) async fn invite_through(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    person: UserId,
    (email, name): (&str, Option<&PersonName>),
    given: &[Given],
    through: &Through<'_>,
) -> Result<(), Fault> {
    let roles: Vec<RoleId> = given.iter().map(|(role, _)| *role).collect();
    let row = Row {
        app: Some(through.app),
        person,
        email,
        name,
        roles: &roles,
        expires_at: cx.now.saturating_add(through.lifetime),
    };
    let id = InvitationId::compose(cx.now, cx.random());
    let id = invitations::invite(tx, permit, id, &row, cx.now).await?;
    let words = Words {
        client: through.client,
        inviter_name: through.inviter_name,
        lifetime: through.lifetime,
        custom_app_data: through.custom_app_data,
        custom_data: through.custom_data,
    };
    invitation_ways::set(tx, permit, id, &words).await?;
    if through.send_mail {
        let user = found(people::get(tx, person).await?, "user")?;
        send(permit, tx, cx, id, &user).await?;
    }
    Ok(())
}

impl Perform for InviteMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Invited, Fault> {
        organizations::exists(tx, self.organization_id).await?;
        let client = clients::with_application(tx, self.client_id)
            .await?
            .filter(|client| !client.is_management())
            .ok_or_else(|| Error::field("client_id", "is no client of an end-user application"))?;
        if self.role_ids.len() > MOST_ROLES {
            return Err(Error::field(
                "role_ids",
                format!("are too many: a member has at most {MOST_ROLES}"),
            )
            .into());
        }
        let of_applications = with_applications(permit, tx, &self.role_ids).await?;
        let app = client.application_id;
        let_give(permit, tx, cx, &of_applications, Some(app)).await?;
        let through = Through {
            app,
            client: self.client_id,
            inviter_name: self.inviter_name.as_str(),
            lifetime: self.lifetime.millis(),
            send_mail: self.send_mail,
            custom_app_data: self.custom_app_data.as_ref(),
            custom_data: self.custom_data.as_ref(),
        };
        let mut role_ids = self.role_ids.clone();
        if !role_ids.iter().any(|role| role.is_built_in()) {
            role_ids.push(RoleId::OrganizationMember);
        }
        let add = AddMember {
            custom_app_data: self.custom_app_data.clone(),
            custom_data: self.custom_data.clone(),
            ..AddMember::invited(self.organization_id, self.email.clone(), role_ids)
        };
        let member = add.add(permit, tx, cx, Some(&through)).await?;
        let waiting = invitations::waiting_of(tx, self.organization_id, member.user_id).await?;
        let waiting = waiting.into_iter().find(|waiting| waiting.app == Some(app));
        let id = found(waiting.map(|waiting| waiting.id), "invitation")?;
        let link = if self.send_mail {
            None
        } else {
            Some(Secret::new(renew(tx, cx, id, false).await?.link))
        };
        let invitation = found(invitations::get(tx, permit, id, cx.now).await?, "invitation")?;
        cx.changed(
            Change::of("invitation", id, &invitation.name)
                .within(self.organization_id)
                .after(&summary(&invitation)),
        );
        Ok(Invited { invitation, link })
    }
}
