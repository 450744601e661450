//! A new person, in no organization yet.

use leptos::prelude::*;

use super::edit::PersonFields;
use crate::components::submit::{error_at, failure, use_done};
use crate::layout::Guarded;
use crate::rpc::users::CreateUser;
use crate::rpc::{ActionForm, FormAction, typed};
use crate::ui::prelude::*;

/// `/admin/users/new`
#[component]
pub fn NewUserPage() -> impl IntoView {
    let action = FormAction::<CreateUser>::new();
    use_done(action);
    let at = move |field: &'static str| error_at(action, field);
    view! {
        <PageHeader
            title="Add user"
            description="To put somebody into an organization, add them there: it makes the account as well."
            crumbs=vec![Crumb::new("Users", "/admin/users")]
        />
        <Card>
            <Guarded>
                <ActionForm action>
                    <FormError message=failure(action) />
                    <FormGrid columns=true>
                        <PersonFields
                            value=move |field| typed(field).unwrap_or_default()
                            at
                            set=|_| false
                        />
                    </FormGrid>
                    <FormGrid>
                        <Field
                            name="password"
                            label="Temporary password"
                            hint="At least 8 characters; must be changed at the first sign-in. Needed with a user name."
                            error=error_at(action, "password")
                            optional=true
                        >
                            <PasswordInput autocomplete="new-password" min_length=8 />
                        </Field>
                    </FormGrid>
                    <FormActions>
                        <Button kind="submit" variant=Variant::Primary pending=action.pending()>
                            "Add user"
                        </Button>
                        <LinkButton href="/admin/users">"Cancel"</LinkButton>
                    </FormActions>
                </ActionForm>
            </Guarded>
        </Card>
    }
}
