//! The first administrator of a new console.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::entrance::use_entrance;
use crate::components::new_password::NewPassword;
use crate::components::read::read;
use crate::components::submit::{error_at, failure};
use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::rpc::sessions::{SetUp, get_set_up};
use crate::rpc::{ActionForm, FormAction, RpcError, typed};
use crate::ui::prelude::*;

/// `/setup/{token}`, the link that the first start printed. Opening it uses nothing up.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let action = FormAction::<SetUp>::new();
    use_entrance(action);
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let works = read(
        move || token.get(),
        |token| async move { get_set_up(token).await },
    );
    view! {
        <AuthShell title="Set up Guildhall">
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    match works.await {
                        Ok(()) => view! { <SetUpForm token=token.get_untracked() action /> }.into_any(),
                        Err(RpcError(error)) => {
                            answer_with(error.code.status());
                            view! { <DeadLink message=error.message /> }.into_any()
                        }
                    }
                })}
            </Transition>
        </AuthShell>
    }
}

#[component]
fn SetUpForm(token: String, action: FormAction<SetUp>) -> impl IntoView {
    // A link that was used meanwhile is nobody's field.
    let refused = Signal::derive(move || error_at(action, "token").get().or_else(|| failure(action).get()));
    view! {
        <p class="auth__about">
            "Make the first administrator. This link works once; whoever has it becomes the administrator."
        </p>
        <ActionForm action>
            <FormError message=refused />
            <input type="hidden" name="token" value=token />
            <FormGrid>
                <Field name="email" label="E-mail address" error=error_at(action, "email") required=true>
                    <TextInput
                        kind="email"
                        autocomplete="username"
                        value=typed("email").unwrap_or_default()
                        autofocus=true
                    />
                </Field>
                <NewPassword name="password" label="Password" error=error_at(action, "password") />
            </FormGrid>
            <FormActions>
                <Button kind="submit" variant=Variant::Primary pending=action.pending() block=true>
                    "Create the administrator"
                </Button>
            </FormActions>
        </ActionForm>
    }
}

#[component]
fn DeadLink(message: String) -> impl IntoView {
    view! {
        <Banner tone=Tone::Warning title="This link does not work any more">
            {message}
        </Banner>
        <FormActions>
            <LinkButton href="/signin" variant=Variant::Primary block=true>
                "Sign in"
            </LinkButton>
        </FormActions>
    }
}
