//! `/admin/organizations/{id}/teams` and `/org/{id}/teams`: the organization's teams.

use guildhall::page::Page;
use guildhall::teams::{ListTeams, Team};
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::pager::{Kept, Pager, asked};
use crate::components::portal::{InPortal, use_portal};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, forget, refused_for, use_done};
use crate::pages::frame::use_me;
use crate::rpc::teams::{CreateTeam, DeleteTeam, list_teams};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// The dialog that creates a team.
const NEW: &str = "new-team";

/// Whether whoever is here manages this organization's teams: where not, the page only shows them.
pub fn manages(organization_id: &str) -> bool {
    use_me().is_some_and(|me| {
        me.tenant_admin
            || me.viewing.is_some()
            || me
                .administers
                .iter()
                .any(|one| one.organization_id.to_string() == organization_id)
    })
}

/// How many members a team has, as far as they were counted.
fn members_of(team: &Team) -> String {
    let counted = format_count(team.member_count);
    if team.member_count_is_lower_bound {
        format!("more than {counted}")
    } else {
        counted
    }
}

#[component]
pub fn TeamsPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let teams = read(
        move || (id.get(), query.get()),
        |(id, query)| async move {
            list_teams(ListTeams {
                organization_id: id_of(&id, "organization")?,
                search: query.search(),
                user_id: None,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    let create = FormAction::<CreateTeam>::new();
    let delete = FormAction::<DeleteTeam>::new();
    use_done(create);
    use_done(delete);
    let manages = manages(&id.get_untracked());
    let list = format!("{}/teams", use_portal().path_of(&id.get_untracked()));
    view! {
        <div class="stack">
            <FilterBar
                action=list
                clear_href=Signal::derive(move || query.get().cleared(&["q"]))
                actions=move || {
                    manages
                        .then(|| {
                            view! {
                                <Button opens=NEW variant=Variant::Primary icon=Glyph::Plus>
                                    "Create team"
                                </Button>
                            }
                        })
                }
            >
                <SearchInput label="Search name or id" value=asked(query, "q") />
                <Kept query names=&["size"] />
            </FilterBar>
            <Read resource=teams whole=true let:page>
                <Rows page query=query.get_untracked() delete manages />
            </Read>
            {manages.then(|| view! { <NewTeam organization_id=id.get_untracked() action=create /> })}
        </div>
    }
}

#[component]
fn Rows(page: Page<Team>, query: ListQuery, delete: FormAction<DeleteTeam>, manages: bool) -> impl IntoView {
    if page.items.is_empty() {
        let clear_href = query.cleared(&["q"]).unwrap_or_else(|| query.href(&[]));
        return view! { <NothingMatches many="teams" clear_href /> }.into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    let dialogs = manages.then(|| {
        page.items
            .iter()
            .filter(|team| !team.is_default)
            .map(|team| view! { <DeleteDialog team=team.clone() action=delete /> })
            .collect_view()
    });
    view! {
        <Card flush=true>
            <Table
                label="Teams"
                head=move || {
                    view! {
                        <Th label="Name" sorted=Some(Sorted::Ascending) />
                        <Th label="Members" numeric=true />
                        <Th label="Changed" />
                        {manages.then(|| view! { <Th label="Actions" hidden=true /> })}
                    }
                }
            >
                {page.items.into_iter().map(|team| view! { <Row team manages /> }).collect_view()}
            </Table>
            <Pager info shown noun=("team", "teams") />
        </Card>
        {dialogs}
    }
    .into_any()
}

#[component]
fn Row(team: Team, manages: bool) -> impl IntoView {
    let id = team.team_id.to_string();
    let href = format!(
        "{}/teams/{id}",
        use_portal().path_of(&team.organization_id.to_string())
    );
    let detail = team
        .is_default
        .then(|| "Default: new members begin here".to_owned());
    let stays = team
        .is_default
        .then(|| "The default team cannot be deleted.".to_owned());
    let (members, name) = (members_of(&team), team.name);
    view! {
        <Tr>
            <NameCell href=href.clone() name=name.clone() detail />
            <Td label="Members" numeric=true>
                {members}
            </Td>
            <Td label="Changed">
                <Time ms=team.updated_at date_only=true />
            </Td>
            {manages
                .then(|| {
                    view! {
                        <ActionsCell>
                            <Menu id=format!("menu-{id}") label=format!("Actions for {name}")>
                                <MenuLink href icon=Glyph::Edit>
                                    "Members and name"
                                </MenuLink>
                                <MenuRule />
                                <MenuButton
                                    opens=format!("delete-{id}")
                                    icon=Glyph::Trash
                                    danger=true
                                    disabled_reason=stays
                                >
                                    "Delete…"
                                </MenuButton>
                            </Menu>
                        </ActionsCell>
                    }
                })}
        </Tr>
    }
}

#[component]
fn NewTeam(organization_id: String, action: FormAction<CreateTeam>) -> impl IntoView {
    let refused = failure(action).get_untracked().is_some();
    view! {
        <Dialog id=NEW title="Create team" open=refused on_close=forget(action)>
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="organization_id" value=organization_id />
                <FormGrid>
                    <Field
                        name="name"
                        id="team-name"
                        label="Name"
                        hint="Unique in the organization, for example “Support”. You add its members next."
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput
                            value=typed("name").filter(|_| refused).unwrap_or_default()
                            max_length=100u32
                        />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Create team"
                    </Button>
                    <Button closes=NEW>"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

/// Asks before a team goes.
#[component]
pub fn DeleteDialog(team: Team, action: FormAction<DeleteTeam>) -> impl IntoView {
    let id = team.team_id.to_string();
    let dialog = format!("delete-{id}");
    let refused = refused_for(action, "team_id", &id);
    let gone = match team.member_count {
        0 => "Nobody is in it.".to_owned(),
        1 => "Its member stays in the organization and in other teams.".to_owned(),
        _ => format!(
            "Its members ({}) stay in the organization and in other teams.",
            members_of(&team)
        ),
    };
    view! {
        <Dialog
            id=dialog.clone()
            title=format!("Delete {}?", team.name)
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <InPortal />
                <input type="hidden" name="organization_id" value=team.organization_id.to_string() />
                <input type="hidden" name="team_id" value=id />
                <input type="hidden" name="name" value=team.name />
                <ConfirmBody
                    dialog
                    confirm="Delete team"
                    failure=failure(action)
                    pending=action.pending()
                >
                    <Consequences items=vec![gone, "What was shared with the team alone is shared with it no more.".to_owned()] />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
