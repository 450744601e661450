//! Taking somebody's second factors away who lost them, on the pages of user and member.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::submit::failure;
use crate::rpc::{ActionForm, Done, FormAction, RpcError};
use crate::ui::prelude::*;

/// The card, and the dialog that asks.
#[component]
pub fn ResetFactors<S>(
    action: FormAction<S>,
    #[prop(into)] name: String,
    #[prop(optional, into)] disabled_reason: MaybeProp<String>,
    /// The fields that say whose.
    children: Children,
) -> impl IntoView
where
    S: ServerFn<Error = RpcError, Output = Done> + Clone + Send + Sync + 'static,
{
    view! {
        <Card
            title="Second factors"
            description="For somebody who lost their phone and their recovery codes. Make sure that it is really them who asks."
        >
            <FormError message=failure(action) />
            <Button opens="reset-factors" icon=Glyph::Refresh disabled_reason>
                "Reset second factors"
            </Button>
        </Card>
        <Dialog id="reset-factors" title=format!("Reset the second factors of {name}?")>
            <ActionForm action>
                {children()} <input type="hidden" name="name" value=name />
                <ConfirmBody
                    dialog="reset-factors"
                    confirm="Reset second factors"
                    pending=action.pending()
                    mild=true
                >
                    <Consequences items=vec![
                        "Their authenticator app, passkeys and recovery codes no longer work".to_owned(),
                        "All their sessions and access tokens end; they are told by mail".to_owned(),
                        "They sign in with their password, and set up a new second factor where one is required"
                            .to_owned(),
                    ] />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
