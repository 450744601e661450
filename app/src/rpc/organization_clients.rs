//! API applications of an organization: the server functions of their pages.

use guildhall::organization_clients::{self as ops, OrganizationClient};
use guildhall::page::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::handover::hand_over;
use super::handover::{ShownOnce, taken};
use super::{Ask, Done, RpcError};
use crate::components::portal::Portal;

/// An id with what to call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// What a form of an API application offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientChoices {
    pub teams: Vec<Named>,
    /// Who could be its owner, for whoever may name one.
    pub owners: Vec<Named>,
}

/// An API application with what its forms offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientPage {
    pub client: OrganizationClient,
    pub choices: ClientChoices,
}

#[server(prefix = "/rpc", endpoint = "list_organization_clients", protocol = Ask)]
pub async fn list_organization_clients(
    op: ops::ListOrganizationClients,
) -> Result<Page<OrganizationClient>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_client_choices", protocol = Ask)]
pub async fn get_client_choices(
    op: guildhall::teams::ListTeams,
    names_owners: bool,
) -> Result<ClientChoices, RpcError> {
    choices(op, names_owners).await
}

#[server(prefix = "/rpc", endpoint = "get_organization_client_page", protocol = Ask)]
pub async fn get_organization_client_page(
    op: ops::GetOrganizationClient,
    names_owners: bool,
) -> Result<ClientPage, RpcError> {
    let teams = guildhall::teams::ListTeams {
        organization_id: op.organization_id,
        search: None,
        user_id: None,
        limit: guildhall::page::Limit::default(),
        cursor: None,
    };
    let client = super::run(op).await?;
    let choices = if client.manageable {
        choices(teams, names_owners).await?
    } else {
        ClientChoices::default()
    };
    Ok(ClientPage { client, choices })
}

#[cfg(feature = "ssr")]
async fn choices(op: guildhall::teams::ListTeams, names_owners: bool) -> Result<ClientChoices, RpcError> {
    let organization_id = op.organization_id;
    let most = guildhall::page::Limit::new(100).unwrap_or_default();
    let teams = super::run(guildhall::teams::ListTeams { limit: most, ..op }).await?;
    let owners = if names_owners {
        let members = super::submit::<guildhall::members::ListMembers>(serde_json::json!({
            "organization_id": organization_id, "limit": 100,
        }))
        .await?;
        members
            .items
            .into_iter()
            .filter(|member| member.member_status == guildhall::members::MemberStatus::Active)
            .map(|member| Named {
                id: member.user_id.to_string(),
                name: member.label(),
            })
            .collect()
    } else {
        Vec::new()
    };
    Ok(ClientChoices {
        teams: teams
            .items
            .into_iter()
            .map(|team| Named {
                id: team.team_id.to_string(),
                name: team.name,
            })
            .collect(),
        owners,
    })
}

/// A new secret on its way to the page that shows it once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClientSecret {
    pub client_id: String,
    pub name: String,
    /// Absent for a browser without scripts, which reads it from the one-time store.
    pub secret: Option<String>,
}

impl ShownOnce for NewClientSecret {
    const NAME: &'static str = "organization_client_secret";

    fn forget(&mut self) {
        self.secret = None;
    }
}

#[cfg(feature = "ssr")]
impl From<ops::OrganizationClientWithSecret> for NewClientSecret {
    fn from(made: ops::OrganizationClientWithSecret) -> Self {
        NewClientSecret {
            client_id: made.client.client_id.to_string(),
            name: made.client.name,
            secret: Some(made.client_secret.reveal().to_owned()),
        }
    }
}

/// The secret that waits for this page, where scripts are off.
pub fn take_new_client_secret() -> Option<NewClientSecret> {
    taken()
}

#[server(prefix = "/rpc", endpoint = "create_organization_client")]
pub async fn create_organization_client(
    organization_id: String,
    name: String,
    #[server(default)] description: String,
    #[server(default)] visibility: String,
    #[server(default)] team_id: String,
    #[server(default)] owner_id: String,
    #[server(default)] portal: Portal,
) -> Result<NewClientSecret, RpcError> {
    let list = format!("{}/clients", portal.path_of(&organization_id));
    let mut fields = serde_json::json!({
        "organization_id": organization_id, "name": name, "description": description,
    });
    put_chosen(
        &mut fields,
        [
            ("visibility", visibility),
            ("team_id", team_id),
            ("owner_id", owner_id),
        ],
    );
    let made = super::submit::<ops::CreateOrganizationClient>(fields).await?;
    Ok(hand_over(made.into(), &list))
}

