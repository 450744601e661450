//! My mail addresses and phone numbers: added, verified, made the primary one, taken away.

use guildhall::account::{OwnEmail, Profile};
use leptos::prelude::*;

use crate::components::entrance::use_entrance;
use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::rpc::account::{
    AddOwnEmail, AddOwnPhone, MakeEmailPrimary, RemoveOwnEmail, RemoveOwnPhone, SendEmailVerification,
    get_own_profile,
};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// What the forms of the page do.
#[derive(Clone, Copy)]
struct Actions {
    add: FormAction<AddOwnEmail>,
    send: FormAction<SendEmailVerification>,
    primary: FormAction<MakeEmailPrimary>,
    remove: FormAction<RemoveOwnEmail>,
    add_phone: FormAction<AddOwnPhone>,
    remove_phone: FormAction<RemoveOwnPhone>,
}

/// `/account/emails`
#[component]
pub fn EmailsPage() -> impl IntoView {
    let actions = Actions {
        add: FormAction::new(),
        send: FormAction::new(),
        primary: FormAction::new(),
        remove: FormAction::new(),
        add_phone: FormAction::new(),
        remove_phone: FormAction::new(),
    };
    use_done(actions.add);
    use_done(actions.send);
    // The frame shows the primary address.
    use_entrance(actions.primary);
    use_done(actions.remove);
    use_done(actions.add_phone);
    use_done(actions.remove_phone);
    let profile = read(|| (), |()| async { get_own_profile().await });
    view! {
        <div class="stack">
            <Read resource=profile let:profile>
                <div class="stack">
                    <Emails emails=profile.emails.clone() actions />
                    <Phones profile actions />
                </div>
            </Read>
        </div>
    }
}

#[component]
fn Emails(emails: Vec<OwnEmail>, actions: Actions) -> impl IntoView {
    view! {
        <Card
            title="E-mail addresses"
            description="You sign in with the primary address, and mails go to it. Verify an address before you make it the primary \
            one."
            flush=true
        >
            <FormError message=failure(actions.send) />
            <FormError message=failure(actions.primary) />
            <FormError message=failure(actions.remove) />
            {if emails.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Mail
                        title="No address yet"
                        text="Add one: without it a forgotten password cannot be replaced."
                    />
                }
                    .into_any()
            } else {
                view! {
                    <Table
                        label="E-mail addresses"
                        head=|| {
                            view! {
                                <Th label="Address" />
                                <Th label="Status" />
                                <Th label="Actions" hidden=true />
                            }
                        }
                    >
                        {emails.into_iter().map(|email| view! { <EmailRow email actions /> }).collect_view()}
                    </Table>
                }
                    .into_any()
            }}
        </Card>
        <Card title="Add an address" description="A link is sent to it. Following the link verifies that it is yours.">
            <ActionForm action=actions.add>
                <FormError message=failure(actions.add) />
                <FormGrid>
                    <Field
                        name="email"
                        label="E-mail address"
                        error=error_at(actions.add, "email")
                        required=true
                    >
                        <TextInput kind="email" autocomplete="email" value=kept(actions.add, "email", "") />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary pending=actions.add.pending()>
                        "Add address"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}

