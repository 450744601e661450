//! `/admin/organizations/{id}/members/{user_id}/activity`: what was done to the member.

use leptos::prelude::*;

use super::use_member_ids;
use crate::components::query::use_list_query;
use crate::components::read::{Read, read};
use crate::pages::admin::organizations::organization::audit::{Records, operation};
use crate::rpc::organizations::list_organization_audit;

#[component]
pub fn MemberActivityPage() -> impl IntoView {
    let (ids, query) = (use_member_ids(), use_list_query());
    let records = read(
        move || (ids.get(), query.get()),
        |((id, user_id), query)| async move {
            list_organization_audit(operation(&id, &query, Some(&user_id))?).await
        },
    );
    view! {
        <Read resource=records whole=true let:page>
            <Records page query=query.get_untracked() />
        </Read>
    }
}
