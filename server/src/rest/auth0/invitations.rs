//! A11 and A12: invitations.

use guildhall::contact::Email;
use guildhall::id::{ClientId, CustomRoleId, InvitationId, OrganizationId, RoleId};
use guildhall::invitations::*;
use guildhall::text::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::endpoint::{Asked, Nothing};
use super::ids::invitation_id;
use super::members::yes;
use super::pages::{Listed, PageNumber, Paging, Rows, rows, text};
use super::refusal::{Place, Refusal};
use super::shown::{Fields, Shown, listed, moment};

/// What `GET /organizations/{id}/invitations` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    #[serde(default)]
    page: Option<PageNumber>,
    #[serde(default)]
    per_page: Option<Rows>,
    #[serde(default, deserialize_with = "guildhall::page::flag")]
    include_totals: bool,
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
    /// The newest come first: `created_at:-1`.
    #[serde(default, deserialize_with = "text")]
    sort: Option<String>,
}

/// What `GET /organizations/{id}/invitations/{invitation_id}` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetQuery {
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
}

/// Who invites.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InviterBody {
    name: Text<1, 300>,
}

/// Who is invited.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InviteeBody {
    email: Email,
}

/// What `POST /organizations/{id}/invitations` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBody {
    inviter: InviterBody,
    invitee: InviteeBody,
    client_id: ClientId,
    #[serde(default)]
    #[schemars(length(max = 50))]
    roles: Option<Vec<CustomRoleId>>,
    #[serde(default)]
    ttl_sec: Option<Lifetime>,
    /// True where nothing is said.
    #[serde(default)]
    send_invitation_email: Option<bool>,
    #[serde(default, deserialize_with = "guildhall::custom::bounded")]
    app_metadata: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "guildhall::custom::bounded")]
    user_metadata: Option<Map<String, Value>>,
}

/// The names that the operations' fields have here.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("email", "invitee.email"),
    ("inviter_name", "inviter.name"),
    ("role_ids", "roles"),
    ("lifetime", "ttl_sec"),
    ("custom_app_data", "app_metadata"),
    ("custom_data", "user_metadata"),
];

/// An invitation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct InvitationOut {
    id: String,
    organization_id: String,
    inviter: InviterOut,
    invitee: InviteeOut,
    /// The link, shown once: right after it was made, where no mail brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation_url: Option<String>,
    /// The secret in the link, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_id: Option<String>,
    created_at: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    roles: Vec<String>,
    app_metadata: Map<String, Value>,
    user_metadata: Map<String, Value>,
}
rows! { InvitationOut, "invitations"; }

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct InviterOut {
    name: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct InviteeOut {
    email: String,
}

impl From<Invitation> for InvitationOut {
    fn from(it: Invitation) -> Self {
        let roles = it.roles.iter().filter_map(|role| match role.role_id {
            RoleId::Custom(id) => Some(id.to_string()),
            RoleId::OrganizationAdmin | RoleId::OrganizationMember => None,
        });
        InvitationOut {
            id: invitation_id(it.invitation_id),
            organization_id: it.organization_id.to_string(),
            roles: roles.collect(),
            inviter: InviterOut {
                name: it.inviter_name.or(it.invited_by).unwrap_or_default(),
            },
            invitee: InviteeOut { email: it.email },
            invitation_url: None,
            ticket_id: None,
            created_at: moment(it.created_at),
            expires_at: moment(it.expires_at),
            client_id: it.client_id.map(|id| id.to_string()),
            app_metadata: it.custom_app_data.unwrap_or_default(),
            user_metadata: it.custom_data.unwrap_or_default(),
        }
    }
}

impl From<Invited> for InvitationOut {
    fn from(made: Invited) -> Self {
        let link = made.link.map(|link| link.reveal().to_owned());
        InvitationOut {
            ticket_id: link.as_deref().and_then(ticket_of),
            invitation_url: link,
            ..InvitationOut::from(made.invitation)
        }
    }
}

/// The secret in a link, by whichever way it leads.
fn ticket_of(link: &str) -> Option<String> {
    let query = link.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "invitation");
    match named {
        Some((_, ticket)) => Some(ticket.into_owned()),
        None => link.rsplit('/').next().map(str::to_owned),
    }
}

/// `GET /organizations/{id}/invitations`.
pub(super) async fn list(asked: Asked<ListQuery, Nothing>) -> Result<Listed<Shown<InvitationOut>>, Refusal> {
    let query = asked.query.clone();
    let organization: OrganizationId = asked.id("id")?;
    if let Some(sort) = query.sort.as_deref().filter(|sort| *sort != "created_at:-1") {
        return Err(Refusal::invalid(
            Place::Query,
            "sort",
            &format!("{sort} is not created_at:-1"),
        ));
    }
    let fields = Fields::of(query.fields.as_deref(), query.include_fields);
    let paging = Paging::numbered(query.page, query.per_page, query.include_totals);
    let operation = ListInvitations {
        open: true,
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
        ..ListInvitations::of(organization)
    };
    let page = asked.run(operation).await?;
    listed(&paging, page.map(InvitationOut::from), fields.as_ref())
}

/// `POST /organizations/{id}/invitations`.
pub(super) async fn create(asked: Asked<Nothing, CreateBody>) -> Result<InvitationOut, Refusal> {
    let body = asked.body.clone();
    let operation = InviteMember {
        organization_id: asked.id("id")?,
        email: body.invitee.email,
        inviter_name: body.inviter.name,
        client_id: body.client_id,
        role_ids: body
            .roles
            .unwrap_or_default()
            .into_iter()
            .map(RoleId::Custom)
            .collect(),
        lifetime: body.ttl_sec.unwrap_or_default(),
        send_mail: body.send_invitation_email.unwrap_or(true),
        custom_app_data: body.app_metadata,
        custom_data: body.user_metadata,
    };
    Ok(asked.run(operation).await?.into())
}

/// `GET /organizations/{id}/invitations/{invitation_id}`.
pub(super) async fn get(asked: Asked<GetQuery, Nothing>) -> Result<Shown<InvitationOut>, Refusal> {
    let operation = GetInvitation {
        organization_id: asked.id("id")?,
        invitation_id: asked.id("invitation_id")?,
    };
    let fields = Fields::of(asked.query.fields.as_deref(), asked.query.include_fields);
    Shown::of(InvitationOut::from(asked.run(operation).await?), fields.as_ref())
}

/// `DELETE /organizations/{id}/invitations/{invitation_id}`.
pub(super) async fn revoke(asked: Asked<Nothing, Nothing>) -> Result<(), Refusal> {
    let invitation_id: InvitationId = asked.id("invitation_id")?;
    let operation = RevokeInvitation {
        organization_id: asked.id("id")?,
        invitation_id,
    };
    match asked.try_run(operation).await {
        Ok(_) => Ok(()),
        // One that is over is none that there is.
        Err(error) if error.reason.as_deref() == Some("invitation_is_over") => {
            Err(Refusal::from(guildhall::error::Error::not_found("invitation")))
        }
        Err(error) => Err(asked.refusal(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::ticket_of;

    #[test]
    fn the_secret_is_in_either_link() {
        let of = |link| ticket_of(link).unwrap_or_default();
        assert_eq!(of("https://console.example/invite/t0k"), "t0k");
        assert_eq!(
            of("https://app.example/login?a=b&invitation=t0k&organization=org_1"),
            "t0k"
        );
    }
}
