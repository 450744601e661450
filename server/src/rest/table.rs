//! The one table of the API's routes, and why some operations have none.

use axum::http::{Method, StatusCode};
use guildhall::account::*;
use guildhall::applications::*;
use guildhall::audit::*;
use guildhall::factors::{GetUserFactors, ResetMemberFactors, ResetUserFactors};
use guildhall::invitations::*;
use guildhall::mail::*;
use guildhall::members::*;
use guildhall::oidc::*;
use guildhall::organizations::*;
use guildhall::roles::*;
use guildhall::sessions::*;
use guildhall::tenant::*;
use guildhall::users::*;

use super::route::{Route, route};

/// Every route of the API.
pub fn table() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    const OK: StatusCode = StatusCode::OK;
    const CREATED: StatusCode = StatusCode::CREATED;
    const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
    const GONE: StatusCode = StatusCode::NO_CONTENT;
    let sections: [(&'static str, Vec<Route>); 14] = [
        (
            "Organizations",
            vec![
                route::<CreateOrganization>(POST, "/organizations", CREATED)
                    .demanding(&["domain"])
                    .refuses(&[409]),
                route::<ListOrganizations>(GET, "/organizations", OK),
                route::<GetOrganization>(GET, "/organizations/{organization_id}", OK),
                route::<GetOrganizationByName>(GET, "/organizations/name/{name}", OK),
                route::<UpdateOrganization>(PUT, "/organizations/{organization_id}", OK).refuses(&[409, 412]),
                route::<DeleteOrganization>(DELETE, "/organizations/{organization_id}", GONE).refuses(&[412]),
                route::<AddOrganizationApps>(PUT, "/organizations/{organization_id}/apps", GONE),
                route::<RemoveOrganizationApps>(DELETE, "/organizations/{organization_id}/apps", GONE),
            ],
        ),
        (
            "Members",
            vec![
                route::<AddMember>(POST, "/organizations/{organization_id}/members", OK).refuses(&[409]),
                route::<ListMembers>(GET, "/organizations/{organization_id}/members", OK),
                route::<ChangeMembers>(POST, "/organizations/{organization_id}/members/bulk", OK)
                    .refuses(&[409]),
                route::<GetMember>(GET, "/organizations/{organization_id}/members/{user_id}", OK),
                route::<UpdateMember>(PUT, "/organizations/{organization_id}/members/{user_id}", OK)
                    .refuses(&[409, 412]),
                route::<RemoveMember>(DELETE, "/organizations/{organization_id}/members/{user_id}", GONE)
                    .refuses(&[409, 412]),
                route::<GetMemberAccess>(
                    GET,
                    "/organizations/{organization_id}/members/{user_id}/access",
                    OK,
                ),
                route::<ResetMemberFactors>(
                    DELETE,
                    "/organizations/{organization_id}/members/{user_id}/factors",
                    GONE,
                ),
                route::<SetOrganizationAdmin>(
                    PUT,
                    "/organizations/{organization_id}/members/{user_id}/organization-admin",
                    GONE,
                )
                .refuses(&[409, 412]),
                route::<SetMemberRoles>(
                    POST,
                    "/applications/{app_id}/organizations/{organization_id}/members/{user_id}/roles",
                    GONE,
                )
                .refuses(&[412]),
                route::<ListMemberships>(GET, "/members/{user_id}/organizations", OK),
            ],
        ),
        (
            "Invitations",
            vec![
                route::<ListInvitations>(GET, "/organizations/{organization_id}/invitations", OK),
                route::<ResendInvitation>(
                    POST,
                    "/organizations/{organization_id}/invitations/{invitation_id}/resend",
                    OK,
                )
                .refuses(&[409]),
                route::<UpdateInvitation>(
                    PUT,
                    "/organizations/{organization_id}/invitations/{invitation_id}",
                    OK,
                )
                .refuses(&[409]),
                route::<RevokeInvitation>(
                    DELETE,
                    "/organizations/{organization_id}/invitations/{invitation_id}",
                    OK,
                )
                .refuses(&[409]),
            ],
        ),
        (
            "Roles",
            vec![
                route::<CreateRole>(POST, "/applications/{app_id}/roles", CREATED).refuses(&[409]),
                route::<ListRoles>(GET, "/applications/{app_id}/roles", OK),
                route::<GetRole>(GET, "/applications/{app_id}/roles/{role_id}", OK),
                route::<UpdateRole>(PUT, "/applications/{app_id}/roles/{role_id}", OK).refuses(&[409, 412]),
                route::<DeleteRole>(DELETE, "/applications/{app_id}/roles/{role_id}", GONE)
                    .refuses(&[409, 412]),
                route::<GetRoleGrid>(GET, "/applications/{app_id}/role-grid", OK),
                route::<SaveRoleGrid>(PUT, "/applications/{app_id}/role-grid", OK),
                route::<CreatePermission>(POST, "/applications/{app_id}/permissions", CREATED)
                    .refuses(&[409]),
                route::<DeletePermission>(DELETE, "/applications/{app_id}/permissions/{name}", GONE)
                    .refuses(&[409]),
            ],
        ),
        (
            "Role groups",
            vec![
                route::<CreateRoleGroup>(POST, "/applications/{app_id}/role-groups", CREATED).refuses(&[409]),
                route::<ListRoleGroups>(GET, "/applications/{app_id}/role-groups", OK),
                route::<GetRoleGroup>(GET, "/applications/{app_id}/role-groups/{role_group_id}", OK),
                route::<UpdateRoleGroup>(PUT, "/applications/{app_id}/role-groups/{role_group_id}", OK)
                    .refuses(&[409, 412]),
                route::<DeleteRoleGroup>(DELETE, "/applications/{app_id}/role-groups/{role_group_id}", GONE)
                    .refuses(&[412]),
            ],
        ),
        (
            "Roles of an organization",
            vec![
                route::<SetOrganizationRoleGroups>(
                    POST,
                    "/applications/{app_id}/organizations/{organization_id}/role-groups/set",
                    ACCEPTED,
                ),
                route::<GetOrganizationRoles>(
                    GET,
                    "/applications/{app_id}/organizations/{organization_id}/role-groups",
                    OK,
                )
                .named("get_organization_role_groups"),
                route::<SetOrganizationRoles>(
                    POST,
                    "/applications/{app_id}/organizations/{organization_id}/roles-and-groups/set",
                    ACCEPTED,
                ),
                route::<GetOrganizationRoles>(
                    GET,
                    "/applications/{app_id}/organizations/{organization_id}/roles-and-groups",
                    OK,
                ),
                route::<ListAssignableRoles>(GET, "/organizations/{organization_id}/assignable-roles", OK),
            ],
        ),
        (
            "Users",
            vec![
                route::<CreateUser>(POST, "/users", CREATED).refuses(&[409]),
                route::<ListUsers>(GET, "/users", OK),
                route::<GetUser>(GET, "/users/{user_id}", OK),
                route::<GetUserByEmail>(GET, "/users/email/{email}", OK),
                route::<GetUserByUsername>(GET, "/users/username/{username}", OK),
                route::<GetUserByExternalId>(GET, "/users/external-user-id/{external_user_id}", OK),
                route::<UpdateUser>(PUT, "/users/{user_id}", OK).refuses(&[409, 412]),
                route::<DeleteUser>(DELETE, "/users/{user_id}", GONE).refuses(&[409, 412]),
                route::<SetUserPassword>(POST, "/users/{user_id}/password", GONE),
                route::<ListUserSessions>(GET, "/users/{user_id}/sessions", OK),
                route::<EndUserSession>(DELETE, "/users/{user_id}/sessions/{session_id}", GONE),
                route::<EndUserSessions>(DELETE, "/users/{user_id}/sessions", GONE),
                route::<GetUserFactors>(GET, "/users/{user_id}/factors", OK),
                route::<ResetUserFactors>(DELETE, "/users/{user_id}/factors", GONE),
                route::<SetTenantAdmin>(PUT, "/users/{user_id}/tenant-admin", GONE).refuses(&[409]),
            ],
        ),
        (
            "Applications",
            vec![
                route::<CreateApplication>(POST, "/applications", CREATED).refuses(&[409]),
                route::<ListApplications>(GET, "/applications", OK),
                route::<GetApplication>(GET, "/applications/{app_id}", OK),
                route::<UpdateApplication>(PUT, "/applications/{app_id}", OK).refuses(&[409, 412]),
                route::<DeleteApplication>(DELETE, "/applications/{app_id}", GONE).refuses(&[409, 412]),
            ],
        ),
        (
            "Clients",
            vec![
                route::<CreateClient>(POST, "/applications/{app_id}/clients", CREATED),
                route::<ListClients>(GET, "/applications/{app_id}/clients", OK),
                route::<GetClient>(GET, "/applications/{app_id}/clients/{client_id}", OK),
                route::<UpdateClient>(PUT, "/applications/{app_id}/clients/{client_id}", OK),
                route::<RotateClientSecret>(POST, "/applications/{app_id}/clients/{client_id}/rotate", OK)
                    .refuses(&[409]),
                route::<DeleteClient>(DELETE, "/applications/{app_id}/clients/{client_id}", GONE),
            ],
        ),
        (
            "Sign-in",
            vec![
                route::<AuthenticateMember>(POST, "/auth/password/authenticate", OK)
                    .refuses(&[409])
                    .guarded("username"),
            ],
        ),
        (
            "Audit",
            vec![
                route::<ListAudit>(GET, "/audit", OK),
                route::<GetAuditRecord>(GET, "/audit/{audit_id}", OK),
                route::<ListOrganizationAudit>(GET, "/organizations/{organization_id}/audit", OK),
            ],
        ),
        (
            "Mail",
            vec![
                route::<ListMails>(GET, "/mails", OK),
                route::<GetMailState>(GET, "/mails/state", OK),
                route::<SendTestMail>(POST, "/mails/test", ACCEPTED),
                route::<RetryMail>(POST, "/mails/{mail_id}/retry", OK).refuses(&[409]),
            ],
        ),
        (
            "Tenant",
            vec![
                route::<GetOverview>(GET, "/tenant/overview", OK),
                route::<GetSettings>(GET, "/tenant/settings", OK),
                route::<UpdateSettings>(PUT, "/tenant/settings", OK).refuses(&[412]),
            ],
        ),
        (
            "Me",
            vec![
                route::<GetMe>(GET, "/me", OK),
                route::<IssueUserToken>(POST, "/me/token", OK).refuses(&[404]),
                route::<GetOwnProfile>(GET, "/me/profile", OK),
                route::<UpdateOwnProfile>(PUT, "/me/profile", OK).refuses(&[409, 412]),
                route::<ListOwnOrganizations>(GET, "/me/organizations", OK),
                route::<LeaveOrganization>(DELETE, "/me/organizations/{organization_id}", GONE)
                    .refuses(&[409]),
            ],
        ),
    ];
    sections
        .into_iter()
        .flat_map(|(tag, routes)| routes.into_iter().map(move |route| route.under(tag)))
        .collect()
}

