//! Whether an organization requires a second factor of its members, on its settings in either portal.

use guildhall::organizations::Organization;
use leptos::prelude::*;

use crate::components::portal::InPortal;
use crate::components::submit::failure;
use crate::rpc::factors::RequireFactor;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// The card with the switch.
#[component]
pub fn RequireFactorCard(organization: Organization, action: FormAction<RequireFactor>) -> impl IntoView {
    let id = organization.organization_id.to_string();
    let required = organization.requires_factor;
    let (title, description, verb) = if required {
        (
            "A second factor is required",
            "Members who have none set one up before they can use the organization or its applications.",
            "Stop requiring it",
        )
    } else {
        (
            "Second factor",
            "Require one of every member: a code of an authenticator app, or a passkey, beside the password.",
            "Require a second factor",
        )
    };
    view! {
        <Card title=title description=description>
            <FormError message=failure(action) />
            <Button opens="require-factor" icon=Glyph::Shield>
                {verb}
            </Button>
            <Dialog id="require-factor" title=format!("{verb}: {}?", organization.name)>
                <ActionForm action>
                    <InPortal />
                    <input type="hidden" name="organization_id" value=id />
                    <input type="hidden" name="required" value=(!required).to_string() />
                    <ConfirmBody dialog="require-factor" confirm=verb pending=action.pending() mild=true>
                        <Consequences items=if required {
                            vec!["Members can sign in to it with their password alone".to_owned()]
                        } else {
                            vec![
                                "Members without a second factor are led through setting one up".to_owned(),
                                "Until then it is closed to them, and so are its applications".to_owned(),
                                "Applications that they have open ask for it when their access tokens end".to_owned(),
                            ]
                        } />
                    </ConfirmBody>
                </ActionForm>
            </Dialog>
        </Card>
    }
}
