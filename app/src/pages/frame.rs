//! The frame of signed-in pages: it knows who is here, shows where they can go, and keeps everybody else out.

use guildhall::error::Error;
use guildhall::sessions::Me;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

use super::errors::{Missing, answer_with};
use super::parts::load_ahead;
use crate::components::entrance::{sign_in_path, use_entrance};
use crate::layout::{AppShell, ErrorPage, Finding, Found, NavItem, NavSection, SignedIn};
use crate::rpc::sessions::SignOut;
use crate::rpc::tenant::{ThingKind, find_things};
use crate::rpc::{ActionForm, FormAction, Visitor};
use crate::ui::prelude::*;

/// Who is signed in.
pub fn use_me() -> Option<Me> {
    match use_context() {
        Some(Visitor::Somebody(me)) => Some(*me),
        _ => None,
    }
}

/// The frame around pages for everybody who is signed in.
#[component]
pub fn Frame() -> impl IntoView {
    view! { <Entrance admins=false /> }
}

/// The frame around the tenant admin's pages.
#[component]
pub fn AdminFrame() -> impl IntoView {
    view! { <Entrance admins=true /> }
}

/// Lets in whom the page is for. The page itself must not stand in a `Suspense`: the server builds what stands there
/// more than once, and the browser would look for what it has read in the wrong places.
#[component]
fn Entrance(admins: bool) -> impl IntoView {
    match use_context::<Visitor>().unwrap_or_default() {
        Visitor::Somebody(me) => view! { <Shell me=*me admins inside=|| view! { <Outlet /> } /> }.into_any(),
        Visitor::Nobody => view! { <Redirect path=sign_in_path() /> }.into_any(),
        Visitor::Unclear(error) => view! { <Trouble error /> }.into_any(),
    }
}

/// No page has this address: for somebody who is signed in, within the frame, from which they find the way on.
#[component]
pub fn NotFound() -> impl IntoView {
    match use_context::<Visitor>().unwrap_or_default() {
        Visitor::Somebody(me) => {
            view! { <Shell me=*me admins=false inside=|| view! { <Missing /> } /> }.into_any()
        }
        _ => view! {
            <main class="content" id="content">
                <Missing />
            </main>
        }
        .into_any(),
    }
}

const PASSWORD_PAGE: &str = "/account/password";

#[component]
fn Shell(me: Me, admins: bool, #[prop(into)] inside: ViewFn) -> impl IntoView {
    let Me {
        label,
        email,
        tenant_admin,
        must_change_password,
        ..
    } = me;
    let path = use_location().pathname;
    // Whoever has a temporary password changes it before anything else.
    let elsewhere = Memo::new(move |_| must_change_password && path.with(|path| path != PASSWORD_PAGE));
    let refused = admins && !tenant_admin;
    let user = SignedIn {
        contact: email.filter(|email| *email != label).unwrap_or_default(),
        name: label,
    };
    let nav = if tenant_admin && !must_change_password {
        admin_nav()
    } else {
        own_nav()
    };
    let find = (tenant_admin && !must_change_password).then(|| Callback::new(find_by_name));
    load_ahead();
    let home = if tenant_admin { "/admin" } else { "/account" };
    view! {
        <AppShell nav user home find sign_out=|| view! { <SignOutForm /> }>
            {move || {
                if elsewhere.get() {
                    view! { <Redirect path=PASSWORD_PAGE /> }.into_any()
                } else if refused {
                    view! { <NotForYou /> }.into_any()
                } else {
                    inside.run().into_any()
                }
            }}
        </AppShell>
    }
}

/// What the command palette finds; nothing where it cannot be found out.
fn find_by_name(text: String) -> Finding {
    Box::pin(async move {
        let things = find_things(text).await.unwrap_or_default();
        things
            .into_iter()
            .map(|thing| {
                let (place, icon) = match thing.kind {
                    ThingKind::Organization => ("organizations", Glyph::Organizations),
                    ThingKind::Application => ("applications", Glyph::Apps),
                    ThingKind::User => ("users", Glyph::Person),
                };
                Found {
                    label: thing.name,
                    detail: thing.detail,
                    href: format!("/admin/{place}/{}", thing.id),
                    icon,
                }
            })
            .collect()
    })
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
                NavItem::new("Mail", "/admin/mail", Glyph::Mail),
                NavItem::new("Settings", "/admin/settings", Glyph::Settings),
            ],
        ),
    ]
}

fn own_nav() -> Vec<NavSection> {
    vec![NavSection::untitled(vec![NavItem::new(
        "My account",
        "/account",
        Glyph::Person,
    )])]
}

#[component]
fn SignOutForm() -> impl IntoView {
    let sign_out = FormAction::<SignOut>::new();
    use_entrance(sign_out);
    view! {
        <ActionForm action=sign_out>
            <button class="menu__item" type="submit">
                <Icon glyph=Glyph::Logout />
                "Sign out"
            </button>
        </ActionForm>
    }
}

/// Signed in, but no administrator of the tenant.
#[component]
fn NotForYou() -> impl IntoView {
    answer_with(403);
    view! {
        <ErrorPage
            status=403
            title="This part is for administrators"
            message="You are signed in, but your account does not administer this tenant. Ask an administrator to change \
            that, or sign in with another account."
            back_href="/account"
            back="Go to my account"
        />
    }
}

/// It could not be found out who is here.
#[component]
fn Trouble(error: Error) -> impl IntoView {
    answer_with(error.code.status());
    view! {
        <main class="content" id="content">
            <ErrorPage
                status=error.code.status()
                title="The console cannot be shown now"
                message=error.message
                reference=error.reference
            />
        </main>
    }
}
