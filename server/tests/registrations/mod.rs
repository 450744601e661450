//! Organizations that people register themselves, from the switch to the organization, and what must not work.

mod abuse;
mod deciding;
mod public;
mod requesting;

use serde_json::{Value, json};

use crate::harness::{Answer, Call, World};

const OWN: &str = "/v1/me/registrations";
const ALL: &str = "/v1/registrations";

/// Changes something behind everybody's back.
async fn change(world: &World, sql: &'static str) {
    let changed = world.console.db().write(move |tx| {
        Box::pin(async move {
            tx.query(sql).execute().await?;
            Ok(())
        })
    });
    changed.await.unwrap();
}

/// Whoever has an address has proved it.
async fn prove(world: &World) {
    change(
        world,
        "UPDATE person SET email_verified = TRUE WHERE email IS NOT NULL",
    )
    .await;
}

/// What was decided on was so a day earlier.
async fn a_day_later(world: &World) {
    change(
        world,
        "UPDATE registration SET decided_at = decided_at - 86400000",
    )
    .await;
}

/// Sets the tenant's two switches, for people with proved addresses.
async fn set(world: &World, self_registration: bool, auto_approval: bool) {
    let settings = json!({ "self_registration": self_registration, "auto_approval": auto_approval });
    world
        .put("/v1/tenant/settings", settings)
        .token(&world.admin)
        .expect(200)
        .await;
    prove(world).await;
}

/// Somebody asks for an organization with their access token.
fn ask(world: &World, token: &str, name: &str) -> Call {
    world.post(OWN, json!({ "name": name })).token(token)
}

/// The ids of those that wait.
async fn pending(world: &World) -> Vec<String> {
    let path = format!("{ALL}?status=pending&include_total=true");
    let list = world.get(&path).token(&world.admin).expect(200).await;
    let ids = list.column("registration_id");
    assert_eq!(list.json["page_info"]["total"], ids.len(), "{}", list.text);
    ids
}

fn decide(world: &World, id: &str, how: &str, body: Value) -> Call {
    world.post(&format!("{ALL}/{id}/{how}"), body).token(&world.admin)
}

/// How many organizations are called so.
async fn organizations(world: &World, name: &str) -> usize {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("name", name).finish();
    let list = world
        .get(&format!("/v1/organizations?{query}"))
        .token(&world.admin)
        .expect(200)
        .await;
    list.result().as_array().unwrap().len()
}

/// The members of an organization.
async fn members(world: &World, organization: &str) -> Answer {
    world
        .get(&format!("/v1/organizations/{organization}/members"))
        .token(&world.admin)
        .expect(200)
        .await
}

/// How many mails of a kind were written to an address.
async fn mails(world: &World, address: &str, kind: &str) -> i64 {
    let mut tx = world.console.db().read().await.unwrap();
    let (count,): (i64,) = tx
        .query("SELECT COUNT(*) FROM outbox WHERE recipient = $1 AND kind = $2")
        .bind(address.to_owned())
        .bind(kind.to_owned())
        .one()
        .await
        .unwrap();
    count
}

/// How many rows a table has.
async fn count(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.console.db().read().await.unwrap();
    let (count,): (i64,) = tx.query(sql).one().await.unwrap();
    count
}

/// What the newest mail of a kind says.
async fn text_of(world: &World, address: &str, kind: &str) -> Value {
    let mut tx = world.console.db().read().await.unwrap();
    let (body,): (Option<String>,) = tx
        .query("SELECT body FROM outbox WHERE recipient = $1 AND kind = $2 ORDER BY id DESC LIMIT 1")
        .bind(address.to_owned())
        .bind(kind.to_owned())
        .one()
        .await
        .unwrap();
    serde_json::from_str(&body.unwrap()).unwrap()
}
