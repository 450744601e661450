//! Invitations from the mail to the member, and what must not work with them.

mod abuse;
mod added;
mod claims;
mod former;
mod joining;
mod unseen;

use guildhall::id::UserId;
use serde_json::{Value, json};

use crate::harness::smtp::{Manner, Smtp};
use crate::harness::{Answer, Call, Customer, Database, PASSWORD, World, run_with_on};

/// Declares tests with a mail server, on both databases.
macro_rules! on_both_with_smtp {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident, $smtp:ident) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn test($world: &World, $smtp: &Smtp) $body

            #[test]
            fn on_sqlite() {
                crate::invitations::with_smtp(crate::harness::Database::sqlite(), |_| (), test);
            }

            #[test]
            fn on_postgres() {
                crate::invitations::with_smtp(crate::harness::Database::postgres(), |_| (), test);
            }
        }
    )*};
}
pub(crate) use on_both_with_smtp;

pub(crate) fn with_smtp(
    database: Option<Database>,
    set: impl FnOnce(&mut server::config::Config),
    test: impl AsyncFnOnce(&World, &Smtp),
) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let smtp = runtime.block_on(Smtp::start(Manner::default()));
    let url = smtp.url();
    let set = |config: &mut server::config::Config| {
        config.smtp_url = Some(url);
        set(config);
    };
    run_with_on(database, set, async |world| test(world, &smtp).await);
}

fn members(customer: &Customer) -> String {
    format!("/v1/organizations/{}/members", customer.id)
}

fn invitations(customer: &Customer) -> String {
    format!("/v1/organizations/{}/invitations", customer.id)
}

/// Invites somebody as the organization's admin: the member, and the token in the mail's link.
async fn invite(
    world: &World,
    smtp: &Smtp,
    customer: &Customer,
    email: &str,
    roles: Value,
) -> (Value, String) {
    let before = smtp.received().iter().filter(|mail| mail.to == email).count();
    let body = json!({ "email": email, "role_ids": roles, "send_invite": true });
    let made = world
        .post(&members(customer), body)
        .token(&customer.org_admin)
        .expect(200)
        .await;
    let token = token_of(&smtp.next_to(email, before).await.link("/invite/"));
    (made.result().clone(), token)
}

fn token_of(link: &str) -> String {
    link.rsplit('/').next().unwrap().to_owned()
}

/// The organization's only invitation of somebody.
async fn invitation_of(world: &World, customer: &Customer, user: &str) -> Value {
    let path = format!("{}?user_id={user}", invitations(customer));
    let list = world.get(&path).token(&customer.org_admin).expect(200).await;
    let all = list.result().as_array().unwrap();
    assert_eq!(all.len(), 1, "{}", list.text);
    all[0].clone()
}

/// A server function, called as the pages do.
fn rpc(world: &World, name: &str, fields: &[(&str, &str)], cookie: Option<&str>) -> Call {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let call = world
        .call("POST", &format!("/rpc/{name}"))
        .body("application/x-www-form-urlencoded", form)
        .header("origin", &world.url);
    match cookie {
        Some(cookie) => call.header("cookie", cookie),
        None => call,
    }
}

/// Accepts as somebody new, with everybody's password.
fn accept(world: &World, token: &str) -> Call {
    let fields = [
        ("token", token),
        ("password", PASSWORD),
        ("first_name", "Grace"),
        ("last_name", "Hopper"),
    ];
    rpc(world, "accept_invitation", &fields, None)
}

fn join(world: &World, token: &str, cookie: &str) -> Call {
    rpc(world, "join_by_invitation", &[("token", token)], Some(cookie))
}

/// What the link says to whoever opens it.
async fn read(world: &World, token: &str, cookie: Option<&str>) -> Answer {
    let call = world
        .call("POST", "/rpc/read_invitation")
        .json(json!({ "token": token }))
        .header("origin", &world.url);
    let call = match cookie {
        Some(cookie) => call.header("cookie", cookie),
        None => call,
    };
    call.send().await
}

async fn member(world: &World, customer: &Customer, user: &str) -> Value {
    let path = format!("{}/{user}", members(customer));
    world
        .get(&path)
        .token(&world.admin)
        .expect(200)
        .await
        .result()
        .clone()
}

fn roles(member: &Value) -> Vec<String> {
    let mut roles: Vec<String> = member["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["role_id"].as_str().unwrap().to_owned())
        .collect();
    roles.sort();
    roles
}

/// The session cookie that an answer sets.
fn cookie_of(answer: &Answer) -> String {
    answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find(|value| value.contains("session="))
        .and_then(|value| value.split(';').next())
        .unwrap_or_else(|| panic!("no session: {answer:?}"))
        .to_owned()
}

fn id_of(member: &Value) -> UserId {
    member["user_id"].as_str().unwrap().parse().unwrap()
}
