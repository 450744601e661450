//! `/admin/organizations/{id}` and `/org/{id}`: what it is, how many it has, and what needs attention.

use std::collections::{BTreeMap, HashMap};

use guildhall::branding::Colors;
use guildhall::members::Member;
use guildhall::organizations::Organization;
use leptos::prelude::*;

use super::{count, use_organization_id};
use crate::components::member::contact_of;
use crate::components::portal::{Portal, use_portal};
use crate::components::read::{Read, id_of, read};
use crate::rpc::organizations::{self as rpc, AppName, get_organization_overview};
use crate::ui::prelude::*;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let id = use_organization_id();
    let overview = read(
        move || id.get(),
        |id| async move { get_organization_overview(id_of(&id, "organization")?).await },
    );
    view! {
        <Read resource=overview whole=true let:overview>
            <Body overview />
        </Read>
    }
}

#[component]
fn Body(overview: rpc::Overview) -> impl IntoView {
    let rpc::Overview {
        organization,
        apps,
        admins,
        pending,
        suspended,
    } = overview;
    let path = use_portal().path_of(&organization.organization_id.to_string());
    let members = format!("{path}/members");
    let app_count = count(organization.app_ids.len());
    let by_status = |status: &str| format!("{members}?status={status}");
    let (all, waiting, paused) = (members.clone(), by_status("Pending"), by_status("Suspended"));
    let apps_path = match use_portal() {
        Portal::Tenant => format!("{path}/apps"),
        Portal::Organization => format!("{path}/applications"),
    };
    let member_count = organization.member_count;
    let admin_count = admins.info.total.unwrap_or_else(|| count(admins.items.len()));
    view! {
        <div class="stack">
            <Warnings organization=organization.clone() admin_count path=path.clone() />
            <CardGrid>
                <Stat
                    label="Members"
                    value=format_count(member_count)
                    href=all
                />
                <Stat
                    label="Pending"
                    value=format_count(pending)
                    href=waiting
                    note="Invited, not here yet"
                />
                <Stat
                    label="Suspended"
                    value=format_count(suspended)
                    href=paused
                />
                <Stat
                    label="Applications"
                    value=format_count(app_count)
                    href=apps_path
                />
            </CardGrid>
            <Facts organization apps path />
            <Admins admins=admins.items admin_count members />
        </div>
    }
}

/// What keeps the organization from working as it should.
#[component]
fn Warnings(organization: Organization, admin_count: u64, path: String) -> impl IntoView {
    let is_tenant = use_portal().is_tenant();
    let settings = format!("{path}/settings");
    let (add, apps) = (format!("{path}/members/new"), format!("{path}/apps"));
    view! {
        {(!organization.enabled)
            .then(|| {
                view! {
                    <Banner tone=Tone::Warning title="This organization is disabled">
                        "Its members cannot sign in to it. " <a href=settings>"Enable it in the settings"</a>
                    </Banner>
                }
            })}
        {(admin_count == 0)
            .then(|| {
                view! {
                    <Banner tone=Tone::Warning title="Nobody administers this organization">
                        "Without an admin it cannot manage its own members. " <a href=add>"Add an admin"</a>
                    </Banner>
                }
            })}
        {organization
            .app_ids
            .is_empty()
            .then(|| {
                view! {
                    <Banner tone=Tone::Info title="It has no application yet">
                        "Its members have nothing to sign in to. "
                        {is_tenant.then(|| view! { <a href=apps>"Give it an application"</a> })}
                    </Banner>
                }
            })}
    }
}

