//! Where the frame of signed-in pages lets people go.

use guildhall::sessions::{AdministeredOrganization, Me};
use leptos::prelude::*;

use super::frame::{Audience, Content};
use crate::components::portal::Portal;
use crate::layout::{NavItem, NavSection};
use crate::ui::prelude::*;

/// The navigation of whoever is here.
pub(super) fn nav_of(me: &Me, audience: &Audience, content: &Content) -> Vec<NavSection> {
    match (&me.viewing, audience, content) {
        (Some(viewed), ..) => portal_nav(&viewed.organization_id.to_string()),
        _ if me.must_change_password => own_nav(&[], &[]),
        (None, Audience::Organization(id), Content::Page) if is_plain_member(me, id) => member_nav(id),
        (None, Audience::Organization(id), Content::Page) => portal_nav(id),
        _ if me.tenant_admin => admin_nav(),
        _ => own_nav(&me.administers, &me.member_of),
    }
}

/// Whether they are a member of an organization and do not administer it.
pub(super) fn is_plain_member(me: &Me, id: &str) -> bool {
    me.viewing.is_none()
        && me
            .member_of
            .iter()
            .any(|organization| organization.organization_id.to_string() == id)
}

/// Whether a page of an organization's portal is for members who do not administer it.
pub(super) fn is_open_to_members(path: &str) -> bool {
    let page = path.trim_end_matches('/').split('/').nth(3);
    matches!(page, None | Some("clients" | "teams"))
}

/// What a member sees who does not administer the organization.
fn member_nav(id: &str) -> Vec<NavSection> {
    let path = Portal::Organization.path_of(id);
    vec![NavSection::untitled(vec![
        NavItem::new("Overview", path.clone(), Glyph::Home).exact(),
        NavItem::new("API applications", format!("{path}/clients"), Glyph::Key),
        NavItem::new("Teams", format!("{path}/teams"), Glyph::Team),
    ])]
}

fn admin_nav() -> Vec<NavSection> {
    vec![
        NavSection::untitled(vec![NavItem::new("Home", "/admin", Glyph::Home).exact()]),
        NavSection::new(
            "Customers",
            vec![
                NavItem::new("Organizations", "/admin/organizations", Glyph::Organizations),
                NavItem::new("Users", "/admin/users", Glyph::Users),
            ],
        ),
        NavSection::new(
            "Product",
            vec![NavItem::new("Applications", "/admin/applications", Glyph::Apps)],
        ),
        NavSection::new(
            "Tenant",
            vec![
                NavItem::new("Audit", "/admin/audit", Glyph::Audit),
                NavItem::new("Webhooks", "/admin/webhooks", Glyph::Link),
                NavItem::new("Mail", "/admin/mail", Glyph::Mail),
                NavItem::new("Settings", "/admin/settings", Glyph::Settings),
            ],
        ),
    ]
}

fn portal_nav(id: &str) -> Vec<NavSection> {
    let path = Portal::Organization.path_of(id);
    let item = |label: &str, part: &str, icon| NavItem::new(label, format!("{path}/{part}"), icon);
    vec![
        NavSection::untitled(vec![NavItem::new("Overview", path.clone(), Glyph::Home).exact()]),
        NavSection::new(
            "People",
            vec![
                item("Members", "members", Glyph::Members),
                item("Teams", "teams", Glyph::Team),
                item("Invitations", "invitations", Glyph::Mail),
            ],
        ),
        NavSection::new(
            "Access",
            vec![
                item("Roles", "roles", Glyph::Roles),
                item("Applications", "applications", Glyph::Apps),
                item("API applications", "clients", Glyph::Key),
            ],
        ),
        NavSection::new(
            "Organization",
            vec![
                item("Domains", "domains", Glyph::Globe),
                item("Audit", "audit", Glyph::Audit),
                item("Webhooks", "webhooks", Glyph::Link),
                item("Settings", "settings", Glyph::Settings),
            ],
        ),
    ]
}

/// One's account, and some of the organizations that one is in.
pub(super) fn own_nav(
    administers: &[AdministeredOrganization],
    member_of: &[AdministeredOrganization],
) -> Vec<NavSection> {
    const SHOWN: usize = 5;
    let mut nav = vec![NavSection::untitled(vec![NavItem::new(
        "My account",
        "/account",
        Glyph::Person,
    )])];
    let portals = |organizations: &[AdministeredOrganization]| -> Vec<NavItem> {
        let shown = organizations.iter().take(SHOWN);
        shown
            .map(|organization| {
                let path = Portal::Organization.path_of(&organization.organization_id.to_string());
                NavItem::new(organization.name.clone(), path, Glyph::Building)
            })
            .collect()
    };
    let mut own = portals(administers);
    if administers.len() > SHOWN {
        own.push(NavItem::new("All organizations", "/org", Glyph::Organizations).exact());
    }
    if !own.is_empty() {
        nav.push(NavSection::new("You administer", own));
    }
    if !member_of.is_empty() {
        nav.push(NavSection::new("You are in", portals(member_of)));
    }
    nav
}

/// The way to an organization of one's own.
#[component]
pub(super) fn Create() -> impl IntoView {
    view! {
        <a class="create-button" href="/account/registrations/new">
            <Icon glyph=Glyph::Plus />
            <span class="create-button__text">"Create an organization"</span>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_see_the_pages_that_are_theirs_and_no_other() {
        for path in [
            "/org/org_1",
            "/org/org_1/",
            "/org/org_1/clients",
            "/org/org_1/clients/cli_1",
            "/org/org_1/teams/tea_1",
        ] {
            assert!(is_open_to_members(path), "{path}");
        }
        for path in [
            "/org/org_1/members",
            "/org/org_1/settings/",
            "/org/org_1/audit",
            "/org/org_1/invitations/inv_1",
        ] {
            assert!(!is_open_to_members(path), "{path}");
        }
    }
}
