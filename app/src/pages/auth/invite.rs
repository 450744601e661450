//! Where an invitation's link leads. Opening it consumes nothing: it is accepted by a form.

use guildhall::invitations::{AcceptBy, InvitationView, LinkState};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::entrance::use_entrance;
use crate::components::organization_mark::OrganizationBrand;
use crate::components::read::{query_value, read};
use crate::components::submit::{error_at, failure};
use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::rpc::invitations::{
    AcceptInvitation, AskForNewInvitation, JoinByInvitation, SwitchAccount, read_invitation,
};
use crate::rpc::{ActionForm, FormAction, RpcError, typed};
use crate::ui::prelude::*;

/// The forms of the page; made once, outside of what waits.
#[derive(Clone, Copy)]
struct Forms {
    accept: FormAction<AcceptInvitation>,
    join: FormAction<JoinByInvitation>,
    ask: FormAction<AskForNewInvitation>,
    switch: FormAction<SwitchAccount>,
}

/// `/invite/{token}`
#[component]
pub fn InvitePage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let forms = Forms {
        accept: FormAction::new(),
        join: FormAction::new(),
        ask: FormAction::new(),
        switch: FormAction::new(),
    };
    use_entrance(forms.accept);
    use_entrance(forms.join);
    use_entrance(forms.ask);
    use_entrance(forms.switch);
    let invitation = read(move || token.get(), read_invitation);
    view! {
        <Transition fallback=|| view! { <SkeletonRows rows=3 columns=1 /> }>
            {move || Suspend::new(async move {
                match invitation.await {
                    Ok(invitation) => view! { <Shown invitation token=token.get_untracked() forms /> }.into_any(),
                    Err(error) => view! { <Unknown error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Unknown(error: RpcError) -> impl IntoView {
    let status = error.0.code.status();
    answer_with(status);
    let (title, description) = if status == 404 {
        (
            "This link leads nowhere",
            "It is incomplete, or the organization that invited you is gone. Copy the whole link from the mail."
                .to_owned(),
        )
    } else {
        ("The invitation cannot be shown now", error.0.message)
    };
    view! {
        <AuthShell title description>
            <p>
                <a href="/signin">"Go to sign-in"</a>
            </p>
        </AuthShell>
    }
}

#[component]
fn Shown(invitation: InvitationView, token: String, forms: Forms) -> impl IntoView {
    let organization = invitation.organization_name.clone();
    match invitation.state {
        LinkState::Open => match invitation.accept_by {
            AcceptBy::OtherAccount => view! { <OtherAccount invitation token forms /> }.into_any(),
            _ => view! { <Open invitation token forms /> }.into_any(),
        },
        LinkState::Accepted => view! { <Accepted invitation /> }.into_any(),
        LinkState::Expired => view! { <Expired invitation token forms /> }.into_any(),
        LinkState::Revoked => over(
            "This invitation was taken back",
            format!("{organization} no longer invites you. Ask the person who did if that is a mistake."),
        ),
        LinkState::Replaced => over(
            "A newer link took this one’s place",
            format!("{organization} sent the invitation again: open the link in the newest mail."),
        ),
        LinkState::OrganizationDisabled => over(
            "This organization is disabled",
            format!("{organization} cannot be joined at the moment. Try again once it is enabled."),
        ),
        LinkState::AccountDisabled => over(
            "This account is disabled",
            format!("{organization} invites an account that is disabled. Ask whoever invited you."),
        ),
    }
}

/// A link that can be used no more.
fn over(title: &'static str, description: String) -> AnyView {
    answer_with(410);
    view! {
        <AuthShell title description>
            <p>
                <a href="/signin">"Go to sign-in"</a>
            </p>
        </AuthShell>
    }
    .into_any()
}

/// The organization that invites, as it presents itself.
fn brand_of(invitation: &InvitationView, token: &str) -> ViewFn {
    let (name, colors) = (invitation.organization_name.clone(), invitation.colors.clone());
    let logo = if invitation.has_logo {
        format!("/brand/invitation?token={token}")
    } else {
        String::new()
    };
    let brand = move || {
        view! { <OrganizationBrand name=name.clone() colors=colors.clone() logo=logo.clone() /> }
    };
    brand.into()
}

/// Who invites to what, as what.
fn words(invitation: &InvitationView) -> String {
    let who = invitation.invited_by.as_ref().map_or_else(
        || "You are invited".to_owned(),
        |inviter| format!("{inviter} invites you"),
    );
    let app = invitation
        .app_name
        .as_ref()
        .map_or_else(String::new, |app| format!(" and use {app}"));
    format!("{who} to join {}{app}.", invitation.organization_name)
}

#[component]
fn Facts(invitation: InvitationView) -> impl IntoView {
    view! {
        <DescriptionList>
            <Description term="Invited address">{invitation.email}</Description>
            {(!invitation.roles.is_empty())
                .then(|| view! { <Description term="As">{invitation.roles.join(", ")}</Description> })}
            <Description term="Until">
                <Time ms=invitation.expires_at />
            </Description>
        </DescriptionList>
    }
}

#[component]
fn Open(invitation: InvitationView, token: String, forms: Forms) -> impl IntoView {
    let title = format!("Join {}", invitation.organization_name);
    let description = words(&invitation);
    let brand = brand_of(&invitation, &token);
    let facts = invitation.clone();
    let form = match invitation.accept_by {
        AcceptBy::Password => view! { <Newcomer invitation token action=forms.accept /> }.into_any(),
        AcceptBy::Yes => view! {
            <ActionForm action=forms.join>
                <FormError message=failure(forms.join) />
                <input type="hidden" name="token" value=token />
                <FormActions>
                    <Button
                        kind="submit"
                        variant=Variant::Primary
                        pending=forms.join.pending()
                        block=true
                    >
                        "Accept the invitation"
                    </Button>
                </FormActions>
            </ActionForm>
        }
        .into_any(),
        AcceptBy::SignIn | AcceptBy::OtherAccount => {
            let back = query_value(&format!("/invite/{token}"));
            view! {
                <p>"You have an account with this address already. Sign in with it to accept."</p>
                <FormActions>
                    <LinkButton
                        href=format!("/signin?return_to={back}")
                        variant=Variant::Primary
                        block=true
                    >
                        "Sign in to accept"
                    </LinkButton>
                </FormActions>
            }
            .into_any()
        }
    };
    view! {
        <AuthShell title description brand>
            <Facts invitation=facts />
            {form}
        </AuthShell>
    }
}

#[component]
fn Newcomer(
    invitation: InvitationView,
    token: String,
    action: FormAction<AcceptInvitation>,
) -> impl IntoView {
    let name = invitation.name.unwrap_or_default();
    let part = |typed: Option<String>, known: Option<guildhall::text::NamePart>| {
        typed.unwrap_or_else(|| known.map(|part| part.to_string()).unwrap_or_default())
    };
    let first = part(typed("first_name"), name.first_name);
    let last = part(typed("last_name"), name.last_name);
    view! {
        <ActionForm action>
            <FormError message=failure(action) />
            <input type="hidden" name="token" value=token />
            // For password managers: whose password it is.
            <input type="hidden" name="email" value=invitation.email autocomplete="username" />
            <FormGrid>
                <Field
                    name="first_name"
                    label="First name"
                    error=error_at(action, "name.first_name")
                    optional=true
                >
                    <TextInput value=first max_length=30u32 autocomplete="given-name" />
                </Field>
                <Field name="last_name" label="Last name" error=error_at(action, "name.last_name") optional=true>
                    <TextInput value=last max_length=30u32 autocomplete="family-name" />
                </Field>
                <Field
                    name="password"
                    label="Choose a password"
                    hint="At least 8 characters. A sentence is easier to remember than symbols."
                    error=error_at(action, "password")
                    required=true
                >
                    <PasswordInput autocomplete="new-password" min_length=8 />
                </Field>
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                    "Accept the invitation"
                </Button>
            </FormActions>
        </ActionForm>
    }
}

#[component]
fn OtherAccount(invitation: InvitationView, token: String, forms: Forms) -> impl IntoView {
    answer_with(403);
    let who = crate::pages::frame::use_me()
        .map(|me| me.email.unwrap_or(me.label))
        .unwrap_or_default();
    let brand = brand_of(&invitation, &token);
    view! {
        <AuthShell
            title="This invitation is for another account"
            description=format!("You are signed in as {who}, and {} is invited.", invitation.email)
            brand
        >
            <Facts invitation />
            <ActionForm action=forms.switch>
                <FormError message=failure(forms.switch) />
                <input type="hidden" name="token" value=token />
                <FormActions>
                    <Button
                        kind="submit"
                        variant=Variant::Primary
                        pending=forms.switch.pending()
                        block=true
                    >
                        "Sign out and go on"
                    </Button>
                </FormActions>
            </ActionForm>
        </AuthShell>
    }
}

#[component]
fn Accepted(invitation: InvitationView) -> impl IntoView {
    let organization = invitation.organization_name;
    let own = invitation.accept_by == AcceptBy::Yes;
    let (title, description) = if own {
        (
            format!("You are a member of {organization}"),
            "The invitation was accepted.",
        )
    } else {
        answer_with(410);
        (
            "This invitation was accepted already".to_owned(),
            "A link works once. Sign in with the account that accepted it.",
        )
    };
    let app = invitation
        .app_name
        .unwrap_or_else(|| "the application".to_owned());
    view! {
        <AuthShell title description>
            <FormActions>
                {match (own, invitation.go_to) {
                    (true, Some(href)) => {
                        view! {
                            <LinkButton href variant=Variant::Primary block=true>
                                {format!("Go on to {app}")}
                            </LinkButton>
                        }
                            .into_any()
                    }
                    (true, None) => {
                        view! {
                            <LinkButton href="/account" variant=Variant::Primary block=true>
                                "Go to my account"
                            </LinkButton>
                        }
                            .into_any()
                    }
                    (false, _) => {
                        view! {
                            <LinkButton href="/signin" variant=Variant::Primary block=true>
                                "Sign in"
                            </LinkButton>
                        }
                            .into_any()
                    }
                }}
            </FormActions>
        </AuthShell>
    }
}

#[component]
fn Expired(invitation: InvitationView, token: String, forms: Forms) -> impl IntoView {
    answer_with(410);
    let asked = invitation.asked;
    let organization = invitation.organization_name;
    view! {
        <AuthShell
            title="This invitation has run out"
            description=format!("The link to join {organization} was valid for 48 hours.")
        >
            {if asked {
                view! {
                    <Banner title="A new one was asked for">
                        "Whoever invited you knows. The new link comes by mail."
                    </Banner>
                }
                    .into_any()
            } else {
                view! {
                    <ActionForm action=forms.ask>
                        <FormError message=failure(forms.ask) />
                        <input type="hidden" name="token" value=token />
                        <FormActions>
                            <Button
                                kind="submit"
                                variant=Variant::Primary
                                pending=forms.ask.pending()
                                block=true
                            >
                                "Ask for a new one"
                            </Button>
                        </FormActions>
                    </ActionForm>
                }
                    .into_any()
            }}
        </AuthShell>
    }
}
