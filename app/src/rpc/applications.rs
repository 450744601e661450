//! Applications and their clients: the server functions of their pages.

use guildhall::applications::{self as ops, Application, Client};
use guildhall::page::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::handover::hand_over;
use super::handover::{ShownOnce, taken};
use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "list_applications", protocol = Ask)]
pub async fn list_applications(op: ops::ListApplications) -> Result<Page<Application>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_application", protocol = Ask)]
pub async fn get_application(op: ops::GetApplication) -> Result<Application, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "create_application")]
pub async fn create_application(
    name: String,
    kind: String,
    #[server(default)] description: Option<String>,
    #[server(default)] redirect_uris: String,
    #[server(default)] post_logout_redirect_uris: String,
    #[server(default)] initiate_login_uri: String,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateApplication>(serde_json::json!({
        "name": name,
        "kind": kind,
        "description": super::optional(description),
        "redirect_uris": super::lines(&redirect_uris),
        "post_logout_redirect_uris": super::lines(&post_logout_redirect_uris),
        "initiate_login_uri": super::optional(Some(initiate_login_uri)),
    }))
    .await
    .map_err(at_line)?;
    Ok(super::done(
        format!("Application {} created", made.name),
        Some(format!("/admin/applications/{}", made.app_id)),
    ))
}

/// Saves an application; where somebody else has changed it since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_application")]
#[allow(clippy::too_many_arguments)]
pub async fn update_application(
    app_id: String,
    name: String,
    #[server(default)] description: String,
    #[server(default)] redirect_uris: String,
    #[server(default)] post_logout_redirect_uris: String,
    #[server(default)] initiate_login_uri: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_name: String,
    #[server(default)] was_description: String,
    #[server(default)] was_redirect_uris: String,
    #[server(default)] was_post_logout_redirect_uris: String,
    #[server(default)] was_initiate_login_uri: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let update = guildhall::input::parse::<ops::UpdateApplication>(serde_json::json!({
        "app_id": app_id,
        "name": name,
        "description": description,
        "redirect_uris": super::lines(&redirect_uris),
        "post_logout_redirect_uris": super::lines(&post_logout_redirect_uris),
        "initiate_login_uri": initiate_login_uri,
    }))
    .map_err(|error| at_line(error.into()))?;
    let get = ops::GetApplication {
        app_id: update.app_id,
    };
    let agree = async {
        let now = super::run(get).await?;
        let plain = |text: &str| super::lines(text).join("\n");
        let sent =
            |field, was: &str, now: String, typed: &str| Sent::new(field, &plain(was), &now, &plain(typed));
        let ways_out = now.post_logout_redirect_uris.join("\n");
        reconcile(
            now.version,
            &[
                sent("name", &was_name, now.name, &name),
                sent(
                    "description",
                    &was_description,
                    now.description.unwrap_or_default(),
                    &description,
                ),
                sent(
                    "redirect_uris",
                    &was_redirect_uris,
                    now.redirect_uris.join("\n"),
                    &redirect_uris,
                ),
                sent(
                    "post_logout_redirect_uris",
                    &was_post_logout_redirect_uris,
                    ways_out,
                    &post_logout_redirect_uris,
                ),
                sent(
                    "initiate_login_uri",
                    &was_initiate_login_uri,
                    now.initiate_login_uri.unwrap_or_default(),
                    &initiate_login_uri,
                ),
            ],
        )
    };
    let saved = save(update, version, agree).await.map_err(at_line)?;
    Ok(super::done(
        format!("Application {} saved", saved.name),
        Some(format!("/admin/applications/{}", saved.app_id)),
    ))
}

/// The form has the links as lines of one field.
#[cfg(feature = "ssr")]
fn at_line(error: RpcError) -> RpcError {
    super::rename(error, |at| {
        // `redirect_uris[1]`
        let line = at
            .field
            .strip_suffix(']')
            .and_then(|at| at.split_once('['))
            .filter(|(list, _)| matches!(*list, "redirect_uris" | "post_logout_redirect_uris"))
            .and_then(|(list, index)| Some((list, index.parse::<usize>().ok()?)));
        match line {
            Some((list, index)) => guildhall::FieldError {
                field: list.to_owned(),
                message: format!("line {} {}", index + 1, at.message),
            },
            None => at.clone(),
        }
    })
}

