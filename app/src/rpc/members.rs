//! Members: the server functions of their pages.

use guildhall::id::OrganizationId;
use guildhall::members::{self as ops, ApplicationAccess, Member, MemberStatus};
use guildhall::organization_clients::ClientHeir;
#[cfg(feature = "ssr")]
use guildhall::organization_clients::{ClientOwner, ListClientSuccessions};
use guildhall::page::Page;
use guildhall::roles::AssignableRoles;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};
use crate::components::member::SomeRoles;
use crate::components::portal::Portal;
use crate::components::submit::Outcome;

pub use leaving::{ChangeMembers, RemoveMember, change_members, remove_member};

/// A member as a row of the list shows them. All else that is known of them would come into the page with each row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLine {
    pub user_id: String,
    pub label: String,
    /// How to reach them, where that is not what they are called.
    pub contact: Option<String>,
    pub status: MemberStatus,
    /// Whether the membership is enabled.
    pub enabled: bool,
    pub roles: SomeRoles,
    pub joined_at: i64,
    pub last_auth: Option<i64>,
    /// The names of their API applications.
    pub clients: Vec<String>,
}

/// A page of members with the roles that the organization may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberList {
    pub page: Page<MemberLine>,
    pub roles: Options,
    /// Who could have the API applications of those who leave.
    pub heirs: Vec<ClientHeir>,
}

/// What a select offers: values and words.
pub type Options = Vec<(String, String)>;

/// What members can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFilters {
    pub roles: Options,
    pub apps: Options,
}

/// What a member has, beside all that the organization may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberAccess {
    pub member: Member,
    pub access: Vec<ApplicationAccess>,
    pub assignable: Vec<AssignableRoles>,
}

/// What became of each address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    pub rows: Vec<AddedRow>,
    /// Where all went well.
    pub done: Option<Done>,
}

/// What became of one address or number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedRow {
    pub contact: String,
    pub result: AddedAs,
}

/// How somebody came in, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddedAs {
    New,
    /// They had an account already, which stays as it is.
    Known,
    /// The same, and whoever has it never proved that the address or number which named them is theirs.
    Unproved,
    /// They were a member before.
    Member,
    Refused(String),
}

impl Outcome for Added {
    fn done(&self) -> Option<&Done> {
        self.done.as_ref()
    }
}

#[server(prefix = "/rpc", endpoint = "list_members", protocol = Ask)]
pub async fn list_members(op: ops::ListMembers) -> Result<MemberList, RpcError> {
    let organization_id = op.organization_id;
    let page: Page<Member> = super::run(op).await?;
    let successions = super::run(ListClientSuccessions { organization_id }).await?;
    Ok(MemberList {
        page: page.map(|member| line_of(member, &successions.owners)),
        roles: role_options(&super::run(guildhall::roles::ListAssignableRoles { organization_id }).await?),
        heirs: successions.heirs,
    })
}

#[cfg(feature = "ssr")]
fn line_of(member: Member, owners: &[ClientOwner]) -> MemberLine {
    let owned = owners.iter().find(|owner| owner.user_id == member.user_id);
    MemberLine {
        clients: owned.map(|owner| owner.names.clone()).unwrap_or_default(),
        user_id: member.user_id.to_string(),
        label: member.label(),
        contact: crate::components::member::contact_of(&member),
        status: member.member_status,
        enabled: member.organization_information.enabled,
        roles: member.roles.into(),
        joined_at: member.joined_at,
        last_auth: member.last_auth,
    }
}

/// The roles that an organization may give: the two of its own, then those of each application.
#[cfg(feature = "ssr")]
fn role_options(assignable: &[AssignableRoles]) -> Options {
    let mut options: Options = ["Organization Admin", "Organization Member"]
        .map(|role| (role.to_owned(), role.to_owned()))
        .into();
    for app in assignable {
        options.extend(app.roles.iter().map(|role| {
            (
                role.role_id.to_string(),
                format!("{}: {}", app.app_name, role.label()),
            )
        }));
    }
    options
}

