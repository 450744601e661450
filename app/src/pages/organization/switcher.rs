//! Which organization somebody works in, and the way to the others: in the top bar.

use guildhall::error::Error;
use guildhall::sessions::{AdministeredOrganization, Me};
use leptos::prelude::*;

use crate::components::organization_mark::OrganizationMark;
use crate::components::portal::Portal;
use crate::ui::prelude::*;

/// Where somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Here {
    Tenant,
    Account,
    /// In the portal of the organization with this id.
    Organization(String),
}

impl Here {
    fn is(&self, organization: &AdministeredOrganization) -> bool {
        matches!(self, Here::Organization(id) if *id == organization.organization_id.to_string())
    }
}

/// Nothing for somebody who is in no organization; only a name where there is nothing to switch to.
#[component]
pub fn Switcher(
    me: Me,
    here: Here,
    /// Why the portal was closed meanwhile.
    gone: RwSignal<Option<Error>>,
) -> impl IntoView {
    let tenant_admin = me.tenant_admin;
    let organizations: Vec<AdministeredOrganization> =
        me.administers.into_iter().chain(me.member_of).collect();
    let current = organizations
        .iter()
        .find(|organization| here.is(organization))
        .cloned();
    let alone = organizations.len() == 1 && !tenant_admin;
    if organizations.is_empty() || (alone && here == Here::Account) {
        return ().into_any();
    }
    if let (true, Some(only)) = (alone, current.clone()) {
        return view! {
            <p class="switcher" class:hidden=move || gone.with(Option::is_some)>
                <Mark current=Some(only) here=Here::Tenant />
            </p>
        }
        .into_any();
    }
    let lead = if current.is_some() || here == Here::Tenant {
        "Switch organization, now: "
    } else {
        "Switch to one of your "
    };
    let label = words_of(current.as_ref(), &here);
    let entries = organizations.into_iter().map(|organization| {
        let is_here = here.is(&organization);
        view! { <Entry organization is_here /> }
    });
    let entries = entries.collect_view();
    view! {
        <div class="menu-anchor">
            <button class="switcher" type="button" popovertarget="switcher">
                <span class="sr-only">{lead}</span>
                <Mark current here=here.clone() label />
                <Icon glyph=Glyph::UpDown class="icon--sm" />
            </button>
            <nav class="menu switcher__menu" id="switcher" popover="auto" aria-label="Organizations">
                {entries}
                {tenant_admin
                    .then(|| {
                        view! {
                            <MenuRule />
                            <a
                                class="menu__item"
                                href="/admin"
                                rel="external"
                                aria-current=(here == Here::Tenant).then_some("true")
                            >
                                <Icon glyph=Glyph::Shield />
                                <span class="menu__text">"Admin Portal"</span>
                            </a>
                        }
                    })}
            </nav>
        </div>
    }
    .into_any()
}

fn words_of(current: Option<&AdministeredOrganization>, here: &Here) -> String {
    match (current, here) {
        (Some(organization), _) => organization.name.clone(),
        (None, Here::Tenant) => "Admin Portal".to_owned(),
        (None, _) => "Organizations".to_owned(),
    }
}

#[component]
fn Mark(
    current: Option<AdministeredOrganization>,
    here: Here,
    #[prop(optional)] label: String,
) -> impl IntoView {
    let name = current
        .as_ref()
        .map_or(label, |organization| organization.name.clone());
    let glyph = if here == Here::Tenant {
        Glyph::Shield
    } else {
        Glyph::Organizations
    };
    view! {
        {match current {
            Some(organization) => view! { <OrganizationMark organization /> }.into_any(),
            None => view! { <Icon glyph /> }.into_any(),
        }}
        <span class="switcher__name">{name}</span>
    }
}

/// Another organization's portal is loaded anew: nothing of this one stays behind.
#[component]
fn Entry(organization: AdministeredOrganization, is_here: bool) -> impl IntoView {
    let href = Portal::Organization.path_of(&organization.organization_id.to_string());
    let name = organization.name.clone();
    view! {
        <a class="menu__item" href=href rel="external" aria-current=is_here.then_some("true")>
            <OrganizationMark organization />
            <span class="menu__text">{name}</span>
            {is_here.then(|| view! { <Icon glyph=Glyph::Check class="switcher__check" /> })}
        </a>
    }
}
