//! What can be done with a person's account, each where it can be read before it is done.

use guildhall::users::{User, UserStatus};
use leptos::prelude::*;

use crate::components::new_password::NewPassword;
use crate::components::reset_factors::ResetFactors;
use crate::components::submit::{error_at, failure, use_done};
use crate::pages::frame::use_me;
use crate::rpc::factors::ResetUserFactors;
use crate::rpc::users::{DeleteUser, SetTenantAdmin, SetUserEnabled, SetUserPassword};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// What the account's forms do.
#[derive(Clone, Copy)]
pub struct AccountActions {
    password: FormAction<SetUserPassword>,
    factors: FormAction<ResetUserFactors>,
    enabled: FormAction<SetUserEnabled>,
    admin: FormAction<SetTenantAdmin>,
    delete: FormAction<DeleteUser>,
}

impl AccountActions {
    /// Each with its toast.
    pub fn new() -> Self {
        let actions = AccountActions {
            password: FormAction::new(),
            factors: FormAction::new(),
            enabled: FormAction::new(),
            admin: FormAction::new(),
            delete: FormAction::new(),
        };
        use_done(actions.password);
        use_done(actions.factors);
        use_done(actions.enabled);
        use_done(actions.admin);
        use_done(actions.delete);
        actions
    }
}

impl Default for AccountActions {
    fn default() -> Self {
        Self::new()
    }
}

/// The cards, from the mildest to the one that cannot be undone.
#[component]
pub fn AccountCards(user: User, actions: AccountActions) -> impl IntoView {
    let oneself = use_me().is_some_and(|me| me.user_id == user.user_id);
    let user_id = user.user_id.to_string();
    view! {
        <PasswordCard user=user.clone() action=actions.password />
        <ResetFactors
            action=actions.factors
            name=user.label()
            disabled_reason=oneself.then(|| "This is your own account: see My account, Security.".to_owned())
        >
            <input type="hidden" name="user_id" value=user_id />
        </ResetFactors>
        <AdminCard user=user.clone() oneself action=actions.admin />
        <EnabledCard user=user.clone() oneself action=actions.enabled />
        <DeleteCard user oneself action=actions.delete />
    }
}

fn hidden(user: &User) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="user_id" value=user.user_id.to_string() />
        <input type="hidden" name="name" value=user.label() />
    }
}

