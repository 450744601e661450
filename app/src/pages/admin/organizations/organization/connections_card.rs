//! The ways to sign in that an organization has, with their switches.

use guildhall::connections::{Connection, OrganizationConnection};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::submit::{error_at, failure, forget, kept, kept_all, refused_for, use_done};
use crate::rpc::connections::{
    AddOrganizationConnection, ConnectionsOf, RemoveOrganizationConnection, UpdateOrganizationConnection,
};
use crate::rpc::{ActionForm, Done, FormAction, RpcError, typed_all};
use crate::ui::prelude::*;

/// What is done with connections.
#[derive(Clone, Copy)]
pub struct Actions {
    add: FormAction<AddOrganizationConnection>,
    update: FormAction<UpdateOrganizationConnection>,
    remove: FormAction<RemoveOrganizationConnection>,
}

impl Actions {
    /// Of a page around the cards, which are made anew whenever they are read again.
    pub fn of_page() -> Self {
        let actions = Actions {
            add: FormAction::new(),
            update: FormAction::new(),
            remove: FormAction::new(),
        };
        use_done(actions.add);
        use_done(actions.update);
        use_done(actions.remove);
        actions
    }
}

#[component]
pub fn ConnectionsCard(
    organization_id: String,
    connections: ConnectionsOf,
    actions: Actions,
) -> impl IntoView {
    let ConnectionsOf { has, others } = connections;
    let add = (!others.is_empty()).then(|| {
        let organization_id = organization_id.clone();
        view! { <Add organization_id others action=actions.add /> }
    });
    view! {
        <Has organization_id has actions />
        {add}
    }
}

