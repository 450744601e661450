//! The world of the tests: one vendor, two customers that must not see each other.

use std::net::SocketAddr;

use guildhall::applications::{ApplicationKind, CreateApplication, CreateClient};
use guildhall::caller::{Caller, Request};
use guildhall::id::*;
use guildhall::members::AddMember;
use guildhall::operation::{Operation, Runs};
use guildhall::organizations::CreateOrganization;
use guildhall::policy::{Standing, scopes_of};
use guildhall::roles::{CreateRole, CreateRoleGroup, SetOrganizationRoles};
use guildhall::sessions::{SignIn, SignInStep};
use guildhall::users::{CreateUser, SetTenantAdmin};
use guildhall::{Error, input};
use reqwest::Client;
use serde_json::{Value, json};
use server::auth::token::Claims;
use server::config::{Config, LogFormat};
use server::console::Console;
use server::live::follow::Follower;
use server::start;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{Call, Database};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// A customer of the vendor.
pub struct Customer {
    pub id: OrganizationId,
    pub app: ApplicationId,
    /// A role that it may give.
    pub role: CustomRoleId,
    pub group: RoleGroupId,
    /// Lower case.
    pub name: String,
    /// Its administrator and a member.
    pub admin: UserId,
    pub member: UserId,
    /// The Client token of its application.
    pub client: String,
    pub client_id: ClientId,
    /// The OrgAdmin token of its administrator.
    pub org_admin: String,
}

/// Another server on the world's database.
pub struct Server {
    pub console: Console,
    pub url: String,
    follower: Follower,
    stop: oneshot::Sender<()>,
}

impl Server {
    /// Ends it.
    pub async fn end(self) {
        self.console.services().live.close();
        let _ = self.stop.send(());
        self.follower.stop().await;
        self.console.db().close().await;
    }
}

pub struct World {
    pub console: Console,
    pub url: String,
    pub acme: Customer,
    pub globex: Customer,
    /// The Admin token, and the client that has it.
    pub admin: String,
    pub management: ApplicationId,
    pub backend: (ClientId, String),
    /// The User token of Acme's member.
    pub user: String,
    /// Somebody in no organization, and their User token.
    pub stranger: UserId,
    pub stranger_token: String,
    /// An administrator of the tenant.
    pub root: UserId,
    http: Client,
    config: Config,
    database: Option<Database>,
    stop: Option<oneshot::Sender<()>>,
    mail: Option<server::mail::worker::Worker>,
    webhooks: Option<server::webhooks::worker::Worker>,
    follower: Option<Follower>,
}

impl World {
    /// A world whose server has other settings; tests are not limited unless they say so.
    pub async fn start_with(database: Database, set: impl FnOnce(&mut Config)) -> World {
        database.create().await;
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let listen = listener.local_addr().unwrap();
        let url = format!("http://{listen}");
        let mut config = Config {
            database_url: database.url.clone(),
            listen,
            public_url: url.clone(),
            secret_key_file: None,
            smtp_url: None,
            mail_dir: None,
            mail_from: "no-reply@guildhall.example".parse().unwrap(),
            rate_limit: None,
            log: "off".into(),
            log_format: LogFormat::Text,
            trust_proxy: false,
            dns_server: None,
            webhook_private: Vec::new(),
            webhook_private_organizations: Vec::new(),
        };
        set(&mut config);
        let console = start::open(&config).await.unwrap();
        let mail = server::mail::worker::Worker::start(&console);
        let webhooks = server::webhooks::worker::Worker::start(&console);
        let follower = Follower::start(&console);
        let (stop, stopped) = oneshot::channel::<()>();
        let router = server::router(&console, &config);
        tokio::spawn(start::answer(listener, router, async {
            let _ = stopped.await;
        }));
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let management: ApplicationId = created(
            &system::<CreateApplication>(
                &console,
                json!({ "name": "Backend", "kind": ApplicationKind::Management }),
            )
            .await
            .app_id,
        );
        let root = person(&console, "root").await;
        system::<SetTenantAdmin>(&console, json!({ "user_id": root, "admin": true })).await;
        let stranger = person(&console, "stranger").await;
        let (client_id, secret) = client(&console, management).await;
        let acme = customer(&console, &http, &url, "Acme", "Invoices").await;
        let globex = customer(&console, &http, &url, "Globex", "Payroll").await;
        World {
            admin: token(&http, &url, client_id, &secret).await,
            user: user_token(&console, acme.member, None),
            stranger_token: user_token(&console, stranger, None),
            backend: (client_id, secret),
            stop: Some(stop),
            mail: Some(mail),
            webhooks: Some(webhooks),
            follower: Some(follower),
            database: Some(database),
            console,
            url,
            acme,
            globex,
            management,
            stranger,
            root,
            http,
            config,
        }
    }

    /// Another server on the same database, asked without a network.
    pub async fn another_node(&self) -> axum::Router {
        let console = start::open(&self.config).await.unwrap();
        server::router(&console, &self.config)
    }

    /// Where its database is.
    pub fn database_url(&self) -> &str {
        &self.config.database_url
    }

    /// Another server on the same database, on a port of its own.
    pub async fn another_server(&self) -> Server {
        let console = start::open(&self.config).await.unwrap();
        let follower = Follower::start(&console);
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(start::answer(
            listener,
            server::router(&console, &self.config),
            async {
                let _ = stopped.await;
            },
        ));
        Server {
            console,
            url,
            follower,
            stop,
        }
    }

