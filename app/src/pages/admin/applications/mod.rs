//! The applications of the tenant.

pub mod client;
pub mod client_forms;
pub mod clients;
pub mod frame;
pub mod new;
pub mod organizations;
pub mod overview;
pub mod role_forms;
pub mod role_grid;
pub mod role_group_forms;
pub mod role_groups;
pub mod roles;

use guildhall::applications::{Application, ApplicationKind, ListApplications};
use guildhall::page::Page;
use leptos::prelude::*;

use crate::components::pager::{Kept, Pager, asked};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, read};
use crate::rpc::applications::list_applications;
use crate::ui::prelude::*;

const FILTERS: [&str; 3] = ["q", "kind", "cursor"];

/// The word for a kind.
pub const fn kind_word(kind: ApplicationKind) -> &'static str {
    match kind {
        ApplicationKind::EndUser => "End-user app",
        ApplicationKind::Management => "Management",
    }
}

/// `/admin/applications?q=…&kind=…`
#[component]
pub fn ApplicationsPage() -> impl IntoView {
    let query = use_list_query();
    let applications = read(
        move || query.get(),
        |query| async move {
            list_applications(ListApplications {
                search: query.search(),
                kind: query.word("kind"),
                limit: query.limit(),
                cursor: query.cursor(),
                include_total: true,
            })
            .await
        },
    );
    view! {
        <PageHeader
            title="Applications"
            description="What you sell. Organizations get applications; roles and permissions belong to them."
        >
            <LinkButton href="/admin/applications/new" variant=Variant::Primary icon=Glyph::Plus>
                "Create application"
            </LinkButton>
        </PageHeader>
        <FilterBar action="/admin/applications" clear_href=Signal::derive(move || query.get().cleared(&FILTERS))>
            <SearchInput label="Search name or id" value=asked(query, "q") />
            <FilterSelect
                name="kind"
                label="Kind"
                value=asked(query, "kind")
                options=vec![
                    (String::new(), "Any kind".to_owned()),
                    ("end_user".to_owned(), "End-user apps".to_owned()),
                    ("management".to_owned(), "Management".to_owned()),
                ]
            />
            <Kept query names=&["size"] />
        </FilterBar>
        <Card flush=true>
            <Read resource=applications let:page>
                <List page query=query.get_untracked() />
            </Read>
        </Card>
    }
}

#[component]
fn List(page: Page<Application>, query: ListQuery) -> impl IntoView {
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="applications" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Apps
                    title="No applications yet"
                    text="Create the app that you sell; then give it to organizations and define its roles."
                >
                    <LinkButton
                        href="/admin/applications/new"
                        variant=Variant::Primary
                        icon=Glyph::Plus
                    >
                        "Create application"
                    </LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="Applications"
            head=|| {
                view! {
                    <Th label="Name" sorted=Some(Sorted::Ascending) />
                    <Th label="Kind" />
                    <Th label="Organizations" numeric=true />
                    <Th label="Roles" numeric=true />
                    <Th label="Clients" numeric=true />
                    <Th label="Created" />
                }
            }
        >
            {page.items.into_iter().map(|application| view! { <Row application /> }).collect_view()}
        </Table>
        <Pager info shown noun=("application", "applications") />
    }
    .into_any()
}

#[component]
fn Row(application: Application) -> impl IntoView {
    let href = format!("/admin/applications/{}", application.app_id);
    view! {
        <Tr>
            <NameCell href name=application.name detail=application.description />
            <Td label="Kind">{kind_word(application.kind)}</Td>
            <Td label="Organizations" numeric=true>
                {format_count(application.organization_count)}
            </Td>
            <Td label="Roles" numeric=true>
                {format_count(application.role_count)}
            </Td>
            <Td label="Clients" numeric=true>
                {format_count(application.client_count)}
            </Td>
            <Td label="Created">
                <Time ms=application.created_at date_only=true />
            </Td>
        </Tr>
    }
}
