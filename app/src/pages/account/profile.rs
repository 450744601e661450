//! My record: who I am, where I live, what I look like.

use guildhall::account::Profile;
use guildhall::sessions::Me;
use guildhall::users::AddressType;
use leptos::prelude::*;

use crate::components::entrance::use_entrance;
use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, kept};
use crate::layout::Guarded;
use crate::pages::frame::use_me;
use crate::rpc::account::{UpdateOwnProfile, get_own_profile};
use crate::rpc::sessions::SignOut;
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

type Save = FormAction<UpdateOwnProfile>;

/// `/account`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let action = Save::new();
    // The frame shows the name: it is loaded anew with it.
    use_entrance(action);
    let sign_out = FormAction::<SignOut>::new();
    use_entrance(sign_out);
    let profile = read(|| (), |()| async { get_own_profile().await });
    view! {
        <Read resource=profile let:profile>
            <div class="stack">
                <Facts profile=profile.clone() />
                <ProfileForm profile action />
                <Section title="Sign out" description="Ends the session in this browser.">
                    <ActionForm action=sign_out>
                        <Button kind="submit" icon=Glyph::Logout pending=sign_out.pending()>
                            "Sign out"
                        </Button>
                    </ActionForm>
                </Section>
            </div>
        </Read>
    }
}

fn administers(me: &Me) -> String {
    if me.tenant_admin {
        return "This tenant, with every organization".to_owned();
    }
    let names: Vec<&str> = me
        .administers
        .iter()
        .map(|organization| organization.name.as_str())
        .collect();
    if names.is_empty() {
        "Nothing".to_owned()
    } else {
        names.join(", ")
    }
}

#[component]
fn Facts(profile: Profile) -> impl IntoView {
    let email = profile
        .emails
        .iter()
        .find(|email| email.primary)
        .map(|email| email.value.clone());
    let label = profile.label();
    view! {
        <Card title="Account">
            <DescriptionList>
                <Description term="Name">{label}</Description>
                <Description term="E-mail address">{email.unwrap_or_else(|| "None".to_owned())}</Description>
                {profile
                    .username
                    .map(|username| view! { <Description term="User name">{username}</Description> })}
                <Description term="User id">
                    <CopyId id=profile.user_id.to_string() what="user id" />
                </Description>
                {use_me().map(|me| view! { <Description term="Administers">{administers(&me)}</Description> })}
                <Description term="Last sign-in">
                    <MaybeTime ms=profile.last_auth />
                </Description>
                <Description term="Member since">
                    <Time ms=profile.created_at date_only=true />
                </Description>
            </DescriptionList>
        </Card>
    }
}

#[component]
fn ProfileForm(profile: Profile, action: Save) -> impl IntoView {
    fn text<T: ToString>(part: &Option<T>) -> String {
        part.as_ref().map(ToString::to_string).unwrap_or_default()
    }
    let name = profile.name.unwrap_or_default();
    let address = profile.address.unwrap_or_default();
    let kind = match address.kind {
        Some(AddressType::Home) => "Home",
        Some(AddressType::Work) => "Work",
        Some(AddressType::Other) => "Other",
        None => "",
    };
    let field = move |field: &'static str,
                      label: &'static str,
                      kind: &'static str,
                      fill: &'static str,
                      now: String,
                      hint| {
        view! {
            <Field name=field label error=error_at(action, field) hint>
                <TextInput kind value=kept(action, field, now) autocomplete=fill />
            </Field>
        }
    };
    let plain = MaybeProp::<String>::default;
    let kinds = ["", "Home", "Work", "Other"].map(|kind| {
        let word = if kind.is_empty() { "Not said" } else { kind };
        Choice::new(kind, word)
    });
    view! {
        <Guarded>
            <ActionForm action>
                <div class="stack">
                    <FormError message=failure(action) />
                    <Card title="Name" description="How you are called here, and in the organizations that you are in.">
                        <FormGrid columns=true>
                            {field("first_name", "First name", "text", "given-name", text(&name.first_name), plain())}
                            {field("last_name", "Last name", "text", "family-name", text(&name.last_name), plain())}
                            {field("middle_name", "Middle name", "text", "additional-name", text(&name.middle_name), plain())}
                            {field("title", "Title", "text", "honorific-prefix", text(&name.title), plain())}
                            {field("birthday", "Birthday", "date", "bday", text(&profile.birthday), plain())}
                            {field(
                                "picture",
                                "Picture",
                                "url",
                                "photo",
                                text(&profile.picture),
                                MaybeProp::from("A link to a picture of you that starts with https://"),
                            )}
                        </FormGrid>
                    </Card>
                    <Card title="Address">
                        <FormGrid columns=true>
                            {field("street_address", "Street and number", "text", "street-address", text(&address.street_address), plain())}
                            {field("postal_code", "Postal code", "text", "postal-code", text(&address.postal_code), plain())}
                            {field("city", "City", "text", "address-level2", text(&address.city), plain())}
                            {field("state", "State or province", "text", "address-level1", text(&address.state), plain())}
                            {field("country", "Country", "text", "country-name", text(&address.country), plain())}
                            <Field name="kind" label="Kind of address" error=error_at(action, "kind")>
                                <Select options=kinds.to_vec() value=kept(action, "kind", kind) />
                            </Field>
                        </FormGrid>
                    </Card>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Save changes"
                        </Button>
                    </FormActions>
                </div>
            </ActionForm>
        </Guarded>
    }
}
