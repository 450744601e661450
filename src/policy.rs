//! Who may do what: one readable table, the same for the server's door and the console's controls.

use serde::{Deserialize, Serialize};

/// How a caller stands to the thing that an operation touches. `authorize` on the server finds it out; the
/// strongest one that applies is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody that we know.
    Anonymous,
    /// Signed in, with no part in this organization, application or person.
    Stranger,
    /// The person themselves.
    Oneself,
    /// An enabled member of the enabled organization.
    Member,
    /// A member with the role `Organization Admin`.
    OrganizationAdmin,
    /// A client of an end-user application that the organization has.
    ApplicationClient,
    /// A client that an organization itself made: an API application of it.
    OrganizationClient,
    /// An administrator of the tenant.
    TenantAdmin,
    /// A client of a management application: the tenant's backend.
    ManagementClient,
    /// The program itself.
    System,
}

impl Standing {
    /// Every standing, in the matrix's order.
    pub const ALL: [Standing; 10] = [
        Standing::Anonymous,
        Standing::Stranger,
        Standing::Oneself,
        Standing::Member,
        Standing::OrganizationAdmin,
        Standing::ApplicationClient,
        Standing::OrganizationClient,
        Standing::TenantAdmin,
        Standing::ManagementClient,
        Standing::System,
    ];

    /// Whether somebody who stands so may know that the thing exists at all: if not, a refusal is 404.
    pub fn sees(self) -> bool {
        !matches!(self, Standing::Anonymous | Standing::Stranger)
    }
}

use Standing::{
    Anonymous, ApplicationClient as AppClient, ManagementClient as Backend, Member, Oneself,
    OrganizationAdmin as OrgAdmin, OrganizationClient as OrgClient, Stranger, TenantAdmin as Tenant,
};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident, $scope:literal $(or $other:literal)?, [$($who:ident),*];)*) => {
        /// A right to do a kind of thing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Permission { $($(#[$doc])* $name,)* }

        impl Permission {
            /// Every right, in the table's order.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];

            /// Who has it, beside [`Standing::System`].
            pub const fn who(self) -> &'static [Standing] {
                match self { $(Permission::$name => &[$($who),*],)* }
            }

            /// The scope that a token needs for it (RFC 6749, 3.3); empty where none is needed.
            pub const fn scope(self) -> &'static str {
                match self { $(Permission::$name => $scope,)* }
            }

            /// The scopes of which a token needs one: [`Permission::scope`], then what the Auth0-compatible API calls it, where
            /// that is another name. The latter may be the narrower of the two: it opens no more than rights that name it.
            pub const fn scopes(self) -> &'static [&'static str] {
                match self { $(Permission::$name => &[$scope $(, $other)?],)* }
            }

            /// Whether the scopes that somebody holds are enough for it.
            pub fn is_opened_by(self, holds: impl Fn(&str) -> bool) -> bool {
                self.scope().is_empty() || self.scopes().iter().any(|scope| holds(scope))
            }
        }
    };
}

