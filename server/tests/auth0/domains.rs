//! A14: discovery domains, and the record that proves them.

use serde_json::{Value, json};

use super::{column, get, of, path, refused, send};
use crate::harness::dns::Dns;
use crate::harness::{Database, World, run_with_on};

/// Runs a test with a DNS server, on both databases.
fn with_dns(test: impl AsyncFn(&World, &Dns)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    for database in [Database::sqlite(), Database::postgres()] {
        let dns = runtime.block_on(Dns::start());
        let address = dns.address;
        run_with_on(
            database,
            |config| config.dns_server = Some(address),
            async |world| test(world, &dns).await,
        );
    }
}

async fn add(world: &World, path: &str, domain: &str) -> Value {
    send(world, "POST", path, json!({ "domain": domain }))
        .expect(201)
        .await
        .json
}

fn publish(dns: &Dns, domain: &Value) {
    dns.publish(
        domain["verification_host"].as_str().unwrap(),
        domain["verification_txt"].as_str().unwrap(),
    );
}

#[test]
fn a14_a_domain_is_verified_by_its_record_and_by_nothing_else() {
    with_dns(async |world: &World, dns: &Dns| {
        let all = of(&world.acme, "/discovery-domains");
        let made = add(world, &all, "Shop.Acme.example").await;
        assert_eq!(
            (
                &made["domain"],
                &made["status"],
                &made["use_for_organization_discovery"]
            ),
            (&json!("shop.acme.example"), &json!("pending"), &json!(true))
        );
        assert!(
            made["verification_host"]
                .as_str()
                .unwrap()
                .ends_with(".shop.acme.example")
        );
        let one = format!("{all}/{}", made["id"].as_str().unwrap());
        let verify = json!({ "status": "verified" });
        let answer = send(world, "PATCH", &one, verify.clone()).expect(400).await;
        let (message, code) = refused(&answer);
        assert_eq!(code, Some("invalid_body"));
        assert!(
            message.contains(made["verification_txt"].as_str().unwrap())
                && message.ends_with("' on property status."),
            "{message}"
        );
        dns.publish(
            made["verification_host"].as_str().unwrap(),
            "guildhall-domain-verification=other",
        );
        send(world, "PATCH", &one, verify.clone()).expect(400).await;
        publish(dns, &made);
        let verified = send(world, "PATCH", &one, verify.clone()).expect(200).await.json;
        assert_eq!(verified["status"], "verified");
        // Verified, it needs no record any more; and goes back when somebody says so.
        send(world, "PATCH", &one, verify).expect(200).await;
        let paused = json!({ "use_for_organization_discovery": false });
        assert_eq!(
            send(world, "PATCH", &one, paused).expect(200).await.json["status"],
            "verified"
        );
        let back = send(world, "PATCH", &one, json!({ "status": "pending" }))
            .expect(200)
            .await;
        assert_eq!(back.json["status"], "pending");
        assert_eq!(get(world, &one).expect(200).await.json, back.json);
        let named = get(world, &format!("{all}/name/shop.acme.example"))
            .expect(200)
            .await;
        assert_eq!(named.json, back.json);
        send(world, "DELETE", &one, json!({})).expect(204).await;
        get(world, &one).expect(404).await;
        get(world, &format!("{all}/name/shop.acme.example"))
            .expect(404)
            .await;
    });
}

#[test]
fn a14_of_two_that_claim_a_domain_one_wins() {
    with_dns(async |world: &World, dns: &Dns| {
        let (ours, theirs) = (
            of(&world.acme, "/discovery-domains"),
            of(&world.globex, "/discovery-domains"),
        );
        let (one, other) = (
            add(world, &ours, "both.example").await,
            add(world, &theirs, "both.example").await,
        );
        assert_ne!(one["verification_txt"], other["verification_txt"]);
        // Whoever has the record of one has not that of the other.
        publish(dns, &one);
        let verify = |all: &str, domain: &Value| {
            let path = format!("{all}/{}", domain["id"].as_str().unwrap());
            send(world, "PATCH", &path, json!({ "status": "verified" }))
        };
        verify(&theirs, &other).expect(400).await;
        publish(dns, &other);
        let (a, b) = tokio::join!(verify(&ours, &one).send(), verify(&theirs, &other).send());
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.text, b.text);
        let third = send(world, "POST", &theirs, json!({ "domain": "both.example" }))
            .expect(409)
            .await;
        refused(&third);
        // The winner's goes, and the other one may.
        let (winner, won, loser, lost) = if a.status == 200 {
            (&ours, &one, &theirs, &other)
        } else {
            (&theirs, &other, &ours, &one)
        };
        let path = format!("{winner}/{}", won["id"].as_str().unwrap());
        send(world, "DELETE", &path, json!({})).expect(204).await;
        verify(loser, lost).expect(200).await;
    });
}

