//! A valid request for every route: its path in a customer's ids, and a body.

use guildhall::id::{
    AuditId, DiscoveryDomainId, EventId, InvitationId, MailId, RegistrationId, SessionId, TeamId, UserId,
    WebhookId,
};
use serde_json::{Value, json};
use server::rest::route::Route;

use crate::harness::{Customer, World};

/// The ids that a path is filled with.
#[derive(Clone, Copy)]
pub struct Ids<'w> {
    /// Whose organization.
    pub organization: &'w Customer,
    /// Whose application, roles, groups and clients.
    pub application: &'w Customer,
    pub person: UserId,
}

impl<'w> Ids<'w> {
    /// All of one customer; the person is its member.
    pub fn of(customer: &'w Customer) -> Ids<'w> {
        Ids {
            organization: customer,
            application: customer,
            person: customer.member,
        }
    }

    fn get(&self, parameter: &str) -> String {
        match parameter {
            "organization_id" => self.organization.id.to_string(),
            "app_id" => self.application.app.to_string(),
            "user_id" => self.person.to_string(),
            "role_id" => self.application.role.to_string(),
            "role_group_id" => self.application.group.to_string(),
            "team_id" => TeamId::default_of(self.organization.id).to_string(),
            "client_id" => self.application.client_id.to_string(),
            "invitation_id" => InvitationId::compose(1, 1).to_string(),
            "discovery_domain_id" => DiscoveryDomainId::compose(1, 1).to_string(),
            "connection_id" => "con_00000000000000000000000001".to_owned(),
            "domain" => "acme.example".to_owned(),
            "slug" => self.organization.name.to_lowercase(),
            "registration_id" => RegistrationId::compose(1, 1).to_string(),
            "kind" => "invitation".to_owned(),
            "language" => "de".to_owned(),
            "webhook_id" => WebhookId::compose(1, 1).to_string(),
            "event_id" => EventId::compose(1, 1).to_string(),
            "mail_id" => MailId::compose(1, 1).to_string(),
            "session_id" => SessionId::compose(1, 1).to_string(),
            "audit_id" => AuditId::compose(1, 1).to_string(),
            "email" => format!("{}-member@example.com", self.organization.name),
            "username" => "nobody".to_owned(),
            "external_user_id" => "none".to_owned(),
            "name" => "documents:read".to_owned(),
            other => panic!("no sample for the parameter {other}"),
        }
    }

    /// A path with parameters in braces, filled.
    pub fn fill(&self, path: &str) -> String {
        let mut parts = path.split('{');
        let mut filled = parts.next().unwrap().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            filled.push_str(&self.get(name).replace('@', "%40").replace(':', "%3A"));
            filled.push_str(rest);
        }
        filled
    }
}

/// A body that the operation takes, for those that have one.
pub fn body(operation: &str, ids: &Ids<'_>) -> Option<Value> {
    let app = ids.application;
    Some(match operation {
        "create_organization" => json!({ "name": "New", "domain": "new.example", "app_ids": [app.app] }),
        "update_organization" => json!({ "alias_name": "Other" }),
        "add_organization_apps" | "remove_organization_apps" => json!({ "app_ids": [app.app] }),
        "create_application" => json!({ "name": "New" }),
        "update_application" => json!({ "description": "Other" }),
        "create_organization_client" => json!({ "name": "New", "owner_id": ids.person }),
        "update_organization_client" => json!({ "description": "Other" }),
        "create_client" => json!({ "name": "New" }),
        "update_client" => json!({ "name": "Other" }),
        "create_role" => json!({ "role_name": "New" }),
        "update_role" => json!({ "description": "Other" }),
        "save_role_grid" => json!({ "roles": [{ "role_id": app.role, "permissions": [] }] }),
        "create_permission" => json!({ "name": "new:permission" }),
        "create_role_group" => json!({ "name": "New", "role_ids": [app.role] }),
        "update_role_group" => json!({ "description": "Other" }),
        "set_organization_roles" => json!({ "role_group_ids": [app.group], "role_ids": [] }),
        "set_organization_role_groups" => json!({ "role_group_ids": [app.group] }),
        "create_user" => json!({ "email": "new@example.com" }),
        "update_own_profile" => json!({ "language": "de" }),
        "update_user" => json!({ "language": "de" }),
        "set_user_password" => json!({ "password": "a new password" }),
        "set_tenant_admin" => json!({ "admin": true }),
        "add_member" => json!({ "email": "new@example.com", "role_ids": ["Organization Member"] }),
        "update_member" => json!({ "title": "Other" }),
        "rename_member" => json!({ "first_name": "Other" }),
        "create_team" => json!({ "name": "New" }),
        "update_team" => json!({ "name": "Other" }),
        "add_team_members" | "remove_team_members" => json!({ "user_ids": [ids.person] }),
        "set_member_roles" => json!({ "role_ids": [app.role] }),
        "set_organization_admin" => json!({ "admin": true }),
        "change_members" => json!({ "user_ids": [ids.person], "action": "suspend" }),
        "update_invitation" => json!({ "role_ids": [app.role] }),
        "add_discovery_domain" => json!({ "domain": "new.example" }),
        "update_discovery_domain" => json!({ "use_for_organization_discovery": false }),
        "update_mail_template" | "preview_mail_template" => {
            json!({ "subject": "For {{ organization }}", "text": "{{ link }}", "html": "{{ link }}" })
        }
        "create_webhook" | "create_organization_webhook" => json!({ "url": "https://hooks.example" }),
        "update_webhook" | "update_organization_webhook" => json!({ "description": "Other" }),
        "send_test_mail" => json!({ "to": "somebody@example.com" }),
        "update_settings" => json!({ "name": "Other" }),
        "request_organization" => json!({ "name": "New" }),
        "reject_registration" => json!({ "reason": "Unknown here" }),
        "authenticate_member" => {
            json!({ "username": format!("{}-member@example.com", ids.organization.name), "password": crate::harness::PASSWORD })
        }
        "issue_user_token" => json!({ "organization_id": ids.organization.id }),
        _ => return None,
    })
}

/// The request of a route with these ids.
pub fn call(world: &World, route: &Route, ids: &Ids<'_>) -> crate::harness::Call {
    call_by(
        world,
        route.method.as_str(),
        &format!("/v1{}", route.path),
        route.operation,
        ids,
    )
}

/// The same by the parts that the OpenAPI document says.
pub fn call_by(
    world: &World,
    method: &str,
    path: &str,
    operation: &str,
    ids: &Ids<'_>,
) -> crate::harness::Call {
    let call = world.call(method, &ids.fill(path));
    match body(operation, ids) {
        Some(body) => call.json(body),
        None => call,
    }
}
