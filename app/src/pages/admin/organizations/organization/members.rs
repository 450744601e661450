//! `/admin/organizations/{id}/members`: the members, and what can be done with one or many of them.

use guildhall::members::{ListMembers, MemberSort};
use guildhall::organization_clients::{ClientHeir, ClientSuccession};
use guildhall::page::Order;
use leptos::prelude::*;

use super::succession::Succession;
use super::use_organization_id;
use crate::components::export::ExportLink;
use crate::components::pager::{Kept, Pager, asked, sort_link};
use crate::components::portal::use_portal;
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::pages::admin::organizations::organization::member_row::{Actions, MemberRow};
use crate::rpc::members::{
    ChangeMembers, MemberFilters, MemberLine, MemberList, Options, RemoveMember, SetMemberEnabled,
    list_member_filters, list_members,
};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

const FILTERS: [&str; 5] = ["q", "status", "role", "app", "cursor"];

#[component]
pub fn MembersPage() -> impl IntoView {
    let (id, query) = (use_organization_id(), use_list_query());
    let filters = read(
        move || id.get(),
        |id| async move { list_member_filters(id_of(&id, "organization")?).await },
    );
    let list = read(
        move || (id.get(), query.get()),
        |(id, query)| async move { list_members(operation(&id, &query)?).await },
    );
    let actions = Actions {
        enable: FormAction::<SetMemberEnabled>::new(),
        resend: FormAction::new(),
        remove: FormAction::<RemoveMember>::new(),
    };
    let change = FormAction::<ChangeMembers>::new();
    use_done(actions.enable);
    use_done(actions.resend);
    use_done(actions.remove);
    use_done(change);
    view! {
        <div class="stack">
            <FormError message=failure(actions.enable) />
            <FormError message=failure(actions.resend) />
            <FormError message=failure(actions.remove) />
            <FormError message=failure(change) />
            // Without a heading: where this is refused, the list below says so.
            <Transition fallback=|| view! { <SkeletonRows rows=1 columns=4 /> }>
                {move || Suspend::new(async move {
                    filters.await.ok().map(|filters| view! { <Filters id query filters /> })
                })}
            </Transition>
            <Read resource=list whole=true let:list>
                <Rows list id=id.get_untracked() query=query.get_untracked() actions change />
            </Read>
        </div>
    }
}

fn operation(id: &str, query: &ListQuery) -> Result<ListMembers, crate::rpc::RpcError> {
    let (sort, order) = sorting(query);
    Ok(ListMembers {
        search: query.search(),
        status: query.word("status"),
        role_id: query.parsed("role"),
        app_id: query.parsed("app"),
        sort,
        order,
        limit: query.limit(),
        cursor: query.cursor(),
        include_total: true,
        ..ListMembers::of(id_of(id, "organization")?)
    })
}

fn sorting(query: &ListQuery) -> (MemberSort, Order) {
    match query.get("sort").as_str() {
        "-name" => (MemberSort::Name, Order::Descending),
        "joined" => (MemberSort::JoinedAt, Order::Ascending),
        "-joined" => (MemberSort::JoinedAt, Order::Descending),
        _ => (MemberSort::Name, Order::Ascending),
    }
}

#[component]
fn Filters(id: Memo<String>, query: Memo<ListQuery>, filters: MemberFilters) -> impl IntoView {
    let first = |word: &str| vec![(String::new(), word.to_owned())];
    let mut statuses = first("Any status");
    statuses.extend(
        ["Active", "Pending", "Suspended", "Disabled"].map(|word| (word.to_owned(), word.to_owned())),
    );
    let mut roles = first("Any role");
    roles.extend(filters.roles);
    let mut apps = first("Any application");
    apps.extend(filters.apps);
    let path = use_portal().path_of(&id.get_untracked());
    let (list, add) = (format!("{path}/members"), format!("{path}/members/new"));
    view! {
        <FilterBar
            action=list
            clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
            actions=move || {
                view! {
                    <ExportLink
                        path=format!("{path}/members.csv")
                        operation=move || operation(&id.get(), &query.get())
                    />
                    <LinkButton href=add.clone() variant=Variant::Primary icon=Glyph::Plus to_form=true>
                        "Add member"
                    </LinkButton>
                }
            }
        >
            <SearchInput label="Search name, email, phone or id" value=asked(query, "q") />
            <FilterSelect name="status" label="Status" value=asked(query, "status") options=statuses />
            <FilterSelect name="role" label="Role" value=asked(query, "role") options=roles />
            <FilterSelect name="app" label="Application" value=asked(query, "app") options=apps />
            <Kept query names=&["sort", "size"] />
        </FilterBar>
    }
}

