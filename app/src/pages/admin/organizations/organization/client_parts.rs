//! What the pages of API applications share: the fields of their forms, and the secret that is shown once.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

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

/// What is wrong at the fields.
#[derive(Clone, Copy)]
pub struct Wrong {
    name: Signal<Option<String>>,
    description: Signal<Option<String>>,
    team: Signal<Option<String>>,
    owner: Signal<Option<String>>,
}

impl Wrong {
    /// As a form's answer says.
    pub fn of<S>(action: FormAction<S>) -> Self
    where
        S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
    {
        Self {
            name: error_at(action, "name"),
            description: error_at(action, "description"),
            team: error_at(action, "team_id"),
            owner: error_at(action, "owner_id"),
        }
    }
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
    /// Of a form for something new: what was typed before it was refused.
    pub fn typed<S>(action: FormAction<S>) -> Self
    where
        S: ServerFn<Error = RpcError> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
    {
        Self {
            visibility: "organization".to_owned(),
            ..Self::default()
        }
        .kept(action)
    }

    /// What was typed before a form was refused, else what there is.
    pub fn kept<S>(self, action: FormAction<S>) -> Self
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

/// The fields of an API application.
#[component]
pub fn Fields(wrong: Wrong, now: Now, choices: ClientChoices) -> impl IntoView {
    let seen = vec![
        Choice::new("organization", "Everybody in the organization"),
        Choice::new("team", "A team"),
        Choice::new("personal", "Only the owner"),
    ];
    let teams = choices_of(choices.teams);
    let owners = choices_of(choices.owners);
    let owner = (!owners.is_empty()).then(|| {
        view! {
            <Field
                name="owner_id"
                id="client-owner"
                label="Owner"
                hint="Who answers for it; yourself, where you are a member and choose nobody."
                error=wrong.owner
            >
                <Select options=owners value=now.owner prompt="Choose a member" />
            </Field>
        }
    });
    view! {
        <FormGrid>
            <Field
                name="name"
                id="client-name"
                label="Name"
                hint="The program that uses it, for example “Monthly reports”."
                error=wrong.name
                required=true
            >
                <TextInput value=now.name max_length=100u32 />
            </Field>
            <Field name="description" id="client-description" label="Description" error=wrong.description>
                <TextInput value=now.description max_length=500u32 />
            </Field>
            <Field
                name="visibility"
                id="client-visibility"
                label="Who sees it and uses its credentials"
                hint="Your organization’s administrators always do."
            >
                <Select options=seen value=now.visibility />
            </Field>
            <Field
                name="team_id"
                id="client-team"
                label="Team"
                hint="Where a team sees it."
                error=wrong.team
            >
                <Select options=teams value=now.team prompt="No team" />
            </Field>
            {owner}
        </FormGrid>
    }
}
