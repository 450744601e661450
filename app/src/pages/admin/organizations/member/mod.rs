//! One member of an organization: the head and tabs around their pages.

use guildhall::members::{GetMember, Member};
use guildhall::organizations::{GetOrganization, Organization};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

use crate::components::member::{contact_of, state_of};
use crate::components::portal::use_portal;
use crate::components::read::{id_of, read_frame};
use crate::rpc::RpcError;
use crate::rpc::members::get_member;
use crate::rpc::organizations::get_organization;
use crate::ui::prelude::*;

pub mod access;
pub mod activity;
pub mod details;
pub mod name;
pub mod sessions;

/// The ids of organization and person as the address has them.
pub fn use_member_ids() -> Memo<(String, String)> {
    let params = use_params_map();
    Memo::new(move |_| {
        params.with(|params| {
            let id = |name: &str| params.get(name).unwrap_or_default();
            (id("organization_id"), id("user_id"))
        })
    })
}

/// The member whom the address names.
///
/// # Errors
/// 404 where a part is no id.
pub fn member_of((organization_id, user_id): &(String, String)) -> Result<GetMember, RpcError> {
    Ok(GetMember {
        organization_id: id_of(organization_id, "organization")?,
        user_id: id_of(user_id, "member")?,
    })
}

/// What stands around the tabs; a refusal is shown by the tab's own page.
#[component]
pub fn MemberLayout() -> impl IntoView {
    let ids = use_member_ids();
    let about = read_frame(
        move || ids.get(),
        |ids| async move {
            let op = member_of(&ids)?;
            let organization_id = op.organization_id;
            let organization = get_organization(GetOrganization { organization_id }).await?;
            Ok::<_, RpcError>((organization, get_member(op).await?))
        },
    );
    view! {
        <Transition fallback=|| {
            view! { <SkeletonRows rows=1 columns=2 /> }
        }>
            {move || Suspend::new(async move {
                about.await.ok().map(|(organization, member)| view! { <Head organization member /> })
            })}
        </Transition>
        <Outlet />
    }
}

#[component]
fn Head(organization: Organization, member: Member) -> impl IntoView {
    let path = use_location().pathname;
    let (id, name) = (member.user_id.to_string(), member.label());
    let state = state_of(member.member_status);
    let contact = contact_of(&member);
    let (initials, heading) = (name.clone(), name.clone());
    let title = Signal::derive(move || {
        let here = path.get();
        match here.trim_end_matches('/').rsplit('/').next() {
            Some("access") => format!("{heading} · Application access"),
            Some("sessions") => format!("{heading} · Sessions"),
            Some("activity") => format!("{heading} · Activity"),
            _ => heading.clone(),
        }
    });
    let (portal, organization_id) = (use_portal(), organization.organization_id.to_string());
    let above = portal.path_of(&organization_id);
    let here = format!("{above}/members/{id}");
    let mut crumbs = portal.crumbs(&organization_id, organization.name);
    crumbs.push(Crumb::new("Members", format!("{above}/members")));
    view! {
        <PageHeader
            title
            crumbs
            lead=move || view! { <Avatar name=initials.clone() large=true /> }
            meta=move || {
                view! {
                    <Status state />
                    {contact.clone()}
                    <CopyId id=id.clone() what="user id" />
                }
            }
        />
        <Tabs label=name>
            <Tab href=here.clone() label="Details" exact=true />
            <Tab href=format!("{here}/access") label="Application access" />
            {portal
                .is_tenant()
                .then(|| view! { <Tab href=format!("{here}/sessions") label="Sessions" /> })}
            <Tab href=format!("{here}/activity") label="Activity" />
        </Tabs>
    }
}
