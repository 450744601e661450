//! Passkeys (WebAuthn Level 3): what a browser is asked with, and whether what it answers proves a key.
//!
//! No attestation is asked for, so that nothing of a new key is signed (6.5.4): its owner, who is signed in, vouches for it.
//! What remains to be verified is a signature, which `ring` does for the three algorithms that authenticators have.

mod spki;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::UnparsedPublicKey;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// How long a browser waits for its authenticator, in milliseconds.
const PATIENCE: u32 = 5 * 60 * 1000;
/// COSE's numbers of the algorithms (RFC 9053): ES256, EdDSA, RS256, the preferred one first.
const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// Flags of authenticator data (6.1): somebody was there, the key may be on several devices, a new key is described.
const PRESENT: u8 = 1;
const SHARED: u8 = 1 << 3;
const DESCRIBED: u8 = 1 << 6;

/// Why an answer proves nothing: for the log and tests; whoever asks is told only that it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproved {
    /// It cannot be read.
    Malformed,
    /// It is an answer to something else: another challenge, another site, another ceremony.
    Elsewhere,
    /// Nobody was there.
    Absent,
    /// The signature is another key's.
    Signature,
    /// The authenticator has counted backwards: there is a copy of it.
    Copied,
    /// The key is of a kind that is not asked for.
    Algorithm,
}

/// The site that passkeys are for, out of the console's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site<'u> {
    origin: &'u str,
    /// The host, without a port.
    id: &'u str,
}

impl<'u> Site<'u> {
    /// The site of an address without a path, as the setting is kept.
    pub fn of(public_url: &'u str) -> Self {
        let origin = public_url.trim_end_matches('/');
        let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        Site { origin, id: host }
    }

    /// What a browser makes a new key with (5.4).
    pub fn creation_options(
        &self,
        challenge: &str,
        tenant: &str,
        (user_id, name, label): (&str, &str, &str),
        known: &[String],
    ) -> Value {
        let algorithms: Vec<Value> = ALGORITHMS
            .iter()
            .map(|alg| json!({ "type": "public-key", "alg": alg }))
            .collect();
        json!({
            "challenge": challenge,
            "rp": { "id": self.id, "name": tenant },
            "user": { "id": URL_SAFE_NO_PAD.encode(user_id), "name": name, "displayName": label },
            "pubKeyCredParams": algorithms,
            "excludeCredentials": descriptors(known),
            "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
            "attestation": "none",
            "timeout": PATIENCE,
        })
    }

    /// What a browser uses one of these keys with (5.5).
    pub fn request_options(&self, challenge: &str, known: &[String]) -> Value {
        json!({
            "challenge": challenge,
            "rpId": self.id,
            "allowCredentials": descriptors(known),
            // It is the second factor: the password was right already.
            "userVerification": "discouraged",
            "timeout": PATIENCE,
        })
    }

    /// Reads a new key (7.1), as far as there is something to verify without an attestation.
    ///
    /// # Errors
    /// Why it is none.
    pub fn made(&self, challenge: &str, made: &Made<'_>) -> Result<Key, Unproved> {
        self.check_client(made.client_data_json, "webauthn.create", challenge)?;
        let authenticator = decoded(made.authenticator_data)?;
        let (key, described) = self.authenticator(&authenticator)?;
        // As it is kept and found again: without padding, which would make two ids of one.
        let id = URL_SAFE_NO_PAD.decode(made.id).map_err(|_| Unproved::Malformed)?;
        if described_id(described)? != id {
            return Err(Unproved::Elsewhere);
        }
        spki::read(&decoded(made.public_key)?)?;
        Ok(key)
    }

