//! What an organization looks like: its logo, or its initials.

use guildhall::branding::Colors;
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

/// The organization whose people sign in or are invited, as it presents itself: the brand of an `AuthShell`, with the logo from
/// `logo` unless that is empty.
#[component]
pub fn OrganizationBrand(name: String, colors: Colors, logo: String) -> impl IntoView {
    let colors = [
        ("primary", colors.primary),
        ("background", colors.page_background),
    ];
    let named: Vec<String> = colors
        .into_iter()
        .filter_map(|(of, color)| Some(format!("{of}={}", color?.as_str().trim_start_matches('#'))))
        .collect();
    view! {
        {(!named.is_empty())
            .then(|| {
                let href = format!("/brand/colors.css?{}", named.join("&"));
                view! { <link rel="stylesheet" href=href /> }
            })}
        {(!logo.is_empty()).then(|| view! { <img class="auth__logo" src=logo alt="" /> })}
        <span class="brand__name">{name}</span>
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
