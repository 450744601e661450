//! Choosing a password, and choosing a new one in place of one that was forgotten.

use serde::{Deserialize, Serialize};

use crate::contact::Email;
use crate::operation::{Scope, operation};
use crate::secret::{Password, Secret};
use crate::text::Text;

/// How well a password withstands guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Nobody may choose it.
    Refused,
    Weak,
    Fair,
    Good,
    Strong,
}

/// What there is to say of a password that somebody is about to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordStrength {
    pub strength: Strength,
    /// Why it is refused, or what would make it stronger.
    pub advice: Option<String>,
}

/// Judges a password before it is chosen; nothing of it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RatePassword {
    pub password: Secret,
    /// Whose it will be, where nobody is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Text<0, 254>>,
}
operation!(RatePassword => PasswordStrength, "rate_password", Read, Enter, |op| Scope::Public);

/// Asks for a link by mail with which a forgotten password is replaced. A known and an unknown address look and take the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestPasswordReset {
    pub email: Email,
}
operation!(RequestPasswordReset => (), "request_password_reset", Write, Enter, |op| Scope::Public);

/// Whose password a link replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordReset {
    /// The address that the link was sent to.
    pub email: String,
    /// Milliseconds since the Unix epoch.
    pub expires_at: i64,
}

/// Reads what a link is for; 410 where it was used, replaced or has expired. Looking uses nothing up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetPasswordReset {
    /// What the link carries.
    pub token: Text<1, 100>,
}
operation!(GetPasswordReset => PasswordReset, "get_password_reset", Read, Enter, |op| Scope::Public);

/// Replaces a forgotten password: the link is used up, every session and access token ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// What the link carries.
    pub token: Text<1, 100>,
    pub password: Password,
}
operation!(ResetPassword => (), "reset_password", Write, Enter, |op| Scope::Public);
