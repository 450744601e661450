//! Live consoles: who is told what, how soon, and who is not; and what becomes of it when two people save one thing.

mod conflicts;
mod limits;
mod streams;

use std::time::Duration;

use guildhall::id::UserId;
use guildhall::users::SetTenantAdmin;
use guildhall::{caller::Request, input, operation::Runs as _};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{Customer, World};

/// How soon a change is to be seen.
pub const SOON: Duration = Duration::from_secs(1);
/// How long nothing is waited for.
pub const NEVER: Duration = Duration::from_millis(1_500);

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

/// What an open page listens to.
pub struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    /// Asks for a stream as a page does.
    pub async fn ask(url: &str, cookie: &str, query: &str) -> Response {
        reqwest::Client::new()
            .get(format!("{url}/live?{query}"))
            .header("cookie", cookie)
            .header("accept", "text/event-stream")
            .send()
            .await
            .unwrap()
    }

    /// Opens one that is there from the moment that this returns.
    pub async fn open(url: &str, cookie: &str, of: impl std::fmt::Display) -> Stream {
        let response = Stream::ask(url, cookie, &format!("of={of}")).await;
        let mut stream = Stream::over(response);
        assert_eq!(stream.next().await.expect("a greeting").name, "hello");
        stream
    }

    pub fn over(response: Response) -> Stream {
        assert_eq!(response.status(), 200);
        Stream {
            response,
            read: String::new(),
        }
    }

    /// The next event; `None` at the end of the stream. Panics where neither comes soon.
    pub async fn next(&mut self) -> Option<Event> {
        timeout(SOON, self.read_on())
            .await
            .expect("an event within a second, or the end")
    }

    /// Waits, and expects nothing.
    pub async fn expect_nothing(&mut self) {
        if let Ok(event) = timeout(NEVER, self.read_on()).await {
            panic!("{event:?}");
        }
    }

    /// Expects the last event, and the end behind it.
    pub async fn expect_end(&mut self, name: &str) {
        assert_eq!(self.next().await.expect("an event").name, name);
        assert_eq!(self.next().await, None);
    }

    async fn read_on(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let value = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                        .unwrap_or_default()
                        .to_owned()
                };
                let found = Event {
                    name: value("event"),
                    id: value("id"),
                    data: serde_json::from_str(&value("data")).unwrap_or_default(),
                };
                self.read = rest.to_owned();
                // A comment says only that the stream is there.
                if !found.name.is_empty() {
                    return Some(found);
                }
                continue;
            }
            match self.response.chunk().await {
                Ok(Some(bytes)) => self.read.push_str(std::str::from_utf8(&bytes).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }
}

pub fn member_path(customer: &Customer, user: UserId) -> String {
    format!("/v1/organizations/{}/members/{user}", customer.id)
}

/// Gives a member another title: whoever looks at the organization is to be told.
pub async fn retitle(world: &World, customer: &Customer, title: &str) {
    let path = member_path(customer, customer.member);
    world
        .put(&path, json!({ "title": title }))
        .token(&world.admin)
        .expect(200)
        .await;
}

/// Makes somebody an administrator of the tenant, or no longer one.
pub async fn set_tenant_admin(world: &World, user: UserId, admin: bool) {
    let operation = input::parse::<SetTenantAdmin>(json!({ "user_id": user, "admin": admin })).unwrap();
    world.console.run(&Request::system(), operation).await.unwrap();
}
