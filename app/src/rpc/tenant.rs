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
pub async fn update_settings(
    name: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_name: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let update = guildhall::input::parse::<ops::UpdateSettings>(serde_json::json!({ "name": name }))?;
    let agree = async {
        let now = super::run(ops::GetSettings {}).await?;
        reconcile(now.version, &[Sent::new("name", &was_name, &now.name, &name)])
    };
    save(update, version, agree).await?;
    Ok(super::done("Settings saved", Some("/admin/settings".to_owned())))
}

/// Saves how organizations register themselves; where somebody else has changed it since the form was made, both versions
/// come back.
#[server(prefix = "/rpc", endpoint = "update_registration_settings")]
pub async fn update_registration_settings(
    self_registration: String,
    auto_approval: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_self_registration: String,
    #[server(default)] was_auto_approval: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let chosen = |field: &str, text: &str| match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(guildhall::Error::field(field, "must be on or off")),
    };
    let word = |on: bool| if on { "on" } else { "off" };
    let update = ops::UpdateSettings {
        self_registration: Some(chosen("self_registration", &self_registration)?),
        auto_approval: Some(chosen("auto_approval", &auto_approval)?),
        ..ops::UpdateSettings::default()
    };
    let agree = async {
        let now = super::run(ops::GetSettings {}).await?;
        reconcile(
            now.version,
            &[
                Sent::new(
                    "self_registration",
                    &was_self_registration,
                    word(now.self_registration),
                    &self_registration,
                ),
                Sent::new(
                    "auto_approval",
                    &was_auto_approval,
                    word(now.auto_approval),
                    &auto_approval,
                ),
            ],
        )
    };
    save(update, version, agree).await?;
    Ok(super::done("Settings saved", Some("/admin/settings".to_owned())))
}
