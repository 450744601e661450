//! `/org/{id}`: how the organization stands, for its administrators; for its other members, what they can do here.

use leptos::prelude::*;

use crate::components::portal::use_portal;
use crate::pages::admin::organizations::organization::overview::OverviewPage;
use crate::pages::admin::organizations::organization::teams::manages;
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::ui::prelude::*;

#[component]
pub fn PortalOverviewPage() -> impl IntoView {
    let id = use_organization_id().get_untracked();
    if manages(&id) {
        return view! { <OverviewPage /> }.into_any();
    }
    let path = use_portal().path_of(&id);
    let (clients, teams) = (format!("{path}/clients"), format!("{path}/teams"));
    view! {
        <div class="stack">
            <Card
                title="API applications"
                description="The programs of your organization that call the API, and their credentials."
            >
                <LinkButton href=clients>"Open API applications"</LinkButton>
            </Card>
            <Card title="Teams" description="Members who work together.">
                <LinkButton href=teams>"Open teams"</LinkButton>
            </Card>
        </div>
    }
    .into_any()
}
