//! Teams of an organization, and the names of its members: the server functions of their pages.

use guildhall::page::Page;
use guildhall::teams::{self as ops, Team, TeamMember};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};
use crate::components::portal::Portal;

/// How many are offered at once for a team.
#[cfg(feature = "ssr")]
const OFFERED: u64 = 25;

/// A team with some of its members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamPage {
    pub organization_name: String,
    pub team: Team,
    pub members: Page<TeamMember>,
    /// Some of those who could be put into it, for whoever may do that.
    pub others: Option<Page<TeamMember>>,
}

#[server(prefix = "/rpc", endpoint = "list_teams", protocol = Ask)]
pub async fn list_teams(op: ops::ListTeams) -> Result<Page<Team>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_team_page", protocol = Ask)]
pub async fn get_team_page(op: ops::ListTeamMembers, offers: bool) -> Result<TeamPage, RpcError> {
    let ops::ListTeamMembers {
        organization_id,
        team_id,
        ..
    } = op;
    let others = ops::ListTeamMembers {
        outside: true,
        limit: guildhall::page::Limit::new(OFFERED).unwrap_or_default(),
        cursor: None,
        ..op.clone()
    };
    Ok(TeamPage {
        organization_name: super::run(guildhall::organizations::GetOrganization { organization_id })
            .await?
            .name,
        team: super::run(ops::GetTeam {
            organization_id,
            team_id,
        })
        .await?,
        members: super::run(op).await?,
        others: if offers {
            Some(super::run(others).await?)
        } else {
            None
        },
    })
}

#[server(prefix = "/rpc", endpoint = "create_team")]
pub async fn create_team(organization_id: String, name: String) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateTeam>(serde_json::json!({
        "organization_id": organization_id, "name": name,
    }))
    .await?;
    Ok(super::done(format!("{} was created", made.name), None))
}

/// Gives a team another name; where somebody else has given it one since the form was made, both come back.
#[server(prefix = "/rpc", endpoint = "rename_team")]
pub async fn rename_team(
    organization_id: String,
    team_id: String,
    name: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_name: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let update = guildhall::input::parse::<ops::UpdateTeam>(serde_json::json!({
        "organization_id": organization_id, "team_id": team_id, "name": name,
    }))?;
    let get = ops::GetTeam {
        organization_id: update.organization_id,
        team_id: update.team_id,
    };
    let agree = async {
        let now = super::run(get).await?;
        reconcile(now.version, &[Sent::new("name", &was_name, &now.name, &name)])
    };
    let saved = save(update, version, agree).await?;
    Ok(super::done(format!("{} was saved", saved.name), None))
}

#[server(prefix = "/rpc", endpoint = "delete_team")]
pub async fn delete_team(
    organization_id: String,
    team_id: String,
    name: String,
    #[server(default)] portal: Portal,
) -> Result<Done, RpcError> {
    super::submit::<ops::DeleteTeam>(serde_json::json!({
        "organization_id": organization_id, "team_id": team_id,
    }))
    .await?;
    let teams = format!("{}/teams", portal.path_of(&organization_id));
    Ok(super::done(format!("{name} was deleted"), Some(teams)))
}

#[server(prefix = "/rpc", endpoint = "add_team_members")]
pub async fn add_team_members(
    organization_id: String,
    team_id: String,
    name: String,
    #[server(default)] user_ids: Vec<String>,
) -> Result<Done, RpcError> {
    if user_ids.is_empty() {
        return Err(guildhall::Error::new(guildhall::Code::Invalid, "Choose at least one member.").into());
    }
    let count = u64::try_from(user_ids.len()).unwrap_or_default();
    super::submit::<ops::AddTeamMembers>(serde_json::json!({
        "organization_id": organization_id, "team_id": team_id, "user_ids": user_ids,
    }))
    .await?;
    let members = crate::ui::format::count_of(count, "member", "members");
    let were = if count == 1 { "was" } else { "were" };
    Ok(super::done(format!("{members} {were} added to {name}"), None))
}

#[server(prefix = "/rpc", endpoint = "remove_team_member")]
pub async fn remove_team_member(
    organization_id: String,
    team_id: String,
    user_id: String,
    member: String,
    name: String,
) -> Result<Done, RpcError> {
    super::submit::<ops::RemoveTeamMembers>(serde_json::json!({
        "organization_id": organization_id, "team_id": team_id, "user_ids": [user_id],
    }))
    .await?;
    Ok(super::done(format!("{member} was taken out of {name}"), None))
}

/// Gives a member another name; where somebody else has changed it since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "rename_member")]
pub async fn rename_member(
    organization_id: String,
    user_id: String,
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_first_name: String,
    #[server(default)] was_last_name: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    use guildhall::members::{GetMember, RenameMember};
    let rename = guildhall::input::parse::<RenameMember>(serde_json::json!({
        "organization_id": organization_id, "user_id": user_id,
        "first_name": first_name, "last_name": last_name,
    }))?;
    let get = GetMember {
        organization_id: rename.organization_id,
        user_id: rename.user_id,
    };
    let agree = async {
        let now = super::run(get).await?;
        let name = now.name.unwrap_or_default();
        let text = |part: &Option<guildhall::text::NamePart>| {
            part.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        reconcile(
            now.version,
            &[
                Sent::new(
                    "first_name",
                    &was_first_name,
                    &text(&name.first_name),
                    &first_name,
                ),
                Sent::new("last_name", &was_last_name, &text(&name.last_name), &last_name),
            ],
        )
    };
    let saved = save(rename, version, agree).await?;
    Ok(super::done(format!("{} was saved", saved.label()), None))
}
