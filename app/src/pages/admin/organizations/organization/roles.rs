//! `/admin/organizations/{id}/roles`: what the organization may give its members, application by application.

use guildhall::roles::{AssignableRoles, Role};
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::member::admin_grants;
use crate::components::portal::use_portal;
use crate::components::read::{Read, id_of, read};
use crate::rpc::organization_roles::list_assignable_roles;
use crate::ui::prelude::*;

#[component]
pub fn OrganizationRolesPage() -> impl IntoView {
    let id = use_organization_id();
    let assignable = read(
        move || id.get(),
        |id| async move { list_assignable_roles(id_of(&id, "organization")?).await },
    );
    view! {
        <Read resource=assignable whole=true let:assignable>
            <div class="stack">
                <Own />
                {assignable
                    .into_iter()
                    .map(|app| view! { <OfApp app id=id.get_untracked() /> })
                    .collect_view()}
            </div>
        </Read>
    }
}

/// The two roles that every organization has.
#[component]
fn Own() -> impl IntoView {
    view! {
        <Card title="In every organization" flush=true>
            <Table
                label="Roles of every organization"
                head=|| {
                    view! {
                        <Th label="Role" />
                        <Th label="What it grants" />
                    }
                }
            >
                <Tr>
                    <Td label="Role">"Organization Admin"</Td>
                    <Td label="What it grants">{format!("May {}.", admin_grants().join(", "))}</Td>
                </Tr>
                <Tr>
                    <Td label="Role">"Organization Member"</Td>
                    <Td label="What it grants">"Uses the applications; manages nothing."</Td>
                </Tr>
            </Table>
        </Card>
    }
}

#[component]
fn OfApp(app: AssignableRoles, id: String) -> impl IntoView {
    // What an organization may give is the tenant's to say.
    let portal = use_portal();
    let href = portal
        .is_tenant()
        .then(|| format!("{}/apps/{}", portal.path_of(&id), app.app_id));
    let label = format!("Roles in {}", app.app_name);
    let actions = move || {
        href.clone().map(|href| {
            view! {
                <LinkButton href size=Size::Small icon=Glyph::Edit>
                    "Change"
                </LinkButton>
            }
        })
    };
    if app.roles.is_empty() {
        return view! {
            <Card
                title=app.app_name
                description="The organization may give no role in it yet."
                actions=actions
            >
                ""
            </Card>
        }
        .into_any();
    }
    view! {
        <Card title=app.app_name actions=actions flush=true>
            <Table
                label
                head=|| {
                    view! {
                        <Th label="Role" />
                        <Th label="Permissions" />
                    }
                }
            >
                {app.roles.into_iter().map(row).collect_view()}
            </Table>
        </Card>
    }
    .into_any()
}

fn row(role: Role) -> impl IntoView {
    let permissions = if role.permissions.is_empty() {
        "None".to_owned()
    } else {
        role.permissions.join(", ")
    };
    view! {
        <Tr>
            <Td label="Role">
                {role.label().to_owned()}
                {role.description.map(|text| view! { <span class="name-cell__detail">{text}</span> })}
            </Td>
            <Td label="Permissions">{permissions}</Td>
        </Tr>
    }
}
