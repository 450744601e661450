//! `/org/{id}/applications`: what the organization has.

use guildhall::roles::{AssignableRoles, Role};
use leptos::prelude::*;

use crate::components::portal::use_portal;
use crate::components::read::{Read, id_of, read};
use crate::pages::admin::organizations::organization::{count, use_organization_id};
use crate::rpc::organization_roles::list_assignable_roles;
use crate::ui::prelude::*;

#[component]
pub fn ApplicationsPage() -> impl IntoView {
    let id = use_organization_id();
    let apps = read(
        move || id.get(),
        |id| async move { list_assignable_roles(id_of(&id, "organization")?).await },
    );
    view! {
        <Read resource=apps whole=true let:apps>
            <List apps id=id.get_untracked() />
        </Read>
    }
}

#[component]
fn List(apps: Vec<AssignableRoles>, id: String) -> impl IntoView {
    if apps.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Apps
                title="No applications yet"
                text="Whoever sells to you adds what you have bought; it appears here then."
            />
        }
        .into_any();
    }
    let path = use_portal().path_of(&id);
    view! {
        <Card flush=true>
            <Table
                label="Applications"
                head=|| {
                    view! {
                        <Th label="Application" />
                        <Th label="Roles to give" />
                        <Th label="Members" />
                    }
                }
            >
                {apps.into_iter().map(|app| row(app, &path)).collect_view()}
            </Table>
        </Card>
    }
    .into_any()
}

fn row(app: AssignableRoles, path: &str) -> impl IntoView + use<> {
    let who = format!("{path}/members?app={}", app.app_id);
    let roles = app.roles.len();
    let given = if app.roles.is_empty() {
        "None yet".to_owned()
    } else {
        let labels: Vec<&str> = app.roles.iter().map(Role::label).collect();
        labels.join(", ")
    };
    let (initials, name) = (app.app_name.clone(), app.app_name.clone());
    view! {
        <Tr>
            <NameCell
                href=""
                name
                detail=count_of(count(roles), "role", "roles")
                lead=move || view! { <Avatar name=initials.clone() square=true /> }
            />
            <Td label="Roles to give">{given}</Td>
            <Td label="Members">
                <a href=who>
                    "Who uses it" <span class="sr-only">{format!(": {}", app.app_name)}</span>
                </a>
            </Td>
        </Tr>
    }
}