#[component]
fn EmailRow(email: OwnEmail, actions: Actions) -> impl IntoView {
    let OwnEmail {
        value,
        email_verified,
        primary,
    } = email;
    let hidden = {
        let value = value.clone();
        move || view! { <input type="hidden" name="email" value=value.clone() /> }
    };
    let (for_send, for_primary, for_remove) = (hidden.clone(), hidden.clone(), hidden);
    let shown = value.clone();
    let of = |verb: &str| format!(" {verb} {value}");
    let (sends, makes, removes) = (of("for"), of(":"), of(":"));
    view! {
        <Tr>
            <Td label="Address">{shown}</Td>
            <Td label="Status">
                <div class="row">
                    <Status state=if email_verified { State::Verified } else { State::Unverified } />
                    {primary.then(|| view! { <Badge tone=Tone::Accent>"Primary"</Badge> })}
                </div>
            </Td>
            <ActionsCell>
                <div class="row">
                    {(!email_verified)
                        .then(|| {
                            view! {
                                <ActionForm action=actions.send>
                                    {for_send()}
                                    <Button kind="submit" size=Size::Small pending=actions.send.pending()>
                                        "Send link"
                                        <span class="sr-only">{sends}</span>
                                    </Button>
                                </ActionForm>
                            }
                        })}
                    {(email_verified && !primary)
                        .then(|| {
                            view! {
                                <ActionForm action=actions.primary>
                                    {for_primary()}
                                    <Button kind="submit" size=Size::Small pending=actions.primary.pending()>
                                        "Make primary"
                                        <span class="sr-only">{makes}</span>
                                    </Button>
                                </ActionForm>
                            }
                        })}
                    {(!primary)
                        .then(|| {
                            view! {
                                <ActionForm action=actions.remove>
                                    {for_remove()}
                                    <Button kind="submit" size=Size::Small pending=actions.remove.pending()>
                                        "Remove"
                                        <span class="sr-only">{removes}</span>
                                    </Button>
                                </ActionForm>
                            }
                        })}
                </div>
            </ActionsCell>
        </Tr>
    }
}

#[component]
fn Phones(profile: Profile, actions: Actions) -> impl IntoView {
    let primary = profile
        .phone_number
        .map(|phone| (phone.value, phone.phone_number_verified, true));
    let further = profile
        .secondary_phone_numbers
        .into_iter()
        .map(|number| (number, false, false));
    let numbers: Vec<(String, bool, bool)> = primary.into_iter().chain(further).collect();
    view! {
        <Card
            title="Phone numbers"
            description="Ways to reach you. They cannot be verified here, so nobody signs in with them."
            flush=true
        >
            <FormError message=failure(actions.remove_phone) />
            {if numbers.is_empty() {
                view! {
                    <EmptyState glyph=Glyph::Phone title="No number yet" text="Add one below, if you like." />
                }
                    .into_any()
            } else {
                view! {
                    <Table
                        label="Phone numbers"
                        head=|| {
                            view! {
                                <Th label="Number" />
                                <Th label="Status" />
                                <Th label="Actions" hidden=true />
                            }
                        }
                    >
                        {numbers
                            .into_iter()
                            .map(|(number, verified, primary)| {
                                view! { <PhoneRow number verified primary action=actions.remove_phone /> }
                            })
                            .collect_view()}
                    </Table>
                }
                    .into_any()
            }}
        </Card>
        <Card title="Add a number">
            <ActionForm action=actions.add_phone>
                <FormError message=failure(actions.add_phone) />
                <FormGrid>
                    <Field
                        name="phone_number"
                        label="Phone number"
                        hint="With the country’s code, such as +41 44 668 18 00."
                        error=error_at(actions.add_phone, "phone_number")
                        required=true
                    >
                        <TextInput
                            kind="tel"
                            autocomplete="tel"
                            value=kept(actions.add_phone, "phone_number", "")
                        />
                    </Field>
                </FormGrid>
                <FormActions>
                    <Button kind="submit" pending=actions.add_phone.pending()>
                        "Add number"
                    </Button>
                </FormActions>
            </ActionForm>
        </Card>
    }
}

#[component]
fn PhoneRow(
    number: String,
    verified: bool,
    /// The one that the record was made with: whoever made it changes it.
    primary: bool,
    action: FormAction<RemoveOwnPhone>,
) -> impl IntoView {
    let (which, shown) = (format!(": {number}"), number.clone());
    view! {
        <Tr>
            <Td label="Number">{shown}</Td>
            <Td label="Status">
                <div class="row">
                    <Status state=if verified { State::Verified } else { State::Unverified } />
                    {primary.then(|| view! { <Badge tone=Tone::Accent>"Primary"</Badge> })}
                </div>
            </Td>
            <ActionsCell>
                {(!primary)
                    .then(|| {
                        view! {
                            <ActionForm action>
                                <input type="hidden" name="phone_number" value=number />
                                <Button kind="submit" size=Size::Small pending=action.pending()>
                                    "Remove"
                                    <span class="sr-only">{which}</span>
                                </Button>
                            </ActionForm>
                        }
                    })}
            </ActionsCell>
        </Tr>
    }
}
