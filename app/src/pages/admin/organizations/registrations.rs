//! The organizations that people ask for, over the list of those that there are.

use guildhall::page::Page;
use guildhall::registrations::{ListRegistrations, Registration, RegistrationStatus, Requester};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::read::{Answer, Read, read};
use crate::components::submit::{error_at, failure, forget, kept, refused_for, use_done};
use crate::rpc::registrations::{ApproveRegistration, RejectRegistration, list_registrations};
use crate::rpc::{ActionForm, Done, FormAction, RpcError};
use crate::ui::prelude::*;

/// What decides on a registration; made by the page, since a list shares them.
#[derive(Clone, Copy)]
struct Actions {
    approve: FormAction<ApproveRegistration>,
    reject: FormAction<RejectRegistration>,
}

/// Those that wait: nothing where none does.
#[component]
pub fn PendingRegistrations() -> impl IntoView {
    let actions = Actions {
        approve: FormAction::new(),
        reject: FormAction::new(),
    };
    use_done(actions.approve);
    use_done(actions.reject);
    let pending: Answer<Page<Registration>> = read(
        || (),
        |()| async move {
            list_registrations(ListRegistrations {
                status: Some(RegistrationStatus::Pending),
                include_total: true,
                ..ListRegistrations::default()
            })
            .await
        },
    );
    view! {
        <Read resource=pending fallback=|| () let:page>
            <Pending page actions />
        </Read>
    }
}

#[component]
fn Pending(page: Page<Registration>, actions: Actions) -> impl IntoView {
    if page.items.is_empty() {
        return ().into_any();
    }
    let total = page.info.total.unwrap_or_default();
    let more = page.info.next_cursor.is_some();
    view! {
        <Card
            title=format!("Waiting for approval ({})", format_count(total))
            description="Whoever asks becomes the organization’s administrator once you approve."
            flush=true
        >
            <Table
                label="Registrations that wait for approval"
                head=|| {
                    view! {
                        <Th label="Name" />
                        <Th label="Requested by" />
                        <Th label="Requested" />
                        <Th label="Actions" hidden=true />
                    }
                }
            >
                {page
                    .items
                    .into_iter()
                    .map(|registration| view! { <Row registration actions /> })
                    .collect_view()}
            </Table>
            {more
                .then(|| {
                    view! { <p class="muted">"The newest are shown. Decide on these, and the next ones follow."</p> }
                })}
        </Card>
    }
    .into_any()
}

#[component]
fn Row(registration: Registration, actions: Actions) -> impl IntoView {
    let Registration {
        registration_id,
        name,
        requester,
        created_at,
        ..
    } = registration;
    let id = registration_id.to_string();
    let (approving, rejecting) = (format!("approve-{id}"), format!("reject-{id}"));
    let (opens_approve, opens_reject) = (approving.clone(), rejecting.clone());
    let (shown, said, other) = (name.clone(), name.clone(), name.clone());
    // Nobody would administer it.
    let inert = match &requester {
        None => Some("Whoever asked has no account any more: reject it.".to_owned()),
        Some(requester) if !requester.enabled => Some(
            "The account of whoever asked is disabled: enable it first, or reject the request.".to_owned(),
        ),
        Some(_) => None,
    };
    view! {
        <Tr>
            <Td label="Name">
                <strong>{shown}</strong>
            </Td>
            <Td label="Requested by">
                <By requester />
            </Td>
            <Td label="Requested">
                <Time ms=created_at />
            </Td>
            <ActionsCell>
                <div class="row">
                    <Button
                        opens=opens_approve
                        size=Size::Small
                        variant=Variant::Primary
                        disabled_reason=inert
                    >
                        "Approve"
                        <span class="sr-only">{format!(" {said}")}</span>
                    </Button>
                    <Button opens=opens_reject size=Size::Small>
                        "Reject"
                        <span class="sr-only">{format!(" {other}")}</span>
                    </Button>
                </div>
                <Approve id=id.clone() name=name.clone() dialog=approving action=actions.approve />
                <Reject id name dialog=rejecting action=actions.reject />
            </ActionsCell>
        </Tr>
    }
}

#[component]
fn By(requester: Option<Requester>) -> impl IntoView {
    match requester {
        None => view! { <span class="muted">"Somebody whose account is deleted"</span> }.into_any(),
        Some(Requester {
            user_id,
            label,
            email,
            ..
        }) => {
            let detail = email.filter(|email| *email != label);
            view! {
                <span>
                    <a href=format!("/admin/users/{user_id}")>{label}</a>
                    {detail
                        .map(|email| {
                            view! {
                                <br />
                                <span class="muted">{email}</span>
                            }
                        })}
                </span>
            }
            .into_any()
        }
    }
}

#[component]
fn Approve(
    id: String,
    name: String,
    dialog: String,
    action: FormAction<ApproveRegistration>,
) -> impl IntoView {
    let title = format!("Approve {name}?");
    view! {
        <Decide
            action
            id
            dialog
            title
            description="The organization is created under this name. Whoever asked is told by mail."
            field="name"
            label="Name"
            now=name
            max_length=100
            confirm="Approve registration"
            variant=Variant::Primary
        />
    }
}

#[component]
fn Reject(id: String, name: String, dialog: String, action: FormAction<RejectRegistration>) -> impl IntoView {
    let title = format!("Reject {name}?");
    view! {
        <Decide
            action
            id
            dialog
            title
            description="There will be no organization, and the name is free again."
            field="reason"
            label="Reason"
            hint="Whoever asked reads it in a mail."
            now=String::new()
            max_length=500
            confirm="Reject registration"
            variant=Variant::Danger
        />
    }
}

/// The question before a decision, with the one field that goes with it.
#[component]
fn Decide<S>(
    action: FormAction<S>,
    id: String,
    dialog: String,
    title: String,
    description: &'static str,
    field: &'static str,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    /// What the field starts with.
    now: String,
    max_length: u32,
    confirm: &'static str,
    variant: Variant,
) -> impl IntoView
where
    S: ServerFn<Error = RpcError, Output = Done> + Clone + Send + Sync + 'static,
{
    let open = refused_for(action, "registration_id", &id);
    let value = if open { kept(action, field, now) } else { now };
    let closes = dialog.clone();
    let field_id = format!("{dialog}-{field}");
    view! {
        <Dialog id=dialog title description open on_close=forget(action)>
            <ActionForm action>
                <FormError message=failure(action) />
                <input type="hidden" name="registration_id" value=id />
                <FormGrid>
                    <Field
                        name=field
                        id=field_id
                        label
                        hint=hint.map(str::to_owned)
                        error=error_at(action, field)
                        required=true
                    >
                        <TextInput value max_length autocomplete="off" />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant pending=action.pending()>
                        {confirm}
                    </Button>
                    <Button closes>"Cancel"</Button>
                </FormActions>
            </ActionForm>
        </Dialog>
    }
}
