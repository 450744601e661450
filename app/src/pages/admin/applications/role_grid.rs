//! The role × permission grid: boxes to tick, and what would change, before it is saved.

use std::collections::BTreeSet;
use std::sync::Arc;

use guildhall::roles::{AppPermission, Role, RoleGrid};
use leptos::prelude::*;

use super::frame::app_in_address;
use crate::layout::Guarded;
use crate::rpc::roles::SaveRoleGrid;
use crate::rpc::{ActionForm, FormAction, typed_all};
use crate::ui::prelude::*;

/// A box of the grid, as the form sends it: role id, space, permission.
type Cell = String;

fn cell(role: &Role, permission: &str) -> Cell {
    format!("{} {permission}", role.role_id)
}

/// The grid and its form.
#[component]
pub fn Grid(grid: RoleGrid, action: FormAction<SaveRoleGrid>) -> impl IntoView {
    let RoleGrid {
        permissions, roles, ..
    } = grid;
    if roles.is_empty() || permissions.is_empty() {
        let text = if roles.is_empty() {
            "Add a role to tick what it allows."
        } else {
            "Add the permissions that your application knows, then tick what each role allows."
        };
        return view! { <p class="role-grid__empty">{text}</p> }.into_any();
    }
    let app = app_in_address();
    let roles = Arc::new(roles);
    // Boxes that differ from what is saved.
    let turned = RwSignal::new(BTreeSet::<Cell>::new());
    let ticked = typed_all("cells");
    let columns = roles.clone();
    let rows = permissions
        .iter()
        .map(|permission| {
            view! { <Row permission=permission.clone() roles=roles.clone() ticked=ticked.clone() turned /> }
        })
        .collect_view();
    view! {
        <Guarded>
            <ActionForm action>
                <input type="hidden" name="app_id" value=move || app.get() />
                {roles
                    .iter()
                    .map(|role| {
                        view! { <input type="hidden" name="roles[]" value=role.role_id.to_string() /> }
                    })
                    .collect_view()}
                <div class="role-grid">
                    <Table
                        label="Permissions of each role"
                        scroll=true
                        head=move || {
                            view! {
                                <Th label="Permission" />
                                {columns
                                    .iter()
                                    .map(|role| view! { <Th label=role.role_name.clone() /> })
                                    .collect_view()}
                                <Th label="Actions" hidden=true />
                            }
                        }
                    >
                        {rows}
                    </Table>
                </div>
                <Changes roles permissions turned action />
            </ActionForm>
        </Guarded>
    }
    .into_any()
}

#[component]
fn Row(
    permission: AppPermission,
    roles: Arc<Vec<Role>>,
    /// What was ticked when the form was refused.
    ticked: Option<Vec<Cell>>,
    turned: RwSignal<BTreeSet<Cell>>,
) -> impl IntoView {
    let name = permission.name;
    let holders: Vec<&str> = roles
        .iter()
        .filter(|role| role.permissions.contains(&name))
        .map(|role| role.role_name.as_str())
        .collect();
    let held =
        (!holders.is_empty()).then(|| format!("{} has it. Untick and save first.", holders.join(", ")));
    let boxes = roles
        .iter()
        .map(|role| {
            let value = cell(role, &name);
            let saved = role.permissions.contains(&name);
            let checked = ticked.as_ref().map_or(saved, |ticked| ticked.contains(&value));
            let label = format!("{} may {name}", role.role_name);
            let own = value.clone();
            view! {
                <Td label=role.role_name.clone()>
                    <label class="check-target">
                        <input
                            type="checkbox"
                            name="cells[]"
                            value=value
                            checked=checked
                            aria-label=label
                            on:change:target=move |event| {
                                let now = event.target().checked();
                                turned
                                    .update(|turned| {
                                        if now == saved {
                                            turned.remove(&own);
                                        } else {
                                            turned.insert(own.clone());
                                        }
                                    });
                            }
                        />
                    </label>
                </Td>
            }
        })
        .collect_view();
    let dialog = permission_dialog(&name);
    view! {
        <Tr>
            <td class="table__name" role="cell">
                <code>{name.clone()}</code>
                {permission
                    .description
                    .map(|text| view! { <span class="name-cell__detail">{text}</span> })}
            </td>
            {boxes}
            <ActionsCell>
                <Menu id=format!("menu-{dialog}") label=format!("Actions for {name}")>
                    <MenuButton
                        opens=dialog
                        icon=Glyph::Trash
                        danger=true
                        disabled_reason=held
                    >
                        "Delete permission"
                    </MenuButton>
                </Menu>
            </ActionsCell>
        </Tr>
    }
}

/// The dialog that deletes a permission; its name may hold what an id should not.
pub fn permission_dialog(name: &str) -> String {
    let plain: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("_{byte:x}")
            }
        })
        .collect();
    format!("delete-permission-{plain}")
}

/// What saving would change, role by role, and the button.
#[component]
fn Changes(
    roles: Arc<Vec<Role>>,
    permissions: Vec<AppPermission>,
    turned: RwSignal<BTreeSet<Cell>>,
    action: FormAction<SaveRoleGrid>,
) -> impl IntoView {
    // The server cannot know what will be ticked: with scripts off the button is always live.
    let watched = RwSignal::new(false);
    Effect::new(move |_| watched.set(true));
    let idle = Signal::derive(move || {
        (watched.get() && turned.with(BTreeSet::is_empty)).then(|| "Nothing has changed".to_owned())
    });
    let sentences = move || {
        turned.with(|turned| {
            let mut out = Vec::new();
            for role in roles.iter() {
                let (mut gains, mut loses) = (Vec::new(), Vec::new());
                for permission in &permissions {
                    if turned.contains(&cell(role, &permission.name)) {
                        let list = if role.permissions.contains(&permission.name) {
                            &mut loses
                        } else {
                            &mut gains
                        };
                        list.push(permission.name.as_str());
                    }
                }
                if !gains.is_empty() {
                    out.push((true, format!("{} gains {}", role.role_name, gains.join(", "))));
                }
                if !loses.is_empty() {
                    out.push((false, format!("{} loses {}", role.role_name, loses.join(", "))));
                }
            }
            out
        })
    };
    view! {
        <div class="role-grid__changes">
            <ul class="role-grid__list" aria-live="polite" aria-label="What saving changes">
                {move || {
                    sentences()
                        .into_iter()
                        .map(|(gain, sentence)| {
                            let glyph = if gain { Glyph::Plus } else { Glyph::Cross };
                            view! {
                                <li>
                                    <Icon glyph class="icon--sm" />
                                    {sentence}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <FormActions>
                <Button
                    kind="submit"
                    variant=Variant::Primary
                    pending=action.pending()
                    disabled_reason=idle
                >
                    "Save changes"
                </Button>
                <button class="btn" type="reset" on:click=move |_| turned.set(BTreeSet::new())>
                    <span class="btn__label">"Undo changes"</span>
                </button>
            </FormActions>
        </div>
    }
}
