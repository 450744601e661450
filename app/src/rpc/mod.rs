//! Server functions: how the pages ask for operations. Each is one line; the rules are behind the door.

use guildhall::error::{Code, Error};
use guildhall::sessions::Me;
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

pub mod account;
pub mod applications;
mod ask;
pub mod audit;
pub mod conflict;
pub mod connections;
pub mod domains;
pub mod factors;
mod form;
pub mod handover;
pub mod invitations;
pub mod mail;
pub mod mail_templates;
pub mod members;
pub mod oidc;
pub mod organization_clients;
pub mod organization_roles;
pub mod organizations;
pub mod passwords;
pub mod portal;
pub mod registrations;
pub mod roles;
pub mod sessions;
pub mod teams;
pub mod tenant;
pub mod users;
pub mod webhooks;
mod wire;

pub use ask::Ask;
pub use form::{ActionForm, FormAction, RefusedForm};
pub use wire::Wire;

#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
pub use server::*;

/// A refusal on its way to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RpcError(pub Error);

impl FromServerFnError for RpcError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        RpcError(match value {
            ServerFnErrorErr::Request(_) => Error::new(
                Code::Unavailable,
                "The server cannot be reached. Check the connection and try again; nothing was changed.",
            ),
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => {
                Error::new(Code::Invalid, format!("The form was not understood: {why}."))
            }
            // The server reads nothing but requests, the browser nothing but answers.
            ServerFnErrorErr::Deserialization(why) if cfg!(feature = "ssr") => {
                Error::new(Code::Invalid, format!("The request was not understood: {why}."))
            }
            // An answer that is no answer of ours: a proxy's page, or a server that is going down.
            _ => Error::new(
                Code::Unavailable,
                "The server did not answer as expected. Try again in a moment.",
            ),
        })
    }
}

impl From<Error> for RpcError {
    fn from(error: Error) -> Self {
        RpcError(error)
    }
}

impl std::fmt::Display for RpcError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for RpcError {}

/// Who opened the page, found out by the server before it renders anything: a page that waited for it would be built
/// more than once. Coming in and going out load a new page, so that it holds as long as the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visitor {
    /// Nobody that we know.
    #[default]
    Nobody,
    /// Somebody who is signed in.
    Somebody(Box<Me>),
    /// It could not be found out.
    Unclear(Error),
}

/// What a form's success does: a toast that names what happened, and where to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The toast.
    pub message: String,
    /// The page to open; the same page where there is none.
    pub to: Option<String>,
}

/// What a page without scripts is told once, after a form was sent: the server reads it from a cookie and the
/// page renders it. Absent in the browser, where the form itself still has what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The toast of a success.
    pub toast: Option<String>,
    /// What was typed into a form that was refused, without secrets.
    pub typed: Vec<(String, String)>,
    /// Why a file was not taken.
    #[serde(default)]
    pub refused: Option<String>,
}

/// What was typed into `field` before the form was refused, where scripts are off.
pub fn typed(field: &str) -> Option<String> {
    use_context::<Flash>()?
        .typed
        .into_iter()
        .find(|(name, _)| name == field)
        .map(|(_, value)| value)
}

/// Everything that was typed or ticked under `field` before the form was refused, where scripts are off.
pub fn typed_all(field: &str) -> Option<Vec<String>> {
    let flash = use_context::<Flash>()?;
    if flash.typed.is_empty() {
        return None;
    }
    let indexed = format!("{field}[");
    Some(
        flash
            .typed
            .into_iter()
            .filter(|(name, _)| name == field || name.starts_with(&indexed))
            .map(|(_, value)| value)
            .collect(),
    )
}

/// Where to go after sign-in: the page that somebody came for, if it is one of ours, else the start page.
pub fn own_path(asked: Option<&str>, otherwise: &str) -> String {
    asked
        .filter(|path| {
            // `//host` and `/\host` are other sites, and `/.//host` becomes the first when its dots are resolved; browsers
            // drop tabs and line breaks before they look.
            let page = path.split(['?', '#']).next().unwrap_or_default();
            page.starts_with('/')
                && !page.contains("//")
                && !path.contains('\\')
                && path.bytes().all(|byte| byte.is_ascii_graphic())
        })
        .unwrap_or(otherwise)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn sign_in_leads_to_our_own_pages_only() {
        assert_eq!(
            own_path(Some("/admin/users?q=ada"), "/account"),
            "/admin/users?q=ada"
        );
        let onward = "/signin?return_to=https://elsewhere.example/";
        assert_eq!(own_path(Some(onward), "/account"), onward);
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/.//evil.example",
            "/%2e//evil.example",
            "/admin/..//evil.example",
            "/admin?q=\\evil.example",
            "/\t/evil.example",
            "",
            "admin",
        ] {
            assert_eq!(own_path(Some(elsewhere), "/admin"), "/admin", "{elsewhere}");
        }
        assert_eq!(own_path(None, "/account"), "/account");
    }
}
