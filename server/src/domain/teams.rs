//! What happens to teams, and who is in them.

use guildhall::error::Error;
use guildhall::id::{TeamId, UserId};
use guildhall::page::Page;
use guildhall::policy::Permission;
use guildhall::teams::*;
use serde_json::json;

use super::organizations::exists;
use super::{found, unknown_entry};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::teams::{self as store, Joined};
use crate::store::{Tx, members};

async fn team(permit: &Permit, tx: &mut Tx, id: TeamId) -> Result<Team, Fault> {
    Ok(found(store::get(tx, permit, id).await?, "team")?)
}

fn name_taken(name: &str) -> Error {
    Error::conflict(
        "team_name_taken",
        format!("The organization already has a team called {name}."),
    )
    .at("name", "is taken by another team of the organization")
}

fn change_of(team: &Team) -> Change {
    Change::of("team", team.team_id, &team.name).within(team.organization_id)
}

impl Perform for ListTeams {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Team>, Fault> {
        exists(tx, self.organization_id).await?;
        if let Some(person) = self.user_id {
            found(members::get(tx, permit, person).await?, "member")?;
        }
        store::list(tx, permit, &self).await
    }
}

impl Perform for GetTeam {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Team, Fault> {
        team(permit, tx, self.team_id).await
    }
}

impl Perform for CreateTeam {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Team, Fault> {
        exists(tx, self.organization_id).await?;
        if store::count(tx, permit).await? >= i64::from(MOST_TEAMS) {
            return Err(Error::field(
                "name",
                format!("is one team too many: an organization has at most {MOST_TEAMS}"),
            )
            .into());
        }
        let id = TeamId::compose(cx.now, cx.random());
        if !store::insert(tx, permit, id, self.name.as_str(), cx.now).await? {
            return Err(name_taken(self.name.as_str()).into());
        }
        let made = team(permit, tx, id).await?;
        cx.changed(change_of(&made).after(&made));
        Ok(made)
    }
}

impl Perform for UpdateTeam {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Team, Fault> {
        let before = team(permit, tx, self.team_id).await?;
        cx.require_match(&before.version.to_string())?;
        let name = self.name.as_str();
        if store::name_is_taken(tx, permit, self.team_id, name).await? {
            return Err(name_taken(name).into());
        }
        store::rename(tx, permit, self.team_id, name, cx.now).await?;
        let after = team(permit, tx, self.team_id).await?;
        cx.changed(change_of(&after).before(&before).after(&after));
        Ok(after)
    }
}

impl Perform for DeleteTeam {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = team(permit, tx, self.team_id).await?;
        cx.require_match(&before.version.to_string())?;
        if before.is_default {
            return Err(Error::conflict(
                "default_team",
                "This is the default team, in which new members begin: it can be renamed, and not deleted.",
            )
            .into());
        }
        store::delete(tx, permit, self.team_id).await?;
        cx.changed(change_of(&before).before(&before));
        Ok(())
    }
}

impl Perform for ListTeamMembers {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<TeamMember>, Fault> {
        if self.outside {
            permit.require(Permission::ReadMembers)?;
        }
        team(permit, tx, self.team_id).await?;
        store::members(tx, permit, &self).await
    }
}

fn require_some(people: &[UserId]) -> Result<(), Error> {
    if people.is_empty() || people.len() > 100 {
        return Err(Error::field("user_ids", "must name 1 to 100 members"));
    }
    Ok(())
}

impl Perform for AddTeamMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let team = team(permit, tx, self.team_id).await?;
        require_some(&self.user_ids)?;
        let mut added = Vec::new();
        for (at, person) in self.user_ids.into_iter().enumerate() {
            match store::add_member(tx, permit, self.team_id, person).await? {
                Joined::Now => added.push(person),
                Joined::Before => {}
                Joined::Foreign => {
                    return Err(unknown_entry("user_ids", at, person, "member of this organization").into());
                }
            }
        }
        if !added.is_empty() {
            cx.changed(change_of(&team).after(&json!({ "user_ids": added })));
        }
        Ok(())
    }
}

impl Perform for RemoveTeamMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let team = team(permit, tx, self.team_id).await?;
        require_some(&self.user_ids)?;
        let mut removed = Vec::new();
        for (at, person) in self.user_ids.into_iter().enumerate() {
            if store::remove_member(tx, permit, self.team_id, person).await? {
                removed.push(person);
            } else if !removed.contains(&person) {
                return Err(unknown_entry("user_ids", at, person, "member of this team").into());
            }
        }
        cx.changed(change_of(&team).before(&json!({ "user_ids": removed })));
        Ok(())
    }
}
