//! Signing keys exchanged while an application signs people in: nobody notices.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;
use server::auth::token::{AHEAD, LIFETIME, StoredKey};
use server::{start, store};

use super::{App, header};
use crate::harness::{World, on_both};

/// Exchanges the key as the command does.
async fn rotate(world: &World) {
    let now = world.console.clock().now();
    let key = StoredKey::generate(now)
        .unwrap()
        .sealed(&world.console.services().vault)
        .unwrap();
    let rotated = world.console.db().write(move |tx| {
        Box::pin(async move {
            store::keys::insert(tx, &key).await?;
            Ok(store::keys::retire_others(tx, &key.kid, now, now + AHEAD + LIFETIME * 1000 + 60_000).await?)
        })
    });
    rotated.await.unwrap();
}

/// An application that keeps the keys for as long as it is told to, and then asks anew.
struct Verifier {
    keys: Value,
    read_at: i64,
}

impl Verifier {
    async fn read(world: &World) -> Verifier {
        let answer = world.get("/.well-known/jwks.json").expect(200).await;
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        Verifier {
            keys: answer.json["keys"].clone(),
            read_at: world.console.clock().now(),
        }
    }

    async fn verify(&mut self, world: &World, app: &App, id_token: &str) {
        if world.console.clock().now() - self.read_at >= 300_000 {
            *self = Verifier::read(world).await;
        }
        let kid = header(id_token)["kid"].clone();
        let key = self
            .keys
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["kid"] == kid)
            .unwrap_or_else(|| panic!("a key that was not published in time: {kid}"));
        let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&[&app.client_id]);
        rules.set_issuer(&[&world.url]);
        // The tests' clock runs ahead of the library's.
        rules.validate_exp = false;
        jsonwebtoken::decode::<Value>(id_token, &key, &rules).unwrap();
    }
}

on_both! {
    async fn keys_are_exchanged_while_people_sign_in(world) {
        let app = App::of(world, &world.acme, false).await;
        let follows = tokio::spawn(start::follow_keys(world.console.clone()));
        let cookie = world.session("acme-member").await;
        let mut verifier = Verifier::read(world).await;
        let mut signers = std::collections::BTreeSet::new();
        let mut last = None;
        for round in 0..40 {
            // An exchange every ten minutes, each sign-in a minute after the one before.
            if round % 10 == 3 {
                rotate(world).await;
                // A running server looks every few seconds.
                tokio::time::sleep(std::time::Duration::from_millis(5_500)).await;
            }
            let tokens = app.tokens(world, &cookie, &[]).await;
            verifier.verify(world, &app, &tokens.id).await;
            world.get("/oidc/userinfo").token(&tokens.access).expect(200).await;
            if let Some(earlier) = last.replace(tokens.id.clone()) {
                verifier.verify(world, &app, &earlier).await;
            }
            signers.insert(header(&tokens.id)["kid"].to_string());
            world.console.clock().advance(60_000);
        }
        follows.abort();
        assert!(signers.len() >= 3, "the keys were not exchanged: {signers:?}");
    }
}
