//! A9 and A10: the roles of members.

use guildhall::assigning::*;
use guildhall::id::{CustomRoleId, OrganizationId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Asked, Nothing};
use super::pages::{Listed, PageNumber, Paging, Rows, rows, text};
use super::refusal::Refusal;

/// A page by number.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    #[serde(default)]
    pub(super) page: Option<PageNumber>,
    #[serde(default)]
    pub(super) per_page: Option<Rows>,
    #[serde(default, deserialize_with = "guildhall::page::flag")]
    pub(super) include_totals: bool,
}

impl PageQuery {
    pub(super) fn paging(&self) -> Paging {
        Paging::numbered(self.page, self.per_page, self.include_totals)
    }
}

/// A page from a place on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FromQuery {
    #[serde(default, deserialize_with = "text")]
    pub(super) from: Option<String>,
    #[serde(default)]
    pub(super) take: Option<Rows>,
}

/// Some roles.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RolesBody {
    #[schemars(length(min = 1, max = 50))]
    roles: Vec<CustomRoleId>,
}

/// The names that the operations' fields have here.
pub(super) const NAMES: &[(&str, &str)] = &[("role_ids", "roles")];

/// A role that a member has.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct GivenOut {
    id: String,
    name: String,
    description: String,
}
rows! { GivenOut, "roles"; }

/// A role that counts for a member, and how it came to them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct EffectiveOut {
    id: String,
    name: String,
    description: String,
    sources: Vec<&'static str>,
}
rows! { EffectiveOut, "roles"; }

fn of<Q, B>(asked: &Asked<Q, B>) -> Result<(OrganizationId, UserId), Refusal> {
    Ok((asked.id("id")?, asked.id("user_id")?))
}

/// `GET /organizations/{id}/members/{user_id}/roles`.
pub(super) async fn list(asked: Asked<PageQuery, Nothing>) -> Result<Listed<GivenOut>, Refusal> {
    let (organization_id, user_id) = of(&asked)?;
    let roles = asked
        .run(ListMemberRoles {
            organization_id,
            user_id,
        })
        .await?;
    let out = |role: GivenRole| GivenOut {
        id: role.role_id.to_string(),
        name: role.role_name,
        description: role.description.unwrap_or_default(),
    };
    asked.query.paging().cut(roles.into_iter().map(out).collect())
}

/// `POST /organizations/{id}/members/{user_id}/roles`.
pub(super) async fn add(asked: Asked<Nothing, RolesBody>) -> Result<(), Refusal> {
    let (organization_id, user_id) = of(&asked)?;
    let operation = GiveMemberRoles {
        organization_id,
        user_id,
        role_ids: asked.body.roles.clone(),
    };
    asked.run(operation).await
}

/// `DELETE /organizations/{id}/members/{user_id}/roles`.
pub(super) async fn remove(asked: Asked<Nothing, RolesBody>) -> Result<(), Refusal> {
    let (organization_id, user_id) = of(&asked)?;
    let operation = TakeMemberRoles {
        organization_id,
        user_id,
        role_ids: asked.body.roles.clone(),
    };
    asked.run(operation).await
}

/// `GET /organizations/{id}/members/{user_id}/effective-roles`.
pub(super) async fn effective(asked: Asked<FromQuery, Nothing>) -> Result<Listed<EffectiveOut>, Refusal> {
    let (organization_id, user_id) = of(&asked)?;
    let paging = Paging::from(asked.query.from.clone(), asked.query.take)?;
    let roles = asked
        .run(ListEffectiveRoles {
            organization_id,
            user_id,
        })
        .await?;
    let out = |role: GivenRole| EffectiveOut {
        id: role.role_id.to_string(),
        name: role.role_name,
        description: role.description.unwrap_or_default(),
        sources: vec!["direct"],
    };
    paging.cut(roles.into_iter().map(out).collect())
}
