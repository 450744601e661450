//! One person: facts, record, organizations, and what can be done with the account.

use guildhall::members::{ListMemberships, MemberStatus, Membership};
use guildhall::page::Page;
use guildhall::users::{GetUser, User};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::actions::{AccountActions, AccountCards};
use super::edit::EditUser;
use super::state_of;
use crate::components::pager::Pager;
use crate::components::query::use_list_query;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::use_done;
use crate::rpc::FormAction;
use crate::rpc::users::{UpdateUser, get_user, list_memberships};
use crate::ui::prelude::*;

/// `/admin/users/{id}`
#[component]
pub fn UserPage() -> impl IntoView {
    let update = FormAction::<UpdateUser>::new();
    use_done(update);
    let actions = AccountActions::new();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("user").unwrap_or_default()));
    let query = use_list_query();
    let user = read(
        move || id.get(),
        |id| async move {
            get_user(GetUser {
                user_id: id_of(&id, "user")?,
            })
            .await
        },
    );
    let memberships = read(
        move || (id.get(), query.get()),
        |(id, query)| async move {
            list_memberships(ListMemberships {
                user_id: id_of(&id, "user")?,
                organization_id: None,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    view! {
        <Read resource=user whole=true let:user>
            <Heading user=user.clone() />
            <UserTabs id=user.user_id.to_string() name=user.label() />
            <div class="stack">
                <Facts user=user.clone() />
                <Card
                    title="Organizations"
                    description="Where this person is a member."
                    flush=true
                >
                    <Read resource=memberships let:page>
                        <Memberships page user_id=user.user_id.to_string() />
                    </Read>
                </Card>
                <EditUser user=user.clone() action=update />
                <AccountCards user actions />
            </div>
        </Read>
    }
}

/// The pages about one person.
#[component]
pub fn UserTabs(id: String, name: String) -> impl IntoView {
    let here = format!("/admin/users/{id}");
    view! {
        <Tabs label=name>
            <Tab href=here.clone() label="Account" exact=true />
            <Tab href=format!("{here}/sessions") label="Sessions" />
        </Tabs>
    }
}

/// The head of the pages about one person.
#[component]
pub fn Heading(
    user: User,
    /// Which page it is, beside the first.
    #[prop(optional, into)]
    page: Option<&'static str>,
) -> impl IntoView {
    let label = user.label();
    let initials = label.clone();
    let id = user.user_id.to_string();
    let activity = format!("/admin/audit?actor={id}");
    let (status, admin) = (user.status, user.tenant_admin);
    view! {
        <PageHeader
            title=page.map_or_else(|| label.clone(), |page| format!("{label} · {page}"))
            crumbs=vec![Crumb::new("Users", "/admin/users")]
            lead=move || view! { <Avatar name=initials.clone() large=true /> }
            meta=move || {
                view! {
                    <Status state=state_of(status) />
                    {admin
                        .then(|| {
                            view! {
                                <Badge tone=Tone::Accent icon=Glyph::Shield>
                                    "Administrator"
                                </Badge>
                            }
                        })}
                    <CopyId id=id.clone() what="user id" />
                }
            }
        >
            <LinkButton href=activity icon=Glyph::Audit>
                "Activity"
            </LinkButton>
        </PageHeader>
    }
}

#[component]
fn Facts(user: User) -> impl IntoView {
    let verified = |yes: bool| {
        view! { <Status state=if yes { State::Verified } else { State::Unverified } /> }
    };
    let none = || view! { <span class="muted">"None"</span> }.into_any();
    view! {
        <Card title="Account">
            <DescriptionList>
                <Description term="E-mail address">
                    {match user.email {
                        Some(email) => {
                            view! { <span class="row">{email.value} {verified(email.email_verified)}</span> }
                                .into_any()
                        }
                        None => none(),
                    }}
                </Description>
                <Description term="Phone number">
                    {match user.phone_number {
                        Some(phone) => {
                            view! {
                                <span class="row">{phone.value} {verified(phone.phone_number_verified)}</span>
                            }
                                .into_any()
                        }
                        None => none(),
                    }}
                </Description>
                <Description term="User name">
                    {match user.username {
                        Some(name) => name.into_any(),
                        None => none(),
                    }}
                </Description>
                <Description term="Password">{if user.has_password { "Set" } else { "None" }}</Description>
                <Description term="Last sign-in">
                    <MaybeTime ms=user.last_auth />
                </Description>
                <Description term="Status since">
                    <Time ms=user.status_changed_at />
                </Description>
                <Description term="Created">
                    <Time ms=user.created_at />
                </Description>
            </DescriptionList>
        </Card>
    }
}

#[component]
fn Memberships(page: Page<Membership>, user_id: String) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Organizations
                title="In no organization"
                text="Open an organization and add this person there, by the same address."
            >
                <LinkButton href="/admin/organizations">"Go to organizations"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="Organizations"
            head=|| {
                view! {
                    <Th label="Name" />
                    <Th label="Status" />
                    <Th label="Roles" />
                    <Th label="Joined" />
                }
            }
        >
            {page
                .items
                .into_iter()
                .map(|membership| {
                    let href = format!("/admin/organizations/{}/members/{user_id}", membership.organization_id);
                    view! { <MembershipRow membership href /> }
                })
                .collect_view()}
        </Table>
        <Pager info shown noun=("organization", "organizations") />
    }
    .into_any()
}

#[component]
fn MembershipRow(membership: Membership, href: String) -> impl IntoView {
    let state = match membership.member_status {
        MemberStatus::Active => State::Active,
        MemberStatus::Pending => State::Pending,
        MemberStatus::Suspended => State::Suspended,
        MemberStatus::Disabled => State::Disabled,
    };
    let roles: Vec<String> = membership
        .roles
        .iter()
        .map(|role| role.label().to_owned())
        .collect();
    view! {
        <Tr>
            <NameCell href name=membership.name detail=membership.domain />
            <Td label="Status">
                <div class="row">
                    <Status state />
                    {(!membership.enabled)
                        .then(|| view! { <Status state=State::Disabled label="Organization disabled" /> })}
                </div>
            </Td>
            <Td label="Roles">{roles.join(", ")}</Td>
            <Td label="Joined">
                <Time ms=membership.joined_at date_only=true />
            </Td>
        </Tr>
    }
}
