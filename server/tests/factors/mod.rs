//! Second factors: set up, asked for at sign-in, required by organizations, reset by administrators.

mod passkeys;
mod required;
mod resetting;
mod setting_up;
mod signing_in;

use guildhall::caller::{Caller, Request, UserCaller};
use guildhall::factors::{BeginAuthenticatorApp, ConfirmAuthenticatorApp, GetAuthenticatorSetUp};
use guildhall::operation::{Operation, Runs};
use guildhall::{Error, input};
use serde_json::{Value, json};
use server::auth::totp;
use server::console::Console;

use crate::api::abuse::{cookie_named, cookie_of, rpc};
use crate::harness::{Answer, Call, PASSWORD, World};

/// Milliseconds that an authenticator app shows a code for.
pub const STEP: i64 = 30_000;

/// Runs an operation in the session of a cookie.
pub async fn act<Op: Operation>(world: &World, cookie: &str, fields: Value) -> Result<Op::Output, Error>
where
    Console: Runs<Op>,
{
    let token = cookie.split_once('=').unwrap().1;
    let session = world
        .console
        .session_rights(&server::clock::fingerprint(token))
        .await
        .unwrap()
        .expect("a session");
    let request = Request::by(Caller::User(UserCaller {
        user_id: session.user_id,
        session_id: Some(session.session_id),
        only_organization: None,
        scopes: None,
        viewing: session.viewing,
        second_factor: session.second_factor,
    }));
    world
        .console
        .run(&request, input::parse::<Op>(fields).unwrap())
        .await
}

/// What somebody's authenticator app knows, and their recovery codes.
pub struct App {
    pub secret: String,
    pub recovery_codes: Vec<String>,
}

impl App {
    /// Sets one up in a session whose password was just given.
    pub async fn set_up(world: &World, cookie: &str) -> App {
        act::<BeginAuthenticatorApp>(world, cookie, json!({}))
            .await
            .unwrap();
        let asked = act::<GetAuthenticatorSetUp>(world, cookie, json!({}))
            .await
            .unwrap();
        let secret = asked.key.reveal().replace(' ', "");
        let mut app = App {
            secret,
            recovery_codes: Vec::new(),
        };
        let code = json!({ "code": app.code(world) });
        let made = act::<ConfirmAuthenticatorApp>(world, cookie, code).await.unwrap();
        let codes = made.recovery_codes.iter().map(|code| code.reveal().to_owned());
        app.recovery_codes = codes.collect();
        app
    }

    /// The code that it shows now.
    pub fn code(&self, world: &World) -> String {
        self.code_at(world.console.clock().now())
    }

    pub fn code_at(&self, now: i64) -> String {
        totp::code(&self.secret, now).unwrap()
    }
}

/// The password's step of a sign-in: the cookie of the pending one.
pub async fn first_step(world: &World, name: &str) -> String {
    let identifier = format!("{name}@example.com");
    let fields = [("identifier", identifier.as_str()), ("password", PASSWORD)];
    let answer = rpc(world, "sign_in", &fields).expect(200).await;
    assert_eq!(answer.json["to"], "/signin/factor", "{}", answer.text);
    assert!(
        !sets_session(&answer),
        "there is no session before the second step"
    );
    cookie_named(&answer, "pending")
}

pub fn sets_session(answer: &Answer) -> bool {
    let set = answer.headers.get_all("set-cookie");
    set.iter()
        .any(|value| value.to_str().is_ok_and(|value| value.contains("session=")))
}

/// The second step with a typed code.
pub fn second_step(world: &World, pending: &str, code: &str) -> Call {
    rpc(world, "finish_sign_in", &[("code", code)]).header("cookie", pending)
}

/// The session of a whole sign-in.
pub async fn sign_in(world: &World, name: &str, code: &str) -> String {
    let pending = first_step(world, name).await;
    let answer = second_step(world, &pending, code).expect(200).await;
    cookie_of(&answer)
}

/// How many mails of a kind went to an address.
pub async fn mails(world: &World, address: &str, kind: &str) -> i64 {
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
