//! `/admin/organizations/{id}/members/{user_id}/access`: what the member may do where, and through which role.

use std::collections::BTreeMap;

use guildhall::members::{AccessRole, ApplicationAccess, Member};
use guildhall::roles::AssignableRoles;
use leptos::prelude::*;

use super::{member_of, use_member_ids};
use crate::components::contested::{AsOf, as_of, of_conflict};
use crate::components::member::admin_grants;
use crate::components::portal::use_portal;
use crate::components::read::{Read, read};
use crate::components::submit::{failure, use_done};
use crate::pages::admin::organizations::organization::members_new::AppRoles;
use crate::rpc::conflict::said;
use crate::rpc::members::{MemberAccess, SetMemberRoles, SetOrganizationAdmin, get_member_access};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

#[component]
pub fn MemberAccessPage() -> impl IntoView {
    let ids = use_member_ids();
    let access = read(
        move || ids.get(),
        |ids| async move { get_member_access(member_of(&ids)?).await },
    );
    let admin = FormAction::<SetOrganizationAdmin>::new();
    let roles = FormAction::<SetMemberRoles>::new();
    use_done(admin);
    use_done(roles);
    view! {
        <div class="stack">
            <FormError message=failure(roles) />
            <Read resource=access whole=true let:access>
                <Body access admin roles />
            </Read>
        </div>
    }
}

#[component]
fn Body(
    access: MemberAccess,
    admin: FormAction<SetOrganizationAdmin>,
    roles: FormAction<SetMemberRoles>,
) -> impl IntoView {
    let MemberAccess {
        member,
        access,
        assignable,
    } = access;
    let apps = assignable
        .into_iter()
        .map(|app| {
            let has = access.iter().find(|has| has.app_id == app.app_id).cloned();
            view! { <OfApp app has member=member.clone() roles /> }
        })
        .collect_view();
    let none = apps.is_empty();
    view! {
        <div class="stack">
            <AdminSwitch member admin />
            {apps}
            {none
                .then(|| {
                    view! {
                        <EmptyState
                            glyph=Glyph::Apps
                            title="No applications"
                            text="The organization has none yet, so there is nothing to give access to."
                        />
                    }
                })}
        </div>
    }
}

#[component]
fn AdminSwitch(member: Member, admin: FormAction<SetOrganizationAdmin>) -> impl IntoView {
    let is_admin = member.is_organization_admin();
    let name = member.label();
    let fields = {
        let (organization_id, user_id) = (member.organization_id.to_string(), member.user_id.to_string());
        let name = name.clone();
        move || {
            view! {
                <input type="hidden" name="organization_id" value=organization_id.clone() />
                <input type="hidden" name="user_id" value=user_id.clone() />
                <input type="hidden" name="name" value=name.clone() />
                <input type="hidden" name="admin" value=(!is_admin).to_string() />
            }
        }
    };
    let grants: Vec<String> = vec![format!("An admin may {}.", admin_grants().join(", "))];
    if is_admin {
        return view! {
            <Card
                title="Organization admin"
                description=format!("{name} administers this organization.")
            >
                <ActionForm action=admin>
                    <FormError message=failure(admin) />
                    {fields()}
                    <Button kind="submit" pending=admin.pending()>
                        "Take the admin role away"
                    </Button>
                </ActionForm>
            </Card>
        }
        .into_any();
    }
    let grants = grants.join(" ");
    view! {
        <Card
            title="Organization admin"
            description=format!("{name} does not administer this organization.")
        >
            <FormError message=failure(admin) />
            <Button opens="make-admin" icon=Glyph::Shield>
                "Make organization admin"
            </Button>
            <Dialog id="make-admin" title=format!("Make {name} an organization admin?")>
                <ActionForm action=admin>
                    {fields()}
                    <ConfirmBody
                        dialog="make-admin"
                        confirm="Make organization admin"
                        mild=true
                        pending=admin.pending()
                    >
                        <p>{grants}</p>
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        </Card>
    }
    .into_any()
}

/// A member's roles in an application as two people left them, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Both {
    theirs: String,
    /// As people read them.
    theirs_named: String,
    yours: String,
}

/// Both versions, where the form of this application was refused since somebody else has saved meanwhile.
fn both_of(roles: FormAction<SetMemberRoles>, app_id: String) -> Memo<Option<Both>> {
    of_conflict(roles, move |error| {
        said(error, "theirs", "app_id").filter(|of| *of == app_id)?;
        Some(Both {
            theirs: said(error, "theirs", "role_ids")?,
            theirs_named: said(error, "theirs", "roles")?,
            yours: said(error, "yours", "role_ids")?,
        })
    })
}

