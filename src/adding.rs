//! Adding a member: what a request to create or assign somebody holds.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contact::{Birthday, Email, ExternalId, Language, Phone, Username, WebUrl};
use crate::id::{OrganizationId, RoleId, UserId};
use crate::members::Member;
use crate::operation::{Scope, operation};
use crate::text::{Line, Text};
use crate::users::{Address, CreateUser, Credentials, PersonName};

/// What somebody else may do for a dependent person (T19 `delegated_access`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DelegatedAccess {
    /// The person who acts.
    pub actor_id: UserId,
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub permissions: Vec<Text<1, 100>>,
}

/// Membership details as input; what is absent stays, an empty text clears.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MembershipDetails {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Line>,
}

/// Creates a person or takes an existing one into the organization (T19).
///
/// Somebody with the same address, number, user name or external id is assigned, not duplicated; their record
/// stays as it is. 409 when already a member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    pub organization_id: OrganizationId,
    /// At least one of `email`, `phone_number` and `username` must be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Phone>,
    /// Needs `credentials` where the person is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    #[serde(deserialize_with = "crate::list::at_most::<20, _, _>")]
    pub secondary_emails: Vec<Email>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
    /// A password for somebody new; somebody known keeps their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated_access: Option<DelegatedAccess>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_information: Option<MembershipDetails>,
    /// At least one, each of those that the organization may give.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub role_ids: Vec<RoleId>,
    /// Records an invitation for each application; a new person is `Pending` until they accept.
    #[serde(default)]
    pub send_invite: bool,
}
operation!(AddMember => Member, "add_member", Write, AddMembers, |op| Scope::Organization(op.organization_id));

impl AddMember {
    /// An invitation to an address.
    pub fn invited(organization_id: OrganizationId, email: Email, role_ids: Vec<RoleId>) -> Self {
        AddMember {
            organization_id,
            email: Some(email),
            phone_number: None,
            username: None,
            secondary_emails: Vec::new(),
            secondary_phone_numbers: Vec::new(),
            birthday: None,
            address: None,
            name: None,
            external_account_id: None,
            external_user_id: None,
            custom_app_data: None,
            custom_data: None,
            picture: None,
            language: None,
            credentials: None,
            delegated_access: None,
            organization_information: None,
            role_ids,
            send_invite: true,
        }
    }

    /// The person whom it would create, where nobody matches.
    pub fn person(&self) -> CreateUser {
        let op = self.clone();
        CreateUser {
            email: op.email,
            phone_number: op.phone_number,
            username: op.username,
            secondary_emails: op.secondary_emails,
            secondary_phone_numbers: op.secondary_phone_numbers,
            birthday: op.birthday,
            address: op.address,
            name: op.name,
            external_account_id: op.external_account_id,
            external_user_id: op.external_user_id,
            custom_app_data: op.custom_app_data,
            custom_data: op.custom_data,
            picture: op.picture,
            language: op.language,
            credentials: op.credentials,
        }
    }
}
