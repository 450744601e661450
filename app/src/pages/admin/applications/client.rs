//! `/admin/applications/{id}/clients/{id}`: a client's name, and what its tokens may do.

use guildhall::applications::{Application, Client, GetApplication, GetClient};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::client_forms::{SCOPES_HINT, scopes_for};
use super::frame::app_in_address;
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, kept, kept_all, use_done};
use crate::layout::Guarded;
use crate::rpc::applications::{UpdateClient, get_application, get_client};
use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::prelude::*;

#[component]
pub fn ClientPage() -> impl IntoView {
    let (app, params) = (app_in_address(), use_params_map());
    let client = Memo::new(move |_| params.with(|params| params.get("client").unwrap_or_default()));
    let about = read(
        move || (app.get(), client.get()),
        |(app, client)| async move {
            let app_id = id_of(&app, "application")?;
            let client_id = id_of(&client, "client")?;
            let client = get_client(GetClient { app_id, client_id }).await?;
            Ok::<_, RpcError>((get_application(GetApplication { app_id }).await?, client))
        },
    );
    let update = FormAction::<UpdateClient>::new();
    use_done(update);
    view! {
        <Read resource=about whole=true let:about>
            <Body about update />
        </Read>
    }
}

#[component]
fn Body(about: (Application, Client), update: FormAction<UpdateClient>) -> impl IntoView {
    let (application, client) = about;
    let back = format!("/admin/applications/{}/clients", client.app_id);
    let description = if client.public {
        "A public client: it has no secret, and gets no token of its own."
    } else {
        "What the program that uses it is called here, and what its tokens may do."
    };
    let (client_id, shown_id) = (client.client_id.to_string(), client.client_id.to_string());
    let scopes = (!client.public).then(|| {
        view! {
            <CheckboxGroup
                name="scopes[]"
                legend="Scopes"
                hint=SCOPES_HINT
                options=scopes_for(application.kind)
                values=kept_all(update, "scopes", client.scopes)
                error=error_at(update, "scopes")
            />
        }
    });
    view! {
        <Card title=client.name.clone() description>
            <DescriptionList>
                <Description term="Client id">
                    <CopyId id=shown_id what="client id" />
                </Description>
                <Description term="Last token">
                    <MaybeTime ms=client.last_used_at />
                </Description>
                <Description term="Created">
                    <Time ms=client.created_at />
                </Description>
            </DescriptionList>
            <Guarded>
                <ActionForm action=update>
                    <FormError message=failure(update) />
                    <input type="hidden" name="app_id" value=client.app_id.to_string() />
                    <input type="hidden" name="client_id" value=client_id />
                    <FormGrid>
                        <Field name="name" label="Name" error=error_at(update, "name") required=true>
                            <TextInput value=kept(update, "name", client.name) max_length=100u32 />
                        </Field>
                        {scopes}
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=update.pending()>
                            "Save changes"
                        </Button>
                        <LinkButton href=back>"Back"</LinkButton>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}
