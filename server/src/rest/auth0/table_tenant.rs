//! The endpoints of what belongs to no organization.

use guildhall::policy::Permission;

use super::endpoint::{Endpoint, endpoint};
use super::table::{CREATED, DELETE, GET, GONE, OK, PATCH, POST};
use super::{clients, roles, user_body, users};

/// Roles.
pub(super) fn roles() -> Vec<Endpoint> {
    use roles::{NAMES, create, delete, get, list, update};
    const ONE: &str = "/roles/{id}";
    vec![
        endpoint(
            (GET, "/roles"),
            ("get_roles", "List roles"),
            &[Permission::ReadRoles],
            OK,
            list,
        ),
        endpoint(
            (POST, "/roles"),
            ("post_roles", "Create a role"),
            &[Permission::CreateRoles],
            OK,
            create,
        )
        .naming(NAMES)
        .refuses(&[409]),
        endpoint(
            (GET, ONE),
            ("get_roles_by_id", "Read a role"),
            &[Permission::ReadRoles],
            OK,
            get,
        ),
        endpoint(
            (PATCH, ONE),
            ("patch_roles_by_id", "Change a role"),
            &[Permission::ManageRoles],
            OK,
            update,
        )
        .naming(NAMES)
        .refuses(&[409]),
        endpoint(
            (DELETE, ONE),
            ("delete_roles_by_id", "Delete a role"),
            &[Permission::DeleteRoles],
            GONE,
            delete,
        ),
    ]
}

/// People.
pub(super) fn users() -> Vec<Endpoint> {
    use user_body::NAMES;
    use users::{by_email, create, delete, get, list, organizations, update};
    const ONE: &str = "/users/{id}";
    vec![
        endpoint(
            (GET, "/users"),
            ("get_users", "List people"),
            &[Permission::ReadUsers],
            OK,
            list,
        ),
        endpoint(
            (POST, "/users"),
            ("post_users", "Create a person"),
            &[Permission::CreateUsers],
            CREATED,
            create,
        )
        .naming(NAMES)
        .refuses(&[409]),
        endpoint(
            (GET, "/users-by-email"),
            ("get_users_by_email", "List the people with an address"),
            &[Permission::ReadUsers],
            OK,
            by_email,
        ),
        endpoint(
            (GET, ONE),
            ("get_users_by_id", "Read a person"),
            &[Permission::ReadUsers],
            OK,
            get,
        ),
        endpoint(
            (PATCH, ONE),
            ("patch_users_by_id", "Change a person"),
            &[Permission::ManageUsers],
            OK,
            update,
        )
        .naming(NAMES)
        .refuses(&[409]),
        endpoint(
            (DELETE, ONE),
            ("delete_users_by_id", "Delete a person"),
            &[Permission::DeleteUsers],
            GONE,
            delete,
        )
        .refuses(&[409]),
        endpoint(
            (GET, "/users/{id}/organizations"),
            ("get_user_organizations", "List the organizations of a person"),
            &[Permission::ReadUserOrganizations],
            OK,
            organizations,
        ),
    ]
}

/// Clients.
pub(super) fn clients() -> Vec<Endpoint> {
    vec![
        endpoint(
            (GET, "/clients"),
            ("get_clients", "List clients"),
            &[Permission::ReadClients],
            OK,
            clients::list,
        ),
        endpoint(
            (GET, "/clients/{id}"),
            ("get_clients_by_id", "Read a client"),
            &[Permission::ReadClients],
            OK,
            clients::get,
        ),
    ]
}
