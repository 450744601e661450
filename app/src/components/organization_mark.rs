//! What an organization looks like: its logo, or its initials.

use guildhall::sessions::AdministeredOrganization;
use leptos::prelude::*;

use crate::ui::prelude::*;

/// The mark of an organization in lists and menus.
#[component]
pub fn OrganizationMark(organization: AdministeredOrganization) -> impl IntoView {
    view! { <LogoOr name=organization.name url=organization.logo_url /> }
}

/// The logo at `url`, or the initials of `name`. Decorative: the name stands beside it.
#[component]
pub fn LogoOr(name: String, url: Option<String>, #[prop(optional)] large: bool) -> impl IntoView {
    let size = if large { " avatar--lg" } else { "" };
    match url.as_deref().and_then(own_path) {
        Some(path) => view! {
            <img class=format!("avatar avatar--square avatar--picture{size}") src=path.to_owned() alt="" />
        }
        .into_any(),
        None => view! { <Avatar name square=true large /> }.into_any(),
    }
}

/// A logo's address without our own origin, which may have become another one since it was uploaded.
fn own_path(url: &str) -> Option<&str> {
    url.find("/logo/").and_then(|at| url.get(at..))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn a_logo_is_our_own_file() {
        assert_eq!(
            own_path("https://console.example/logo/org_1/a"),
            Some("/logo/org_1/a")
        );
        assert_eq!(own_path("https://elsewhere.example/picture.png"), None);
    }
}
