//! The frame of signed-in pages.

use super::{
    keyboard::{Shortcuts, listen},
    nav::{Brand, NavSection, SideNav},
    palette::{CommandPalette, Finder},
    route_focus::RouteAnnouncer,
    theme::ThemeChoice,
};
use crate::ui::{
    button::IconButton,
    icon::{Glyph, Icon},
    notice::{Toast, ToastRegion, Toasts},
    person::Avatar,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Who is signed in, as the user menu shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub name: String,
    /// The e-mail address or telephone number.
    pub contact: String,
}

/// Navigation on the left, a top bar, the page, and everything that hovers over it.
#[component]
pub fn AppShell(
    /// The navigation; the command palette searches it too.
    #[prop(into)]
    nav: Signal<Vec<NavSection>>,
    user: SignedIn,
    /// A POST form with one button of the class `menu__item`.
    #[prop(into)]
    sign_out: ViewFn,
    /// Where the mark leads.
    #[prop(default = "/".to_owned(), into)]
    home: String,
    #[prop(default = "/account".to_owned(), into)] account_href: String,
    /// In the top bar: which of their organizations somebody works in, and the way to the others.
    #[prop(optional, into)]
    switcher: ViewFn,
    /// In the top bar, at its right: what somebody can begin from everywhere.
    #[prop(optional, into)]
    begin: ViewFn,
    /// Above every page, for example “This organization is suspended”.
    #[prop(optional, into)]
    notice: ViewFn,
    /// What the command palette finds beside the navigation's pages.
    #[prop(optional_no_strip)]
    find: Option<Finder>,
    /// A message left over from the request before.
    #[prop(optional, into)]
    flash: Option<Toast>,
    children: Children,
) -> impl IntoView {
    // Messages outlive a frame: signing out leads from one to another.
    if use_context::<Toasts>().is_none() {
        Toasts::provide(flash);
    }
    listen();
    view! {
        <Title formatter=|title| format!("{title} · Guildhall") />
        <a class="skip-link" href="#content" rel="external">
            "Skip to content"
        </a>
        <div class="shell">
            <SideNav sections=nav home=home.clone() />
            <div class="shell__main">
                <header class="topbar">
                    <div class="topbar__menu">
                        <IconButton glyph=Glyph::Menu label="Navigation" toggles="navigation" />
                        <Brand href=home />
                    </div>
                    <div class="topbar__switcher">{switcher.run()}</div>
                    <button
                        class="palette-button"
                        type="button"
                        command="show-modal"
                        commandfor="palette"
                    >
                        <Icon glyph=Glyph::Search />
                        <span class="palette-button__text">{if find.is_some() { "Find anything…" } else { "Go to a page…" }}</span>
                        <kbd class="kbd" aria-hidden="true">
                            "Ctrl K"
                        </kbd>
                    </button>
                    {begin.run()}
                    <UserMenu user account_href sign_out />
                </header>
                <main class="content" id="content" tabindex="-1">
                    {notice.run()}
                    {children()}
                </main>
            </div>
        </div>
        <RouteAnnouncer />
        <ToastRegion />
        <CommandPalette sections=nav find />
        <Shortcuts />
    }
    .into_any()
}

#[component]
fn UserMenu(user: SignedIn, account_href: String, sign_out: ViewFn) -> impl IntoView {
    view! {
        <div class="menu-anchor">
            <button class="user-button" type="button" popovertarget="user-menu">
                <span class="sr-only">"Account menu of " {user.name.clone()}</span>
                <Avatar name=user.name.clone() />
                <Icon glyph=Glyph::ChevronDown class="icon--sm" />
            </button>
            <div class="menu menu--user" id="user-menu" popover="auto">
                <div class="menu__head">
                    <p class="menu__name">{user.name}</p>
                    <p class="menu__detail">{user.contact}</p>
                </div>
                <hr class="menu__rule" />
                <a class="menu__item" href=account_href>
                    <Icon glyph=Glyph::Person />
                    "My account"
                </a>
                <button class="menu__item" type="button" command="show-modal" commandfor="shortcuts">
                    <Icon glyph=Glyph::Command />
                    "Keyboard shortcuts"
                </button>
                <ThemeChoice />
                <hr class="menu__rule" />
                {sign_out.run()}
            </div>
        </div>
    }
    .into_any()
}
