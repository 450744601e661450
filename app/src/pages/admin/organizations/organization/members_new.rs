//! `/admin/organizations/{id}/members/new`: adds one person or many.

use guildhall::contact::Email;
use guildhall::organizations::{GetOrganization, Organization};
use guildhall::roles::AssignableRoles;
use leptos::prelude::*;

use super::use_organization_id;
use crate::components::member::admin_grants;
use crate::components::portal::{InPortal, use_portal};
use crate::components::read::{Read, id_of, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::components::temporary_password::TemporaryPassword;
use crate::layout::Guarded;
use crate::rpc::members::{AddMembers, Added, AddedAs};
use crate::rpc::organization_roles::list_assignable_roles;
use crate::rpc::organizations::get_organization;
use crate::rpc::{ActionForm, FormAction, RpcError, typed, typed_all};
use crate::ui::prelude::*;

#[component]
pub fn AddMembersPage() -> impl IntoView {
    let id = use_organization_id();
    let about = read(
        move || id.get(),
        |id| async move {
            let organization_id = id_of(&id, "organization")?;
            let organization = get_organization(GetOrganization { organization_id }).await?;
            Ok::<_, RpcError>((organization, list_assignable_roles(organization_id).await?))
        },
    );
    let add = FormAction::<AddMembers>::new();
    use_done(add);
    view! {
        <Read resource=about whole=true let:about>
            <Page about add />
        </Read>
    }
}

#[component]
fn Page(about: (Organization, Vec<AssignableRoles>), add: FormAction<AddMembers>) -> impl IntoView {
    let (organization, assignable) = about;
    let id = organization.organization_id.to_string();
    let portal = use_portal();
    let members = format!("{}/members", portal.path_of(&id));
    let mut crumbs = portal.crumbs(&id, organization.name.clone());
    crumbs.push(Crumb::new("Members", members.clone()));
    view! {
        <PageHeader
            title=format!("Add members to {}", organization.name)
            crumbs
        />
        <div class="stack">
            <Results add members=members.clone() />
            <Guarded>
                <ActionForm action=add>
                    <InPortal />
                    <input type="hidden" name="organization_id" value=id />
                    <div class="stack">
                        <FormError message=failure(add) />
                        <Who add />
                        <Roles add assignable />
                        <How add />
                        <Details add />
                        <FormActions>
                            <Button kind="submit" variant=Variant::Primary pending=add.pending()>
                                "Add members"
                            </Button>
                            <LinkButton href=members>"Cancel"</LinkButton>
                        </FormActions>
                    </div>
                </ActionForm>
            </Guarded>
        </div>
    }
}

/// Who was added and who was not, where not all went well.
#[component]
fn Results(add: FormAction<AddMembers>, members: String) -> impl IntoView {
    let value = add.value();
    move || {
        let rows = value.with(|value| match value {
            Some(Ok(Added { rows, done: None })) => Some(rows.clone()),
            _ => None,
        })?;
        let members = members.clone();
        Some(view! {
            <Card
                title="Not everybody was added"
                description="Those who were added are members now. Mend or leave out the others."
                actions=move || {
                    view! { <LinkButton href=members.clone()>"To the members"</LinkButton> }
                }
                flush=true
            >
                <Table
                    label="What became of each address"
                    head=|| {
                        view! {
                            <Th label="Address" />
                            <Th label="Result" />
                        }
                    }
                >
                    {rows
                        .into_iter()
                        .map(|row| {
                            let (state, word) = words_of(row.result);
                            view! {
                                <Tr>
                                    <Td label="Address">{row.contact}</Td>
                                    <Td label="Result">
                                        <Status state label=word />
                                    </Td>
                                </Tr>
                            }
                        })
                        .collect_view()}
                </Table>
            </Card>
        })
    }
}

fn words_of(result: AddedAs) -> (State, String) {
    match result {
        AddedAs::New => (State::Active, "Added".to_owned()),
        AddedAs::Known => (State::Active, "Added; had an account already".to_owned()),
        AddedAs::Unproved => (
            State::Unverified,
            "Added; had an account already, whose address nobody has confirmed".to_owned(),
        ),
        AddedAs::Member => (State::Enabled, "Was a member already".to_owned()),
        AddedAs::Refused(why) => (State::Failed, format!("Not added: {why}")),
    }
}

#[component]
fn Who(add: FormAction<AddMembers>) -> impl IntoView {
    let value = add.value();
    // After an answer only those remain who were not added; before it, what a refused form brought back.
    let remaining = move || {
        value.with(|value| match value {
            Some(Ok(added)) => {
                let refused = added
                    .rows
                    .iter()
                    .filter(|row| matches!(row.result, AddedAs::Refused(_)));
                refused
                    .map(|row| row.contact.as_str())
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            _ => typed("emails").unwrap_or_default(),
        })
    };
    let answered = Memo::new(move |_| value.with(|value| matches!(value, Some(Ok(_)))).then(&remaining));
    let typed = |field| typed(field).unwrap_or_default();
    let text = move |field| error_at(add, field);
    view! {
        <Card title="Who" description="Somebody who has an account already is added, not duplicated.">
            <FormGrid>
                <Field
                    name="emails"
                    label="Email addresses"
                    hint="One or many, separated by spaces, commas or lines."
                    error=text("email")
                >
                    {move || {
                        let value = answered.get().unwrap_or_else(|| untrack(remaining));
                        view! {
                            <ChipsInput value placeholder="ada@acme.com" check=email_wrong />
                        }
                    }}
                </Field>
            </FormGrid>
            <FormGrid columns=true>
                <Field
                    name="first_name"
                    label="First name"
                    hint="For one person."
                    error=text("name.first_name")
                    optional=true
                >
                    <TextInput value=typed("first_name") max_length=30u32 autocomplete="off" />
                </Field>
                <Field name="last_name" label="Last name" error=text("name.last_name") optional=true>
                    <TextInput value=typed("last_name") max_length=30u32 autocomplete="off" />
                </Field>
            </FormGrid>
            <Disclosure summary="Phone number, for one person" open=!typed("phone_number").is_empty()>
                <FormGrid>
                    <Field
                        name="phone_number"
                        label="Phone number"
                        hint="In international form, such as +14155550123. Enough without an address."
                        error=text("phone_number")
                        optional=true
                    >
                        <TextInput kind="tel" value=typed("phone_number") autocomplete="off" />
                    </Field>
                </FormGrid>
            </Disclosure>
        </Card>
    }
}

/// What is wrong with an address.
fn email_wrong(text: &str) -> Option<String> {
    Email::parse(text).err().map(|why| why.to_string())
}

#[component]
fn Roles(add: FormAction<AddMembers>, assignable: Vec<AssignableRoles>) -> impl IntoView {
    let before = typed("organization_role").unwrap_or_else(|| "Organization Member".to_owned());
    let admin = RwSignal::new(before == "Organization Admin");
    let grants = format!("An admin may {}.", admin_grants().join(", "));
    let warning = grants.clone();
    let ticked = typed_all("role_ids").unwrap_or_default();
    view! {
        <Card title="Roles" description="Only roles that this organization may give.">
            <FormGrid>
                <RadioGroup
                    name="organization_role"
                    legend="In the organization"
                    options=vec![
                        Choice::new("Organization Member", "Organization Member")
                            .hint("Uses the applications; manages nothing."),
                        Choice::new("Organization Admin", "Organization Admin").hint(grants),
                    ]
                    value=before
                    error=error_at(add, "role_ids")
                    on:change=move |event| admin.set(event_target_value(&event) == "Organization Admin")
                />
                {move || {
                    admin
                        .get()
                        .then(|| {
                            let warning = warning.clone();
                            view! {
                                <Banner tone=Tone::Warning title="Everybody above becomes an admin">
                                    {warning}
                                </Banner>
                            }
                        })
                }}
                {assignable
                    .into_iter()
                    .map(|app| view! { <AppRoles app ticked=ticked.clone() /> })
                    .collect_view()}
            </FormGrid>
        </Card>
    }
}

/// The roles of one application, as boxes to tick.
#[component]
pub fn AppRoles(
    app: AssignableRoles,
    ticked: Vec<String>,
    /// Over the boxes, where the application is named already.
    #[prop(optional, into)]
    legend: Option<String>,
) -> impl IntoView {
    let hint = app
        .roles
        .is_empty()
        .then(|| "It has no role that this organization may give.".to_owned());
    let options: Vec<Choice> = app
        .roles
        .into_iter()
        .map(|role| {
            let label = role.label().to_owned();
            let permissions = role.permissions.join(", ");
            let hint = role
                .description
                .filter(|text| !text.is_empty())
                .unwrap_or(permissions);
            Choice::new(role.role_id.to_string(), label).hint(hint)
        })
        .collect();
    view! { <CheckboxGroup name="role_ids[]" legend=legend.unwrap_or(app.app_name) options values=ticked hint /> }
}

#[component]
fn How(add: FormAction<AddMembers>) -> impl IntoView {
    let before = typed("how").unwrap_or_else(|| "invitation".to_owned());
    let how = RwSignal::new(before.clone());
    // Without scripts the field is always there, since nothing could bring it back.
    let scripted = RwSignal::new(false);
    Effect::new(move |_| scripted.set(true));
    let hidden = move || scripted.get() && how.get() != "password";
    view! {
        <Card title="How they come in" description="For people who are new; others keep their password.">
            <FormGrid>
                <RadioGroup
                    name="how"
                    legend="First sign-in"
                    options=vec![
                        Choice::new("invitation", "Invitation")
                            .hint("They are pending until they accept. The link is valid for 48 hours."),
                        Choice::new("password", "Temporary password")
                            .hint("You hand it over; it must be changed at the first sign-in."),
                        Choice::new("nothing", "Neither for now"),
                    ]
                    value=before
                    error=error_at(add, "how")
                    on:change=move |event| how.set(event_target_value(&event))
                />
                <div class:hidden=hidden>
                    <TemporaryPassword error=error_at(add, "credentials.password") />
                </div>
            </FormGrid>
        </Card>
    }
}

#[component]
fn Details(add: FormAction<AddMembers>) -> impl IntoView {
    let typed = |field| typed(field).unwrap_or_default();
    view! {
        <Card title="In the organization" description="The same for everybody above.">
            <FormGrid columns=true>
                <Field
                    name="department"
                    label="Department"
                    error=error_at(add, "organization_information.department")
                    optional=true
                >
                    <TextInput value=typed("department") max_length=120u32 />
                </Field>
                <Field
                    name="title"
                    label="Title"
                    error=error_at(add, "organization_information.title")
                    optional=true
                >
                    <TextInput value=typed("title") max_length=120u32 />
                </Field>
                <Field
                    name="manager"
                    label="Manager"
                    error=error_at(add, "organization_information.manager")
                    optional=true
                >
                    <TextInput value=typed("manager") max_length=120u32 />
                </Field>
            </FormGrid>
        </Card>
    }
}
