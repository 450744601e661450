//! The tenant: the server functions of the home and settings pages.

use guildhall::audit::AuditRecord;
#[cfg(feature = "ssr")]
use guildhall::tenant as ops;
use guildhall::tenant::{Overview, TenantSettings};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThingKind {
    Organization,
    Application,
    User,
}

/// Something of the tenant that was found by what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    pub kind: ThingKind,
    pub id: String,
    pub name: String,
    /// What tells it from others of the same name.
    pub detail: String,
}

/// What the home page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    pub overview: Overview,
    /// The latest changes.
    pub latest: Vec<AuditRecord>,
}

#[server(prefix = "/rpc", endpoint = "get_home", protocol = Ask)]
pub async fn get_home() -> Result<Home, RpcError> {
    let latest = guildhall::audit::ListAudit {
        limit: few(50),
        ..guildhall::audit::ListAudit::default()
    };
    let mut latest = super::run(latest).await?.items;
    // Coming and going changes nothing.
    latest.retain(|record| !matches!(record.operation.as_str(), "sign_in" | "sign_out"));
    latest.truncate(6);
    Ok(Home {
        overview: super::run(ops::GetOverview {}).await?,
        latest,
    })
}

/// Finds organizations, applications and people by what was typed, some of each.
#[server(prefix = "/rpc", endpoint = "find_things", protocol = Ask)]
pub async fn find_things(text: String) -> Result<Vec<Thing>, RpcError> {
    use guildhall::{applications, organizations, page::Search, users};
    let text: String = text.chars().take(100).collect();
    let Some(search) = Search::parse(&text).ok().and_then(Search::non_empty) else {
        return Ok(Vec::new());
    };
    let thing = |kind, id: String, name: String, detail: String| Thing {
        kind,
        id,
        name,
        detail,
    };
    let organizations = super::run(organizations::ListOrganizations {
        search: Some(search.clone()),
        limit: few(5),
        ..Default::default()
    });
    let mut things: Vec<Thing> = organizations
        .await?
        .items
        .into_iter()
        .map(|it| {
            thing(
                ThingKind::Organization,
                it.organization_id.to_string(),
                it.name,
                it.domain,
            )
        })
        .collect();
    let applications = super::run(applications::ListApplications {
        search: Some(search.clone()),
        limit: few(5),
        ..Default::default()
    });
    things.extend(applications.await?.items.into_iter().map(|it| {
        thing(
            ThingKind::Application,
            it.app_id.to_string(),
            it.name,
            "Application".to_owned(),
        )
    }));
    let users = super::run(users::ListUsers {
        search: Some(search),
        limit: few(5),
        ..Default::default()
    });
    things.extend(users.await?.items.into_iter().map(|it| {
        let (label, email) = (it.label(), it.email.map(|email| email.value).unwrap_or_default());
        thing(ThingKind::User, it.user_id.to_string(), label, email)
    }));
    Ok(things)
}

#[cfg(feature = "ssr")]
fn few(rows: u64) -> guildhall::page::Limit {
    guildhall::page::Limit::new(rows).unwrap_or_default()
}

#[server(prefix = "/rpc", endpoint = "get_settings", protocol = Ask)]
pub async fn get_settings() -> Result<TenantSettings, RpcError> {
    super::run(ops::GetSettings {}).await
}

#[server(prefix = "/rpc", endpoint = "update_settings")]
pub async fn update_settings(name: String) -> Result<Done, RpcError> {
    super::submit::<ops::UpdateSettings>(serde_json::json!({ "name": name })).await?;
    Ok(super::done("Settings saved", Some("/admin/settings".to_owned())))
}
