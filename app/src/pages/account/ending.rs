//! A row's button that ends something of mine, after a question.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::submit::{failure, forget, refused_for};
use crate::rpc::{ActionForm, Done, FormAction, RpcError};
use crate::ui::prelude::*;

/// The button, and its dialog that says what goes. The form sends the `id` as `field`, and the `name` for its answer.
#[component]
pub fn EndingButton<S>(
    action: FormAction<S>,
    field: &'static str,
    id: String,
    name: String,
    /// The button's word, which also names the dialog.
    word: &'static str,
    title: String,
    confirm: &'static str,
    goes: Vec<String>,
) -> impl IntoView
where
    S: ServerFn<Error = RpcError, Output = Done> + Clone + Send + Sync + 'static,
{
    let open = refused_for(action, field, &id);
    let dialog = format!("{}-{id}", word.to_lowercase());
    let said = name.clone();
    view! {
        <Button opens=dialog.clone() size=Size::Small>
            {word}
            <span class="sr-only">{format!(" {said}")}</span>
        </Button>
        <Dialog id=dialog.clone() title open on_close=forget(action)>
            <ActionForm action>
                <input type="hidden" name=field value=id />
                <input type="hidden" name="name" value=name />
                <ConfirmBody dialog confirm failure=failure(action) pending=action.pending()>
                    <Consequences items=goes />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
