//! `/admin/organizations/{id}/invitations`: who was invited, as what, and what became of it.

use guildhall::invitations::{Invitation, InvitationStatus, ListInvitations};
use guildhall::page::Page;
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::member::RoleBadges;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::portal::{InPortal, use_portal};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Changes, Read, id_of, read};
use crate::components::submit::{failure, use_done};
use crate::rpc::invitations::{
    CopyInvitationLink, NewLink, ResendInvitation, RevokeInvitation, list_invitations, take_new_link,
};
use crate::rpc::{ActionForm, FormAction, Wire};
use crate::ui::prelude::*;

const FILTERS: [&str; 3] = ["q", "status", "cursor"];

/// What the menus of all rows share.
#[derive(Clone, Copy)]
struct Actions {
    resend: FormAction<ResendInvitation>,
    revoke: FormAction<RevokeInvitation>,
    copy: FormAction<CopyInvitationLink>,
}

#[component]
pub fn InvitationsPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let actions = Actions {
        resend: FormAction::new(),
        revoke: FormAction::new(),
        copy: FormAction::new(),
    };
    use_done(actions.resend);
    use_done(actions.revoke);
    // With scripts off the link waits for this page; with them it is in the answer.
    let shown = RwSignal::new(SharedValue::<_, Wire>::new_with_encoding(take_new_link).into_inner());
    show_link(actions.copy, shown);
    let list = read(
        move || (id.get(), query.get()),
        |(id, query)| async move {
            list_invitations(ListInvitations {
                search: query.search(),
                status: query.word("status"),
                limit: query.limit(),
                cursor: query.cursor(),
                include_total: true,
                ..ListInvitations::of(id_of(&id, "organization")?)
            })
            .await
        },
    );
    let path = use_portal().path_of(&id.get_untracked());
    let (list_path, add) = (format!("{path}/invitations"), format!("{path}/members/new"));
    view! {
        <div class="stack">
            <FormError message=failure(actions.resend) />
            <FormError message=failure(actions.revoke) />
            <FormError message=failure(actions.copy) />
            {move || shown.get().map(|new| view! { <Shown new /> })}
            <FilterBar
                action=list_path
                clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
                actions=move || {
                    view! {
                        <LinkButton href=add.clone() variant=Variant::Primary icon=Glyph::Plus to_form=true>
                        "Invite"
                    </LinkButton>
                    }
                }
            >
                <SearchInput label="Search name or email" value=asked(query, "q") />
                <FilterSelect
                    name="status"
                    label="Status"
                    value=asked(query, "status")
                    options=statuses()
                />
                <Kept query names=&["size"] />
            </FilterBar>
            <Read resource=list whole=true let:page>
                <List page id=id.get_untracked() query=query.get_untracked() actions />
            </Read>
        </div>
    }
}

fn statuses() -> Vec<(String, String)> {
    [
        ("", "Any status"),
        ("pending", "Pending"),
        ("accepted", "Accepted"),
        ("expired", "Expired"),
        ("revoked", "Revoked"),
    ]
    .map(|(status, word)| (status.to_owned(), word.to_owned()))
    .to_vec()
}

fn state_of(status: InvitationStatus) -> State {
    match status {
        InvitationStatus::Pending => State::Pending,
        InvitationStatus::Accepted => State::Accepted,
        InvitationStatus::Expired => State::Expired,
        InvitationStatus::Revoked => State::Revoked,
    }
}

/// Puts the answer's link on the page, closes the dialog that asked for it, and reads the list again.
fn show_link(copy: FormAction<CopyInvitationLink>, shown: RwSignal<Option<NewLink>>) {
    let (changes, value) = (Changes::around(), copy.value());
    Effect::new(move |_| {
        let new = value.with(|value| match value {
            Some(Ok(new)) => Some(new.clone()),
            _ => None,
        });
        if let Some(new) = new {
            close_dialog(&format!("copy-{}", new.invitation_id));
            shown.set(Some(new));
            changes.in_place();
        }
    });
}

#[component]
fn Shown(new: NewLink) -> impl IntoView {
    let secret = new.link?;
    Some(view! {
        <Card title="A new link">
            <SecretOnce secret label="Invitation link" />
        </Card>
    })
}

#[component]
fn List(page: Page<Invitation>, id: String, query: ListQuery, actions: Actions) -> impl IntoView {
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="invitations" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Mail
                    title="Nobody was invited yet"
                    text="Add members with an invitation: they come in by the link in their mail."
                >
                    <LinkButton
                        href=format!("{}/members/new", use_portal().path_of(&id))
                        variant=Variant::Primary
                        icon=Glyph::Plus
                        to_form=true
                    >
                        "Invite"
                    </LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Card flush=true>
            <Table
                label="Invitations, newest first"
                head=|| {
                    view! {
                        <Th label="Who" />
                        <Th label="Status" />
                        <Th label="Roles" />
                        <Th label="Invited by" />
                        <Th label="Sent" />
                        <Th label="Expires" />
                        <Th label="Actions" hidden=true />
                    }
                }
            >
                {page
                    .items
                    .into_iter()
                    .map(|invitation| view! { <Row invitation actions /> })
                    .collect_view()}
            </Table>
            <Pager info shown noun=("invitation", "invitations") />
        </Card>
    }
    .into_any()
}

