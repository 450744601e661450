//! The client in parts: the code of a page is loaded when the page is first opened, and kept from then on.
//!
//! What several parts need and the frame does not becomes a file of its own, so that nothing is loaded twice: the
//! fewer parts, the fewer such files. Pages that lead to each other stand in one part.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event};
use leptos_router::ChooseView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{account, admin, auth, organization, webhooks};
use crate::layout::route_focus;

/// Which page stands in which part. Each part has one way in, and only through it are its pages reached: named
/// anywhere else, a page would be of the part that every visitor loads.
macro_rules! parts {
    ($($part:ident, $load:ident: { $($page:ident => $view:path,)+ })+) => {
        /// A page whose code is loaded when it is opened: the `view` of a route.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Page {
            $($(#[doc = concat!("[`", stringify!($view), "`]")] $page,)+)+
        }

        impl Page {
            /// The name of the part that the page stands in.
            const fn part(self) -> &'static str {
                match self {
                    $($(Self::$page)|+ => stringify!($part),)+
                }
            }

            async fn load(self) -> Result<(), SplitLoaderError> {
                match self {
                    $($(Self::$page)|+ => $load().await,)+
                }
            }

            /// The first page of a part.
            fn of_part(name: &str) -> Option<Self> {
                [$([$(Self::$page),+].first().copied()),+]
                    .into_iter()
                    .flatten()
                    .find(|page| page.part() == name)
            }

            async fn view(self) -> Result<AnyView, SplitLoaderError> {
                match self {
                    $($(Self::$page)|+ => $part(self).await,)+
                }
            }
        }

        $(
            #[wasm_split($part, preload($load), fallible)]
            fn $part(page: Page) -> Result<AnyView, SplitLoaderError> {
                Ok(match page {
                    $(Page::$page => $view().into_any(),)+
                    _ => ().into_any(),
                })
            }
        )+
    };
}

parts! {
    // Before anybody is signed in, and what everybody has.
    own, load_own: {
        SignIn => auth::signin::SignInPage,
        SignInFactor => auth::factor::FactorPage,
        SignInOrganization => auth::organization::OrganizationPage,
        SignInClosed => auth::organization::ClosedPage,
        SignInProblem => auth::problem::ProblemPage,
        Leave => auth::leave::LeavePage,
        Left => auth::leave::LeftPage,
        Invite => auth::invite::InvitePage,
        SetUp => auth::setup::SetUpPage,
        Forgot => auth::forgot::ForgotPage,
        ForgotSent => auth::forgot::SentPage,
        Reset => auth::forgot::ResetPage,
        Register => auth::register::RegisterPage,
        RegisterSent => auth::register::SentPage,
        FinishRegistration => auth::register::FinishPage,
        Account => account::AccountFrame,
        Profile => account::profile::ProfilePage,
        Emails => account::emails::EmailsPage,
        Password => account::password::PasswordPage,
        Security => account::security::SecurityPage,
        AuthenticatorApp => account::authenticator::AuthenticatorPage,
        OwnSessions => account::sessions::SessionsPage,
        OwnOrganizations => account::organizations::OrganizationsPage,
        OwnRegistrations => account::registrations::RegistrationsPage,
        NewRegistration => account::registrations::NewRegistrationPage,
        Preferences => account::preferences::PreferencesPage,
        Verify => account::verify::VerifyPage,
    }
    members, load_members: {
        Organization => admin::organizations::organization::OrganizationLayout,
        Portal => organization::layout::PortalLayout,
        Members => admin::organizations::organization::members::MembersPage,
    }
    organizations, load_organizations: {
        Home => admin::home::HomePage,
        Organizations => admin::organizations::list::OrganizationsPage,
        NewOrganization => admin::organizations::new::NewOrganizationPage,
        OrganizationOverview => admin::organizations::organization::overview::OverviewPage,
        Invitations => admin::organizations::organization::invitations::InvitationsPage,
        Teams => admin::organizations::organization::teams::TeamsPage,
        Team => admin::organizations::organization::team::TeamPage,
        InvitationRoles => admin::organizations::organization::invitation_roles::InvitationRolesPage,
        OrganizationApps => admin::organizations::organization::apps::OrganizationAppsPage,
        OrganizationApp => admin::organizations::organization::app::OrganizationAppPage,
        OrganizationRoles => admin::organizations::organization::roles::OrganizationRolesPage,
        OrganizationClients => admin::organizations::organization::clients::OrganizationClientsPage,
        OrganizationClient => admin::organizations::organization::client::OrganizationClientPage,
        OrganizationDomains => admin::organizations::organization::domains::OrganizationDomainsPage,
        OrganizationAudit => admin::organizations::organization::audit::OrganizationAuditPage,
        OrganizationSettings => admin::organizations::organization::settings::OrganizationSettingsPage,
        AddMembers => admin::organizations::organization::members_new::AddMembersPage,
        Member => admin::organizations::member::MemberLayout,
        MemberDetails => admin::organizations::member::details::MemberDetailsPage,
        MemberAccess => admin::organizations::member::access::MemberAccessPage,
        MemberSessions => admin::organizations::member::sessions::MemberSessionsPage,
        MemberActivity => admin::organizations::member::activity::MemberActivityPage,
        ChooseOrganization => organization::choose::ChoosePage,
        PortalOverview => organization::overview::PortalOverviewPage,
        PortalApplications => organization::applications::ApplicationsPage,
        PortalSettings => organization::settings::SettingsPage,
        Webhooks => webhooks::list::WebhooksPage,
        Webhook => webhooks::endpoint::WebhookPage,
        WebhookDelivery => webhooks::delivery::DeliveryPage,
    }
    tenant, load_tenant: {
        Applications => admin::applications::ApplicationsPage,
        NewApplication => admin::applications::new::NewApplicationPage,
        Application => admin::applications::frame::ApplicationFrame,
        ApplicationOverview => admin::applications::overview::OverviewPage,
        Clients => admin::applications::clients::ClientsPage,
        Client => admin::applications::client::ClientPage,
        Roles => admin::applications::roles::RolesPage,
        RoleGroups => admin::applications::role_groups::RoleGroupsPage,
        ApplicationOrganizations => admin::applications::organizations::ApplicationOrganizationsPage,
        Users => admin::users::UsersPage,
        NewUser => admin::users::new::NewUserPage,
        User => admin::users::user::UserPage,
        UserSessions => admin::users::sessions::UserSessionsPage,
        Audit => admin::audit::AuditPage,
        AuditRecord => admin::audit::record::AuditRecordPage,
        Mail => admin::mail::MailPage,
        Settings => admin::settings::SettingsPage,
        MailTemplates => admin::mail_templates::MailTemplatesPage,
        MailTemplate => admin::mail_templates::template::MailTemplatePage,
    }
}

