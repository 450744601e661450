//! `/org`: for people who are in several organizations, which one.

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
    let open: Vec<_> = me
        .map(|me| me.administers.into_iter().chain(me.member_of).collect())
        .unwrap_or_default();
    let path = |id: guildhall::id::OrganizationId| Portal::Organization.path_of(&id.to_string());
    match open.as_slice() {
        [] if may_create => {
            answer_with(403);
            view! {
                <ErrorPage
                    status=403
                    title="You are in no organization"
                    message="This part is for organizations and their members. Create one of your own, or ask an administrator of yours to invite you."
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
                    title="You are in no organization"
                    message="This part is for organizations and their members. Ask an administrator of yours to invite you."
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
                <PageHeader title="Choose an organization" description="You are in several." />
                <Card flush=true>
                    <Table label="Organizations that you are in" head=|| view! { <Th label="Name" /> }>
                        {rows}
                    </Table>
                </Card>
            }
            .into_any()
        }
    }
}