permissions! {
    // right                 scope of a token           who has it
    /// Sign in, set up, ask for a token.
    Enter,                   "",                        [Anonymous, Stranger, Oneself, Member, OrgAdmin, AppClient, OrgClient, Tenant, Backend];
    /// What stays open to somebody who must change their password first: who they are, the change, the way out.
    FinishSignIn,            "",                        [Oneself];
    /// The way out of a session, and of a look at somebody else's portal: open even to whoever may do nothing else.
    StepOut,                 "",                        [Oneself];
    /// One's own sessions, account and organizations.
    UseOwnAccount,           "",                        [Oneself];
    ReadTenant,              "read:tenant",             [Tenant, Backend];
    ManageTenant,            "update:tenant",           [Tenant, Backend];
    ManageAdministrators,    "update:administrators",   [Tenant];
    ListOrganizations,       "read:organizations",      [Tenant, Backend];
    ReadOrganization,        "read:organizations",      [Member, OrgAdmin, OrgClient, Tenant, Backend];
    CreateOrganizations,     "create:organizations",    [Tenant, Backend];
    UpdateOrganizations,     "update:organizations",    [Tenant, Backend];
    DeleteOrganizations,     "delete:organizations",    [Tenant, Backend];
    AssignApplications,      "update:organizations",    [Tenant, Backend];
    ReadOrganizationRoles,   "read:roles",              [OrgAdmin, Tenant, Backend];
    AssignRoleGroups,        "update:organizations",    [Tenant, Backend];
    /// Open the organization's own portal.
    EnterPortal,             "",                        [OrgAdmin, Tenant];
    /// Its name and logo.
    BrandOrganization,       "",                        [OrgAdmin, Tenant];
    /// Whether its members need a second factor.
    SecureOrganization,      "",                        [OrgAdmin, Tenant];
    /// Look at the organization's portal as its administrators see it.
    ViewAsOthers,            "",                        [Tenant];
    ReadMembers,             "read:members" or "read:organization_members", [OrgAdmin, AppClient, Tenant, Backend];
    ReadMemberRoles,         "read:members" or "read:organization_member_roles", [OrgAdmin, AppClient, Tenant, Backend];
    ReadEffectiveRoles,      "read:members" or "read:organization_member_effective_roles", [OrgAdmin, AppClient, Tenant, Backend];
    AddMembers,              "create:members",          [OrgAdmin, AppClient, Tenant, Backend];
    /// Make people members who are known already.
    AssignMembers,           "create:members" or "create:organization_members", [OrgAdmin, AppClient, Tenant, Backend];
    UpdateMembers,           "update:members",          [OrgAdmin, Tenant, Backend];
    AssignRoles,             "update:members",          [OrgAdmin, Tenant, Backend];
    GiveMemberRoles,         "update:members" or "create:organization_member_roles", [OrgAdmin, Tenant, Backend];
    TakeMemberRoles,         "update:members" or "delete:organization_member_roles", [OrgAdmin, Tenant, Backend];
    /// Teams, and who is in them.
    ReadTeams,               "read:teams",              [Member, OrgAdmin, OrgClient, Tenant, Backend];
    ManageTeams,             "update:teams",            [OrgAdmin, Tenant, Backend];
    RemoveMembers,           "delete:members" or "delete:organization_members", [OrgAdmin, AppClient, Tenant, Backend];
    ReadInvitations,         "read:members" or "read:organization_invitations", [OrgAdmin, AppClient, Tenant, Backend];
    /// Invite in one's own words: under another name, for another time, into an application by its client.
    InviteMembers,           "create:members" or "create:organization_invitations", [Tenant, Backend];
    RevokeInvitations,       "delete:members" or "delete:organization_invitations", [OrgAdmin, AppClient, Tenant, Backend];
    ReadConnections,         "read:connections",        [Tenant, Backend];
    ReadOrganizationConnections,   "read:organization_connections",   [Tenant, Backend];
    AddOrganizationConnections,    "create:organization_connections", [Tenant, Backend];
    UpdateOrganizationConnections, "update:organization_connections", [Tenant, Backend];
    RemoveOrganizationConnections, "delete:organization_connections", [Tenant, Backend];
    ReadDomains,             "read:organization_discovery_domains",   [OrgAdmin, Tenant, Backend];
    AddDomains,              "create:organization_discovery_domains", [OrgAdmin, Tenant, Backend];
    UpdateDomains,           "update:organization_discovery_domains", [OrgAdmin, Tenant, Backend];
    RemoveDomains,           "delete:organization_discovery_domains", [OrgAdmin, Tenant, Backend];
    ReadOrganizationClients, "read:organization_clients",   [Member, OrgAdmin, Tenant, Backend];
    /// Create API applications of the organization, use the credentials of those that one sees, change one's own.
    UseOrganizationClients,  "update:organization_clients", [Member, OrgAdmin, Tenant, Backend];
    /// See, change and delete everybody's.
    ManageOrganizationClients, "update:organization_clients", [OrgAdmin, Tenant, Backend];
    ReadMemberships,         "read:members",            [Oneself, AppClient, Tenant, Backend];
    /// The organizations of somebody, without what they are in them.
    ReadUserOrganizations,   "read:organizations",      [Tenant, Backend];
    ReadApplications,        "read:applications",       [Tenant, Backend];
    ManageApplications,      "update:applications",     [Tenant, Backend];
    /// All clients, whatever application they are of.
    ReadClients,             "read:applications" or "read:clients", [Tenant, Backend];
    ManageClients,           "update:clients",          [Tenant, Backend];
    /// Sign members in with the application's own form. The backend has it to hand it on: only an application's client knows
    /// for which application.
    AuthenticateMembers,     "authenticate:members",    [AppClient, Backend];
    ReadRoles,               "read:roles",              [AppClient, Tenant, Backend];
    ManageRoles,             "update:roles",            [AppClient, Tenant, Backend];
    CreateRoles,             "update:roles" or "create:roles", [AppClient, Tenant, Backend];
    DeleteRoles,             "update:roles" or "delete:roles", [AppClient, Tenant, Backend];
    ReadRoleGroups,          "read:roles",              [Tenant, Backend];
    ManageRoleGroups,        "update:roles",            [Tenant, Backend];
    ReadUsers,               "read:users",              [Tenant, Backend];
    ManageUsers,             "update:users",            [Tenant, Backend];
    CreateUsers,             "update:users" or "create:users", [Tenant, Backend];
    DeleteUsers,             "update:users" or "delete:users", [Tenant, Backend];
    ReadAudit,               "read:audit",              [OrgAdmin, Tenant, Backend];
    ReadWebhooks,            "read:webhooks",           [OrgAdmin, Tenant, Backend];
    /// Endpoints, their secrets, and sending to them again.
    ManageWebhooks,          "update:webhooks",         [OrgAdmin, Tenant, Backend];
    ReadMail,                "read:mail",               [Tenant, Backend];
    /// Try a mail again, send one to try whether mail arrives.
    SendMail,                "send:mail",               [Tenant, Backend];
}