#[component]
fn Has(organization_id: String, has: Vec<OrganizationConnection>, actions: Actions) -> impl IntoView {
    if has.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Globe
                title="No connections"
                text="Its members sign in as everybody does. Add a connection to take in whoever signs in to the organization."
            />
        }
        .into_any();
    }
    let rows = has
        .into_iter()
        .map(|connection| view! { <Row organization_id=organization_id.clone() connection actions /> })
        .collect_view();
    view! {
        <Card title="Connections" flush=true>
            <Table
                label="Connections"
                head=|| {
                    view! {
                        <Th label="Connection" />
                        <Th label="Takes in whoever signs in" />
                        <Th label="Button" />
                        <Th label="Sign-up" />
                        <Th label="Actions" hidden=true />
                    }
                }
            >
                {rows}
            </Table>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(organization_id: String, connection: OrganizationConnection, actions: Actions) -> impl IntoView {
    let word = |so: bool| if so { "Yes" } else { "No" };
    let name = connection.name.clone();
    let takes_in = word(connection.assign_membership_on_login);
    let button = word(connection.show_as_button);
    let sign_up = word(connection.is_signup_enabled);
    let id = connection.connection_id;
    let (edit, remove) = (format!("edit-{id}"), format!("remove-{id}"));
    let (opens_edit, opens_remove) = (edit.clone(), remove.clone());
    view! {
        <Tr>
            <NameCell href="" name=name.clone() />
            <Td label="Takes in whoever signs in">{takes_in}</Td>
            <Td label="Button">{button}</Td>
            <Td label="Sign-up">{sign_up}</Td>
            <ActionsCell>
                <Menu id=format!("menu-{id}") label=format!("Actions for {name}")>
                    <MenuButton opens=opens_edit icon=Glyph::Edit>
                        "Change…"
                    </MenuButton>
                    <MenuRule />
                    <MenuButton opens=opens_remove icon=Glyph::Trash danger=true>
                        "Remove…"
                    </MenuButton>
                </Menu>
                <EditConnection
                    organization_id=organization_id.clone()
                    connection=connection.clone()
                    dialog=edit
                    action=actions.update
                />
                <RemoveConnection organization_id connection dialog=remove action=actions.remove />
            </ActionsCell>
        </Tr>
    }
}

/// Which boxes are ticked.
#[derive(Clone, Copy)]
struct Ticked {
    takes_in: bool,
    button: bool,
    sign_up: bool,
}

/// The boxes of a connection.
#[component]
fn Switches(ticked: Ticked) -> impl IntoView {
    view! {
        <Checkbox
            name="assign_membership_on_login"
            label="Takes in whoever signs in"
            hint="Whoever signs in to the organization with it becomes a member."
            checked=Signal::stored(ticked.takes_in)
        />
        <Checkbox
            name="show_as_button"
            label="Has a button"
            hint="For programs with a sign-in page of their own."
            checked=Signal::stored(ticked.button)
        />
        <Checkbox
            name="is_signup_enabled"
            label="Lets people sign up"
            hint="For programs that make accounts themselves."
            checked=Signal::stored(ticked.sign_up)
        />
    }
}

#[component]
fn EditConnection(
    organization_id: String,
    connection: OrganizationConnection,
    dialog: String,
    action: FormAction<UpdateOrganizationConnection>,
) -> impl IntoView {
    let id = connection.connection_id.to_string();
    let open = refused_for(action, "connection_id", &id);
    // A box that was not ticked is not sent.
    let is = |field: &str, saved: bool| {
        if open {
            typed_all(field).is_some_and(|ticked| !ticked.is_empty())
        } else {
            saved
        }
    };
    let ticked = Ticked {
        takes_in: is(
            "assign_membership_on_login",
            connection.assign_membership_on_login,
        ),
        button: is("show_as_button", connection.show_as_button),
        sign_up: is("is_signup_enabled", connection.is_signup_enabled),
    };
    let closes = dialog.clone();
    view! {
        <Dialog id=dialog title=format!("Change {}", connection.name) open on_close=forget(action)>
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="organization_id" value=organization_id />
                <input type="hidden" name="connection_id" value=id />
                <FormGrid>
                    <Switches ticked />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Save connection"
                    </Button>
                    <Button closes>"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn RemoveConnection(
    organization_id: String,
    connection: OrganizationConnection,
    dialog: String,
    action: FormAction<RemoveOrganizationConnection>,
) -> impl IntoView {
    let id = connection.connection_id.to_string();
    let open = refused_for(action, "connection_id", &id);
    let name = connection.name;
    let mut goes = vec!["Its members stay, and sign in as before.".to_owned()];
    if connection.assign_membership_on_login {
        goes.push("Whoever signs in to the organization with it is not made a member any more.".to_owned());
    }
    view! {
        <Dialog id=dialog.clone() title=format!("Remove {name}?") open on_close=forget(action)>
            <ActionForm action>
                <input type="hidden" name="organization_id" value=organization_id />
                <input type="hidden" name="connection_id" value=id />
                <input type="hidden" name="name" value=name />
                <ConfirmBody
                    dialog
                    confirm="Remove connection"
                    failure=failure(action)
                    pending=action.pending()
                >
                    <Consequences items=goes />
                </ConfirmBody>
            </ActionForm>
        </Dialog>
    }
}

/// Whether a box is ticked: as it was where the form came back, with scripts off, else `now`.
fn kept_tick<S>(action: FormAction<S>, field: &str, now: bool) -> bool
where
    S: ServerFn<Error = RpcError, Output = Done> + Clone + Send + Sync + 'static,
{
    let now = if now { vec!["true".to_owned()] } else { Vec::new() };
    !kept_all(action, field, now).is_empty()
}

#[component]
fn Add(
    organization_id: String,
    others: Vec<Connection>,
    action: FormAction<AddOrganizationConnection>,
) -> impl IntoView {
    let options: Vec<Choice> = others
        .into_iter()
        .map(|it| Choice::new(it.connection_id.to_string(), it.name))
        .collect();
    let ticked = Ticked {
        takes_in: kept_tick(action, "assign_membership_on_login", false),
        button: kept_tick(action, "show_as_button", true),
        sign_up: kept_tick(action, "is_signup_enabled", false),
    };
    view! {
        <Card title="Add a connection" description="A way to sign in to the organization.">
            <ActionForm action>
                <input type="hidden" name="organization_id" value=organization_id />
                <FormError message=failure(action) />
                <FormGrid>
                    <Field
                        name="connection_id"
                        label="Connection"
                        error=error_at(action, "connection_id")
                        required=true
                    >
                        <Select
                            options
                            value=kept(action, "connection_id", "")
                            prompt="Choose a connection"
                        />
                    </Field>
                    <Switches ticked />
                </FormGrid>
                <FormActions>
                    <Button kind="submit" icon=Glyph::Plus pending=action.pending()>
                        "Add connection"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}
