//! A13: the connections of organizations, and those that the tenant has.

use guildhall::connections::*;
use guildhall::id::{ConnectionId, OrganizationId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Asked, Nothing};
use super::member_roles::PageQuery;
use super::organization_body::{ConnectionBody, ConnectionOut};
use super::pages::{Listed, PageNumber, Paging, Rows, rows, text};
use super::refusal::Refusal;
use guildhall::error::Error;

/// What `PATCH` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateBody {
    #[serde(default)]
    assign_membership_on_login: Option<bool>,
    #[serde(default)]
    show_as_button: Option<bool>,
    #[serde(default)]
    is_signup_enabled: Option<bool>,
}

/// What `GET /connections` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AllQuery {
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
    /// Only those of this kind.
    #[serde(default, deserialize_with = "text")]
    strategy: Option<String>,
    /// Only the one with this name.
    #[serde(default, deserialize_with = "text")]
    name: Option<String>,
}

/// A connection of the tenant.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct TenantConnectionOut {
    id: ConnectionId,
    name: String,
    strategy: String,
}
rows! { TenantConnectionOut, "connections"; }

impl From<Connection> for TenantConnectionOut {
    fn from(it: Connection) -> Self {
        TenantConnectionOut {
            id: it.connection_id,
            name: it.name,
            strategy: it.strategy,
        }
    }
}

/// `GET /connections`.
pub(super) async fn all(asked: Asked<AllQuery, Nothing>) -> Result<Listed<TenantConnectionOut>, Refusal> {
    let query = asked.query.clone();
    let paging = Paging::either(
        (query.page, query.per_page, query.include_totals),
        (query.from, query.take),
    )?;
    let is = |wanted: &Option<String>, it: &str| wanted.as_deref().is_none_or(|wanted| wanted == it);
    let all = asked.run(ListConnections {}).await?;
    let shown = all
        .into_iter()
        .filter(|it| is(&query.strategy, &it.strategy) && is(&query.name, &it.name));
    paging.cut(shown.map(Into::into).collect())
}

/// `GET /connections/{id}`.
pub(super) async fn one(asked: Asked<Nothing, Nothing>) -> Result<TenantConnectionOut, Refusal> {
    let id: ConnectionId = asked.id("id")?;
    let all = asked.run(ListConnections {}).await?;
    all.into_iter()
        .find(|connection| connection.connection_id == id)
        .map(Into::into)
        .ok_or_else(|| Refusal::from(Error::not_found("connection")))
}

/// `GET /organizations/{id}/enabled_connections`.
pub(super) async fn list(asked: Asked<PageQuery, Nothing>) -> Result<Listed<ConnectionOut>, Refusal> {
    let organization_id: OrganizationId = asked.id("id")?;
    let all = asked.run(ListOrganizationConnections { organization_id }).await?;
    asked
        .query
        .paging()
        .cut(all.into_iter().map(Into::into).collect())
}

/// `POST /organizations/{id}/enabled_connections`.
pub(super) async fn add(asked: Asked<Nothing, ConnectionBody>) -> Result<ConnectionOut, Refusal> {
    let operation = AddOrganizationConnection {
        organization_id: asked.id("id")?,
        connection: asked.body.clone().into(),
    };
    Ok(asked.run(operation).await?.into())
}

/// `GET /organizations/{id}/enabled_connections/{connection_id}`.
pub(super) async fn get(asked: Asked<Nothing, Nothing>) -> Result<ConnectionOut, Refusal> {
    let operation = GetOrganizationConnection {
        organization_id: asked.id("id")?,
        connection_id: asked.id("connection_id")?,
    };
    Ok(asked.run(operation).await?.into())
}

/// `PATCH /organizations/{id}/enabled_connections/{connection_id}`.
pub(super) async fn update(asked: Asked<Nothing, UpdateBody>) -> Result<ConnectionOut, Refusal> {
    let operation = UpdateOrganizationConnection {
        organization_id: asked.id("id")?,
        connection: ConnectionChoice {
            connection_id: asked.id("connection_id")?,
            assign_membership_on_login: asked.body.assign_membership_on_login,
            show_as_button: asked.body.show_as_button,
            is_signup_enabled: asked.body.is_signup_enabled,
        },
    };
    Ok(asked.run(operation).await?.into())
}

/// `DELETE /organizations/{id}/enabled_connections/{connection_id}`.
pub(super) async fn remove(asked: Asked<Nothing, Nothing>) -> Result<(), Refusal> {
    let operation = RemoveOrganizationConnection {
        organization_id: asked.id("id")?,
        connection_id: asked.id("connection_id")?,
    };
    asked.run(operation).await
}
