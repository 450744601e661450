//! Signing in to the tenant's applications, as an application and a browser go about it.

mod authorize;
mod ends;
mod hosted;
mod keys;
mod leaving;
mod mixed;
mod password;
mod tokens;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::harness::{Answer, Call, Customer, World};

/// The example of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub const CALLBACK: &str = "https://app.example/callback?from=guildhall";
pub const GOODBYE: &str = "https://app.example/goodbye";

/// A client of a customer's application.
pub struct App {
    pub client_id: String,
    /// Absent for a public client.
    pub secret: Option<String>,
}

/// What a program reads in the query of an address.
pub fn query(address: &str) -> Vec<(String, String)> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

pub fn value(address: &str, name: &str) -> Option<String> {
    query(address)
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

/// The claims of a token, whoever signed it.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub fn header(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

impl App {
    /// Registers the application's addresses, and a client of it.
    pub async fn of(world: &World, customer: &Customer, public: bool) -> App {
        let path = format!("/v1/applications/{}", customer.app);
        let addresses = json!({ "redirect_uris": [CALLBACK], "post_logout_redirect_uris": [GOODBYE] });
        world.put(&path, addresses).token(&world.admin).expect(200).await;
        let made = world
            .post(
                &format!("{path}/clients"),
                json!({ "name": "App", "public": public }),
            )
            .token(&world.admin)
            .expect(201)
            .await;
        assert_eq!(
            made.result()["client_secret"].is_string(),
            !public,
            "{}",
            made.text
        );
        App {
            client_id: made.text_of("client_id"),
            secret: made.result()["client_secret"].as_str().map(str::to_owned),
        }
    }

    /// The parameters of an authorization request, and more; one that is given anew replaces.
    pub fn asks(&self, more: &[(&str, &str)]) -> String {
        let usual = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "st&te"),
            ("nonce", "n0nce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual
            .into_iter()
            .filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let given = more.iter().copied().filter(|(_, value)| *value != "-");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept.chain(given))
            .finish();
        format!("/oidc/authorize?{query}")
    }

    /// Where a browser ends up that asks to sign in: with a session's cookie or without one.
    pub async fn visit(&self, world: &World, cookie: Option<&str>, more: &[(&str, &str)]) -> String {
        follow(world, cookie, self.asks(more)).await
    }

    /// The code that somebody's browser brings back.
    pub async fn code(&self, world: &World, cookie: &str, more: &[(&str, &str)]) -> String {
        let end = self.visit(world, Some(cookie), more).await;
        value(&end, "code").unwrap_or_else(|| panic!("no code in {end}"))
    }

    /// A form of the token endpoint or its neighbours, from this client.
    pub fn form(&self, world: &World, path: &str, fields: &[(&str, &str)]) -> Call {
        let mut pairs = fields.to_vec();
        pairs.push(("client_id", self.client_id.as_str()));
        if let Some(secret) = &self.secret {
            pairs.push(("client_secret", secret));
        }
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        world
            .call("POST", path)
            .body("application/x-www-form-urlencoded", body)
    }

    pub fn redeem(&self, world: &World, code: &str) -> Call {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.form(world, "/oidc/token", &fields)
    }

    pub fn refresh(&self, world: &World, token: &str) -> Call {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.form(world, "/oidc/token", &fields)
    }

    /// The tokens of a whole sign-in.
    pub async fn tokens(&self, world: &World, cookie: &str, more: &[(&str, &str)]) -> Tokens {
        let code = self.code(world, cookie, more).await;
        Tokens::read(&self.redeem(world, &code).expect(200).await)
    }

    /// Whether a token is active, as introspection says.
    pub async fn is_active(&self, world: &World, token: &str) -> bool {
        let answer = self
            .form(world, "/oidc/introspect", &[("token", token)])
            .expect(200)
            .await;
        answer.json["active"].as_bool().unwrap()
    }
}

/// What a sign-in gave.
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub id: String,
}

impl Tokens {
    pub fn read(answer: &Answer) -> Tokens {
        let text = |name: &str| answer.json[name].as_str().unwrap_or_default().to_owned();
        Tokens {
            access: text("access_token"),
            refresh: text("refresh_token"),
            id: text("id_token"),
        }
    }
}

/// Follows redirects within the console; the first other address, or the page that asks something.
pub async fn follow(world: &World, cookie: Option<&str>, mut address: String) -> String {
    for _ in 0..5 {
        let call = world.get(&address).header("accept", "text/html");
        let answer = match cookie {
            Some(cookie) => call.header("cookie", cookie).send().await,
            None => call.send().await,
        };
        if answer.status != 303 {
            return address;
        }
        address = answer.header("location").unwrap().to_owned();
        if !address.starts_with('/') {
            return address;
        }
    }
    panic!("too many redirects: {address}");
}

/// The page of ours that says what is wrong, to which a call leads and nowhere else.
pub async fn problem(world: &World, call: Call, status: u16) -> Answer {
    let answer = call.expect(303).await;
    let page = answer.header("location").unwrap();
    assert!(page.starts_with("/signin/problem?why="), "{page}");
    world.get(page).header("accept", "text/html").expect(status).await
}

/// Makes somebody a member of another customer, too.
pub async fn also_member(world: &World, of: &Customer, name: &str) {
    let body = json!({ "email": format!("{name}@example.com"), "role_ids": ["Organization Member"] });
    world
        .post(&format!("/v1/organizations/{}/members", of.id), body)
        .token(&world.admin)
        .expect(200)
        .await;
}
