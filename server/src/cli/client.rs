//! `guildhall client add`: credentials for a program, without a browser.

use guildhall::applications::{
    Application, ApplicationKind, ClientWithSecret, CreateApplication, CreateClient, GetApplication,
    ListApplications,
};
use guildhall::contact::ScopeName;
use guildhall::id::ApplicationId;
use guildhall::page::Search;
use guildhall::text::Name;

use super::{run_as_system, say};
use crate::config::Config;
use crate::console::Console;
use crate::start;

/// The management application that is made where none is named.
const MANAGEMENT: &str = "Management API";

#[derive(Debug, clap::Args)]
pub struct Add {
    /// What to call it
    #[arg(long)]
    name: String,
    /// Whose tokens it gets: the tenant's backend (management), or one end-user application's
    #[arg(long, value_enum)]
    kind: Kind,
    /// The application's id; for management, "Management API" is used or made where none is named
    #[arg(long, value_name = "ID", required_if_eq("kind", "app"))]
    app: Option<String>,
    /// What its tokens may carry, once for each scope; all that its kind has where none is named
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// It has no secret: for an app that runs in browsers or on people's own devices, and signs members in with PKCE
    #[arg(long)]
    public: bool,
    /// Print JSON: {"client_id": …, "client_secret": …}, the secret null where there is none
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Management,
    App,
}

/// Makes a client.
pub async fn add(config: &Config, add: Add) -> anyhow::Result<()> {
    let name = Name::parse(&add.name).map_err(|why| anyhow::anyhow!("--name {why}"))?;
    let app: Option<ApplicationId> = add
        .app
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|why| anyhow::anyhow!("--app {why}"))?;
    let scopes = add
        .scopes
        .iter()
        .map(|scope| ScopeName::parse(scope).map_err(|why| anyhow::anyhow!("--scope {scope} {why}")));
    let scopes = scopes.collect::<anyhow::Result<Vec<_>>>()?;

    let console = start::open(config).await?;
    let made = make(&console, name, add.kind, app, scopes, add.public).await;
    console.db().close().await;
    let made = made?;
    let secret = made.client_secret.as_ref().map(guildhall::secret::Secret::reveal);
    if add.json {
        return say(&serde_json::json!({ "client_id": made.client_id, "client_secret": secret }).to_string());
    }
    let (id, url) = (made.client_id, &config.public_url);
    say(&match secret {
        Some(secret) => format!(
            "client_id      {id}\nclient_secret  {secret}\n\nThe secret is shown only now. Ask for a token at {url}/oidc/token."
        ),
        None => format!(
            "client_id  {id}\n\nIt has no secret. {url}/.well-known/openid-configuration says where to begin."
        ),
    })
}

async fn make(
    console: &Console,
    name: Name,
    kind: Kind,
    app: Option<ApplicationId>,
    scopes: Vec<ScopeName>,
    public: bool,
) -> anyhow::Result<ClientWithSecret> {
    let app = match app {
        Some(app_id) => run_as_system(console, GetApplication { app_id }).await?,
        None => management(console).await?,
    };
    let wanted = match kind {
        Kind::Management => ApplicationKind::Management,
        Kind::App => ApplicationKind::EndUser,
    };
    if app.kind != wanted {
        anyhow::bail!("--app: {} is an application of the other kind", app.name);
    }
    Ok(run_as_system(
        console,
        CreateClient {
            app_id: app.app_id,
            name,
            scopes,
            public,
        },
    )
    .await?)
}

/// The management application of that name, made where it is missing.
async fn management(console: &Console) -> anyhow::Result<Application> {
    let wanted = |app: &Application| app.name.eq_ignore_ascii_case(MANAGEMENT);
    let list = ListApplications {
        search: Search::parse(MANAGEMENT).ok(),
        kind: Some(ApplicationKind::Management),
        ..ListApplications::default()
    };
    if let Some(app) = run_as_system(console, list).await?.items.into_iter().find(wanted) {
        return Ok(app);
    }
    let name = Name::parse(MANAGEMENT).map_err(|why| anyhow::anyhow!("{why}"))?;
    let new = CreateApplication {
        name,
        kind: Some(ApplicationKind::Management),
        description: None,
        redirect_uris: vec![],
        post_logout_redirect_uris: vec![],
        initiate_login_uri: None,
    };
    Ok(run_as_system(console, new).await?)
}
