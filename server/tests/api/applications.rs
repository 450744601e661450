//! T27: applications and their clients.

use guildhall::id::{ApplicationId, ClientId};
use serde_json::json;

use crate::harness::on_both;

on_both! {
    async fn t27_applications(world) {
        let body = json!({ "name": "Reports", "description": "D", "redirect_uris": ["https://reports.example/cb"] });
        let made = world.post("/v1/applications", body).token(&world.admin).expect(201).await;
        assert_eq!(made.text_of("kind"), "end_user");
        let one = format!("/v1/applications/{}", made.text_of("app_id"));
        assert_eq!(world.get(&one).token(&world.admin).expect(200).await.json, made.json);
        assert_eq!(world.get("/v1/applications?kind=end_user").token(&world.admin).expect(200).await.column("name"), ["Invoices", "Payroll", "Reports"]);
        assert_eq!(world.get("/v1/applications?search=rep").token(&world.admin).expect(200).await.column("name"), ["Reports"]);
        let changed = world.put(&one, json!({ "name": "Reporting", "redirect_uris": [] })).token(&world.admin).expect(200).await;
        assert_eq!((changed.text_of("name").as_str(), changed.result()["description"].as_str()), ("Reporting", Some("D")));
        let taken = world.put(&one, json!({ "name": "INVOICES" })).token(&world.admin).expect(409).await;
        assert_eq!(taken.json["ts_error_code"], "application_name_taken");
        world.post("/v1/applications", json!({ "name": "invoices" })).token(&world.admin).expect(409).await;
        assert_eq!(world.post("/v1/applications", json!({})).token(&world.admin).expect(400).await.fields(), ["name"]);
        assert_eq!(world.post("/v1/applications", json!({ "name": "X", "kind": "game" })).token(&world.admin).expect(400).await.fields(), ["kind"]);
        let used = world.delete(&format!("/v1/applications/{}", world.acme.app)).token(&world.admin).expect(409).await;
        assert_eq!(used.json["ts_error_code"], "application_in_use");
        world.delete(&one).token(&world.admin).expect(204).await;
        for method in ["GET", "DELETE"] {
            world.call(method, &one).token(&world.admin).expect(404).await;
            world.call(method, &format!("/v1/applications/{}", ApplicationId::compose(1, 1))).token(&world.admin).expect(404).await;
        }
    }

    async fn t27_a_clients_secret_is_shown_once(world) {
        let path = format!("/v1/applications/{}/clients", world.acme.app);
        let made = world.post(&path, json!({ "name": "Batch", "scopes": ["read:members"] })).token(&world.admin).expect(201).await;
        let (id, secret) = (made.text_of("client_id"), made.text_of("client_secret"));
        let one = format!("{path}/{id}");
        for path in [&path, &one] {
            let seen = world.get(path).token(&world.admin).expect(200).await;
            assert!(!seen.text.contains("secret") && seen.text.contains(&id), "{}", seen.text);
        }
        let grant = |secret: &str| world.token_request(&[("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", secret)]);
        let token = grant(&secret).expect(200).await.json["access_token"].as_str().unwrap().to_owned();
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        world.get(&members).token(&token).expect(200).await;
        // A new secret kills the old one at once.
        let rotated = world.call("POST", &format!("{one}/rotate")).token(&world.admin).expect(200).await;
        grant(&secret).expect(401).await;
        grant(&rotated.text_of("client_secret")).expect(200).await;
        // A narrowed grant counts at once, for tokens that are out, too.
        let changed = world.put(&one, json!({ "name": "Nightly", "scopes": ["read:roles"] })).token(&world.admin).expect(200).await;
        assert_eq!((changed.text_of("name").as_str(), &changed.result()["scopes"]), ("Nightly", &json!(["read:roles"])));
        world.get(&members).token(&token).expect(403).await;
        world.put(&one, json!({ "scopes": ["read:members"] })).token(&world.admin).expect(200).await;
        world.get(&members).token(&token).expect(200).await;
        // A deleted client's tokens are dead at once.
        world.delete(&one).token(&world.admin).expect(204).await;
        let dead = world.get(&members).token(&token).expect(401).await;
        assert!(dead.header("www-authenticate").unwrap().contains(r#"error="invalid_token""#));
        world.get(&one).token(&world.admin).expect(404).await;
        world.call("POST", &format!("{one}/rotate")).token(&world.admin).expect(404).await;
    }

    async fn t27_clients_are_within_their_application(world) {
        let foreign = format!("/v1/applications/{}/clients/{}", world.acme.app, world.globex.client_id);
        for method in ["GET", "DELETE"] {
            world.call(method, &foreign).token(&world.admin).expect(404).await;
        }
        world.put(&foreign, json!({ "name": "Mine" })).token(&world.admin).expect(404).await;
        world.post(&format!("{foreign}/rotate"), json!({})).token(&world.admin).expect(404).await;
        let path = format!("/v1/applications/{}/clients", world.acme.app);
        world.get(&format!("{path}/{}", ClientId::compose(1, 1))).token(&world.admin).expect(404).await;
        assert_eq!(world.post(&path, json!({})).token(&world.admin).expect(400).await.fields(), ["name"]);
        for scope in ["everything", "update:tenant"] {
            let answer = world.post(&path, json!({ "name": "X", "scopes": ["read:members", scope] })).token(&world.admin).expect(400).await;
            assert_eq!(answer.fields(), ["scopes[1]"], "{}", answer.text);
        }
        world.post(&format!("/v1/applications/{}/clients", ApplicationId::compose(1, 1)), json!({ "name": "X" })).token(&world.admin).expect(404).await;
    }
}
