//! Pages for whom an organization's portal does not open, each saying why; and the way out of looking at one.

use guildhall::error::{Code, Error};
use guildhall::sessions::AdministeredOrganization;
use leptos::prelude::*;

use crate::components::entrance::{sign_in_path, use_entrance};
use crate::components::portal::Portal;
use crate::components::read::{Read, read};
use crate::layout::{ErrorPage, focus};
use crate::pages::errors::answer_with;
use crate::pages::frame::use_me;
use crate::rpc::portal::{StopViewing, open_portal, portal_of};
use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::prelude::*;

/// The portal of an organization that is not theirs, as far as was known when the page was loaded: asks the server why.
#[component]
pub fn NotOpen(id: String) -> impl IntoView {
    let of = id.clone();
    let answer = read(
        move || of.clone(),
        |id| async move {
            // The refusal is what this page is about.
            match portal_of(&id) {
                Ok(operation) => Ok(open_portal(operation).await.err().map(|RpcError(error)| error)),
                Err(RpcError(error)) => Ok(Some(error)),
            }
        },
    );
    view! {
        <Read resource=answer whole=true let:refusal>
            {match refusal {
                Some(error) => view! { <Closed error /> }.into_any(),
                None => view! { <NotAsOneOfThem id=id.clone() /> }.into_any(),
            }}
        </Read>
    }
}

/// The portal does not open, or was closed while it was open. It says nothing of an organization that they are not in.
#[component]
pub fn Closed(error: Error) -> impl IntoView {
    let status = error.code.status();
    answer_with(status);
    Effect::new(move |_| {
        if let Ok(Some(heading)) = document().query_selector(".error-page__title") {
            focus(heading);
        }
    });
    let (title, message, href, back) = match (error.code, error.reason.as_deref()) {
        (Code::Unauthenticated, _) => (
            "Your session has ended",
            "Sign in again to go on; you come back to this page.".to_owned(),
            sign_in_path(),
            "Sign in",
        ),
        (Code::NotFound, _) => (
            "There is no such organization for you",
            "You are in no organization with this address. It may have been deleted, or you were removed from it.".to_owned(),
            "/account/organizations".to_owned(),
            "My organizations",
        ),
        (Code::Forbidden, Some("membership_suspended")) => (
            "Your membership is suspended",
            "This organization is closed to you for now. Its administrators can say why, and let you in again.".to_owned(),
            "/account/organizations".to_owned(),
            "My organizations",
        ),
        (Code::Forbidden, Some("organization_disabled")) => (
            "This organization is disabled",
            "It is closed to all its members for now. Whoever sells to it can say why, and open it again.".to_owned(),
            "/account/organizations".to_owned(),
            "My organizations",
        ),
        (Code::Forbidden, Some("factor_required")) => (
            "This organization requires a second factor",
            "Set one up, or, where you have one, sign out and in again with it; then come back.".to_owned(),
            "/account/security".to_owned(),
            "To my second factors",
        ),
        (Code::Forbidden, Some("viewing")) => (
            "You are viewing another organization",
            error.message,
            "/".to_owned(),
            "Back to what you view",
        ),
        (Code::Forbidden, _) => (
            "You do not administer this organization",
            "Only its administrators can open this. Where you were one until now, somebody has changed your role: ask \
             another administrator."
                .to_owned(),
            "/account/organizations".to_owned(),
            "My organizations",
        ),
        _ => (
            "This cannot be shown now",
            error.message,
            "/account".to_owned(),
            "Go to my account",
        ),
    };
    view! { <ErrorPage status title message reference=error.reference back_href=href back /> }
}

/// Whoever administers the tenant is no administrator of the organization by that.
#[component]
fn NotAsOneOfThem(id: String) -> impl IntoView {
    if use_me().is_none_or(|me| !me.tenant_admin) {
        // They were let in between the two looks at it.
        return view! {
            <PageHeader title="This portal was just opened to you" />
            <a class="btn btn--primary" href=Portal::Organization.path_of(&id) rel="external">
                "Open it"
            </a>
        }
        .into_any();
    }
    answer_with(403);
    view! {
        <ErrorPage
            status=403
            title="This is the organization's own portal"
            message="You administer the tenant, and not this organization. Open it in the Admin Portal: from there you can \
            also look at this portal as its administrators see it."
            back_href=Portal::Tenant.path_of(&id)
            back="Open in the Admin Portal"
        />
    }
    .into_any()
}

/// Any other page, while somebody looks at an organization's portal.
#[component]
pub fn OnlyViewing(viewed: AdministeredOrganization) -> impl IntoView {
    answer_with(403);
    view! {
        <ErrorPage
            status=403
            title="Stop viewing first"
            message=format!(
                "While you view {} as its administrators see it, nothing else is open to you.",
                viewed.name,
            )
            back_href=Portal::Organization.path_of(&viewed.organization_id.to_string())
            back="Back to what you view"
        />
    }
}

/// Ends the look at an organization's portal. Its button is none of `ui`'s: those are disabled meanwhile.
#[component]
pub fn StopForm() -> impl IntoView {
    let stop = FormAction::<StopViewing>::new();
    use_entrance(stop);
    view! {
        <ActionForm action=stop>
            <button class="btn" type="submit">
                <Icon glyph=Glyph::EyeOff />
                <span class="btn__label">"Stop viewing"</span>
            </button>
        </ActionForm>
    }
}
