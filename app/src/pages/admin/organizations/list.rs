//! `/admin/organizations`: all organizations, searched, filtered and sorted by the address.

use std::collections::HashMap;

use guildhall::id::ApplicationId;
use guildhall::organizations::{ListOrganizations, Organization, OrganizationSort};
use guildhall::page::Order;
use leptos::prelude::*;

use super::organization::state_of;
use super::registrations::PendingRegistrations;
use crate::components::pager::{Kept, Pager, asked, sort_link};
use crate::components::portal::Portal;
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, read};
use crate::rpc::organizations::{AppName, OrganizationList, list_app_names, list_organizations_and_apps};
use crate::ui::prelude::*;

const FILTERS: [&str; 4] = ["q", "status", "app", "cursor"];

#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let query = use_list_query();
    let apps = read(|| (), |()| list_app_names());
    let list = read(
        move || query.get(),
        |query| async move { list_organizations_and_apps(operation(&query)).await },
    );
    view! {
        <PageHeader title="Organizations" description="The companies that use your applications.">
            <LinkButton href="/admin/organizations/new" variant=Variant::Primary icon=Glyph::Plus>
                "Create organization"
            </LinkButton>
        </PageHeader>
        <PendingRegistrations />
        <Read resource=apps fallback=|| view! { <SkeletonRows rows=1 columns=3 /> } let:apps>
            <Filters query apps />
        </Read>
        <Read resource=list let:list>
            <Rows list query=query.get_untracked() />
        </Read>
    }
}

fn operation(query: &ListQuery) -> ListOrganizations {
    let (sort, order) = sorting(query);
    ListOrganizations {
        name: None,
        search: query.search(),
        status: query.word("status"),
        app_id: query.parsed("app"),
        sort,
        order,
        limit: query.limit(),
        cursor: query.cursor(),
        include_total: true,
    }
}

fn sorting(query: &ListQuery) -> (OrganizationSort, Order) {
    match query.get("sort").as_str() {
        "-name" => (OrganizationSort::Name, Order::Descending),
        "created" => (OrganizationSort::CreatedAt, Order::Ascending),
        "-created" => (OrganizationSort::CreatedAt, Order::Descending),
        _ => (OrganizationSort::Name, Order::Ascending),
    }
}

#[component]
fn Filters(query: Memo<ListQuery>, apps: Vec<AppName>) -> impl IntoView {
    let mut app_options = vec![(String::new(), "Any application".to_owned())];
    app_options.extend(apps.into_iter().map(|app| (app.app_id.to_string(), app.name)));
    view! {
        <FilterBar
            action="/admin/organizations"
            clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
        >
            <SearchInput label="Search name, domain or id" value=asked(query, "q") />
            <FilterSelect
                name="status"
                label="Status"
                value=asked(query, "status")
                options=vec![
                    (String::new(), "Any status".to_owned()),
                    ("enabled".to_owned(), "Enabled".to_owned()),
                    ("disabled".to_owned(), "Disabled".to_owned()),
                ]
            />
            <FilterSelect name="app" label="Application" value=asked(query, "app") options=app_options />
            <Kept query names=&["sort", "size"] />
        </FilterBar>
    }
}

#[component]
fn Rows(list: OrganizationList, query: ListQuery) -> impl IntoView {
    let OrganizationList { page, apps } = list;
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="organizations" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Organizations
                    title="No organizations yet"
                    text="Create the first one, then add its members."
                >
                    <LinkButton href="/admin/organizations/new" variant=Variant::Primary icon=Glyph::Plus>
                        "Create organization"
                    </LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let names: HashMap<ApplicationId, String> = apps.into_iter().map(|app| (app.app_id, app.name)).collect();
    let (by_name, name_sorted) = sort_link(&query, "name", "name");
    let (by_time, time_sorted) = sort_link(&query, "created", "name");
    let head = move || {
        view! {
            <Th label="Name" sort_href=by_name.clone() sorted=name_sorted />
            <Th label="Members" numeric=true />
            <Th label="Applications" />
            <Th label="Status" />
            <Th label="Created" sort_href=by_time.clone() sorted=time_sorted />
        }
    };
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Card flush=true>
            <Table label="Organizations" head=head>
                {page
                    .items
                    .into_iter()
                    .map(|organization| row(organization, &names))
                    .collect_view()}
            </Table>
            <Pager info shown noun=("organization", "organizations") />
        </Card>
    }
    .into_any()
}

fn row(organization: Organization, names: &HashMap<ApplicationId, String>) -> impl IntoView + use<> {
    let id = organization.organization_id.to_string();
    let apps = app_words(&organization.app_ids, names);
    let initials = organization.name.clone();
    view! {
        <Tr>
            <NameCell
                href=Portal::Tenant.path_of(&id)
                name=organization.name
                detail=organization.domain
                lead=move || view! { <Avatar name=initials.clone() square=true /> }
            />
            <Td label="Members" numeric=true>
                {format_count(organization.member_count)}
            </Td>
            <Td label="Applications">{apps}</Td>
            <Td label="Status">
                <Status state=state_of(organization.enabled) />
            </Td>
            <Td label="Created">
                <Time ms=organization.created_at date_only=true />
            </Td>
        </Tr>
    }
}

/// “Billing, Support and 3 more”.
fn app_words(ids: &[ApplicationId], names: &HashMap<ApplicationId, String>) -> String {
    let name = |id: &ApplicationId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    match ids {
        [] => "None".to_owned(),
        [one] => name(one),
        [one, two] => format!("{} and {}", name(one), name(two)),
        [one, two, rest @ ..] => format!("{}, {} and {} more", name(one), name(two), rest.len()),
    }
}
