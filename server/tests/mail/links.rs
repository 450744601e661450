//! The links of mails lead where they say, whatever the mail was encoded in on its way.

use serde_json::json;

use super::with_smtp;
use crate::api::abuse::rpc;
use crate::harness::smtp::Smtp;
use crate::harness::{Database, World};

async fn a_forgotten_password_is_replaced_by_a_mail(world: &World, smtp: &Smtp) {
    let user = format!("/v1/users/{}", world.stranger);
    world
        .put(&user, json!({ "language": "de-CH" }))
        .token(&world.admin)
        .expect(200)
        .await;
    let address = "stranger@example.com";
    rpc(world, "request_password_reset", &[("email", address)])
        .expect(200)
        .await;
    let mail = smtp.next_to(address, 0).await;
    assert!(
        mail.text().contains("Passwort"),
        "in their language: {}",
        mail.data
    );
    let link = mail.link(&format!("{}/reset/", world.url));
    let path = link.strip_prefix(&world.url).unwrap();
    let page = world.get(path).header("accept", "text/html").expect(200).await;
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert!(page.text.contains(address), "{}", page.text);
    let token = path.rsplit('/').next().unwrap();
    rpc(
        world,
        "reset_password",
        &[("token", token), ("password", "quite another one")],
    )
    .expect(200)
    .await;
    let notice = smtp.next_to(address, 1).await;
    assert!(notice.text().contains("/forgot"), "{}", notice.data);
    assert!(!notice.data.contains(token) && !notice.text().contains("quite another one"));
    world.get(path).header("accept", "text/html").expect(410).await;
    let sign_in = [("identifier", address), ("password", "quite another one")];
    rpc(world, "sign_in", &sign_in).expect(200).await;
}

#[test]
fn on_sqlite() {
    with_smtp(Database::sqlite(), a_forgotten_password_is_replaced_by_a_mail);
}

#[test]
fn on_postgres() {
    with_smtp(Database::postgres(), a_forgotten_password_is_replaced_by_a_mail);
}
