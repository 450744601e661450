//! The page of a mailed link that verifies one of my addresses. Opening it verifies nothing: mail programs open links, too.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::submit::{failure, use_done};
use crate::rpc::account::VerifyOwnEmail;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/account/verify/{token}`
#[component]
pub fn VerifyPage() -> impl IntoView {
    let action = FormAction::<VerifyOwnEmail>::new();
    use_done(action);
    let params = use_params_map();
    // The page's address is told to nobody: a plain form must say where to come back to.
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    view! {
        <Card
            title="Is this address yours?"
            description="You followed a link that was sent to an address of this account. Confirm that you asked for it."
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <input
                    type="hidden"
                    name="come_back"
                    value=move || format!("/account/verify/{}", token())
                />
                <input type="hidden" name="token" value=token />
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Verify the address"
                    </Button>
                    <LinkButton href="/account/emails">"Cancel"</LinkButton>
                </FormActions>
            </ActionForm>
        </Card>
    }
}
