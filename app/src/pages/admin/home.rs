//! What there is, and what waits for somebody.

use guildhall::tenant::Overview;
use leptos::prelude::*;

use crate::components::read::{Read, read};
use crate::rpc::tenant::get_overview;
use crate::ui::prelude::*;

/// `/admin`
#[component]
pub fn HomePage() -> impl IntoView {
    let overview = read(|| (), |()| get_overview());
    view! {
        <PageHeader title="Home" description="What there is, and what waits for you." />
        <Read resource=overview let:overview>
            <div class="stack">
                <FirstSteps applications=overview.applications organizations=overview.organizations />
                <Waiting overview=overview.clone() />
                <Counts overview />
            </div>
        </Read>
    }
}

/// A new console says what to do first; both steps done, it is silent.
#[component]
fn FirstSteps(applications: u64, organizations: u64) -> impl IntoView {
    let step =
        |done: bool, title: &'static str, text: &'static str, href: &'static str, word: &'static str| {
            view! {
                <Card title=title description=text>
                    {if done {
                        view! { <Status state=State::Accepted label="Done" /> }.into_any()
                    } else {
                        view! {
                            <LinkButton href variant=Variant::Primary icon=Glyph::Plus>
                                {word}
                            </LinkButton>
                        }
                            .into_any()
                    }}
                </Card>
            }
        };
    (applications == 0 || organizations == 0).then(|| {
        view! {
            <section aria-labelledby="first-steps" class="stack">
                <h2 id="first-steps" class="card__title">
                    "First steps"
                </h2>
                <CardGrid>
                    {step(
                        applications > 0,
                        "1. Create an application",
                        "What you sell: organizations get it, roles and permissions belong to it.",
                        "/admin/applications/new",
                        "Create application",
                    )}
                    {step(
                        organizations > 0,
                        "2. Create an organization",
                        "A company that you sell to, with its own members and administrators.",
                        "/admin/organizations/new",
                        "Create organization",
                    )}
                </CardGrid>
            </section>
        }
    })
}

/// What needs somebody to act.
#[component]
fn Waiting(overview: Overview) -> impl IntoView {
    let Overview {
        without_admin,
        expired_invitations,
        pending_invitations,
        disabled_organizations,
        ..
    } = overview;
    let nothing = without_admin.is_empty() && expired_invitations == 0;
    let nobody = overview.organizations == 0;
    view! {
        <Card title="Needs action">
            {(nothing && !nobody).then(|| view! { <p class="muted">"Nothing waits for you."</p> })}
            {nobody
                .then(|| view! { <p class="muted">"Nothing yet: there is no organization."</p> })}
            {(!without_admin.is_empty())
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warning title="Organizations without an administrator">
                            <p>"Nobody there can manage members. Make a member an administrator:"</p>
                            <ul>
                                {without_admin
                                    .into_iter()
                                    .map(|organization| {
                                        let href = format!(
                                            "/admin/organizations/{}/members",
                                            organization.organization_id,
                                        );
                                        view! {
                                            <li>
                                                <a href=href>{organization.name}</a>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </Banner>
                    }
                })}
            {(expired_invitations > 0)
                .then(|| {
                    view! {
                        <Banner
                            tone=Tone::Warning
                            title=format!(
                                "{} ran out without an answer",
                                count_of(expired_invitations, "invitation", "invitations"),
                            )
                        >
                            "Send them again from the organization’s invitations."
                        </Banner>
                    }
                })}
            {(pending_invitations > 0)
                .then(|| {
                    view! {
                        <p>
                            {count_of(pending_invitations, "invitation waits", "invitations wait")}
                            " for an answer."
                        </p>
                    }
                })}
            {(disabled_organizations > 0)
                .then(|| {
                    view! {
                        <p>
                            <a href="/admin/organizations?status=disabled">
                                {count_of(disabled_organizations, "organization", "organizations")}
                            </a>
                            {if disabled_organizations == 1 { " is" } else { " are" }}
                            " disabled: the members cannot sign in."
                        </p>
                    }
                })}
        </Card>
    }
}

#[component]
fn Counts(overview: Overview) -> impl IntoView {
    view! {
        <CardGrid>
            <Stat
                label="Organizations"
                value=format_count(overview.organizations)
                href="/admin/organizations"
            />
            <Stat label="Members" value=format_count(overview.members) note="in all organizations" />
            <Stat label="Users" value=format_count(overview.users) href="/admin/users" />
            <Stat
                label="Applications"
                value=format_count(overview.applications)
                href="/admin/applications"
            />
            <Stat label="Pending invitations" value=format_count(overview.pending_invitations) />
        </CardGrid>
    }
}
