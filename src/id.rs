//! Typed ids: a prefix that says what it is, then 26 characters that sort by the time they were made.

use std::fmt;
use std::str::FromStr;

use crate::error::Malformed;

/// Crockford's base 32, lower case: no letter that looks like another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 128 bits as 26 characters that sort as the number does.
fn encode(value: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for place in (0..26u32).rev() {
        let digit = usize::try_from((value >> (place * 5)) & 31).unwrap_or_default();
        fmt::Write::write_char(f, ALPHABET.get(digit).copied().map_or('0', char::from))?;
    }
    Ok(())
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != 26 || !text.starts_with(['0', '1', '2', '3', '4', '5', '6', '7']) {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        Some((value << 5) | u128::try_from(digit).ok()?)
    })
}

/// A time in milliseconds and 80 random bits, as a ULID lays them out.
fn compose(millis: i64, random: u128) -> u128 {
    (u128::try_from(millis.max(0)).unwrap_or_default() << 80) | (random & ((1 << 80) - 1))
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// What the id starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id of a moment (milliseconds since the Unix epoch) and 80 random bits.
            pub fn compose(millis: i64, random: u128) -> Self {
                Self(compose(millis, random))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                encode(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode)
                    .map(Self)
                    .ok_or_else(|| Malformed::new(concat!("is not an id that starts with ", $prefix, "_")))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;
            fn try_from(text: String) -> Result<Self, Malformed> {
                text.parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$") })
            }
        }
    )*};
}

id! {
    /// An organization: a customer of the tenant.
    OrganizationId = "org";
    /// A person.
    UserId = "usr";
    /// An application that the tenant sells or manages with.
    ApplicationId = "app";
    /// A client of an application: an id with a secret.
    ClientId = "cli";
    /// A role group.
    RoleGroupId = "rgr";
    /// A team of an organization.
    TeamId = "tea";
    /// A record of the audit.
    AuditId = "aud";
    /// A console session.
    SessionId = "ses";
    /// What one sign-in gave an application: all its tokens hang on it.
    GrantId = "gra";
    /// A passkey.
    PasskeyId = "psk";
    /// An invitation.
    InvitationId = "inv";
    /// A way to sign in that organizations can have.
    ConnectionId = "con";
    /// A domain that an organization says is its own.
    DiscoveryDomainId = "dom";
    /// An endpoint that events are sent to.
    WebhookId = "whk";
    /// An event on its way to endpoints.
    EventId = "evt";
    /// A mail that was sent, or waits to be.
    MailId = "mai";
    /// An organization that somebody asked for.
    RegistrationId = "reg";
    /// A request, in logs and answers.
    RequestId = "req";
    /// A role that the tenant defined; see [`RoleId`] for all there are.
    CustomRoleId = "rol";
}

impl TeamId {
    /// The id of an organization's default team: made of the organization's, so that the database can make it, too.
    pub fn default_of(organization: OrganizationId) -> Self {
        Self(organization.0)
    }
}

/// A role: one of the two that every organization has, or one of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleId {
    /// `Organization Admin`: the id equals the name (seed "Log in members", step 3); also read as `organizationAdmin`.
    OrganizationAdmin,
    /// `Organization Member`: the id equals the name.
    OrganizationMember,
    /// A role of an application.
    Custom(CustomRoleId),
}

impl RoleId {
    /// Whether every organization has it by itself.
    pub fn is_built_in(self) -> bool {
        !matches!(self, RoleId::Custom(_))
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RoleId::OrganizationAdmin => f.write_str("Organization Admin"),
            RoleId::OrganizationMember => f.write_str("Organization Member"),
            RoleId::Custom(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl FromStr for RoleId {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "Organization Admin" | "organizationAdmin" => Ok(RoleId::OrganizationAdmin),
            "Organization Member" | "organizationMember" => Ok(RoleId::OrganizationMember),
            other => other.parse().map(RoleId::Custom).map_err(|_| {
                Malformed::new("is not a role: use an id that starts with rol_, \"Organization Admin\" or \"Organization Member\"")
            }),
        }
    }
}

impl TryFrom<String> for RoleId {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<CustomRoleId> for RoleId {
    fn from(id: CustomRoleId) -> Self {
        RoleId::Custom(id)
    }
}

impl serde::Serialize for RoleId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for RoleId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for RoleId {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RoleId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(rol_[0-7][0-9a-hjkmnp-tv-z]{25}|Organization Admin|Organization Member|organizationAdmin|organizationMember)$"
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_what_it_writes(millis in 0i64..1 << 47, random: u128) {
            let id = OrganizationId::compose(millis, random);
            prop_assert_eq!(id.to_string().parse::<OrganizationId>().unwrap(), id);
        }

        #[test]
        fn sorts_by_time(a in 0i64..1 << 47, b in 0i64..1 << 47, x: u128, y: u128) {
            prop_assume!(a < b);
            prop_assert!(UserId::compose(a, x).to_string() < UserId::compose(b, y).to_string());
        }

        #[test]
        fn never_panics_on_any_text(text in ".*") {
            let _ = text.parse::<RoleId>();
        }
    }

    #[test]
    fn knows_another_kind() {
        let id = UserId::compose(1, 1).to_string();
        assert!(id.parse::<OrganizationId>().is_err());
        assert!("org_".parse::<OrganizationId>().is_err());
        assert!(
            "org_zzzzzzzzzzzzzzzzzzzzzzzzzz"
                .parse::<OrganizationId>()
                .is_err()
        );
    }

    #[test]
    fn built_in_roles_have_their_aliases() {
        assert_eq!(
            "organizationAdmin".parse::<RoleId>().unwrap(),
            RoleId::OrganizationAdmin
        );
        assert_eq!(RoleId::OrganizationAdmin.to_string(), "Organization Admin");
    }
}
