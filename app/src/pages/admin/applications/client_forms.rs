//! The forms of the clients page.

use std::sync::Arc;

use guildhall::applications::{ApplicationKind, Client};
use guildhall::policy::{Standing, usable_scopes_of};
use leptos::prelude::*;

use super::frame::{app_in_address, this_application};
use crate::components::read::Read;
use crate::components::submit::{error_at, failure, forget, refused_for};
use crate::rpc::applications::{CreateClient, DeleteClient, RotateClientSecret};
use crate::rpc::{ActionForm, FormAction, typed, typed_all};
use crate::ui::prelude::*;

/// What is said of the scopes of a client.
pub const SCOPES_HINT: &str = "What its tokens may do. Tick none for all that this API has. Names such as \
    “create:organizations” are those of the Auth0-compatible API.";

/// The dialog that creates a client.
#[component]
pub fn NewClient(action: FormAction<CreateClient>) -> impl IntoView {
    let app = app_in_address();
    // Refused with scripts off: the page comes back with the dialog open.
    let open = failure(action).get_untracked().is_some();
    view! {
        <Dialog
            id="new-client"
            title="Create client"
            description="Its secret is shown once, right after."
            open
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="app_id" value=move || app.get() />
                <FormGrid>
                    <Field
                        name="name"
                        id="client-name"
                        label="Name"
                        hint="The program that uses it, for example “Billing service”."
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput value=typed("name").unwrap_or_default() max_length=100 />
                    </Field>
                    <Read resource=this_application() let:application>
                        <CheckboxGroup
                            name="scopes[]"
                            legend="Scopes"
                            hint=SCOPES_HINT
                            options=scopes_for(application.kind)
                            values=typed_all("scopes").unwrap_or_default()
                            error=error_at(action, "scopes")
                        />
                        {(application.kind == ApplicationKind::EndUser)
                            .then(|| {
                                view! {
                                    <Checkbox
                                        name="public"
                                        label="Public: without a secret"
                                        hint="For an app that runs in browsers or on people’s own devices. It signs people in, and                                         gets no token of its own."
                                        checked=Signal::stored(typed("public").is_some())
                                    />
                                }
                            })}
                    </Read>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Create client"
                    </Button>
                    <Button closes="new-client">"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

/// What a client of such an application can be granted, by the names of both APIs.
pub fn scopes_for(kind: ApplicationKind) -> Vec<Choice> {
    let standing = match kind {
        ApplicationKind::Management => Standing::ManagementClient,
        ApplicationKind::EndUser => Standing::ApplicationClient,
    };
    usable_scopes_of(standing)
        .into_iter()
        .map(|scope| Choice::new(scope, scope))
        .collect()
}

/// The dialogs of one client.
#[component]
pub fn ClientDialogs(
    client: Client,
    rotate: FormAction<RotateClientSecret>,
    delete: FormAction<DeleteClient>,
) -> impl IntoView {
    let id = client.client_id.to_string();
    let (rotating, deleting) = (format!("rotate-{id}"), format!("delete-{id}"));
    let hidden = {
        let app = client.app_id.to_string();
        Arc::new(move || {
            view! {
                <input type="hidden" name="app_id" value=app.clone() />
                <input type="hidden" name="client_id" value=id.clone() />
            }
        })
    };
    let also_hidden = hidden.clone();
    let refused = refused_for(delete, "client_id", &client.client_id.to_string());
    let name = client.name;
    view! {
        <Dialog id=rotating.clone() title=format!("Give {name} a new secret?")>
            <ActionForm action=rotate>
                {hidden()}
                <ConfirmBody dialog=rotating confirm="Rotate secret" pending=rotate.pending() mild=true>
                    <p>
                        "The present secret stops working at once: have the program take the new one right after. Tokens \
                        that it has already stay valid until they expire."
                    </p>
                </ConfirmBody>
            </ActionForm>
        </Dialog>
        <Dialog
            id=deleting.clone()
            title=format!("Delete {name}?")
            open=refused
            on_close=forget(delete)
        >
            <ActionForm action=delete>
                {also_hidden()}
                <ConfirmBody
                    dialog=deleting
                    confirm="Delete client"
                    type_name=name
                    failure=failure(delete)
                    name_error=error_at(delete, "confirm_name")
                    pending=delete.pending()
                >
                    <Consequences items=vec![
                        "Its id and secret stop working at once".to_owned(),
                        "Its tokens are refused from then on".to_owned(),
                    ] />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
