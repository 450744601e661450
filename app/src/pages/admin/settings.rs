//! The tenant's settings.

use leptos::prelude::*;

use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, use_done};
use crate::components::test_mail::TestMail;
use crate::layout::Guarded;
use crate::rpc::tenant::{UpdateSettings, get_settings};
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/admin/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let action = FormAction::<UpdateSettings>::new();
    use_done(action);
    let settings = read(|| (), |()| get_settings());
    view! {
        <PageHeader title="Settings" description="What holds for the whole tenant." />
        <Read resource=settings let:settings>
            <div class="stack">
                <Section title="Name" description="How pages and mails call you.">
                    <Guarded>
                        <ActionForm action>
                            <FormError message=failure(action) />
                            <Field
                                name="name"
                                label="Tenant name"
                                error=error_at(action, "name")
                                required=true
                            >
                                <TextInput
                                    value=typed("name").unwrap_or(settings.name)
                                    max_length=100
                                    autocomplete="organization"
                                />
                            </Field>
                            <FormActions>
                                <Button
                                    kind="submit"
                                    variant=Variant::Primary
                                    pending=action.pending()
                                >
                                    "Save"
                                </Button>
                            </FormActions>
                        </ActionForm>
                    </Guarded>
                </Section>
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
        </Read>
    }
}
