//! The tenant's settings.

use guildhall::tenant::TenantSettings;
use leptos::prelude::*;

use crate::components::contested::{AsOf, Contested, as_of, versions};
use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::components::test_mail::TestMail;
use crate::layout::Guarded;
use crate::rpc::tenant::{UpdateRegistrationSettings, UpdateSettings, get_settings};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/admin/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let action = FormAction::<UpdateSettings>::new();
    let registering = FormAction::<UpdateRegistrationSettings>::new();
    use_done(action);
    use_done(registering);
    let settings = read(|| (), |()| get_settings());
    view! {
        <PageHeader title="Settings" description="What holds for the whole tenant." />
        <div class="stack">
            <Read resource=settings let:settings>
                <NameForm settings=settings.clone() action />
                <Organizations settings action=registering />
            </Read>
            // It reads something itself, and may not be made anew while that is on its way.
            <TestMail />
            <Section title="Administrators" description="Who may do everything here.">
                <p>
                    "An administrator manages every organization, application and user. To make somebody one, open them \
                    under " <a href="/admin/users">"Users"</a>
                    " and choose “Make administrator”. The last administrator cannot be taken away."
                </p>
                <p>
                    <a href="/admin/audit?operation=set_tenant_admin">
                        "See who became an administrator, and who ceased to be one"
                    </a>
                </p>
            </Section>
        </div>
    }
}

#[component]
fn NameForm(settings: TenantSettings, action: FormAction<UpdateSettings>) -> impl IntoView {
    let value = Signal::stored(kept(action, "name", settings.name.clone()));
    view! {
        <Section title="Name" description="How pages and mails call you.">
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <AsOf version=as_of(action, settings.version) />
                    <Contested
                        field="name"
                        label="Tenant name"
                        now=settings.name
                        versions=versions(action, "name")
                    >
                        <Field
                            name="name"
                            label="Tenant name"
                            error=error_at(action, "name")
                            required=true
                        >
                            <TextInput value max_length=100 autocomplete="organization" />
                        </Field>
                    </Contested>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Save"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Section>
    }
}

/// Whether organizations may register themselves.
#[component]
fn Organizations(settings: TenantSettings, action: FormAction<UpdateRegistrationSettings>) -> impl IntoView {
    let choices = |off: &str, on: &str| vec![Choice::new("off", off), Choice::new("on", on)];
    let word = |on: bool| if on { "on" } else { "off" }.to_owned();
    let (registers, approves) = (word(settings.self_registration), word(settings.auto_approval));
    let registers_value = Signal::stored(kept(action, "self_registration", registers.clone()));
    let approves_value = Signal::stored(kept(action, "auto_approval", approves.clone()));
    let may = Signal::stored(choices(
        "Off: administrators create them",
        "On: people create them themselves",
    ));
    let at_once = Signal::stored(choices(
        "Off: an administrator looks at each",
        "On: the organization is there at once",
    ));
    view! {
        <Section
            title="Organizations"
            description="With registration on, everybody who is signed in can create an organization, and people who are new \
            can register with one from the sign-in page. Whoever creates it is its administrator."
        >
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <AsOf version=as_of(action, settings.version) />
                    <FormGrid>
                        <Contested
                            field="self_registration"
                            label="Organizations may register themselves"
                            now=registers
                            versions=versions(action, "self_registration")
                        >
                            <Field
                                name="self_registration"
                                label="Organizations may register themselves"
                                error=error_at(action, "self_registration")
                            >
                                <Select options=may value=registers_value />
                            </Field>
                        </Contested>
                        <Contested
                            field="auto_approval"
                            label="Approve registrations automatically"
                            now=approves
                            versions=versions(action, "auto_approval")
                        >
                            <Field
                                name="auto_approval"
                                label="Approve registrations automatically"
                                hint="What waits already is still decided on by hand."
                                error=error_at(action, "auto_approval")
                            >
                                <Select options=at_once value=approves_value />
                            </Field>
                        </Contested>
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Save registration"
                        </Button>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Section>
    }
}
