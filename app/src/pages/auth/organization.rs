//! Signing in to an application, for somebody who is signed in: for which organization, or why not.

use guildhall::oidc::{AppSignInChoice, Closed, ClosedOrganization, GetAppSignInChoice, OpenOrganization};
use guildhall::secret::Secret;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

use super::problem::Over;
use super::signin::BackToApp;
use crate::components::organization_mark::LogoOr;
use crate::components::read::read;
use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::rpc::oidc::get_app_sign_in_choice;
use crate::ui::prelude::*;

/// `/signin/organization?request=…`
#[component]
pub fn OrganizationPage() -> impl IntoView {
    view! { <Asked refusing=false /> }
}

/// `/signin/closed?request=…`
#[component]
pub fn ClosedPage() -> impl IntoView {
    view! { <Asked refusing=true /> }
}

#[component]
fn Asked(refusing: bool) -> impl IntoView {
    let query = use_query_map();
    let request = query.with_untracked(|query| query.get("request").unwrap_or_default());
    let choice = {
        let request = request.clone();
        read(
            move || request.clone(),
            |request| {
                get_app_sign_in_choice(GetAppSignInChoice {
                    request: Secret::new(request),
                })
            },
        )
    };
    view! {
        <Transition fallback=|| view! { <SkeletonRows rows=3 columns=1 /> }>
            {move || {
                let request = request.clone();
                Suspend::new(async move {
                    match choice.await {
                        Ok(choice) if refusing => view! { <Refused choice request /> }.into_any(),
                        Ok(choice) => view! { <Picker choice request /> }.into_any(),
                        // Signed out in another tab.
                        Err(error) if error.0.code == guildhall::Code::Unauthenticated => {
                            view! { <Redirect path=format!("/signin?request={request}") /> }.into_any()
                        }
                        Err(error) => view! { <Over error=error.0 /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Picker(choice: AppSignInChoice, request: String) -> impl IntoView {
    let AppSignInChoice {
        app_name,
        label,
        open,
        closed,
        ..
    } = choice;
    let cancel = format!("/oidc/cancel?request={request}");
    let app = app_name.clone();
    let one = move |OpenOrganization {
                        organization_id,
                        name,
                        logo_url,
                    }: OpenOrganization| {
        view! {
            <Button
                kind="submit"
                name="organization_id"
                value=organization_id.to_string()
                size=Size::Large
                block=true
            >
                <LogoOr name=name.clone() url=logo_url />
                {name}
            </Button>
        }
    };
    view! {
        <AuthShell
            title="Choose an organization"
            description=format!("You are signed in as {label}. For which organization do you open {app_name}?")
            footer=move || view! { <BackToApp href=cancel.clone() app=app.clone() /> }
        >
            // A plain form: its answer leads out of the console.
            <form method="post" action="/oidc/continue">
                <input type="hidden" name="request" value=request.clone() />
                <div class="stack">{open.into_iter().map(one).collect_view()}</div>
            </form>
            <ClosedOnes closed />
            <OtherAccount request />
        </AuthShell>
    }
}

/// Organizations that cannot be chosen, and why.
#[component]
fn ClosedOnes(closed: Vec<ClosedOrganization>) -> impl IntoView {
    (!closed.is_empty()).then(|| {
        let line = |one: ClosedOrganization| view! { <li>{sentence(&one)}</li> };
        view! { <ul>{closed.into_iter().map(line).collect_view()}</ul> }
    })
}

fn sentence(ClosedOrganization { name, why }: &ClosedOrganization) -> String {
    match why {
        Closed::OrganizationDisabled => format!("{name} is disabled."),
        Closed::Suspended => format!("Your membership in {name} is suspended."),
        Closed::Pending => {
            format!("You have not accepted the invitation of {name} yet: open the link in its mail.")
        }
        Closed::WithoutApplication => format!("{name} does not have this application."),
    }
}

#[component]
fn OtherAccount(request: String) -> impl IntoView {
    view! {
        <p>
            <a href=format!("/signin?request={request}")>"Use another account"</a>
        </p>
    }
}

#[component]
fn Refused(choice: AppSignInChoice, request: String) -> impl IntoView {
    answer_with(403);
    let AppSignInChoice {
        app_name,
        label,
        closed,
        asked,
        ..
    } = choice;
    let description = match closed.as_slice() {
        [one] => sentence(one),
        [] if asked => format!("{label} is no member of the organization that {app_name} asked for."),
        [] => format!("{label} is a member of no organization that has {app_name}."),
        _ => format!("None of the organizations of {label} lets you use {app_name} now."),
    };
    let several = if closed.len() > 1 { closed } else { Vec::new() };
    let cancel = format!("/oidc/cancel?request={request}");
    let app = app_name.clone();
    view! {
        <AuthShell
            title=format!("You cannot use {app_name}")
            description
            footer=move || view! { <BackToApp href=cancel.clone() app=app.clone() /> }
        >
            <ClosedOnes closed=several />
            <p>"Ask an administrator of your organization if you think that you should."</p>
            <OtherAccount request />
        </AuthShell>
    }
}
