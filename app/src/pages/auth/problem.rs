//! When a sign-in cannot go on, and no application can be told.

use guildhall::error::{Code, Error};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::pages::organization::closed::StopForm;

/// `/signin/problem?why=…`: in our own words, whatever the address says.
#[component]
pub fn ProblemPage() -> impl IntoView {
    let query = use_query_map();
    let why = query.with_untracked(|query| query.get("why").unwrap_or_default());
    match why.as_str() {
        "application" => view! {
            <Problem
                status=400
                title="This application is not known"
                text="The link that led here names no application of this console, or one that was removed. Go back to where \
                you came from; if it stays so, tell whoever runs the application."
            />
        }
        .into_any(),
        "address" => view! {
            <Problem
                status=400
                title="The way back is not registered"
                text="The link that led here wants to return to a page that the application has not registered, so nothing was \
                sent there. Tell whoever runs the application."
            />
        }
        .into_any(),
        "viewing" => view! { <Viewing /> }.into_any(),
        _ => view! { <Ended /> }.into_any(),
    }
}

/// Whoever looks at an organization's portal as its administrators see it enters nothing else meanwhile.
#[component]
fn Viewing() -> impl IntoView {
    answer_with(403);
    view! {
        <AuthShell
            title="Stop viewing first"
            description="You are looking at an organization as its administrators see it, and nothing else is open to you \
            meanwhile. Stop viewing, then go back to the application and begin again."
        >
            <StopForm />
        </AuthShell>
    }
}

#[component]
fn Problem(status: u16, title: &'static str, text: &'static str) -> impl IntoView {
    answer_with(status);
    view! {
        <AuthShell title description=text>
            <StartPage />
        </AuthShell>
    }
}

#[component]
fn StartPage() -> impl IntoView {
    view! {
        <p>
            <a href="/">"Go to the start page"</a>
        </p>
    }
}

#[component]
fn Ended() -> impl IntoView {
    view! {
        <Problem
            status=410
            title="This sign-in has ended"
            text="It was finished, or has waited too long. Go back to the application and begin again."
        />
    }
}

/// In place of a page whose sign-in cannot be read.
#[component]
pub(super) fn Over(error: Error) -> impl IntoView {
    if error.code == Code::Gone {
        return view! { <Ended /> }.into_any();
    }
    answer_with(error.code.status());
    let text = error.to_string();
    view! {
        <AuthShell title="This cannot be shown now" description=text>
            <StartPage />
        </AuthShell>
    }
    .into_any()
}
