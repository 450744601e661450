//! A17: people.

use guildhall::contact::Email;
use guildhall::error::Code;
use guildhall::id::UserId;
use guildhall::organizations::ListUserOrganizations;
use guildhall::page::Search;
use guildhall::users::*;
use schemars::JsonSchema;
use serde::Deserialize;

use super::endpoint::{Asked, Nothing};
use super::member_roles::PageQuery;
use super::members::yes;
use super::organization_body::OrganizationOut;
use super::pages::{Listed, PageNumber, Paging, Rows, text};
use super::refusal::{Place, Refusal};
use super::shown::{Fields, Shown, listed};
use super::user_body::{
    CreateBody, UpdateBody, UserOut, credentials, name_of, require_connection, require_false,
};

/// What `GET /users` takes.
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
    /// A text that is looked for in names, addresses and numbers: alone, or behind `email:`, `name:`, `username:` or
    /// `phone_number:`.
    #[serde(default, deserialize_with = "text")]
    q: Option<String>,
    /// Only `v3`.
    #[serde(default, deserialize_with = "text")]
    search_engine: Option<String>,
}

/// What `GET /users-by-email` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailQuery {
    email: String,
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
}

/// What `GET /users/{id}` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GetQuery {
    #[serde(default, deserialize_with = "text")]
    fields: Option<String>,
    #[serde(default = "yes", deserialize_with = "guildhall::page::flag")]
    include_fields: bool,
}

/// The text that a search looks for.
fn searched(q: &str) -> Result<Search, Refusal> {
    let text = ["email:", "name:", "username:", "phone_number:"]
        .iter()
        .find_map(|field| q.strip_prefix(field))
        .unwrap_or(q);
    let text = text.trim_matches(|c: char| matches!(c, '"' | '*' | ' '));
    Search::parse(text).map_err(|why| Refusal::invalid(Place::Query, "q", &why.to_string()))
}

/// `GET /users`.
pub(super) async fn list(asked: Asked<ListQuery, Nothing>) -> Result<Listed<Shown<UserOut>>, Refusal> {
    let query = asked.query.clone();
    if query
        .search_engine
        .as_deref()
        .is_some_and(|engine| engine != "v3")
    {
        return Err(Refusal::invalid(
            Place::Query,
            "search_engine",
            "There is only v3",
        ));
    }
    let fields = Fields::of(query.fields.as_deref(), query.include_fields);
    let paging = Paging::numbered(query.page, query.per_page, query.include_totals);
    let operation = ListUsers {
        search: query.q.as_deref().map(searched).transpose()?,
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
        ..ListUsers::default()
    };
    let page = asked.run(operation).await?;
    listed(&paging, page.map(UserOut::from), fields.as_ref())
}

/// `GET /users-by-email`.
pub(super) async fn by_email(asked: Asked<EmailQuery, Nothing>) -> Result<Listed<Shown<UserOut>>, Refusal> {
    let query = asked.query.clone();
    let email = Email::parse(&query.email)
        .map_err(|why| Refusal::invalid(Place::Query, "email", &why.to_string()))?;
    let fields = Fields::of(query.fields.as_deref(), query.include_fields);
    let found = match asked.try_run(GetUserByEmail { email }).await {
        Ok(user) => vec![Shown::of(UserOut::from(user), fields.as_ref())?],
        Err(error) if error.code == Code::NotFound => Vec::new(),
        Err(error) => return Err(asked.refusal(&error)),
    };
    Ok(Listed::all(found))
}

/// `POST /users`.
pub(super) async fn create(asked: Asked<Nothing, CreateBody>) -> Result<UserOut, Refusal> {
    let body = asked.body.clone();
    require_connection(&body.connection)?;
    require_false(
        "email_verified",
        body.email_verified,
        "An address is proved by its owner",
    )?;
    require_false(
        "verify_email",
        body.verify_email,
        "An address is proved on the page of one's own account",
    )?;
    let operation = CreateUser {
        email: body.email,
        phone_number: body.phone_number,
        username: body.username,
        name: name_of(body.name.as_deref(), body.given_name, body.family_name)?,
        custom_app_data: body.app_metadata,
        custom_data: body.user_metadata,
        picture: body.picture,
        credentials: body.password.map(credentials),
        ..CreateUser::default()
    };
    Ok(asked.run(operation).await?.into())
}

/// `GET /users/{id}`.
pub(super) async fn get(asked: Asked<GetQuery, Nothing>) -> Result<Shown<UserOut>, Refusal> {
    let user_id: UserId = asked.id("id")?;
    let fields = Fields::of(asked.query.fields.as_deref(), asked.query.include_fields);
    Shown::of(
        UserOut::from(asked.run(GetUser { user_id }).await?),
        fields.as_ref(),
    )
}

/// `PATCH /users/{id}`.
pub(super) async fn update(asked: Asked<Nothing, UpdateBody>) -> Result<UserOut, Refusal> {
    let user_id: UserId = asked.id("id")?;
    let body = asked.body.clone();
    if let Some(connection) = &body.connection {
        require_connection(connection)?;
    }
    let operation = UpdateUser {
        user_id,
        email: body.email,
        phone_number: body.phone_number,
        username: body.username,
        secondary_emails: None,
        secondary_phone_numbers: None,
        birthday: None,
        address: None,
        // A name as a whole takes the place of the one before; parts stand beside those that are there.
        merge_name: body.name.is_none(),
        name: name_of(body.name.as_deref(), body.given_name, body.family_name)?,
        external_account_id: None,
        external_user_id: None,
        custom_app_data: body.app_metadata,
        custom_data: body.user_metadata,
        picture: body.picture,
        language: None,
        enabled: body.blocked.map(|blocked| !blocked),
        credentials: body.password.map(credentials),
        merge_custom_data: true,
    };
    Ok(asked.run(operation).await?.into())
}

/// `DELETE /users/{id}`.
pub(super) async fn delete(asked: Asked<Nothing, Nothing>) -> Result<(), Refusal> {
    let user_id: UserId = asked.id("id")?;
    asked.run(DeleteUser { user_id }).await
}

/// `GET /users/{id}/organizations`.
pub(super) async fn organizations(
    asked: Asked<PageQuery, Nothing>,
) -> Result<Listed<OrganizationOut>, Refusal> {
    let paging = asked.query.paging();
    let operation = ListUserOrganizations {
        user_id: asked.id("id")?,
        limit: paging.limit(),
        cursor: paging.cursor(),
        include_total: paging.totals(),
    };
    let page = asked.run(operation).await?;
    Ok(paging.listed(page.map(OrganizationOut::from)))
}
