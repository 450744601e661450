//! API applications of organizations: who sees and changes them, what their tokens may, whose they are after somebody left.

mod leaving;
mod limits;
mod sharing;
mod tokens;

use guildhall::id::{ClientId, UserId};
use serde_json::{Value, json};

use crate::harness::{Answer, Customer, World};

/// The path of an organization's API applications.
pub fn path(of: &Customer) -> String {
    format!("/v1/organizations/{}/clients", of.id)
}

/// Another active member of an organization.
pub async fn add(world: &World, to: &Customer, name: &str, role: &str) -> UserId {
    let person = json!({
        "email": format!("{name}@example.com"),
        "name": { "first_name": name },
        "credentials": { "password": crate::harness::PASSWORD, "force_replace": false },
    });
    world
        .post("/v1/users", person)
        .token(&world.admin)
        .expect(201)
        .await;
    let body = json!({ "email": format!("{name}@example.com"), "role_ids": [role] });
    let made = world
        .post(&format!("/v1/organizations/{}/members", to.id), body)
        .token(&world.admin)
        .expect(200)
        .await;
    assert_eq!(made.text_of("member_status"), "Active", "{}", made.text);
    made.text_of("user_id").parse().unwrap()
}

/// An API application made by somebody: the answer.
pub async fn create(world: &World, of: &Customer, token: &str, body: Value) -> Answer {
    world.post(&path(of), body).token(token).expect(201).await
}

/// API applications that somebody has, put there behind everybody's back: nobody knows their secrets.
pub async fn put_there(world: &World, of: &Customer, owner: UserId, many: u16) {
    let organization = of.id;
    let put = world.console.db().write(move |tx| {
        Box::pin(async move {
            for at in 0..many {
                let id = ClientId::compose(1, server::clock::random_bits());
                tx.query(
                    "INSERT INTO organization_client (id, organization_id, name, name_key, owner_id, visibility, secret_id,
                                                      secret_hash, secret_created_at, version, created_at, updated_at)
                     VALUES ($1, $2, $3, $3, $4, 'organization', 'none', 'none', 1, 1, 1, 1)",
                )
                .bind(id.to_string())
                .bind(organization.to_string())
                .bind(format!("{owner} {at}"))
                .bind(owner.to_string())
                .execute()
                .await?;
            }
            Ok(())
        })
    });
    put.await.unwrap();
}

/// How many the organization has.
pub async fn count(world: &World, of: &Customer) -> i64 {
    let mut tx = world.console.db().read().await.unwrap();
    let counted: (i64,) = tx
        .query("SELECT COUNT(*) FROM organization_client WHERE organization_id = $1")
        .bind(of.id.to_string())
        .one()
        .await
        .unwrap();
    counted.0
}

/// Its id and its secret.
pub fn credentials(made: &Answer) -> (String, String) {
    (
        made.result()["client"]["client_id"].as_str().unwrap().to_owned(),
        made.text_of("client_secret"),
    )
}

/// Asks for a token with credentials.
pub async fn try_token(world: &World, id: &str, secret: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
    ];
    world.token_request(&form).send().await
}

/// A token of credentials that count.
pub async fn token(world: &World, id: &str, secret: &str) -> String {
    let answer = try_token(world, id, secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json["access_token"].as_str().unwrap().to_owned()
}
