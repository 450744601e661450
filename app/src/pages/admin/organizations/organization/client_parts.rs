//! What the pages of API applications share: the fields of their forms, and the secret that is shown once.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::components::contested::{Contested, versions};
use crate::components::read::Changes;
use crate::components::submit::{error_at, kept};
use crate::rpc::organization_clients::{ClientChoices, Named, NewClientSecret};
use crate::rpc::{FormAction, RpcError};
use crate::ui::prelude::*;

/// Puts the answer's secret on the page, closes the dialog that asked for it, and reads the page again.
pub fn show_secret(
    value: impl With<Value = Option<Result<NewClientSecret, RpcError>>> + Copy + Send + Sync + 'static,
    dialog: String,
    shown: RwSignal<Option<NewClientSecret>>,
) {
    let changes = Changes::around();
    Effect::new(move |_| {
        let new = value.with(|value| match value {
            Some(Ok(new)) => Some(new.clone()),
            _ => None,
        });
        if let Some(new) = new {
            close_dialog(&dialog);
            shown.set(Some(new));
            changes.in_place();
        }
    });
}

/// A secret, once.
#[component]
pub fn ShownSecret(new: NewClientSecret) -> impl IntoView {
    let secret = new.secret?;
    Some(view! {
        <Card title=format!("Secret of {}", new.name)>
            <DescriptionList>
                <Description term="Client id">
                    <CopyId id=new.client_id what="client id" />
                </Description>
            </DescriptionList>
            <SecretOnce secret label="Client secret" />
        </Card>
    })
}

/// What stands in the fields.
#[derive(Debug, Clone, Default)]
pub struct Now {
    pub name: String,
    pub description: String,
    pub visibility: String,
    pub team: String,
    pub owner: String,
}

impl Now {
    /// Of something new.
    fn fresh() -> Self {
        Self {
            visibility: "organization".to_owned(),
            ..Self::default()
        }
    }

    /// What was typed before a form was refused, else what there is.
    fn kept<S>(self, action: FormAction<S>) -> Self
    where
        S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
    {
        Self {
            name: kept(action, "name", self.name),
            description: kept(action, "description", self.description),
            visibility: kept(action, "visibility", self.visibility),
            team: kept(action, "team_id", self.team),
            owner: kept(action, "owner_id", self.owner),
        }
    }
}

fn choices_of(named: Vec<Named>) -> Vec<Choice> {
    named
        .into_iter()
        .map(|one| Choice::new(one.id, one.name))
        .collect()
}

/// A field of something that others may change at the same time; nobody does of something new, of which nothing `was`.
fn contested<S>(
    action: FormAction<S>,
    field: &'static str,
    label: &'static str,
    was: Option<String>,
    called: Vec<Choice>,
    control: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let Some(now) = was else { return control() };
    view! {
        <Contested field label now versions=versions(action, field) called>
            {control()}
        </Contested>
    }
    .into_any()
}

/// The fields of an API application.
#[component]
pub fn Fields<S>(
    action: FormAction<S>,
    choices: ClientChoices,
    /// What stands in them, as far as the page knows; absent for something new.
    #[prop(optional)]
    now: Option<Now>,
) -> impl IntoView
where
    S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    const SEEN: &str = "Who sees it and uses its credentials";
    let is_there = now.is_some();
    let now = now.unwrap_or_else(Now::fresh);
    let typed = now.clone().kept(action);
    let was = |text: String| is_there.then_some(text);

    let value = Signal::stored(typed.name);
    let name = contested(action, "name", "Name", was(now.name), Vec::new(), move || {
        view! {
            <Field
                name="name"
                id="client-name"
                label="Name"
                hint="The program that uses it, for example “Monthly reports”."
                error=error_at(action, "name")
                required=true
            >
                <TextInput value max_length=100u32 />
            </Field>
        }
        .into_any()
    });
    let value = Signal::stored(typed.description);
    let was_description = was(now.description);
    let description = contested(
        action,
        "description",
        "Description",
        was_description,
        Vec::new(),
        move || {
            view! {
                <Field
                    name="description"
                    id="client-description"
                    label="Description"
                    error=error_at(action, "description")
                >
                    <TextInput value max_length=500u32 />
                </Field>
            }
            .into_any()
        },
    );
    let seen = vec![
        Choice::new("organization", "Everybody in the organization"),
        Choice::new("team", "A team"),
        Choice::new("personal", "Only the owner"),
    ];
    let (options, value) = (Signal::stored(seen.clone()), Signal::stored(typed.visibility));
    let visibility = contested(action, "visibility", SEEN, was(now.visibility), seen, move || {
        view! {
            <Field
                name="visibility"
                id="client-visibility"
                label=SEEN
                hint="Your organization’s administrators always do."
                error=error_at(action, "visibility")
            >
                <Select options value />
            </Field>
        }
        .into_any()
    });
    let teams = choices_of(choices.teams);
    let (options, value) = (Signal::stored(teams.clone()), Signal::stored(typed.team));
    let team = contested(action, "team_id", "Team", was(now.team), teams, move || {
        view! {
            <Field
                name="team_id"
                id="client-team"
                label="Team"
                hint="Where a team sees it."
                error=error_at(action, "team_id")
            >
                <Select options value prompt="No team" />
            </Field>
        }
        .into_any()
    });
    let owners = choices_of(choices.owners);
    let owner = (!owners.is_empty()).then(|| {
        let (options, value) = (Signal::stored(owners.clone()), Signal::stored(typed.owner));
        contested(action, "owner_id", "Owner", was(now.owner), owners, move || {
            view! {
                <Field
                    name="owner_id"
                    id="client-owner"
                    label="Owner"
                    hint="Who answers for it; yourself, where you are a member and choose nobody."
                    error=error_at(action, "owner_id")
                >
                    <Select options value prompt="Choose a member" />
                </Field>
            }
            .into_any()
        })
    });
    view! { <FormGrid>{name} {description} {visibility} {team} {owner}</FormGrid> }
}
