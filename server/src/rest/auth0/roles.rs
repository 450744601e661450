//! A17: the tenant's roles.

use guildhall::id::CustomRoleId;
use guildhall::page::Search;
use guildhall::roles::Role;
use guildhall::tenant_roles::*;
use guildhall::text::{Description, Name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Asked, Nothing};
use super::pages::{Listed, PageNumber, Paging, Rows, rows, text};
use super::refusal::Refusal;

/// What `GET /roles` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    #[serde(default)]
    page: Option<PageNumber>,
    #[serde(default)]
    per_page: Option<Rows>,
    #[serde(default, deserialize_with = "guildhall::page::flag")]
    include_totals: bool,
    /// A part of the name.
    #[serde(default, deserialize_with = "text")]
    name_filter: Option<Search>,
}

/// What `POST /roles` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBody {
    name: Name,
    #[serde(default)]
    description: Option<Description>,
}

/// What `PATCH /roles/{id}` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateBody {
    #[serde(default)]
    name: Option<Name>,
    #[serde(default)]
    description: Option<Description>,
}

/// The names that the operations' fields have here.
pub(super) const NAMES: &[(&str, &str)] = &[("role_name", "name")];

/// A role.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct RoleOut {
    id: CustomRoleId,
    name: String,
    description: String,
}
rows! { RoleOut, "roles"; }

impl From<Role> for RoleOut {
    fn from(it: Role) -> Self {
        RoleOut {
            id: it.role_id,
            name: it.role_name,
            description: it.description.unwrap_or_default(),
        }
    }
}

/// `GET /roles`.
pub(super) async fn list(asked: Asked<ListQuery, Nothing>) -> Result<Listed<RoleOut>, Refusal> {
    let query = asked.query.clone();
    let paging = Paging::numbered(query.page, query.per_page, query.include_totals);
    let operation = ListTenantRoles {
        search: query.name_filter,
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
    };
    let page = asked.run(operation).await?;
    Ok(paging.listed(page.map(RoleOut::from)))
}

/// `POST /roles`.
pub(super) async fn create(asked: Asked<Nothing, CreateBody>) -> Result<RoleOut, Refusal> {
    let body = asked.body.clone();
    let operation = CreateTenantRole {
        role_name: body.name,
        description: body.description,
    };
    Ok(asked.run(operation).await?.into())
}

/// `GET /roles/{id}`.
pub(super) async fn get(asked: Asked<Nothing, Nothing>) -> Result<RoleOut, Refusal> {
    let role_id: CustomRoleId = asked.id("id")?;
    Ok(asked.run(GetTenantRole { role_id }).await?.into())
}

/// `PATCH /roles/{id}`.
pub(super) async fn update(asked: Asked<Nothing, UpdateBody>) -> Result<RoleOut, Refusal> {
    let body = asked.body.clone();
    let operation = UpdateTenantRole {
        role_id: asked.id("id")?,
        role_name: body.name,
        description: body.description,
    };
    Ok(asked.run(operation).await?.into())
}

/// `DELETE /roles/{id}`.
pub(super) async fn delete(asked: Asked<Nothing, Nothing>) -> Result<(), Refusal> {
    let role_id: CustomRoleId = asked.id("id")?;
    asked.run(DeleteTenantRole { role_id }).await
}