#[component]
fn Rows(
    list: MemberList,
    id: String,
    query: ListQuery,
    actions: Actions,
    change: FormAction<ChangeMembers>,
) -> impl IntoView {
    let MemberList { page, roles, heirs } = list;
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="members" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Members
                    title="No members yet"
                    text="Add the first one, and make them the organization's admin."
                >
                    <LinkButton
                        href=format!("{}/members/new", use_portal().path_of(&id))
                        variant=Variant::Primary
                        icon=Glyph::Plus
                        to_form=true
                    >
                        "Add member"
                    </LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let (by_name, sorted) = sort_link(&query, "name", "name");
    let (by_time, time_sorted) = sort_link(&query, "joined", "name");
    let head = move || {
        view! {
            <SelectAll />
            <Th label="Name" sort_href=by_name.clone() sorted />
            <Th label="Status" />
            <Th label="Roles" />
            <Th label="Member since" sort_href=by_time.clone() sorted=time_sorted />
            <Th label="Last sign-in" />
            <Th label="Actions" hidden=true />
        }
    };
    let (info, shown, of) = (page.info, page.items.len(), id.clone());
    let owned: Vec<String> = page
        .items
        .iter()
        .filter(|member| !member.clients.is_empty())
        .map(|member| format!("{} ({})", member.label, member.clients.join(", ")))
        .collect();
    let could_have = heirs.clone();
    view! {
        <SelectArea>
            <Card flush=true>
                <Table label="Members" head=head>
                    {page
                        .items
                        .into_iter()
                        .map(|member| {
                            let succession = succession_of(&member, &could_have);
                            view! { <MemberRow organization_id=id.clone() member succession actions /> }
                        })
                        .collect_view()}
                </Table>
                <Pager info shown noun=("member", "members") />
            </Card>
            <Bulk id=of roles owned heirs change />
        </SelectArea>
    }
    .into_any()
}

/// What becomes of a member's API applications: everybody who could have them can, but for the member.
fn succession_of(member: &MemberLine, heirs: &[ClientHeir]) -> ClientSuccession {
    let others = heirs
        .iter()
        .filter(|heir| !member.clients.is_empty() && heir.user_id.to_string() != member.user_id);
    ClientSuccession {
        names: member.clients.clone(),
        heirs: others.cloned().collect(),
    }
}

/// What to do with the members that are ticked.
#[component]
fn Bulk(
    id: String,
    roles: Options,
    /// Who on this page has API applications, and which.
    owned: Vec<String>,
    heirs: Vec<ClientHeir>,
    change: FormAction<ChangeMembers>,
) -> impl IntoView {
    let passes_on = (!owned.is_empty()).then(|| {
        let (owned, id) = (owned.join(", "), "heir-of-many".to_owned());
        view! { <Succession owned heirs id error=error_at(change, "pass_applications_to") /> }
    });
    let mut options = vec![(String::new(), "Choose a role".to_owned())];
    options.extend(roles);
    let file = format!("{}/members.csv", use_portal().path_of(&id));
    view! {
        <ActionForm action=change attr:id="bulk">
            <input type="hidden" name="organization_id" value=id />
            <BulkBar form="bulk">
                <FilterSelect name="role_id" label="Role to assign" options />
                <Button kind="submit" name="action" value="assign_role" size=Size::Small>
                    "Assign role"
                </Button>
                <Button kind="submit" name="action" value="suspend" size=Size::Small icon=Glyph::Pause>
                    "Suspend"
                </Button>
                <Button kind="submit" name="action" value="reinstate" size=Size::Small icon=Glyph::Play>
                    "Reinstate"
                </Button>
                <Button
                    kind="submit"
                    downloads=file
                    size=Size::Small
                    icon=Glyph::Download
                >
                    "Export"
                </Button>
                <Button opens="bulk-remove" size=Size::Small variant=Variant::Danger icon=Glyph::Trash>
                    "Remove"
                </Button>
            </BulkBar>
            // In the form: whoever has the API applications then is chosen here.
            <Dialog id="bulk-remove" title="Remove the selected members?">
                <div class="stack">
                    <Consequences items=vec![
                        "They lose access to the organization's applications.".to_owned(),
                        "Their roles here are gone; adding them again does not bring those back.".to_owned(),
                        "Their accounts and other organizations stay.".to_owned(),
                    ] />
                    {passes_on}
                    <FormActions>
                        <Button
                            kind="submit"
                            name="action"
                            value="remove"
                            variant=Variant::Danger
                            pending=change.pending()
                        >
                            "Remove members"
                        </Button>
                        <Button closes="bulk-remove">"Cancel"</Button>
                    </FormActions>
                </div>
            </Dialog>
        </ActionForm>
    }
}
