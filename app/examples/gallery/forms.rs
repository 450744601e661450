//! A settings page.

use app::{layout::Guarded, ui::prelude::*};
use leptos::prelude::*;

pub fn forms() -> AnyView {
    view! {
        <PageHeader title="Settings" description="How people and organizations come in." />
        <div class="stack">
        <Guarded>
            <form method="post">
                <FormError
                    message="Two things need your attention."
                    fields=vec![
                        ("sender".into(), "Enter the address that mail comes from.".into()),
                        ("limit".into(), "The limit is a number from 1 to 365.".into()),
                    ]
                />
                <Section title="Mail" description="Invitations and notices are sent with this name and address.">
                    <FormGrid columns=true>
                        <Field name="sender_name" label="Sender's name" required=true>
                            <TextInput value="Acme Console" />
                        </Field>
                        <Field
                            name="sender"
                            label="Sender's address"
                            hint="Answers go there too."
                            error="Enter the address that mail comes from."
                            required=true
                        >
                            <TextInput kind="email" placeholder="console@acme.example" />
                        </Field>
                        <Field name="language" label="Language">
                            <Select
                                options=vec![Choice::new("en", "English"), Choice::new("de", "Deutsch")]
                                value="en"
                            />
                        </Field>
                        <Field name="password" label="SMTP password" optional=true>
                            <PasswordInput />
                        </Field>
                    </FormGrid>
                </Section>
                <Section title="Registration" description="Whether organizations may register themselves.">
                    <FormGrid>
                        <RadioGroup
                            name="registration"
                            legend="Self-registration"
                            options=vec![
                                Choice::new("off", "Off").hint("You create every organization."),
                                Choice::new("approval", "With approval")
                                    .hint("They wait under Pending registrations until you decide."),
                                Choice::new("open", "Open").disabled("Needs verified mail settings first."),
                            ]
                            value="approval"
                        />
                        <Checkbox
                            name="notify"
                            label="Tell administrators about new registrations"
                            checked=true
                            hint="One mail each, at most once an hour."
                        />
                        <Field name="welcome" label="Welcome text" hint="Markdown is not read.">
                            <Textarea value="Welcome to <Acme> & friends." />
                        </Field>
                    </FormGrid>
                </Section>
                <FormActions>
                    <Button kind="submit" variant=Variant::Primary>
                        "Save changes"
                    </Button>
                    <Button kind="reset" variant=Variant::Ghost>
                        "Discard"
                    </Button>
                </FormActions>
            </form>
        </Guarded>
        <Card danger=true title="Delete this organization" description="1 204 members lose access at once.">
            <Button
                variant=Variant::Danger
                icon=Glyph::Trash
                disabled_reason="Only an owner may delete the organization."
            >
                "Delete organization"
            </Button>
        </Card>
        </div>
    }
    .into_any()
}
