//! Signing in to the tenant's applications: what a browser, an application and its backend ask of the provider
//! (OpenID Connect Core 1.0; RFC 6749, 7009 and 7662).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::branding::Colors;
use crate::id::{ApplicationId, OrganizationId, UserId};
use crate::operation::{Scope, operation};
use crate::portal::OrganizationLogo;
use crate::secret::Secret;
use crate::text::Text;

/// The scopes that an application can ask for: `openid`, and what its claims come with.
pub const SCOPES: [&str; 5] = ["openid", "profile", "email", "phone", "offline_access"];

/// Begins a sign-in for an application, with the parameters of its authorization request as they came (OpenID Connect
/// Core, 3.1.2.1; RFC 7636, 4.3).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BeginAppSignIn {
    pub client_id: Option<String>,
    pub redirect_uri: Option<String>,
    pub response_type: Option<String>,
    pub response_mode: Option<String>,
    pub scope: Option<String>,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    /// The id or name of the organization to sign in for.
    pub organization: Option<String>,
    /// The same under its other name.
    pub org_id: Option<String>,
    pub prompt: Option<String>,
    pub max_age: Option<String>,
    pub login_hint: Option<String>,
    /// A parameter that came more than once.
    pub repeated: Option<String>,
    /// A parameter that this provider takes from nobody, such as `request`.
    pub unsupported: Option<String>,
}
operation!(BeginAppSignIn => AppSignInBegun, "begin_app_sign_in", Write, Enter, |op| Scope::Public);

/// What became of an authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum AppSignInBegun {
    /// It waits for whoever signs in, under this secret.
    Began { request: Secret },
    /// The application is told why not.
    Refused { location: String },
}

/// Reads what a sign-in is for, for its page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetAppSignIn {
    pub request: Secret,
}
operation!(GetAppSignIn => AppSignIn, "get_app_sign_in", Read, Enter, |op| Scope::Public);

/// A sign-in that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppSignIn {
    pub app_id: ApplicationId,
    pub app_name: String,
    /// What the person is thought to sign in as.
    pub login_hint: Option<String>,
    /// The origin of the application's page that it leads back to.
    pub returns_to: String,
    /// Nobody may be asked anything (`prompt=none`).
    pub silent: bool,
    /// Which organization the application asked for, where there is one that has the application.
    pub organization: Option<SignInOrganization>,
}

/// An organization as the page shows it on which its people sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInOrganization {
    /// What is shown to its people: its alias, or its name.
    pub name: String,
    /// Where its logo is.
    pub logo_url: Option<String>,
    /// Its logo was uploaded here: the page has it by [`GetAppSignInLogo`].
    pub logo_is_ours: bool,
    pub colors: Colors,
}

/// Reads the uploaded logo of the organization that a sign-in is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetAppSignInLogo {
    pub request: Secret,
}
operation!(GetAppSignInLogo => OrganizationLogo, "get_app_sign_in_logo", Read, Enter, |op| Scope::Public);

/// Goes on with a sign-in as whoever is signed in here; with the organization that they chose, where they were asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ContinueAppSignIn {
    pub request: Secret,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
}
operation!(ContinueAppSignIn => AppSignInStep, "continue_app_sign_in", Write, UseOwnAccount, |op| Scope::Own);

/// Where a sign-in goes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum AppSignInStep {
    /// To the application: with a code, or with the reason why there is none.
    Leave { location: Secret },
    /// To the sign-in page, though somebody is signed in.
    SignIn,
    /// To the page that asks which organization.
    Choose,
    /// To the page that says why not.
    Closed,
    /// To the page on which they set up the second factor that the organization requires.
    SetUpFactor,
}

/// Reads the organizations among which a sign-in's person chooses, and why the others are closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetAppSignInChoice {
    pub request: Secret,
}
operation!(GetAppSignInChoice => AppSignInChoice, "get_app_sign_in_choice", Read, UseOwnAccount, |op| Scope::Own);

/// What the organization picker and the page of a refusal show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppSignInChoice {
    pub app_name: String,
    /// What to call whoever is signed in.
    pub label: String,
    /// Those that can be entered, by name; at most 100.
    pub open: Vec<OpenOrganization>,
    /// Those that cannot, and why.
    pub closed: Vec<ClosedOrganization>,
    /// The application asked for one organization and no other.
    pub asked: bool,
}

/// An organization in which somebody can use the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenOrganization {
    pub organization_id: OrganizationId,
    pub name: String,
    /// Where its logo is.
    pub logo_url: Option<String>,
}

