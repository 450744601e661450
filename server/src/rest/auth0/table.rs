//! The one table of this dialect's endpoints.

use axum::http::{Method, StatusCode};
use guildhall::policy::Permission;

use super::endpoint::{Endpoint, endpoint};
use super::{
    connections, domains, invitations, member_roles, members, organization_body, organizations, table_tenant,
};

pub(super) const GET: Method = Method::GET;
pub(super) const POST: Method = Method::POST;
pub(super) const PATCH: Method = Method::PATCH;
pub(super) const DELETE: Method = Method::DELETE;
pub(super) const OK: StatusCode = StatusCode::OK;
pub(super) const CREATED: StatusCode = StatusCode::CREATED;
pub(super) const GONE: StatusCode = StatusCode::NO_CONTENT;

/// Every endpoint.
pub fn table() -> Vec<Endpoint> {
    [
        ("Organizations", organizations_part()),
        ("Members", members_part()),
        ("Invitations", invitations_part()),
        ("Connections", connections_part()),
        ("Discovery domains", domains_part()),
        ("Roles", table_tenant::roles()),
        ("Users", table_tenant::users()),
        ("Clients", table_tenant::clients()),
    ]
    .into_iter()
    .flat_map(|(tag, endpoints)| endpoints.into_iter().map(move |endpoint| endpoint.under(tag)))
    .collect()
}

fn organizations_part() -> Vec<Endpoint> {
    use organization_body::NAMES;
    use organizations::{create, delete, get, get_by_name, list, update};
    const ONE: &str = "/organizations/{id}";
    vec![
        endpoint(
            (GET, "/organizations"),
            ("get_organizations", "List organizations"),
            &[Permission::ListOrganizations],
            OK,
            list,
        ),
        endpoint(
            (POST, "/organizations"),
            ("post_organizations", "Create an organization"),
            &[Permission::CreateOrganizations],
            CREATED,
            create,
        )
        .naming(NAMES)
        .refuses(&[409]),
        endpoint(
            (GET, ONE),
            ("get_organizations_by_id", "Read an organization"),
            &[Permission::ReadOrganization],
            OK,
            get,
        ),
        endpoint(
            (GET, "/organizations/name/{name}"),
            ("get_name_by_name", "Read the organization of a name"),
            &[Permission::ListOrganizations],
            OK,
            get_by_name,
        ),
        endpoint(
            (PATCH, ONE),
            ("patch_organizations_by_id", "Change an organization"),
            &[Permission::UpdateOrganizations],
            OK,
            update,
        )
        .naming(NAMES)
        .refuses(&[409]),
        endpoint(
            (DELETE, ONE),
            ("delete_organizations_by_id", "Delete an organization"),
            &[Permission::DeleteOrganizations],
            GONE,
            delete,
        ),
    ]
}

fn members_part() -> Vec<Endpoint> {
    const ALL: &str = "/organizations/{id}/members";
    const ROLES: &str = "/organizations/{id}/members/{user_id}/roles";
    vec![
        endpoint(
            (GET, ALL),
            ("get_members", "List the members of an organization"),
            &[Permission::ReadMembers],
            OK,
            members::list,
        ),
        endpoint(
            (POST, ALL),
            ("post_members", "Make people members"),
            &[Permission::AssignMembers],
            GONE,
            members::add,
        )
        .naming(members::NAMES)
        .refuses(&[409]),
        endpoint(
            (DELETE, ALL),
            ("delete_members", "Remove members"),
            &[Permission::RemoveMembers],
            GONE,
            members::remove,
        )
        .naming(members::NAMES)
        .refuses(&[409]),
        endpoint(
            (GET, ROLES),
            ("get_organization_member_roles", "List the roles of a member"),
            &[Permission::ReadMemberRoles],
            OK,
            member_roles::list,
        ),
        endpoint(
            (POST, ROLES),
            ("post_organization_member_roles", "Give roles to a member"),
            &[Permission::GiveMemberRoles],
            GONE,
            member_roles::add,
        )
        .naming(member_roles::NAMES),
        endpoint(
            (DELETE, ROLES),
            ("delete_organization_member_roles", "Take roles from a member"),
            &[Permission::TakeMemberRoles],
            GONE,
            member_roles::remove,
        )
        .naming(member_roles::NAMES),
        endpoint(
            (GET, "/organizations/{id}/members/{user_id}/effective-roles"),
            (
                "get_organization_member_effective_roles",
                "List the roles that count for a member",
            ),
            &[Permission::ReadEffectiveRoles],
            OK,
            member_roles::effective,
        ),
    ]
}

