//! Access tokens: JWTs after RFC 9068, signed with EdDSA (Ed25519); the keys are in the database.

use std::sync::{Arc, RwLock};

use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::signing_key::Key;
pub use super::signing_key::StoredKey;

/// How long an access token lives, in seconds.
pub const LIFETIME: i64 = 3600;

/// How long a new key is published before it signs, in milliseconds: whoever keeps the keys for as long as the answer with
/// them says has it by then, and every server of this console as well.
pub const AHEAD: i64 = (PUBLISHED_FOR + 60) * 1000;

/// How long others may keep the published keys without asking again, in seconds.
pub const PUBLISHED_FOR: i64 = 300;

/// The `typ` of an access token (RFC 9068, 2.1).
pub(super) const ACCESS_TOKEN: &str = "at+jwt";

/// The claims of an access token (RFC 9068, 2.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    /// The client, or the person.
    pub sub: String,
    pub client_id: String,
    /// Seconds since the Unix epoch.
    pub exp: i64,
    /// Seconds since the Unix epoch.
    pub iat: i64,
    pub jti: String,
    /// The scopes, with spaces between.
    pub scope: String,
    #[serde(default)]
    pub roles: Vec<String>,
    /// The organization that the token stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// The console session that asked for it, with which it ends (OpenID Connect Front-Channel Logout, 3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The secret of an organization's API application for which it was issued, and with which it ends; tells nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Whether a token still counts at `now` (milliseconds since the Unix epoch): neither it (seconds) nor its key has ended.
pub(super) fn alive(exp: i64, retires_at: Option<i64>, now: i64) -> bool {
    exp.saturating_mul(1000) > now && retires_at.is_none_or(|at| at > now)
}

/// Issues and verifies. The keys can be exchanged while it runs.
pub struct Tokens {
    issuer: String,
    keys: RwLock<Arc<Vec<Key>>>,
    /// A verified token until it expires: verifying is as dear as reading a row.
    verified: Cache<String, (Arc<Claims>, Option<i64>)>,
}

impl Tokens {
    /// Without keys yet; see [`Tokens::use_keys`].
    pub fn new(issuer: &str) -> Self {
        Tokens {
            issuer: issuer.to_owned(),
            keys: RwLock::default(),
            verified: Cache::new(10_000),
        }
    }

    /// The issuer, which is also the audience.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Takes the stored keys into use, the newest first.
    ///
    /// # Errors
    /// When a stored key is not a key.
    pub fn use_keys(&self, mut stored: Vec<StoredKey>) -> anyhow::Result<()> {
        stored.sort_by_key(|key| std::cmp::Reverse(key.created_at));
        let keys = stored
            .into_iter()
            .map(Key::read)
            .collect::<anyhow::Result<Vec<_>>>()?;
        if let Ok(mut current) = self.keys.write() {
            *current = Arc::new(keys);
        }
        // A key may have retired.
        self.verified.clear();
        Ok(())
    }

    fn keys(&self) -> Arc<Vec<Key>> {
        self.keys.read().map(|keys| keys.clone()).unwrap_or_default()
    }

