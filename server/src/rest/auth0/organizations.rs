//! A1 to A5: organizations.

use guildhall::branding::Slug;
use guildhall::connections::ConnectionChoice;
use guildhall::error::{Error, Malformed};
use guildhall::id::OrganizationId;
use guildhall::organizations::*;
use guildhall::page::Order;
use guildhall::text::Name;
use guildhall::value::Emptied;
use schemars::JsonSchema;
use serde::Deserialize;

use super::endpoint::{Asked, Nothing};
use super::organization_body::{CreateBody, OrganizationOut, UpdateBody};
use super::pages::{Listed, PageNumber, Paging, Rows, text};
use super::refusal::{Place, Refusal};

/// What `GET /organizations` takes.
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
    /// `name`, `display_name` or `created_at`, with `:1` or `:-1` behind it.
    #[serde(default, deserialize_with = "text")]
    sort: Option<String>,
}

/// What a list is sorted by.
fn sorted(sort: Option<&str>) -> Result<(OrganizationSort, Order), Refusal> {
    let wrong = |sort: &str| {
        let why = format!("{sort} is none of name, display_name and created_at, with :1 or :-1 behind it");
        Refusal::invalid(Place::Query, "sort", &why)
    };
    let Some(sort) = sort else {
        return Ok((OrganizationSort::default(), Order::default()));
    };
    let (field, order) = match sort.split_once(':') {
        None | Some((_, "1")) => (sort.trim_end_matches(":1"), Order::Ascending),
        Some((field, "-1")) => (field, Order::Descending),
        Some(_) => return Err(wrong(sort)),
    };
    match field {
        "name" | "display_name" => Ok((OrganizationSort::Name, order)),
        "created_at" => Ok((OrganizationSort::CreatedAt, order)),
        _ => Err(wrong(sort)),
    }
}

/// `GET /organizations`.
pub(super) async fn list(asked: Asked<ListQuery, Nothing>) -> Result<Listed<OrganizationOut>, Refusal> {
    let query = asked.query.clone();
    let (sort, order) = sorted(query.sort.as_deref())?;
    let paging = Paging::either(
        (query.page, query.per_page, query.include_totals),
        (query.from, query.take),
    )?;
    let operation = ListOrganizations {
        sort,
        order,
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
        ..ListOrganizations::default()
    };
    let page = asked.run(operation).await?;
    Ok(paging.listed(page.map(OrganizationOut::from)))
}

/// `POST /organizations`.
pub(super) async fn create(asked: Asked<Nothing, CreateBody>) -> Result<OrganizationOut, Refusal> {
    let body = asked.body.clone();
    let branding = body.branding;
    let connections: Vec<ConnectionChoice> = body
        .enabled_connections
        .unwrap_or_default()
        .into_iter()
        .map(Into::into)
        .collect();
    let name = Name::parse(body.name.as_str())
        .map_err(|Malformed(why)| Refusal::invalid(Place::Body, "name", &why))?;
    let operation = CreateOrganization {
        name,
        domain: None,
        app_ids: Vec::new(),
        enabled: None,
        domains: Vec::new(),
        alias_name: body.display_name,
        slug: Some(body.name),
        logo_url: branding
            .as_ref()
            .and_then(|branding| branding.logo_url.clone())
            .and_then(|Emptied(url)| url),
        colors: branding.and_then(|branding| branding.colors).map(Into::into),
        metadata: body.metadata,
        connections: connections.clone(),
    };
    let made = asked.run(operation).await?;
    Ok(OrganizationOut::from(made).with(&connections))
}

/// `GET /organizations/{id}`.
pub(super) async fn get(asked: Asked<Nothing, Nothing>) -> Result<OrganizationOut, Refusal> {
    let organization_id: OrganizationId = asked.id("id")?;
    Ok(asked.run(GetOrganization { organization_id }).await?.into())
}

/// `GET /organizations/name/{name}`.
pub(super) async fn get_by_name(asked: Asked<Nothing, Nothing>) -> Result<OrganizationOut, Refusal> {
    // What can be no name is nobody's.
    let slug =
        Slug::parse(asked.text("name")).map_err(|_| Refusal::from(Error::not_found("organization")))?;
    Ok(asked.run(GetOrganizationBySlug { slug }).await?.into())
}

/// `PATCH /organizations/{id}`.
pub(super) async fn update(asked: Asked<Nothing, UpdateBody>) -> Result<OrganizationOut, Refusal> {
    let body = asked.body.clone();
    let branding = body.branding;
    let operation = UpdateOrganization {
        organization_id: asked.id("id")?,
        name: None,
        domain: None,
        domains: None,
        alias_name: body.display_name,
        enabled: None,
        requires_factor: None,
        slug: body.name,
        logo_url: branding.as_ref().and_then(|branding| branding.logo_url.clone()),
        colors: branding.and_then(|branding| branding.colors).map(Into::into),
        metadata: body.metadata,
    };
    Ok(asked.run(operation).await?.into())
}

/// `DELETE /organizations/{id}`.
pub(super) async fn delete(asked: Asked<Nothing, Nothing>) -> Result<(), Refusal> {
    let organization_id: OrganizationId = asked.id("id")?;
    asked.run(DeleteOrganization { organization_id }).await
}
