//! Organizations: the server functions of their pages.

use guildhall::audit::{self, AuditRecord};
use guildhall::branding::Colors;
use guildhall::id::{ApplicationId, OrganizationId};
use guildhall::members::Member;
use guildhall::organizations::{self as ops, Organization};
use guildhall::page::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};

/// An application's id with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppName {
    pub app_id: ApplicationId,
    pub name: String,
}

/// What stands over an organization's pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationHead {
    pub organization_id: String,
    pub name: String,
    pub enabled: bool,
    pub logo_url: Option<String>,
    pub members: u64,
    pub apps: usize,
}

/// A page of organizations with the names of the applications that they may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrganizationList {
    pub page: Page<Organization>,
    pub apps: Vec<AppName>,
}

/// What the first page of an organization shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub organization: Organization,
    pub apps: Vec<AppName>,
    /// Some of its administrators, and how many there are.
    pub admins: Page<Member>,
    pub pending: u64,
    pub suspended: u64,
}

#[server(prefix = "/rpc", endpoint = "list_organizations", protocol = Ask)]
pub async fn list_organizations(op: ops::ListOrganizations) -> Result<Page<Organization>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "list_organizations_and_apps", protocol = Ask)]
pub async fn list_organizations_and_apps(op: ops::ListOrganizations) -> Result<OrganizationList, RpcError> {
    Ok(OrganizationList {
        page: super::run(op).await?,
        apps: app_names().await?,
    })
}

#[server(prefix = "/rpc", endpoint = "get_organization", protocol = Ask)]
pub async fn get_organization(op: ops::GetOrganization) -> Result<Organization, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_organization_head", protocol = Ask)]
pub async fn get_organization_head(op: ops::GetOrganization) -> Result<OrganizationHead, RpcError> {
    let organization = super::run(op).await?;
    Ok(OrganizationHead {
        organization_id: organization.organization_id.to_string(),
        name: organization.name,
        enabled: organization.enabled,
        logo_url: organization.logo_url,
        members: organization.member_count,
        apps: organization.app_ids.len(),
    })
}

/// What organizations can be given, by name.
#[server(prefix = "/rpc", endpoint = "list_app_names", protocol = Ask)]
pub async fn list_app_names() -> Result<Vec<AppName>, RpcError> {
    app_names().await
}

#[server(prefix = "/rpc", endpoint = "get_organization_overview", protocol = Ask)]
pub async fn get_organization_overview(organization_id: OrganizationId) -> Result<Overview, RpcError> {
    use guildhall::members::{ListMembers, MemberStatus};
    let organization = super::run(ops::GetOrganization { organization_id }).await?;
    let count = async |status| -> Result<u64, RpcError> {
        let page = super::run(ListMembers {
            status: Some(status),
            limit: guildhall::page::Limit::new(1).unwrap_or_default(),
            include_total: true,
            ..ListMembers::of(organization_id)
        })
        .await?;
        Ok(page.info.total.unwrap_or_default())
    };
    Ok(Overview {
        organization,
        apps: super::run(guildhall::roles::ListAssignableRoles { organization_id })
            .await?
            .into_iter()
            .map(|app| AppName {
                app_id: app.app_id,
                name: app.app_name,
            })
            .collect(),
        admins: super::run(ListMembers {
            role_id: Some(guildhall::id::RoleId::OrganizationAdmin),
            limit: guildhall::page::Limit::new(10).unwrap_or_default(),
            include_total: true,
            ..ListMembers::of(organization_id)
        })
        .await?,
        pending: count(MemberStatus::Pending).await?,
        suspended: count(MemberStatus::Suspended).await?,
    })
}

#[server(prefix = "/rpc", endpoint = "list_organization_audit", protocol = Ask)]
pub async fn list_organization_audit(
    op: audit::ListOrganizationAudit,
) -> Result<Page<AuditRecord>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "create_organization")]
pub async fn create_organization(
    name: String,
    #[server(default)] domain: Option<String>,
    #[server(default)] domains: Option<String>,
    #[server(default)] app_ids: Vec<String>,
    #[server(default)] alias_name: Option<String>,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateOrganization>(serde_json::json!({
        "name": name, "domain": super::optional(domain), "domains": split(domains.as_deref()), "app_ids": app_ids,
        "alias_name": super::optional(alias_name),
    }))
    .await?;
    Ok(super::done(
        format!("{} was created", made.name),
        Some(format!("/admin/organizations/{}", made.organization_id)),
    ))
}

