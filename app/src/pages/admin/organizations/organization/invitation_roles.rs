//! `/admin/organizations/{id}/invitations/{invitation}`: what accepting it gives.

use guildhall::id::RoleId;
use guildhall::invitations::Invitation;
use guildhall::organizations::GetOrganization;
use guildhall::roles::AssignableRoles;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::members_new::AppRoles;
use super::use_organization_id;
use crate::components::portal::{InPortal, use_portal};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, kept, kept_all, use_done};
use crate::rpc::invitations::{UpdateInvitation, get_invitation};
use crate::rpc::organization_roles::list_assignable_roles;
use crate::rpc::organizations::get_organization;
use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::prelude::*;

#[component]
pub fn InvitationRolesPage() -> impl IntoView {
    let (organization, params) = (use_organization_id(), use_params_map());
    let id = Memo::new(move |_| params.with(|params| params.get("invitation_id").unwrap_or_default()));
    let action = FormAction::<UpdateInvitation>::new();
    use_done(action);
    let data = read(
        move || (organization.get(), id.get()),
        |(organization, id)| async move {
            let organization = id_of(&organization, "organization")?;
            let invitation = get_invitation(organization, id).await?;
            let assignable = list_assignable_roles(organization).await?;
            let organization_id = organization;
            let organization = get_organization(GetOrganization { organization_id }).await?;
            Ok::<_, RpcError>((organization.name, invitation, assignable))
        },
    );
    view! {
        <Read resource=data whole=true let:data>
            <Form organization_name=data.0 invitation=data.1 assignable=data.2 action />
        </Read>
    }
}

#[component]
fn Form(
    organization_name: String,
    invitation: Invitation,
    assignable: Vec<AssignableRoles>,
    action: FormAction<UpdateInvitation>,
) -> impl IntoView {
    let (portal, organization_id) = (use_portal(), invitation.organization_id.to_string());
    let list = format!("{}/invitations", portal.path_of(&organization_id));
    let mut crumbs = portal.crumbs(&organization_id, organization_name);
    crumbs.push(Crumb::new("Invitations", list.clone()));
    let now: Vec<String> = invitation
        .roles
        .iter()
        .map(|role| role.role_id.to_string())
        .collect();
    let is_admin = now.contains(&RoleId::OrganizationAdmin.to_string());
    let built_in = if is_admin {
        "Organization Admin"
    } else {
        "Organization Member"
    };
    let app = assignable
        .into_iter()
        .find(|app| Some(app.app_id) == invitation.app_id);
    let ticked = kept_all(action, "role_ids", now);
    view! {
        <PageHeader
            title=format!("Roles for {}", invitation.name)
            description="What accepting the invitation gives. The link that was sent stays as it is."
            crumbs
        />
        <ActionForm action>
            <FormError message=failure(action) />
            <InPortal />
            <input type="hidden" name="organization_id" value=invitation.organization_id.to_string() />
            <input type="hidden" name="invitation_id" value=invitation.invitation_id.to_string() />
            <Card>
                <FormGrid>
                    <RadioGroup
                        name="organization_role"
                        legend="In the organization"
                        options=vec![
                            Choice::new("Organization Member", "Organization Member"),
                            Choice::new("Organization Admin", "Organization Admin"),
                        ]
                        value=kept(action, "organization_role", built_in)
                        error=error_at(action, "role_ids")
                    />
                    {app.map(|app| view! { <AppRoles app ticked /> })}
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Save roles"
                    </Button>
                    <LinkButton href=list>"Cancel"</LinkButton>
                </FormActions>
            </Card>
        </ActionForm>
    }
}
