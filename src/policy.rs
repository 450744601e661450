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
    /// An administrator of the tenant.
    TenantAdmin,
    /// A client of a management application: the tenant's backend.
    ManagementClient,
    /// The program itself.
    System,
}

impl Standing {
    /// Every standing, in the matrix's order.
    pub const ALL: [Standing; 9] = [
        Standing::Anonymous,
        Standing::Stranger,
        Standing::Oneself,
        Standing::Member,
        Standing::OrganizationAdmin,
        Standing::ApplicationClient,
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
    OrganizationAdmin as OrgAdmin, Stranger, TenantAdmin as Tenant,
};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident, $scope:literal, [$($who:ident),*];)*) => {
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
        }
    };
}

permissions! {
    // right                 scope of a token           who has it
    /// Sign in, set up, ask for a token.
    Enter,                   "",                        [Anonymous, Stranger, Oneself, Member, OrgAdmin, AppClient, Tenant, Backend];
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
    ReadOrganization,        "read:organizations",      [Member, OrgAdmin, Tenant, Backend];
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
    ReadMembers,             "read:members",            [OrgAdmin, AppClient, Tenant, Backend];
    AddMembers,              "create:members",          [OrgAdmin, AppClient, Tenant, Backend];
    UpdateMembers,           "update:members",          [OrgAdmin, Tenant, Backend];
    AssignRoles,             "update:members",          [OrgAdmin, Tenant, Backend];
    RemoveMembers,           "delete:members",          [OrgAdmin, AppClient, Tenant, Backend];
    ReadMemberships,         "read:members",            [Oneself, AppClient, Tenant, Backend];
    ReadApplications,        "read:applications",       [Tenant, Backend];
    ManageApplications,      "update:applications",     [Tenant, Backend];
    ManageClients,           "update:clients",          [Tenant, Backend];
    /// Sign members in with the application's own form. The backend has it to hand it on: only an application's client knows
    /// for which application.
    AuthenticateMembers,     "authenticate:members",    [AppClient, Backend];
    ReadRoles,               "read:roles",              [AppClient, Tenant, Backend];
    ManageRoles,             "update:roles",            [AppClient, Tenant, Backend];
    ReadRoleGroups,          "read:roles",              [Tenant, Backend];
    ManageRoleGroups,        "update:roles",            [Tenant, Backend];
    ReadUsers,               "read:users",              [Tenant, Backend];
    ManageUsers,             "update:users",            [Tenant, Backend];
    ReadAudit,               "read:audit",              [OrgAdmin, Tenant, Backend];
    ReadMail,                "read:mail",               [Tenant, Backend];
    /// Try a mail again, send one to try whether mail arrives.
    SendMail,                "send:mail",               [Tenant, Backend];
}

/// The policy: whether somebody who stands so has the right.
pub fn allows(standing: Standing, permission: Permission) -> bool {
    standing == Standing::System || permission.who().contains(&standing)
}

/// Every scope of this API, each once, in the table's order.
pub fn scopes() -> Vec<&'static str> {
    scopes_of(Standing::System)
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
    fn a_member_changes_nothing() {
        for permission in Permission::ALL.iter().filter(|p| allows(Standing::Member, **p)) {
            assert!(
                permission.scope().starts_with("read:") || permission.scope().is_empty(),
                "{permission:?}"
            );
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
}