impl Page {
    /// A page of the part that most of an address comes from: to load it ahead, so that being wrong costs little.
    fn near(href: &str) -> Option<Self> {
        let mut words = href.split(['?', '#']).next()?.split('/').skip(1);
        let mut next = || words.next().filter(|word| !word.is_empty());
        Some(match (next()?, next(), next(), next(), next()) {
            ("account", ..) => Self::Profile,
            ("admin", Some("organizations"), Some(_), Some("members"), None)
            | ("org", Some(_), Some("members"), None, _) => Self::Members,
            ("admin", None | Some("organizations"), ..) | ("org", ..) => Self::Organizations,
            ("admin", ..) => Self::Users,
            _ => return None,
        })
    }
}

impl ChooseView for Page {
    /// The page that is open stays until this is done.
    async fn preload(&self) {
        if cfg!(feature = "ssr") {
            #[cfg(feature = "ssr")]
            announce(self.part());
            return;
        }
        let _waiting = route_focus::wait();
        if self.load().await.is_err() {
            without_part().await;
        }
    }

    async fn choose(self) -> AnyView {
        self.view().await.unwrap_or_else(|_| ().into_any())
    }
}

/// Loads the parts whose names are given, with commas between them; false where one does not come.
pub async fn load(names: &str) -> bool {
    // One after the other: the browser has been told of their files, and is loading them all.
    for page in names.split(',').filter_map(Page::of_part) {
        if page.load().await.is_err() {
            return false;
        }
    }
    true
}

/// Loads the part that a link leads to while somebody points at the link, so that the click need not wait for it.
pub fn load_ahead() {
    fn ahead(event: &Event) {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|at| at.closest("a[href]").ok().flatten());
        let page = link
            .and_then(|link| link.get_attribute("href"))
            .and_then(|href| Page::near(&href));
        if let Some(page) = page {
            // Where it fails, following the link tries again.
            leptos::task::spawn_local(async move {
                let _ = page.load().await;
            });
        }
    }
    Effect::new(move |_| {
        let pointed = window_event_listener(ev::pointerover, |event| ahead(&event));
        let focused = window_event_listener(ev::focusin, |event| ahead(&event));
        on_cleanup(move || {
            pointed.remove();
            focused.remove();
        });
    });
}

/// The part could not be loaded: no network, or another version of the console has come in, whose files have other
/// names. A page from the server helps in either case.
async fn without_part() {
    if let Some(url) = use_context::<ArcRwSignal<leptos_router::location::Url>>() {
        let (path, query) = url.with_untracked(|url| (url.path().to_owned(), url.search().to_owned()));
        let mark = if query.is_empty() { "" } else { "?" };
        let _ = window().location().set_href(&format!("{path}{mark}{query}"));
    }
    std::future::pending().await
}

/// The parts that a page on the server turned out to need.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
pub struct Needed(std::sync::Arc<std::sync::Mutex<std::collections::BTreeSet<&'static str>>>);

#[cfg(feature = "ssr")]
impl Needed {
    /// Their names, with commas between them.
    pub fn names(&self) -> String {
        let names = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        names.iter().copied().collect::<Vec<_>>().join(",")
    }
}

/// Has the browser load the part beside the program, and not only when the program asks for it: the files by a header,
/// since the document's head is written before it is known which page there is.
#[cfg(feature = "ssr")]
fn announce(part: &'static str) {
    if let Some(Needed(needed)) = use_context() {
        let mut needed = needed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !needed.insert(part) {
            return;
        }
    }
    let (Some(assets), Some(response)) = (
        use_context::<crate::Assets>(),
        use_context::<leptos_axum::ResponseOptions>(),
    ) else {
        return;
    };
    for file in assets.parts.get(part).into_iter().flatten() {
        let link = format!("<{file}>; rel=preload; as=fetch; type=\"application/wasm\"; crossorigin");
        if let Ok(link) = http::HeaderValue::try_from(link) {
            response.append_header(http::header::LINK, link);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_parts() {
        for (href, part) in [
            ("/admin", Some("organizations")),
            ("/admin?welcome", Some("organizations")),
            ("/admin/organizations/org_1/members?cursor=a/b", Some("members")),
            ("/admin/organizations/org_1/members/usr_1", Some("organizations")),
            ("/org", Some("organizations")),
            ("/org/org_1", Some("organizations")),
            ("/org/org_1/members?status=Pending", Some("members")),
            ("/org/org_1/members/usr_1", Some("organizations")),
            ("/admin/users", Some("tenant")),
            ("/account", Some("own")),
            ("https://elsewhere.example/admin", None),
            ("/openapi.json", None),
            ("#content", None),
        ] {
            assert_eq!(Page::near(href).map(Page::part), part, "{href}");
        }
    }
}
