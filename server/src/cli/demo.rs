//! `guildhall demo`: sample data to look around in, the same each time, made by the operations that everybody uses.

use anyhow::{Context as _, bail};
use futures::future::try_join_all;
use guildhall::applications::{CreateApplication, CreateClient};
use guildhall::contact::{Domain, PermissionName, RedirectUri};
use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleGroupId, UserId};
use guildhall::organizations::{CreateOrganization, UpdateOrganization};
use guildhall::roles::{CreatePermission, CreateRole, CreateRoleGroup, SetOrganizationRoleGroups};
use guildhall::secret::Password;
use guildhall::tenant::{GetOverview, UpdateSettings};
use guildhall::text::{Description, Name};
use guildhall::users::{CreateUser, Credentials, GetUserByEmail, PersonName, SetTenantAdmin, UpdateUser};
use guildhall::{Code, Malformed, input};

use super::demo_names::{APPS, App, DISABLED, ORGANIZATIONS};
use super::demo_people::{People, administer_two, work_for_two};
use super::demo_teams::{Staff, make_teams};
use super::{run_as_system, say, tell};
use crate::config::Config;
use crate::console::Console;
use crate::start;

/// The tenant's administrator; made last, so that it says that everything is there.
const ADMIN: &str = "admin@guildhall.example";
/// Everybody's who has one: it is for data that is nobody's.
const PASSWORD: &str = "only-looking-around";
/// The first organization's administrator.
pub(super) const ORGANIZATION_ADMIN: &str = "ada.okafor@northwind-logistics.example";
/// The second organization's administrator, who administers the third, too.
pub(super) const ADMIN_OF_TWO: &str = "ines.castellan@aurelia-health.example";

const DAY: i64 = 24 * 60 * 60 * 1000;
/// Operations that wait for one commit together.
const TOGETHER: usize = 128;

/// Loads the sample data unless it is there.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let console = start::open(config).await?;
    let loaded = load(&console).await;
    console.db().close().await;
    say(&match loaded? {
        Some(summary) => format!("Loaded sample data: {summary}."),
        None => "The sample data is there already; nothing was changed.".to_owned(),
    })?;
    say(&format!(
        "It is for looking around: everybody knows its passwords, so keep it away from real data.\n\n\
         sign in as {ADMIN} / {PASSWORD}\n\
         or, to administer {} only, as {ORGANIZATION_ADMIN} with the same password\n\
         or, to administer {} and {}, as {ADMIN_OF_TWO} with the same password",
        name_of(0),
        name_of(1),
        name_of(2),
    ))
}

fn name_of(place: usize) -> &'static str {
    ORGANIZATIONS.get(place).map_or("", |(name, ..)| name)
}

