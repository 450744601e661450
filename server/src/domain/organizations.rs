//! What happens to organizations.

use guildhall::branding::Slug;
use guildhall::error::Error;
use guildhall::id::OrganizationId;
use guildhall::organizations::*;
use guildhall::page::Page;
use guildhall::policy::Permission;
use guildhall::value::Emptied;
use serde_json::json;

use super::connections;
use super::{changed, cleared, found, unknown_entry};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::organizations::Details;
use crate::store::presentations::{self, Presentation};
use crate::store::{self, Tx, applications, logos, organization_applications, organization_roles};

/// An organization's record: 404 where there is none.
pub(super) async fn organization(
    permit: &Permit,
    tx: &mut Tx,
    id: OrganizationId,
) -> Result<Organization, Fault> {
    Ok(found(
        store::organizations::get(tx, permit, id).await?,
        "organization",
    )?)
}

/// 404 where there is no such organization.
pub(super) async fn exists(tx: &mut Tx, id: OrganizationId) -> Result<(), Fault> {
    let there = store::organizations::exists(tx, id).await?;
    Ok(found(there.then_some(()), "organization")?)
}

/// 409 at the name of an organization.
pub(super) fn name_taken(name: &str) -> Error {
    Error::conflict(
        "organization_name_taken",
        format!("There is already an organization called {name}."),
    )
    .at("name", "is taken by another organization")
}

fn slug_taken(slug: &str) -> Error {
    Error::conflict(
        "organization_slug_taken",
        format!("There is already an organization with the name {slug} in addresses."),
    )
    .at("slug", "is taken by another organization")
}

impl Perform for CreateOrganization {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Organization, Fault> {
        if let Some(at) = applications::first_unknown(tx, &self.app_ids).await? {
            let id = self.app_ids.get(at).map(ToString::to_string).unwrap_or_default();
            return Err(unknown_entry("app_ids", at, id, "application").into());
        }
        let id = OrganizationId::compose(cx.now, cx.random());
        let details = Details {
            name: self.name.as_str().to_owned(),
            domain: self.domain.map(String::from).unwrap_or_default(),
            more_domains: self.domains,
            alias_name: cleared(self.alias_name),
            enabled: self.enabled.unwrap_or(true),
            requires_factor: false,
        };
        let wanted = self.slug.clone().unwrap_or_else(|| Slug::of(&details.name, None));
        let (name_is, slug_is) = presentations::are_taken(tx, id, &details.name, wanted.as_str()).await?;
        if name_is {
            return Err(name_taken(self.name.as_str()).into());
        }
        let slug = match self.slug {
            Some(slug) if slug_is => return Err(slug_taken(slug.as_str()).into()),
            None if slug_is => presentations::own_slug(id, &details.name),
            _ => wanted,
        };
        let presentation = Presentation {
            slug: slug.into(),
            logo_url: self.logo_url.map(String::from),
            colors: self.colors.unwrap_or_default(),
            metadata: self.metadata.unwrap_or_default(),
        };
        let record = (&details, &presentation);
        if !store::organizations::insert(tx, permit, id, record, cx.now, cx.random()).await? {
            return Err(name_taken(self.name.as_str()).into());
        }
        for app in self.app_ids {
            store::organization_applications::add(tx, permit, id, app, cx.now).await?;
        }
        if !self.connections.is_empty() {
            permit.require(Permission::AddOrganizationConnections)?;
        }
        connections::add_all(permit, tx, id, &self.connections).await?;
        let made = organization(permit, tx, id).await?;
        cx.changed(Change::of("organization", id, &made.name).within(id).after(&made));
        Ok(made)
    }
}

impl Perform for ListOrganizations {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Organization>, Fault> {
        store::organizations::list(tx, permit, &self).await
    }
}

impl Perform for GetOrganization {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Organization, Fault> {
        organization(permit, tx, self.organization_id).await
    }
}

impl Perform for GetOrganizationByName {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Organization, Fault> {
        Ok(found(
            store::organizations::get_by_name(tx, permit, self.name.folded()).await?,
            "organization",
        )?)
    }
}

impl Perform for GetOrganizationBySlug {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Organization, Fault> {
        Ok(found(
            store::organizations::get_by_slug(tx, permit, self.slug.into()).await?,
            "organization",
        )?)
    }
}

impl Perform for ListUserOrganizations {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Organization>, Fault> {
        let page = store::organizations::of_person(tx, permit, &self).await?;
        if page.items.is_empty() {
            found(store::people::get(tx, permit.person()?).await?, "user")?;
        }
        Ok(page)
    }
}

/// What an organization's record says now.
pub(super) fn details_of(organization: &Organization) -> Details {
    let further = organization
        .domains
        .iter()
        .filter(|domain| **domain != organization.domain);
    Details {
        name: organization.name.clone(),
        domain: organization.domain.clone(),
        more_domains: further.filter_map(|domain| domain.parse().ok()).collect(),
        alias_name: organization.alias_name.clone(),
        enabled: organization.enabled,
        requires_factor: organization.requires_factor,
    }
}

impl Perform for UpdateOrganization {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Organization, Fault> {
        let id = self.organization_id;
        let before = organization(permit, tx, id).await?;
        cx.require_match(&before.version.to_string())?;
        let presentation = self.presentation(permit, tx, &before).await?;
        let now = details_of(&before);
        // Whoever goes by names in addresses alone has one name.
        let follows = before.name == before.slug;
        let name = match self.name {
            None if follows => presentation.slug.clone(),
            None => now.name,
            Some(name) => name.as_str().to_owned(),
        };
        presentations::set(tx, permit, id, &presentation).await?;
        let details = Details {
            name,
            domain: self
                .domain
                .map_or(now.domain, |domain| domain.as_str().to_owned()),
            more_domains: self.domains.unwrap_or(now.more_domains),
            alias_name: changed(self.alias_name, now.alias_name),
            enabled: self.enabled.unwrap_or(now.enabled),
            requires_factor: self.requires_factor.unwrap_or(now.requires_factor),
        };
        save(permit, tx, cx, &before, &details).await
    }
}

