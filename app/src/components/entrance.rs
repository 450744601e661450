//! Coming in and going out: the page after it is loaded anew, since somebody else looks at it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

use crate::components::read::query_value;
use crate::rpc::{Done, FormAction, RpcError};

/// After the success of `action` the browser loads the page that it names.
pub fn use_entrance<S>(action: FormAction<S>)
where
    S: ServerFn<Error = RpcError, Output = Done> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Effect::new(move |_| {
        let to = value.with(|value| match value {
            Some(Ok(done)) => done.to.clone(),
            _ => None,
        });
        if let Some(to) = to {
            let _ = window().location().set_href(&to);
        }
    });
}

/// The way to sign-in and back to this page.
pub fn sign_in_path() -> String {
    let here = use_location();
    let path = here.pathname.get_untracked();
    let query = here.query.with_untracked(|query| query.to_query_string());
    format!("/signin?return_to={}", query_value(&format!("{path}{query}")))
}
