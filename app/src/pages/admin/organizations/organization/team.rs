//! `/admin/organizations/{id}/teams/{team_id}` and `/org/{id}/teams/{team_id}`: a team, and who is in it.

use guildhall::page::Page;
use guildhall::teams::{ListTeamMembers, Team, TeamMember};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::teams::{DeleteDialog, manages};
use super::use_organization_id;
use crate::components::contested::{AsOf, Contested, as_of, versions};
use crate::components::member::state_of;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::portal::use_portal;
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::layout::Guarded;
use crate::rpc::teams::{
    AddTeamMembers, DeleteTeam, RemoveTeamMember, RenameTeam, TeamPage as Loaded, get_team_page,
};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// What the page's forms do.
#[derive(Clone, Copy)]
struct Actions {
    rename: FormAction<RenameTeam>,
    delete: FormAction<DeleteTeam>,
    add: FormAction<AddTeamMembers>,
    remove: FormAction<RemoveTeamMember>,
}

#[component]
pub fn TeamPage() -> impl IntoView {
    let (id, query, params) = (use_organization_id(), use_list_query(), use_params_map());
    let team = Memo::new(move |_| params.with(|params| params.get("team_id").unwrap_or_default()));
    let offers = manages(&id.get_untracked());
    let loaded = read(
        move || (id.get(), team.get(), query.get()),
        move |(id, team, query)| async move {
            let members = ListTeamMembers {
                organization_id: id_of(&id, "organization")?,
                team_id: id_of(&team, "team")?,
                search: query.search(),
                outside: false,
                limit: query.limit(),
                cursor: query.cursor(),
            };
            get_team_page(members, offers).await
        },
    );
    let actions = Actions {
        rename: FormAction::new(),
        delete: FormAction::new(),
        add: FormAction::new(),
        remove: FormAction::new(),
    };
    use_done(actions.rename);
    use_done(actions.delete);
    use_done(actions.add);
    use_done(actions.remove);
    view! {
        <Read resource=loaded whole=true let:loaded>
            <Whole loaded query actions />
        </Read>
    }
}

#[component]
fn Whole(loaded: Loaded, query: Memo<ListQuery>, actions: Actions) -> impl IntoView {
    let Loaded {
        organization_name,
        team,
        members,
        others,
    } = loaded;
    let organization_id = team.organization_id.to_string();
    let portal = use_portal();
    let teams = format!("{}/teams", portal.path_of(&organization_id));
    let here = format!("{teams}/{}", team.team_id);
    let mut crumbs = portal.crumbs(&organization_id, organization_name);
    crumbs.push(Crumb::new("Teams", teams));
    let id = team.team_id.to_string();
    let about = if team.is_default {
        "New members of the organization begin in this team."
    } else {
        "Members of the organization who work together."
    };
    let may_change = others.is_some();
    view! {
        <PageHeader
            title=team.name.clone()
            description=about
            crumbs
            meta=move || view! { <CopyId id=id.clone() what="team id" /> }
        />
        <div class="stack">
            <FormError message=failure(actions.remove) />
            <FilterBar action=here clear_href=Signal::derive(move || query.get().cleared(&["q"]))>
                <SearchInput label="Search name, email, phone or id" value=asked(query, "q") />
                <Kept query names=&["size"] />
            </FilterBar>
            <Members team=team.clone() page=members searched=query.get_untracked().has_any(&["q"]) may_change actions />
            {others
                .map(|others| {
                    view! {
                        <Others team=team.clone() others searched=query.get_untracked().has_any(&["q"]) actions />
                        <Rename team=team.clone() action=actions.rename />
                        <Ends team=team.clone() action=actions.delete />
                    }
                })}
        </div>
    }
}