/// Changing an organization, in parts.
trait Changing {
    /// How it presents itself from now on.
    async fn presentation(
        &self,
        permit: &Permit,
        tx: &mut Tx,
        before: &Organization,
    ) -> Result<Presentation, Fault>;
}

impl Changing for UpdateOrganization {
    async fn presentation(
        &self,
        permit: &Permit,
        tx: &mut Tx,
        before: &Organization,
    ) -> Result<Presentation, Fault> {
        if let Some(slug) = &self.slug
            && presentations::is_taken(tx, before.organization_id, slug.as_str()).await?
        {
            return Err(slug_taken(slug.as_str()).into());
        }
        let logo_url = match &self.logo_url {
            None => before.logo_url.clone(),
            Some(Emptied(url)) => {
                // A picture that was uploaded has no address any more.
                logos::remove(tx, permit).await?;
                url.as_ref().map(ToString::to_string)
            }
        };
        Ok(Presentation {
            slug: self
                .slug
                .as_ref()
                .map_or_else(|| before.slug.clone(), ToString::to_string),
            logo_url,
            colors: self.colors.clone().unwrap_or_else(|| before.colors.clone()),
            metadata: self.metadata.clone().unwrap_or_else(|| before.metadata.clone()),
        })
    }
}

/// Rewrites an organization's record.
pub(super) async fn save(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Organization,
    details: &Details,
) -> Result<Organization, Fault> {
    let id = before.organization_id;
    if presentations::is_taken(tx, id, &details.name).await? {
        return Err(name_taken(&details.name).into());
    }
    store::organizations::update(tx, permit, details, before.enabled, cx.now, cx.random()).await?;
    if details.enabled != before.enabled || details.requires_factor != before.requires_factor {
        cx.rights_changed();
    }
    let after = organization(permit, tx, id).await?;
    cx.changed(
        Change::of("organization", id, &after.name)
            .within(id)
            .before(before)
            .after(&after),
    );
    Ok(after)
}

impl Perform for DeleteOrganization {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let id = self.organization_id;
        let before = organization(permit, tx, id).await?;
        cx.require_match(&before.version.to_string())?;
        store::organizations::delete(tx, permit, before.enabled, before.member_count, cx.random()).await?;
        cx.rights_changed();
        cx.changed(
            Change::of("organization", id, &before.name)
                .within(id)
                .before(&before),
        );
        Ok(())
    }
}

impl Perform for AddOrganizationApps {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let id = self.organization_id;
        let organization = organization(permit, tx, id).await?;
        if self.app_ids.is_empty() {
            return Err(Error::field("app_ids", "must name at least one application").into());
        }
        if let Some(at) = applications::first_unknown(tx, &self.app_ids).await? {
            let app = self.app_ids.get(at).map(ToString::to_string).unwrap_or_default();
            return Err(unknown_entry("app_ids", at, app, "application").into());
        }
        let mut added = Vec::new();
        for app in self.app_ids {
            if store::organization_applications::add(tx, permit, id, app, cx.now).await? {
                added.push(app);
            }
        }
        if !added.is_empty() {
            store::organizations::touch(tx, id, cx.now).await?;
            cx.rights_changed();
            cx.changed(
                Change::of("organization", id, organization.name)
                    .within(id)
                    .after(&json!({ "app_ids": added })),
            );
        }
        Ok(())
    }
}

impl Perform for RemoveOrganizationApps {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let id = self.organization_id;
        let organization = organization(permit, tx, id).await?;
        if self.app_ids.is_empty() {
            return Err(Error::field("app_ids", "must name at least one application").into());
        }
        let mut removed = Vec::new();
        for (at, app) in self.app_ids.into_iter().enumerate() {
            if store::organization_applications::remove(tx, permit, app).await? {
                // Whoever was invited into nothing else would wait for ever.
                let invited = store::invitations::invited_only_into(tx, permit, app).await?;
                store::invitations::revoke_all(tx, permit.organization()?, None, Some(app), cx.now).await?;
                for person in invited {
                    store::memberships::delete(tx, permit, person, cx.now, cx.random()).await?;
                }
                removed.push(app);
            } else if !removed.contains(&app) {
                return Err(unknown_entry("app_ids", at, app, "application of this organization").into());
            }
        }
        store::organizations::touch(tx, id, cx.now).await?;
        cx.rights_changed();
        cx.changed(
            Change::of("organization", id, organization.name)
                .within(id)
                .before(&json!({ "app_ids": removed })),
        );
        Ok(())
    }
}

impl Perform for guildhall::roles::ListAssignableRoles {
    async fn perform(
        self,
        _: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<guildhall::roles::AssignableRoles>, Fault> {
        let assignable = organization_roles::assignable(tx, self.organization_id).await?;
        let applications = organization_applications::list(tx, self.organization_id).await?;
        Ok(applications
            .into_iter()
            .map(|(app_id, app_name)| guildhall::roles::AssignableRoles {
                app_id,
                app_name,
                roles: assignable
                    .iter()
                    .filter(|role| role.app_id == app_id)
                    .cloned()
                    .collect(),
            })
            .collect())
    }
}
