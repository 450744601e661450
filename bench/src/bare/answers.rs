//! The rows, and the JSON that is made of them: the shapes of the real server.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The envelope of one thing.
#[derive(Serialize)]
pub struct One<T> {
    pub result: T,
}

/// The envelope of a page.
#[derive(Serialize)]
pub struct Many<T> {
    pub result: Vec<T>,
    pub page_info: PageInfo,
}

#[derive(Serialize)]
pub struct PageInfo {
    pub limit: i64,
    pub next_cursor: Option<String>,
    pub previous_cursor: Option<String>,
}

#[derive(Serialize, Deserialize, Clone)]
pub struct Name {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
}

#[derive(Serialize)]
pub struct Email {
    pub value: String,
    pub email_verified: bool,
}

#[derive(Serialize)]
pub struct Phone {
    pub value: String,
    pub phone_number_verified: bool,
}

#[derive(Serialize)]
pub struct OrganizationInformation {
    pub enabled: bool,
    pub department: Option<String>,
    pub title: Option<String>,
    pub manager: Option<String>,
}

#[derive(Serialize)]
pub struct Role {
    pub role_id: String,
    pub role_name: String,
    pub app_id: Option<String>,
}

#[derive(Serialize)]
pub struct Member {
    pub user_id: String,
    pub organization_id: String,
    pub email: Option<Email>,
    pub phone_number: Option<Phone>,
    pub username: Option<String>,
    pub name: Option<Name>,
    pub address: Option<Value>,
    pub birthday: Option<String>,
    pub picture: Option<String>,
    pub language: Option<String>,
    pub status: String,
    pub member_status: String,
    pub status_changed_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub last_auth: Option<i64>,
    pub external_user_id: Option<String>,
    pub external_account_id: Option<String>,
    pub custom_data: Option<Value>,
    pub custom_app_data: Option<Value>,
    pub secondary_emails: Vec<String>,
    pub secondary_phone_numbers: Vec<String>,
    pub organization_information: OrganizationInformation,
    pub roles: Vec<Role>,
    pub joined_at: i64,
    pub version: i64,
}

#[derive(sqlx::FromRow)]
pub struct MemberRow {
    pub id: String,
    email: Option<String>,
    email_verified: bool,
    phone_number: Option<String>,
    phone_number_verified: bool,
    username: Option<String>,
    external_user_id: Option<String>,
    external_account_id: Option<String>,
    name: Option<String>,
    address: Option<String>,
    birthday: Option<String>,
    picture: Option<String>,
    language: Option<String>,
    custom_data: Option<String>,
    custom_app_data: Option<String>,
    secondary_emails: String,
    secondary_phone_numbers: String,
    status: String,
    status_changed_at: i64,
    last_auth: Option<i64>,
    version: i64,
    created_at: i64,
    updated_at: i64,
    organization_id: String,
    enabled: bool,
    department: Option<String>,
    title: Option<String>,
    manager: Option<String>,
    pub sort_key: String,
    member_status: String,
    membership_version: i64,
    joined_at: i64,
    membership_updated_at: i64,
    roles: Option<String>,
}

impl MemberRow {
    pub fn read(self) -> serde_json::Result<Member> {
        fn json<T: serde::de::DeserializeOwned>(text: Option<String>) -> serde_json::Result<Option<T>> {
            text.map(|text| serde_json::from_str(&text)).transpose()
        }
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let (email_verified, phone_number_verified) = (self.email_verified, self.phone_number_verified);
        let roles = self.roles.unwrap_or_default();
        let role = |record: &str| {
            let mut parts = record.split('\u{1f}');
            let (id, app, name) = (parts.next()?, parts.next()?, parts.next()?);
            Some(Role {
                role_id: id.to_owned(),
                role_name: name.to_owned(),
                app_id: (!app.is_empty()).then(|| app.to_owned()),
            })
        };
        Ok(Member {
            user_id: self.id,
            organization_id: self.organization_id,
            email: self.email.map(|value| Email {
                value,
                email_verified,
            }),
            phone_number: self.phone_number.map(|value| Phone {
                value,
                phone_number_verified,
            }),
            username: self.username,
            name: json(self.name)?,
            address: json(self.address)?,
            birthday: self.birthday,
            picture: self.picture,
            language: self.language,
            status: self.status,
            member_status: self.member_status,
            status_changed_at: self.status_changed_at,
            created_at: self.created_at,
            updated_at: self.updated_at.max(self.membership_updated_at),
            last_auth: self.last_auth,
            external_user_id: self.external_user_id,
            external_account_id: self.external_account_id,
            custom_data: json(self.custom_data)?,
            custom_app_data: json(self.custom_app_data)?,
            secondary_emails: words(&self.secondary_emails),
            secondary_phone_numbers: words(&self.secondary_phone_numbers),
            organization_information: OrganizationInformation {
                enabled: self.enabled,
                department: self.department,
                title: self.title,
                manager: self.manager,
            },
            roles: roles.split('\u{1e}').filter_map(role).collect(),
            joined_at: self.joined_at,
            version: self.version + self.membership_version,
        })
    }
}

#[derive(Serialize)]
pub struct Organization {
    pub organization_id: String,
    pub name: String,
    pub domain: String,
    pub domains: Vec<String>,
    pub app_ids: Vec<String>,
    pub enabled: bool,
    pub alias_name: Option<String>,
    pub logo_url: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub managing_organization_id: Option<String>,
    pub managed_organizations_by_app: std::collections::BTreeMap<String, Vec<String>>,
    pub member_count: u64,
    pub version: i64,
}

#[derive(Deserialize)]
pub struct NewMember {
    pub email: String,
    pub name: Option<Name>,
    pub role_ids: Vec<String>,
}

#[derive(Deserialize)]
pub struct NewOrganization {
    pub name: String,
    pub domain: String,
    pub app_ids: Vec<String>,
}

#[derive(Deserialize)]
pub struct RoleIds {
    pub role_ids: Vec<String>,
}

#[derive(Serialize)]
pub struct Claims<'a> {
    pub iss: &'a str,
    pub aud: &'a str,
    pub sub: &'a str,
    pub client_id: &'a str,
    pub exp: i64,
    pub iat: i64,
    pub jti: String,
    pub scope: &'a str,
    pub roles: [&'a str; 0],
}

#[derive(Serialize)]
pub struct Token {
    pub access_token: String,
    pub token_type: &'static str,
    pub expires_in: i64,
    pub scope: String,
}

/// What went wrong, as a status.
pub enum Failed {
    Broken(String),
    Refused(StatusCode, &'static str),
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Failed::Broken(error.to_string())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Failed::Broken(message) => (StatusCode::INTERNAL_SERVER_ERROR, message),
            Failed::Refused(status, message) => (status, message.to_owned()),
        };
        (status, Json(serde_json::json!({ "message": message }))).into_response()
    }
}
