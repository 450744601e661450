//! Signing out at an application's wish.

use guildhall::oidc::GetAppSignOut;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::signin::BackToApp;
use crate::components::read::read;
use crate::layout::AuthShell;
use crate::rpc::oidc::get_app_sign_out;
use crate::ui::prelude::*;

/// What the address says of the application.
fn asked() -> GetAppSignOut {
    let query = use_query_map();
    query.with_untracked(|query| GetAppSignOut {
        id_token_hint: None,
        client_id: query.get("client_id"),
        post_logout_redirect_uri: query.get("post_logout_redirect_uri"),
        state: query.get("state"),
    })
}

/// `/signin/leave`: any page can lead here, so the person decides.
#[component]
pub fn LeavePage() -> impl IntoView {
    let GetAppSignOut {
        client_id,
        post_logout_redirect_uri,
        state,
        ..
    } = asked();
    let carried = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <input type="hidden" name=name value=value /> })
    };
    view! {
        <AuthShell
            title="Sign out?"
            description="This signs you out of the console and of every application that you entered from here."
        >
            // A plain form: its answer may lead out of the console.
            <form method="post" action="/oidc/logout">
                <input type="hidden" name="confirmed" value="yes" />
                {carried("client_id", client_id)}
                {carried("post_logout_redirect_uri", post_logout_redirect_uri)}
                {carried("state", state)}
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary block=true>
                        "Sign out"
                    </Button>
                </FormActions>
            </form>
            <p>
                <a href="/account">"Stay signed in"</a>
            </p>
        </AuthShell>
    }
}

/// `/signin/left`
#[component]
pub fn LeftPage() -> impl IntoView {
    let asked = asked();
    let way = read(move || (), move |()| get_app_sign_out(asked.clone()));
    view! {
        <Transition fallback=|| view! { <SkeletonRows rows=2 columns=1 /> }>
            {move || Suspend::new(async move {
                // What cannot be read leads nowhere; the person is signed out all the same.
                let way = way.await.unwrap_or_default();
                let back = way
                    .location
                    .map(|href| (href, way.app_name.unwrap_or_else(|| "the application".to_owned())));
                view! {
                    <AuthShell title="You are signed out" description="You can close this page.">
                        {back.map(|(href, app)| view! { <p><BackToApp href app /></p> })}
                        <p>
                            <a href="/signin">"Sign in again"</a>
                        </p>
                    </AuthShell>
                }
            })}
        </Transition>
    }
}
