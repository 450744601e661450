//! Who gets in: tokens, scopes, limits.

use std::collections::BTreeSet;

use serde_json::json;
use server::rest::auth0::table;

use super::{PASSWORDS, get, in_path, narrow, of, path, refused, send};
use crate::harness::{World, on_both, run_with};

on_both! {
    async fn a_token_is_issued_as_json_and_as_a_form(world) {
        let (id, secret) = &world.backend;
        let audience = format!("{}/api/v2/", world.url);
        let asked = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "audience": audience });
        let answer = world.post("/oauth/token", asked.clone()).expect(200).await;
        assert_eq!(answer.json["token_type"], "Bearer");
        assert!(answer.json["expires_in"].as_u64().unwrap() > 0);
        assert!(answer.json["scope"].as_str().unwrap().contains("read:organizations"));
        let token = answer.json["access_token"].as_str().unwrap();
        world.get(&path("/organizations")).token(token).expect(200).await;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("grant_type", "client_credentials"), ("client_id", &id.to_string()), ("client_secret", secret), ("audience", &audience)])
            .finish();
        world.call("POST", "/oauth/token").body("application/x-www-form-urlencoded", form).expect(200).await;
        let mut elsewhere = asked.clone();
        elsewhere["audience"] = json!("https://elsewhere.example/");
        let refused = world.post("/oauth/token", elsewhere).expect(403).await;
        assert_eq!(refused.json["error"], "access_denied");
        let mut wrong = asked;
        wrong["client_secret"] = json!("guessed");
        assert_eq!(world.post("/oauth/token", wrong).expect(401).await.json["error"], "invalid_client");
    }

    async fn a_client_has_the_scopes_that_it_was_granted(world) {
        let token = narrow(world, &["create:organization_members"]).await;
        let claims = crate::oidc::claims(&token);
        assert_eq!(claims["scope"], "create:organization_members");
        let members = of(&world.acme, "/members");
        let body = json!({ "members": [crate::auth0::key(world.stranger)] });
        world.post(&members, body).token(&token).expect(204).await;
        let answer = world.get(&members).token(&token).expect(403).await;
        assert_eq!(
            answer.json,
            json!({
                "statusCode": 403,
                "error": "Forbidden",
                "message": "Insufficient scope, expected any of: read:organization_members",
                "errorCode": "insufficient_scope",
            })
        );
        // It opens no more of the other API than it says.
        world.get(&format!("/v1/organizations/{}/members", world.acme.id)).token(&token).expect(403).await;
    }

    async fn a_scope_of_members_shows_no_roles(world) {
        let token = narrow(world, &["read:organization_members"]).await;
        let native = world.get(&format!("/v1/organizations/{}/members", world.acme.id)).token(&token).expect(200).await;
        assert!(native.result().as_array().unwrap().iter().all(|member| member["roles"] == json!([])), "{}", native.text);
        world.get(&format!("/v1/organizations/{}/invitations", world.acme.id)).token(&token).expect(403).await;
        let answer = world.get(&of(&world.acme, "/members?fields=roles")).token(&token).expect(403).await;
        assert_eq!(refused(&answer).0, "Insufficient scope, expected any of: read:organization_member_roles");
    }

    async fn only_tokens_of_the_backend_get_in(world) {
        let list = path("/organizations");
        let nobody = world.get(&list).expect(401).await;
        assert_eq!(refused(&nobody), ("Invalid token", None));
        let nonsense = world.get(&list).token("nonsense").expect(401).await;
        assert_eq!(refused(&nonsense).0, "Invalid token");
        // The signature of another token.
        let (head, signature) = world.admin.rsplit_once('.').unwrap();
        let bent: String = signature.chars().rev().collect();
        let forged = world.get(&list).token(&format!("{head}.{bent}")).expect(401).await;
        assert_eq!(refused(&forged).0, "Invalid signature received for JSON Web Token validation");
        for token in [&world.acme.client, &world.acme.org_admin, &world.user] {
            let answer = world.get(&list).token(token).expect(401).await;
            assert_eq!(refused(&answer).0, "Client is not global.");
        }
        // A session's cookie is for the console.
        let cookie = world.session("root").await;
        world.get(&list).header("cookie", &cookie).expect(401).await;
    }

    async fn every_endpoint_names_the_scope_that_is_missing(world) {
        let token = narrow(world, &["read:tenant"]).await;
        for endpoint in table() {
            let mut filled = endpoint.path.to_owned();
            for name in endpoint.parameters() {
                let value = match name {
                    "id" if endpoint.path.starts_with("/organizations") => world.acme.id.to_string(),
                    "id" | "user_id" => in_path(world.acme.member),
                    other => other.to_owned(),
                };
                filled = filled.replace(&format!("{{{name}}}"), &value);
            }
            let answer = world.call(endpoint.method.as_str(), &path(&filled)).token(&token).expect(403).await;
            let scope = endpoint.permissions[0].scopes().last().unwrap();
            assert_eq!(
                refused(&answer),
                (format!("Insufficient scope, expected any of: {scope}").as_str(), Some("insufficient_scope")),
                "{} {}", endpoint.method, endpoint.path
            );
        }
    }

    async fn a_scope_that_is_covered_is_held_and_opens_no_more_than_its_name_says(world) {
        let made = world
            .post(&format!("/v1/applications/{}/clients", world.management), json!({ "name": "Broad", "scopes": ["read:members"] }))
            .token(&world.admin).expect(201).await;
        let asked = json!({
            "grant_type": "client_credentials", "client_id": made.text_of("client_id"), "client_secret": made.text_of("client_secret"),
            "audience": format!("{}/api/v2/", world.url), "scope": "read:organization_members",
        });
        let token = world.post("/oauth/token", asked).expect(200).await.json["access_token"].as_str().unwrap().to_owned();
        world.get(&of(&world.acme, "/members")).token(&token).expect(200).await;
        // Auth0's scope makes people members who are known: it makes no accounts, and changes no invitations.
        let assigns = narrow(world, &["create:organization_members"]).await;
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        let body = json!({ "email": "new@example.com", "role_ids": ["Organization Admin"] });
        world.post(&members, body).token(&assigns).expect(403).await;
        // Nor do filters tell what the answer leaves out.
        let reads = narrow(world, &["read:organization_members"]).await;
        world.get(&format!("{members}?role_id=Organization%20Admin")).token(&reads).expect(403).await;
        // A new organization's ways to sign in are a right of their own.
        let creates = narrow(world, &["create:organizations"]).await;
        let body = json!({ "name": "scoped", "enabled_connections": [{ "connection_id": PASSWORDS }] });
        world.post(&path("/organizations"), body).token(&creates).expect(403).await;
        world.post(&path("/organizations"), json!({ "name": "scoped" })).token(&creates).expect(201).await;
    }

    async fn what_is_malformed_is_refused_by_name(world) {
        let organizations = path("/organizations");
        for (query, named) in [
            ("per_page=0", "per_page"), ("per_page=101", "per_page"), ("page=-1", "page"), ("page=x", "page"),
            ("take=101", "take"), ("from=%20", "from"), ("include_totals=maybe", "include_totals"), ("include_totals=", "include_totals"), ("include_fields=", "include_fields"), ("page=", "page"),
            ("sort=color", "sort"),
            ("color=red", "color"), ("color=", "color"), ("page=1&page=2", "page"),
        ] {
            let answer = get(world, &format!("{organizations}?{query}")).expect(400).await;
            let (message, code) = refused(&answer);
            assert_eq!(code, Some("invalid_query_string"), "{query}: {}", answer.text);
            assert!(message.starts_with("Query validation error: '") && message.ends_with(&format!("' on property {named}.")), "{message}");
        }
        // A text that is empty says nothing.
        get(world, &format!("{organizations}?sort=&from=")).expect(200).await;
        let broken = world.call("POST", &organizations).token(&world.admin).body("application/json", "{").expect(400).await;
        assert_eq!(refused(&broken).1, Some("invalid_body"));
        world.call("POST", &organizations).token(&world.admin).body("text/plain", "{}").expect(415).await;
        let uri = get(world, &path("/organizations/acme")).expect(400).await;
        let (message, code) = refused(&uri);
        assert_eq!(code, Some("invalid_uri"));
        assert!(message.starts_with("Path validation error: '"), "{message}");
        refused(&get(world, &path("/nothing")).expect(404).await);
        refused(&send(world, "PUT", &organizations, json!({})).expect(405).await);
    }
}

