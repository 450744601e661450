//! A member in the list: who, in what state, with what roles, and the menu of what can be done.

use guildhall::members::MemberStatus;
use guildhall::organization_clients::ClientSuccession;
use leptos::prelude::*;

use super::succession::Succession;
use crate::components::member::{RoleBadges, state_of};
use crate::components::portal::{InPortal, use_portal};
use crate::components::submit::error_at;
use crate::rpc::invitations::ResendMemberInvitations;
use crate::rpc::members::{MemberLine, RemoveMember, SetMemberEnabled};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// What the menus of all rows share.
#[derive(Clone, Copy)]
pub struct Actions {
    pub enable: FormAction<SetMemberEnabled>,
    pub resend: FormAction<ResendMemberInvitations>,
    pub remove: FormAction<RemoveMember>,
}

#[component]
pub fn MemberRow(
    organization_id: String,
    member: MemberLine,
    succession: ClientSuccession,
    actions: Actions,
) -> impl IntoView {
    let (id, name) = (member.user_id, member.label);
    let href = format!("{}/members/{id}", use_portal().path_of(&organization_id));
    let (detail, initials, last_auth) = (member.contact, name.clone(), member.last_auth);
    let state = state_of(member.status);
    let menu_of = Person {
        organization_id,
        id: id.clone(),
        name: name.clone(),
        href: href.clone(),
        enabled: member.enabled,
        pending: member.status == MemberStatus::Pending,
    };
    view! {
        <Tr>
            <SelectCell form="bulk" name="user_ids[]" value=id label=format!("Select {name}") />
            <NameCell href name detail lead=move || view! { <Avatar name=initials.clone() /> } />
            <Td label="Status">
                <Status state />
            </Td>
            <Td label="Roles">
                <RoleBadges roles=member.roles />
            </Td>
            <Td label="Member since">
                <Time ms=member.joined_at date_only=true />
            </Td>
            <Td label="Last sign-in">
                <MaybeTime ms=last_auth none="Never" date_only=true />
            </Td>
            <ActionsCell>
                <RowMenu person=menu_of.clone() actions />
                <RemoveDialog person=menu_of remove=actions.remove succession />
            </ActionsCell>
        </Tr>
    }
}

/// A member as menus and dialogs need to know them.
#[derive(Clone)]
pub struct Person {
    pub organization_id: String,
    pub id: String,
    pub name: String,
    /// Their page.
    pub href: String,
    /// Whether the membership is enabled.
    pub enabled: bool,
    /// Whether they were invited and did not accept yet.
    pub pending: bool,
}

#[component]
fn RowMenu(person: Person, actions: Actions) -> impl IntoView {
    let Person {
        organization_id,
        id,
        name,
        href,
        enabled,
        pending,
    } = person;
    let access = format!("{href}/access");
    let opens = format!("remove-{id}");
    let (within, whom) = (organization_id.clone(), id.clone());
    let resend = pending.then(|| {
        view! {
            <ActionForm action=actions.resend>
                <input type="hidden" name="organization_id" value=within />
                <input type="hidden" name="user_id" value=whom />
                <MenuButton kind="submit" icon=Glyph::Mail>
                    "Resend invitation"
                </MenuButton>
            </ActionForm>
        }
    });
    view! {
        <Menu id=format!("menu-{id}") label=format!("Actions for {name}")>
            <MenuLink href icon=Glyph::Person>
                "Details"
            </MenuLink>
            <MenuLink href=access icon=Glyph::Roles>
                "Assign roles"
            </MenuLink>
            {resend}
            <ActionForm action=actions.enable>
                <input type="hidden" name="organization_id" value=organization_id />
                <input type="hidden" name="user_id" value=id />
                <input type="hidden" name="enabled" value=(!enabled).to_string() />
                <MenuButton kind="submit" icon=if enabled { Glyph::Pause } else { Glyph::Play }>
                    {if enabled { "Suspend" } else { "Reinstate" }}
                </MenuButton>
            </ActionForm>
            <MenuRule />
            <MenuButton opens icon=Glyph::Trash danger=true>
                "Remove…"
            </MenuButton>
        </Menu>
    }
}

/// Asks before somebody is removed, by name.
#[component]
pub fn RemoveDialog(
    person: Person,
    remove: FormAction<RemoveMember>,
    /// Goes back to the list afterwards.
    #[prop(optional)]
    to_list: bool,
    /// What becomes of their API applications.
    succession: ClientSuccession,
) -> impl IntoView {
    let Person {
        organization_id,
        id,
        name,
        ..
    } = person;
    let dialog = format!("remove-{id}");
    let title = format!("Remove {name}?");
    let ClientSuccession { names, heirs } = succession;
    let passes_on = (!names.is_empty()).then(|| {
        let (owned, of) = (names.join(", "), format!("heir-of-{id}"));
        view! { <Succession owned heirs id=of error=error_at(remove, "pass_applications_to") /> }
    });
    view! {
        <Dialog id=dialog.clone() title>
            <ActionForm action=remove>
                <input type="hidden" name="organization_id" value=organization_id />
                <input type="hidden" name="user_id" value=id />
                <input type="hidden" name="name" value=name.clone() />
                <InPortal />
                <input type="hidden" name="to_list" value=to_list.to_string() />
                <ConfirmBody dialog confirm="Remove member" pending=remove.pending()>
                    <Consequences items=vec![
                        format!("{name} loses access to the organization's applications."),
                        "The roles here are gone; adding them again does not bring those back.".to_owned(),
                        "The account and other organizations stay.".to_owned(),
                    ] />
                    {passes_on}
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
