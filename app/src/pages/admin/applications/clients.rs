//! An application's clients: the ids and secrets with which its backend calls the API.

use guildhall::applications::{Client, ListClients};
use guildhall::page::Page;
use leptos::prelude::*;

use super::client_forms::{ClientDialogs, NewClient};
use super::frame::app_in_address;
use crate::components::pager::Pager;
use crate::components::query::use_list_query;
use crate::components::read::{Changes, Read, id_of, read};
use crate::components::submit::{failure, use_done};
use crate::rpc::applications::{
    CreateClient, DeleteClient, NewSecret, RotateClientSecret, list_clients, take_new_secret,
};
use crate::rpc::{FormAction, RpcError, Wire};
use crate::ui::prelude::*;

/// `/admin/applications/{id}/clients`
#[component]
pub fn ClientsPage() -> impl IntoView {
    let create = FormAction::<CreateClient>::new();
    let rotate = FormAction::<RotateClientSecret>::new();
    let delete = FormAction::<DeleteClient>::new();
    use_done(delete);
    // With scripts off the secret waits for this page; with them it is in the answer.
    let waiting = SharedValue::<_, Wire>::new_with_encoding(take_new_secret).into_inner();
    let shown = RwSignal::new(waiting);
    show_secret(create.value(), shown);
    show_secret(rotate.value(), shown);

    let (app, query) = (app_in_address(), use_list_query());
    let clients = read(
        move || (app.get(), query.get()),
        |(app, query)| async move {
            list_clients(ListClients {
                app_id: id_of(&app, "application")?,
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    view! {
        <div class="stack">
            {move || shown.get().map(|new| view! { <Shown new /> })}
            <FormError message=failure(rotate) />
            <Read resource=clients whole=true let:page>
                <Card
                    title="Clients"
                    description="Your backend trades a client’s id and secret for an access token; an app that runs in browsers has a public client."
                    flush=true
                    actions=|| {
                        view! {
                            <Button opens="new-client" variant=Variant::Primary icon=Glyph::Plus>
                                "Create client"
                            </Button>
                        }
                    }
                >
                    <List page rotate delete />
                </Card>
            </Read>
        </div>
        <NewClient action=create />
    }
}

type Answer = Option<Result<NewSecret, RpcError>>;

/// Puts the answer's secret on the page, closes the dialog that asked for it, and reads the list again.
fn show_secret(
    value: impl With<Value = Answer> + Copy + Send + Sync + 'static,
    shown: RwSignal<Option<NewSecret>>,
) {
    let changes = Changes::around();
    Effect::new(move |_| {
        let new = value.with(|value| match value {
            Some(Ok(new)) => Some(new.clone()),
            _ => None,
        });
        if let Some(new) = new {
            close_dialog("new-client");
            close_dialog(&format!("rotate-{}", new.client_id));
            shown.set(Some(new));
            changes.in_place();
        }
    });
}

#[component]
fn Shown(new: NewSecret) -> impl IntoView {
    if new.public {
        return Some(
            view! {
                <Card title=format!("{} was created", new.name)>
                    <DescriptionList>
                        <Description term="Client id">
                            <CopyId id=new.client_id what="client id" />
                        </Description>
                    </DescriptionList>
                    <p>"It has no secret: it proves each sign-in with PKCE (S256)."</p>
                </Card>
            }
            .into_any(),
        );
    }
    let secret = new.secret?;
    Some(
        view! {
            <Card title=format!("Secret of {}", new.name)>
                <DescriptionList>
                    <Description term="Client id">
                        <CopyId id=new.client_id what="client id" />
                    </Description>
                </DescriptionList>
                <SecretOnce secret label="Client secret" />
            </Card>
        }
        .into_any(),
    )
}

#[component]
fn List(
    page: Page<Client>,
    rotate: FormAction<RotateClientSecret>,
    delete: FormAction<DeleteClient>,
) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Key
                title="No clients yet"
                text="Create one for each program that calls the API, so that each can be cut off by itself."
            >
                <Button opens="new-client" icon=Glyph::Plus>
                    "Create client"
                </Button>
            </EmptyState>
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    let dialogs = page
        .items
        .iter()
        .map(|client| view! { <ClientDialogs client=client.clone() rotate delete /> })
        .collect_view();
    view! {
        <Table
            label="Clients"
            head=|| {
                view! {
                    <Th label="Name" />
                    <Th label="Client id" />
                    <Th label="Scopes" />
                    <Th label="Last token" />
                    <Th label="Created" />
                    <Th label="Actions" hidden=true />
                }
            }
        >
            {page.items.into_iter().map(|client| view! { <Row client /> }).collect_view()}
        </Table>
        <Pager info shown noun=("client", "clients") />
        {dialogs}
    }
    .into_any()
}

#[component]
fn Row(client: Client) -> impl IntoView {
    let id = client.client_id.to_string();
    let menu = format!("menu-{id}");
    let (rotating, deleting) = (format!("rotate-{id}"), format!("delete-{id}"));
    let label = format!("Actions for {}", client.name);
    // A public client gets no token of its own, and has nothing to change but its name.
    let href = format!("/admin/applications/{}/clients/{id}", client.app_id);
    let change = href.clone();
    let public = client.public;
    let scopes = if public {
        "None: public".to_owned()
    } else if client.scopes.is_empty() {
        "All".to_owned()
    } else {
        client.scopes.join(", ")
    };
    view! {
        <Tr>
            <NameCell href name=client.name />
            <Td label="Client id">
                <CopyId id what="client id" />
            </Td>
            <Td label="Scopes">{scopes}</Td>
            <Td label="Last token">
                <MaybeTime ms=client.last_used_at />
            </Td>
            <Td label="Created">
                <Time ms=client.created_at date_only=true />
            </Td>
            <ActionsCell>
                <Menu id=menu label>
                    <MenuLink href=change icon=Glyph::Edit>
                        "Change name and scopes"
                    </MenuLink>
                    {(!public)
                        .then(|| {
                            view! {
                                <MenuButton opens=rotating icon=Glyph::Refresh>
                                    "Rotate secret"
                                </MenuButton>
                            }
                        })}
                    <MenuButton opens=deleting icon=Glyph::Trash danger=true>
                        "Delete client"
                    </MenuButton>
                </Menu>
            </ActionsCell>
        </Tr>
    }
}
