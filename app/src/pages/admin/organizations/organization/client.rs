//! `/admin/organizations/{id}/clients/{client_id}` and `/org/{id}/clients/{client_id}`: an API application and its
//! credentials.

use guildhall::organization_clients::{GetOrganizationClient, OrganizationClient};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::client_parts::{Fields, Now, ShownSecret, show_secret};
use super::clients::seen_by;
use super::teams::manages;
use super::use_organization_id;
use crate::components::contested::{AsOf, as_of};
use crate::components::portal::{InPortal, use_portal};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, forget, refused_for, use_done};
use crate::rpc::organization_clients::{
    ClientPage as Loaded, DeleteOrganizationClient, NewClientSecret, RevokeOldSecret,
    RotateOrganizationClientSecret, UpdateOrganizationClient, get_organization_client_page,
    take_new_client_secret,
};
use crate::rpc::{ActionForm, FormAction, Wire};
use crate::ui::prelude::*;

/// The dialog that gives it a new secret.
const ROTATE: &str = "rotate-secret";
/// The dialog that ends the old one.
const REVOKE: &str = "revoke-old-secret";

#[derive(Clone, Copy)]
struct Actions {
    rotate: FormAction<RotateOrganizationClientSecret>,
    revoke: FormAction<RevokeOldSecret>,
    update: FormAction<UpdateOrganizationClient>,
    delete: FormAction<DeleteOrganizationClient>,
}

#[component]
pub fn OrganizationClientPage() -> impl IntoView {
    let (id, params) = (use_organization_id(), use_params_map());
    let client = Memo::new(move |_| params.with(|params| params.get("client_id").unwrap_or_default()));
    let names_owners = manages(&id.get_untracked());
    let loaded = read(
        move || (id.get(), client.get()),
        move |(id, client)| async move {
            let op = GetOrganizationClient {
                organization_id: id_of(&id, "organization")?,
                client_id: id_of(&client, "application")?,
            };
            get_organization_client_page(op, names_owners).await
        },
    );
    let actions = Actions {
        rotate: FormAction::new(),
        revoke: FormAction::new(),
        update: FormAction::new(),
        delete: FormAction::new(),
    };
    use_done(actions.revoke);
    use_done(actions.update);
    use_done(actions.delete);
    let waiting = SharedValue::<_, Wire>::new_with_encoding(take_new_client_secret).into_inner();
    let shown = RwSignal::new(waiting);
    show_secret(actions.rotate.value(), ROTATE.to_owned(), shown);
    view! {
        <Read resource=loaded whole=true let:loaded>
            <Whole loaded actions shown />
        </Read>
    }
}

#[component]
fn Whole(loaded: Loaded, actions: Actions, shown: RwSignal<Option<NewClientSecret>>) -> impl IntoView {
    let Loaded { client, choices } = loaded;
    let list = format!(
        "{}/clients",
        use_portal().path_of(&client.organization_id.to_string())
    );
    let id = client.client_id.to_string();
    let manageable = client.manageable;
    let now = Now {
        name: client.name.clone(),
        description: client.description.clone().unwrap_or_default(),
        visibility: client.visibility.as_str().to_owned(),
        team: client.team_id.map(|team| team.to_string()).unwrap_or_default(),
        owner: client.owner_id.to_string(),
    };
    let (of, one) = (client.organization_id.to_string(), id.clone());
    view! {
        <PageHeader
            title=client.name.clone()
            description=client.description.clone().unwrap_or_default()
            crumbs=vec![Crumb::new("API applications", list)]
            meta=move || view! { <CopyId id=id.clone() what="client id" /> }
        />
        <div class="stack">
            {move || shown.get().map(|new| view! { <ShownSecret new /> })}
            <FormError message=failure(actions.rotate) />
            <FormError message=failure(actions.revoke) />
            <Credentials client=client.clone() actions />
            {manageable
                .then(|| {
                    view! {
                        <Card title="Details">
                            <ActionForm action=actions.update>
                                <FormError message=failure(actions.update) />
                                <input type="hidden" name="organization_id" value=of />
                                <input type="hidden" name="client_id" value=one />
                                <AsOf version=as_of(actions.update, client.version) />
                                <Fields action=actions.update now choices />
                                <FormActions>
                                    <Button
                                        kind="submit"
                                        variant=Variant::Primary
                                        pending=actions.update.pending()
                                    >
                                        "Save changes"
                                    </Button>
                                </FormActions>
                            </ActionForm>
                        </Card>
                        <Delete client=client.clone() action=actions.delete />
                    }
                })}
        </div>
    }
}

