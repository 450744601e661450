//! Renders the design system to HTML files without a server, to look at: `cargo run -p app --example gallery --features ssr`.
//! They expect the compiled style beside them as `gallery.css`.

// The types of nested views are deep.
#![recursion_limit = "256"]

mod forms;
mod home;
mod list;
mod pieces;

use app::{
    layout::{AppShell, AuthShell, ErrorPage, NavItem, NavSection, SignedIn},
    ui::prelude::*,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{components::Router, location::RequestUrl};
use std::{fs, io, path::Path};

/// A page's file name, and the page.
type Page = (&'static str, fn() -> AnyView);

const ADDRESS: &str = "/admin/organizations/org_1/members";

fn main() -> io::Result<()> {
    let folder = Path::new("target/gallery");
    fs::create_dir_all(folder)?;
    let pages: [Page; 6] = [
        ("list", || in_shell(list::members)),
        ("home", || in_shell(home::home)),
        ("forms", || in_shell(forms::forms)),
        ("pieces", || in_shell(pieces::pieces)),
        ("signin", sign_in),
        ("error", || in_shell(error)),
    ];
    for (name, page) in pages {
        let html = Owner::new().with(|| {
            provide_context(RequestUrl::new(ADDRESS));
            provide_meta_context();
            view! { <Router>{page()}</Router> }.to_html()
        });
        let document = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"stylesheet\" href=\"gallery.css\"></head><body>{html}</body></html>"
        );
        fs::write(folder.join(format!("{name}.html")), document)?;
    }
    Ok(())
}

fn in_shell(page: fn() -> AnyView) -> AnyView {
    let nav = vec![
        NavSection::untitled(vec![
            NavItem::new("Home", "/admin", Glyph::Home).exact(),
            NavItem::new("Organizations", "/admin/organizations", Glyph::Organizations).count(3),
            NavItem::new("Users", "/admin/users", Glyph::Users),
        ]),
        NavSection::new(
            "Access",
            vec![
                NavItem::new("Applications", "/admin/applications", Glyph::Apps),
                NavItem::new("Roles", "/admin/roles", Glyph::Roles),
                NavItem::new("Sign-on", "/admin/sign-on", Glyph::Key),
            ],
        ),
        NavSection::new(
            "Operations",
            vec![
                NavItem::new("Audit", "/admin/audit", Glyph::Audit),
                NavItem::new("Mail", "/admin/mail", Glyph::Mail),
                NavItem::new("Settings", "/admin/settings", Glyph::Settings),
            ],
        ),
    ];
    view! {
        <AppShell
            nav=nav
            user=SignedIn { name: "Ada Lovelace".into(), contact: "ada@acme.example".into() }
            home="/admin"
            sign_out=|| {
                view! {
                    <form method="post" action="/signout">
                        <button class="menu__item">
                            <Icon glyph=Glyph::Logout />
                            "Sign out"
                        </button>
                    </form>
                }
            }
            flash=Toast::done("Grace Hopper was invited.").link("#", "Open the invitation")
        >
            {page()}
        </AppShell>
    }
    .into_any()
}

fn sign_in() -> AnyView {
    view! {
        <AuthShell
            title="Sign in"
            description="to Acme Console"
            footer=|| {
                view! {
                    "New here? "
                    <a href="#">"Register your organization"</a>
                }
            }
        >
            <form method="post">
                <FormGrid>
                    <Field name="email" label="Email" required=true>
                        <TextInput kind="email" autocomplete="username" />
                    </Field>
                    <Field name="password" label="Password" required=true>
                        <PasswordInput />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary block=true>
                        "Continue"
                    </Button>
                </FormActions>
            </form>
        </AuthShell>
    }
    .into_any()
}

fn error() -> AnyView {
    view! {
        <ErrorPage
            status=404
            title="This page does not exist"
            message="Either the address is wrong, or what was here is gone, or it belongs to an organization that you are not in."
            reference="ref_7Jd0pQ2m"
            back_href="/admin"
        />
    }
    .into_any()
}
