//! `/admin/organizations/{id}/apps/{app_id}`: what the organization may give its members in one application.

use guildhall::roles::{Role, RoleGroup};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::use_organization_id;
use crate::components::portal::Portal;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, kept_all, use_done};
use crate::layout::Guarded;
use crate::rpc::organization_roles::{RoleChoice, SetOrganizationRoles, get_role_choice};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

#[component]
pub fn OrganizationAppPage() -> impl IntoView {
    let (id, params) = (use_organization_id(), use_params_map());
    let choice = read(
        move || {
            (
                id.get(),
                params.with(|params| params.get("app_id").unwrap_or_default()),
            )
        },
        |(id, app_id)| async move {
            get_role_choice(id_of(&id, "organization")?, id_of(&app_id, "application")?).await
        },
    );
    let save = FormAction::<SetOrganizationRoles>::new();
    use_done(save);
    view! {
        <Read resource=choice whole=true let:choice>
            <Page choice save />
        </Read>
    }
}

#[component]
fn Page(choice: RoleChoice, save: FormAction<SetOrganizationRoles>) -> impl IntoView {
    let RoleChoice {
        organization,
        app_name,
        app_id,
        given,
        groups,
        roles,
    } = choice;
    let organization_id = organization.organization_id.to_string();
    let path = Portal::Tenant.path_of(&organization_id);
    let has_none = groups.is_empty() && roles.is_empty();
    let group_ids: Vec<String> = given
        .role_groups
        .iter()
        .map(|group| group.role_group_id.to_string())
        .collect();
    let role_ids: Vec<String> = given.roles.iter().map(|role| role.role_id.to_string()).collect();
    let back = format!("{path}/apps");
    let mut crumbs = Portal::Tenant.crumbs(&organization_id, organization.name.clone());
    crumbs.push(Crumb::new("Apps", back.clone()));
    view! {
        <PageHeader
            title=format!("{app_name} for {}", organization.name)
            description="Which roles of this application the organization may give its members."
            crumbs
        />
        {if has_none {
            view! {
                <EmptyState
                    glyph=Glyph::Roles
                    title="This application has no roles yet"
                    text="Create roles and role groups there first."
                >
                    <LinkButton href=format!("/admin/applications/{app_id}/roles")>
                        "Open its roles"
                    </LinkButton>
                </EmptyState>
            }
                .into_any()
        } else {
            view! {
                <Card>
                    <Guarded>
                        <ActionForm action=save>
                            <FormError message=failure(save) />
                            <input
                                type="hidden"
                                name="organization_id"
                                value=organization.organization_id.to_string()
                            />
                            <input type="hidden" name="app_id" value=app_id.to_string() />
                            <FormGrid>
                                <CheckboxGroup
                                    name="role_group_ids[]"
                                    legend="Role groups"
                                    hint="Roles that are given together. A group that changes changes this too."
                                    options=group_choices(&groups, &roles)
                                    values=kept_all(save, "role_group_ids", group_ids)
                                    error=error_at(save, "role_group_ids")
                                />
                                <CheckboxGroup
                                    name="role_ids[]"
                                    legend="Single roles"
                                    hint="Beside those of the groups."
                                    options=role_choices(&roles)
                                    values=kept_all(save, "role_ids", role_ids)
                                    error=error_at(save, "role_ids")
                                />
                            </FormGrid>
                            <Banner tone=Tone::Info>
                                "Members lose the roles that the organization may no longer give."
                            </Banner>
                            <FormActions>
                                <Button kind="submit" variant=Variant::Primary pending=save.pending()>
                                    "Save roles"
                                </Button>
                                <LinkButton href=back>"Back"</LinkButton>
                            </FormActions>
                        </ActionForm>
                    </Guarded>
                </Card>
            }
                .into_any()
        }}
    }
}

fn group_choices(groups: &[RoleGroup], roles: &[Role]) -> Vec<Choice> {
    groups
        .iter()
        .map(|group| {
            let names: Vec<&str> = roles
                .iter()
                .filter(|role| group.role_ids.contains(&role.role_id))
                .map(|role| role.role_name.as_str())
                .collect();
            let hint = if names.is_empty() {
                "No role in it".to_owned()
            } else {
                names.join(", ")
            };
            let label = group.display_name.clone().unwrap_or_else(|| group.name.clone());
            Choice::new(group.role_group_id.to_string(), label).hint(hint)
        })
        .collect()
}

fn role_choices(roles: &[Role]) -> Vec<Choice> {
    roles
        .iter()
        .map(|role| {
            let label = role
                .display_name
                .clone()
                .unwrap_or_else(|| role.role_name.clone());
            Choice::new(role.role_id.to_string(), label).hint(role.permissions.join(", "))
        })
        .collect()
}