#[component]
fn Credentials(client: OrganizationClient, actions: Actions) -> impl IntoView {
    let seen = seen_by(&client);
    let (organization_id, client_id) = (client.organization_id.to_string(), client.client_id.to_string());
    let (old_of, old_id) = (organization_id.clone(), client_id.clone());
    let old = client.old_secret.clone();
    let has_old = old.is_some();
    let name = client.name.clone();
    let grace = vec![
        Choice::new("at_once", "It ends at once"),
        Choice::new("one_hour", "For one hour"),
        Choice::new("one_day", "For 24 hours"),
        Choice::new("seven_days", "For 7 days"),
    ];
    view! {
        <Card
            title="Credentials"
            description="A program trades the client id and the secret for an access token of this organization."
        >
            <DescriptionList>
                <Description term="Owner">{client.owner_name}</Description>
                <Description term="Who sees it">{seen}</Description>
                <Description term="Secret made">
                    <Time ms=client.secret.created_at />
                </Description>
                <Description term="Secret last used">
                    <MaybeTime ms=client.secret.last_used_at none="Never" />
                </Description>
                {old
                    .map(|old| {
                        view! {
                            <Description term="Old secret counts until">
                                <MaybeTime ms=old.expires_at />
                            </Description>
                            <Description term="Old secret last used">
                                <MaybeTime ms=old.last_used_at none="Never" />
                            </Description>
                        }
                    })}
                <Description term="Last used">
                    <MaybeTime ms=client.last_used_at none="Never" />
                </Description>
                <Description term="Last used from">
                    {client.last_used_from.unwrap_or_else(|| "Not known".to_owned())}
                </Description>
            </DescriptionList>
            <FormActions>
                <Button opens=ROTATE icon=Glyph::Refresh>
                    "Rotate secret"
                </Button>
                {has_old
                    .then(|| {
                        view! {
                            <Button opens=REVOKE icon=Glyph::Trash>
                                "End old secret"
                            </Button>
                        }
                    })}
            </FormActions>
        </Card>
        <Dialog id=ROTATE title=format!("Give {name} a new secret?")>
            <ActionForm action=actions.rotate>
                <InPortal />
                <input type="hidden" name="organization_id" value=organization_id />
                <input type="hidden" name="client_id" value=client_id />
                <ConfirmBody dialog=ROTATE confirm="Rotate secret" pending=actions.rotate.pending() mild=true>
                    <Field
                        name="grace"
                        id="client-grace"
                        label="The present secret still counts"
                        hint="Long enough to give your programs the new one. An older secret ends now."
                    >
                        <Select options=grace value="one_day".to_owned() />
                    </Field>
                </ConfirmBody>
            </ActionForm>
        </Dialog>
        {has_old
            .then(|| {
                view! {
                    <Dialog id=REVOKE title="End the old secret now?">
                        <ActionForm action=actions.revoke>
                            <input type="hidden" name="organization_id" value=old_of />
                            <input type="hidden" name="client_id" value=old_id />
                            <ConfirmBody dialog=REVOKE confirm="End old secret" pending=actions.revoke.pending()>
                                <Consequences items=vec![
                                    "Programs that still use it get no token any more.".to_owned(),
                                    "The tokens that it was traded for are refused at once.".to_owned(),
                                ] />
                            </ConfirmBody>
                        </ActionForm>
                    </Dialog>
                }
            })}
    }
}

#[component]
fn Delete(client: OrganizationClient, action: FormAction<DeleteOrganizationClient>) -> impl IntoView {
    let id = client.client_id.to_string();
    let dialog = format!("delete-{id}");
    let opens = dialog.clone();
    let refused = refused_for(action, "client_id", &id);
    let name = client.name;
    view! {
        <Card title="Delete" description="Its programs get no token any more." danger=true>
            <Button opens variant=Variant::Danger icon=Glyph::Trash>
                "Delete application"
            </Button>
        </Card>
        <Dialog
            id=dialog.clone()
            title=format!("Delete {name}?")
            open=refused
            on_close=forget(action)
        >
            <ActionForm action>
                <InPortal />
                <input type="hidden" name="organization_id" value=client.organization_id.to_string() />
                <input type="hidden" name="client_id" value=id />
                <ConfirmBody
                    dialog
                    confirm="Delete application"
                    type_name=name
                    failure=failure(action)
                    name_error=error_at(action, "confirm_name")
                    pending=action.pending()
                >
                    <Consequences items=vec![
                        "Its id and secrets stop working at once".to_owned(),
                        "Its tokens are refused from then on".to_owned(),
                    ] />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}
