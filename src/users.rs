//! Users: the people of the tenant, each once, whatever organizations they are in.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contact::{Birthday, Email, ExternalId, Language, Phone, Username, WebUrl};
use crate::id::UserId;
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Order, Page, Search};
pub use crate::person_name::PersonName;
use crate::secret::Password;
use crate::text::Text;

/// Where a person's account is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum UserStatus {
    /// Invited, has not come yet.
    Pending,
    Active,
    /// Cannot sign in anywhere.
    Disabled,
}

/// A mail address and whether its owner proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmailAddress {
    pub value: String,
    pub email_verified: bool,
}

/// A phone number and whether its owner proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhoneNumber {
    pub value: String,
    pub phone_number_verified: bool,
}

/// The kind of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AddressType {
    Home,
    Work,
    Other,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Text<1, 60>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Text<1, 60>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Text<1, 100>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Text<1, 30>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street_address: Option<Text<1, 150>>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<AddressType>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User {
    pub user_id: UserId,
    pub email: Option<EmailAddress>,
    pub phone_number: Option<PhoneNumber>,
    pub username: Option<String>,
    pub name: Option<PersonName>,
    pub address: Option<Address>,
    pub birthday: Option<String>,
    pub picture: Option<String>,
    pub language: Option<String>,
    pub status: UserStatus,
    pub status_changed_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
    /// The last sign-in.
    pub last_auth: Option<i64>,
    pub external_user_id: Option<String>,
    pub external_account_id: Option<String>,
    pub custom_data: Option<Map<String, Value>>,
    pub custom_app_data: Option<Map<String, Value>>,
    pub secondary_emails: Vec<String>,
    pub secondary_phone_numbers: Vec<String>,
    /// Whether they administer the tenant.
    pub tenant_admin: bool,
    /// Whether they can sign in with a password.
    pub has_password: bool,
    pub organization_count: u64,
    pub version: i64,
}

impl User {
    /// What to call them: the name, else the address, the user name, the number, the id.
    pub fn label(&self) -> String {
        label(
            self.name.as_ref(),
            self.email.as_ref(),
            self.username.as_deref(),
            self.phone_number.as_ref(),
            self.user_id,
        )
    }
}

/// What to call somebody: the name, else the address, the user name, the number, the id.
pub fn label(
    name: Option<&PersonName>,
    email: Option<&EmailAddress>,
    username: Option<&str>,
    phone: Option<&PhoneNumber>,
    id: UserId,
) -> String {
    name.map(PersonName::full)
        .filter(|full| !full.is_empty())
        .or_else(|| email.map(|email| email.value.clone()))
        .or_else(|| username.map(str::to_owned))
        .or_else(|| phone.map(|phone| phone.value.clone()))
        .unwrap_or_else(|| id.to_string())
}

/// A password to sign in with, set by somebody else.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub password: Password,
    /// Whether it must be changed at the first sign-in; true where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_replace: Option<bool>,
}

/// What a person's record can be made of (native API, T19 and T26).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Phone>,
    /// Needs `credentials`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    #[serde(deserialize_with = "crate::list::at_most::<20, _, _>")]
    pub secondary_emails: Vec<Email>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    #[serde(deserialize_with = "crate::list::at_most::<20, _, _>")]
    pub secondary_phone_numbers: Vec<Phone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_account_id: Option<ExternalId>,
    /// Unique in the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<ExternalId>,
    #[serde(
        default,
        deserialize_with = "crate::custom::bounded",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_app_data: Option<Map<String, Value>>,
    #[serde(
        default,
        deserialize_with = "crate::custom::bounded",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_data: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<WebUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
}
operation!(CreateUser => User, "create_user", Write, CreateUsers, |op| Scope::Tenant);

/// What a list of people is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    #[default]
    Name,
    CreatedAt,
}

/// Lists people (T26).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListUsers {
    /// Looks in names, addresses, numbers and ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UserStatus>,
    #[serde(default)]
    pub sort: UserSort,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListUsers => Page<User>, "list_users", Read, ReadUsers, |op| Scope::Tenant);

/// Reads one person (T26).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetUser {
    pub user_id: UserId,
}
operation!(GetUser => User, "get_user", Read, ReadUsers, |op| Scope::User(op.user_id));

/// Reads the person with an address (T26).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetUserByEmail {
    pub email: Email,
}
operation!(GetUserByEmail => User, "get_user_by_email", Read, ReadUsers, |op| Scope::Tenant);

/// Reads the person with a user name (T26).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetUserByUsername {
    pub username: Username,
}
operation!(GetUserByUsername => User, "get_user_by_username", Read, ReadUsers, |op| Scope::Tenant);

/// Reads the person with an external id (T26).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetUserByExternalId {
    pub external_user_id: ExternalId,
}
operation!(GetUserByExternalId => User, "get_user_by_external_id", Read, ReadUsers, |op| Scope::Tenant);

/// Changes a person's record; what is absent stays (T26). A new address or number is not verified.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    pub user_id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Phone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// Replaces the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    #[serde(deserialize_with = "crate::list::at_most::<20, _, _>")]
    pub secondary_emails: Option<Vec<Email>>,
    /// Replaces the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    #[serde(deserialize_with = "crate::list::at_most::<20, _, _>")]
    pub secondary_phone_numbers: Option<Vec<Phone>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    /// Replaces the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Replaces the name, all its parts, unless it is merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// Whether parts of the name that are not given stay.
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub merge_name: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_account_id: Option<ExternalId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<ExternalId>,
    #[serde(
        default,
        deserialize_with = "crate::custom::bounded",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_app_data: Option<Map<String, Value>>,
    #[serde(
        default,
        deserialize_with = "crate::custom::bounded",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_data: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<WebUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Disables the account or brings it back; a disabled person's sessions end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// A new password, which ends their sessions: all of the change is made, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// Whether entries of custom data that are not named stay, and those with null go; else they are replaced as a whole.
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub merge_custom_data: bool,
}
operation!(UpdateUser => User, "update_user", Write, ManageUsers, |op| Scope::User(op.user_id));

/// Deletes a person everywhere (T26); 409 for the last tenant admin or an organization's last admin.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteUser {
    pub user_id: UserId,
}
operation!(DeleteUser => (), "delete_user", Write, DeleteUsers, |op| Scope::User(op.user_id));

/// Sets a person's password and ends their sessions (T26).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUserPassword {
    pub user_id: UserId,
    pub password: Password,
    /// Whether it must be changed at the next sign-in; true where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_replace: Option<bool>,
}
operation!(SetUserPassword => (), "set_user_password", Write, ManageUsers, |op| Scope::User(op.user_id));

/// Makes a person an administrator of the tenant, or no longer one; 409 for the last.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetTenantAdmin {
    pub user_id: UserId,
    pub admin: bool,
}
operation!(SetTenantAdmin => (), "set_tenant_admin", Write, ManageAdministrators, |op| Scope::User(op.user_id));