/// Saves an organization's record; where somebody else has changed it since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_organization")]
#[allow(clippy::too_many_arguments)]
pub async fn update_organization(
    organization_id: String,
    name: String,
    #[server(default)] domain: String,
    #[server(default)] domains: Option<String>,
    #[server(default)] alias_name: Option<String>,
    #[server(default)] slug: Option<String>,
    #[server(default)] primary_color: Option<String>,
    #[server(default)] background_color: Option<String>,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_name: String,
    #[server(default)] was_domain: String,
    #[server(default)] was_domains: String,
    #[server(default)] was_alias_name: String,
    #[server(default)] was_slug: String,
    #[server(default)] was_primary_color: String,
    #[server(default)] was_background_color: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let alias_name = alias_name.unwrap_or_default();
    let [slug, primary, background] = [slug, primary_color, background_color].map(Option::unwrap_or_default);
    let chosen = |text: &str| super::optional(Some(text.to_owned()));
    let update = guildhall::input::parse::<ops::UpdateOrganization>(serde_json::json!({
        "organization_id": organization_id, "name": name, "domain": chosen(&domain),
        "domains": split(domains.as_deref()), "alias_name": alias_name, "slug": chosen(&slug),
        "colors": { "primary": chosen(&primary), "page_background": chosen(&background) },
    }))?;
    let organization_id = update.organization_id;
    let agree = async {
        let now = super::run(ops::GetOrganization { organization_id }).await?;
        let one_line = |text: &str| split(Some(text)).join(" ");
        let further = further_domains(&now).join(" ");
        let alias = now.alias_name.as_deref().unwrap_or_default();
        let [primary_now, background_now] = color_texts(&now.colors);
        reconcile(
            now.version,
            &[
                Sent::new("name", &was_name, &now.name, &name),
                Sent::new("domain", &was_domain, &now.domain, &domain),
                Sent::new(
                    "domains",
                    &one_line(&was_domains),
                    &further,
                    &one_line(domains.as_deref().unwrap_or_default()),
                ),
                Sent::new("alias_name", &was_alias_name, alias, &alias_name),
                Sent::new("slug", &was_slug, &now.slug, &slug),
                Sent::new("primary_color", &was_primary_color, &primary_now, &primary),
                Sent::new(
                    "background_color",
                    &was_background_color,
                    &background_now,
                    &background,
                ),
            ],
        )
    };
    let saved = save(update, version, agree).await?;
    Ok(super::done(format!("{} was saved", saved.name), None))
}

/// An organization's domains beside the main one.
pub fn further_domains(organization: &Organization) -> Vec<String> {
    organization
        .domains
        .iter()
        .filter(|domain| **domain != organization.domain)
        .cloned()
        .collect()
}

/// An organization's colours as text: of buttons and links, and behind its pages.
pub fn color_texts(colors: &Colors) -> [String; 2] {
    [&colors.primary, &colors.page_background].map(|color| {
        color
            .as_ref()
            .map_or_else(String::new, |color| color.as_str().to_owned())
    })
}

#[server(prefix = "/rpc", endpoint = "set_organization_enabled")]
pub async fn set_organization_enabled(organization_id: String, enabled: bool) -> Result<Done, RpcError> {
    let now = super::submit::<ops::UpdateOrganization>(serde_json::json!({
        "organization_id": organization_id, "enabled": enabled,
    }))
    .await?;
    let word = if now.enabled { "enabled" } else { "disabled" };
    Ok(super::done(format!("{} was {word}", now.name), None))
}

#[server(prefix = "/rpc", endpoint = "delete_organization")]
pub async fn delete_organization(
    organization_id: String,
    #[server(default)] confirm_name: String,
) -> Result<Done, RpcError> {
    let id = serde_json::json!({ "organization_id": organization_id });
    let organization = super::submit::<ops::GetOrganization>(id).await?;
    super::confirm(&confirm_name, &organization.name)?;
    super::run(ops::DeleteOrganization {
        organization_id: organization.organization_id,
    })
    .await?;
    Ok(super::done(
        format!("{} was deleted", organization.name),
        Some("/admin/organizations".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "add_organization_apps")]
pub async fn add_organization_apps(
    organization_id: String,
    #[server(default)] app_ids: Vec<String>,
) -> Result<Done, RpcError> {
    if app_ids.is_empty() {
        return Err(guildhall::Error::field("app_ids", "choose at least one application").into());
    }
    let message = match app_ids.len() {
        1 => "1 application was added".to_owned(),
        many => format!("{many} applications were added"),
    };
    super::submit::<ops::AddOrganizationApps>(serde_json::json!({
        "organization_id": organization_id, "app_ids": app_ids,
    }))
    .await?;
    Ok(super::done(
        message,
        Some(format!("/admin/organizations/{organization_id}/apps")),
    ))
}

#[server(prefix = "/rpc", endpoint = "remove_organization_app")]
pub async fn remove_organization_app(
    organization_id: String,
    app_id: String,
    app_name: String,
) -> Result<Done, RpcError> {
    super::submit::<ops::RemoveOrganizationApps>(serde_json::json!({
        "organization_id": organization_id, "app_ids": [app_id],
    }))
    .await?;
    Ok(super::done(format!("{app_name} was removed"), None))
}

/// The applications that organizations use, by name; at most 1,000.
#[cfg(feature = "ssr")]
pub(super) async fn app_names() -> Result<Vec<AppName>, RpcError> {
    use guildhall::applications::{Application, ApplicationKind, ListApplications};
    let mut names = Vec::new();
    let mut op = ListApplications {
        kind: Some(ApplicationKind::EndUser),
        limit: guildhall::page::Limit::new(100).unwrap_or_default(),
        ..ListApplications::default()
    };
    for _ in 0..10 {
        let page = super::run(op.clone()).await?;
        names.extend(
            page.items
                .into_iter()
                .map(|Application { app_id, name, .. }| AppName { app_id, name }),
        );
        op.cursor = page.info.next_cursor.and_then(|cursor| cursor.parse().ok());
        if op.cursor.is_none() {
            break;
        }
    }
    Ok(names)
}

/// What was pasted into a box for several values.
#[cfg(feature = "ssr")]
fn split(text: Option<&str>) -> Vec<&str> {
    crate::ui::input::split_values(text.unwrap_or_default()).collect()
}
