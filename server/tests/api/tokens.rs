//! The token endpoint after RFC 6749, what it issues after RFC 9068, and tokens that are none (ABUSE 53).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use server::auth::token::StoredKey;

use crate::harness::{Answer, World, on_both, run_on_each, run_on_sqlite};

const FORM: &str = "application/x-www-form-urlencoded";

fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

on_both! {
    async fn a_client_gets_a_token(world) {
        let (id, secret) = (world.backend.0.to_string(), &world.backend.1);
        let by_form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", secret)];
        let by_basic = || world.token_request(&[("grant_type", "client_credentials")]).header("authorization", basic(&id, secret));
        for answer in [world.token_request(&by_form).expect(200).await, by_basic().expect(200).await] {
            assert_eq!(answer.json["token_type"], "Bearer");
            assert_eq!(answer.json["expires_in"], 3600);
            assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
            let token = answer.json["access_token"].as_str().unwrap();
            let (header, claims) = (part(token, 0), part(token, 1));
            assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
            for claim in ["iss", "aud", "sub", "client_id", "exp", "iat", "jti", "scope"] {
                assert!(claims.get(claim).is_some(), "{claim}");
            }
            assert_eq!((&claims["iss"], &claims["sub"], &claims["client_id"]), (&json!(world.url), &json!(id), &json!(id)));
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
            assert_eq!(claims["scope"], answer.json["scope"]);
            world.get("/v1/organizations").token(token).expect(200).await;
        }
        // Its id in the form beside HTTP Basic is no second way to authenticate.
        let form = [("grant_type", "client_credentials"), ("client_id", &id), ("unknown", "is ignored"), ("unknown", "twice")];
        world.token_request(&form).header("authorization", basic(&id, secret)).expect(200).await;
        let narrowed = [by_form.as_slice(), &[("scope", "read:members read:organizations")]].concat();
        assert_eq!(world.token_request(&narrowed).expect(200).await.json["scope"], "read:members read:organizations");
        // Under the alias, too.
        world.call("POST", "/cis/oidc/token").body(FORM, "grant_type=client_credentials").header("authorization", basic(&id, secret)).expect(200).await;
    }
}

#[test]
fn a_bad_request_for_a_token_is_refused_as_rfc_6749_says() {
    run_on_sqlite(async |world: &World| {
        let (id, secret) = (world.backend.0.to_string(), world.backend.1.as_str());
        let client = [("client_id", id.as_str()), ("client_secret", secret)];
        let grant = ("grant_type", "client_credentials");
        let form = |more: &[(&'static str, &'static str)]| world.token_request(&[&client[..], more].concat());
        let is = |answer: Answer, error: &str| {
            assert_eq!(answer.json["error"], error, "{}", answer.text);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(
                answer.header("www-authenticate").is_some(),
                answer.status == 401,
                "{}",
                answer.text
            );
        };
        is(form(&[]).expect(400).await, "invalid_request");
        is(form(&[("grant_type", "")]).expect(400).await, "invalid_request");
        is(form(&[grant, grant]).expect(400).await, "invalid_request");
        is(
            form(&[grant, ("scope", "read:members"), ("scope", "read:roles")])
                .expect(400)
                .await,
            "invalid_request",
        );
        is(
            form(&[("grant_type", "password")]).expect(400).await,
            "unsupported_grant_type",
        );
        for incomplete in ["authorization_code", "refresh_token"] {
            is(
                form(&[("grant_type", incomplete)]).expect(400).await,
                "invalid_request",
            );
        }
        is(
            form(&[grant, ("scope", "everything")]).expect(400).await,
            "invalid_scope",
        );
        is(
            form(&[grant])
                .header("authorization", basic(&id, secret))
                .expect(400)
                .await,
            "invalid_request",
        );
        let other_id = world
            .token_request(&[grant, ("client_id", "cli_other")])
            .header("authorization", basic(&id, secret));
        is(other_id.expect(400).await, "invalid_request");
        for (id, secret) in [
            (id.as_str(), "guessed"),
            (id.as_str(), ""),
            ("", secret),
            ("nonsense", secret),
            ("cli_01h00000000000000000000000", secret),
        ] {
            is(
                world
                    .token_request(&[grant, ("client_id", id), ("client_secret", secret)])
                    .expect(401)
                    .await,
                "invalid_client",
            );
            is(
                world
                    .token_request(&[grant])
                    .header("authorization", basic(id, secret))
                    .expect(401)
                    .await,
                "invalid_client",
            );
        }
        is(world.token_request(&[grant]).expect(401).await, "invalid_client");
        is(
            world
                .token_request(&[grant])
                .header("authorization", "Basic !!!")
                .expect(401)
                .await,
            "invalid_client",
        );
        is(
            world
                .token_request(&[grant])
                .header("authorization", format!("Bearer {}", world.admin))
                .expect(401)
                .await,
            "invalid_client",
        );
        is(
            world
                .post("/oidc/token", json!({ "grant_type": "client_credentials" }))
                .expect(415)
                .await,
            "invalid_request",
        );
        is(
            world
                .call("POST", "/oidc/token")
                .body(FORM, "x".repeat(20_000))
                .expect(413)
                .await,
            "invalid_request",
        );
        // An end-user application's client is not granted what the vendor's backend is.
        let app_client = world
            .post(
                &format!("/v1/applications/{}/clients", world.acme.app),
                json!({ "name": "C" }),
            )
            .token(&world.admin)
            .expect(201)
            .await;
        let (id, secret) = (
            app_client.text_of("client_id"),
            app_client.text_of("client_secret"),
        );
        let beyond = [
            grant,
            ("client_id", &id),
            ("client_secret", &secret),
            ("scope", "update:tenant"),
        ];
        is(world.token_request(&beyond).expect(400).await, "invalid_scope");
    });
}

