//! Whatever is asked in whatever order, the rules of membership hold: an administrator is left, roles are within
//! the organization's role groups, one membership a pair, and the totals count what is there.

use guildhall::applications::CreateApplication;
use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleGroupId, RoleId, UserId};
use guildhall::members::*;
use guildhall::organizations::{CreateOrganization, GetOrganization, RemoveOrganizationApps};
use guildhall::roles::*;
use guildhall::{Operation, Runs, input};
use proptest::prelude::*;
use serde_json::json;
use server::config::{Config, Flags};
use server::console::Console;

use crate::harness::Database;

/// One thing that somebody asks; numbers are places in the lists of what there is.
#[derive(Debug, Clone)]
enum Step {
    Add {
        person: usize,
        roles: Vec<usize>,
        admin: bool,
    },
    Remove(usize),
    SetRoles {
        person: usize,
        roles: Vec<usize>,
    },
    Enable {
        person: usize,
        enabled: bool,
    },
    Admin {
        person: usize,
        admin: bool,
    },
    GiveGroups(Vec<usize>),
    RegroupRoles {
        group: usize,
        roles: Vec<usize>,
    },
    Bulk {
        people: Vec<usize>,
        action: BulkAction,
    },
    DropApplication,
}

fn step() -> impl Strategy<Value = Step> {
    let person = 0usize..4;
    let roles = proptest::collection::vec(0usize..4, 0..3);
    prop_oneof![
        4 => (person.clone(), roles.clone(), any::<bool>()).prop_map(|(person, roles, admin)| Step::Add { person, roles, admin }),
        2 => person.clone().prop_map(Step::Remove),
        3 => (person.clone(), roles.clone()).prop_map(|(person, roles)| Step::SetRoles { person, roles }),
        2 => (person.clone(), any::<bool>()).prop_map(|(person, enabled)| Step::Enable { person, enabled }),
        2 => (person.clone(), any::<bool>()).prop_map(|(person, admin)| Step::Admin { person, admin }),
        2 => proptest::collection::vec(0usize..2, 0..3).prop_map(Step::GiveGroups),
        2 => (0usize..2, roles).prop_map(|(group, roles)| Step::RegroupRoles { group, roles }),
        1 => (proptest::collection::vec(person, 1..4), prop_oneof![Just(BulkAction::Remove), Just(BulkAction::Suspend)])
            .prop_map(|(people, action)| Step::Bulk { people, action }),
        1 => Just(Step::DropApplication),
    ]
}

struct World {
    console: Console,
    organization: OrganizationId,
    app: ApplicationId,
    roles: Vec<CustomRoleId>,
    groups: Vec<RoleGroupId>,
    people: Vec<Option<UserId>>,
}

impl World {
    async fn ask<Op: Operation>(&self, operation: Op) -> Result<Op::Output, Error>
    where
        Console: Runs<Op>,
    {
        self.console.run(&Request::system(), operation).await
    }

    async fn new(database_url: String) -> World {
        let config = Config::load(&Flags {
            database_url: Some(database_url),
            ..Flags::default()
        })
        .unwrap();
        let console = server::start::open(&config).await.unwrap();
        let mut world = World {
            console,
            organization: OrganizationId::compose(0, 0),
            app: ApplicationId::compose(0, 0),
            roles: Vec::new(),
            groups: Vec::new(),
            people: vec![None; 4],
        };
        let app: CreateApplication = input::parse(json!({ "name": "App" })).unwrap();
        world.app = world.ask(app).await.unwrap().app_id;
        for n in 0..4 {
            let role: CreateRole =
                input::parse(json!({ "app_id": world.app, "role_name": format!("Role {n}") })).unwrap();
            let role = world.ask(role).await.unwrap();
            world.roles.push(role.role_id);
        }
        for (n, roles) in [(0, vec![0, 1]), (1, vec![1, 2])] {
            let ids: Vec<_> = roles.into_iter().map(|role: usize| world.roles[role]).collect();
            let group: CreateRoleGroup =
                input::parse(json!({ "app_id": world.app, "name": format!("Group {n}"), "role_ids": ids }))
                    .unwrap();
            let group = world.ask(group).await.unwrap();
            world.groups.push(group.role_group_id);
        }
        let organization: CreateOrganization =
            input::parse(json!({ "name": "Acme", "domain": "acme.example", "app_ids": [world.app] }))
                .unwrap();
        world.organization = world.ask(organization).await.unwrap().organization_id;
        world.give_groups(&[0]).await.unwrap();
        world
    }

    async fn give_groups(&self, groups: &[usize]) -> Result<(), Error> {
        self.ask(SetOrganizationRoleGroups {
            app_id: self.app,
            organization_id: self.organization,
            role_group_ids: groups.iter().map(|group| self.groups[*group]).collect(),
        })
        .await
        .map(|_| ())
    }

    fn person(&self, place: usize) -> UserId {
        self.people[place].unwrap_or_else(|| UserId::compose(1, u128::try_from(place).unwrap()))
    }