#[component]
fn Members(
    team: Team,
    page: Page<TeamMember>,
    searched: bool,
    may_change: bool,
    actions: Actions,
) -> impl IntoView {
    let (info, shown) = (page.info, page.items.len());
    if shown == 0 {
        let (title, text) = if searched {
            ("Nobody in the team matches", "Try another spelling.")
        } else if may_change {
            (
                "Nobody is in this team yet",
                "Add members of the organization below.",
            )
        } else {
            (
                "Nobody is in this team yet",
                "An administrator of the organization adds its members.",
            )
        };
        return view! { <EmptyState glyph=Glyph::Team title text /> }.into_any();
    }
    let above = format!(
        "{}/members",
        use_portal().path_of(&team.organization_id.to_string())
    );
    let rows = page
        .items
        .into_iter()
        .map(|member| {
            // A page of their own is for whoever manages members.
            let href = if may_change {
                format!("{above}/{}", member.user_id)
            } else {
                String::new()
            };
            let initials = member.name.clone();
            let detail = member.email.clone().filter(|email| *email != member.name);
            let (state, of) = (state_of(member.member_status), team.clone());
            view! {
                <Tr>
                    <NameCell
                        href
                        name=member.name.clone()
                        detail
                        lead=move || view! { <Avatar name=initials.clone() /> }
                    />
                    <Td label="Status">
                        <Status state />
                    </Td>
                    {may_change
                        .then(|| view! { <TakeOut team=of member action=actions.remove /> })}
                </Tr>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <Table
                label="Members of the team"
                head=move || {
                    view! {
                        <Th label="Name" sorted=Some(Sorted::Ascending) />
                        <Th label="Status" />
                        {may_change.then(|| view! { <Th label="Actions" hidden=true /> })}
                    }
                }
            >
                {rows}
            </Table>
            <Pager info shown noun=("member", "members") />
        </Card>
    }
    .into_any()
}

/// The cell that takes a member out; they can be put in again, so it does not ask.
#[component]
fn TakeOut(team: Team, member: TeamMember, action: FormAction<RemoveTeamMember>) -> impl IntoView {
    let id = member.user_id.to_string();
    view! {
        <ActionsCell>
            <Menu id=format!("menu-{id}") label=format!("Actions for {}", member.name)>
                <ActionForm action>
                    <input type="hidden" name="organization_id" value=team.organization_id.to_string() />
                    <input type="hidden" name="team_id" value=team.team_id.to_string() />
                    <input type="hidden" name="user_id" value=id />
                    <input type="hidden" name="member" value=member.name />
                    <input type="hidden" name="name" value=team.name />
                    <MenuButton kind="submit" icon=Glyph::Cross>
                        "Take out of the team"
                    </MenuButton>
                </ActionForm>
            </Menu>
        </ActionsCell>
    }
}

/// Those who could be put into the team.
#[component]
fn Others(team: Team, others: Page<TeamMember>, searched: bool, actions: Actions) -> impl IntoView {
    if others.items.is_empty() {
        let text = if searched {
            "Nobody else in the organization matches."
        } else {
            "Everybody in the organization is in this team."
        };
        return view! { <Card title="Add members" description=text>""</Card> }.into_any();
    }
    let more = others.info.next_cursor.is_some();
    let hint = more.then(|| "There are more: search above for whom you want.".to_owned());
    let options: Vec<Choice> = others
        .items
        .into_iter()
        .map(|member| {
            let choice = Choice::new(member.user_id.to_string(), member.name.clone());
            match member.email.filter(|email| *email != member.name) {
                Some(email) => choice.hint(email),
                None => choice,
            }
        })
        .collect();
    let add = actions.add;
    view! {
        <Card title="Add members" description="Members of the organization who are not in this team.">
            <ActionForm action=add>
                <FormError message=failure(add) />
                <input type="hidden" name="organization_id" value=team.organization_id.to_string() />
                <input type="hidden" name="team_id" value=team.team_id.to_string() />
                <input type="hidden" name="name" value=team.name />
                <FormGrid>
                    <CheckboxGroup
                        name="user_ids[]"
                        legend="Who"
                        hint
                        options
                        error=error_at(add, "user_ids")
                    />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary icon=Glyph::Plus pending=add.pending()>
                        "Add to team"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
    .into_any()
}

#[component]
fn Rename(team: Team, action: FormAction<RenameTeam>) -> impl IntoView {
    let value = Signal::stored(kept(action, "name", team.name.clone()));
    view! {
        <Card title="Name">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <input type="hidden" name="organization_id" value=team.organization_id.to_string() />
                    <input type="hidden" name="team_id" value=team.team_id.to_string() />
                    <AsOf version=as_of(action, team.version) />
                    <FormGrid>
                        <Contested field="name" label="Name" now=team.name versions=versions(action, "name")>
                            <Field name="name" label="Name" error=error_at(action, "name") required=true>
                                <TextInput value max_length=100u32 />
                            </Field>
                        </Contested>
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" pending=action.pending()>
                            "Rename team"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}

#[component]
fn Ends(team: Team, action: FormAction<DeleteTeam>) -> impl IntoView {
    let opens = format!("delete-{}", team.team_id);
    let stays = team
        .is_default
        .then(|| "The default team cannot be deleted.".to_owned());
    let asks = !team.is_default;
    view! {
        <Card title="Delete" description="Its members stay in the organization." danger=true>
            <Button opens variant=Variant::Danger icon=Glyph::Trash disabled_reason=stays>
                "Delete team"
            </Button>
            {asks.then(|| view! { <DeleteDialog team action /> })}
        </Card>
    }
}
