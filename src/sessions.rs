//! Coming in: set-up, sign-in, sessions, and access tokens.

use serde::{Deserialize, Serialize};

use crate::contact::{Email, ScopeName};
use crate::factors::PendingSignIn;
use crate::id::{OrganizationId, SessionId, UserId};
use crate::operation::{Scope, operation};
use crate::secret::{Password, Secret};
use crate::text::Text;

/// Who is signed in, and what they can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    pub user_id: UserId,
    /// What to call them.
    pub label: String,
    pub email: Option<String>,
    pub tenant_admin: bool,
    /// Whether the password must be changed before anything else.
    pub must_change_password: bool,
    /// The organizations in which they are an enabled administrator, up to [`MOST_ADMINISTERED`], by name.
    pub administers: Vec<AdministeredOrganization>,
    /// The organizations in which they are an active member and no administrator, by name.
    #[serde(default)]
    pub member_of: Vec<AdministeredOrganization>,
    /// The organization at whose portal this session looks, as its administrators see it.
    pub viewing: Option<AdministeredOrganization>,
    /// Whether they may ask for an organization of their own.
    #[serde(default)]
    pub may_request_organizations: bool,
}

/// How many of a person's organizations are listed with who they are.
pub const MOST_ADMINISTERED: u16 = 100;

/// An organization that a person administers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdministeredOrganization {
    pub organization_id: OrganizationId,
    pub name: String,
    pub logo_url: Option<String>,
}

/// Reads who is signed in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetMe {}
operation!(GetMe => Me, "get_me", Read, FinishSignIn, |op| Scope::Own);

/// Signs in with a password. An unknown name and a wrong password look and take the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// A mail address or a user name.
    pub identifier: Text<1, 254>,
    pub password: Secret,
}
operation!(SignIn => SignInStep, "sign_in", Write, Enter, |op| Scope::Public);

/// Where a sign-in stands once the password was right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum SignInStep {
    SignedIn(SignedIn),
    /// There is no session before the second factor was given.
    SecondFactor(PendingSignIn),
}

/// A new session; its token goes into the cookie and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedIn {
    pub user_id: UserId,
    pub session_token: Secret,
    /// Seconds until the session ends by itself.
    pub lifetime: i64,
    pub must_change_password: bool,
    /// Whether they administer the tenant: where they begin.
    pub tenant_admin: bool,
    /// Whether an organization of theirs requires a second factor and they have none: they are led through setting one up.
    pub must_set_up_factor: bool,
}

/// Ends this session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignOut {}
operation!(SignOut => (), "sign_out", Write, StepOut, |op| Scope::Own);

/// Changes one's own password; every other session ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeOwnPassword {
    pub current_password: Secret,
    pub new_password: Password,
}
operation!(ChangeOwnPassword => (), "change_own_password", Write, FinishSignIn, |op| Scope::Own);

/// A browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    pub session_id: SessionId,
    /// What the browser and the machine are called, such as “Firefox on Linux”.
    pub device: String,
    /// The address that it was last used from.
    pub ip: Option<String>,
    pub created_at: i64,
    /// To the minute.
    pub last_used_at: i64,
    pub expires_at: i64,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Lists one's own sessions, the last used first; at most 100.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListOwnSessions {}
operation!(ListOwnSessions => Vec<Session>, "list_own_sessions", Read, UseOwnAccount, |op| Scope::Own);

/// Ends one of one's own sessions, with the access tokens that it asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndOwnSession {
    pub session_id: SessionId,
}
operation!(EndOwnSession => (), "end_own_session", Write, UseOwnAccount, |op| Scope::Own);

/// Ends all of one's own sessions but this one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndOtherSessions {}
operation!(EndOtherSessions => (), "end_other_sessions", Write, UseOwnAccount, |op| Scope::Own);

/// Lists a person's sessions, the last used first; at most 100.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListUserSessions {
    pub user_id: UserId,
}
operation!(ListUserSessions => Vec<Session>, "list_user_sessions", Read, ReadUsers, |op| Scope::User(op.user_id));

/// Ends one of a person's sessions, with the access tokens that it asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndUserSession {
    pub user_id: UserId,
    pub session_id: SessionId,
}
operation!(EndUserSession => (), "end_user_session", Write, ManageUsers, |op| Scope::User(op.user_id));

/// Ends all sessions of a person, and every access token of theirs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndUserSessions {
    pub user_id: UserId,
}
operation!(EndUserSessions => (), "end_user_sessions", Write, ManageUsers, |op| Scope::User(op.user_id));

/// Reads whether a set-up link still works; 410 where it was used or replaced. Looking uses nothing up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetSetUp {
    /// What the link carries.
    pub token: Text<1, 100>,
}
operation!(GetSetUp => (), "get_set_up", Read, Enter, |op| Scope::Public);

/// Makes the first tenant admin, with the one-time link that the first start printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// What the link carries.
    pub token: Text<1, 100>,
    pub email: Email,
    pub password: Password,
}
operation!(SetUp => SignedIn, "set_up", Write, Enter, |op| Scope::Public);

/// Asks for an access token with client credentials (RFC 6749, 4.4).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueClientToken {
    pub client_id: Text<1, 100>,
    pub client_secret: Secret,
    /// A narrower set than the client was granted; all of the grant where nothing is said.
    #[serde(default)]
    pub scope: Vec<ScopeName>,
}
operation!(IssueClientToken => AccessToken, "issue_client_token", Read, Enter, |op| Scope::Public);

/// Asks for an access token for oneself, from a signed-in session: the User token, or, for an organization that one
/// administers, the OrgAdmin token.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueUserToken {
    /// The organization that the token stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
}
operation!(IssueUserToken => AccessToken, "issue_user_token", Read, UseOwnAccount, |op| Scope::Own);

/// An access token (RFC 6749, 5.1; the token itself after RFC 9068).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessToken {
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: u64,
    /// The scopes, with spaces between.
    pub scope: String,
}
