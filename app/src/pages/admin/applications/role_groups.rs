//! An application's role groups: roles that organizations are given together.

use guildhall::page::Page;
use guildhall::roles::{GetRoleGrid, ListRoleGroups, Role, RoleGroup};
use leptos::prelude::*;

use super::frame::app_in_address;
use super::role_group_forms::{GroupActions, GroupDialogs, NewGroup};
use crate::components::pager::Pager;
use crate::components::query::use_list_query;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::use_done;
use crate::rpc::FormAction;
use crate::rpc::roles::{get_role_grid, list_role_groups};
use crate::ui::prelude::*;

/// `/admin/applications/{id}/role-groups`
#[component]
pub fn RoleGroupsPage() -> impl IntoView {
    let actions = GroupActions {
        create: FormAction::new(),
        update: FormAction::new(),
        delete: FormAction::new(),
    };
    use_done(actions.create);
    use_done(actions.update);
    use_done(actions.delete);
    let (app, query) = (app_in_address(), use_list_query());
    let groups = read(
        move || (app.get(), query.get()),
        |(app, query)| async move {
            let app_id = id_of(&app, "application")?;
            let groups = list_role_groups(ListRoleGroups {
                app_id,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await?;
            let grid = get_role_grid(GetRoleGrid { app_id }).await?;
            Ok((groups, grid.roles))
        },
    );
    view! {
        <div class="stack">
            <Read resource=groups whole=true let:both>
                <Loaded groups=both.0 roles=both.1 actions />
            </Read>
        </div>
    }
}

#[component]
fn Loaded(groups: Page<RoleGroup>, roles: Vec<Role>, actions: GroupActions) -> impl IntoView {
    let no_roles = roles
        .is_empty()
        .then(|| "Add a role to the application first.".to_owned());
    let why = no_roles.clone();
    let (info, shown) = (groups.info, groups.items.len());
    let dialogs = groups
        .items
        .iter()
        .map(|group| view! { <GroupDialogs group=group.clone() roles=roles.clone() actions /> })
        .collect_view();
    let names = roles.clone();
    view! {
        <Card
            title="Role groups"
            description="An organization may give its members only the roles of the groups that it has."
            flush=true
            actions=move || {
                view! {
                    <Button
                        opens="new-group"
                        variant=Variant::Primary
                        icon=Glyph::Plus
                        disabled_reason=why.clone()
                    >
                        "Create role group"
                    </Button>
                }
            }
        >
            {if shown == 0 {
                view! {
                    <EmptyState
                        glyph=Glyph::Team
                        title="No role groups yet"
                        text="Put roles together that organizations get as one, for example “Standard” and “Enterprise”."
                    >
                        <Button opens="new-group" icon=Glyph::Plus disabled_reason=no_roles>
                            "Create role group"
                        </Button>
                    </EmptyState>
                }
                    .into_any()
            } else {
                view! {
                    <Table
                        label="Role groups"
                        head=|| {
                            view! {
                                <Th label="Name" />
                                <Th label="Roles" />
                                <Th label="Organizations" numeric=true />
                                <Th label="Changed" />
                                <Th label="Actions" hidden=true />
                            }
                        }
                    >
                        {groups
                            .items
                            .into_iter()
                            .map(|group| view! { <Row group roles=names.clone() /> })
                            .collect_view()}
                    </Table>
                    <Pager info shown noun=("role group", "role groups") />
                }
                    .into_any()
            }}
        </Card>
        <NewGroup roles action=actions.create />
        {dialogs}
    }
}

#[component]
fn Row(group: RoleGroup, roles: Vec<Role>) -> impl IntoView {
    let id = group.role_group_id.to_string();
    let held: Vec<String> = roles
        .into_iter()
        .filter(|role| group.role_ids.contains(&role.role_id))
        .map(|role| role.role_name)
        .collect();
    let held = if held.is_empty() {
        "None".to_owned()
    } else {
        held.join(", ")
    };
    view! {
        <Tr>
            <td class="table__name" role="cell">
                <span class="name-cell__text">
                    {group.name.clone()}
                    {group
                        .description
                        .map(|text| view! { <span class="name-cell__detail">{text}</span> })}
                </span>
            </td>
            <Td label="Roles">{held}</Td>
            <Td label="Organizations" numeric=true>
                {format_count(group.organization_count)}
            </Td>
            <Td label="Changed">
                <Time ms=group.updated_at date_only=true />
            </Td>
            <ActionsCell>
                <Menu id=format!("menu-{id}") label=format!("Actions for {}", group.name)>
                    <MenuButton opens=format!("edit-{id}") icon=Glyph::Edit>
                        "Edit role group"
                    </MenuButton>
                    <MenuButton opens=format!("delete-{id}") icon=Glyph::Trash danger=true>
                        "Delete role group"
                    </MenuButton>
                </Menu>
            </ActionsCell>
        </Tr>
    }
}
