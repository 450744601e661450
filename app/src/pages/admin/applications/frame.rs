//! What all pages of one application have in common: its heading and its tabs.

use guildhall::applications::{Application, GetApplication};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

use super::kind_word;
use crate::components::read::{Answer, id_of, read_frame};
use crate::rpc::applications::get_application;
use crate::ui::prelude::*;

/// The application that the address names, as the frame has read it.
pub type ThisApplication = Answer<Application>;

/// The application's id, as the address has it.
pub fn app_in_address() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("app").unwrap_or_default()))
}

/// The application that the frame around the calling page has read.
pub fn this_application() -> ThisApplication {
    use_context().unwrap_or_else(read_application)
}

fn read_application() -> ThisApplication {
    let id = app_in_address();
    read_frame(
        move || id.get(),
        |id| async move {
            get_application(GetApplication {
                app_id: id_of(&id, "application")?,
            })
            .await
        },
    )
}

/// `/admin/applications/{id}/…`: what stands around the tabs; a refusal is shown by the tab's own page.
#[component]
pub fn ApplicationFrame() -> impl IntoView {
    let application = read_application();
    provide_context(application);
    view! {
        <Transition fallback=|| {
            view! { <SkeletonRows rows=1 columns=2 /> }
        }>
            {move || Suspend::new(async move {
                application.await.ok().map(|application| view! { <Heading application /> })
            })}
        </Transition>
        <Outlet />
    }
}

/// The parts of the address, and the tabs' words.
const TABS: [(&str, &str); 5] = [
    ("", "Overview"),
    ("clients", "Clients"),
    ("roles", "Roles"),
    ("role-groups", "Role groups"),
    ("organizations", "Organizations"),
];

#[component]
fn Heading(application: Application) -> impl IntoView {
    let path = use_location().pathname;
    let base = format!("/admin/applications/{}", application.app_id);
    let (name, heading) = (application.name.clone(), application.name);
    let title = Signal::derive(move || {
        let here = path.get();
        let last = here.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match TABS.iter().find(|(part, _)| *part == last) {
            Some((_, tab)) => format!("{heading} · {tab}"),
            None => heading.clone(),
        }
    });
    let id = application.app_id.to_string();
    let kind = application.kind;
    let counts = [
        ("clients", application.client_count),
        ("roles", application.role_count),
        ("organizations", application.organization_count),
    ];
    view! {
        <PageHeader
            title
            description=application.description
            crumbs=vec![Crumb::new("Applications", "/admin/applications")]
            meta=move || {
                view! {
                    <Badge>{kind_word(kind)}</Badge>
                    <CopyId id=id.clone() what="application id" />
                }
            }
        />
        <Tabs label=name>
            {TABS
                .into_iter()
                .map(|(part, label)| {
                    let href = if part.is_empty() { base.clone() } else { format!("{base}/{part}") };
                    let count = counts.iter().find(|(of, _)| *of == part).map(|(_, count)| *count);
                    view! { <Tab href label exact=part.is_empty() count /> }
                })
                .collect_view()}
        </Tabs>
    }
}
