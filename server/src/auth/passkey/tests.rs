//! What is believed of a passkey, and what is not.

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
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
        0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
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
