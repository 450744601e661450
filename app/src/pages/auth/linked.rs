//! What the pages share that a link with a secret leads to, and those that send such a link.

use std::future::Future;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use serde::{Serialize, de::DeserializeOwned};

use crate::components::entrance::use_entrance;
use crate::components::read::read;
use crate::layout::AuthShell;
use crate::pages::errors::answer_with;
use crate::rpc::{Done, FormAction, RpcError};
use crate::ui::prelude::*;

/// The page of a link: reads what the link is `about` and shows its `form`, which lets somebody in. Opening it uses nothing
/// up. Where the link is dead, the page says why and leads to `again`, an address and its words.
pub fn linked<S, T, Fut>(
    title: &'static str,
    action: FormAction<S>,
    about: impl Fn(String) -> Fut + Send + Sync + 'static,
    again: (&'static str, &'static str),
    form: impl Fn(T, String) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    S: ServerFn<Error = RpcError, Output = Done> + Clone + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, RpcError>> + Send + 'static,
{
    use_entrance(action);
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let about = read(move || token.get(), about);
    view! {
        <AuthShell title>
            <Transition fallback=|| ()>
                {move || {
                    let form = form.clone();
                    Suspend::new(async move {
                        match about.await {
                            Ok(about) => form(about, token.get_untracked()),
                            Err(RpcError(error)) => {
                                answer_with(error.code.status());
                                view! { <DeadLink message=error.message again /> }.into_any()
                            }
                        }
                    })
                }}
            </Transition>
        </AuthShell>
    }
}

#[component]
fn DeadLink(message: String, again: (&'static str, &'static str)) -> impl IntoView {
    let (href, words) = again;
    view! {
        <Banner tone=Tone::Warning title="This link does not work any more">
            {message}
        </Banner>
        <FormActions>
            <LinkButton href variant=Variant::Primary block=true>
                {words}
            </LinkButton>
        </FormActions>
        {(href != "/signin")
            .then(|| {
                view! {
                    <p>
                        <a href="/signin">"Back to sign-in"</a>
                    </p>
                }
            })}
    }
}

/// Says that a link may be on its way: the same for every address.
#[component]
pub fn LinkSent(
    description: &'static str,
    /// What to do where nothing comes.
    nothing: &'static str,
    /// Where another link is asked for.
    again: &'static str,
) -> impl IntoView {
    view! {
        <AuthShell title="Look into your mailbox" description>
            <p>{nothing}</p>
            <p><a href=again>"Ask for another link"</a>" · "<a href="/signin">"Back to sign-in"</a></p>
        </AuthShell>
    }
}

/// What a form that chooses a password carries unseen: its link, the page to come back to, and whose password it is.
#[component]
pub fn Carried(
    /// The page of the link, without the token.
    page: &'static str,
    token: String,
    email: String,
) -> impl IntoView {
    view! {
        <input type="hidden" name="come_back" value=format!("{page}/{token}") />
        <input type="hidden" name="token" value=token />
        // For the browser's own keeper of passwords.
        <input
            type="text"
            class="sr-only"
            autocomplete="username"
            value=email
            readonly=true
            tabindex="-1"
            aria-hidden="true"
        />
    }
}