/// Over the boxes, which are as whoever was refused left them.
#[component]
fn BothRoles(both: Both, names: Vec<(String, String)>) -> impl IntoView {
    let yours: Vec<String> = both
        .yours
        .split_whitespace()
        .map(|id| {
            names
                .iter()
                .find(|(of, _)| of == id)
                .map_or_else(|| id.to_owned(), |(_, name)| name.clone())
        })
        .collect();
    let or_none = |text: String| {
        if text.is_empty() { "None".to_owned() } else { text }
    };
    view! {
        <div class="versions">
            <DescriptionList>
                <Description term="Theirs: saved meanwhile">{or_none(both.theirs_named)}</Description>
                <Description term="Yours: not saved yet">{or_none(yours.join(", "))}</Description>
            </DescriptionList>
        </div>
    }
}

#[component]
fn OfApp(
    app: AssignableRoles,
    has: Option<ApplicationAccess>,
    member: Member,
    roles: FormAction<SetMemberRoles>,
) -> impl IntoView {
    let held: Vec<AccessRole> = has.map(|has| has.roles).unwrap_or_default();
    let ticked: Vec<String> = held.iter().map(|role| role.role_id.to_string()).collect();
    let now = ticked.join(" ");
    let names: Vec<(String, String)> = app
        .roles
        .iter()
        .map(|role| (role.role_id.to_string(), role.label().to_owned()))
        .collect();
    let both = both_of(roles, app.app_id.to_string());
    // What was ticked before it was refused, with scripts off; a browser with scripts keeps its boxes.
    let ticked: Vec<String> = match both.get_untracked() {
        Some(both) => both.yours.split_whitespace().map(str::to_owned).collect(),
        None => ticked,
    };
    let as_of_read = member.version.to_string();
    let newer = as_of(roles, member.version);
    let version = Signal::derive(move || {
        // The forms of all applications share the action: the refusal is about one of them.
        if both.with(Option::is_some) {
            newer.get()
        } else {
            as_of_read.clone()
        }
    });
    let was = move || both.get().map_or_else(|| now.clone(), |both| both.theirs);
    let nothing_to_give = app.roles.is_empty();
    let (app_id, app_name) = (app.app_id.to_string(), app.app_name.clone());
    let about = match held.len() {
        0 => "No access".to_owned(),
        1 => "1 role".to_owned(),
        many => format!("{many} roles"),
    };
    view! {
        <Card title=app_name.clone() description=about>
            <ActionForm action=roles>
                <input type="hidden" name="organization_id" value=member.organization_id.to_string() />
                <input type="hidden" name="user_id" value=member.user_id.to_string() />
                <input type="hidden" name="app_id" value=app_id />
                <input type="hidden" name="app_name" value=app_name />
                <AsOf version />
                <input type="hidden" name="was_role_ids" value=was />
                {move || both.get().map(|both| view! { <BothRoles both names=names.clone() /> })}
                <AppRoles app ticked legend="Roles" />
                <FormActions>
                    <Button
                        kind="submit"
                        pending=roles.pending()
                        disabled_reason=nothing_to_give
                            .then(|| {
                                if use_portal().is_tenant() {
                                    "The organization may give no role in it; change that under Apps.".to_owned()
                                } else {
                                    "Your organization may give no role in it.".to_owned()
                                }
                            })
                    >
                        "Save roles"
                    </Button>
                </FormActions>
            </ActionForm>
            <Permissions held />
        </Card>
    }
}

/// Each permission with the roles that it comes through.
#[component]
fn Permissions(held: Vec<AccessRole>) -> impl IntoView {
    let mut through: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for role in held {
        let label = role.label().to_owned();
        for permission in role.permissions {
            through.entry(permission).or_default().push(label.clone());
        }
    }
    if through.is_empty() {
        return ().into_any();
    }
    let summary = count_of(
        u64::try_from(through.len()).unwrap_or_default(),
        "permission",
        "permissions",
    );
    view! {
        <Disclosure summary open=true>
            <Table
                label="Permissions"
                head=|| {
                    view! {
                        <Th label="Permission" />
                        <Th label="Through" />
                    }
                }
            >
                {through
                    .into_iter()
                    .map(|(permission, roles)| {
                        view! {
                            <Tr>
                                <Td label="Permission">
                                    <code>{permission}</code>
                                </Td>
                                <Td label="Through">{roles.join(", ")}</Td>
                            </Tr>
                        }
                    })
                    .collect_view()}
            </Table>
        </Disclosure>
    }
    .into_any()
}
