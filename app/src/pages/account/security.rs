//! My second factors: the authenticator app, passkeys, recovery codes. Changing them asks for the password again.

use guildhall::factors::{CONFIRMED_FOR, Factors, OwnFactors, Passkey};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::passkey::{NOT_GIVEN, make, send_with};
use crate::components::read::{Read, read};
use crate::components::recovery_codes::{RecoveryCodes, show_codes};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::rpc::factors::{
    AddPasskey, BeginAuthenticatorApp, ConfirmPassword, RemoveAuthenticatorApp, RemovePasskey,
    RenewRecoveryCodes, begin_passkey, get_own_factors, take_new_codes,
};
use crate::rpc::{ActionForm, FormAction, Wire, own_path};
use crate::ui::prelude::*;

/// What the forms of the page do.
#[derive(Clone, Copy)]
struct Actions {
    confirm: FormAction<ConfirmPassword>,
    begin: FormAction<BeginAuthenticatorApp>,
    remove_app: FormAction<RemoveAuthenticatorApp>,
    add_passkey: FormAction<AddPasskey>,
    remove_passkey: FormAction<RemovePasskey>,
    renew: FormAction<RenewRecoveryCodes>,
}

/// `/account/security`
#[component]
pub fn SecurityPage() -> impl IntoView {
    let actions = Actions {
        confirm: FormAction::new(),
        begin: FormAction::new(),
        remove_app: FormAction::new(),
        add_passkey: FormAction::new(),
        remove_passkey: FormAction::new(),
        renew: FormAction::new(),
    };
    use_done(actions.confirm);
    use_done(actions.begin);
    use_done(actions.remove_app);
    use_done(actions.remove_passkey);
    // With scripts off the codes wait for this page; with them they are in the answer.
    let waiting = SharedValue::<_, Wire>::new_with_encoding(take_new_codes).into_inner();
    let shown = RwSignal::new(waiting);
    show_codes(actions.add_passkey.value(), shown);
    show_codes(actions.renew.value(), shown);
    let query = use_query_map();
    let asked = query.with_untracked(|query| query.get("return_to"));
    let return_to = own_path(asked.as_deref(), "");
    let own = read(|| (), |()| async { get_own_factors().await });
    view! {
        <div class="stack">
            {move || shown.get().map(|new| view! { <RecoveryCodes codes=new.codes /> })}
            <Read resource=own let:own>
                <Own own actions return_to=return_to.clone() />
            </Read>
        </div>
    }
}

/// The way on for whoever was led here, once there is a second factor.
#[component]
pub fn Onward(return_to: String) -> impl IntoView {
    (!return_to.is_empty()).then(|| {
        // Perhaps no page of ours: the browser itself follows it.
        view! {
            <p>
                <a class="btn btn--primary" href=return_to rel="external">
                    "Go on"
                </a>
            </p>
        }
    })
}

#[component]
fn Own(own: OwnFactors, actions: Actions, return_to: String) -> impl IntoView {
    let OwnFactors {
        factors,
        confirmed,
        required_by,
    } = own;
    let any = factors.any();
    let names = required_by.join(", ");
    let left = factors.recovery_codes_left;
    let onward = any.then(|| view! { <Onward return_to=return_to.clone() /> });
    view! {
        <div class="stack">
            {(!any && !required_by.is_empty())
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warning title="Set up a second factor">
                            {format!("{names} requires one. Until you have it, the organization is closed to you.")}
                        </Banner>
                    }
                })}
            {onward}
            {(!confirmed).then(|| view! { <Confirm action=actions.confirm /> })}
            <App factors=factors.clone() confirmed actions return_to=return_to.clone() />
            <Passkeys passkeys=factors.passkeys confirmed actions return_to />
            {any.then(|| view! { <Codes left confirmed action=actions.renew /> })}
        </div>
    }
}

const FIRST_CONFIRM: &str = "Confirm your password above first.";

fn reason(confirmed: bool) -> Option<String> {
    (!confirmed).then(|| FIRST_CONFIRM.to_owned())
}