#[component]
fn PasswordCard(user: User, action: FormAction<SetUserPassword>) -> impl IntoView {
    view! {
        <Card
            title="Set a password"
            description="For somebody who lost theirs. All their sessions end; tell them the new one over a safe way."
        >
            <Button opens="set-password" icon=Glyph::Key>
                "Set password"
            </Button>
        </Card>
        <Dialog
            id="set-password"
            title=format!("Set the password of {}", user.label())
            open=failure(action).get_untracked().is_some()
        >
            <ActionForm action>
                <FormError message=failure(action) />
                {hidden(&user)}
                <FormGrid>
                    <NewPassword name="password" label="New password" error=error_at(action, "password") />
                    <Checkbox
                        name="force_replace"
                        label="Temporary: must be changed at the next sign-in"
                        checked=true
                    />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Set password"
                    </Button>
                    <Button closes="set-password">"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn AdminCard(user: User, oneself: bool, action: FormAction<SetTenantAdmin>) -> impl IntoView {
    let is_admin = user.tenant_admin;
    let reason = match user.status {
        _ if oneself && is_admin => Some("This is your own account; ask another administrator.".to_owned()),
        UserStatus::Disabled if !is_admin => Some("The account is disabled.".to_owned()),
        _ => None,
    };
    let (title, verb) = if is_admin {
        ("Administrator", "Take away administration")
    } else {
        ("Not an administrator", "Make administrator")
    };
    view! {
        <Card
            title=title
            description="Administrators manage every organization, application and user of this tenant."
        >
            <FormError message=failure(action) />
            <Button opens="set-admin" icon=Glyph::Shield disabled_reason=reason>
                {verb}
            </Button>
        </Card>
        <Dialog id="set-admin" title=format!("{verb}: {}?", user.label())>
            <ActionForm action>
                {hidden(&user)} <input type="hidden" name="admin" value=(!is_admin).to_string() />
                <ConfirmBody dialog="set-admin" confirm=verb pending=action.pending() mild=true>
                    {if is_admin {
                        view! {
                            <p>"They keep their memberships and lose everything under this console’s administration."</p>
                        }
                            .into_any()
                    } else {
                        view! {
                            <p>"They will be able to:"</p>
                            <ul>
                                <li>"read and change every organization and every member"</li>
                                <li>"create clients, whose secrets open the API"</li>
                                <li>"set anybody’s password, and make other administrators"</li>
                            </ul>
                        }
                            .into_any()
                    }}
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn EnabledCard(user: User, oneself: bool, action: FormAction<SetUserEnabled>) -> impl IntoView {
    let disabled = user.status == UserStatus::Disabled;
    let reason = oneself.then(|| "This is your own account.".to_owned());
    let dialog = || {
        view! {
            <Dialog id="disable-user" title=format!("Disable {}?", user.label())>
                <ActionForm action>
                    <input type="hidden" name="user_id" value=user.user_id.to_string() />
                    <input type="hidden" name="enabled" value="false" />
                    <ConfirmBody
                        dialog="disable-user"
                        confirm="Disable account"
                        pending=action.pending()
                        mild=true
                    >
                        <Consequences items=vec![
                            "Their sessions end, and they cannot sign in anywhere".to_owned(),
                            "Their memberships and roles stay for when you enable them again".to_owned(),
                        ] />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        }
    };
    let body = if disabled {
        view! {
            <ActionForm action>
                <input type="hidden" name="user_id" value=user.user_id.to_string() />
                <input type="hidden" name="enabled" value="true" />
                <Button kind="submit" icon=Glyph::Play pending=action.pending()>
                    "Enable account"
                </Button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <Button opens="disable-user" icon=Glyph::Pause disabled_reason=reason>
                "Disable account"
            </Button>
        }
        .into_any()
    };
    view! {
        <Card
            title=if disabled { "The account is disabled" } else { "Disable the account" }
            description=if disabled {
                "This person cannot sign in anywhere."
            } else {
                "For everywhere at once. To suspend somebody in one organization, go there."
            }
        >
            <FormError message=failure(action) />
            {body}
        </Card>
        {(!disabled).then(dialog)}
    }
}

#[component]
fn DeleteCard(user: User, oneself: bool, action: FormAction<DeleteUser>) -> impl IntoView {
    let reason = oneself.then(|| "This is your own account; ask another administrator.".to_owned());
    let label = user.label();
    let goes = vec![
        if user.organization_count == 0 {
            "They are in no organization".to_owned()
        } else {
            format!(
                "Their membership and roles in {}",
                count_of(user.organization_count, "organization", "organizations")
            )
        },
        "Their sessions, password and record".to_owned(),
        "What they did stays in the audit".to_owned(),
    ];
    view! {
        <Card
            title="Delete user"
            description="Deletes the person everywhere. This cannot be undone."
            danger=true
        >
            <Button
                opens="delete-user"
                variant=Variant::Danger
                icon=Glyph::Trash
                disabled_reason=reason
            >
                "Delete user"
            </Button>
        </Card>
        <Dialog
            id="delete-user"
            title=format!("Delete {label}?")
            open=failure(action).get_untracked().is_some()
        >
            <ActionForm action>
                <input type="hidden" name="user_id" value=user.user_id.to_string() />
                <ConfirmBody
                    dialog="delete-user"
                    confirm="Delete user"
                    type_name=label
                    failure=failure(action)
                    name_error=error_at(action, "confirm_name")
                    pending=action.pending()
                >
                    <Consequences items=goes />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