#[component]
fn Facts(organization: Organization, apps: Vec<AppName>, path: String) -> impl IntoView {
    let portal = use_portal();
    let names: HashMap<_, _> = apps.into_iter().map(|app| (app.app_id, app.name)).collect();
    let further: Vec<String> = organization
        .domains
        .iter()
        .filter(|domain| **domain != organization.domain)
        .cloned()
        .collect();
    let colors = colors_in_words(&organization.colors);
    let metadata = organization.metadata.entries().clone();
    view! {
        <Card title="Details">
            <DescriptionList>
                {(!organization.domain.is_empty())
                    .then(|| {
                        view! { <Description term="Domain">{organization.domain}</Description> }
                    })}
                {(!further.is_empty())
                    .then(|| {
                        view! { <Description term="Further domains">{further.join(", ")}</Description> }
                    })}
                {organization
                    .alias_name
                    .map(|alias| view! { <Description term="Alias">{alias}</Description> })}
                <Description term="Name in addresses">
                    <CopyId id=organization.slug what="name in addresses" />
                </Description>
                {colors.map(|colors| view! { <Description term="Colours">{colors}</Description> })}
                <Description term="Applications">
                    {match organization.app_ids.as_slice() {
                        [] => "None".into_any(),
                        ids => {
                            ids.iter()
                                .enumerate()
                                .map(|(at, id)| {
                                    let name = names.get(id).cloned().unwrap_or_else(|| id.to_string());
                                    let href = match portal {
                                        Portal::Tenant => format!("{path}/apps/{id}"),
                                        Portal::Organization => format!("{path}/members?app={id}"),
                                    };
                                    view! {
                                        {(at > 0).then_some(", ")}
                                        <a href=href>{name}</a>
                                    }
                                })
                                .collect_view()
                                .into_any()
                        }
                    }}
                </Description>
                <Description term="Created">
                    <Time ms=organization.created_at />
                </Description>
                <Description term="Changed">
                    <Time ms=organization.updated_at />
                </Description>
            </DescriptionList>
        </Card>
        {(!metadata.is_empty()).then(|| view! { <Kept metadata /> })}
    }
}

fn colors_in_words(colors: &Colors) -> Option<String> {
    let both = [
        ("primary", &colors.primary),
        ("background", &colors.page_background),
    ];
    let words: Vec<String> = both
        .into_iter()
        .filter_map(|(of, color)| Some(format!("{} ({of})", color.as_ref()?.as_str())))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What programs keep with the organization.
#[component]
fn Kept(metadata: BTreeMap<String, String>) -> impl IntoView {
    view! {
        <Card title="Metadata" description="What programs keep with it, through the API.">
            <DescriptionList>
                {metadata
                    .into_iter()
                    .map(|(key, text)| view! { <Description term=key>{text}</Description> })
                    .collect_view()}
            </DescriptionList>
        </Card>
    }
}

#[component]
fn Admins(admins: Vec<Member>, admin_count: u64, members: String) -> impl IntoView {
    if admins.is_empty() {
        return ().into_any();
    }
    let all = format!("{members}?role=Organization%20Admin");
    let more = admin_count > count(admins.len());
    view! {
        <Card
            title="Administrators"
            description="They manage the members of this organization."
            flush=true
        >
            <Table
                label="Administrators"
                head=|| {
                    view! {
                        <Th label="Name" />
                        <Th label="Status" />
                        <Th label="Last sign-in" />
                    }
                }
            >
                {admins.into_iter().map(|admin| admin_row(admin, &members)).collect_view()}
            </Table>
            {more
                .then(|| {
                    view! {
                        <p class="card__text">
                            <a href=all>{format!("All {}", count_of(admin_count, "admin", "admins"))}</a>
                        </p>
                    }
                })}
        </Card>
    }
    .into_any()
}

fn admin_row(admin: Member, members: &str) -> impl IntoView + use<> {
    let name = admin.label();
    let initials = name.clone();
    let href = format!("{members}/{}", admin.user_id);
    view! {
        <Tr>
            <NameCell
                href
                name
                detail=contact_of(&admin)
                lead=move || view! { <Avatar name=initials.clone() /> }
            />
            <Td label="Status">
                <Status state=crate::components::member::state_of(admin.member_status) />
            </Td>
            <Td label="Last sign-in">
                <MaybeTime ms=admin.last_auth none="Never" />
            </Td>
        </Tr>
    }
}
