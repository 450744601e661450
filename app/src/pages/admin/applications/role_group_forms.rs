//! The forms of the role groups page.

use guildhall::roles::{Role, RoleGroup};
use leptos::prelude::*;

use super::frame::app_in_address;
use crate::components::submit::{error_at, failure, forget, refused_for};
use crate::rpc::roles::{CreateRoleGroup, DeleteRoleGroup, UpdateRoleGroup};
use crate::rpc::{ActionForm, FormAction, typed, typed_all};
use crate::ui::prelude::*;

/// What the page's forms do.
#[derive(Clone, Copy)]
pub struct GroupActions {
    pub create: FormAction<CreateRoleGroup>,
    pub update: FormAction<UpdateRoleGroup>,
    pub delete: FormAction<DeleteRoleGroup>,
}

fn choices(roles: &[Role]) -> Vec<Choice> {
    roles
        .iter()
        .map(|role| {
            let choice = Choice::new(role.role_id.to_string(), role.role_name.clone());
            match &role.description {
                Some(text) => choice.hint(text.clone()),
                None => choice,
            }
        })
        .collect()
}

/// The dialog that creates a group.
#[component]
pub fn NewGroup(roles: Vec<Role>, action: FormAction<CreateRoleGroup>) -> impl IntoView {
    let app = app_in_address();
    let refused = failure(action).get_untracked().is_some();
    view! {
        <Dialog id="new-group" title="Create role group" open=refused on_close=forget(action)>
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="app_id" value=move || app.get() />
                <FormGrid>
                    <Field
                        name="name"
                        id="group-name"
                        label="Name"
                        hint="Unique in this application, for example “Enterprise”."
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput
                            value=typed("name").filter(|_| refused).unwrap_or_default()
                            max_length=100
                        />
                    </Field>
                    <Field
                        name="description"
                        id="group-description"
                        label="Description"
                        error=error_at(action, "description")
                        optional=true
                    >
                        <TextInput
                            value=typed("description").filter(|_| refused).unwrap_or_default()
                            max_length=500
                        />
                    </Field>
                    <CheckboxGroup
                        name="role_ids[]"
                        legend="Roles"
                        options=choices(&roles)
                        values=typed_all("role_ids").filter(|_| refused).unwrap_or_default()
                        error=error_at(action, "role_ids")
                    />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Create role group"
                    </Button>
                    <Button closes="new-group">"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

/// The dialogs of one group.
#[component]
pub fn GroupDialogs(group: RoleGroup, roles: Vec<Role>, actions: GroupActions) -> impl IntoView {
    view! {
        <EditGroup group=group.clone() roles action=actions.update />
        <DeleteGroup group action=actions.delete />
    }
}

#[component]
fn EditGroup(group: RoleGroup, roles: Vec<Role>, action: FormAction<UpdateRoleGroup>) -> impl IntoView {
    let id = group.role_group_id.to_string();
    let dialog = format!("edit-{id}");
    let refused = refused_for(action, "role_group_id", &id);
    let value = move |field: &str, saved: String| {
        if refused {
            typed(field).unwrap_or(saved)
        } else {
            saved
        }
    };
    let held = group.role_ids.iter().map(ToString::to_string).collect();
    let note = (group.organization_count > 0).then(|| {
        format!(
            "{} this group: members lose a role that you untick, unless their organization has it from elsewhere.",
            count_of(group.organization_count, "organization has", "organizations have"),
        )
    });
    view! {
        <Dialog
            id=dialog.clone()
            title=format!("Edit {}", group.name)
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="app_id" value=group.app_id.to_string() />
                <input type="hidden" name="role_group_id" value=id.clone() />
                <FormGrid>
                    <Field
                        name="name"
                        id=format!("name-{id}")
                        label="Name"
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput value=value("name", group.name) max_length=100 />
                    </Field>
                    <Field
                        name="description"
                        id=format!("description-{id}")
                        label="Description"
                        error=error_at(action, "description")
                        optional=true
                    >
                        <TextInput
                            value=value("description", group.description.unwrap_or_default())
                            max_length=500
                        />
                    </Field>
                    <CheckboxGroup
                        name="role_ids[]"
                        legend="Roles"
                        options=choices(&roles)
                        values=typed_all("role_ids").filter(|_| refused).unwrap_or(held)
                        hint=note
                        error=error_at(action, "role_ids")
                    />
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

#[component]
fn DeleteGroup(group: RoleGroup, action: FormAction<DeleteRoleGroup>) -> impl IntoView {
    let dialog = format!("delete-{}", group.role_group_id);
    let used = group.organization_count > 0;
    let text = if used {
        format!(
            "{} it. Their members lose the roles that their organization may no longer give.",
            count_of(group.organization_count, "organization has", "organizations have"),
        )
    } else {
        "No organization has it. Its roles stay.".to_owned()
    };
    let typing = used.then(|| group.name.clone());
    let refused = refused_for(action, "role_group_id", &group.role_group_id.to_string());
    view! {
        <Dialog
            id=dialog.clone()
            title=format!("Delete {}?", group.name)
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <input type="hidden" name="app_id" value=group.app_id.to_string() />
                <input type="hidden" name="role_group_id" value=group.role_group_id.to_string() />
                <ConfirmBody
                    dialog
                    confirm="Delete role group"
                    type_name=typing
                    failure=failure(action)
                    name_error=error_at(action, "confirm_name")
                    pending=action.pending()
                >
                    <p>{text}</p>
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