    /// A request to a path.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(&self.http, method, format!("{}{path}", self.url))
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str, body: Value) -> Call {
        self.call("POST", path).json(body)
    }

    pub fn put(&self, path: &str, body: Value) -> Call {
        self.call("PUT", path).json(body)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    /// Signs somebody in: the `Cookie` header of their session.
    pub async fn session(&self, name: &str) -> String {
        let signed_in = try_sign_in(&self.console, name, PASSWORD).await.unwrap();
        let cookie = server::auth::session::set(&self.url, &signed_in, 60).unwrap();
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    /// A person's access token, for an organization or for themselves.
    pub fn user_token(&self, user: UserId, organization: Option<OrganizationId>) -> String {
        user_token(&self.console, user, organization)
    }

    /// A client of an application and its access token.
    pub async fn client(&self, app: ApplicationId) -> (ClientId, String) {
        let (id, secret) = client(&self.console, app).await;
        let token = token(&self.http, &self.url, id, &secret).await;
        (id, token)
    }

    /// Asks the token endpoint with a form.
    pub fn token_request(&self, form: &[(&str, &str)]) -> Call {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.call("POST", "/oidc/token")
            .body("application/x-www-form-urlencoded", body)
    }

    /// Ends the server and removes its data.
    pub async fn end(mut self) {
        self.console.services().live.close();
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(mail) = self.mail.take() {
            mail.stop().await;
        }
        if let Some(webhooks) = self.webhooks.take() {
            webhooks.stop().await;
        }
        if let Some(follower) = self.follower.take() {
            follower.stop().await;
        }
        self.console.db().close().await;
        if let Some(database) = self.database.take() {
            database.remove().await;
        }
    }
}

fn created<T: Copy>(id: &T) -> T {
    *id
}

/// Runs an operation as the program itself.
async fn system<Op: Operation>(console: &Console, fields: Value) -> Op::Output
where
    Console: Runs<Op>,
{
    let operation = input::parse::<Op>(fields).unwrap();
    console
        .run(&Request::system(), operation)
        .await
        .unwrap_or_else(|error| panic!("{}: {error:?}", Op::NAME))
}

async fn person(console: &Console, name: &str) -> UserId {
    let fields = json!({
        "email": format!("{name}@example.com"),
        "name": { "first_name": name },
        "credentials": { "password": PASSWORD, "force_replace": false },
    });
    system::<CreateUser>(console, fields).await.user_id
}

async fn try_sign_in(console: &Console, name: &str, password: &str) -> Result<String, Error> {
    let fields = json!({ "identifier": format!("{name}@example.com"), "password": password });
    let operation = input::parse::<SignIn>(fields)?;
    match console.run(&Request::by(Caller::Anonymous), operation).await? {
        SignInStep::SignedIn(signed_in) => Ok(signed_in.session_token.reveal().to_owned()),
        SignInStep::SecondFactor(_) => panic!("{name} signs in with a second factor"),
    }
}

async fn client(console: &Console, app: ApplicationId) -> (ClientId, String) {
    let made = system::<CreateClient>(console, json!({ "app_id": app, "name": "Test" })).await;
    (made.client_id, made.client_secret.unwrap().reveal().to_owned())
}

async fn token(http: &Client, url: &str, client_id: ClientId, secret: &str) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &client_id.to_string()),
        ("client_secret", secret),
    ];
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let call =
        Call::new(http, "POST", format!("{url}/oidc/token")).body("application/x-www-form-urlencoded", body);
    call.expect(200).await.json["access_token"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The token that `POST /v1/me/token` gives, without the session that it is asked with.
fn user_token(console: &Console, user: UserId, organization: Option<OrganizationId>) -> String {
    let standing = if organization.is_some() {
        Standing::OrganizationAdmin
    } else {
        Standing::Oneself
    };
    let now = console.clock().now() / 1000;
    let tokens = &console.services().tokens;
    let claims = Claims {
        iss: tokens.issuer().into(),
        aud: tokens.issuer().into(),
        sub: user.to_string(),
        client_id: "guildhall".into(),
        exp: now + 3600,
        iat: now,
        jti: "test".into(),
        scope: scopes_of(standing).join(" "),
        roles: Vec::new(),
        org_id: organization.map(|id| id.to_string()),
        sid: None,
        secret: None,
    };
    tokens.sign(&claims).unwrap()
}

async fn customer(console: &Console, http: &Client, url: &str, name: &str, app_name: &str) -> Customer {
    let small = name.to_lowercase();
    let app = system::<CreateApplication>(console, json!({ "name": app_name }))
        .await
        .app_id;
    let role = json!({ "app_id": app, "role_name": "Viewer", "permissions": ["documents:read"] });
    let role = system::<CreateRole>(console, role).await.role_id;
    let group = json!({ "app_id": app, "name": "Standard", "role_ids": [role] });
    let group = system::<CreateRoleGroup>(console, group).await.role_group_id;
    let organization = json!({ "name": name, "domain": format!("{small}.example"), "app_ids": [app] });
    let id = system::<CreateOrganization>(console, organization)
        .await
        .organization_id;
    let given = json!({ "app_id": app, "organization_id": id, "role_group_ids": [group], "role_ids": [] });
    system::<SetOrganizationRoles>(console, given).await;
    let mut members = Vec::new();
    for (who, roles) in [
        ("admin", json!(["Organization Admin", role])),
        ("member", json!(["Organization Member", role])),
    ] {
        let address = format!("{small}-{who}");
        person(console, &address).await;
        let fields =
            json!({ "organization_id": id, "email": format!("{address}@example.com"), "role_ids": roles });
        members.push(system::<AddMember>(console, fields).await.user_id);
    }
    let (client_id, secret) = client(console, app).await;
    Customer {
        name: small,
        client: token(http, url, client_id, &secret).await,
        org_admin: user_token(console, members[0], Some(id)),
        admin: members[0],
        member: members[1],
        client_id,
        id,
        app,
        role,
        group,
    }
}