/// Why the operations of the Auth0-compatible API have no route here.
const OTHER_API: &str = "the Auth0-compatible API's, under /api/v2";

/// Operations that have no route here, and why.
pub const WITHOUT_ROUTE: &[(&str, &str)] = &[
    ("sign_in", "the console's: its answer is a cookie"),
    ("sign_out", "the console's: it ends the cookie's session"),
    ("set_up", "the console's: the link of the first start"),
    (
        "change_own_password",
        "the console's: an access token must not be enough to take over the account",
    ),
    (
        "copy_invitation_link",
        "the console's: whoever holds the link could use it",
    ),
    ("read_invitation", "the console's: the link leads to its page"),
    ("accept_invitation", "the console's: its answer is a cookie"),
    (
        "join_by_invitation",
        "the console's: it is the person's own decision",
    ),
    (
        "ask_for_new_invitation",
        "the console's: the link leads to its page",
    ),
    ("issue_client_token", "the token endpoint, POST /oidc/token"),
    (
        "list_own_sessions",
        "the console's: which one is this, the cookie knows",
    ),
    (
        "end_own_session",
        "the console's: an access token must not be enough to put its holder out",
    ),
    ("end_other_sessions", "the console's: other than the cookie's"),
    ("rate_password", "the console's, while somebody types"),
    (
        "request_password_reset",
        "the console's: it answers everybody the same, and leads to a page",
    ),
    ("get_password_reset", "the console's: the page of a mailed link"),
    ("reset_password", "the console's: the page of a mailed link"),
    ("open_portal", "the console's: it says who may be in the portal"),
    (
        "rename_organization",
        "the console's: the tenant's backend has PUT /organizations/{organization_id}",
    ),
    ("set_organization_logo", "the console's: a form with a file"),
    ("get_organization_logo", "a file of the console's"),
    (
        "view_as_organization_admin",
        "the console's: a session looks, a token does not",
    ),
    ("stop_viewing", "the console's, as view_as_organization_admin"),
    (
        "add_own_email",
        "the console's: an access token must not be enough to take over the account",
    ),
    ("send_email_verification", "the console's, as add_own_email"),
    ("verify_own_email", "the console's: the page of a mailed link"),
    (
        "make_email_primary",
        "the console's; PUT /me/profile does it, too, with an address that was verified there",
    ),
    ("remove_own_email", "the console's, as add_own_email"),
    (
        "get_own_factors",
        "the console's: whether the password was given lately, the session knows",
    ),
    (
        "confirm_password",
        "the console's: an access token must not be enough to take over the account",
    ),
    ("begin_authenticator_app", "the console's, as confirm_password"),
    ("get_authenticator_set_up", "the console's, as confirm_password"),
    ("confirm_authenticator_app", "the console's, as confirm_password"),
    ("remove_authenticator_app", "the console's, as confirm_password"),
    ("renew_recovery_codes", "the console's, as confirm_password"),
    ("begin_passkey", "the console's: a browser makes the passkey"),
    ("add_passkey", "the console's: a browser makes the passkey"),
    ("remove_passkey", "the console's, as confirm_password"),
    ("get_pending_sign_in", "the console's: its token is a cookie"),
    ("finish_sign_in", "the console's: its answer is a cookie"),
    (
        "require_factor",
        "the console's: the tenant's backend has PUT /organizations/{organization_id}",
    ),
    ("begin_app_sign_in", "the provider's, /oidc/authorize"),
    ("get_app_sign_in", "the provider's: the hosted sign-in page"),
    ("get_app_sign_in_logo", "the hosted sign-in page's, /brand/logo"),
    ("continue_app_sign_in", "the provider's, /oidc/continue"),
    (
        "get_app_sign_in_choice",
        "the provider's: the page that asks which organization",
    ),
    ("refuse_app_sign_in", "the provider's, /oidc/cancel"),
    ("redeem_code", "the token endpoint, POST /oidc/token"),
    ("refresh_app_token", "the token endpoint, POST /oidc/token"),
    ("get_user_info", "the provider's, /oidc/userinfo"),
    ("introspect_token", "the provider's, POST /oidc/introspect"),
    ("revoke_token", "the provider's, POST /oidc/revoke"),
    ("get_app_sign_out", "the provider's, /oidc/logout"),
    ("get_organization_by_slug", OTHER_API),
    ("list_user_organizations", OTHER_API),
    ("assign_members", OTHER_API),
    ("unassign_members", OTHER_API),
    ("list_member_roles", OTHER_API),
    ("list_effective_roles", OTHER_API),
    ("give_member_roles", OTHER_API),
    ("take_member_roles", OTHER_API),
    ("get_invitation", OTHER_API),
    ("invite_member", OTHER_API),
    ("list_tenant_roles", OTHER_API),
    ("get_tenant_role", OTHER_API),
    ("create_tenant_role", OTHER_API),
    ("update_tenant_role", OTHER_API),
    ("delete_tenant_role", OTHER_API),
    ("list_tenant_clients", OTHER_API),
    ("list_connections", OTHER_API),
    ("list_organization_connections", OTHER_API),
    ("get_organization_connection", OTHER_API),
    ("add_organization_connection", OTHER_API),
    ("update_organization_connection", OTHER_API),
    ("remove_organization_connection", OTHER_API),
    ("list_discovery_domains", OTHER_API),
    ("get_discovery_domain", OTHER_API),
    ("get_discovery_domain_by_name", OTHER_API),
    ("add_discovery_domain", OTHER_API),
    ("update_discovery_domain", OTHER_API),
    ("remove_discovery_domain", OTHER_API),
];
