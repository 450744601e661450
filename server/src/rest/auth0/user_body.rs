//! People as this dialect writes and reads them.

use guildhall::contact::{Email, Phone, Username, WebUrl};
use guildhall::error::Malformed;
use guildhall::secret::Password;
use guildhall::text::NamePart;
use guildhall::users::{Credentials, PersonName, User, UserStatus};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::{identity, user_id};
use super::pages::rows;
use super::refusal::{Place, Refusal};
use super::shown::moment;

/// The name of the passwords of this program among the connections.
const CONNECTION: &str = "Username-Password-Authentication";

/// What `POST /users` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBody {
    pub(super) connection: String,
    #[serde(default)]
    pub(super) email: Option<Email>,
    #[serde(default)]
    pub(super) phone_number: Option<Phone>,
    #[serde(default)]
    pub(super) username: Option<Username>,
    #[serde(default)]
    pub(super) password: Option<Password>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) given_name: Option<NamePart>,
    #[serde(default)]
    pub(super) family_name: Option<NamePart>,
    #[serde(default)]
    pub(super) picture: Option<WebUrl>,
    #[serde(default, deserialize_with = "guildhall::custom::bounded")]
    pub(super) app_metadata: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "guildhall::custom::bounded")]
    pub(super) user_metadata: Option<Map<String, Value>>,
    /// Only false: an address is proved by its owner.
    #[serde(default)]
    pub(super) email_verified: Option<bool>,
    /// Only false: nobody is written to.
    #[serde(default)]
    pub(super) verify_email: Option<bool>,
}

/// What `PATCH /users/{id}` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateBody {
    #[serde(default)]
    pub(super) connection: Option<String>,
    #[serde(default)]
    pub(super) email: Option<Email>,
    #[serde(default)]
    pub(super) phone_number: Option<Phone>,
    #[serde(default)]
    pub(super) username: Option<Username>,
    #[serde(default)]
    pub(super) password: Option<Password>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) given_name: Option<NamePart>,
    #[serde(default)]
    pub(super) family_name: Option<NamePart>,
    #[serde(default)]
    pub(super) picture: Option<WebUrl>,
    #[serde(default)]
    pub(super) blocked: Option<bool>,
    #[serde(default, deserialize_with = "guildhall::custom::bounded")]
    pub(super) app_metadata: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "guildhall::custom::bounded")]
    pub(super) user_metadata: Option<Map<String, Value>>,
}

/// The names that the operations' fields have here.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("credentials.password", "password"),
    ("credentials", "password"),
    ("custom_app_data", "app_metadata"),
    ("custom_data", "user_metadata"),
];

/// Refuses another connection than the one that there is.
pub(super) fn require_connection(connection: &str) -> Result<(), Refusal> {
    if connection == CONNECTION {
        return Ok(());
    }
    let why = format!("There is no connection {connection}; there is {CONNECTION}");
    Err(Refusal::invalid(Place::Body, "connection", &why))
}

/// Refuses `true` where only our own word counts.
pub(super) fn require_false(field: &str, said: Option<bool>, why: &str) -> Result<(), Refusal> {
    match said {
        Some(true) => Err(Refusal::invalid(Place::Body, field, why)),
        _ => Ok(()),
    }
}

/// A password that nobody must change: this dialect has no temporary ones.
pub(super) fn credentials(password: Password) -> Credentials {
    Credentials {
        password,
        force_replace: Some(false),
    }
}

/// A name: the words of the whole, with the parts that are given in place of its own.
pub(super) fn name_of(
    whole: Option<&str>,
    given: Option<NamePart>,
    family: Option<NamePart>,
) -> Result<Option<PersonName>, Refusal> {
    let parts = PersonName {
        first_name: given,
        last_name: family,
        ..PersonName::default()
    };
    let Some(whole) = whole else {
        return Ok((parts != PersonName::default()).then_some(parts));
    };
    let whole =
        PersonName::of_whole(whole).map_err(|Malformed(why)| Refusal::invalid(Place::Body, "name", &why))?;
    Ok(Some(parts.over(whole)))
}

/// A person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct UserOut {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    phone_verified: bool,
    name: String,
    nickname: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    app_metadata: Map<String, Value>,
    user_metadata: Map<String, Value>,
    identities: Vec<IdentityOut>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login: Option<String>,
    blocked: bool,
}
rows! { UserOut, "users"; }

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct IdentityOut {
    connection: &'static str,
    provider: &'static str,
    user_id: String,
    #[serde(rename = "isSocial")]
    is_social: bool,
}

impl From<User> for UserOut {
    fn from(it: User) -> Self {
        let label = it.label();
        let part = |part: Option<&NamePart>| part.map(ToString::to_string);
        let name = it.name.as_ref();
        UserOut {
            user_id: user_id(it.user_id),
            email_verified: it.email.as_ref().is_some_and(|email| email.email_verified),
            phone_verified: it
                .phone_number
                .as_ref()
                .is_some_and(|phone| phone.phone_number_verified),
            nickname: it
                .email
                .as_ref()
                .and_then(|email| email.value.split('@').next())
                .unwrap_or(&label)
                .to_owned(),
            given_name: part(name.and_then(|name| name.first_name.as_ref())),
            family_name: part(name.and_then(|name| name.last_name.as_ref())),
            email: it.email.map(|email| email.value),
            username: it.username,
            phone_number: it.phone_number.map(|phone| phone.value),
            name: label,
            picture: it.picture,
            app_metadata: it.custom_app_data.unwrap_or_default(),
            user_metadata: it.custom_data.unwrap_or_default(),
            identities: vec![IdentityOut {
                connection: CONNECTION,
                provider: "auth0",
                user_id: identity(it.user_id),
                is_social: false,
            }],
            created_at: moment(it.created_at),
            updated_at: moment(it.updated_at),
            last_login: it.last_auth.map(moment),
            blocked: it.status == UserStatus::Disabled,
        }
    }
}
