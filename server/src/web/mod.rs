//! The console in a browser: mounts the Leptos app and its server functions, with their headers and static files.

mod brand;
mod compress;
mod export;
mod flash;
pub mod headers;
mod limits;
mod live;
mod logo;
mod mail_preview;
mod one_time;
mod pages;
pub mod query;
pub mod refusal;
mod rpc;
mod site;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use guildhall::Backend;
use guildhall::caller::Request;
use leptos::prelude::provide_context;
use leptos_axum::ResponseOptions;

use self::limits::Limits;
use crate::auth::session;
use crate::console::Console;

/// What the console's ways in share.
#[derive(Clone)]
pub struct Web {
    console: Console,
    backend: Arc<dyn Backend>,
    waiting: one_time::Waiting,
    limits: Arc<Limits>,
    trust_proxy: bool,
}

/// What an operator can set of the console.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether a proxy of ours stands before this server, whose word on addresses counts.
    pub trust_proxy: bool,
    /// Requests a second and at once, for each person or address; `None` for no limits at all, none on guessing
    /// passwords either.
    pub rate_limit: Option<(u32, u32)>,
}

impl Web {
    /// The console over a door.
    pub fn new(console: Console, settings: Settings) -> Self {
        Web {
            backend: Arc::new(console.clone()),
            console,
            waiting: one_time::Waiting::default(),
            limits: Arc::new(Limits::new(settings.rate_limit)),
            trust_proxy: settings.trust_proxy,
        }
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.console.services().public_url
    }

    pub(crate) fn console(&self) -> &Console {
        &self.console
    }

    /// Whoever asks, unless they ask too often.
    ///
    /// # Errors
    /// 429, and whatever the session's look-up says.
    pub(crate) async fn enter(&self, parts: &http::request::Parts) -> Result<Request, guildhall::Error> {
        rpc::caller(self, parts).await
    }

    /// The same for whoever an application sends to sign in.
    pub(crate) async fn enter_for_app(
        &self,
        parts: &http::request::Parts,
    ) -> Result<Request, guildhall::Error> {
        let request = self.enter(parts).await?;
        self.limits.begin_app_sign_in(&request)?;
        Ok(request)
    }

    /// Gives a page or a server function what it may ask for.
    fn provide(&self, request: &Request) {
        provide_context(self.backend.clone());
        provide_context(request.clone());
        provide_context(self.waiting.of(request));
        let public_url: Arc<str> = self.public_url().into();
        let own = public_url.clone();
        provide_context(app::rpc::SessionCookie(Arc::new(move |session| {
            let cookie = match session {
                Some((token, lifetime)) => session::set(&own, token, lifetime).ok(),
                None => Some(session::clear(&own)),
            };
            append_cookie(cookie);
        })));
        let (own, asked) = (public_url.clone(), public_url.clone());
        provide_context(app::rpc::PendingCookie {
            set: Arc::new(move |pending| append_cookie(session::set_pending(&own, pending).ok())),
            token: Arc::new(move || {
                let parts = leptos::prelude::use_context::<http::request::Parts>()?;
                session::named(&parts.headers, session::pending_name(&asked)).map(str::to_owned)
            }),
        });
        provide_context(app::rpc::SetFlash(Arc::new(move |flash| {
            append_cookie(flash::set(&public_url, flash))
        })));
    }
}

fn append_cookie(cookie: Option<http::HeaderValue>) {
    if let (Some(cookie), Some(response)) = (cookie, leptos::prelude::use_context::<ResponseOptions>()) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// The pages, their server functions and the static files. What no route matches is a file of the site or the app's
/// not-found page.
pub fn router(web: Web) -> Router {
    let mut router = Router::new();
    for path in pages::paths() {
        router = router.route(path, get(pages::page));
    }
    // Each by its own path, so that metrics and logs can tell them apart.
    for path in rpc::paths() {
        router = router.route(path, any(rpc::call));
    }
    router
        .route("/admin/audit.csv", get(export::audit))
        .route(
            "/admin/organizations/{id}/audit.csv",
            get(export::organization_audit),
        )
        .route("/admin/organizations/{id}/members.csv", get(export::members))
        .merge(crate::oidc::browsers())
        .route("/org/{id}/audit.csv", get(export::organization_audit))
        .route("/org/{id}/members.csv", get(export::members))
        .route(
            "/logo/{id}",
            post(logo::upload).layer(DefaultBodyLimit::max(logo::FORM)),
        )
        .route("/logo/{id}/{version}", get(logo::show))
        .route("/brand/logo", get(brand::sign_in_logo))
        .route("/brand/invitation", get(brand::invitation_logo))
        .route("/mail-preview", post(mail_preview::typed))
        .route("/mail-preview/{kind}/{language}", get(mail_preview::kept))
        .route("/brand/colors.css", get(brand::colors))
        .route("/live", get(live::listen))
        .route("/rpc/{*unknown}", any(rpc::unknown))
        .route("/pkg/{*file}", get(pages::file))
        .fallback(pages::other)
        .with_state(web)
}
