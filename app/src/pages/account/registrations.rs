//! The organizations that I asked for: what became of each, and asking for one more.

use guildhall::page::Page;
use guildhall::registrations::{GetOwnRegistrations, Registration, RegistrationStatus};
use leptos::prelude::*;

use crate::components::entrance::use_entrance;
use crate::components::pager::Pager;
use crate::components::portal::Portal;
use crate::components::query::use_list_query;
use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::pages::account::ending::EndingButton;
use crate::pages::errors::Missing;
use crate::pages::frame::use_me;
use crate::rpc::registrations::{RequestOrganization, WithdrawRegistration, get_own_registrations};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// Where one asks for an organization.
pub const NEW: &str = "/account/registrations/new";

/// The words of a state.
pub fn state_of(status: RegistrationStatus) -> (State, &'static str) {
    match status {
        RegistrationStatus::Pending => (State::Pending, "Waits for approval"),
        RegistrationStatus::Approved => (State::Accepted, "Approved"),
        RegistrationStatus::Rejected => (State::Rejected, "Rejected"),
        RegistrationStatus::Withdrawn => (State::Revoked, "Withdrawn"),
    }
}

/// `/account/registrations`
#[component]
pub fn RegistrationsPage() -> impl IntoView {
    let withdraw = FormAction::<WithdrawRegistration>::new();
    use_done(withdraw);
    let query = use_list_query();
    let own = read(
        move || query.get(),
        |query| async move {
            get_own_registrations(GetOwnRegistrations {
                limit: query.limit(),
                cursor: query.cursor(),
            })
            .await
        },
    );
    let may_ask = use_me().is_some_and(|me| me.may_request_organizations);
    view! {
        <Card
            title="Requested organizations"
            description="An administrator looks at each request. You are told by mail what became of it."
            actions=move || {
                may_ask
                    .then(|| {
                        view! {
                            <LinkButton href=NEW icon=Glyph::Plus>
                                "Request another one"
                            </LinkButton>
                        }
                    })
            }
            flush=true
        >
            <Read resource=own let:page>
                <List page withdraw />
            </Read>
        </Card>
    }
}

#[component]
fn List(page: Page<Registration>, withdraw: FormAction<WithdrawRegistration>) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Organizations
                title="You have asked for no organization"
                text="When you ask for one, you see here what becomes of it."
            />
        }
        .into_any();
    }
    let (info, shown) = (page.info, page.items.len());
    view! {
        <Table
            label="Requested organizations"
            head=|| {
                view! {
                    <Th label="Name" />
                    <Th label="Status" />
                    <Th label="Requested" />
                    <Th label="Actions" hidden=true />
                }
            }
        >
            {page
                .items
                .into_iter()
                .map(|registration| view! { <Row registration withdraw /> })
                .collect_view()}
        </Table>
        <Pager info shown noun=("request", "requests") />
    }
    .into_any()
}

#[component]
fn Row(registration: Registration, withdraw: FormAction<WithdrawRegistration>) -> impl IntoView {
    let id = registration.registration_id.to_string();
    let (state, label) = state_of(registration.status);
    let name = registration.organization_name.unwrap_or(registration.name);
    let reason = registration
        .reason
        .map(|reason| view! { <p class="muted">{format!("Reason: {reason}")}</p> });
    let waits = registration.status == RegistrationStatus::Pending;
    let entrance = registration
        .organization_id
        .map(|id| Portal::Organization.path_of(&id.to_string()));
    let title = format!("Withdraw the request for {name}?");
    let (shown, opened) = (name.clone(), name.clone());
    view! {
        <Tr>
            <Td label="Name">
                <strong>{shown}</strong>
            </Td>
            <Td label="Status">
                <div>
                    <Status state label />
                    {reason}
                </div>
            </Td>
            <Td label="Requested">
                <Time ms=registration.created_at />
            </Td>
            <ActionsCell>
                {entrance
                    .map(|href| {
                        view! {
                            <LinkButton href size=Size::Small icon=Glyph::ArrowRight>
                                "Open"
                                <span class="sr-only">{format!(" {opened}")}</span>
                            </LinkButton>
                        }
                    })}
                {waits
                    .then(|| {
                        view! {
                            <EndingButton
                                action=withdraw
                                field="registration_id"
                                id
                                name
                                title
                                word="Withdraw"
                                confirm="Withdraw the request"
                                goes=vec![
                                    "Nobody looks at it any more".to_owned(),
                                    "Somebody else can take the name".to_owned(),
                                ]
                            />
                        }
                    })}
            </ActionsCell>
        </Tr>
    }
}

/// `/account/registrations/new`: there only where organizations may register themselves.
#[component]
pub fn NewRegistrationPage() -> impl IntoView {
    let action = FormAction::<RequestOrganization>::new();
    // The frame offers the organization, too: it is loaded anew with it.
    use_entrance(action);
    if !use_me().is_some_and(|me| me.may_request_organizations) {
        return view! { <Missing /> }.into_any();
    }
    let value = kept(action, "name", "");
    view! {
        <Card
            title="Create an organization"
            description="For your company or team: you administer it, and invite your colleagues into it."
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <FormGrid>
                    <Field
                        name="name"
                        label="Name of the organization"
                        hint="Nobody else has it yet. Where requests are looked at, an administrator may correct it."
                        error=error_at(action, "name")
                        required=true
                    >
                        <TextInput value max_length=100u32 autocomplete="organization" autofocus=true />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Create the organization"
                    </Button>
                    <LinkButton href="/account/registrations">"My requests"</LinkButton>
                </FormActions>
            </ActionForm>
        </Card>
    }
    .into_any()
}
