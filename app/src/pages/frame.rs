//! The frame of signed-in pages: it knows who is here, shows where they can go, and keeps everybody else out.

use guildhall::error::Error;
use guildhall::id::OrganizationId;
use guildhall::sessions::{AdministeredOrganization, MOST_ADMINISTERED, Me};
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;

use super::errors::{Missing, answer_with};
use super::frame_nav::{Create, is_open_to_members, is_plain_member, nav_of, own_nav};
use super::organization::closed::{Closed, NotOpen, OnlyViewing, StopForm};
use super::organization::switcher::{Here, Switcher};
use super::parts::load_ahead;
use crate::components::entrance::{sign_in_path, use_entrance};
use crate::components::live::{load_anew, use_live};
use crate::components::portal::Portal;
use crate::components::read::Refused;
use crate::layout::{AppShell, ErrorPage, Finding, Found, SignedIn};
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::rpc::portal::{open_portal, portal_of};
use crate::rpc::sessions::SignOut;
use crate::rpc::tenant::{ThingKind, find_things};
use crate::rpc::{ActionForm, FormAction, RpcError, Visitor};
use crate::ui::prelude::*;

/// Who is signed in.
pub fn use_me() -> Option<Me> {
    match use_context() {
        Some(Visitor::Somebody(me)) => Some(*me),
        _ => None,
    }
}

/// Whom a frame's pages are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Audience {
    Everybody,
    TenantAdmins,
    /// The administrators of the organization with this id.
    Organization(String),
}

/// The frame around pages for everybody who is signed in.
#[component]
pub fn Frame() -> impl IntoView {
    view! { <Entrance audience=Audience::Everybody /> }
}

/// The frame around the tenant admin's pages.
#[component]
pub fn AdminFrame() -> impl IntoView {
    view! { <Entrance audience=Audience::TenantAdmins /> }
}

/// The frame around an organization's own portal. Another organization's is loaded anew.
#[component]
pub fn PortalFrame() -> impl IntoView {
    let id = use_organization_id().get_untracked();
    view! { <Entrance audience=Audience::Organization(id) /> }
}

/// The start page: it leads on to where whoever is here begins.
#[component]
pub fn Start() -> impl IntoView {
    match use_context::<Visitor>().unwrap_or_default() {
        Visitor::Somebody(me) => view! { <Redirect path=start_of(&me) /> }.into_any(),
        Visitor::Nobody => view! { <Redirect path="/signin" /> }.into_any(),
        Visitor::Unclear(error) => view! { <Trouble error /> }.into_any(),
    }
}

/// Where somebody begins: in the widest console that is theirs.
fn start_of(me: &Me) -> String {
    if me.must_change_password {
        return PASSWORD_PAGE.to_owned();
    }
    let portal = |organization: &AdministeredOrganization| {
        Portal::Organization.path_of(&organization.organization_id.to_string())
    };
    match (&me.viewing, me.administers.as_slice()) {
        (Some(viewed), _) => portal(viewed),
        _ if me.tenant_admin => "/admin".to_owned(),
        (None, []) => "/account".to_owned(),
        (None, [only]) => portal(only),
        (None, _) => "/org".to_owned(),
    }
}

/// Lets in whom the page is for. The page itself must not stand in a `Suspense`: the server builds what stands there
/// more than once, and the browser would look for what it has read in the wrong places.
#[component]
fn Entrance(audience: Audience) -> impl IntoView {
    match use_context::<Visitor>().unwrap_or_default() {
        Visitor::Somebody(me) => {
            view! { <Shell me=*me audience inside=|| view! { <Outlet /> } /> }.into_any()
        }
        Visitor::Nobody => view! { <Redirect path=sign_in_path() /> }.into_any(),
        Visitor::Unclear(error) => view! { <Trouble error /> }.into_any(),
    }
}

