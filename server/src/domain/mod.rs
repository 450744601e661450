//! The rules: what each operation does once the door has let it in.

mod accepting;
mod account;
mod adding;
mod applications;
mod assigning;
mod audit;
mod clients;
mod connections;
mod discovery_domains;
mod factors;
mod invitation_way;
mod inviting;
mod inviting_through;
mod mail;
mod mail_templates;
mod members;
mod membership;
mod oidc;
mod organization_clients;
mod organization_roles;
mod organizations;
mod own_emails;
mod passing_on;
mod passwords;
mod portal;
mod registering;
mod registrations;
mod renaming;
mod role_groups;
mod roles;
mod sessions;
mod signed_in;
mod taking_back;
mod teams;
mod tenant;
mod tenant_roles;
mod tokens;
mod users;
pub(crate) mod webhooks;

use guildhall::error::Error;
use guildhall::text::Text;

/// `None` for an emptied field, so that an empty text clears a value.
fn cleared<const MIN: usize, const MAX: usize>(text: Option<Text<MIN, MAX>>) -> Option<String> {
    text.filter(|text| !text.as_str().is_empty())
        .map(|text| text.as_str().to_owned())
}

/// The new value of an optional text: absent stays, empty clears.
fn changed<const MIN: usize, const MAX: usize>(
    input: Option<Text<MIN, MAX>>,
    current: Option<String>,
) -> Option<String> {
    match input {
        None => current,
        Some(_) => cleared(input),
    }
}

/// A thing that is there, or 404.
fn found<T>(thing: Option<T>, what: &str) -> Result<T, Error> {
    thing.ok_or_else(|| Error::not_found(what))
}

/// 400 at the entry of a list that names nothing.
fn unknown_entry(field: &str, at: usize, id: impl std::fmt::Display, what: &str) -> Error {
    Error::field(format!("{field}[{at}]"), format!("{id} is no {what}"))
}
