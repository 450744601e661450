//! A17: the clients, which invitations name.

use guildhall::applications::{ApplicationKind, ListTenantClients, TenantClient};
use guildhall::id::ClientId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Asked, Nothing};
use super::members::yes;
use super::pages::{Listed, PageNumber, Paging, Rows, rows, text};
use super::refusal::Refusal;
use super::shown::{Fields, Shown, listed};

/// What `GET /clients` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    #[serde(default)]
    page: Option<PageNumber>,
    #[serde(default)]
    per_page: Option<Rows>,
    #[serde(default, deserialize_with = "guildhall::page::flag")]
    include_totals: bool,
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
}

/// What `GET /clients/{id}` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetQuery {
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
}

/// A client.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct ClientOut {
    client_id: String,
    name: String,
    description: String,
    app_type: &'static str,
    global: bool,
    is_first_party: bool,
    callbacks: Vec<String>,
    allowed_logout_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initiate_login_uri: Option<String>,
    grant_types: Vec<&'static str>,
}
rows! { ClientOut, "clients"; }

impl From<TenantClient> for ClientOut {
    fn from(it: TenantClient) -> Self {
        let (app_type, grant_types) = match (it.kind, it.client.public) {
            (ApplicationKind::Management, _) => ("non_interactive", vec!["client_credentials"]),
            (ApplicationKind::EndUser, true) => ("spa", vec!["authorization_code", "refresh_token"]),
            (ApplicationKind::EndUser, false) => (
                "regular_web",
                vec!["authorization_code", "refresh_token", "client_credentials"],
            ),
        };
        ClientOut {
            client_id: it.client.client_id.to_string(),
            name: it.client.name,
            description: it.description.unwrap_or_default(),
            app_type,
            global: false,
            is_first_party: true,
            callbacks: it.redirect_uris,
            allowed_logout_urls: it.post_logout_redirect_uris,
            initiate_login_uri: it.initiate_login_uri,
            grant_types,
        }
    }
}

/// `GET /clients`.
pub(super) async fn list(asked: Asked<ListQuery, Nothing>) -> Result<Listed<Shown<ClientOut>>, Refusal> {
    let query = asked.query.clone();
    let fields = Fields::of(query.fields.as_deref(), query.include_fields);
    let paging = Paging::numbered(query.page, query.per_page, query.include_totals);
    let operation = ListTenantClients {
        client_id: None,
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
    };
    let page = asked.run(operation).await?;
    listed(&paging, page.map(ClientOut::from), fields.as_ref())
}

/// `GET /clients/{id}`.
pub(super) async fn get(asked: Asked<GetQuery, Nothing>) -> Result<Shown<ClientOut>, Refusal> {
    let unknown = || Refusal::not_found("The client does not exist.", None);
    let id: ClientId = asked.text("id").parse().map_err(|_| unknown())?;
    let operation = ListTenantClients {
        client_id: Some(id),
        ..ListTenantClients::default()
    };
    let found = asked.run(operation).await?.items.into_iter().next();
    let fields = Fields::of(asked.query.fields.as_deref(), asked.query.include_fields);
    Shown::of(ClientOut::from(found.ok_or_else(unknown)?), fields.as_ref())
}