fn invitations_part() -> Vec<Endpoint> {
    const NO_ORGANIZATION: &str = "No organization found by that id.";
    const ALL: &str = "/organizations/{id}/invitations";
    const ONE: &str = "/organizations/{id}/invitations/{invitation_id}";
    vec![
        endpoint(
            (GET, ALL),
            ("get_invitations", "List the invitations that wait"),
            &[Permission::ReadInvitations],
            OK,
            invitations::list,
        )
        .without_organization(NO_ORGANIZATION),
        endpoint(
            (POST, ALL),
            ("post_invitations", "Invite somebody"),
            &[Permission::InviteMembers],
            CREATED,
            invitations::create,
        )
        .naming(invitations::NAMES)
        .refuses(&[409])
        .without_organization(NO_ORGANIZATION),
        endpoint(
            (GET, ONE),
            (
                "get_invitations_by_invitation_id",
                "Read an invitation that waits",
            ),
            &[Permission::ReadInvitations],
            OK,
            invitations::get,
        )
        .without_organization(NO_ORGANIZATION),
        endpoint(
            (DELETE, ONE),
            ("delete_invitations_by_invitation_id", "Take an invitation back"),
            &[Permission::RevokeInvitations],
            GONE,
            invitations::revoke,
        )
        .without_organization(NO_ORGANIZATION),
    ]
}

fn connections_part() -> Vec<Endpoint> {
    const ALL: &str = "/organizations/{id}/enabled_connections";
    const ONE: &str = "/organizations/{id}/enabled_connections/{connection_id}";
    vec![
        endpoint(
            (GET, ALL),
            (
                "get_enabled_connections",
                "List the connections of an organization",
            ),
            &[Permission::ReadOrganizationConnections],
            OK,
            connections::list,
        ),
        endpoint(
            (POST, ALL),
            ("post_enabled_connections", "Give an organization a connection"),
            &[Permission::AddOrganizationConnections],
            CREATED,
            connections::add,
        )
        .naming(&[("connection", "connection_id")])
        .refuses(&[409]),
        endpoint(
            (GET, ONE),
            (
                "get_enabled_connections_by_connection_id",
                "Read a connection of an organization",
            ),
            &[Permission::ReadOrganizationConnections],
            OK,
            connections::get,
        ),
        endpoint(
            (PATCH, ONE),
            (
                "patch_enabled_connections_by_connection_id",
                "Change a connection of an organization",
            ),
            &[Permission::UpdateOrganizationConnections],
            OK,
            connections::update,
        ),
        endpoint(
            (DELETE, ONE),
            (
                "delete_enabled_connections_by_connection_id",
                "Take a connection from an organization",
            ),
            &[Permission::RemoveOrganizationConnections],
            GONE,
            connections::remove,
        ),
        endpoint(
            (GET, "/connections"),
            ("get_connections", "List the connections that there are"),
            &[Permission::ReadConnections],
            OK,
            connections::all,
        ),
        endpoint(
            (GET, "/connections/{id}"),
            ("get_connections_by_id", "Read a connection"),
            &[Permission::ReadConnections],
            OK,
            connections::one,
        ),
    ]
}

fn domains_part() -> Vec<Endpoint> {
    const ALL: &str = "/organizations/{id}/discovery-domains";
    const ONE: &str = "/organizations/{id}/discovery-domains/{discovery_domain_id}";
    vec![
        endpoint(
            (GET, ALL),
            ("get_discovery_domains", "List the domains of an organization"),
            &[Permission::ReadDomains],
            OK,
            domains::list,
        ),
        endpoint(
            (POST, ALL),
            ("post_discovery_domains", "Add a domain to an organization"),
            &[Permission::AddDomains],
            CREATED,
            domains::create,
        )
        .refuses(&[409, 503]),
        endpoint(
            (GET, ONE),
            ("get_discovery_domains_by_discovery_domain_id", "Read a domain"),
            &[Permission::ReadDomains],
            OK,
            domains::get,
        ),
        endpoint(
            (
                GET,
                "/organizations/{id}/discovery-domains/name/{discovery_domain}",
            ),
            ("get_discovery_domain_by_name", "Read the domain of a name"),
            &[Permission::ReadDomains],
            OK,
            domains::get_by_name,
        ),
        endpoint(
            (PATCH, ONE),
            (
                "patch_discovery_domains_by_discovery_domain_id",
                "Verify or change a domain",
            ),
            &[Permission::UpdateDomains],
            OK,
            domains::update,
        )
        .refuses(&[409, 503]),
        endpoint(
            (DELETE, ONE),
            (
                "delete_discovery_domains_by_discovery_domain_id",
                "Remove a domain",
            ),
            &[Permission::RemoveDomains],
            GONE,
            domains::remove,
        ),
    ]
}