    /// Verifies that a key was used (7.2).
    ///
    /// # Errors
    /// Why it was not.
    pub fn used(
        &self,
        challenge: &str,
        used: &Used<'_>,
        public_key: &str,
        sign_count: i64,
    ) -> Result<Key, Unproved> {
        self.check_client(used.client_data_json, "webauthn.get", challenge)?;
        let authenticator = decoded(used.authenticator_data)?;
        let (proved, _) = self.authenticator(&authenticator)?;
        let spki = decoded(public_key)?;
        let (algorithm, key) = spki::read(&spki)?;
        let mut signed = authenticator;
        signed.extend_from_slice(&Sha256::digest(decoded(used.client_data_json)?));
        UnparsedPublicKey::new(algorithm, key)
            .verify(&signed, &decoded(used.signature)?)
            .map_err(|_| Unproved::Signature)?;
        // Shared keys do not count; those that do never count backwards, nor stay (6.1.1).
        if (proved.sign_count > 0 || sign_count > 0) && proved.sign_count <= sign_count {
            return Err(Unproved::Copied);
        }
        Ok(proved)
    }

    /// Whether the browser says that this was asked here and now (5.8.1).
    fn check_client(&self, client_data_json: &str, kind: &str, challenge: &str) -> Result<(), Unproved> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct ClientData {
            r#type: String,
            challenge: String,
            origin: String,
            #[serde(default)]
            cross_origin: bool,
        }
        let said: ClientData =
            serde_json::from_slice(&decoded(client_data_json)?).map_err(|_| Unproved::Malformed)?;
        let here = said.r#type == kind
            && said.challenge.trim_end_matches('=') == challenge
            && said.origin == self.origin
            && !said.cross_origin;
        if here { Ok(()) } else { Err(Unproved::Elsewhere) }
    }

    /// Reads authenticator data (6.1): the site's hash, the flags and the count stand first; what describes a new key comes
    /// after them.
    fn authenticator<'d>(&self, data: &'d [u8]) -> Result<(Key, Option<&'d [u8]>), Unproved> {
        let (site, rest) = data.split_first_chunk::<32>().ok_or(Unproved::Malformed)?;
        let (flags, rest) = rest.split_first().ok_or(Unproved::Malformed)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(Unproved::Malformed)?;
        if *site != <[u8; 32]>::from(Sha256::digest(self.id.as_bytes())) {
            return Err(Unproved::Elsewhere);
        }
        if flags & PRESENT == 0 {
            return Err(Unproved::Absent);
        }
        let key = Key {
            sign_count: i64::from(u32::from_be_bytes(*count)),
            shared: flags & SHARED != 0,
        };
        Ok((key, (flags & DESCRIBED != 0).then_some(rest)))
    }
}

/// The id of a new key in what describes it (6.5.1): behind the authenticator's model, after its length. The key itself is not
/// read from there: as long as nothing is signed, it says no more than what the browser made of it.
fn described_id(described: Option<&[u8]>) -> Result<&[u8], Unproved> {
    let (_, rest) = described
        .and_then(|data| data.split_first_chunk::<16>())
        .ok_or(Unproved::Malformed)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Unproved::Malformed)?;
    let length = usize::from(u16::from_be_bytes(*length));
    rest.get(..length)
        .filter(|id| !id.is_empty())
        .ok_or(Unproved::Malformed)
}

/// What is known of a key that was made or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub sign_count: i64,
    /// Whether several devices of its owner may have it.
    pub shared: bool,
}

/// The answer to [`Site::creation_options`]; all in base64url.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    pub id: &'a str,
    pub client_data_json: &'a str,
    pub authenticator_data: &'a str,
    /// SubjectPublicKeyInfo.
    pub public_key: &'a str,
}

/// The answer to [`Site::request_options`]; all in base64url.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    pub client_data_json: &'a str,
    pub authenticator_data: &'a str,
    pub signature: &'a str,
}

fn descriptors(known: &[String]) -> Vec<Value> {
    known
        .iter()
        .map(|id| json!({ "type": "public-key", "id": id }))
        .collect()
}

fn decoded(text: &str) -> Result<Vec<u8>, Unproved> {
    URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .map_err(|_| Unproved::Malformed)
}
