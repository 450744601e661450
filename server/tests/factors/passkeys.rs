//! Passkeys, with an authenticator of the tests' own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guildhall::factors::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{App, STEP, act, first_step, mails, sets_session, sign_in};
use crate::api::abuse::{cookie_of, rpc};
use crate::harness::{Call, World, on_both};

/// A security key: one key pair, and a count of its uses.
struct Authenticator {
    pair: EcdsaKeyPair,
    id: String,
    origin: String,
}

/// What comes before the point in the SubjectPublicKeyInfo of a P-256 key.
const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

impl Authenticator {
    fn new(world: &World) -> Authenticator {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        Authenticator {
            pair: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random).unwrap(),
            id: URL_SAFE_NO_PAD.encode(server::clock::secret_bytes().unwrap()),
            origin: world.url.clone(),
        }
    }

    fn client(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(count: u32) -> Vec<u8> {
        let mut data = Sha256::digest(b"127.0.0.1").to_vec();
        data.push(1);
        data.extend_from_slice(&count.to_be_bytes());
        data
    }

    /// The data of a new key: with its id, and without the key in COSE, which nobody reads.
    fn described(&self) -> Vec<u8> {
        let mut data = Self::data(0);
        data[32] |= 0x40;
        data.extend_from_slice(&[0; 16]);
        let id = URL_SAFE_NO_PAD.decode(&self.id).unwrap();
        data.extend_from_slice(&u16::try_from(id.len()).unwrap().to_be_bytes());
        data.extend_from_slice(&id);
        data
    }

    fn make(&self, options: &str) -> Value {
        let options: Value = serde_json::from_str(options).unwrap();
        assert_eq!(options["rp"]["id"], "127.0.0.1");
        let mut key = SPKI.to_vec();
        key.extend_from_slice(self.pair.public_key().as_ref());
        let client = self.client("webauthn.create", options["challenge"].as_str().unwrap());
        json!({
            "id": self.id, "rawId": self.id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
                "authenticatorData": URL_SAFE_NO_PAD.encode(self.described()),
                "publicKey": URL_SAFE_NO_PAD.encode(key),
                "publicKeyAlgorithm": -7,
            },
        })
    }

    fn prove(&self, options: &str, count: u32) -> Value {
        let options: Value = serde_json::from_str(options).unwrap();
        let known = options["allowCredentials"].as_array().unwrap();
        assert!(
            known.iter().any(|known| known["id"] == json!(self.id)),
            "{options}"
        );
        self.prove_challenge(options["challenge"].as_str().unwrap(), count)
    }

    fn prove_challenge(&self, challenge: &str, count: u32) -> Value {
        let (client, data) = (self.client("webauthn.get", challenge), Self::data(count));
        let mut signed = data.clone();
        signed.extend_from_slice(&Sha256::digest(&client));
        let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": self.id, "rawId": self.id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature.as_ref()),
            },
        })
    }
}

async fn add(world: &World, cookie: &str, key: &Authenticator) -> NewRecoveryCodes {
    let asked = act::<BeginPasskey>(world, cookie, json!({})).await.unwrap();
    let made = json!({ "name": "Key", "credential": key.make(&asked.options) });
    act::<AddPasskey>(world, cookie, made).await.unwrap()
}

/// What a browser is asked with at the second step.
async fn asked(world: &World, pending: &str) -> String {
    let answer = world
        .call("POST", "/rpc/get_pending_sign_in")
        .header("origin", &world.url)
        .header("cookie", pending)
        .json(json!({}))
        .expect(200)
        .await;
    answer.json["passkeys"]["options"].as_str().unwrap().to_owned()
}

fn finish(world: &World, pending: &str, said: &Value) -> Call {
    rpc(world, "finish_sign_in", &[("passkey", &said.to_string())]).header("cookie", pending)
}

