//! Second factors: codes of an authenticator app, passkeys, recovery codes; and what asks for one.

use serde::{Deserialize, Serialize};

use crate::id::{OrganizationId, PasskeyId, UserId};
use crate::operation::{Scope, operation};
use crate::organizations::Organization;
use crate::secret::Secret;
use crate::sessions::SignedIn;
use crate::text::Text;

/// Recovery codes that somebody has at once.
pub const RECOVERY_CODES: usize = 10;

/// Passkeys that one person may have.
pub const MOST_PASSKEYS: usize = 20;

/// Minutes for which a password that was given again counts.
pub const CONFIRMED_FOR: i64 = 5;

/// One of somebody's passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Passkey {
    pub passkey_id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

/// An authenticator app that was set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthenticatorApp {
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

/// Somebody's second factors; nothing in it opens anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Factors {
    pub authenticator_app: Option<AuthenticatorApp>,
    /// The oldest first.
    pub passkeys: Vec<Passkey>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: u64,
}

impl Factors {
    /// Whether signing in asks for one of them; recovery codes alone are none.
    pub fn any(&self) -> bool {
        self.authenticator_app.is_some() || !self.passkeys.is_empty()
    }

    /// When the oldest of them was set up.
    pub fn oldest(&self) -> Option<i64> {
        let app = self.authenticator_app.map(|app| app.created_at);
        let passkeys = self.passkeys.iter().map(|passkey| passkey.created_at);
        passkeys.chain(app).min()
    }
}

/// One's own second factors, and what can be done with them now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnFactors {
    pub factors: Factors,
    /// Whether the password was given in this session lately enough to change them.
    pub confirmed: bool,
    /// The organizations that require a second factor of one, by name; at most 100.
    pub required_by: Vec<String>,
}

/// Reads one's own second factors.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOwnFactors {}
operation!(GetOwnFactors => OwnFactors, "get_own_factors", Read, UseOwnAccount, |op| Scope::Own);

/// Gives one's password again, which a change of second factors asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmPassword {
    pub password: Secret,
}
operation!(ConfirmPassword => (), "confirm_password", Write, UseOwnAccount, |op| Scope::Own);

/// Begins to set up an authenticator app, beside the present one or as the first: it counts once a code of it was given.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginAuthenticatorApp {}
operation!(BeginAuthenticatorApp => (), "begin_authenticator_app", Write, UseOwnAccount, |op| Scope::Own);

/// Reads what the authenticator app is to be given, until the set-up is finished or was left for too long.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetAuthenticatorSetUp {}
operation!(GetAuthenticatorSetUp => AuthenticatorSetUp, "get_authenticator_set_up", Read, UseOwnAccount, |op| Scope::Own);

/// What an authenticator app is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthenticatorSetUp {
    /// The key in base32 (RFC 4648, 6), in groups of four.
    pub key: Secret,
    /// The same as the `otpauth:` address that the QR code says.
    pub uri: Secret,
    /// The QR code's dark modules as the path of an SVG picture, one unit each.
    pub qr_path: Secret,
    /// Modules on each side of the QR code, with the quiet zone.
    pub qr_size: u32,
}

/// Finishes setting up an authenticator app with a code that it shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmAuthenticatorApp {
    pub code: Text<1, 20>,
}
operation!(ConfirmAuthenticatorApp => NewRecoveryCodes, "confirm_authenticator_app", Write, UseOwnAccount, |op| Scope::Own);

/// Recovery codes, shown once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewRecoveryCodes {
    /// Empty where there are some already.
    pub recovery_codes: Vec<Secret>,
}

/// Takes the authenticator app away; 409 where an organization requires a second factor and it is the last one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveAuthenticatorApp {}
operation!(RemoveAuthenticatorApp => (), "remove_authenticator_app", Write, UseOwnAccount, |op| Scope::Own);

/// Makes new recovery codes; those before are dead.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RenewRecoveryCodes {}
operation!(RenewRecoveryCodes => NewRecoveryCodes, "renew_recovery_codes", Write, UseOwnAccount, |op| Scope::Own);

/// Begins to add a passkey.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginPasskey {}
operation!(BeginPasskey => PasskeyOptions, "begin_passkey", Write, UseOwnAccount, |op| Scope::Own);

/// What the browser asks an authenticator with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyOptions {
    /// JSON, as `PublicKeyCredential.parseCreationOptionsFromJSON` and its sibling read it (WebAuthn Level 3, 5.1.8 and 5.1.9).
    pub options: String,
}

/// Adds a passkey that an authenticator has made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    /// What to call it.
    pub name: Text<1, 60>,
    pub credential: MadePasskey,
}
operation!(AddPasskey => NewRecoveryCodes, "add_passkey", Write, UseOwnAccount, |op| Scope::Own);