/// The policy: whether somebody who stands so has the right.
pub fn allows(standing: Standing, permission: Permission) -> bool {
    standing == Standing::System || permission.who().contains(&standing)
}

/// Every scope of both APIs, each once, in the table's order.
pub fn scopes() -> Vec<&'static str> {
    usable_scopes_of(Standing::System)
}

/// The scopes that somebody who stands so can be granted, by any of their names, each once.
pub fn usable_scopes_of(standing: Standing) -> Vec<&'static str> {
    let mut scopes: Vec<&'static str> = Vec::new();
    for permission in Permission::ALL.iter().filter(|it| allows(standing, **it)) {
        for scope in permission.scopes() {
            if !scope.is_empty() && !scopes.contains(scope) {
                scopes.push(scope);
            }
        }
    }
    scopes
}

/// Whether the scopes that somebody holds allow all that one more scope allows.
pub fn covers(holds: impl Fn(&str) -> bool, scope: &str) -> bool {
    let mut opened = Permission::ALL
        .iter()
        .filter(|permission| permission.scopes().contains(&scope))
        .peekable();
    holds(scope) || (opened.peek().is_some() && opened.all(|permission| permission.is_opened_by(&holds)))
}

/// The scopes that somebody who stands so can use, each once, in the table's order: what a client without
/// a narrower grant gets.
pub fn scopes_of(standing: Standing) -> Vec<&'static str> {
    let mut scopes: Vec<&'static str> = Vec::new();
    for permission in Permission::ALL {
        let scope = permission.scope();
        if !scope.is_empty() && allows(standing, *permission) && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_unknown_has_more_than_the_way_in() {
        for permission in Permission::ALL {
            let open = allows(Standing::Anonymous, *permission) || allows(Standing::Stranger, *permission);
            assert_eq!(open, *permission == Permission::Enter, "{permission:?}");
        }
    }

    #[test]
    fn a_member_changes_nothing_but_api_applications() {
        for permission in Permission::ALL.iter().filter(|p| allows(Standing::Member, **p)) {
            assert!(
                permission.scope().starts_with("read:")
                    || permission.scope().is_empty()
                    || *permission == Permission::UseOrganizationClients,
                "{permission:?}"
            );
        }
    }

    #[test]
    fn an_organizations_own_client_reads_what_every_member_may_and_changes_nothing() {
        let allowed: Vec<Permission> = Permission::ALL
            .iter()
            .copied()
            .filter(|permission| allows(Standing::OrganizationClient, *permission))
            .collect();
        assert_eq!(
            allowed,
            [
                Permission::Enter,
                Permission::ReadOrganization,
                Permission::ReadTeams,
            ]
        );
        // Any member makes one: it must not open what its maker may not see.
        for permission in allowed {
            assert!(allows(Standing::Member, permission), "{permission:?}");
        }
    }

    #[test]
    fn the_tenant_admin_may_all_that_an_organization_admin_may() {
        for permission in Permission::ALL
            .iter()
            .filter(|p| allows(Standing::OrganizationAdmin, **p))
        {
            assert!(allows(Standing::TenantAdmin, *permission), "{permission:?}");
        }
    }

    #[test]
    fn scopes_are_known() {
        assert!(scopes().contains(&"read:members"));
        assert!(!scopes().contains(&""));
        assert!(!scopes().contains(&"read:everything"));
    }

    #[test]
    fn a_scope_covers_what_it_opens_and_no_more() {
        let holds = |held: &'static str| move |scope: &str| scope == held;
        assert!(covers(holds("read:members"), "read:organization_members"));
        assert!(!covers(holds("read:organization_members"), "read:members"));
        assert!(!covers(
            holds("read:organization_members"),
            "read:organization_invitations"
        ));
        assert!(!covers(holds("read:members"), "create:organization_members"));
        assert!(!covers(holds("read:members"), "read:everything"));
        assert!(Permission::ReadMembers.is_opened_by(holds("read:organization_members")));
        assert!(!Permission::ReadInvitations.is_opened_by(holds("read:organization_members")));
        assert!(Permission::Enter.is_opened_by(|_| false));
    }
}
