//! The operations that only this API asks for refuse whoever asks for them otherwise.

use guildhall::applications::ListTenantClients;
use guildhall::assigning::*;
use guildhall::caller::{Caller, Request};
use guildhall::connections::*;
use guildhall::domains::*;
use guildhall::id::*;
use guildhall::input;
use guildhall::invitations::{GetInvitation, InviteMember};
use guildhall::operation::{Operation, Runs};
use guildhall::organizations::{GetOrganizationBySlug, ListUserOrganizations};
use guildhall::tenant_roles::*;
use serde_json::{Value, json};
use server::console::Console;

use super::PASSWORDS;
use crate::harness::{World, on_both};

/// Nobody is told to sign in; a stranger finds nothing, or is refused.
async fn refused<Op: Operation>(world: &World, fields: Value)
where
    Console: Runs<Op>,
{
    let operation = input::parse::<Op>(fields).unwrap();
    let mut nobody = Request::by(Caller::Anonymous);
    let error = world.console.run(&nobody, operation.clone()).await.err();
    assert_eq!(error.map(|error| error.code.status()), Some(401), "{}", Op::NAME);
    nobody.caller = Caller::User(guildhall::caller::UserCaller {
        user_id: world.stranger,
        session_id: None,
        only_organization: None,
        scopes: Some(
            guildhall::policy::scopes()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        ),
        viewing: None,
        second_factor: true,
    });
    let error = world.console.run(&nobody, operation).await.err();
    let status = error.map(|error| error.code.status());
    assert!(matches!(status, Some(403 | 404)), "{}: {status:?}", Op::NAME);
}

on_both! {
    async fn nobody_and_no_stranger_gets_anything(world) {
        let organization = json!({ "organization_id": world.acme.id });
        let with = |more: Value| {
            let mut fields = organization.as_object().unwrap().clone();
            fields.extend(more.as_object().unwrap().clone());
            Value::Object(fields)
        };
        let member = json!({ "user_id": world.acme.member });
        let roles = json!({ "user_id": world.acme.member, "role_ids": [world.acme.role] });
        let role = json!({ "role_id": world.acme.role });
        let connection = json!({ "connection": { "connection_id": PASSWORDS } });
        let one_connection = json!({ "connection_id": PASSWORDS });
        let domain = json!({ "discovery_domain_id": DiscoveryDomainId::compose(1, 1) });
        let named = json!({ "domain": "acme.example" });
        refused::<GetOrganizationBySlug>(world, json!({ "slug": "acme" })).await;
        refused::<ListUserOrganizations>(world, member.clone()).await;
        refused::<AssignMembers>(world, with(json!({ "user_ids": [world.acme.member] }))).await;
        refused::<UnassignMembers>(world, with(json!({ "user_ids": [world.acme.member] }))).await;
        refused::<ListMemberRoles>(world, with(member.clone())).await;
        refused::<ListEffectiveRoles>(world, with(member)).await;
        refused::<GiveMemberRoles>(world, with(roles.clone())).await;
        refused::<TakeMemberRoles>(world, with(roles)).await;
        refused::<GetInvitation>(world, with(json!({ "invitation_id": InvitationId::compose(1, 1) }))).await;
        let invite = json!({ "email": "new@example.com", "inviter_name": "Ada", "client_id": world.acme.client_id });
        refused::<InviteMember>(world, with(invite)).await;
        refused::<ListTenantRoles>(world, json!({})).await;
        refused::<GetTenantRole>(world, role.clone()).await;
        refused::<CreateTenantRole>(world, json!({ "role_name": "New" })).await;
        refused::<UpdateTenantRole>(world, role.clone()).await;
        refused::<DeleteTenantRole>(world, role).await;
        refused::<ListTenantClients>(world, json!({})).await;
        refused::<ListConnections>(world, json!({})).await;
        refused::<ListOrganizationConnections>(world, organization.clone()).await;
        refused::<GetOrganizationConnection>(world, with(one_connection.clone())).await;
        refused::<AddOrganizationConnection>(world, with(connection.clone())).await;
        refused::<UpdateOrganizationConnection>(world, with(connection)).await;
        refused::<RemoveOrganizationConnection>(world, with(one_connection)).await;
        refused::<ListDiscoveryDomains>(world, organization.clone()).await;
        refused::<GetDiscoveryDomain>(world, with(domain.clone())).await;
        refused::<GetDiscoveryDomainByName>(world, with(named.clone())).await;
        refused::<AddDiscoveryDomain>(world, with(named)).await;
        refused::<UpdateDiscoveryDomain>(world, with(domain.clone())).await;
        refused::<RemoveDiscoveryDomain>(world, with(domain)).await;
    }
}