    /// Signs the claims of an access token for ourselves.
    ///
    /// # Errors
    /// When there is no key.
    pub fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        self.sign_as(ACCESS_TOKEN, claims, claims.iat.saturating_mul(1000))
    }

    /// Signs claims at a moment (milliseconds since the Unix epoch), as a token of a type.
    ///
    /// # Errors
    /// When there is no key.
    pub(super) fn sign_as(&self, typ: &str, claims: &impl Serialize, now: i64) -> anyhow::Result<String> {
        let keys = self.keys();
        // The newest that others know by now; where all are new, the first one, which has been there longest.
        let known = |key: &&Key| key.created_at.saturating_add(AHEAD) <= now;
        let alive = |key: &&Key| key.retires_at.is_none_or(|at| at > now);
        let key = keys
            .iter()
            .filter(alive)
            .find(known)
            .or_else(|| keys.iter().rev().find(alive))
            .or(keys.first())
            .ok_or_else(|| anyhow::anyhow!("there is no signing key"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        header.kid = Some(key.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &key.signs)?)
    }

    /// What a token says that we signed as one of a type, whatever its audience and however old it is; and until when its
    /// key verifies.
    pub(super) fn read<C: serde::de::DeserializeOwned>(
        &self,
        token: &str,
        typ: &str,
    ) -> Option<(C, Option<i64>)> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let said = header.typ.as_deref().map(str::to_ascii_lowercase)?;
        let said = said.strip_prefix("application/").unwrap_or(&said);
        if header.alg != Algorithm::EdDSA || !said.eq_ignore_ascii_case(typ) {
            return None;
        }
        let keys = self.keys();
        // Only keys of ours: a key or an address of one in the header is not looked at.
        let key = keys.iter().find(|key| Some(&key.kid) == header.kid.as_ref())?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[&self.issuer]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_aud = false;
        // Our own clock decides, not the library's.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<C>(token, &key.verifies, &rules)
            .ok()?
            .claims;
        Some((claims, key.retires_at))
    }

    /// The claims of a token that we signed as an access token for ourselves and that has not expired at `now`
    /// (milliseconds since the Unix epoch).
    pub fn verify(&self, token: &str, now: i64) -> Option<Arc<Claims>> {
        if let Some((claims, retires_at)) = self.verified.get(token) {
            return alive(claims.exp, retires_at, now).then_some(claims);
        }
        let (claims, retires_at) = self.read::<Claims>(token, ACCESS_TOKEN)?;
        if claims.aud != self.issuer || !alive(claims.exp, retires_at, now) {
            return None;
        }
        let claims = Arc::new(claims);
        self.verified
            .insert(token.to_owned(), (claims.clone(), retires_at));
        Some(claims)
    }

    /// Whether a token has the form of one of ours and is signed by somebody else, or bent.
    pub fn is_forged(&self, token: &str) -> bool {
        jsonwebtoken::decode_header(token).is_ok() && self.read::<Claims>(token, ACCESS_TOKEN).is_none()
    }

    /// The public keys (RFC 7517; RFC 8037 for the key type).
    pub fn jwks(&self, now: i64) -> Value {
        let keys: Vec<Value> = self
            .keys()
            .iter()
            .filter(|key| key.retires_at.is_none_or(|at| at > now))
            .map(|key| {
                json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.public })
            })
            .collect();
        json!({ "keys": keys })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tokens() -> Tokens {
        let tokens = Tokens::new("https://console.example");
        tokens.use_keys(vec![StoredKey::generate(1).unwrap()]).unwrap();
        tokens
    }

    fn claims() -> Claims {
        Claims {
            iss: "https://console.example".into(),
            aud: "https://console.example".into(),
            sub: "cli_1".into(),
            client_id: "cli_1".into(),
            exp: 2_000,
            iat: 1_000,
            jti: "1".into(),
            scope: "read:members".into(),
            roles: vec![],
            org_id: None,
            sid: None,
            secret: None,
        }
    }

    #[test]
    fn verifies_what_it_signs_until_it_expires() {
        let tokens = tokens();
        let token = tokens.sign(&claims()).unwrap();
        assert_eq!(tokens.verify(&token, 1_999_000).unwrap().sub, "cli_1");
        assert!(tokens.verify(&token, 2_000_000).is_none());
    }

    #[test]
    fn refuses_another_issuer_audience_or_key() {
        let tokens = tokens();
        for bent in [
            Claims {
                iss: "https://evil.example".into(),
                ..claims()
            },
            Claims {
                aud: "https://evil.example".into(),
                ..claims()
            },
        ] {
            let token = tokens.sign(&bent).unwrap();
            assert!(tokens.verify(&token, 0).is_none());
        }
        assert!(
            tokens
                .verify(&super::tests::tokens().sign(&claims()).unwrap(), 0)
                .is_none()
        );
    }

    #[test]
    fn an_old_key_verifies_until_it_retires() {
        let tokens = Tokens::new("https://console.example");
        let old = StoredKey::generate(1).unwrap();
        tokens.use_keys(vec![old.clone()]).unwrap();
        let token = tokens.sign(&claims()).unwrap();
        let retired = StoredKey {
            retires_at: Some(1_500_000),
            ..old
        };
        let new = StoredKey::generate(2).unwrap();
        tokens.use_keys(vec![retired, new.clone()]).unwrap();
        assert!(tokens.verify(&token, 1_400_000).is_some());
        assert!(tokens.verify(&token, 1_600_000).is_none());
        let later = Claims {
            iat: 1_600,
            ..claims()
        };
        assert!(tokens.verify(&tokens.sign(&later).unwrap(), 1_600_000).is_some());
    }

    #[test]
    fn a_new_key_signs_once_others_know_it() {
        let tokens = Tokens::new("https://console.example");
        let old = StoredKey {
            retires_at: Some(AHEAD * 10),
            ..StoredKey::generate(0).unwrap()
        };
        let new = StoredKey::generate(AHEAD).unwrap();
        let names = (old.kid.clone(), new.kid.clone());
        tokens.use_keys(vec![new, old]).unwrap();
        let signer = |at: i64| {
            let claims = Claims {
                iat: at / 1000,
                ..claims()
            };
            let token = tokens.sign(&claims).unwrap();
            jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()
        };
        assert_eq!(signer(AHEAD), names.0);
        assert_eq!(signer(AHEAD * 2 - 1000), names.0);
        assert_eq!(signer(AHEAD * 2), names.1);
        // The first key of all signs at once.
        tokens
            .use_keys(vec![StoredKey::generate(AHEAD).unwrap()])
            .unwrap();
        assert!(tokens.sign(&claims()).is_ok());
    }
}