#[component]
fn Row(invitation: Invitation, actions: Actions) -> impl IntoView {
    let state = state_of(invitation.status);
    let portal = use_portal();
    let organization = portal.path_of(&invitation.organization_id.to_string());
    // Who was removed or never came has no page here.
    let href = if invitation.status != InvitationStatus::Revoked {
        Some(format!("{organization}/members/{}", invitation.user_id))
    } else {
        portal
            .is_tenant()
            .then(|| format!("/admin/users/{}", invitation.user_id))
    };
    let (name, initials) = (invitation.name.clone(), invitation.name.clone());
    let detail = Some(invitation.email.clone())
        .filter(|email| *email != invitation.name)
        .unwrap_or_default();
    let asked = invitation.asked_at.is_some() && invitation.status.is_open();
    let app = invitation.app_name.clone();
    let inviter = invitation
        .invited_by
        .clone()
        .unwrap_or_else(|| "A program".to_owned());
    let (roles, sent_at, expires_at) = (
        invitation.roles.clone(),
        invitation.sent_at,
        invitation.expires_at,
    );
    let menu = invitation
        .status
        .is_open()
        .then(|| view! { <RowMenu invitation actions organization /> });
    view! {
        <Tr>
            <NameCell href=href.unwrap_or_default() name detail lead=move || view! { <Avatar name=initials.clone() /> } />
            <Td label="Status">
                <Status state />
                {asked
                    .then(|| {
                        view! {
                            <Badge tone=Tone::Warning icon=Glyph::Mail>
                                "Asks for a new one"
                            </Badge>
                        }
                    })}
            </Td>
            <Td label="Roles">
                <div>
                    {app.map(|app| view! { <p class="muted">{app}</p> })}
                    <RoleBadges roles />
                </div>
            </Td>
            <Td label="Invited by">{inviter}</Td>
            <Td label="Sent">
                <MaybeTime ms=sent_at none="Not yet" date_only=true />
            </Td>
            <Td label="Expires">
                <Time ms=expires_at date_only=true />
            </Td>
            <ActionsCell>{menu}</ActionsCell>
        </Tr>
    }
}

#[component]
fn RowMenu(invitation: Invitation, actions: Actions, organization: String) -> impl IntoView {
    let about = About {
        organization_id: invitation.organization_id.to_string(),
        id: invitation.invitation_id.to_string(),
    };
    let (id, name) = (about.id.clone(), invitation.name);
    let (copying, revoking) = (format!("copy-{id}"), format!("revoke-{id}"));
    let (copy_title, revoke_title) = (
        format!("Copy a link for {name}?"),
        format!("Revoke the invitation of {name}?"),
    );
    let (for_copy, for_revoke) = (about.clone(), about.clone());
    let (copy_dialog, revoke_dialog) = (copying.clone(), revoking.clone());
    let dialogs = (
        view! {
            <Dialog id=copy_dialog.clone() title=copy_title>
                <ActionForm action=actions.copy>
                    <InPortal />
                    <Hidden about=for_copy />
                    <ConfirmBody
                        dialog=copy_dialog
                        confirm="Make a link"
                        pending=actions.copy.pending()
                        mild=true
                    >
                        <Consequences items=vec![
                            "The link that was sent by mail no longer works.".to_owned(),
                            "Whoever has the new one can use it: hand it only to whom you invite.".to_owned(),
                            "It does not prove their address, unlike one that arrives by mail.".to_owned(),
                        ] />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        },
        view! {
            <Dialog id=revoke_dialog.clone() title=revoke_title>
                <ActionForm action=actions.revoke>
                    <Hidden about=for_revoke />
                    <ConfirmBody
                        dialog=revoke_dialog
                        confirm="Revoke invitation"
                        pending=actions.revoke.pending()
                    >
                        <Consequences items=vec![
                            "The link no longer works.".to_owned(),
                            "Somebody who has accepted no other invitation here leaves the list of members."
                                .to_owned(),
                        ] />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        },
    );
    view! {
        <Menu id=format!("menu-{id}") label=format!("Actions for the invitation of {name}")>
            <ActionForm action=actions.resend>
                <Hidden about />
                <MenuButton kind="submit" icon=Glyph::Mail>
                    "Resend"
                </MenuButton>
            </ActionForm>
            <MenuLink href=format!("{organization}/invitations/{id}") icon=Glyph::Roles>
                "Change roles"
            </MenuLink>
            <MenuButton opens=copying icon=Glyph::Link>
                "Copy link…"
            </MenuButton>
            <MenuRule />
            <MenuButton opens=revoking icon=Glyph::Block danger=true>
                "Revoke…"
            </MenuButton>
        </Menu>
        {dialogs}
    }
}

/// Which invitation a form is about.
#[derive(Clone)]
struct About {
    organization_id: String,
    id: String,
}

#[component]
fn Hidden(about: About) -> impl IntoView {
    view! {
        <input type="hidden" name="organization_id" value=about.organization_id />
        <input type="hidden" name="invitation_id" value=about.id />
    }
}
