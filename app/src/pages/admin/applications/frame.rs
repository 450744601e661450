//! What all pages of one application have in common: its heading and its tabs.

use guildhall::applications::{Application, GetApplication};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_params_map;

use super::kind_word;
use crate::components::read::{Read, id_of, read_frame};
use crate::rpc::RpcError;
use crate::rpc::applications::get_application;
use crate::ui::prelude::*;

/// The application that the address names, as the frame has read it.
pub type ThisApplication = Resource<Result<Application, RpcError>>;

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

/// `/admin/applications/{id}/…`
#[component]
pub fn ApplicationFrame() -> impl IntoView {
    let application = read_application();
    provide_context(application);
    view! {
        <Read resource=application whole=true let:application>
            <Heading application />
            <Outlet />
        </Read>
    }
}

#[component]
fn Heading(application: Application) -> impl IntoView {
    let base = format!("/admin/applications/{}", application.app_id);
    let name = application.name.clone();
    let id = application.app_id.to_string();
    let kind = application.kind;
    view! {
        <PageHeader
            title=application.name
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
            <Tab href=base.clone() label="Overview" exact=true />
            <Tab href=format!("{base}/clients") label="Clients" count=application.client_count />
            <Tab href=format!("{base}/roles") label="Roles" count=application.role_count />
            <Tab href=format!("{base}/role-groups") label="Role groups" />
            <Tab
                href=format!("{base}/organizations")
                label="Organizations"
                count=application.organization_count
            />
        </Tabs>
    }
}