on_both! {
    async fn a_passkey_signs_in(world) {
        let cookie = world.session("acme-member").await;
        let key = Authenticator::new(world);
        let codes = add(world, &cookie, &key).await;
        assert_eq!(codes.recovery_codes.len(), 10);
        assert_eq!(mails(world, "acme-member@example.com", "factors_changed").await, 1);
        let pending = first_step(world, "acme-member").await;
        let said = key.prove(&asked(world, &pending).await, 1);
        let session = cookie_of(&finish(world, &pending, &said).expect(200).await);
        let own = act::<GetOwnFactors>(world, &session, json!({})).await.unwrap();
        assert!(own.factors.passkeys[0].last_used_at.is_some());
        assert_eq!(own.factors.passkeys[0].name, "Key");
        // What it said is for that sign-in alone.
        finish(world, &pending, &said).expect(410).await;
        let next = first_step(world, "acme-member").await;
        finish(world, &next, &said).expect(400).await;
        // A passkey that is taken away opens nothing.
        let id = json!({ "passkey_id": own.factors.passkeys[0].passkey_id });
        let still = asked(world, &next).await;
        act::<RemovePasskey>(world, &session, id.clone()).await.unwrap();
        assert_eq!(act::<RemovePasskey>(world, &session, id).await.unwrap_err().code.status(), 404);
        finish(world, &next, &key.prove(&still, 2)).expect(400).await;
    }

    async fn nothing_but_the_key_itself_on_this_site_is_accepted(world) {
        let cookie = world.session("acme-member").await;
        let key = Authenticator::new(world);
        add(world, &cookie, &key).await;
        let pending = first_step(world, "acme-member").await;
        let options = asked(world, &pending).await;
        let mut other = Authenticator::new(world);
        other.id = key.id.clone();
        let mut elsewhere = Authenticator::new(world);
        elsewhere.origin = "https://evil.example".to_owned();
        elsewhere.pair = key.pair;
        elsewhere.id = key.id.clone();
        for (what, said) in [
            ("another key", other.prove(&options, 1)),
            ("another site", elsewhere.prove(&options, 1)),
            ("another challenge", elsewhere.prove_challenge("AAAA", 1)),
            ("an unknown id", Authenticator::new(world).prove_challenge("AAAA", 1)),
        ] {
            let answer = finish(world, &pending, &said).send().await;
            assert_eq!(answer.status, 400, "{what}: {}", answer.text);
            assert!(!sets_session(&answer), "{what}");
        }
        // The same one, on this site.
        elsewhere.origin = world.url.clone();
        finish(world, &pending, &elsewhere.prove(&options, 7)).expect(200).await;
        // A copy of it counts from where it was copied.
        let pending = first_step(world, "acme-member").await;
        let options = asked(world, &pending).await;
        finish(world, &pending, &elsewhere.prove(&options, 7)).expect(400).await;
        finish(world, &pending, &elsewhere.prove(&options, 8)).expect(200).await;
        finish(world, &pending, &json!("nonsense")).expect(400).await;
    }

    async fn a_passkey_is_added_with_a_challenge_of_this_session_once(world) {
        let cookie = world.session("acme-member").await;
        let key = Authenticator::new(world);
        let options = act::<BeginPasskey>(world, &cookie, json!({})).await.unwrap().options;
        let made = json!({ "name": "Key", "credential": key.make(&options) });
        let other = world.session("globex-member").await;
        act::<BeginPasskey>(world, &other, json!({})).await.unwrap();
        assert_eq!(act::<AddPasskey>(world, &other, made.clone()).await.unwrap_err().code.status(), 400);
        act::<AddPasskey>(world, &cookie, made.clone()).await.unwrap();
        assert_eq!(act::<AddPasskey>(world, &cookie, made).await.unwrap_err().code.status(), 400);
        // Somebody else cannot claim the same credential.
        let options = act::<BeginPasskey>(world, &other, json!({})).await.unwrap().options;
        let made = json!({ "name": "Mine", "credential": key.make(&options) });
        assert_eq!(act::<AddPasskey>(world, &other, made).await.unwrap_err().code.status(), 409);
        // Nobody removes another's.
        let own = act::<GetOwnFactors>(world, &cookie, json!({})).await.unwrap();
        let id = json!({ "passkey_id": own.factors.passkeys[0].passkey_id });
        assert_eq!(act::<RemovePasskey>(world, &other, id).await.unwrap_err().code.status(), 404);
    }

    async fn of_answers_to_one_challenge_at_once_one_is_taken(world) {
        let cookie = world.session("acme-member").await;
        let options = act::<BeginPasskey>(world, &cookie, json!({})).await.unwrap().options;
        let keys = [Authenticator::new(world), Authenticator::new(world), Authenticator::new(world)];
        let made = keys.iter().map(|key| {
            let made = json!({ "name": "Key", "credential": key.make(&options) });
            act::<AddPasskey>(world, &cookie, made)
        });
        let added = futures::future::join_all(made).await;
        assert_eq!(added.iter().filter(|added| added.is_ok()).count(), 1, "{added:?}");
        let taken = added.iter().position(Result::is_ok).unwrap();
        let own = act::<GetOwnFactors>(world, &cookie, json!({})).await.unwrap();
        assert_eq!(own.factors.passkeys.len(), 1);
        // The same of a sign-in: what the key said once makes one session.
        let pending = first_step(world, "acme-member").await;
        let said = keys[taken].prove(&asked(world, &pending).await, 1);
        let finished = (0..5).map(|_| finish(world, &pending, &said).send());
        let finished = futures::future::join_all(finished).await;
        assert_eq!(finished.iter().filter(|answer| sets_session(answer)).count(), 1);
    }

    async fn there_is_an_end_to_passkeys_whatever_was_begun_before(world) {
        let cookie = world.session("acme-member").await;
        let app = App::set_up(world, &cookie).await;
        world.console.clock().advance(STEP);
        let other = sign_in(world, "acme-member", &app.code(world)).await;
        for _ in 1..MOST_PASSKEYS {
            add(world, &cookie, &Authenticator::new(world)).await;
        }
        // Two sessions begin while there is room for one more.
        let options = act::<BeginPasskey>(world, &other, json!({})).await.unwrap().options;
        add(world, &cookie, &Authenticator::new(world)).await;
        let late = json!({ "name": "Key", "credential": Authenticator::new(world).make(&options) });
        let full = act::<AddPasskey>(world, &other, late).await.unwrap_err();
        assert_eq!((full.code.status(), full.reason.as_deref()), (409, Some("too_many_passkeys")));
        let full = act::<BeginPasskey>(world, &cookie, json!({})).await.unwrap_err();
        assert_eq!(full.reason.as_deref(), Some("too_many_passkeys"));
    }
}
