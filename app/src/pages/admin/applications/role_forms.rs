//! The forms of the roles page.

use guildhall::roles::{AppPermission, Role, RoleUse};
use leptos::prelude::*;

use super::frame::app_in_address;
use super::role_grid::permission_dialog;
use super::roles::Actions;
use crate::components::submit::{error_at, failure, forget, refused_for};
use crate::rpc::roles::{CreatePermission, CreateRole};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// The dialog that adds a role.
#[component]
pub fn NewRole(action: FormAction<CreateRole>) -> impl IntoView {
    let app = app_in_address();
    view! {
        <Dialog id="new-role" title="Add role" open=failure(action).get_untracked().is_some() on_close=forget(action)>
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="app_id" value=move || app.get() />
                <FormGrid>
                    <Field
                        name="role_name"
                        label="Name"
                        hint="Unique in this application, for example “Editor”."
                        error=error_at(action, "role_name")
                        required=true
                    >
                        <TextInput value=typed("role_name").unwrap_or_default() max_length=100 />
                    </Field>
                    <Field
                        name="description"
                        id="role-description"
                        label="Description"
                        error=error_at(action, "description")
                        optional=true
                    >
                        <TextInput value=typed("description").unwrap_or_default() max_length=500 />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Add role"
                    </Button>
                    <Button closes="new-role">"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

/// The dialog that adds a permission.
#[component]
pub fn NewPermission(action: FormAction<CreatePermission>) -> impl IntoView {
    let app = app_in_address();
    view! {
        <Dialog
            id="new-permission"
            title="Add permission"
            description="What your application checks before it does something."
            open=failure(action).get_untracked().is_some()
            on_close=forget(action)
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="app_id" value=move || app.get() />
                <FormGrid>
                    <Field
                        name="name"
                        id="permission-name"
                        label="Name"
                        hint="Letters, digits and : . _ / - such as invoices:read."
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput value=typed("name").unwrap_or_default() max_length=100 mono=true />
                    </Field>
                    <Field
                        name="description"
                        id="permission-description"
                        label="Description"
                        error=error_at(action, "description")
                        optional=true
                    >
                        <TextInput value=typed("description").unwrap_or_default() max_length=500 />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Add permission"
                    </Button>
                    <Button closes="new-permission">"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

/// The dialogs of one role.
#[component]
pub fn RoleDialogs(role: Role, in_use: RoleUse, actions: Actions) -> impl IntoView {
    view! {
        <EditRole role=role.clone() actions />
        <DeleteRoleDialog role in_use actions />
    }
}

#[component]
fn EditRole(role: Role, actions: Actions) -> impl IntoView {
    let action = actions.update_role;
    let id = role.role_id.to_string();
    let dialog = format!("edit-{id}");
    // Refused with scripts off: this role's dialog is the one to open again.
    let refused = refused_for(action, "role_id", &id);
    let value = move |field: &str, saved: String| {
        if refused {
            typed(field).unwrap_or(saved)
        } else {
            saved
        }
    };
    view! {
        <Dialog
            id=dialog.clone()
            title=format!("Edit {}", role.role_name)
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="app_id" value=role.app_id.to_string() />
                <input type="hidden" name="role_id" value=id.clone() />
                <FormGrid>
                    <Field
                        name="role_name"
                        id=format!("name-{id}")
                        label="Name"
                        error=error_at(action, "role_name")
                        required=true
                    >
                        <TextInput value=value("role_name", role.role_name) max_length=100 />
                    </Field>
                    <Field
                        name="description"
                        id=format!("description-{id}")
                        label="Description"
                        error=error_at(action, "description")
                        optional=true
                    >
                        <TextInput
                            value=value("description", role.description.unwrap_or_default())
                            max_length=500
                        />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Save"
                    </Button>
                    <Button closes=dialog>"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

/// Says where the role is in use; who goes on takes it from everybody.
#[component]
fn DeleteRoleDialog(role: Role, in_use: RoleUse, actions: Actions) -> impl IntoView {
    let action = actions.delete_role;
    let dialog = format!("delete-{}", role.role_id);
    let refused = refused_for(action, "role_id", &role.role_id.to_string());
    let mut goes = Vec::new();
    if in_use.members > 0 {
        goes.push(format!(
            "{} in {} lose it at once",
            count_of(in_use.members, "member", "members"),
            count_of(in_use.organizations, "organization", "organizations"),
        ));
    }
    if in_use.role_groups > 0 {
        goes.push(format!(
            "{} no longer hold it",
            count_of(in_use.role_groups, "role group", "role groups")
        ));
    }
    let used = !goes.is_empty();
    let name = role.role_name;
    let typing = used.then(|| name.clone());
    view! {
        <Dialog
            id=dialog.clone()
            title=format!("Delete {name}?")
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <input type="hidden" name="app_id" value=role.app_id.to_string() />
                <input type="hidden" name="role_id" value=role.role_id.to_string() />
                {used.then(|| view! { <input type="hidden" name="force" value="true" /> })}
                <ConfirmBody
                    dialog
                    confirm=if used { "Take it away and delete" } else { "Delete role" }
                    type_name=typing
                    failure=failure(action)
                    name_error=error_at(action, "confirm_name")
                    pending=action.pending()
                >
                    {if used {
                        view! {
                            <p>"This role is in use:"</p>
                            <Consequences items=goes />
                        }
                            .into_any()
                    } else {
                        view! { <p>"Nobody has this role, and no role group holds it."</p> }.into_any()
                    }}
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}

/// The dialog that deletes a permission.
#[component]
pub fn PermissionDialogs(permission: AppPermission, actions: Actions) -> impl IntoView {
    let action = actions.delete_permission;
    let app = app_in_address();
    let name = permission.name;
    let dialog = permission_dialog(&name);
    view! {
        <Dialog
            id=dialog.clone()
            title=format!("Delete {name}?")
            open=refused_for(action, "name", &name)
            on_close=forget(action)
        >
            <ActionForm action>
                <input type="hidden" name="app_id" value=move || app.get() />
                <input type="hidden" name="name" value=name.clone() />
                <ConfirmBody
                    dialog
                    confirm="Delete permission"
                    failure=failure(action)
                    pending=action.pending()
                >
                    <p>"No role has this permission. Your application will no longer find it in a token."</p>
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
