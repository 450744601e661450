//! The one table of the API's routes, and the one handler that serves them all.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request as HttpRequest};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::MethodFilter;
use futures::future::BoxFuture;
use guildhall::account::*;
use guildhall::applications::*;
use guildhall::audit::*;
use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::invitations::*;
use guildhall::mail::*;
use guildhall::members::*;
use guildhall::oidc::*;
use guildhall::operation::{Operation, Runs};
use guildhall::organizations::*;
use guildhall::policy::Permission;
use guildhall::roles::*;
use guildhall::sessions::*;
use guildhall::tenant::*;
use guildhall::users::*;
use guildhall::{Kind, input};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};

use super::reply::Answered;
use super::{Entered, Rest, reply};
use crate::authorize;
use crate::console::Console;

/// One way to ask for one operation.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// The path after the prefix.
    pub path: &'static str,
    /// The operation's name.
    pub operation: &'static str,
    /// Unique among the routes: the operation's name, unless an operation has two routes.
    pub id: &'static str,
    pub permission: Permission,
    pub kind: Kind,
    pub success: StatusCode,
    /// Refusals beside those that every route has.
    pub refusals: Vec<u16>,
    pub tag: &'static str,
    /// Whether the answer has an entity tag.
    pub tagged: bool,
    /// The operation's type, which names the body in the OpenAPI document.
    pub type_name: fn() -> Cow<'static, str>,
    pub input: fn(&mut SchemaGenerator) -> Schema,
    pub output: fn(&mut SchemaGenerator) -> Option<Schema>,
    needs_body: bool,
    /// The field that says whose password is tried, for an operation with which one could be guessed.
    guarded: Option<&'static str>,
    run: Run,
}

type Run = for<'a> fn(&'a Console, Asked<'a>) -> BoxFuture<'a, Result<Response, Error>>;

/// What an operation is asked with, and what its answer depends on.
pub struct Asked<'a> {
    request: &'a Request,
    fields: Map<String, Value>,
    success: StatusCode,
    method: &'a Method,
    headers: &'a HeaderMap,
}

/// A route of an operation. It says 401, 403 and 429 by nature; 400, 404, 413 and 415 by its parameters and body.
fn route<Op: Operation<Output: Answered>>(method: Method, path: &'static str, success: StatusCode) -> Route
where
    Console: Runs<Op>,
{
    let schema = Op::json_schema(&mut SchemaGenerator::default());
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    Route {
        path,
        operation: Op::NAME,
        id: Op::NAME,
        permission: Op::PERMISSION,
        kind: Op::KIND,
        success,
        refusals: Vec::new(),
        tag: "",
        tagged: <Op::Output as Answered>::TAGGED,
        type_name: Op::schema_name,
        input: Op::json_schema,
        output: <Op::Output as Answered>::schema,
        needs_body: !method.is_safe() && required > path.matches('{').count(),
        guarded: None,
        run: run::<Op>,
        method,
    }
}

fn run<'a, Op: Operation<Output: Answered>>(
    console: &'a Console,
    asked: Asked<'a>,
) -> BoxFuture<'a, Result<Response, Error>>
where
    Console: Runs<Op>,
{
    Box::pin(async move {
        let operation = input::parse::<Op>(Value::Object(asked.fields))?;
        let output = console.run(asked.request, operation).await?;
        Ok(reply::done(&output, asked.success, asked.method, asked.headers))
    })
}

impl Route {
    /// The method, as axum's router wants it.
    pub fn filter(&self) -> MethodFilter {
        MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::GET)
    }

    /// The names of the path's parameters, in its order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
    }

    fn named(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    fn guarded(mut self, field: &'static str) -> Self {
        self.guarded = Some(field);
        self
    }

    fn refuses(mut self, statuses: &[u16]) -> Self {
        self.refusals.extend(statuses);
        self
    }
}

/// Serves any route.
pub async fn serve(
    rest: Rest,
    route: Arc<Route>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    http: HttpRequest,
) -> Response {
    let (mut parts, body) = http.into_parts();
    let Some(entered) = parts.extensions.remove::<Entered>() else {
        // Only `enter` leads here, and it leaves this behind.
        return reply::refusal(&Error::internal("unentered"), false);
    };
    let answer = async {
        authorize::may_ever(&entered.request.caller, route.permission)?;
        // Characters that are no text are in no id.
        let params = params.map_err(|_| Error::not_found("path"))?;
        let asked = Asked {
            request: &entered.request,
            fields: super::input::gather(
                &params,
                route.needs_body,
                &parts.method,
                &parts.uri,
                &parts.headers,
                body,
            )
            .await?,
            success: route.success,
            method: &parts.method,
            headers: &parts.headers,
        };
        let whose = route.guarded.and_then(|field| asked.fields.get(field)?.as_str());
        // Guesses come from the application's one address, and are counted for the account alone.
        let attempt = whose
            .map(|whose| rest.attempts().begin_account(whose))
            .transpose()?;
        let answer = (route.run)(rest.console(), asked).await;
        if let Some(attempt) = attempt
            && !matches!(&answer, Err(error) if error.reason.as_deref() == Some("wrong_credentials"))
        {
            attempt.succeeded();
        }
        answer.map_err(|error| without_such_a_thing(&route, error))
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => reply::refusal(&error, entered.presented),
    }
}

/// A malformed id in the path names nothing: 404, as for an id that nothing has.
fn without_such_a_thing(route: &Route, error: Error) -> Error {
    let named = |param: &&str| error.code == Code::Invalid && error.message_at(param).is_some();
    match route.parameters().find(named) {
        Some("app_id") => Error::not_found("application"),
        Some("email" | "username" | "external_user_id") => Error::not_found("user"),
        Some("name") => Error::not_found("name"),
        Some(param) => Error::not_found(&param.trim_end_matches("_id").replace('_', " ")),
        None => error,
    }
}

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
                route::<CreateOrganization>(POST, "/organizations", CREATED).refuses(&[409]),
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
        .flat_map(|(tag, routes)| routes.into_iter().map(move |route| Route { tag, ..route }))
        .collect()
}

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
    ("begin_app_sign_in", "the provider's, /oidc/authorize"),
    ("get_app_sign_in", "the provider's: the hosted sign-in page"),
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
];