/// Method, path and scope of each endpoint, as the reference has them.
const REFERENCE: [(&str, &str, &str); 44] = [
    ("GET", "/organizations", "read:organizations"),
    ("POST", "/organizations", "create:organizations"),
    ("GET", "/organizations/{id}", "read:organizations"),
    ("GET", "/organizations/name/{name}", "read:organizations"),
    ("PATCH", "/organizations/{id}", "update:organizations"),
    ("DELETE", "/organizations/{id}", "delete:organizations"),
    ("GET", "/organizations/{id}/members", "read:organization_members"),
    (
        "POST",
        "/organizations/{id}/members",
        "create:organization_members",
    ),
    (
        "DELETE",
        "/organizations/{id}/members",
        "delete:organization_members",
    ),
    (
        "GET",
        "/organizations/{id}/members/{user_id}/roles",
        "read:organization_member_roles",
    ),
    (
        "POST",
        "/organizations/{id}/members/{user_id}/roles",
        "create:organization_member_roles",
    ),
    (
        "DELETE",
        "/organizations/{id}/members/{user_id}/roles",
        "delete:organization_member_roles",
    ),
    (
        "GET",
        "/organizations/{id}/members/{user_id}/effective-roles",
        "read:organization_member_effective_roles",
    ),
    (
        "GET",
        "/organizations/{id}/invitations",
        "read:organization_invitations",
    ),
    (
        "POST",
        "/organizations/{id}/invitations",
        "create:organization_invitations",
    ),
    (
        "GET",
        "/organizations/{id}/invitations/{invitation_id}",
        "read:organization_invitations",
    ),
    (
        "DELETE",
        "/organizations/{id}/invitations/{invitation_id}",
        "delete:organization_invitations",
    ),
    (
        "GET",
        "/organizations/{id}/enabled_connections",
        "read:organization_connections",
    ),
    (
        "POST",
        "/organizations/{id}/enabled_connections",
        "create:organization_connections",
    ),
    (
        "GET",
        "/organizations/{id}/enabled_connections/{connection_id}",
        "read:organization_connections",
    ),
    (
        "PATCH",
        "/organizations/{id}/enabled_connections/{connection_id}",
        "update:organization_connections",
    ),
    (
        "DELETE",
        "/organizations/{id}/enabled_connections/{connection_id}",
        "delete:organization_connections",
    ),
    ("GET", "/connections", "read:connections"),
    ("GET", "/connections/{id}", "read:connections"),
    (
        "GET",
        "/organizations/{id}/discovery-domains",
        "read:organization_discovery_domains",
    ),
    (
        "POST",
        "/organizations/{id}/discovery-domains",
        "create:organization_discovery_domains",
    ),
    (
        "GET",
        "/organizations/{id}/discovery-domains/{discovery_domain_id}",
        "read:organization_discovery_domains",
    ),
    (
        "GET",
        "/organizations/{id}/discovery-domains/name/{discovery_domain}",
        "read:organization_discovery_domains",
    ),
    (
        "PATCH",
        "/organizations/{id}/discovery-domains/{discovery_domain_id}",
        "update:organization_discovery_domains",
    ),
    (
        "DELETE",
        "/organizations/{id}/discovery-domains/{discovery_domain_id}",
        "delete:organization_discovery_domains",
    ),
    ("GET", "/roles", "read:roles"),
    ("POST", "/roles", "create:roles"),
    ("GET", "/roles/{id}", "read:roles"),
    ("PATCH", "/roles/{id}", "update:roles"),
    ("DELETE", "/roles/{id}", "delete:roles"),
    ("GET", "/users", "read:users"),
    ("POST", "/users", "create:users"),
    ("GET", "/users-by-email", "read:users"),
    ("GET", "/users/{id}", "read:users"),
    ("PATCH", "/users/{id}", "update:users"),
    ("DELETE", "/users/{id}", "delete:users"),
    ("GET", "/users/{id}/organizations", "read:organizations"),
    ("GET", "/clients", "read:clients"),
    ("GET", "/clients/{id}", "read:clients"),
];