#[server(prefix = "/rpc", endpoint = "delete_application")]
pub async fn delete_application(
    app_id: String,
    #[server(default)] confirm_name: String,
) -> Result<Done, RpcError> {
    let application = super::submit::<ops::GetApplication>(serde_json::json!({ "app_id": app_id })).await?;
    super::confirm(&confirm_name, &application.name)?;
    super::run(ops::DeleteApplication {
        app_id: application.app_id,
    })
    .await?;
    Ok(super::done(
        format!("Application {} deleted", application.name),
        Some("/admin/applications".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "list_clients", protocol = Ask)]
pub async fn list_clients(op: ops::ListClients) -> Result<Page<Client>, RpcError> {
    super::run(op).await
}

/// A client's new secret on its way to the page that shows it once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSecret {
    pub client_id: String,
    pub name: String,
    /// It has none.
    pub public: bool,
    /// Absent for a browser without scripts, which reads it from the one-time store.
    pub secret: Option<String>,
}

impl ShownOnce for NewSecret {
    const NAME: &'static str = "client_secret";

    fn forget(&mut self) {
        self.secret = None;
    }
}

#[cfg(feature = "ssr")]
impl From<ops::ClientWithSecret> for NewSecret {
    fn from(made: ops::ClientWithSecret) -> Self {
        NewSecret {
            client_id: made.client_id.to_string(),
            name: made.name,
            public: made.public,
            secret: made.client_secret.map(|secret| secret.reveal().to_owned()),
        }
    }
}

/// The secret that waits for this page, where scripts are off.
pub fn take_new_secret() -> Option<NewSecret> {
    taken()
}

/// The page that shows the secret of a client.
#[cfg(feature = "ssr")]
fn clients_page(made: &ops::ClientWithSecret) -> String {
    format!("/admin/applications/{}/clients", made.app_id)
}

#[server(prefix = "/rpc", endpoint = "create_client")]
pub async fn create_client(
    app_id: String,
    name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] public: bool,
) -> Result<NewSecret, RpcError> {
    let made = super::submit::<ops::CreateClient>(serde_json::json!({
        "app_id": app_id, "name": name, "scopes": scopes, "public": public,
    }))
    .await?;
    let page = clients_page(&made);
    Ok(hand_over(made.into(), &page))
}

#[server(prefix = "/rpc", endpoint = "get_client", protocol = Ask)]
pub async fn get_client(op: ops::GetClient) -> Result<Client, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "update_client")]
pub async fn update_client(
    app_id: String,
    client_id: String,
    name: String,
    #[server(default)] scopes: Vec<String>,
) -> Result<Done, RpcError> {
    let saved = super::submit::<ops::UpdateClient>(serde_json::json!({
        "app_id": app_id, "client_id": client_id, "name": name, "scopes": scopes,
    }))
    .await?;
    Ok(super::done(
        format!("Client {} saved", saved.name),
        Some(format!("/admin/applications/{}/clients", saved.app_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "rotate_client_secret")]
pub async fn rotate_client_secret(app_id: String, client_id: String) -> Result<NewSecret, RpcError> {
    let made = super::submit::<ops::RotateClientSecret>(serde_json::json!({
        "app_id": app_id, "client_id": client_id,
    }))
    .await?;
    let page = clients_page(&made);
    Ok(hand_over(made.into(), &page))
}

#[server(prefix = "/rpc", endpoint = "delete_client")]
pub async fn delete_client(
    app_id: String,
    client_id: String,
    #[server(default)] confirm_name: String,
) -> Result<Done, RpcError> {
    let id = serde_json::json!({ "app_id": app_id, "client_id": client_id });
    let client = super::submit::<ops::GetClient>(id.clone()).await?;
    super::confirm(&confirm_name, &client.name)?;
    super::submit::<ops::DeleteClient>(id).await?;
    Ok(super::done(
        format!("Client {} deleted", client.name),
        Some(format!("/admin/applications/{app_id}/clients")),
    ))
}
