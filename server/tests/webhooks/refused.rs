//! What is never sent to: this machine, its neighbours, where a redirect leads, and whoever cannot prove their name.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use super::receiver::Receiver;
use super::{details, endpoint, on_loopback, something, until};
use crate::harness::dns::Dns;
use crate::harness::{World, run_on_each, run_with_on_each};

/// A certificate for 127.0.0.1 that nobody vouches for, and its key; good for nothing else.
const CERTIFICATE: &str = "MIIBkDCCATagAwIBAgIUO5bJG4If+wrGxVVV7nYo048SXkswCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMzIwMzk1OFoYDzIxMjYxMDMwMjAzOTU4WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASMTKJ0gR84LyDBwqry1Vau6bV9yVbGHw1HVj32E6dGQ4ARUScmwnFnLpSJDyS/BCbPmVhUm7bTRp4XdB/4vcYuo2QwYjAdBgNVHQ4EFgQUAMK0fZkI5tae0e4vwIQ3TZGXyFgwHwYDVR0jBBgwFoAUAMK0fZkI5tae0e4vwIQ3TZGXyFgwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUCIQD4C9YmtqNBypF5QTaCQ4Lz3tzSJ0N2WUDwBDjdJXUKSQIgZc+u1h7WV+deDJ0w3SYl8Opg++agMt/Iaxqv2/na3uc=";
const KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoBamQWJrTFhldarGgwlbszG+v9qg4sMDyYChIc6g/RehRANCAASMTKJ0gR84LyDBwqry1Vau6bV9yVbGHw1HVj32E6dGQ4ARUScmwnFnLpSJDyS/BCbPmVhUm7bTRp4XdB/4vcYu";

#[test]
fn an_endpoint_off_the_public_internet_is_refused_at_once() {
    run_on_each(async |world: &World| {
        let of_acme = format!("/v1/organizations/{}/webhooks", world.acme.id);
        for (path, token) in [
            ("/v1/webhooks", &world.admin),
            (of_acme.as_str(), &world.acme.org_admin),
        ] {
            for url in [
                "https://127.0.0.1",
                "https://[::1]:8443/x",
                "https://169.254.169.254/latest/meta-data",
                "https://10.0.0.1",
                "https://192.168.0.1",
                "https://100.64.0.1",
                "https://[fd00::1]",
                "https://[::ffff:127.0.0.1]",
                "http://127.0.0.1",
                "http://1.1.1.1",
                "http://hooks.example",
                "ftp://hooks.example",
                "https://me@hooks.example",
            ] {
                let refused = world
                    .post(path, json!({ "url": url }))
                    .token(token)
                    .expect(400)
                    .await;
                assert_eq!(refused.fields(), ["url"], "{url}: {}", refused.text);
            }
            let made = world
                .post(path, json!({ "url": "https://hooks.example" }))
                .token(token)
                .expect(201)
                .await;
            let id = made.result()["webhook"]["webhook_id"]
                .as_str()
                .unwrap()
                .to_owned();
            let moved = json!({ "url": "https://127.0.0.1" });
            world
                .put(&format!("{path}/{id}"), moved)
                .token(token)
                .expect(400)
                .await;
            let unknown = json!({ "url": "https://hooks.example", "event_types": ["list_members"] });
            let refused = world.post(path, unknown).token(token).expect(400).await;
            assert_eq!(refused.fields(), ["event_types[0]"], "{}", refused.text);
        }
    });
}

#[test]
fn there_are_at_most_twenty_endpoints() {
    run_on_each(async |world: &World| {
        let path = format!("/v1/organizations/{}/webhooks", world.acme.id);
        let body = json!({ "url": "https://hooks.example" });
        for _ in 0..20 {
            world
                .post(&path, body.clone())
                .token(&world.acme.org_admin)
                .expect(201)
                .await;
        }
        world
            .post(&path, body.clone())
            .token(&world.acme.org_admin)
            .expect(400)
            .await;
        world
            .post("/v1/webhooks", body)
            .token(&world.admin)
            .expect(201)
            .await;
    });
}

#[test]
fn nobody_passes_the_limit_by_asking_at_once() {
    run_on_each(async |world: &World| {
        let of_acme = format!("/v1/organizations/{}/webhooks", world.acme.id);
        for (path, token) in [
            ("/v1/webhooks", &world.admin),
            (of_acme.as_str(), &world.acme.org_admin),
        ] {
            let calls = (0..50).map(|at| {
                let body = json!({ "url": format!("https://hooks.example/{at}") });
                world.post(path, body).token(token).send()
            });
            let answers = join_all(calls).await;
            let made = answers.iter().filter(|answer| answer.status == 201).count();
            assert_eq!(made, 20, "{path}");
            for refused in answers.iter().filter(|answer| answer.status != 201) {
                assert_eq!(
                    (refused.status, refused.fields()),
                    (400, vec!["url"]),
                    "{}",
                    refused.text
                );
            }
        }
    });
}