#[test]
fn each_endpoint_asks_for_the_scope_of_the_reference_and_for_no_other() {
    let asked: BTreeSet<(String, &str, String)> = table()
        .iter()
        .map(|endpoint| {
            let scopes: Vec<&str> = endpoint
                .permissions
                .iter()
                .map(|permission| *permission.scopes().last().unwrap())
                .collect();
            (endpoint.method.to_string(), endpoint.path, scopes.join(" "))
        })
        .collect();
    let reference: BTreeSet<(String, &str, String)> = REFERENCE
        .into_iter()
        .map(|(method, path, scope)| (method.to_owned(), path, scope.to_owned()))
        .collect();
    assert_eq!(asked, reference);
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_again() {
    run_with(
        |config| config.rate_limit = Some(5),
        async |world: &World| {
            let list = path("/organizations");
            let mut last = get(world, &list).expect(200).await;
            for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
                assert!(
                    last.header(name)
                        .is_some_and(|value| value.parse::<i64>().is_ok()),
                    "{name}"
                );
            }
            for _ in 0..30 {
                last = get(world, &list).send().await;
                if last.status == 429 {
                    break;
                }
            }
            assert_eq!(last.status, 429);
            assert_eq!(refused(&last).1, None);
            assert_eq!(last.header("x-ratelimit-remaining"), Some("0"));
            assert!(last.header("retry-after").is_some());
            tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
            get(world, &list).expect(200).await;
        },
    );
}

#[test]
fn every_answer_says_how_often_one_may_still_ask() {
    run_with(
        |config| config.rate_limit = Some(100),
        async |world: &World| {
            let organizations = path("/organizations");
            for (method, path, status) in [
                ("PUT", organizations.clone(), 405),
                ("GET", path("/nothing"), 404),
                ("GET", path("/organizations/acme"), 400),
                ("GET", path("/openapi.json"), 200),
                ("DELETE", path("/openapi.json"), 405),
                ("GET", "/oauth/token".to_owned(), 405),
            ] {
                let answer = world.call(method, &path).token(&world.admin).expect(status).await;
                for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
                    let value = answer.header(name).and_then(|value| value.parse::<i64>().ok());
                    assert!(value.is_some(), "{method} {path}: {name}");
                }
                if status >= 400 {
                    refused(&answer);
                }
            }
            // Nobody who is not let in is told less.
            let nobody = world.get(&organizations).expect(401).await;
            assert!(nobody.header("x-ratelimit-remaining").is_some());
        },
    );
}
