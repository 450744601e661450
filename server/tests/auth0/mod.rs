//! The Auth0-compatible API, row by row of its reference.

mod connections;
mod documents;
mod domains;
mod entrance;
mod invitations;
mod members;
mod organizations;
mod refusals;
mod tenant;

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Customer, World};

/// The id of the passwords of this program among the connections.
const PASSWORDS: &str = "con_00000000000000000000000001";

/// A path of this API.
fn path(rest: &str) -> String {
    format!("/api/v2{rest}")
}

/// A path below an organization.
fn of(customer: &Customer, rest: &str) -> String {
    path(&format!("/organizations/{}{rest}", customer.id))
}

/// A person's id as this API writes it, and as it stands in a path.
fn key(id: impl std::fmt::Display) -> String {
    id.to_string().replace("usr_", "auth0|")
}

fn in_path(id: impl std::fmt::Display) -> String {
    key(id).replace('|', "%7C")
}

fn get(world: &World, path: &str) -> Call {
    world.get(path).token(&world.admin)
}

fn send(world: &World, method: &str, path: &str, body: Value) -> Call {
    world.call(method, path).token(&world.admin).json(body)
}

/// A token of a new client of the backend with these scopes only.
async fn narrow(world: &World, scopes: &[&str]) -> String {
    let path = format!("/v1/applications/{}/clients", world.management);
    let made = world
        .post(&path, json!({ "name": "Narrow", "scopes": scopes }))
        .token(&world.admin)
        .expect(201)
        .await;
    let asked = json!({
        "grant_type": "client_credentials",
        "client_id": made.text_of("client_id"),
        "client_secret": made.text_of("client_secret"),
        "audience": format!("{}/api/v2/", world.url),
    });
    let answer = world.post("/oauth/token", asked).expect(200).await;
    answer.json["access_token"].as_str().unwrap().to_owned()
}

/// What a refusal says: its message and its code.
fn refused(answer: &Answer) -> (&str, Option<&str>) {
    assert_eq!(answer.json["statusCode"], answer.status, "{}", answer.text);
    assert!(answer.json["error"].is_string(), "{}", answer.text);
    (
        answer.json["message"].as_str().unwrap(),
        answer.json["errorCode"].as_str(),
    )
}

/// The texts of one field of an array.
fn column(list: &Value, field: &str) -> Vec<String> {
    list.as_array()
        .unwrap_or_else(|| panic!("a list: {list}"))
        .iter()
        .map(|row| row[field].as_str().unwrap().to_owned())
        .collect()
}
