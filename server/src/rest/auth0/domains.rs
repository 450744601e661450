//! A14: discovery domains.

use guildhall::contact::Domain;
use guildhall::domains::*;
use guildhall::error::Error;
use guildhall::id::{DiscoveryDomainId, OrganizationId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Asked, Nothing};
use super::member_roles::FromQuery;
use super::pages::{Listed, Paging, rows};
use super::refusal::Refusal;

/// What `POST` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBody {
    domain: Domain,
    #[serde(default)]
    status: Option<DomainStatus>,
    #[serde(default)]
    use_for_organization_discovery: Option<bool>,
}

/// What `PATCH` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateBody {
    #[serde(default)]
    status: Option<DomainStatus>,
    #[serde(default)]
    use_for_organization_discovery: Option<bool>,
}

/// A domain of an organization.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct DomainOut {
    id: DiscoveryDomainId,
    domain: String,
    status: DomainStatus,
    use_for_organization_discovery: bool,
    verification_txt: String,
    verification_host: String,
}
rows! { DomainOut, "domains"; }

impl From<DiscoveryDomain> for DomainOut {
    fn from(it: DiscoveryDomain) -> Self {
        DomainOut {
            id: it.discovery_domain_id,
            domain: it.domain,
            status: it.status,
            use_for_organization_discovery: it.use_for_organization_discovery,
            verification_txt: it.verification_txt,
            verification_host: it.verification_host,
        }
    }
}

/// `GET /organizations/{id}/discovery-domains`.
pub(super) async fn list(asked: Asked<FromQuery, Nothing>) -> Result<Listed<DomainOut>, Refusal> {
    let organization_id: OrganizationId = asked.id("id")?;
    let paging = Paging::from(asked.query.from.clone(), asked.query.take)?;
    let operation = ListDiscoveryDomains {
        organization_id,
        limit: paging.limit(),
        cursor: paging.cursor(),
    };
    let page = asked.run(operation).await?;
    Ok(paging.listed(page.map(DomainOut::from)))
}

/// `POST /organizations/{id}/discovery-domains`.
pub(super) async fn create(asked: Asked<Nothing, CreateBody>) -> Result<DomainOut, Refusal> {
    let body = asked.body.clone();
    let operation = AddDiscoveryDomain {
        organization_id: asked.id("id")?,
        domain: body.domain,
        status: body.status,
        use_for_organization_discovery: body.use_for_organization_discovery,
    };
    Ok(asked.run(operation).await?.into())
}

/// `GET /organizations/{id}/discovery-domains/{discovery_domain_id}`.
pub(super) async fn get(asked: Asked<Nothing, Nothing>) -> Result<DomainOut, Refusal> {
    let operation = GetDiscoveryDomain {
        organization_id: asked.id("id")?,
        discovery_domain_id: asked.id("discovery_domain_id")?,
    };
    Ok(asked.run(operation).await?.into())
}

/// `GET /organizations/{id}/discovery-domains/name/{discovery_domain}`.
pub(super) async fn get_by_name(asked: Asked<Nothing, Nothing>) -> Result<DomainOut, Refusal> {
    let organization_id: OrganizationId = asked.id("id")?;
    // What can be no domain is nobody's.
    let domain = Domain::parse(asked.text("discovery_domain"))
        .map_err(|_| Refusal::from(Error::not_found("domain")))?;
    let operation = GetDiscoveryDomainByName {
        organization_id,
        domain,
    };
    Ok(asked.run(operation).await?.into())
}

/// `PATCH /organizations/{id}/discovery-domains/{discovery_domain_id}`.
pub(super) async fn update(asked: Asked<Nothing, UpdateBody>) -> Result<DomainOut, Refusal> {
    let operation = UpdateDiscoveryDomain {
        organization_id: asked.id("id")?,
        discovery_domain_id: asked.id("discovery_domain_id")?,
        status: asked.body.status,
        use_for_organization_discovery: asked.body.use_for_organization_discovery,
    };
    Ok(asked.run(operation).await?.into())
}

/// `DELETE /organizations/{id}/discovery-domains/{discovery_domain_id}`.
pub(super) async fn remove(asked: Asked<Nothing, Nothing>) -> Result<(), Refusal> {
    let operation = RemoveDiscoveryDomain {
        organization_id: asked.id("id")?,
        discovery_domain_id: asked.id("discovery_domain_id")?,
    };
    asked.run(operation).await
}