    async fn take(&mut self, step: Step) -> Result<(), Error> {
        let organization_id = self.organization;
        match step {
            Step::Add { person, roles, admin } => {
                let mut role_ids: Vec<RoleId> = roles
                    .iter()
                    .map(|role| RoleId::Custom(self.roles[*role]))
                    .collect();
                if admin {
                    role_ids.push(RoleId::OrganizationAdmin);
                }
                let add: AddMember = input::parse(json!({
                    "organization_id": organization_id,
                    "email": format!("person{person}@acme.example"),
                    "role_ids": role_ids,
                }))
                .unwrap();
                let member = self.ask(add).await?;
                self.people[person] = Some(member.user_id);
            }
            Step::Remove(person) => {
                self.ask(RemoveMember {
                    organization_id,
                    user_id: self.person(person),
                    pass_applications_to: None,
                })
                .await?
            }
            Step::SetRoles { person, roles } => {
                let role_ids = roles
                    .iter()
                    .map(|role| RoleId::Custom(self.roles[*role]))
                    .collect();
                self.ask(SetMemberRoles {
                    app_id: self.app,
                    organization_id,
                    user_id: self.person(person),
                    role_ids,
                })
                .await?;
            }
            Step::Enable { person, enabled } => {
                let user_id = self.person(person);
                let update: UpdateMember = input::parse(
                    json!({ "organization_id": organization_id, "user_id": user_id, "enabled": enabled }),
                )
                .unwrap();
                self.ask(update).await?;
            }
            Step::Admin { person, admin } => {
                self.ask(SetOrganizationAdmin {
                    organization_id,
                    user_id: self.person(person),
                    admin,
                })
                .await?;
            }
            Step::GiveGroups(groups) => self.give_groups(&groups).await?,
            Step::RegroupRoles { group, roles } => {
                let ids: Vec<_> = roles.iter().map(|role| self.roles[*role]).collect();
                let update: UpdateRoleGroup = input::parse(
                    json!({ "app_id": self.app, "role_group_id": self.groups[group], "role_ids": ids }),
                )
                .unwrap();
                self.ask(update).await?;
            }
            Step::Bulk { people, action } => {
                let user_ids = people.iter().map(|person| self.person(*person)).collect();
                self.ask(ChangeMembers {
                    organization_id,
                    user_ids,
                    action,
                    role_id: None,
                    pass_applications_to: None,
                })
                .await?;
            }
            Step::DropApplication => {
                self.ask(RemoveOrganizationApps {
                    organization_id,
                    app_ids: vec![self.app],
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn members(&self) -> Vec<Member> {
        self.ask(ListMembers::of(self.organization)).await.unwrap().items
    }

    async fn check(&self, had_admin: bool, step: &Step) -> bool {
        let members = self.members().await;
        let mut ids: Vec<_> = members.iter().map(|member| member.user_id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(
            ids.len(),
            members.len(),
            "two memberships of one person after {step:?}"
        );

        let organization = self
            .ask(GetOrganization {
                organization_id: self.organization,
            })
            .await
            .unwrap();
        assert_eq!(
            organization.member_count,
            u64::try_from(members.len()).unwrap(),
            "the total after {step:?}"
        );

        let assignable = self
            .ask(ListAssignableRoles {
                organization_id: self.organization,
            })
            .await
            .unwrap();
        let assignable: Vec<RoleId> = assignable
            .iter()
            .flat_map(|app| app.roles.iter().map(|role| RoleId::Custom(role.role_id)))
            .collect();
        for role in members
            .iter()
            .flat_map(|member| &member.roles)
            .filter(|role| !role.role_id.is_built_in())
        {
            assert!(
                assignable.contains(&role.role_id),
                "{} is outside of the role groups after {step:?}",
                role.role_name
            );
        }

        let has_admin = members.iter().any(|member| {
            member.is_organization_admin()
                && matches!(member.member_status, MemberStatus::Active | MemberStatus::Pending)
        });
        assert!(
            has_admin || !had_admin,
            "the last administrator is gone after {step:?}"
        );
        has_admin
    }
}

async fn walk(database_url: String, steps: Vec<Step>) {
    let mut world = World::new(database_url).await;
    let mut had_admin = false;
    for step in steps {
        if let Err(error) = world.take(step.clone()).await {
            assert_ne!(error.code, Code::Internal, "{step:?} broke: {error}");
        }
        had_admin = world.check(had_admin, &step).await;
    }
    world.console.db().close().await;
}

fn hold(database: Option<Database>, steps: Vec<Step>) {
    let Some(database) = database else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        database.create().await;
        walk(database.url.clone(), steps).await;
        database.remove().await;
    });
}

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(settings(24))]

    #[test]
    fn the_rules_of_membership_hold_on_sqlite(steps in proptest::collection::vec(step(), 1..30)) {
        hold(Database::sqlite(), steps);
    }
}

proptest! {
    #![proptest_config(settings(8))]

    #[test]
    fn the_rules_of_membership_hold_on_postgres(steps in proptest::collection::vec(step(), 1..30)) {
        hold(Database::postgres(), steps);
    }
}
