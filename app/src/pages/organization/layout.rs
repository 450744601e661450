//! The head over the portal's pages.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::pages::admin::organizations::organization::use_organization_id;
use crate::pages::frame::use_me;
use crate::ui::prelude::*;

/// The pages: last part of the address, name, and what is there.
static PAGES: [(&str, &str, &str); 10] = [
    (
        "members",
        "Members",
        "The people of your organization, and what each of them may do.",
    ),
    (
        "teams",
        "Teams",
        "Members who work together; everybody begins in the default team.",
    ),
    (
        "invitations",
        "Invitations",
        "Whom you asked to join, as what, and what became of it.",
    ),
    ("roles", "Roles", "What your organization may give its members."),
    (
        "applications",
        "Applications",
        "What your organization has, and who of you uses it.",
    ),
    (
        "clients",
        "API applications",
        "The programs of your organization that call the API, and the credentials that you share.",
    ),
    (
        "domains",
        "Domains",
        "The domains that your organization has proved to be its own; they lead your people here.",
    ),
    (
        "audit",
        "Audit",
        "Every change in your organization: who made it, and what was before.",
    ),
    (
        "webhooks",
        "Webhooks",
        "Where your own programs are told of what happens in your organization.",
    ),
    (
        "settings",
        "Settings",
        "How your organization is called and what it looks like.",
    ),
];

/// What the organization is called that the portal around the caller is of, as it was when the page was loaded.
pub fn use_organization_name() -> String {
    let id = use_organization_id().get_untracked();
    let known = use_me().and_then(|me| {
        let mut organizations = me.administers.into_iter().chain(me.member_of).chain(me.viewing);
        organizations.find(|organization| organization.organization_id.to_string() == id)
    });
    known.map_or(id, |organization| organization.name)
}

/// What stands around the pages.
#[component]
pub fn PortalLayout() -> impl IntoView {
    let path = use_location().pathname;
    let name = use_organization_name();
    let page = Memo::new(move |_| {
        let here = path.get();
        let last = here.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        PAGES.iter().find(|(part, ..)| *part == last)
    });
    let title = Signal::derive(move || match page.get() {
        Some((_, label, _)) => format!("{name} · {label}"),
        None => name.clone(),
    });
    view! {
        <PageHeader title description=Signal::derive(move || page.get().map(|(.., about)| (*about).to_owned())) />
        <Outlet />
    }
}
