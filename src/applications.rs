//! Applications of the tenant, and the clients (id and secret) with which their backends call the API.

use serde::{Deserialize, Serialize};

use crate::contact::{LoginUri, RedirectUri, ScopeName};
use crate::id::{ApplicationId, ClientId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};
use crate::secret::Secret;
use crate::text::{Description, Name};
use crate::value::Emptied;

/// What an application is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// The tenant's backend; its clients' tokens are Admin tokens.
    Management,
    /// An app that organizations use; its clients' tokens are Client tokens.
    EndUser,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Application {
    pub app_id: ApplicationId,
    /// Unique in the tenant, compared without case.
    pub name: String,
    pub kind: ApplicationKind,
    pub description: Option<String>,
    /// Where sign-ins may return to, compared to the letter.
    pub redirect_uris: Vec<String>,
    /// Where sign-outs may return to, compared to the letter.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where the application's own sign-in begins: whoever accepts an invitation is sent on to it.
    pub initiate_login_uri: Option<String>,
    pub organization_count: u64,
    pub role_count: u64,
    pub client_count: u64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

/// Creates an application (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateApplication {
    pub name: Name,
    /// End-user where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ApplicationKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where the application's own sign-in begins: `https`, or `http` on localhost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<LoginUri>,
}
operation!(CreateApplication => Application, "create_application", Write, ManageApplications, |op| Scope::Tenant);

/// Lists applications by name (T27).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListApplications {
    /// Looks in name and id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ApplicationKind>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListApplications => Page<Application>, "list_applications", Read, ReadApplications, |op| Scope::Tenant);

/// Reads one application (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetApplication {
    pub app_id: ApplicationId,
}
operation!(GetApplication => Application, "get_application", Read, ReadApplications, |op| Scope::Application(op.app_id));

/// Changes an application; what is absent stays (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateApplication {
    pub app_id: ApplicationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Replaces the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub redirect_uris: Option<Vec<RedirectUri>>,
    /// Replaces the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub post_logout_redirect_uris: Option<Vec<RedirectUri>>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<Emptied<LoginUri>>,
}
operation!(UpdateApplication => Application, "update_application", Write, ManageApplications, |op| Scope::Application(op.app_id));

/// Deletes an application that no organization has, with its roles and clients (T27); 409 while one has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteApplication {
    pub app_id: ApplicationId,
}
operation!(DeleteApplication => (), "delete_application", Write, ManageApplications, |op| Scope::Application(op.app_id));

/// A client of an application; its secret is not kept, only a hash of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    pub client_id: ClientId,
    pub app_id: ApplicationId,
    pub name: String,
    /// It has no secret: it runs in browsers or on people's own devices, where none can be kept (RFC 6749, 2.1).
    pub public: bool,
    /// What its tokens may carry; all that its kind of client has where it was made without any.
    pub scopes: Vec<String>,
    /// When a token was last issued to it.
    pub last_used_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A client together with its secret, where it has one: shown once, at creation and at rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientWithSecret {
    pub client_id: ClientId,
    /// Shown now and never again; a public client has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    pub app_id: ApplicationId,
    pub name: String,
    pub public: bool,
    pub scopes: Vec<String>,
    pub created_at: i64,
}

/// Creates a client of an application (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateClient {
    pub app_id: ApplicationId,
    pub name: Name,
    /// What its tokens may carry; empty for all that its kind of client has.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub scopes: Vec<ScopeName>,
    /// Without a secret: for an app that runs in browsers or on people's own devices. It signs people in, and gets no token
    /// of its own.
    #[serde(default)]
    pub public: bool,
}
operation!(CreateClient => ClientWithSecret, "create_client", Write, ManageClients, |op| Scope::Application(op.app_id));

/// Lists an application's clients by name (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListClients {
    pub app_id: ApplicationId,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListClients => Page<Client>, "list_clients", Read, ReadApplications, |op| Scope::Application(op.app_id));

/// A client with its application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TenantClient {
    pub client: Client,
    pub app_name: String,
    pub kind: ApplicationKind,
    pub description: Option<String>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub initiate_login_uri: Option<String>,
}

/// Lists all clients by name, whatever application they are of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListTenantClients {
    /// Only the one with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListTenantClients => Page<TenantClient>, "list_tenant_clients", Read, ReadClients, |op| Scope::Tenant);

/// Reads one client (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetClient {
    pub app_id: ApplicationId,
    pub client_id: ClientId,
}
operation!(GetClient => Client, "get_client", Read, ReadApplications, |op| Scope::Application(op.app_id));

/// Renames a client or changes its scopes; what is absent stays (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateClient {
    pub app_id: ApplicationId,
    pub client_id: ClientId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub scopes: Option<Vec<ScopeName>>,
}
operation!(UpdateClient => Client, "update_client", Write, ManageClients, |op| Scope::Application(op.app_id));

/// Gives a client a new secret; the old one is dead at once (T27). 409 for a public client, which has none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateClientSecret {
    pub app_id: ApplicationId,
    pub client_id: ClientId,
}
operation!(RotateClientSecret => ClientWithSecret, "rotate_client_secret", Write, ManageClients, |op| Scope::Application(op.app_id));

/// Deletes a client; its tokens are refused from then on (T27).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteClient {
    pub app_id: ApplicationId,
    pub client_id: ClientId,
}
operation!(DeleteClient => (), "delete_client", Write, ManageClients, |op| Scope::Application(op.app_id));