#[server(prefix = "/rpc", endpoint = "rotate_organization_client_secret")]
pub async fn rotate_organization_client_secret(
    organization_id: String,
    client_id: String,
    #[server(default)] grace: String,
    #[server(default)] portal: Portal,
) -> Result<NewClientSecret, RpcError> {
    let one = format!("{}/clients/{client_id}", portal.path_of(&organization_id));
    let mut fields = serde_json::json!({ "organization_id": organization_id, "client_id": client_id });
    put_chosen(&mut fields, [("grace", grace)]);
    let made = super::submit::<ops::RotateOrganizationClientSecret>(fields).await?;
    Ok(hand_over(made.into(), &one))
}

#[server(prefix = "/rpc", endpoint = "revoke_old_secret")]
pub async fn revoke_old_secret(organization_id: String, client_id: String) -> Result<Done, RpcError> {
    let now = super::submit::<ops::RevokeOldSecret>(serde_json::json!({
        "organization_id": organization_id, "client_id": client_id,
    }))
    .await?;
    Ok(super::done(format!("The old secret of {} ended", now.name), None))
}

/// Saves an API application; where somebody else has changed it since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_organization_client")]
#[allow(clippy::too_many_arguments)]
pub async fn update_organization_client(
    organization_id: String,
    client_id: String,
    name: String,
    #[server(default)] description: String,
    #[server(default)] visibility: String,
    #[server(default)] team_id: String,
    #[server(default)] owner_id: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_name: String,
    #[server(default)] was_description: String,
    #[server(default)] was_visibility: String,
    #[server(default)] was_team_id: String,
    #[server(default)] was_owner_id: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let mut fields = serde_json::json!({
        "organization_id": organization_id, "client_id": client_id, "name": name, "description": description,
    });
    put_chosen(
        &mut fields,
        [
            ("visibility", visibility.clone()),
            ("team_id", team_id.clone()),
            ("owner_id", owner_id.clone()),
        ],
    );
    let update = guildhall::input::parse::<ops::UpdateOrganizationClient>(fields)?;
    let get = ops::GetOrganizationClient {
        organization_id: update.organization_id,
        client_id: update.client_id,
    };
    let agree = async {
        let now = super::run(get).await?;
        // What is left at its empty choice stays as it was, and no team sees what is not a team's.
        let chosen = |chosen: String, was: &str| if chosen.is_empty() { was.to_owned() } else { chosen };
        let team = if visibility == "team" {
            chosen(team_id, &was_team_id)
        } else {
            String::new()
        };
        let team_now = now.team_id.map(|team| team.to_string()).unwrap_or_default();
        let described = now.description.unwrap_or_default();
        let mut sent = vec![
            Sent::new("name", &was_name, &now.name, &name),
            Sent::new("description", &was_description, &described, &description),
            Sent::new(
                "visibility",
                &was_visibility,
                now.visibility.as_str(),
                &visibility,
            ),
            Sent::new("team_id", &was_team_id, &team_now, &team),
        ];
        // The form of somebody who may not name an owner has no such field.
        let owner = chosen(owner_id, &was_owner_id);
        if !owner.is_empty() {
            sent.push(Sent::new(
                "owner_id",
                &was_owner_id,
                &now.owner_id.to_string(),
                &owner,
            ));
        }
        reconcile(now.version, &sent)
    };
    let saved = save(update, version, agree).await?;
    Ok(super::done(format!("{} was saved", saved.name), None))
}

#[server(prefix = "/rpc", endpoint = "delete_organization_client")]
pub async fn delete_organization_client(
    organization_id: String,
    client_id: String,
    #[server(default)] confirm_name: String,
    #[server(default)] portal: Portal,
) -> Result<Done, RpcError> {
    let id = serde_json::json!({ "organization_id": organization_id, "client_id": client_id });
    let client = super::submit::<ops::GetOrganizationClient>(id.clone()).await?;
    super::confirm(&confirm_name, &client.name)?;
    super::submit::<ops::DeleteOrganizationClient>(id).await?;
    Ok(super::done(
        format!("{} was deleted", client.name),
        Some(format!("{}/clients", portal.path_of(&organization_id))),
    ))
}

#[server(prefix = "/rpc", endpoint = "get_client_succession", protocol = Ask)]
pub async fn get_client_succession(op: ops::GetClientSuccession) -> Result<ops::ClientSuccession, RpcError> {
    super::run(op).await
}

/// What a form leaves at its empty choice is not said.
#[cfg(feature = "ssr")]
fn put_chosen<const N: usize>(fields: &mut serde_json::Value, chosen: [(&str, String); N]) {
    let Some(fields) = fields.as_object_mut() else {
        return;
    };
    for (name, value) in chosen {
        if !value.is_empty() {
            fields.insert(name.to_owned(), value.into());
        }
    }
}