/// What the browser says of a new passkey: `RegistrationResponseJSON`, as far as it is looked at (WebAuthn Level 3, 5.1).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MadePasskey {
    /// The credential's id, as all that is binary here in base64url.
    pub id: Text<1, 1400>,
    pub response: MadeResponse,
}

/// The authenticator's part of [`MadePasskey`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MadeResponse {
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Text<1, 8000>,
    pub authenticator_data: Text<1, 8000>,
    /// SubjectPublicKeyInfo.
    pub public_key: Text<1, 4000>,
}

/// Takes a passkey away; 409 where an organization requires a second factor and it is the last one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemovePasskey {
    pub passkey_id: PasskeyId,
}
operation!(RemovePasskey => (), "remove_passkey", Write, UseOwnAccount, |op| Scope::Own);

/// A sign-in whose password was right and that waits for the second factor; its token goes into a cookie and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PendingSignIn {
    pub pending_token: Secret,
    /// Seconds until it ends by itself.
    pub lifetime: i64,
}

/// Reads with what a sign-in that waits can be finished.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetPendingSignIn {
    pub pending_token: Secret,
}
operation!(GetPendingSignIn => SignInFactors, "get_pending_sign_in", Read, Enter, |op| Scope::Public);

/// The second factors with which a sign-in can be finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInFactors {
    pub authenticator_app: bool,
    pub recovery_codes: bool,
    /// What the browser asks for a passkey with, where there is one.
    pub passkeys: Option<PasskeyOptions>,
}

/// Finishes a sign-in with a second factor: a code of the authenticator app, a recovery code, or a passkey.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishSignIn {
    pub pending_token: Secret,
    /// Of the authenticator app, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<UsedPasskey>,
}
operation!(FinishSignIn => FinishedSignIn, "finish_sign_in", Write, Enter, |op| Scope::Public);

/// What became of it. A wrong factor is an answer here and no error, since it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum FinishedSignIn {
    SignedIn(SignedIn),
    /// The factor was wrong, or a code was used before.
    Wrong {
        /// A sentence that says so.
        why: String,
    },
}

/// What the browser says of a passkey that was used: `AuthenticationResponseJSON`, as far as it is looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsedPasskey {
    /// The credential's id, as all that is binary here in base64url.
    pub id: Text<1, 1400>,
    pub response: UsedResponse,
}

/// The authenticator's part of [`UsedPasskey`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsedResponse {
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Text<1, 8000>,
    pub authenticator_data: Text<1, 8000>,
    pub signature: Text<1, 4000>,
}

/// Reads which second factors a person has.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetUserFactors {
    pub user_id: UserId,
}
operation!(GetUserFactors => Factors, "get_user_factors", Read, ReadUsers, |op| Scope::User(op.user_id));

/// Takes all second factors of somebody who lost theirs away; all their sessions end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetUserFactors {
    pub user_id: UserId,
}
operation!(ResetUserFactors => (), "reset_user_factors", Write, ManageUsers, |op| Scope::User(op.user_id));

/// The same for a member of an organization. An organization's administrator can do it for whoever is in no other organization, and
/// set their factors up as its member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetMemberFactors {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
}
operation!(ResetMemberFactors => (), "reset_member_factors", Write, UpdateMembers, |op| Scope::Organization(op.organization_id));

/// Says whether an organization requires a second factor of its members: without one, it is closed to them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequireFactor {
    pub organization_id: OrganizationId,
    pub required: bool,
}
operation!(RequireFactor => Organization, "require_factor", Write, SecureOrganization, |op| Scope::Organization(op.organization_id));

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_browser_says_of_a_passkey_is_read_with_all_that_it_adds() {
        let said = json!({
            "name": "Phone",
            "credential": {
                "id": "aWQ", "rawId": "aWQ", "type": "public-key", "authenticatorAttachment": "platform",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": "e30", "authenticatorData": "AAAA", "publicKey": "MA", "publicKeyAlgorithm": -7,
                    "transports": ["internal"], "attestationObject": "oA",
                },
            },
        });
        let read = crate::input::parse::<AddPasskey>(said).unwrap();
        assert_eq!(read.credential.response.client_data_json.as_str(), "e30");
    }

    #[test]
    fn recovery_codes_alone_are_no_factor() {
        let mut factors = Factors {
            recovery_codes_left: 10,
            ..Factors::default()
        };
        assert!(!factors.any());
        factors.authenticator_app = Some(AuthenticatorApp {
            created_at: 1,
            last_used_at: None,
        });
        assert!(factors.any());
        assert_eq!(factors.oldest(), Some(1));
    }
}