#[test]
fn a_name_that_leads_to_a_private_address_leads_nowhere() {
    // The server of names is asked from the world's own runtime, and lives in one of its own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let dns = runtime.block_on(Dns::start());
    for (name, address) in [
        ("loopback.example", Ipv4Addr::LOCALHOST),
        ("metadata.example", Ipv4Addr::new(169, 254, 169, 254)),
    ] {
        dns.lead(name, address);
    }
    run_with_on_each(
        |config| config.dns_server = Some(dns.address),
        async |world: &World| {
            let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
                .await
                .unwrap();
            let port = listener.local_addr().unwrap().port();
            for host in [format!("loopback.example:{port}"), "metadata.example".to_owned()] {
                let endpoint = endpoint(world, &format!("https://{host}"), &["create_application"]).await;
                something(world, &format!("For {host}").replace(':', " ")).await;
                let waits = until(world, &endpoint, |one| one.attempts == 1 && one.next_at.is_some()).await;
                let why = waits.last_error.unwrap();
                assert!(why.contains("is not on the public internet"), "{why}");
                world.delete(&endpoint.path).token(&world.admin).expect(204).await;
            }
            let came = tokio::time::timeout(std::time::Duration::from_millis(300), listener.accept()).await;
            assert!(came.is_err(), "somebody connected");
        },
    );
}

#[test]
fn a_name_that_is_unknown_is_said_to_be() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let dns = runtime.block_on(Dns::start());
    run_with_on_each(
        |config| config.dns_server = Some(dns.address),
        async |world: &World| {
            let endpoint = endpoint(world, "https://nowhere.example", &["create_application"]).await;
            something(world, "Warehouse").await;
            let waits = until(world, &endpoint, |one| one.attempts == 1 && one.next_at.is_some()).await;
            let why = waits.last_error.unwrap();
            assert!(why.contains("knows no address of nowhere.example"), "{why}");
        },
    );
}

#[test]
fn a_redirect_is_a_failure_and_not_followed() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(307);
        something(world, "Warehouse").await;
        let waits = until(world, &endpoint, |one| one.last_status == Some(307)).await;
        assert!(
            waits
                .last_error
                .unwrap()
                .contains("a redirect, which is not followed")
        );
        let paths: Vec<String> = receiver.received().into_iter().map(|one| one.path).collect();
        assert_eq!(paths, ["/hook?x=1"]);
    });
}

#[test]
fn what_the_settings_do_not_list_is_not_reached_by_what_they_do() {
    run_with_on_each(
        |config| config.webhook_private = server::webhooks::networks::list("10.0.0.0/8").unwrap(),
        async |world: &World| {
            let body = json!({ "url": "http://127.0.0.1:9" });
            world
                .post("/v1/webhooks", body)
                .token(&world.admin)
                .expect(400)
                .await;
            endpoint(world, "http://10.1.2.3:9", &["create_application"]).await;
            // What the tenant's programs may reach, an organization's administrators do not.
            let path = format!("/v1/organizations/{}/webhooks", world.acme.id);
            for url in ["http://10.1.2.3:9", "http://127.0.0.1:9", "http://intern.example"] {
                let body = json!({ "url": url });
                world
                    .post(&path, body)
                    .token(&world.acme.org_admin)
                    .expect(400)
                    .await;
            }
        },
    );
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said() {
    on_loopback(async |world: &World| {
        let certificate = CertificateDer::from(STANDARD.decode(CERTIFICATE).unwrap());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(STANDARD.decode(KEY).unwrap()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            match acceptor.accept(stream).await {
                Ok(mut stream) => {
                    let mut said = Vec::new();
                    let _ = stream.read_to_end(&mut said).await;
                    said
                }
                Err(_) => Vec::new(),
            }
        });
        let endpoint = endpoint(world, &format!("https://{address}"), &["create_application"]).await;
        something(world, "Warehouse").await;
        let waits = until(world, &endpoint, |one| one.attempts == 1 && one.next_at.is_some()).await;
        let why = waits.last_error.clone().unwrap();
        assert!(why.starts_with("TLS failed"), "{why}");
        assert_eq!(details(world, &waits).await.tries[0].status, None);
        assert!(server.await.unwrap().is_empty());
    });
}
