//! A6 to A8: members.

use guildhall::assigning::{AssignMembers, UnassignMembers};
use guildhall::id::{OrganizationId, RoleId};
use guildhall::members::{ListMembers, Member, MemberStatus};
use guildhall::policy::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Asked, Nothing};
use super::ids::{UserKey, user_id};
use super::pages::{Listed, PageNumber, Paging, Rows, rows, text};
use super::refusal::Refusal;
use super::shown::{Fields, Shown, listed};

/// What `GET /organizations/{id}/members` takes.
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
    from: Option<String>,
    #[serde(default)]
    take: Option<Rows>,
    /// Names of fields with commas between; `roles` are shown only where they are named.
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    /// Whether these are shown, or left out.
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
}

/// What is so where nothing is said.
pub(super) fn yes() -> bool {
    true
}

/// Some people.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MembersBody {
    #[schemars(length(min = 1, max = 10))]
    members: Vec<UserKey>,
}

/// The names that the operations' fields have here.
pub(super) const NAMES: &[(&str, &str)] = &[("user_ids", "members")];

/// A member.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct MemberOut {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<RoleName>>,
}
rows! { MemberOut, "members"; }

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct RoleName {
    id: String,
    name: String,
}

impl MemberOut {
    fn of(member: Member, with_roles: bool) -> Self {
        let name = member.label();
        let roles = member.roles.into_iter().filter_map(|role| match role.role_id {
            RoleId::Custom(id) => Some(RoleName {
                id: id.to_string(),
                name: role.role_name,
            }),
            // Those that every organization has are no roles of the tenant's.
            RoleId::OrganizationAdmin | RoleId::OrganizationMember => None,
        });
        MemberOut {
            user_id: user_id(member.user_id),
            picture: member.picture,
            name,
            email: member.email.map(|email| email.value),
            roles: with_roles.then(|| roles.collect()),
        }
    }
}

/// `GET /organizations/{id}/members`.
pub(super) async fn list(asked: Asked<ListQuery, Nothing>) -> Result<Listed<Shown<MemberOut>>, Refusal> {
    let query = asked.query.clone();
    let organization: OrganizationId = asked.id("id")?;
    let fields = Fields::of(query.fields.as_deref(), query.include_fields);
    let with_roles = fields.as_ref().is_some_and(|fields| fields.ask_for("roles"));
    if with_roles {
        asked.require(Permission::ReadMemberRoles)?;
    }
    let paging = Paging::either(
        (query.page, query.per_page, query.include_totals),
        (query.from, query.take),
    )?;
    let operation = ListMembers {
        // Whoever is invited, suspended or blocked is none to whom this dialect shows members.
        status: Some(MemberStatus::Active),
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
        ..ListMembers::of(organization)
    };
    let page = asked.run(operation).await?;
    let page = page.map(|member| MemberOut::of(member, with_roles));
    listed(&paging, page, fields.as_ref())
}

/// `POST /organizations/{id}/members`.
pub(super) async fn add(asked: Asked<Nothing, MembersBody>) -> Result<(), Refusal> {
    let operation = AssignMembers {
        organization_id: asked.id("id")?,
        user_ids: asked.body.members.iter().map(|key| key.0).collect(),
    };
    asked.run(operation).await
}

/// `DELETE /organizations/{id}/members`.
pub(super) async fn remove(asked: Asked<Nothing, MembersBody>) -> Result<(), Refusal> {
    let operation = UnassignMembers {
        organization_id: asked.id("id")?,
        user_ids: asked.body.members.iter().map(|key| key.0).collect(),
    };
    asked.run(operation).await
}
