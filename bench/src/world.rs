//! What is in the database, and the requests about it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::rc::Rc;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::fetch;
use crate::load::Write;

/// The organization of 100,000.
pub const BIG: &str = "org_01000000000000000000000001";
/// The organization of 1,000.
pub const SMALL: &str = "org_01000000000000000000000002";
/// The organization that members are added to.
const GROWING: &str = "org_01000000000000000000000003";
pub const BIG_MEMBERS: u32 = 100_000;
pub const SMALL_MEMBERS: u32 = 1_000;
/// All of them, those above included.
pub const ORGANIZATIONS: u32 = 10_000;
pub const APP: &str = "app_01000000000000000000000001";
/// Where the application's sign-ins return to; nobody listens there.
pub const HOME: &str = "https://bench.example/callback";
pub const ROLE_GROUP: &str = "rgr_01000000000000000000000001";
pub const ROLES: [&str; 4] = [
    "rol_01000000000000000000000001",
    "rol_01000000000000000000000002",
    "rol_01000000000000000000000003",
    "rol_01000000000000000000000004",
];

/// What the requests need to know of the databases, which are copies of one.
#[derive(Clone)]
pub struct World {
    /// `Authorization` for the client.
    pub basic: Rc<str>,
    /// `Authorization` for the API; the bare server does not look at it.
    pub bearer: Rc<str>,
    /// Tells what this run makes from what another one made.
    pub run: u64,
}

/// The id of the person of a number from 1.
fn person(number: u64) -> String {
    format!("usr_01{number:024}")
}

/// Spreads numbers that follow one another.
pub fn mix(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl World {
    /// Asks the real server for a token.
    pub fn token(port: u16, credentials: &str, run: u64) -> Result<World> {
        let client: Value = serde_json::from_str(credentials).context("`client add` printed no JSON")?;
        let field = |name: &str| client.get(name).and_then(Value::as_str).context("no such field");
        let pair = format!("{}:{}", field("client_id")?, field("client_secret")?);
        let basic = format!("Basic {}", STANDARD.encode(pair));
        let headers = [
            format!("authorization: {basic}"),
            "content-type: application/x-www-form-urlencoded".to_owned(),
        ];
        let answer = fetch::ask(
            port,
            "POST",
            "/oidc/token",
            &headers,
            "grant_type=client_credentials",
        )?
        .good()?;
        let token: Value = serde_json::from_slice(&answer.body)?;
        let token = token.get("access_token").and_then(Value::as_str);
        let bearer = format!("Bearer {}", token.context("no access_token")?);
        Ok(World {
            basic: basic.into(),
            bearer: bearer.into(),
            run,
        })
    }

    fn get(&self, path: impl Fn(u64) -> String + 'static) -> Rc<Write> {
        let bearer = self.bearer.clone();
        Rc::new(move |request, number| {
            // Writing to memory does not fail.
            let _ = write!(
                request,
                "GET {} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\nauthorization: {bearer}\r\n\r\n",
                path(number)
            );
        })
    }

    fn post(
        &self,
        path: impl Fn(u64) -> String + 'static,
        body: impl Fn(u64) -> String + 'static,
    ) -> Rc<Write> {
        let bearer = self.bearer.clone();
        Rc::new(move |request, number| {
            let body = body(number);
            let _ = write!(
                request,
                "POST {} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\nauthorization: {bearer}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                path(number),
                body.len()
            );
        })
    }

    /// Reads a member of the large organization.
    pub fn one_member(&self) -> Rc<Write> {
        self.get(|number| {
            let which = mix(number) % u64::from(BIG_MEMBERS) + 1;
            format!("/v1/organizations/{BIG}/members/{}", person(which))
        })
    }

    /// Reads the first page of the large organization.
    pub fn first_page(&self) -> Rc<Write> {
        self.get(|_| format!("/v1/organizations/{BIG}/members?limit=50"))
    }

    /// Reads the first page of the large organization through the Auth0-compatible API.
    pub fn page_of_the_other_api(&self) -> Rc<Write> {
        self.get(|_| format!("/api/v2/organizations/{BIG}/members?per_page=50"))
    }

    /// Reads the first page of the small organization.
    pub fn small_page(&self) -> Rc<Write> {
        self.get(|_| format!("/v1/organizations/{SMALL}/members?limit=50"))
    }

    /// Reads a page far down the large organization.
    pub fn deep_page(&self) -> Rc<Write> {
        self.get(|number| {
            // The sort keys run up to 1,000,002: this is between a half and nine tenths of the way down.
            let key = 500_000 + mix(number) % 400_000;
            let mut cursor = String::new();
            let _ = cursor.write_fmt(format_args!(
                "members.name.a.n\u{1f}first{key:07} last0000000\u{1f}{}",
                person(1)
            ));
            let cursor = URL_SAFE_NO_PAD.encode(cursor);
            format!("/v1/organizations/{BIG}/members?limit=50&cursor={cursor}")
        })
    }

    /// Reads the first page of those who have the role that every tenth has.
    pub fn page_of_a_role(&self) -> Rc<Write> {
        let [_, role, ..] = ROLES;
        self.get(move |_| format!("/v1/organizations/{BIG}/members?limit=50&role_id={role}"))
    }

    /// Adds a new person to the growing organization.
    pub fn add_member(&self) -> Rc<Write> {
        let run = self.run;
        let [role, ..] = ROLES;
        self.post(
            |_| format!("/v1/organizations/{GROWING}/members"),
            move |number| {
                format!(
                    r#"{{"email":"n{run}-{number}@bench.example","name":{{"first_name":"New{:07}","last_name":"Last{number}"}},"role_ids":["{role}"]}}"#,
                    mix(number) % 10_000_000
                )
            },
        )
    }

    /// Gives a member of the small organization one or two roles.
    pub fn assign_roles(&self) -> Rc<Write> {
        let [a, b, c, d] = ROLES;
        self.post(
            |number| {
                let which = u64::from(BIG_MEMBERS) + 1 + mix(number) % u64::from(SMALL_MEMBERS);
                format!(
                    "/v1/applications/{APP}/organizations/{SMALL}/members/{}/roles",
                    person(which)
                )
            },
            move |number| match number % 2 {
                0 => format!(r#"{{"role_ids":["{a}","{c}"]}}"#),
                _ => format!(r#"{{"role_ids":["{b}","{d}"]}}"#),
            },
        )
    }

    /// Makes an organization with one application.
    pub fn create_organization(&self) -> Rc<Write> {
        let run = self.run;
        self.post(
            |_| "/v1/organizations".to_owned(),
            move |number| {
                format!(r#"{{"name":"New {run} {number}","domain":"n{number}.example","app_ids":["{APP}"]}}"#)
            },
        )
    }

    /// Asks for a token with the client's credentials.
    pub fn client_token(&self) -> Rc<Write> {
        let basic = self.basic.clone();
        let body = "grant_type=client_credentials";
        Rc::new(move |request, _| {
            let _ = write!(
                request,
                "POST /oidc/token HTTP/1.1\r\nhost: localhost\r\nauthorization: {basic}\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
        })
    }
}