/// An organization in which somebody cannot use the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClosedOrganization {
    pub name: String,
    pub why: Closed,
}

/// Why an organization's application is closed to one of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// The organization is disabled.
    OrganizationDisabled,
    /// The membership is suspended.
    Suspended,
    /// The invitation was not accepted.
    Pending,
    /// The organization does not have the application.
    WithoutApplication,
}

/// Ends a sign-in without a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RefuseAppSignIn {
    pub request: Secret,
    pub error: AppSignInError,
}
operation!(RefuseAppSignIn => LeaveForApp, "refuse_app_sign_in", Write, Enter, |op| Scope::Public);

/// What the application is told of a sign-in that did not happen (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppSignInError {
    AccessDenied,
    LoginRequired,
    InteractionRequired,
}

/// The way back to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeaveForApp {
    pub location: String,
}

/// A client as it says who it is (RFC 6749, 2.3); a public one has no secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientCredentials {
    pub client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
}

/// Trades a code for tokens (RFC 6749, 4.1.3; RFC 7636, 4.5).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RedeemCode {
    pub client: ClientCredentials,
    pub code: Secret,
    pub redirect_uri: String,
    pub code_verifier: Secret,
}
operation!(RedeemCode => AppTokenAnswer, "redeem_code", Write, Enter, |op| Scope::Public);

/// Trades a refresh token for new tokens; it is replaced (RFC 6749, 6; RFC 9700, 4.14.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefreshAppToken {
    pub client: ClientCredentials,
    pub refresh_token: Secret,
    /// A narrower set than was granted; all of it where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}
operation!(RefreshAppToken => AppTokenAnswer, "refresh_app_token", Write, Enter, |op| Scope::Public);

/// Tokens, or why there are none. A refusal is an answer here and no error, since it may have ended what was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum AppTokenAnswer {
    Issued(AppTokens),
    /// `invalid_grant` (RFC 6749, 5.2).
    InvalidGrant {
        description: String,
    },
    /// `invalid_scope`.
    InvalidScope {
        description: String,
    },
}

/// What an application gets for a code or a refresh token (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppTokens {
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: u64,
    pub refresh_token: Secret,
    /// Where the scope `openid` was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// The scopes, with spaces between.
    pub scope: String,
}

/// Reads the claims about whoever an application's access token stands for (OpenID Connect Core, 5.3).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetUserInfo {
    pub access_token: Secret,
}
operation!(GetUserInfo => Map<String, Value>, "get_user_info", Read, Enter, |op| Scope::Public);

/// Says whether a token is active, and what it stands for (RFC 7662).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntrospectToken {
    pub client: ClientCredentials,
    pub token: Secret,
}
operation!(IntrospectToken => Map<String, Value>, "introspect_token", Read, Enter, |op| Scope::Public);

/// Ends what was granted with a token of the client (RFC 7009).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevokeToken {
    pub client: ClientCredentials,
    pub token: Secret,
}
operation!(RevokeToken => (), "revoke_token", Write, Enter, |op| Scope::Public);

/// Reads what an application's wish to sign somebody out leads to (OpenID Connect RP-Initiated Logout 1.0, 2).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct GetAppSignOut {
    pub id_token_hint: Option<Secret>,
    pub client_id: Option<String>,
    pub post_logout_redirect_uri: Option<String>,
    pub state: Option<String>,
}
operation!(GetAppSignOut => AppSignOut, "get_app_sign_out", Read, Enter, |op| Scope::Public);

/// A sign-out at an application's wish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppSignOut {
    /// The application, where it is known.
    pub app_name: Option<String>,
    /// Where its page is, if it named one of its own.
    pub location: Option<String>,
    /// The hint is about whoever is signed in here: they need not be asked.
    pub certain: bool,
}

/// Signs a member in with the application's own form. For the application's backend, which brings the name and the password
/// that its own page asked for; a member of several organizations that have the application says for which.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AuthenticateMember {
    /// A mail address or a user name.
    pub username: Text<1, 254>,
    pub password: Secret,
    /// The organization, by id or name: required of whoever is in several that have the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_id: Option<Text<1, 100>>,
}
operation!(AuthenticateMember => MemberSignedIn, "authenticate_member", Write, AuthenticateMembers, |op| Scope::OwnApplication);

/// A member who signed in with an application's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberSignedIn {
    pub user_id: UserId,
    /// The organization that the tokens stand for.
    pub org_id: OrganizationId,
    pub org_name: String,
    #[serde(flatten)]
    pub tokens: AppTokens,
}
