//! `/org`: for people who administer several organizations, which one.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::components::organization_mark::OrganizationMark;
use crate::components::portal::Portal;
use crate::layout::ErrorPage;
use crate::pages::errors::answer_with;
use crate::pages::frame::use_me;
use crate::ui::prelude::*;

#[component]
pub fn ChoosePage() -> impl IntoView {
    let me = use_me();
    let may_create = me.as_ref().is_some_and(|me| me.may_request_organizations);
    let administers = me.map(|me| me.administers).unwrap_or_default();
    let path = |id: guildhall::id::OrganizationId| Portal::Organization.path_of(&id.to_string());
    match administers.as_slice() {
        [] if may_create => {
            answer_with(403);
            view! {
                <ErrorPage
                    status=403
                    title="You administer no organization"
                    message="This part is for the administrators of organizations. Create one of your own, or ask an administrator of yours to make you one."
                    back_href="/account/registrations/new"
                    back="Create an organization"
                />
            }
            .into_any()
        }
        [] => {
            answer_with(403);
            view! {
                <ErrorPage
                    status=403
                    title="You administer no organization"
                    message="This part is for the administrators of organizations. Ask one of yours to make you one."
                    back_href="/account/organizations"
                    back="My organizations"
                />
            }
            .into_any()
        }
        [only] => view! { <Redirect path=path(only.organization_id) /> }.into_any(),
        several => {
            let rows = several
                .iter()
                .cloned()
                .map(|organization| {
                    let href = path(organization.organization_id);
                    let name = organization.name.clone();
                    view! {
                        <Tr>
                            <NameCell
                                href
                                name
                                lead=move || view! { <OrganizationMark organization=organization.clone() /> }
                            />
                        </Tr>
                    }
                })
                .collect_view();
            view! {
                <PageHeader title="Choose an organization" description="You administer several." />
                <Card flush=true>
                    <Table label="Organizations that you administer" head=|| view! { <Th label="Name" /> }>
                        {rows}
                    </Table>
                </Card>
            }
            .into_any()
        }
    }
}
