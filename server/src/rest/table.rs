//! The one table of the API's routes; why some operations have none is in `without_route`.

mod mail_templates;
mod organization_clients;
mod registrations;
mod teams;
mod webhooks;

use axum::http::{Method, StatusCode};
use guildhall::account::*;
use guildhall::applications::*;
use guildhall::audit::*;
use guildhall::connections::*;
use guildhall::domains::*;
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
    let sections: Vec<(&'static str, Vec<Route>)> = vec![
        (
            "Organizations",
            vec![
                route::<CreateOrganization>(POST, "/organizations", CREATED)
                    .demanding(&["domain"])
                    .refuses(&[409]),
                route::<ListOrganizations>(GET, "/organizations", OK),
                route::<GetOrganization>(GET, "/organizations/{organization_id}", OK),
                route::<GetOrganizationByName>(GET, "/organizations/name/{name}", OK),
                route::<GetOrganizationBySlug>(GET, "/organizations/slug/{slug}", OK),
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
                route::<RenameMember>(PUT, "/organizations/{organization_id}/members/{user_id}/name", OK)
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
        ("Teams", teams::routes()),
        (
            "Invitations",
            vec![
                route::<ListInvitations>(GET, "/organizations/{organization_id}/invitations", OK),
                route::<GetInvitation>(
                    GET,
                    "/organizations/{organization_id}/invitations/{invitation_id}",
                    OK,
                ),
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
            "Domains",
            vec![
                route::<AddDiscoveryDomain>(POST, "/organizations/{organization_id}/domains", CREATED)
                    .refuses(&[409, 503]),
                route::<ListDiscoveryDomains>(GET, "/organizations/{organization_id}/domains", OK),
                route::<GetDiscoveryDomain>(
                    GET,
                    "/organizations/{organization_id}/domains/{discovery_domain_id}",
                    OK,
                ),
                route::<GetDiscoveryDomainByName>(
                    GET,
                    "/organizations/{organization_id}/domains/name/{domain}",
                    OK,
                ),
                route::<UpdateDiscoveryDomain>(
                    PUT,
                    "/organizations/{organization_id}/domains/{discovery_domain_id}",
                    OK,
                )
                .refuses(&[409, 503]),
                route::<RemoveDiscoveryDomain>(
                    DELETE,
                    "/organizations/{organization_id}/domains/{discovery_domain_id}",
                    GONE,
                ),
            ],
        ),
        (
            "Connections",
            vec![
                route::<ListConnections>(GET, "/connections", OK),
                route::<ListOrganizationConnections>(GET, "/organizations/{organization_id}/connections", OK),
                route::<GetOrganizationConnection>(
                    GET,
                    "/organizations/{organization_id}/connections/{connection_id}",
                    OK,
                ),
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
        ("Webhooks", webhooks::routes()),
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
            "API applications of an organization",
            organization_clients::routes(),
        ),
        ("Registrations", registrations::routes()),
        ("Mail templates", mail_templates::routes()),
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