#[test]
fn the_keys_are_published_and_verify_what_is_issued() {
    run_on_sqlite(async |world: &World| {
        let keys = world.get("/.well-known/jwks.json").expect(200).await;
        let key = &keys.json["keys"][0];
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
            (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig"))
        );
        assert!(key.get("d").is_none());
        assert_eq!(key["kid"], part(&world.admin, 0)["kid"]);
        let verifies = jsonwebtoken::DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
        rules.set_audience(&[&world.url]);
        rules.set_issuer(&[&world.url]);
        jsonwebtoken::decode::<Value>(&world.admin, &verifies, &rules).unwrap();
    });
}

/// The server's own key: what a forger must not need.
async fn key(world: &World) -> (StoredKey, SigningKey) {
    let mut tx = world.console.db().read().await.unwrap();
    let stored = server::store::keys::list(&mut tx, 0).await.unwrap().remove(0);
    let seed: [u8; 32] = STANDARD.decode(&stored.seed).unwrap().try_into().unwrap();
    (stored, SigningKey::from_bytes(&seed))
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let unsigned = unsigned(header, claims);
    let signature = URL_SAFE_NO_PAD.encode(key.sign(unsigned.as_bytes()).to_bytes());
    format!("{unsigned}.{signature}")
}

fn with(value: &Value, field: &str, other: Value) -> Value {
    let mut value = value.clone();
    match other {
        Value::Null => {
            value.as_object_mut().unwrap().remove(field);
        }
        other => value[field] = other,
    }
    value
}

