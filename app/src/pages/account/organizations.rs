//! My organizations: where I am a member, as what, and how to leave.

use guildhall::account::ListOwnOrganizations;
use guildhall::members::Membership;
use guildhall::page::Page;
use leptos::prelude::*;

use crate::components::entrance::use_entrance;
use crate::components::member::{RoleBadges, state_of};
use crate::components::pager::Pager;
use crate::components::portal::Portal;
use crate::components::query::use_list_query;
use crate::components::read::{Read, read};
use crate::pages::account::ending::EndingButton;
use crate::pages::frame::use_me;
use crate::rpc::FormAction;
use crate::rpc::account::{LeaveOrganization, list_own_organizations};
use crate::ui::prelude::*;

type Leave = FormAction<LeaveOrganization>;

/// `/account/organizations`
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let leave = Leave::new();
    use_entrance(leave);
    let query = use_list_query();
    let organizations = read(
        move || query.get(),
        |query| async move {
            list_own_organizations(ListOwnOrganizations {
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    view! {
        <Card title="Organizations" description="Where you are a member. Leaving takes your roles there away." flush=true>
            <Read resource=organizations let:page>
                <List page leave />
            </Read>
        </Card>
    }
}

#[component]
fn List(page: Page<Membership>, leave: Leave) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Organizations
                title="In no organization"
                text="When an organization invites you, it appears here."
            >
                {use_me()
                    .is_some_and(|me| me.may_request_organizations)
                    .then(|| {
                        view! {
                            <LinkButton href="/account/registrations/new" icon=Glyph::Plus>
                                "Create one"
                            </LinkButton>
                            <LinkButton href="/account/registrations" variant=Variant::Ghost>
                                "My requests"
                            </LinkButton>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="My organizations"
            head=|| {
                view! {
                    <Th label="Name" />
                    <Th label="Status" />
                    <Th label="Roles" />
                    <Th label="Joined" />
                    <Th label="Actions" hidden=true />
                }
            }
        >
            {page.items.into_iter().map(|membership| view! { <Row membership leave /> }).collect_view()}
        </Table>
        <Pager info shown noun=("organization", "organizations") />
    }
    .into_any()
}

#[component]
fn Row(membership: Membership, leave: Leave) -> impl IntoView {
    let id = membership.organization_id.to_string();
    let name = membership.name;
    let admin = membership
        .roles
        .iter()
        .any(|role| role.role_id == guildhall::id::RoleId::OrganizationAdmin);
    let mut goes = vec![
        "Your membership and roles there end at once".to_owned(),
        "You come back only by a new invitation".to_owned(),
        "Your API applications there pass on to an administrator".to_owned(),
    ];
    if admin {
        goes.push("You no longer administer it".to_owned());
    }
    let portal = use_me()
        .is_some_and(|me| {
            let own = me.administers.iter().chain(&me.member_of);
            own.map(|own| own.organization_id)
                .any(|own| own == membership.organization_id)
        })
        .then(|| Portal::Organization.path_of(&id));
    let entrance = portal.clone();
    let (shown, said, title) = (name.clone(), name.clone(), format!("Leave {name}?"));
    view! {
        <Tr>
            <Td label="Name">
                <span>
                    {match entrance {
                        Some(href) => view! { <a class="name-cell__link" href=href>{shown}</a> }.into_any(),
                        None => view! { <strong>{shown}</strong> }.into_any(),
                    }}
                    <br />
                    <span class="muted">{membership.domain}</span>
                </span>
            </Td>
            <Td label="Status">
                <div class="row">
                    <Status state=state_of(membership.member_status) />
                    {(!membership.enabled)
                        .then(|| view! { <Status state=State::Disabled label="Organization disabled" /> })}
                </div>
            </Td>
            <Td label="Roles">
                <RoleBadges roles=membership.roles />
            </Td>
            <Td label="Joined">
                <Time ms=membership.joined_at date_only=true />
            </Td>
            <ActionsCell>
                <div class="row">
                    {portal
                        .map(|href| {
                            view! {
                                <LinkButton href size=Size::Small icon=Glyph::ArrowRight>
                                    "Administer"
                                    <span class="sr-only">{format!(" {said}")}</span>
                                </LinkButton>
                            }
                        })}
                    <EndingButton
                        action=leave
                        field="organization_id"
                        id
                        name
                        title
                        word="Leave"
                        confirm="Leave"
                        goes
                    />
                </div>
            </ActionsCell>
        </Tr>
    }
}