#[server(prefix = "/rpc", endpoint = "list_member_filters", protocol = Ask)]
pub async fn list_member_filters(organization_id: OrganizationId) -> Result<MemberFilters, RpcError> {
    let apps = super::run(guildhall::roles::ListAssignableRoles { organization_id }).await?;
    Ok(MemberFilters {
        roles: role_options(&apps),
        apps: apps
            .into_iter()
            .map(|app| (app.app_id.to_string(), app.app_name))
            .collect(),
    })
}

#[server(prefix = "/rpc", endpoint = "get_member", protocol = Ask)]
pub async fn get_member(op: ops::GetMember) -> Result<Member, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_member_access", protocol = Ask)]
pub async fn get_member_access(op: ops::GetMember) -> Result<MemberAccess, RpcError> {
    let ops::GetMember {
        organization_id,
        user_id,
    } = op;
    Ok(MemberAccess {
        member: super::run(op).await?,
        access: super::run(ops::GetMemberAccess {
            organization_id,
            user_id,
        })
        .await?,
        assignable: super::run(guildhall::roles::ListAssignableRoles { organization_id }).await?,
    })
}

/// Adds everybody who is named, one after the other; who is in already stays as they are.
#[server(prefix = "/rpc", endpoint = "add_members")]
#[allow(clippy::too_many_arguments)]
pub async fn add_members(
    organization_id: String,
    #[server(default)] emails: String,
    #[server(default)] phone_number: Option<String>,
    #[server(default)] first_name: Option<String>,
    #[server(default)] last_name: Option<String>,
    organization_role: String,
    #[server(default)] role_ids: Vec<String>,
    how: String,
    #[server(default)] password: Option<String>,
    #[server(default)] department: Option<String>,
    #[server(default)] title: Option<String>,
    #[server(default)] manager: Option<String>,
    #[server(default)] portal: Portal,
) -> Result<Added, RpcError> {
    let how = adding::How::parse(&how)?;
    let invited = how == adding::How::Invitation;
    let people = adding::people(&emails, phone_number, first_name, last_name, invited)?;
    let mut roles = vec![organization_role];
    roles.extend(role_ids);
    let credentials = (how == adding::How::Password)
        .then(|| serde_json::json!({ "password": password.unwrap_or_default(), "force_replace": true }));
    let rest = serde_json::json!({
        "organization_id": organization_id,
        "role_ids": roles,
        "send_invite": invited,
        "credentials": credentials,
        "organization_information": {
            "department": super::optional(department), "title": super::optional(title),
            "manager": super::optional(manager),
        },
    });
    let members = format!("{}/members", portal.path_of(&organization_id));
    adding::run(members, people, &rest).await
}

/// Saves a membership's details; where somebody else has changed them since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_member")]
#[allow(clippy::too_many_arguments)]
pub async fn update_member(
    organization_id: String,
    user_id: String,
    #[server(default)] department: String,
    #[server(default)] title: String,
    #[server(default)] manager: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_department: String,
    #[server(default)] was_title: String,
    #[server(default)] was_manager: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let update = guildhall::input::parse::<ops::UpdateMember>(serde_json::json!({
        "organization_id": organization_id, "user_id": user_id,
        "department": department, "title": title, "manager": manager,
    }))?;
    let get = ops::GetMember {
        organization_id: update.organization_id,
        user_id: update.user_id,
    };
    let agree = async {
        let now = super::run(get).await?;
        let info = &now.organization_information;
        let sent = |field, was: &str, now: &Option<String>, typed: &str| {
            Sent::new(field, was, now.as_deref().unwrap_or_default(), typed)
        };
        reconcile(
            now.version,
            &[
                sent("department", &was_department, &info.department, &department),
                sent("title", &was_title, &info.title, &title),
                sent("manager", &was_manager, &info.manager, &manager),
            ],
        )
    };
    let saved = save(update, version, agree).await?;
    Ok(super::done(format!("{} was saved", saved.label()), None))
}

