//! An application's roles and permissions, as one grid.

use guildhall::roles::{GetRoleGrid, Role, RoleGrid, RoleUse};
use leptos::prelude::*;

use super::frame::app_in_address;
use super::role_forms::{NewPermission, NewRole, PermissionDialogs, RoleDialogs};
use super::role_grid::Grid;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{failure, use_done};
use crate::rpc::FormAction;
use crate::rpc::roles::{
    CreatePermission, CreateRole, DeletePermission, DeleteRole, SaveRoleGrid, UpdateRole, get_role_grid,
};
use crate::ui::prelude::*;

/// What the page's forms do; they outlive the grid, which is read again after each.
#[derive(Clone, Copy)]
pub struct Actions {
    pub save: FormAction<SaveRoleGrid>,
    pub create_role: FormAction<CreateRole>,
    pub update_role: FormAction<UpdateRole>,
    pub delete_role: FormAction<DeleteRole>,
    pub create_permission: FormAction<CreatePermission>,
    pub delete_permission: FormAction<DeletePermission>,
}

/// `/admin/applications/{id}/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    let actions = Actions {
        save: FormAction::new(),
        create_role: FormAction::new(),
        update_role: FormAction::new(),
        delete_role: FormAction::new(),
        create_permission: FormAction::new(),
        delete_permission: FormAction::new(),
    };
    use_done(actions.save);
    use_done(actions.create_role);
    use_done(actions.update_role);
    use_done(actions.delete_role);
    use_done(actions.create_permission);
    use_done(actions.delete_permission);
    let app = app_in_address();
    let grid = read(
        move || app.get(),
        |app| async move {
            get_role_grid(GetRoleGrid {
                app_id: id_of(&app, "application")?,
            })
            .await
        },
    );
    view! {
        <div class="stack">
            <FormError message=failure(actions.save) />
            <Read resource=grid whole=true let:grid>
                <Loaded grid actions />
            </Read>
        </div>
        <NewRole action=actions.create_role />
        <NewPermission action=actions.create_permission />
    }
}

#[component]
fn Loaded(grid: RoleGrid, actions: Actions) -> impl IntoView {
    if grid.roles.is_empty() && grid.permissions.is_empty() {
        return view! {
            <Card>
                <EmptyState
                    glyph=Glyph::Roles
                    title="No roles yet"
                    text="A role is a named set of this application’s permissions. Start with a role, or with the permissions \
                    that your application knows."
                >
                    <Button opens="new-permission">"Add permission"</Button>
                    <Button opens="new-role" variant=Variant::Primary icon=Glyph::Plus>
                        "Add role"
                    </Button>
                </EmptyState>
            </Card>
        }
        .into_any();
    }
    let roles = grid.roles.clone();
    let uses = grid.uses.clone();
    let dialogs = view! {
        {roles
            .iter()
            .map(|role| {
                view! { <RoleDialogs role=role.clone() in_use=use_of(&uses, role) actions /> }
            })
            .collect_view()}
        {grid
            .permissions
            .iter()
            .map(|permission| {
                view! { <PermissionDialogs permission=permission.clone() actions /> }
            })
            .collect_view()}
    };
    view! {
        <Card
            title="Permissions of each role"
            description="Tick what a role allows. Nothing changes until you save."
            flush=true
            actions=|| {
                view! {
                    <Button opens="new-permission" icon=Glyph::Plus>
                        "Add permission"
                    </Button>
                    <Button opens="new-role" variant=Variant::Primary icon=Glyph::Plus>
                        "Add role"
                    </Button>
                }
            }
        >
            <Grid grid action=actions.save />
        </Card>
        <RoleList roles uses />
        {dialogs}
    }
    .into_any()
}

fn use_of(uses: &[RoleUse], role: &Role) -> RoleUse {
    uses.iter()
        .find(|at| at.role_id == role.role_id)
        .cloned()
        .unwrap_or(RoleUse {
            role_id: role.role_id,
            members: 0,
            organizations: 0,
            role_groups: 0,
        })
}

/// Where a role is in use, in words; nothing where nobody has it.
pub fn use_words(in_use: &RoleUse) -> Option<String> {
    let members = (in_use.members > 0).then(|| {
        format!(
            "{} in {}",
            count_of(in_use.members, "member", "members"),
            count_of(in_use.organizations, "organization", "organizations"),
        )
    });
    let groups = (in_use.role_groups > 0).then(|| count_of(in_use.role_groups, "role group", "role groups"));
    match (members, groups) {
        (Some(members), Some(groups)) => Some(format!("{members}, {groups}")),
        (members, groups) => members.or(groups),
    }
}

#[component]
fn RoleList(roles: Vec<Role>, uses: Vec<RoleUse>) -> impl IntoView {
    (!roles.is_empty()).then(|| {
        view! {
            <Card title="Roles" flush=true>
                <Table
                    label="Roles"
                    head=|| {
                        view! {
                            <Th label="Name" />
                            <Th label="Description" />
                            <Th label="Permissions" numeric=true />
                            <Th label="In use by" />
                            <Th label="Actions" hidden=true />
                        }
                    }
                >
                    {roles
                        .into_iter()
                        .map(|role| {
                            let in_use = use_of(&uses, &role);
                            view! { <RoleRow role in_use /> }
                        })
                        .collect_view()}
                </Table>
            </Card>
        }
    })
}

#[component]
fn RoleRow(role: Role, in_use: RoleUse) -> impl IntoView {
    let id = role.role_id.to_string();
    let (menu, editing, deleting) = (format!("menu-{id}"), format!("edit-{id}"), format!("delete-{id}"));
    let label = format!("Actions for {}", role.role_name);
    let permissions = u64::try_from(role.permissions.len()).unwrap_or_default();
    view! {
        <Tr>
            <Td label="Name">{role.role_name}</Td>
            <Td label="Description">{role.description.unwrap_or_else(|| "—".to_owned())}</Td>
            <Td label="Permissions" numeric=true>
                {format_count(permissions)}
            </Td>
            <Td label="In use by">{use_words(&in_use).unwrap_or_else(|| "Nobody".to_owned())}</Td>
            <ActionsCell>
                <Menu id=menu label>
                    <MenuButton opens=editing icon=Glyph::Edit>
                        "Rename or describe"
                    </MenuButton>
                    <MenuButton opens=deleting icon=Glyph::Trash danger=true>
                        "Delete role"
                    </MenuButton>
                </Menu>
            </ActionsCell>
        </Tr>
    }
}
