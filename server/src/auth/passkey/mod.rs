//! Passkeys (WebAuthn Level 3): what a browser is asked with, and whether what it answers proves a key.
//!
//! No attestation is asked for, so that nothing of a new key is signed (6.5.4): its owner, who is signed in, vouches for it.
//! What remains to be verified is a signature, which `ring` does for the three algorithms that authenticators have.

mod spki;

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

    use super::*;

    const URL: &str = "https://console.example:8443";

    fn client(kind: &str, challenge: &str, origin: &str) -> String {
        let said = json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false });
        URL_SAFE_NO_PAD.encode(said.to_string())
    }

    fn authenticator(id: &str, flags: u8, count: u32) -> String {
        let mut data = Sha256::digest(id.as_bytes()).to_vec();
        data.push(flags);
        data.extend_from_slice(&count.to_be_bytes());
        URL_SAFE_NO_PAD.encode(data)
    }

    fn new_key(id: &str, flags: u8, credential: &[u8]) -> Vec<u8> {
        let mut data = decoded(&authenticator(id, flags, 3)).unwrap();
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&u16::try_from(credential.len()).unwrap().to_be_bytes());
        data.extend_from_slice(credential);
        data.extend_from_slice(b"the key in COSE");
        data
    }

    fn to_sign(client: &str, data: &str) -> Vec<u8> {
        let mut signed = decoded(data).unwrap();
        signed.extend_from_slice(&Sha256::digest(decoded(client).unwrap()));
        signed
    }

    fn p256() -> (EcdsaKeyPair, String) {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random).unwrap();
        let mut spki = vec![
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
            0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ];
        spki.extend_from_slice(pair.public_key().as_ref());
        (pair, URL_SAFE_NO_PAD.encode(spki))
    }

    fn used(pair: &EcdsaKeyPair, key: &str, client: &str, data: &str, count: i64) -> Result<Key, Unproved> {
        let signature = pair.sign(&SystemRandom::new(), &to_sign(client, data)).unwrap();
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        let used = Used {
            client_data_json: client,
            authenticator_data: data,
            signature: &signature,
        };
        Site::of(URL).used("ch", &used, key, count)
    }

    #[test]
    fn the_site_is_the_host_alone() {
        assert_eq!(
            Site::of(URL),
            Site {
                origin: URL,
                id: "console.example"
            }
        );
        assert_eq!(Site::of("http://localhost:3000").id, "localhost");
        assert_eq!(Site::of("https://console.example").id, "console.example");
    }

    #[test]
    fn only_the_key_itself_here_and_now_with_somebody_there_is_believed() {
        let (pair, key) = p256();
        let client_here = client("webauthn.get", "ch", URL);
        let data = authenticator("console.example", 1, 7);
        assert_eq!(
            used(&pair, &key, &client_here, &data, 6),
            Ok(Key {
                sign_count: 7,
                shared: false
            })
        );
        let shared = authenticator("console.example", 1 | 8, 0);
        assert_eq!(
            used(&pair, &key, &client_here, &shared, 0),
            Ok(Key {
                sign_count: 0,
                shared: true
            })
        );
        for (why, client, data, count) in [
            (
                Unproved::Elsewhere,
                client("webauthn.create", "ch", URL),
                data.clone(),
                6,
            ),
            (
                Unproved::Elsewhere,
                client("webauthn.get", "other", URL),
                data.clone(),
                6,
            ),
            (
                Unproved::Elsewhere,
                client("webauthn.get", "ch", "https://evil.example"),
                data.clone(),
                6,
            ),
            (
                Unproved::Elsewhere,
                client_here.clone(),
                authenticator("evil.example", 1, 7),
                6,
            ),
            (
                Unproved::Absent,
                client_here.clone(),
                authenticator("console.example", 4, 7),
                6,
            ),
            (Unproved::Copied, client_here.clone(), data.clone(), 7),
            (
                Unproved::Copied,
                client_here.clone(),
                authenticator("console.example", 1, 0),
                7,
            ),
        ] {
            assert_eq!(used(&pair, &key, &client, &data, count), Err(why));
        }
        let (other, _) = p256();
        assert_eq!(
            used(&other, &key, &client_here, &data, 6),
            Err(Unproved::Signature)
        );
    }

    #[test]
    fn an_edwards_key_signs_too() {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
        let mut spki = vec![
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ];
        spki.extend_from_slice(pair.public_key().as_ref());
        let key = URL_SAFE_NO_PAD.encode(&spki);
        let (client, data) = (
            client("webauthn.get", "ch", URL),
            authenticator("console.example", 1, 0),
        );
        let signature = URL_SAFE_NO_PAD.encode(pair.sign(&to_sign(&client, &data)).as_ref());
        let used = Used {
            client_data_json: &client,
            authenticator_data: &data,
            signature: &signature,
        };
        assert!(Site::of(URL).used("ch", &used, &key, 0).is_ok());
    }

    #[test]
    fn a_new_key_is_read() {
        let (_, key) = p256();
        let client = client("webauthn.create", "ch", URL);
        let encoded = |data: Vec<u8>| URL_SAFE_NO_PAD.encode(data);
        let data = new_key("console.example", 0x45, b"its id");
        let (whole, id) = (encoded(data.clone()), URL_SAFE_NO_PAD.encode("its id"));
        let made = Made {
            id: &id,
            client_data_json: &client,
            authenticator_data: &whole,
            public_key: &key,
        };
        let site = Site::of(URL);
        assert_eq!(site.made("ch", &made).unwrap().sign_count, 3);
        assert_eq!(site.made("other", &made), Err(Unproved::Elsewhere));
        let no_key = Made {
            public_key: "AAAA",
            ..made
        };
        assert_eq!(site.made("ch", &no_key), Err(Unproved::Malformed));
        // The id that is kept is the one that the authenticator knows the key by, written in one way alone.
        let other = URL_SAFE_NO_PAD.encode("another");
        assert_eq!(
            site.made("ch", &Made { id: &other, ..made }),
            Err(Unproved::Elsewhere)
        );
        let padded = format!("{id}==");
        assert_eq!(
            site.made("ch", &Made { id: &padded, ..made }),
            Err(Unproved::Malformed)
        );
        for (why, data) in [
            (Unproved::Elsewhere, new_key("evil.example", 0x45, b"its id")),
            (Unproved::Absent, new_key("console.example", 0x44, b"its id")),
            (Unproved::Malformed, new_key("console.example", 0x05, b"its id")),
            (Unproved::Malformed, new_key("console.example", 0x45, b"")),
        ] {
            let data = encoded(data);
            let made = Made {
                authenticator_data: &data,
                ..made
            };
            assert_eq!(site.made("ch", &made), Err(why));
        }
        // Nothing is read beyond the end.
        let read = 37 + 16 + 2 + 6;
        for cut in 0..read {
            let data = encoded(data.get(..cut).unwrap().to_vec());
            let made = Made {
                authenticator_data: &data,
                ..made
            };
            assert_eq!(site.made("ch", &made), Err(Unproved::Malformed), "{cut}");
        }
    }
}
