//! Which console a page stands in: an organization's pages are the tenant's and, in its own portal, the organization's.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

use crate::ui::prelude::*;

/// The console that an organization's page stands in. A form says it with [`InPortal`], so that its answer leads back to
/// the same one: a word of two, never an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Portal {
    /// The Admin Portal: `/admin/organizations/{id}`.
    #[default]
    Tenant,
    /// The organization's own: `/org/{id}`.
    Organization,
}

impl Portal {
    /// The one that a path of ours is in.
    pub fn of_path(path: &str) -> Self {
        match path.strip_prefix("/org") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Portal::Organization,
            _ => Portal::Tenant,
        }
    }

    /// Whether it is the tenant's, with the way to everything beyond the organization.
    pub fn is_tenant(self) -> bool {
        self == Portal::Tenant
    }

    /// Where the organization's pages are.
    pub fn path_of(self, organization_id: &str) -> String {
        match self {
            Portal::Tenant => format!("/admin/organizations/{organization_id}"),
            Portal::Organization => format!("/org/{organization_id}"),
        }
    }

    /// The way to a page of an organization.
    pub fn crumbs(self, organization_id: &str, name: impl Into<String>) -> Vec<Crumb> {
        let own = Crumb::new(name, self.path_of(organization_id));
        match self {
            Portal::Tenant => vec![Crumb::new("Organizations", "/admin/organizations"), own],
            Portal::Organization => vec![own],
        }
    }

    /// The word for it in a form.
    pub fn as_str(self) -> &'static str {
        match self {
            Portal::Tenant => "tenant",
            Portal::Organization => "organization",
        }
    }
}

/// The console that the page around the caller stands in.
pub fn use_portal() -> Portal {
    use_location()
        .pathname
        .with_untracked(|path| Portal::of_path(path))
}

/// Says in a form which console it stands in; its server function takes it as `portal`.
#[component]
pub fn InPortal() -> impl IntoView {
    view! { <input type="hidden" name="portal" value=use_portal().as_str() /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_which_console_it_is_in() {
        assert_eq!(Portal::of_path("/org"), Portal::Organization);
        assert_eq!(Portal::of_path("/org/org_1/members"), Portal::Organization);
        for path in ["/admin/organizations/org_1", "/organizations", "/account", "/"] {
            assert_eq!(Portal::of_path(path), Portal::Tenant, "{path}");
        }
    }

    #[test]
    fn a_form_names_a_console_and_never_an_address() {
        for portal in [Portal::Tenant, Portal::Organization] {
            let word = serde_json::Value::from(portal.as_str());
            assert_eq!(serde_json::from_value::<Portal>(word).ok(), Some(portal));
        }
        let elsewhere = serde_json::Value::from("//evil.example");
        assert!(serde_json::from_value::<Portal>(elsewhere).is_err());
    }
}