/// No page has this address: for somebody who is signed in, within the frame, from which they find the way on.
#[component]
pub fn NotFound() -> impl IntoView {
    match use_context::<Visitor>().unwrap_or_default() {
        Visitor::Somebody(me) => {
            view! { <Shell me=*me audience=Audience::Everybody inside=|| view! { <Missing /> } /> }.into_any()
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

/// What stands in the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Page,
    /// They administer no tenant.
    NotForYou,
    /// They look at an organization's portal, and nothing else is open meanwhile.
    OnlyViewing(AdministeredOrganization),
    /// It is not their organization, as far as was known when the page was loaded.
    NotOpen(String),
}

impl Content {
    fn of(me: &Me, audience: &Audience) -> Self {
        let is = |organization: &AdministeredOrganization, id: &str| {
            organization.organization_id.to_string() == id
        };
        match (&me.viewing, audience) {
            (Some(viewed), Audience::Organization(id)) if is(viewed, id) => Content::Page,
            (Some(viewed), _) => Content::OnlyViewing(viewed.clone()),
            (None, Audience::TenantAdmins) if !me.tenant_admin => Content::NotForYou,
            (None, Audience::Organization(id)) => {
                let mut own = me.administers.iter().chain(&me.member_of);
                let theirs = own.any(|organization| is(organization, id));
                // Of somebody with more organizations than are listed, the pages themselves find out.
                let listed = me.administers.len() + me.member_of.len();
                if theirs || listed >= usize::from(MOST_ADMINISTERED) {
                    Content::Page
                } else {
                    Content::NotOpen(id.clone())
                }
            }
            _ => Content::Page,
        }
    }
}

#[component]
fn Shell(me: Me, audience: Audience, #[prop(into)] inside: ViewFn) -> impl IntoView {
    let content = Content::of(&me, &audience);
    let gone = RwSignal::new(None::<Error>);
    // What is an administrator's portal closes with their right to it; a member's pages are refused one by one.
    let plain = matches!(&audience, Audience::Organization(id) if is_plain_member(&me, id));
    if let (Content::Page, Audience::Organization(id), false) = (&content, &audience, plain) {
        watch_portal(id.clone(), gone);
    }
    if me.viewing.is_some() {
        provide_context(ReadOnly(
            "You are only looking: stop viewing to change something.",
        ));
    }
    let free = !me.must_change_password && me.viewing.is_none();
    // The tenant's administrators create organizations for others.
    let creates = free && me.may_request_organizations && !me.tenant_admin;
    let find = (me.tenant_admin && free && !matches!(audience, Audience::Organization(_)))
        .then(|| Callback::new(find_by_name));
    let full = nav_of(&me, &audience, &content);
    let nav = Signal::derive(move || {
        if gone.with(Option::is_some) {
            own_nav(&[], &[])
        } else {
            full.clone()
        }
    });
    let here = match &audience {
        Audience::TenantAdmins => Here::Tenant,
        Audience::Everybody => Here::Account,
        Audience::Organization(id) => Here::Organization(id.clone()),
    };
    let home = match (&content, &audience) {
        (Content::Page, Audience::Organization(id)) => Portal::Organization.path_of(id),
        _ => start_of(&me),
    };
    let user = SignedIn {
        contact: me
            .email
            .clone()
            .filter(|email| *email != me.label)
            .unwrap_or_default(),
        name: me.label.clone(),
    };
    let path = use_location().pathname;
    let must_change_password = me.must_change_password;
    // Whoever has a temporary password changes it before anything else.
    let elsewhere = Memo::new(move |_| must_change_password && path.with(|path| path != PASSWORD_PAGE));
    let beyond = Memo::new(move |_| plain && path.with(|path| !is_open_to_members(path)));
    let viewed = me.viewing.clone();
    load_ahead();
    let shown = match &content {
        Content::Page if !plain => audience.clone(),
        _ => Audience::Everybody,
    };
    // Where a portal closes, it says why; anything else is loaded anew, for what whoever is here may see now.
    let closed = match use_context::<Refused>() {
        Some(Refused(look)) if matches!(shown, Audience::Organization(_)) => look,
        _ => Callback::new(|()| load_anew()),
    };
    let topic = Memo::new(move |_| path.with(|path| topic_of(&shown, path)));
    use_live(topic.into(), closed);
    view! {
        <AppShell
            nav
            user
            home
            find
            sign_out=|| view! { <SignOutForm /> }
            switcher=move || {
                free.then(|| view! { <Switcher me=me.clone() here=here.clone() gone /> })
            }
            begin=move || creates.then(|| view! { <Create /> })
            notice=move || viewed.clone().map(|viewed| view! { <Looking viewed /> })
        >
            {move || {
                if elsewhere.get() {
                    return view! { <Redirect path=PASSWORD_PAGE /> }.into_any();
                }
                if let Some(error) = gone.get() {
                    return view! { <Closed error /> }.into_any();
                }
                match content.clone() {
                    Content::Page if beyond.get() => {
                        view! { <NotOpen id=use_organization_id().get_untracked() /> }.into_any()
                    }
                    Content::Page => inside.run().into_any(),
                    Content::NotForYou => view! { <NotForYou /> }.into_any(),
                    Content::OnlyViewing(viewed) => view! { <OnlyViewing viewed /> }.into_any(),
                    Content::NotOpen(id) => view! { <NotOpen id /> }.into_any(),
                }
            }}
        </AppShell>
    }
}

/// What an open page shows, as the server knows it that says when it changes.
fn topic_of(audience: &Audience, path: &str) -> String {
    let (otherwise, organization) = match audience {
        Audience::Everybody => ("account", None),
        Audience::Organization(id) => ("account", Some(id.as_str())),
        Audience::TenantAdmins => {
            let rest = path.strip_prefix("/admin/organizations/");
            ("tenant", rest.and_then(|rest| rest.split('/').next()))
        }
    };
    // What is no id has a page that says so, and nothing to tell of.
    organization
        .filter(|id| id.parse::<OrganizationId>().is_ok())
        .unwrap_or(otherwise)
        .to_owned()
}

/// Whatever is refused in an open portal may be so because its administrator is none any more: then the whole portal is
/// closed, and says why, rather than each of its parts.
fn watch_portal(id: String, gone: RwSignal<Option<Error>>) {
    let look = Action::new(move |(): &()| {
        let id = id.clone();
        async move { open_portal(portal_of(&id)?).await }
    });
    provide_context(Refused(Callback::new(move |()| {
        look.dispatch(());
    })));
    Effect::new(move |_| {
        if let Some(Err(RpcError(error))) = look.value().get()
            && matches!(error.code.status(), 401 | 403 | 404)
        {
            gone.set(Some(error));
        }
    });
}

/// Over every page while somebody looks at an organization's portal.
#[component]
fn Looking(viewed: AdministeredOrganization) -> impl IntoView {
    view! {
        <Banner
            tone=Tone::Warning
            title=format!("You are viewing {} as its administrators see it", viewed.name)
            actions=|| view! { <StopForm /> }
        >
            "You can look at everything here; nothing can be changed. When you began is in the audit, and when you stop will be."
        </Banner>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_live_about_what_it_shows() {
        let id = OrganizationId::compose(1, 1).to_string();
        let of = |path: &str| topic_of(&Audience::TenantAdmins, path);
        assert_eq!(of(&format!("/admin/organizations/{id}/members")), id);
        assert_eq!(of(&format!("/admin/organizations/{id}")), id);
        for tenant in [
            "/admin",
            "/admin/organizations",
            "/admin/organizations/new",
            "/admin/organizations/org_nothing",
            "/admin/users/usr_1",
        ] {
            assert_eq!(of(tenant), "tenant", "{tenant}");
        }
        assert_eq!(topic_of(&Audience::Everybody, "/account"), "account");
        assert_eq!(topic_of(&Audience::Organization(id.clone()), "/org"), id);
        assert_eq!(
            topic_of(&Audience::Organization("nothing".to_owned()), "/org/nothing"),
            "account"
        );
    }
}
