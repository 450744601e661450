//! Everybody, whatever organizations they are in.

pub mod actions;
pub mod edit;
pub mod new;
pub mod sessions;
pub mod user;

use guildhall::page::{Order, Page};
use guildhall::users::{ListUsers, User, UserSort, UserStatus};
use leptos::prelude::*;

use crate::components::pager::{Kept, Pager, asked, sort_link};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, read};
use crate::rpc::users::list_users;
use crate::ui::prelude::*;

const FILTERS: [&str; 3] = ["q", "status", "cursor"];

/// How an account's status looks.
pub const fn state_of(status: UserStatus) -> State {
    match status {
        UserStatus::Pending => State::Pending,
        UserStatus::Active => State::Active,
        UserStatus::Disabled => State::Disabled,
    }
}

fn operation(query: &ListQuery) -> ListUsers {
    let sort = query.get("sort");
    let (order, by) = match sort.strip_prefix('-') {
        Some(by) => (Order::Descending, by),
        None => (Order::Ascending, sort.as_str()),
    };
    ListUsers {
        search: query.search(),
        status: query.word("status"),
        sort: if by == "created" {
            UserSort::CreatedAt
        } else {
            UserSort::Name
        },
        order,
        limit: query.limit(),
        cursor: query.cursor(),
        include_total: true,
    }
}

/// `/admin/users?q=…&status=…&sort=…`
#[component]
pub fn UsersPage() -> impl IntoView {
    let query = use_list_query();
    let users = read(
        move || query.get(),
        |query| async move { list_users(operation(&query)).await },
    );
    view! {
        <PageHeader title="Users" description="Everybody, each once, whatever organizations they are in.">
            <LinkButton href="/admin/users/new" variant=Variant::Primary icon=Glyph::Plus>
                "Add user"
            </LinkButton>
        </PageHeader>
        <FilterBar
            action="/admin/users"
            clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
        >
            <SearchInput label="Search name, email, phone or id" value=asked(query, "q") />
            <FilterSelect
                name="status"
                label="Status"
                value=asked(query, "status")
                options=["", "Active", "Pending", "Disabled"]
                    .map(|status| {
                        let word = if status.is_empty() { "Any status" } else { status };
                        (status.to_owned(), word.to_owned())
                    })
                    .to_vec()
            />
            <Kept query names=&["sort", "size"] />
        </FilterBar>
        <Card flush=true>
            <Read resource=users let:page>
                <List page query=query.get_untracked() />
            </Read>
        </Card>
    }
}

#[component]
fn List(page: Page<User>, query: ListQuery) -> impl IntoView {
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="users" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Users
                    title="No users yet"
                    text="People appear here when they are added to an organization, or when you add them."
                >
                    <LinkButton href="/admin/users/new" variant=Variant::Primary icon=Glyph::Plus>
                        "Add user"
                    </LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let (by_name, name_sorted) = sort_link(&query, "name", "name");
    let (by_time, time_sorted) = sort_link(&query, "created", "name");
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="Users"
            head=move || {
                view! {
                    <Th label="Name" sort_href=by_name.clone() sorted=name_sorted />
                    <Th label="Status" />
                    <Th label="Organizations" numeric=true />
                    <Th label="Last sign-in" />
                    <Th label="Created" sort_href=by_time.clone() sorted=time_sorted />
                }
            }
        >
            {page.items.into_iter().map(|user| view! { <Row user /> }).collect_view()}
        </Table>
        <Pager info shown noun=("user", "users") />
    }
    .into_any()
}

#[component]
fn Row(user: User) -> impl IntoView {
    let label = user.label();
    let initials = label.clone();
    // The second line says what the first does not.
    let detail = user
        .email
        .map(|email| email.value)
        .or(user.username)
        .filter(|detail| *detail != label)
        .unwrap_or_default();
    view! {
        <Tr>
            <NameCell
                href=format!("/admin/users/{}", user.user_id)
                name=label
                detail
                lead=move || view! { <Avatar name=initials.clone() /> }
            />
            <Td label="Status">
                <div class="row">
                    <Status state=state_of(user.status) />
                    {user
                        .tenant_admin
                        .then(|| {
                            view! {
                                <Badge tone=Tone::Accent icon=Glyph::Shield>
                                    "Administrator"
                                </Badge>
                            }
                        })}
                </div>
            </Td>
            <Td label="Organizations" numeric=true>
                {format_count(user.organization_count)}
            </Td>
            <Td label="Last sign-in">
                <MaybeTime ms=user.last_auth date_only=true />
            </Td>
            <Td label="Created">
                <Time ms=user.created_at date_only=true />
            </Td>
        </Tr>
    }
}
