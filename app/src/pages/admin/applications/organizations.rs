//! The organizations that have an application.

use guildhall::organizations::{ListOrganizations, Organization};
use guildhall::page::Page;
use leptos::prelude::*;

use super::frame::{app_in_address, this_application};
use crate::components::pager::{Kept, Pager, asked};
use crate::components::query::{ListQuery, use_list_query};
use crate::components::read::{Read, id_of, read};
use crate::rpc::organizations::list_organizations;
use crate::ui::prelude::*;

const FILTERS: [&str; 2] = ["q", "cursor"];

/// `/admin/applications/{id}/organizations?q=…`
#[component]
pub fn ApplicationOrganizationsPage() -> impl IntoView {
    let (app, query) = (app_in_address(), use_list_query());
    let organizations = read(
        move || (app.get(), query.get()),
        |(app, query)| async move {
            list_organizations(ListOrganizations {
                app_id: Some(id_of(&app, "application")?),
                search: query.search(),
                limit: query.limit(),
                cursor: query.cursor(),
                include_total: true,
                ..ListOrganizations::default()
            })
            .await
        },
    );
    view! {
        <Read resource=this_application() whole=true let:application>
            <FilterBar
                action=format!("/admin/applications/{}/organizations", application.app_id)
                clear_href=Signal::derive(move || query.get().cleared(&FILTERS))
            >
                <SearchInput label="Search name, domain or id" value=asked(query, "q") />
                <Kept query names=&["size"] />
            </FilterBar>
            <Card flush=true>
                <Read resource=organizations let:page>
                    <List page query=query.get_untracked() />
                </Read>
            </Card>
        </Read>
    }
}

#[component]
fn List(page: Page<Organization>, query: ListQuery) -> impl IntoView {
    if page.items.is_empty() {
        return match query.cleared(&FILTERS) {
            Some(clear_href) => view! { <NothingMatches many="organizations" clear_href /> }.into_any(),
            None => view! {
                <EmptyState
                    glyph=Glyph::Organizations
                    title="No organization has it"
                    text="Open an organization and give it this application under Apps."
                >
                    <LinkButton href="/admin/organizations">"Go to organizations"</LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="Organizations that have the application"
            head=|| {
                view! {
                    <Th label="Name" />
                    <Th label="Members" numeric=true />
                    <Th label="Status" />
                    <Th label="Created" />
                }
            }
        >
            {page
                .items
                .into_iter()
                .map(|organization| {
                    let name = organization.name.clone();
                    view! {
                        <Tr>
                            <NameCell
                                href=format!("/admin/organizations/{}", organization.organization_id)
                                name=organization.name
                                detail=organization.domain
                                lead=move || view! { <Avatar name=name.clone() square=true /> }
                            />
                            <Td label="Members" numeric=true>
                                {format_count(organization.member_count)}
                            </Td>
                            <Td label="Status">
                                <Status state=if organization.enabled {
                                    State::Enabled
                                } else {
                                    State::Disabled
                                } />
                            </Td>
                            <Td label="Created">
                                <Time ms=organization.created_at date_only=true />
                            </Td>
                        </Tr>
                    }
                })
                .collect_view()}
        </Table>
        <Pager info shown noun=("organization", "organizations") />
    }
    .into_any()
}