#[test]
fn abuse_53_a_token_that_is_none_of_ours() {
    run_on_each(async |world: &World| {
        let (stored, own) = key(world).await;
        let (header, claims) = (part(&world.admin, 0), part(&world.admin, 1));
        let try_it = async |token: &str| world.get("/v1/organizations").token(token).send().await;
        assert_eq!(
            try_it(&signed(&own, &header, &claims)).await.status,
            200,
            "the forge itself works"
        );

        let mut forged: Vec<(&str, String)> = Vec::new();
        for alg in ["none", "None", "NONE", "nOnE"] {
            let header = with(&header, "alg", json!(alg));
            forged.push(("none", format!("{}.", unsigned(&header, &claims))));
            forged.push(("none with a signature", signed(&own, &header, &claims)));
        }
        let public = own.verifying_key();
        let jwk = world.get("/.well-known/jwks.json").expect(200).await.json["keys"][0].clone();
        for secret in [
            public.as_bytes().to_vec(),
            jwk["x"].as_str().unwrap().as_bytes().to_vec(),
            jwk.to_string().into_bytes(),
        ] {
            let mut hs256 = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
            hs256.typ = Some("at+jwt".into());
            hs256.kid = Some(stored.kid.clone());
            let token =
                jsonwebtoken::encode(&hs256, &claims, &jsonwebtoken::EncodingKey::from_secret(&secret))
                    .unwrap();
            forged.push(("HS256 with the public key", token));
        }
        let foreign = SigningKey::from_bytes(&[7; 32]);
        let foreign_jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(foreign.verifying_key().as_bytes()), "kid": "foreign" });
        forged.push(("a foreign key", signed(&foreign, &header, &claims)));
        for kid in [
            json!("foreign"),
            json!(""),
            json!("../../etc/passwd"),
            json!("' OR 1=1 --"),
            Value::Null,
        ] {
            forged.push((
                "a foreign key's id",
                signed(&foreign, &with(&header, "kid", kid), &claims),
            ));
        }
        let header_with =
            |field: &str, value: Value| with(&with(&header, "kid", json!("foreign")), field, value);
        forged.push((
            "a foreign jku",
            signed(
                &foreign,
                &header_with("jku", json!("https://evil.example/jwks.json")),
                &claims,
            ),
        ));
        forged.push((
            "a foreign x5u",
            signed(
                &foreign,
                &header_with("x5u", json!("https://evil.example/x")),
                &claims,
            ),
        ));
        forged.push((
            "a key in the header",
            signed(&foreign, &header_with("jwk", foreign_jwk), &claims),
        ));
        for typ in [json!("JWT"), json!("id_token"), json!("logout+jwt"), Value::Null] {
            forged.push((
                "another type, such as an ID token",
                signed(&own, &with(&header, "typ", typ), &claims),
            ));
        }
        for (field, value) in [
            ("iss", json!("https://evil.example")),
            ("iss", Value::Null),
            ("iss", json!(format!("{}/", world.url))),
            ("aud", json!("https://evil.example")),
            ("aud", Value::Null),
            ("aud", json!("")),
            ("exp", json!("9999999999")),
            ("exp", Value::Null),
            ("exp", json!(1)),
            ("exp", json!(-1)),
            ("exp", json!(true)),
            ("exp", json!("never")),
            ("sub", json!("nobody")),
            ("sub", Value::Null),
            ("sub", json!("cli_01h00000000000000000000000")),
            ("sub", json!("usr_01h00000000000000000000000")),
            ("scope", json!(["read:organizations"])),
            ("scope", Value::Null),
            ("org_id", json!("nonsense")),
        ] {
            // The organization of a client's token is of no meaning; of a person's, it is.
            let claims = if field == "org_id" {
                with(&claims, "sub", json!(world.acme.admin))
            } else {
                claims.clone()
            };
            forged.push((field, signed(&own, &header, &with(&claims, field, value))));
        }
        let good = signed(&own, &header, &claims);
        forged.push(("cut short", good[..good.len() - 1].to_owned()));
        forged.push(("changed", good.replace('.', "..")));
        let mut flipped = good.clone().into_bytes();
        let last = flipped.len() - 10;
        flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
        forged.push(("another signature", String::from_utf8(flipped).unwrap()));
        for text in ["x", "a.b.c", "..", "null", &"x".repeat(7000)] {
            forged.push(("no token", text.to_owned()));
        }
        for (what, token) in forged {
            let answer = try_it(&token).await;
            assert_eq!(answer.status, 401, "{what}: {}", answer.text);
            assert!(
                answer
                    .header("www-authenticate")
                    .unwrap()
                    .starts_with(r#"Bearer error="invalid_token""#),
                "{what}"
            );
        }
        for value in ["Basic abc", "Bearer", "Token abc", ""] {
            world
                .get("/v1/organizations")
                .header("authorization", value)
                .expect(401)
                .await;
        }
    });
}

#[test]
fn a_token_dies_in_its_time() {
    run_on_sqlite(async |world: &World| {
        world
            .get("/v1/organizations")
            .token(&world.admin)
            .expect(200)
            .await;
        world.console.clock().advance(3590 * 1000);
        world
            .get("/v1/organizations")
            .token(&world.admin)
            .expect(200)
            .await;
        world.console.clock().advance(11 * 1000);
        world
            .get("/v1/organizations")
            .token(&world.admin)
            .expect(401)
            .await;
    });
}
