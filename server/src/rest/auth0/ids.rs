//! Ids as this dialect writes them: `auth0|…` for people, `uinv_…` for invitations, ours for all others.

use std::str::FromStr;

use guildhall::error::Error;
use guildhall::id::{ConnectionId, CustomRoleId, DiscoveryDomainId, InvitationId, OrganizationId, UserId};

use super::refusal::{Place, Refusal};

/// What people's ids start with.
const PROVIDER: &str = "auth0|";

/// A person's id.
pub(super) fn user_id(id: UserId) -> String {
    let text = id.to_string();
    format!("{PROVIDER}{}", text.strip_prefix("usr_").unwrap_or(&text))
}

/// The part of a person's id behind the provider's name.
pub(super) fn identity(id: UserId) -> String {
    let text = id.to_string();
    text.strip_prefix("usr_").unwrap_or(&text).to_owned()
}

/// An invitation's id.
pub(super) fn invitation_id(id: InvitationId) -> String {
    format!("u{id}")
}

fn read_user(text: &str) -> Option<UserId> {
    format!("usr_{}", text.strip_prefix(PROVIDER)?).parse().ok()
}

/// An id in a path. One that could be of something, and is not, names nothing: 404.
pub(super) trait InPath: Sized {
    /// What an id of the kind looks like, and what is not there where it is none.
    const FORMAT: &'static str;
    const NOUN: &'static str;
    const PREFIX: &'static str;

    fn read(text: &str) -> Option<Self>;
}

/// Reads an id in a path.
pub(super) fn in_path<T: InPath>(name: &str, text: &str) -> Result<T, Refusal> {
    if let Some(id) = T::read(text) {
        return Ok(id);
    }
    let rest = text.strip_prefix(T::PREFIX);
    let could_be = rest.is_some_and(|rest| {
        (1..=64).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_|.".contains(&b))
    });
    if could_be {
        Err(Refusal::from(Error::not_found(T::NOUN)))
    } else {
        let why = format!(
            "Object didn't pass validation for format {}: {}",
            T::FORMAT,
            text.chars()
                .filter(|c| !c.is_control())
                .take(100)
                .collect::<String>()
        );
        Err(Refusal::invalid(Place::Path, name, &why))
    }
}

macro_rules! in_path {
    ($($id:ty, $prefix:literal, $format:literal, $noun:literal;)*) => {$(
        impl InPath for $id {
            const FORMAT: &'static str = $format;
            const NOUN: &'static str = $noun;
            const PREFIX: &'static str = $prefix;
            fn read(text: &str) -> Option<Self> {
                <$id as FromStr>::from_str(text).ok()
            }
        }
    )*};
}

in_path! {
    OrganizationId, "org_", "organization-id", "organization";
    CustomRoleId, "rol_", "role-id", "role";
    ConnectionId, "con_", "connection-id", "connection";
    DiscoveryDomainId, "", "organization-discovery-domain-id", "domain";
}

impl InPath for UserId {
    const FORMAT: &'static str = "user-id-with-max-length";
    const NOUN: &'static str = "user";
    const PREFIX: &'static str = "";
    fn read(text: &str) -> Option<Self> {
        read_user(text)
    }
}

impl InPath for InvitationId {
    const FORMAT: &'static str = "user-invitation-id";
    const NOUN: &'static str = "invitation";
    const PREFIX: &'static str = "uinv_";
    fn read(text: &str) -> Option<Self> {
        text.strip_prefix('u')?.parse().ok()
    }
}

/// A person's id in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UserKey(pub UserId);

impl<'de> serde::Deserialize<'de> for UserKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        read_user(&text).map(UserKey).ok_or_else(|| {
            serde::de::Error::custom(
                "Object didn't pass validation for format user-id: there is no such user",
            )
        })
    }
}

impl schemars::JsonSchema for UserKey {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UserKey".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^auth0\\|[0-7][0-9a-hjkmnp-tv-z]{25}$" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_go_there_and_back() {
        let user = UserId::compose(1, 2);
        assert!(user_id(user).starts_with("auth0|0"));
        assert_eq!(UserId::read(&user_id(user)).unwrap(), user);
        let invitation = InvitationId::compose(1, 2);
        assert!(invitation_id(invitation).starts_with("uinv_"));
        assert_eq!(
            InvitationId::read(&invitation_id(invitation)).unwrap(),
            invitation
        );
        assert!(UserId::read(&user.to_string()).is_none());
    }

    #[test]
    fn what_could_be_an_id_names_nothing_and_what_could_not_is_refused() {
        let status = |text: &str| {
            in_path::<OrganizationId>("id", text)
                .map(|_| 200)
                .map_err(|refusal| refusal.answer().status().as_u16())
        };
        assert_eq!(status("org_0000000000000000"), Err(404));
        assert_eq!(status("acme"), Err(400));
        assert_eq!(status("org_"), Err(400));
        assert_eq!(status(&format!("org_{}", "a".repeat(100))), Err(400));
        assert_eq!(status("org_01h00000000000000000000000"), Ok(200));
    }
}
