//! What there is, and what waits for somebody.

use guildhall::audit::AuditRecord;
use guildhall::tenant::Overview;
use leptos::prelude::*;

use crate::components::audit_table::{actor_of, target_of, words_of};
use crate::components::read::{Read, read};
use crate::rpc::tenant::get_home;
use crate::ui::prelude::*;

/// `/admin`
#[component]
pub fn HomePage() -> impl IntoView {
    let home = read(|| (), |()| get_home());
    view! {
        <PageHeader title="Home" description="What there is, and what waits for you." />
        <Read resource=home let:home>
            <div class="stack">
                <FirstSteps
                    applications=home.overview.applications
                    organizations=home.overview.organizations
                />
                <Counts overview=home.overview.clone() />
                <div class="halves">
                    <Waiting overview=home.overview />
                    <Latest records=home.latest />
                </div>
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
        disabled_organizations,
        organizations,
        members,
        failed_mails,
        pending_registrations,
        ..
    } = overview;
    let no_admin = if members == 0 {
        "Has nobody yet: add its first administrator."
    } else {
        "Has no administrator: nobody there can manage members. Add one, or make a member one."
    };
    let nothing = without_admin.is_empty()
        && expired_invitations == 0
        && disabled_organizations == 0
        && failed_mails == 0
        && pending_registrations == 0;
    let body = if nothing {
        let text = if organizations == 0 {
            "There is no organization yet."
        } else {
            "Every organization has an administrator, and no invitation ran out."
        };
        view! { <EmptyState glyph=Glyph::CheckCircle title="Nothing waits for you" text /> }.into_any()
    } else {
        view! {
            <Items label="Needs action">
                {without_admin
                    .into_iter()
                    .map(|organization| {
                        let href = format!("/admin/organizations/{}/members", organization.organization_id);
                        view! {
                            <Item
                                glyph=Glyph::Shield
                                tone=Tone::Warning
                                href
                                title=organization.name
                                detail=no_admin
                            />
                        }
                    })
                    .collect_view()}
                {(pending_registrations > 0)
                    .then(|| {
                        let (many, wait) = (
                            count_of(pending_registrations, "registration", "registrations"),
                            if pending_registrations == 1 { "waits" } else { "wait" },
                        );
                        view! {
                            <Item
                                glyph=Glyph::Organizations
                                tone=Tone::Warning
                                href="/admin/organizations"
                                title=format!("{many} {wait} for approval")
                                detail="Somebody asks for an organization. Approve or reject it."
                            />
                        }
                    })}
                {(expired_invitations > 0)
                    .then(|| {
                        let many = count_of(expired_invitations, "invitation", "invitations");
                        view! {
                            <Item
                                glyph=Glyph::Mail
                                tone=Tone::Warning
                                href="/admin/users?status=Pending"
                                title=format!("{many} ran out without an answer")
                                detail="These people are still pending and cannot come in. See who they are."
                            />
                        }
                    })}
                {(failed_mails > 0)
                    .then(|| {
                        let many = count_of(failed_mails, "mail", "mails");
                        view! {
                            <Item
                                glyph=Glyph::Failed
                                tone=Tone::Warning
                                href="/admin/mail?status=failed"
                                title=format!("{many} could not be sent")
                                detail="See why, and try again."
                            />
                        }
                    })}
                {(disabled_organizations > 0)
                    .then(|| {
                        let (many, are) = (
                            count_of(disabled_organizations, "organization", "organizations"),
                            if disabled_organizations == 1 { "is" } else { "are" },
                        );
                        view! {
                            <Item
                                glyph=Glyph::Pause
                                href="/admin/organizations?status=disabled"
                                title=format!("{many} {are} disabled")
                                detail="The members cannot sign in until it is enabled again."
                            />
                        }
                    })}
            </Items>
        }
        .into_any()
    };
    view! {
        <Card title="Needs action" flush=true>
            {body}
        </Card>
    }
}

/// What was done last, by whom.
#[component]
fn Latest(records: Vec<AuditRecord>) -> impl IntoView {
    if records.is_empty() {
        return ().into_any();
    }
    view! {
        <Card
            title="Latest changes"
            flush=true
            actions=|| {
                view! {
                    <LinkButton href="/admin/audit" variant=Variant::Ghost size=Size::Small>
                        "All changes"
                    </LinkButton>
                }
            }
        >
            <Items label="Latest changes">
                {records
                    .into_iter()
                    .map(|record| {
                        view! {
                            <Item
                                glyph=glyph_of(&record)
                                href=format!("/admin/audit/{}", record.audit_id)
                                title=format!("{}: {}", words_of(&record.operation), target_of(&record))
                                detail=actor_of(&record)
                            >
                                <Time ms=record.at />
                            </Item>
                        }
                    })
                    .collect_view()}
            </Items>
        </Card>
    }
    .into_any()
}

fn glyph_of(record: &AuditRecord) -> Glyph {
    match record.target_kind.as_str() {
        "organization" => Glyph::Organizations,
        "application" => Glyph::Apps,
        "client" => Glyph::Key,
        "role" | "role_group" | "permission" => Glyph::Roles,
        "team" => Glyph::Team,
        "tenant" => Glyph::Settings,
        _ => Glyph::Person,
    }
}

#[component]
fn Counts(overview: Overview) -> impl IntoView {
    let invited = (overview.pending_invitations > 0).then(|| {
        format!(
            "{} invited, not here yet",
            format_count(overview.pending_invitations)
        )
    });
    let disabled = (overview.disabled_organizations > 0)
        .then(|| format!("{} disabled", format_count(overview.disabled_organizations)));
    view! {
        <CardGrid>
            <Stat
                label="Organizations"
                value=format_count(overview.organizations)
                href="/admin/organizations"
                note=disabled
            />
            <Stat
                label="Members"
                value=format_count(overview.members)
                note="in all organizations"
            />
            <Stat
                label="Users"
                value=format_count(overview.users)
                href="/admin/users"
                note=invited
            />
            <Stat
                label="Applications"
                value=format_count(overview.applications)
                href="/admin/applications"
            />
        </CardGrid>
    }
}