async fn load(console: &Console) -> anyhow::Result<Option<String>> {
    match run_as_system(console, GetUserByEmail { email: text(ADMIN)? }).await {
        Ok(_) => return Ok(None),
        Err(error) if error.code == Code::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let found = run_as_system(console, GetOverview {}).await?;
    if found.organizations + found.applications + found.users > 0 {
        bail!("the database holds other data; name an empty one with --database-url");
    }
    // Time moves from a year ago until now, so that lists have something to sort.
    let now = console.clock().now();
    let at = |days_ago: i64| {
        console
            .clock()
            .advance(now - days_ago * DAY - console.clock().now())
    };

    tell(&format!("Making {} applications …", APPS.len()));
    at(380);
    run_as_system(
        console,
        UpdateSettings {
            name: Some(text("Guildhall Demo")?),
            ..UpdateSettings::default()
        },
    )
    .await?;
    let apps = try_join_all(APPS.iter().map(|app| make_app(console, app))).await?;
    tell(&format!("Making {} organizations …", ORGANIZATIONS.len()));
    let mut organizations = Vec::new();
    for (place, days_ago) in (0..ORGANIZATIONS.len()).zip((10..=370).rev().step_by(9)) {
        at(days_ago);
        organizations.push(make_organization(console, place, days_ago, &apps).await?);
    }

    let mut people = People::default();
    let mut joins = Vec::new();
    for (place, organization) in organizations.iter().enumerate() {
        let members = ORGANIZATIONS.get(place).map_or(0, |(_, _, members, _)| *members);
        for number in 0..members {
            joins.push(people.next(place, number, organization)?);
        }
    }
    let twice = work_for_two(&joins, &organizations);
    joins.extend(twice);
    joins.extend(administer_two(&joins, &organizations));
    joins.sort_by_key(|join| std::cmp::Reverse(join.days_ago));
    tell(&format!("Adding {} members; this takes longest …", joins.len()));
    let (mut members, mut disabled, mut staff) = (0, Vec::new(), Staff::default());
    for some in joins.chunks(TOGETHER) {
        at(some.first().map_or(0, |join| join.days_ago));
        let added = some
            .iter()
            .map(|join| run_as_system(console, join.operation.clone()));
        for (join, member) in some.iter().zip(try_join_all(added).await?) {
            members += 1;
            staff.joined(join, member.user_id);
            if join.disable {
                disabled.push(member.user_id);
            }
        }
    }
    tell("Making teams and API applications, disabling some, and making the administrator …");
    at(0);
    make_teams(console, &organizations, &staff).await?;
    for some in disabled.chunks(TOGETHER) {
        try_join_all(some.iter().map(|user_id| disable(console, *user_id))).await?;
    }
    if let Some(organization) = organizations.get(DISABLED) {
        let operation = serde_json::json!({ "organization_id": organization.id, "enabled": false });
        run_as_system(console, input::parse::<UpdateOrganization>(operation)?).await?;
    }
    make_admin(console).await?;
    // Nobody there has a mailbox: a console with a mail server must not write to them.
    let settled = console
        .db()
        .write(|tx| Box::pin(async move { Ok(crate::store::outbox::count_as_sent(tx).await?) }));
    if let Err(crate::fault::Fault::Broken(cause)) = settled.await {
        return Err(cause);
    }
    Ok(Some(format!(
        "{} organizations, {members} members, {} applications",
        organizations.len(),
        apps.len()
    )))
}

struct MadeApp {
    id: ApplicationId,
    /// The groups, each with its roles.
    groups: Vec<(RoleGroupId, Vec<CustomRoleId>)>,
}

async fn make_app(console: &Console, app: &App) -> anyhow::Result<MadeApp> {
    let new = CreateApplication {
        name: text(app.name)?,
        kind: None,
        description: Some(text(app.description)?),
        redirect_uris: vec![text::<RedirectUri>(app.redirect_uri)?],
        post_logout_redirect_uris: vec![],
        initiate_login_uri: None,
    };
    let id = run_as_system(console, new).await?.app_id;
    let permissions = app.permissions.iter().map(async |(name, description)| {
        let permission = CreatePermission {
            app_id: id,
            name: text(name)?,
            description: Some(text::<Description>(description)?),
        };
        anyhow::Ok(run_as_system(console, permission).await?)
    });
    try_join_all(permissions).await?;
    let roles = app.roles.iter().map(async |(name, display_name, permissions)| {
        let role = CreateRole {
            app_id: id,
            role_name: text(name)?,
            permissions: permissions
                .iter()
                .map(|name| text(name))
                .collect::<anyhow::Result<Vec<PermissionName>>>()?,
            description: None,
            display_name: Some(text(display_name)?),
        };
        anyhow::Ok((*name, run_as_system(console, role).await?.role_id))
    });
    let roles = try_join_all(roles).await?;
    let groups = app.groups.iter().map(async |(name, description, names)| {
        let role_ids: Vec<CustomRoleId> = roles
            .iter()
            .filter(|(role, _)| names.contains(role))
            .map(|(_, id)| *id)
            .collect();
        let group = CreateRoleGroup {
            app_id: id,
            role_ids: role_ids.clone(),
            name: text(name)?,
            description: Some(text(description)?),
            display_name: None,
        };
        anyhow::Ok((run_as_system(console, group).await?.role_group_id, role_ids))
    });
    let groups = try_join_all(groups).await?;
    let client = CreateClient {
        app_id: id,
        name: text("Backend")?,
        scopes: Vec::new(),
        public: false,
    };
    run_as_system(console, client).await?;
    Ok(MadeApp { id, groups })
}

pub(super) struct MadeOrganization {
    pub id: OrganizationId,
    pub domain: &'static str,
    pub days_ago: i64,
    /// What its members can be given, by application.
    pub roles: Vec<Vec<CustomRoleId>>,
}

async fn make_organization(
    console: &Console,
    place: usize,
    days_ago: i64,
    apps: &[MadeApp],
) -> anyhow::Result<MadeOrganization> {
    let (name, domain, _, places) = ORGANIZATIONS.get(place).context("no such organization")?;
    let has: Vec<&MadeApp> = places.iter().filter_map(|place| apps.get(*place)).collect();
    let new = CreateOrganization {
        name: text::<Name>(name)?,
        domain: Some(text(domain)?),
        app_ids: has.iter().map(|app| app.id).collect(),
        enabled: None,
        domains: if place.is_multiple_of(5) {
            vec![text::<Domain>(&format!("mail.{domain}"))?]
        } else {
            Vec::new()
        },
        alias_name: (place % 7 == 3)
            .then(|| text(name.split(' ').next().unwrap_or(name)))
            .transpose()?,
        slug: None,
        logo_url: None,
        colors: None,
        metadata: None,
        connections: Vec::new(),
    };
    let id = run_as_system(console, new).await?.organization_id;
    // Every third has the larger group.
    let groups = has.iter().filter_map(|app| {
        let (group, roles) = if place.is_multiple_of(3) {
            app.groups.last()
        } else {
            app.groups.first()
        }?;
        Some((app.id, *group, roles.clone()))
    });
    let (given, roles): (Vec<_>, Vec<_>) = groups
        .map(|(app_id, group, roles)| {
            (
                SetOrganizationRoleGroups {
                    app_id,
                    organization_id: id,
                    role_group_ids: vec![group],
                },
                roles,
            )
        })
        .unzip();
    try_join_all(given.into_iter().map(|given| run_as_system(console, given))).await?;
    Ok(MadeOrganization {
        id,
        domain,
        days_ago,
        roles,
    })
}

async fn disable(console: &Console, user_id: UserId) -> anyhow::Result<()> {
    let operation = serde_json::json!({ "user_id": user_id, "enabled": false });
    run_as_system(console, input::parse::<UpdateUser>(operation)?).await?;
    Ok(())
}

async fn make_admin(console: &Console) -> anyhow::Result<()> {
    let person = CreateUser {
        email: Some(text(ADMIN)?),
        name: Some(PersonName {
            first_name: Some(text("Robin")?),
            last_name: Some(text("Guildhall")?),
            ..PersonName::default()
        }),
        credentials: Some(credentials()?),
        ..CreateUser::default()
    };
    let user_id = run_as_system(console, person).await?.user_id;
    run_as_system(console, SetTenantAdmin { user_id, admin: true }).await?;
    Ok(())
}

pub(super) fn credentials() -> anyhow::Result<Credentials> {
    let password = Password::parse(PASSWORD).map_err(|why| anyhow::anyhow!("{why}"))?;
    Ok(Credentials {
        password,
        force_replace: Some(false),
    })
}

/// A word of the sample data as the value that it stands for.
pub(super) fn text<T: std::str::FromStr<Err = Malformed>>(word: &str) -> anyhow::Result<T> {
    word.parse()
        .map_err(|why: Malformed| anyhow::anyhow!("{word}: {why}"))
}

pub(super) fn pick<T>(from: &[T], at: usize) -> anyhow::Result<&T> {
    from.get(at % from.len().max(1)).context("nothing to pick from")
}
