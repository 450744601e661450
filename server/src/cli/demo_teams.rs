//! The teams of the sample data, and its API applications: of the two organizations to which somebody has a password.

use anyhow::Context as _;
use guildhall::id::{OrganizationId, RoleId, TeamId, UserId};
use guildhall::organization_clients::{ClientVisibility, CreateOrganizationClient};
use guildhall::teams::{AddTeamMembers, CreateTeam};

use super::demo::{MadeOrganization, text};
use super::demo_people::Join;
use super::run_as_system;
use crate::console::Console;

/// The most people that are put into a team.
const MOST: usize = 24;

/// A team: its name, and the department from which its people come.
type Team = (&'static str, &'static str);

/// Who sees an API application, and whose it is.
#[derive(Clone, Copy)]
enum Seen {
    /// Everybody; it is the administrator's.
    ByAll,
    /// The team at a place; it is the team's first member's.
    ByTeam(usize),
    /// Nobody but its owner, who is the first member of the team at a place.
    ByOwner(usize),
}

/// An API application: its name, what it is for, and who sees it.
type Client = (&'static str, &'static str, Seen);

/// What the first organization has, and what the second.
const TEAMS: [(&[Team], &[Client]); 2] = [
    (
        &[
            ("Dispatch", "Operations"),
            ("Fleet systems", "Engineering"),
            ("Customer care", "Support"),
            ("Month-end closing", "Finance"),
        ],
        &[
            (
                "Route planner",
                "Plans the routes of each day from its orders.",
                Seen::ByAll,
            ),
            (
                "Warehouse scanners",
                "Tells the stock of every gate what was scanned.",
                Seen::ByTeam(1),
            ),
            (
                "Month-end reports",
                "Fetches what is needed to close a month.",
                Seen::ByOwner(3),
            ),
        ],
    ),
    (
        &[
            ("Clinic systems", "Information technology"),
            ("Patient support", "Support"),
            ("Billing", "Finance"),
        ],
        &[
            (
                "Appointment reminders",
                "Reminds patients the day before.",
                Seen::ByAll,
            ),
            (
                "Lab results import",
                "Brings results from the laboratories.",
                Seen::ByTeam(0),
            ),
            (
                "Invoice export",
                "Hands the invoices of a week to the insurers.",
                Seen::ByOwner(2),
            ),
        ],
    ),
];

/// Those of the people who can act, in the order in which they joined.
#[derive(Default)]
pub(super) struct Staff {
    people: Vec<Colleague>,
}

struct Colleague {
    user_id: UserId,
    organization_id: OrganizationId,
    department: String,
    is_admin: bool,
}

impl Staff {
    /// Notes somebody who has joined, unless they cannot act.
    pub fn joined(&mut self, join: &Join, user_id: UserId) {
        if !join.is_plain() {
            return;
        }
        let details = join.operation.organization_information.as_ref();
        let department = details.and_then(|details| details.department.as_ref());
        self.people.push(Colleague {
            user_id,
            organization_id: join.operation.organization_id,
            department: department.map_or_else(String::new, |department| department.as_str().to_owned()),
            is_admin: join.operation.role_ids.contains(&RoleId::OrganizationAdmin),
        });
    }

    fn of(&self, organization: OrganizationId) -> impl Iterator<Item = &Colleague> {
        self.people
            .iter()
            .filter(move |person| person.organization_id == organization)
    }
}

/// Makes the teams with their members, and the API applications.
pub(super) async fn make_teams(
    console: &Console,
    organizations: &[MadeOrganization],
    staff: &Staff,
) -> anyhow::Result<()> {
    for (organization, (teams, clients)) in organizations.iter().zip(TEAMS) {
        let mut made = Vec::new();
        for team in teams {
            made.push(make_team(console, organization.id, team, staff).await?);
        }
        let admin = staff.of(organization.id).find(|person| person.is_admin);
        let admin = admin.context("nobody administers it")?.user_id;
        for client in clients {
            make_client(console, organization.id, client, admin, &made).await?;
        }
    }
    Ok(())
}

/// A team and its first member.
type MadeTeam = (TeamId, UserId);

async fn make_team(
    console: &Console,
    organization_id: OrganizationId,
    (name, department): &Team,
    staff: &Staff,
) -> anyhow::Result<MadeTeam> {
    let user_ids: Vec<UserId> = staff
        .of(organization_id)
        .filter(|person| person.department == *department)
        .map(|person| person.user_id)
        .take(MOST)
        .collect();
    let first = *user_ids.first().context("nobody for the team")?;
    let new = CreateTeam {
        organization_id,
        name: text(name)?,
    };
    let team_id = run_as_system(console, new).await?.team_id;
    let members = AddTeamMembers {
        organization_id,
        team_id,
        user_ids,
    };
    run_as_system(console, members).await?;
    Ok((team_id, first))
}

async fn make_client(
    console: &Console,
    organization_id: OrganizationId,
    (name, description, seen): &Client,
    admin: UserId,
    teams: &[MadeTeam],
) -> anyhow::Result<()> {
    let team = |place: usize| teams.get(place).copied().context("no such team");
    let (visibility, team_id, owner) = match *seen {
        Seen::ByAll => (ClientVisibility::Organization, None, admin),
        Seen::ByTeam(place) => {
            let (id, first) = team(place)?;
            (ClientVisibility::Team, Some(id), first)
        }
        Seen::ByOwner(place) => (ClientVisibility::Personal, None, team(place)?.1),
    };
    let new = CreateOrganizationClient {
        organization_id,
        name: text(name)?,
        description: Some(text(description)?),
        visibility,
        team_id,
        owner_id: Some(owner),
    };
    // Nobody reads its secret; whoever tries it rotates it.
    run_as_system(console, new).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo_names::DEPARTMENTS;

    #[test]
    fn each_team_has_a_department_and_each_application_a_team() {
        for (teams, clients) in TEAMS {
            for (_, department) in teams {
                assert!(
                    DEPARTMENTS.iter().any(|(name, _)| name == department),
                    "{department}"
                );
            }
            for (name, _, seen) in clients {
                if let Seen::ByTeam(place) | Seen::ByOwner(place) = seen {
                    assert!(*place < teams.len(), "{name}");
                }
            }
        }
    }
}