#[server(prefix = "/rpc", endpoint = "set_member_enabled")]
pub async fn set_member_enabled(
    organization_id: String,
    user_id: String,
    enabled: bool,
) -> Result<Done, RpcError> {
    let now = super::submit::<ops::UpdateMember>(serde_json::json!({
        "organization_id": organization_id, "user_id": user_id, "enabled": enabled,
    }))
    .await?;
    let word = if enabled { "reinstated" } else { "suspended" };
    Ok(super::done(format!("{} was {word}", now.label()), None))
}

/// Replaces a member's roles in an application; where somebody else has changed them since the form was made, both versions
/// come back.
#[server(prefix = "/rpc", endpoint = "set_member_roles")]
pub async fn set_member_roles(
    organization_id: String,
    app_id: String,
    user_id: String,
    app_name: String,
    #[server(default)] role_ids: Vec<String>,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_role_ids: String,
) -> Result<Done, RpcError> {
    use super::conflict::{refusal, save};
    let set = guildhall::input::parse::<ops::SetMemberRoles>(serde_json::json!({
        "organization_id": organization_id, "app_id": app_id, "user_id": user_id, "role_ids": role_ids,
    }))?;
    let get = ops::GetMember {
        organization_id: set.organization_id,
        user_id: set.user_id,
    };
    let app = set.app_id;
    let yours = joined(set.role_ids.iter().map(ToString::to_string));
    let agree = async {
        let now = super::run(get).await?;
        let theirs: Vec<_> = now.roles.iter().filter(|role| role.app_id == Some(app)).collect();
        let ids = joined(theirs.iter().map(|role| role.role_id.to_string()));
        if ids != joined(was_role_ids.split_whitespace().map(str::to_owned)) && ids != yours {
            let names: Vec<&str> = theirs.iter().map(|role| role.label()).collect();
            return Err(refusal(vec![
                ("theirs", "version", now.version.to_string()),
                ("theirs", "app_id", app_id),
                ("theirs", "role_ids", ids),
                ("theirs", "roles", names.join(", ")),
                ("yours", "role_ids", yours),
            ]));
        }
        Ok(now.version)
    };
    save(set, version, agree).await?;
    Ok(super::done(format!("Roles in {app_name} were saved"), None))
}

/// Ids as one text, the same whatever order they come in.
#[cfg(feature = "ssr")]
fn joined(ids: impl Iterator<Item = String>) -> String {
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids.dedup();
    ids.join(" ")
}

#[server(prefix = "/rpc", endpoint = "set_organization_admin")]
pub async fn set_organization_admin(
    organization_id: String,
    user_id: String,
    name: String,
    admin: bool,
) -> Result<Done, RpcError> {
    super::submit::<ops::SetOrganizationAdmin>(serde_json::json!({
        "organization_id": organization_id, "user_id": user_id, "admin": admin,
    }))
    .await?;
    let word = if admin { "is now" } else { "is no longer" };
    Ok(super::done(format!("{name} {word} an organization admin"), None))
}

#[cfg(feature = "ssr")]
#[path = "members_adding.rs"]
mod adding;
#[path = "members_leaving.rs"]
mod leaving;

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use guildhall::id::{ApplicationId, CustomRoleId};
    use guildhall::roles::Role;

    use super::*;

    #[test]
    fn roles_are_called_what_the_rows_call_them() {
        let role = |role_name: &str, display_name: Option<&str>| Role {
            role_id: CustomRoleId::compose(1, 1),
            app_id: ApplicationId::compose(1, 1),
            role_name: role_name.to_owned(),
            display_name: display_name.map(str::to_owned),
            description: None,
            permissions: Vec::new(),
            created_at: 0,
            updated_at: 0,
            version: 1,
        };
        let assignable = AssignableRoles {
            app_id: ApplicationId::compose(1, 1),
            app_name: "Invoices".to_owned(),
            roles: vec![role("inv_clerk", Some("Clerk")), role("auditor", None)],
        };
        let words: Vec<String> = role_options(&[assignable])
            .into_iter()
            .map(|(_, words)| words)
            .collect();
        assert_eq!(
            words,
            [
                "Organization Admin",
                "Organization Member",
                "Invoices: Clerk",
                "Invoices: auditor"
            ]
        );
    }
}