#[component]
fn Confirm(action: FormAction<ConfirmPassword>) -> impl IntoView {
    view! {
        <Card
            title="Confirm that it is you"
            description=format!(
                "To change how you sign in, type your password again. It counts for {CONFIRMED_FOR} minutes.",
            )
        >
            <ActionForm action>
                <FormError message=failure(action) />
                <FormGrid>
                    <Field name="password" label="Password" error=error_at(action, "password") required=true>
                        <PasswordInput />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                        "Confirm password"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}

#[component]
fn App(factors: Factors, confirmed: bool, actions: Actions, return_to: String) -> impl IntoView {
    let app = factors.authenticator_app;
    view! {
        <Card
            title="Authenticator app"
            description="An app on your phone, or in your password manager, that shows a new code every 30 seconds."
        >
            <FormError message=failure(actions.begin) />
            <FormError message=failure(actions.remove_app) />
            {app
                .map(|app| {
                    view! {
                        <DescriptionList>
                            <Description term="Set up">
                                <Time ms=app.created_at />
                            </Description>
                            <Description term="Last used">
                                <MaybeTime ms=app.last_used_at />
                            </Description>
                        </DescriptionList>
                    }
                })}
            <div class="row">
                <ActionForm action=actions.begin>
                    <input type="hidden" name="return_to" value=return_to />
                    <Button
                        kind="submit"
                        icon=Glyph::Phone
                        pending=actions.begin.pending()
                        disabled_reason=reason(confirmed)
                    >
                        {if app.is_some() { "Set up another app instead" } else { "Set up an authenticator app" }}
                    </Button>
                </ActionForm>
                {app
                    .map(|_| {
                        view! {
                            <ActionForm action=actions.remove_app>
                                <Button
                                    kind="submit"
                                    icon=Glyph::Trash
                                    pending=actions.remove_app.pending()
                                    disabled_reason=reason(confirmed)
                                >
                                    "Remove the app"
                                </Button>
                            </ActionForm>
                        }
                    })}
            </div>
        </Card>
    }
}

#[component]
fn Passkeys(passkeys: Vec<Passkey>, confirmed: bool, actions: Actions, return_to: String) -> impl IntoView {
    let list = if passkeys.is_empty() {
        view! {
            <EmptyState
                glyph=Glyph::Key
                title="No passkey yet"
                text="A passkey is kept by your phone, computer or security key, and cannot be typed into a false page."
            />
        }
        .into_any()
    } else {
        view! {
            <Table
                label="Passkeys"
                head=|| {
                    view! {
                        <Th label="Name" />
                        <Th label="Added" />
                        <Th label="Last used" />
                        <Th label="Actions" hidden=true />
                    }
                }
            >
                {passkeys
                    .into_iter()
                    .map(|passkey| view! { <PasskeyRow passkey confirmed action=actions.remove_passkey /> })
                    .collect_view()}
            </Table>
        }
        .into_any()
    };
    view! {
        <Card title="Passkeys" description="Sign in with your fingerprint, face or security key." flush=true>
            <FormError message=failure(actions.remove_passkey) />
            {list}
        </Card>
        <AddForm confirmed action=actions.add_passkey return_to />
    }
}

#[component]
fn PasskeyRow(passkey: Passkey, confirmed: bool, action: FormAction<RemovePasskey>) -> impl IntoView {
    let Passkey {
        passkey_id,
        name,
        created_at,
        last_used_at,
    } = passkey;
    let removes = format!(" the passkey {name}");
    view! {
        <Tr>
            <Td label="Name">{name}</Td>
            <Td label="Added">
                <Time ms=created_at date_only=true />
            </Td>
            <Td label="Last used">
                <MaybeTime ms=last_used_at />
            </Td>
            <ActionsCell>
                <ActionForm action>
                    <input type="hidden" name="passkey_id" value=passkey_id.to_string() />
                    <Button
                        kind="submit"
                        size=Size::Small
                        pending=action.pending()
                        disabled_reason=reason(confirmed)
                    >
                        "Remove"
                        <span class="sr-only">{removes}</span>
                    </Button>
                </ActionForm>
            </ActionsCell>
        </Tr>
    }
}

/// The browser makes the passkey, which needs a script; the form then carries it.
#[component]
fn AddForm(confirmed: bool, action: FormAction<AddPasskey>, return_to: String) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    let asking = RwSignal::new(false);
    let ask = move |_| {
        refused.set(None);
        asking.set(true);
        leptos::task::spawn_local(async move {
            match begin_passkey().await {
                Ok(asked) => match make(&asked.options).await {
                    Some(said) => send_with("passkey-made", &said),
                    None => refused.set(Some(NOT_GIVEN.to_owned())),
                },
                Err(error) => refused.set(Some(error.0.message)),
            }
            asking.set(false);
        });
    };
    let wrong = failure(action);
    let message = Signal::derive(move || refused.get().or_else(|| wrong.get()));
    let pending = action.pending();
    view! {
        <Card title="Add a passkey" description="Give it a name by which you will know the device. A browser makes passkeys with scripts only; an authenticator app needs none.">
            <div class="needs-script">
                <FormError message />
                <ActionForm action>
                    <input type="hidden" name="passkey" id="passkey-made" value="" />
                    <input type="hidden" name="return_to" value=return_to />
                    <FormGrid>
                        <Field
                            name="name"
                            label="Name of the passkey"
                            error=error_at(action, "name")
                            required=true
                        >
                            <TextInput value=kept(action, "name", "My passkey") max_length=60u32 autocomplete="off" />
                        </Field>
                    </FormGrid>
                    <FormActions>
                        <Button
                            icon=Glyph::Key
                            variant=Variant::Primary
                            pending=Signal::derive(move || asking.get() || pending.get())
                            disabled_reason=reason(confirmed)
                            on:click=ask
                        >
                            "Add passkey"
                        </Button>
                    </FormActions>
                </ActionForm>
            </div>
        </Card>
    }
}

#[component]
fn Codes(left: u64, confirmed: bool, action: FormAction<RenewRecoveryCodes>) -> impl IntoView {
    view! {
        <Card
            title="Recovery codes"
            description="For when you have neither your app nor a passkey at hand. Each works once."
        >
            <FormError message=failure(action) />
            <p>
                {if left == 0 {
                    "You have none left.".to_owned()
                } else {
                    format!("You have {} left.", count_of(left, "code", "codes"))
                }}
            </p>
            <ActionForm action>
                <Button
                    kind="submit"
                    icon=Glyph::Refresh
                    pending=action.pending()
                    disabled_reason=reason(confirmed)
                >
                    "Make new codes"
                </Button>
            </ActionForm>
        </Card>
    }
}
