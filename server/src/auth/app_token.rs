//! The tokens that applications get when somebody signs in to them: access tokens (RFC 9068) that say what the person may do
//! there, and ID tokens (OpenID Connect Core, 2) that say who it is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::token::{ACCESS_TOKEN, LIFETIME, Tokens, alive};

/// How long an application's access token lives, in seconds: it is not asked about at each use.
pub const APP_LIFETIME: i64 = 600;

/// How long an ID token lives, in seconds: no longer than the key that verifies it.
pub const ID_LIFETIME: i64 = LIFETIME;

/// The `typ` of an ID token, which is no access token whoever reads it (RFC 9068, 4).
const ID_TOKEN: &str = "JWT";

/// The organization that a token stands for, and what its person may do there in the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    pub org_id: String,
    pub org_name: String,
    /// The roles' technical names.
    pub roles: Vec<String>,
    pub permissions: Vec<String>,
}

/// The claims of an application's access token (RFC 9068, 2.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppClaims {
    pub iss: String,
    /// The application.
    pub aud: String,
    /// The person.
    pub sub: String,
    pub client_id: String,
    /// Seconds since the Unix epoch, as every time here.
    pub exp: i64,
    pub iat: i64,
    pub auth_time: i64,
    pub jti: String,
    /// The scopes, with spaces between.
    pub scope: String,
    /// What the sign-in gave; the token is dead when it has ended.
    pub sid: String,
    #[serde(flatten)]
    pub access: Access,
}

/// The claims of an ID token.
#[derive(Debug, Clone, Serialize)]
pub struct IdClaims {
    pub iss: String,
    /// The client.
    pub aud: String,
    /// The person.
    pub sub: String,
    /// Seconds since the Unix epoch, as every time here.
    pub exp: i64,
    pub iat: i64,
    pub auth_time: i64,
    /// What the application sent, to the letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    pub sid: String,
    /// How the person proved who they are (RFC 8176).
    pub amr: Vec<String>,
    /// The class of it: `aal1` for a password, `aal2` for two factors.
    pub acr: String,
    #[serde(flatten)]
    pub access: Access,
    /// What the scopes come with.
    #[serde(flatten)]
    pub person: Map<String, Value>,
}

/// What is read of an ID token that comes back as a hint (OpenID Connect RP-Initiated Logout 1.0, 2).
#[derive(Debug, Clone, Deserialize)]
pub struct IdHint {
    pub aud: String,
    pub sub: String,
}

impl Tokens {
    /// Signs an application's access token.
    ///
    /// # Errors
    /// When there is no key.
    pub fn sign_for_app(&self, claims: &AppClaims) -> anyhow::Result<String> {
        self.sign_as(ACCESS_TOKEN, claims, claims.iat.saturating_mul(1000))
    }

    /// Signs an ID token.
    ///
    /// # Errors
    /// When there is no key.
    pub fn sign_id(&self, claims: &IdClaims) -> anyhow::Result<String> {
        self.sign_as(ID_TOKEN, claims, claims.iat.saturating_mul(1000))
    }

    /// The claims of an application's access token that has not expired at `now` (milliseconds since the Unix epoch).
    /// Whether what it hangs on has ended, only the database knows.
    pub fn verify_for_app(&self, token: &str, now: i64) -> Option<AppClaims> {
        let (claims, retires_at) = self.read::<AppClaims>(token, ACCESS_TOKEN)?;
        alive(claims.exp, retires_at, now).then_some(claims)
    }

    /// What an ID token of ours says, however old it is.
    pub fn read_id_hint(&self, token: &str) -> Option<IdHint> {
        Some(self.read::<IdHint>(token, ID_TOKEN)?.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::auth::token::StoredKey;

    fn tokens() -> Tokens {
        let tokens = Tokens::new("https://console.example");
        tokens.use_keys(vec![StoredKey::generate(1).unwrap()]).unwrap();
        tokens
    }

    fn access() -> Access {
        Access {
            org_id: "org_1".into(),
            org_name: "Acme".into(),
            roles: vec!["Viewer".into()],
            permissions: vec!["documents:read".into()],
        }
    }

    fn claims() -> AppClaims {
        AppClaims {
            iss: "https://console.example".into(),
            aud: "app_1".into(),
            sub: "usr_1".into(),
            client_id: "cli_1".into(),
            exp: 2_000,
            iat: 1_000,
            auth_time: 900,
            jti: "1".into(),
            scope: "openid".into(),
            sid: "gra_1".into(),
            access: access(),
        }
    }

    #[test]
    fn an_applications_token_is_no_token_for_ourselves() {
        let tokens = tokens();
        let token = tokens.sign_for_app(&claims()).unwrap();
        let read = tokens.verify_for_app(&token, 1_999_000).unwrap();
        assert_eq!((read.sub.as_str(), read.access), ("usr_1", access()));
        assert!(tokens.verify_for_app(&token, 2_000_000).is_none());
        assert!(tokens.verify(&token, 1_500_000).is_none());
    }

    #[test]
    fn an_id_token_is_no_access_token() {
        let tokens = tokens();
        let id = IdClaims {
            iss: "https://console.example".into(),
            aud: "cli_1".into(),
            sub: "usr_1".into(),
            exp: 2_000,
            iat: 1_000,
            auth_time: 900,
            nonce: Some("n".into()),
            sid: "gra_1".into(),
            amr: vec!["pwd".into()],
            acr: "aal1".into(),
            access: access(),
            person: Map::new(),
        };
        let token = tokens.sign_id(&id).unwrap();
        assert!(tokens.verify_for_app(&token, 1_500_000).is_none());
        assert!(tokens.verify(&token, 1_500_000).is_none());
        assert_eq!(tokens.read_id_hint(&token).unwrap().aud, "cli_1");
        let access = tokens.sign_for_app(&claims()).unwrap();
        assert!(tokens.read_id_hint(&access).is_none());
    }
}
