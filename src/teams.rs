//! Teams: members of an organization who work together. A member may be in any number of them, and begins in the default one.

use serde::{Deserialize, Serialize};

use crate::id::{OrganizationId, TeamId, UserId};
use crate::members::MemberStatus;
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};
use crate::text::Name;

/// The most teams that an organization can have.
pub const MOST_TEAMS: u16 = 200;
/// How far a team's members are counted.
pub const MOST_COUNTED: u16 = 1_000;
/// What the default team is called until somebody gives it another name.
pub const DEFAULT_TEAM: &str = "Default team";

/// A team of an organization; times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Team {
    pub team_id: TeamId,
    pub organization_id: OrganizationId,
    /// Unique in the organization, compared without case.
    pub name: String,
    /// Whether it is the one in which new members begin; it cannot be deleted.
    pub is_default: bool,
    /// How many members it has, pending and suspended ones included: counted up to 1,000.
    pub member_count: u64,
    /// Whether it has more of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub member_count_is_lower_bound: bool,
    pub created_at: i64,
    pub updated_at: i64,
    /// Counts its changes; the entity tag is made of it.
    pub version: i64,
}

/// A member as their team shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamMember {
    pub user_id: UserId,
    /// What to call them.
    pub name: String,
    pub email: Option<String>,
    pub member_status: MemberStatus,
}

/// Lists an organization's teams by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListTeams {
    pub organization_id: OrganizationId,
    /// Looks in names and ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Only those that this member is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListTeams => Page<Team>, "list_teams", Read, ReadTeams, |op| Scope::Organization(op.organization_id));

impl ListTeams {
    /// The first page of a member's teams.
    pub fn of_member(organization_id: OrganizationId, user_id: UserId) -> Self {
        ListTeams {
            organization_id,
            search: None,
            user_id: Some(user_id),
            limit: Limit::default(),
            cursor: None,
        }
    }
}

/// Reads one team of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetTeam {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
}
operation!(GetTeam => Team, "get_team", Read, ReadTeams, |op| Scope::Organization(op.organization_id));

/// Creates a team without members.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTeam {
    pub organization_id: OrganizationId,
    /// Unique in the organization, compared without case.
    pub name: Name,
}
operation!(CreateTeam => Team, "create_team", Write, ManageTeams, |op| Scope::Organization(op.organization_id));

/// Gives a team another name; the default team, too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTeam {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
    /// Unique in the organization, compared without case.
    pub name: Name,
}
operation!(UpdateTeam => Team, "update_team", Write, ManageTeams, |op| Scope::Organization(op.organization_id));

/// Deletes a team; its members stay in the organization. 409 for the default team.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteTeam {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
}
operation!(DeleteTeam => (), "delete_team", Write, ManageTeams, |op| Scope::Organization(op.organization_id));

/// Lists a team's members by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListTeamMembers {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
    /// Looks in names, addresses and ids; for whoever may list the members, in all that is known of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// The members of the organization who are not in the team, for whoever may list its members.
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub outside: bool,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListTeamMembers => Page<TeamMember>, "list_team_members", Read, ReadTeams,
    |op| Scope::Organization(op.organization_id));

/// Puts members of the organization into a team, all or none; who is in it already stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddTeamMembers {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub user_ids: Vec<UserId>,
}
operation!(AddTeamMembers => (), "add_team_members", Write, ManageTeams, |op| Scope::Organization(op.organization_id));

/// Takes members out of a team, all or none; they stay in the organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveTeamMembers {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub user_ids: Vec<UserId>,
}
operation!(RemoveTeamMembers => (), "remove_team_members", Write, ManageTeams, |op| Scope::Organization(op.organization_id));
