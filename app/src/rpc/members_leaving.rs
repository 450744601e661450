//! Members who leave, one or many: who has their API applications then, and the server functions that remove them.

#[cfg(feature = "ssr")]
use guildhall::members as ops;
use leptos::prelude::*;

use crate::components::portal::Portal;
use crate::rpc::{Done, RpcError};

/// Names the heir of somebody's API applications in an operation's fields, where the form does.
#[cfg(feature = "ssr")]
fn pass_on(mut fields: serde_json::Value, heir: String) -> serde_json::Value {
    if let (Some(fields), false) = (fields.as_object_mut(), heir.is_empty()) {
        fields.insert("pass_applications_to".to_owned(), heir.into());
    }
    fields
}

/// Removes a member; `name` is what the page called them.
#[server(prefix = "/rpc", endpoint = "remove_member")]
pub async fn remove_member(
    organization_id: String,
    user_id: String,
    name: String,
    #[server(default)] to_list: bool,
    #[server(default)] pass_applications_to: String,
    #[server(default)] portal: Portal,
) -> Result<Done, RpcError> {
    let fields = serde_json::json!({ "organization_id": organization_id, "user_id": user_id });
    crate::rpc::submit::<ops::RemoveMember>(pass_on(fields, pass_applications_to)).await?;
    Ok(crate::rpc::done(
        format!("{name} was removed"),
        to_list.then(|| format!("{}/members", portal.path_of(&organization_id))),
    ))
}

/// Does one thing with all the members that were ticked.
#[server(prefix = "/rpc", endpoint = "change_members")]
pub async fn change_members(
    organization_id: String,
    #[server(default)] user_ids: Vec<String>,
    action: String,
    #[server(default)] role_id: Option<String>,
    #[server(default)] pass_applications_to: String,
) -> Result<Done, RpcError> {
    if user_ids.is_empty() {
        return Err(guildhall::Error::new(guildhall::Code::Invalid, "Choose at least one member.").into());
    }
    let role_id = crate::rpc::optional(role_id).filter(|_| action == "assign_role");
    if action == "assign_role" && role_id.is_none() {
        return Err(guildhall::Error::new(guildhall::Code::Invalid, "Choose the role to assign.").into());
    }
    let heir = if action == "remove" {
        pass_applications_to
    } else {
        String::new()
    };
    let fields = serde_json::json!({
        "organization_id": organization_id, "user_ids": user_ids, "action": action, "role_id": role_id,
    });
    let changed = crate::rpc::submit::<ops::ChangeMembers>(pass_on(fields, heir)).await?;
    let members = crate::ui::format::count_of(changed.changed, "member", "members");
    let were = if changed.changed == 1 { "was" } else { "were" };
    let what = match action.as_str() {
        "suspend" => "suspended",
        "reinstate" => "reinstated",
        "remove" => "removed",
        _ => "given the role",
    };
    Ok(crate::rpc::done(format!("{members} {were} {what}"), None))
}