#[test]
fn a14_lists_and_refuses() {
    with_dns(async |world: &World, dns: &Dns| {
        let all = of(&world.acme, "/discovery-domains");
        for n in 0..5 {
            add(world, &all, &format!("d{n}.example")).await;
        }
        let mut seen = Vec::new();
        let mut from = String::new();
        loop {
            let page = get(world, &format!("{all}?take=2{from}")).expect(200).await.json;
            seen.extend(column(&page["domains"], "domain"));
            match page["next"].as_str() {
                Some(next) => from = format!("&from={next}"),
                None => break,
            }
        }
        assert_eq!(
            seen,
            [
                "d0.example",
                "d1.example",
                "d2.example",
                "d3.example",
                "d4.example"
            ]
        );
        for (body, named) in [
            (json!({}), "domain"),
            (json!({ "domain": "no domain" }), "domain"),
            (json!({ "domain": "x.example", "status": "maybe" }), "status"),
            (json!({ "domain": "x.example", "status": "verified" }), "status"),
            (json!({ "domain": "x.example", "owner": "me" }), "owner"),
        ] {
            let answer = send(world, "POST", &all, body).expect(400).await;
            assert!(
                refused(&answer).0.ends_with(&format!("' on property {named}.")),
                "{}",
                answer.text
            );
        }
        send(world, "POST", &all, json!({ "domain": "d0.example" }))
            .expect(409)
            .await;
        get(world, &format!("{all}/nonsense")).expect(404).await;
        get(
            world,
            &path("/organizations/org_0000000000000000/discovery-domains"),
        )
        .expect(404)
        .await;
        // Where the record is there before, one call is enough.
        let (host, text) = server::store::discovery_domains::record(world.acme.id, "early.example");
        dns.publish(&host, &text);
        let early = json!({ "domain": "early.example", "status": "verified" });
        assert_eq!(
            send(world, "POST", &all, early).expect(201).await.json["status"],
            "verified"
        );
    });
}

/// Whether the sign-in of somebody in two organizations asks for which, by where it leads.
async fn leads_to(world: &World) -> String {
    let app = crate::oidc::App::of(world, &world.acme, true).await;
    let cookie = world.session("acme-member").await;
    let begun = world
        .get(&format!(
            "/oidc/authorize?client_id={}&response_type=code&scope=openid&redirect_uri={}&code_challenge={}&code_challenge_method=S256",
            app.client_id,
            crate::oidc::CALLBACK.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F").replace('=', "%3D"),
            crate::oidc::CHALLENGE,
        ))
        .header("cookie", &cookie)
        .expect(303)
        .await;
    let step = begun.header("location").unwrap().to_owned();
    let next = world.get(&step).header("cookie", &cookie).expect(303).await;
    next.header("location").unwrap().to_owned()
}

#[test]
fn a14_only_a_verified_domain_routes_a_sign_in() {
    with_dns(async |world: &World, dns: &Dns| {
        // In two organizations that have the application.
        let apps = format!("/v1/organizations/{}/apps", world.globex.id);
        world
            .put(&apps, json!({ "app_ids": [world.acme.app] }))
            .token(&world.admin)
            .expect(204)
            .await;
        let members = of(&world.globex, "/members");
        let body = json!({ "members": [super::key(world.acme.member)] });
        send(world, "POST", &members, body).expect(204).await;
        assert!(leads_to(world).await.starts_with("/signin/organization"));
        let all = of(&world.globex, "/discovery-domains");
        let made = add(world, &all, "example.com").await;
        assert!(leads_to(world).await.starts_with("/signin/organization"));
        publish(dns, &made);
        let one = format!("{all}/{}", made["id"].as_str().unwrap());
        send(world, "PATCH", &one, json!({ "status": "verified" }))
            .expect(200)
            .await;
        // An address that nobody proved leads nowhere (ABUSE 22).
        assert!(leads_to(world).await.starts_with("/signin/organization"));
        let person = world.acme.member;
        world
            .console
            .db()
            .write(move |tx| {
                Box::pin(async move { Ok(server::store::accounts::verify_email(tx, person, 1).await?) })
            })
            .await
            .unwrap();
        assert!(leads_to(world).await.starts_with("https://app.example/callback"));
        send(
            world,
            "PATCH",
            &one,
            json!({ "use_for_organization_discovery": false }),
        )
        .expect(200)
        .await;
        assert!(leads_to(world).await.starts_with("/signin/organization"));
    });
}

#[test]
fn a14_an_organization_has_the_dns_asked_so_often_and_no_more() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    for database in [Database::sqlite(), Database::postgres()] {
        let dns = runtime.block_on(Dns::start());
        let address = dns.address;
        let set = |config: &mut server::config::Config| {
            config.dns_server = Some(address);
            // Of the API as such there is no end.
            config.rate_limit = Some(10_000);
        };
        run_with_on(database, set, async |world| {
            let all = of(&world.acme, "/discovery-domains");
            let made = add(world, &all, "often.example").await;
            let one = format!("{all}/{}", made["id"].as_str().unwrap());
            let verify = json!({ "status": "verified" });
            for _ in 0..20 {
                send(world, "PATCH", &one, verify.clone()).expect(400).await;
            }
            let answer = send(world, "PATCH", &one, verify.clone()).expect(429).await;
            assert!(answer.header("retry-after").is_some());
            // Whether a domain is changed or added, by this API or the other.
            let body = json!({ "domain": "oftener.example", "status": "verified" });
            send(world, "POST", &all, body.clone()).expect(429).await;
            let native = format!("/v1/organizations/{}/domains", world.acme.id);
            world
                .post(&native, body.clone())
                .token(&world.admin)
                .expect(429)
                .await;
            // What asks nobody goes on, and so does another organization.
            send(
                world,
                "PATCH",
                &one,
                json!({ "use_for_organization_discovery": false }),
            )
            .expect(200)
            .await;
            send(world, "POST", &of(&world.globex, "/discovery-domains"), body)
                .expect(400)
                .await;
        });
    }
}
