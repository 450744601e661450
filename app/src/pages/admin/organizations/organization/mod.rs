//! One organization: the head and tabs around its pages.

use guildhall::organizations::GetOrganization;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

use crate::components::entrance::use_entrance;
use crate::components::organization_mark::LogoOr;
use crate::components::portal::Portal;
use crate::components::read::{id_of, read_frame};
use crate::components::submit::failure;
use crate::rpc::organizations::{OrganizationHead, get_organization_head};
use crate::rpc::portal::ViewAsOrganizationAdmin;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

pub mod app;
pub mod apps;
pub mod audit;
pub mod client;
pub mod client_parts;
pub mod clients;
mod connections_card;
pub mod domains;
pub mod invitation_roles;
pub mod invitations;
pub mod member_row;
pub mod members;
pub mod members_new;
pub mod overview;
pub mod roles;
pub mod settings;
pub mod succession;
pub mod team;
pub mod teams;

/// The tabs: last part of the address, and name.
const TABS: [(&str, &str); 11] = [
    ("", "Overview"),
    ("members", "Members"),
    ("teams", "Teams"),
    ("invitations", "Invitations"),
    ("apps", "Apps"),
    ("clients", "API applications"),
    ("roles", "Roles"),
    ("domains", "Domains"),
    ("audit", "Audit"),
    ("webhooks", "Webhooks"),
    ("settings", "Settings"),
];

/// The organization's id as the address has it.
pub fn use_organization_id() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("organization_id").unwrap_or_default()))
}

/// What stands around the tabs; a refusal is shown by the tab's own page.
#[component]
pub fn OrganizationLayout() -> impl IntoView {
    let id = use_organization_id();
    let view_as = FormAction::<ViewAsOrganizationAdmin>::new();
    use_entrance(view_as);
    let organization = read_frame(
        move || id.get(),
        |id| async move {
            let organization_id = id_of(&id, "organization")?;
            get_organization_head(GetOrganization { organization_id }).await
        },
    );
    view! {
        <Transition fallback=|| {
            view! { <SkeletonRows rows=1 columns=2 /> }
        }>
            {move || Suspend::new(async move {
                organization.await.ok().map(|organization| view! { <Head organization view_as /> })
            })}
        </Transition>
        <FormError message=failure(view_as) />
        <Outlet />
    }
}

#[component]
fn Head(organization: OrganizationHead, view_as: FormAction<ViewAsOrganizationAdmin>) -> impl IntoView {
    let path = use_location().pathname;
    let id = organization.organization_id;
    let (name, initials) = (organization.name.clone(), organization.name.clone());
    let title = Signal::derive(move || {
        let here = path.get();
        let last = here.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match TABS.iter().find(|(part, _)| *part == last) {
            Some((_, tab)) => format!("{name} · {tab}"),
            None => name.clone(),
        }
    });
    let state = state_of(organization.enabled);
    let closed = (!organization.enabled)
        .then(|| "It is disabled: its administrators see nothing of it, either.".to_owned());
    let logo_url = organization.logo_url.clone();
    let (copy, viewed) = (id.clone(), id.clone());
    let counts = [
        ("members", organization.members),
        ("apps", count(organization.apps)),
    ];
    view! {
        <PageHeader
            title
            crumbs=vec![Crumb::new("Organizations", "/admin/organizations")]
            lead=move || view! { <LogoOr name=initials.clone() url=logo_url.clone() large=true /> }
            meta=move || {
                view! {
                    <Status state />
                    <CopyId id=copy.clone() what="organization id" />
                }
            }
        >
            <ActionForm action=view_as>
                <input type="hidden" name="organization_id" value=viewed />
                <Button kind="submit" icon=Glyph::Eye pending=view_as.pending() disabled_reason=closed>
                    "View as organization admin"
                </Button>
            </ActionForm>
        </PageHeader>
        <Tabs label=organization.name.clone()>
            {TABS
                .into_iter()
                .map(|(part, label)| {
                    let above = Portal::Tenant.path_of(&id);
                    let href = if part.is_empty() { above } else { format!("{above}/{part}") };
                    let count = counts.iter().find(|(of, _)| *of == part).map(|(_, count)| *count);
                    view! { <Tab href label exact=part.is_empty() count /> }
                })
                .collect_view()}
        </Tabs>
    }
}

/// The state that a switched-on or switched-off organization is in.
pub fn state_of(enabled: bool) -> State {
    if enabled { State::Enabled } else { State::Disabled }
}

/// A length as a count.
pub fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
