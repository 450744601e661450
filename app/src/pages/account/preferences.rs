//! My preferences: the language of what is sent to me, and the theme of this browser.

use leptos::prelude::*;

use crate::components::read::{Read, read};
use crate::components::submit::{error_at, failure, kept, use_done};
use crate::layout::Guarded;
use crate::layout::theme::ThemeChoice;
use crate::rpc::account::{SetOwnLanguage, get_own_profile};
use crate::rpc::{ActionForm, FormAction};
use crate::ui::prelude::*;

/// `/account/preferences`
#[component]
pub fn PreferencesPage() -> impl IntoView {
    let action = FormAction::<SetOwnLanguage>::new();
    use_done(action);
    let profile = read(|| (), |()| async { get_own_profile().await });
    view! {
        <div class="stack">
            <Read resource=profile let:profile>
                <Section
                    title="Language"
                    description="Mails to you are written in it where we have it, else in English. Programs that you use learn of \
                    it, too."
                >
                    <Guarded>
                        <ActionForm action>
                            <FormError message=failure(action) />
                            <FormGrid>
                                <Field
                                    name="language"
                                    label="Language"
                                    hint="A tag such as en, de or de-CH; empty for none."
                                    error=error_at(action, "language")
                                >
                                    <TextInput
                                        value=kept(action, "language", profile.language.unwrap_or_default())
                                        max_length=35_u32
                                    />
                                </Field>
                            </FormGrid>
                            <FormActions>
                                <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                                    "Save language"
                                </Button>
                            </FormActions>
                        </ActionForm>
                    </Guarded>
                </Section>
            </Read>
            <Section title="Theme" description="Kept in this browser.">
                <ThemeChoice />
            </Section>
        </div>
    }
}
