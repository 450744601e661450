//! Two people change one thing: whoever saves later is shown both versions, and nothing is lost.
//!
//! A form carries the version of the thing that it shows, and what stood in each of its fields. Where somebody else has saved
//! meanwhile, the refusal holds what both wrote; the form shows it side by side, and saves what is chosen.

use guildhall::error::Error;
#[cfg(feature = "ssr")]
use guildhall::error::{Code, FieldError};

#[cfg(feature = "ssr")]
use super::RpcError;

/// The reason of such a refusal.
pub const CHANGED_MEANWHILE: &str = "changed_meanwhile";

/// One field as two people left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// What stands there now.
    pub theirs: String,
    /// What was typed.
    pub yours: String,
    /// The one that is chosen at first: that of whoever changed it.
    pub kept: String,
}

impl Versions {
    /// Those of a field, where `error` says that somebody else has changed it meanwhile.
    pub fn of(error: &Error, field: &str) -> Option<Self> {
        Some(Self {
            theirs: said(error, "theirs", field)?,
            yours: said(error, "yours", field)?,
            kept: said(error, "kept", field)?,
        })
    }
}

/// The version of the thing now, where `error` says that somebody else has changed it meanwhile.
pub fn version_now(error: &Error) -> Option<String> {
    said(error, "theirs", "version")
}

/// Whether this is such a refusal.
pub fn is_conflict(error: &Error) -> bool {
    error.reason.as_deref() == Some(CHANGED_MEANWHILE)
}

/// What such a refusal says, for example of `theirs` and `name`.
pub fn said(error: &Error, whose: &str, field: &str) -> Option<String> {
    if !is_conflict(error) {
        return None;
    }
    error
        .fields
        .iter()
        .find(|at| at.field.split_once('.') == Some((whose, field)))
        .map(|at| at.message.clone())
}

/// A field of a form that was sent: what stood there when the form was made, what stands there now, and what was sent.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    field: &'static str,
    was: String,
    now: String,
    typed: String,
}

#[cfg(feature = "ssr")]
impl Sent {
    /// White space around it makes no difference, nor how lines end.
    pub fn new(field: &'static str, was: &str, now: &str, typed: &str) -> Self {
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        Self {
            field,
            was: plain(was),
            now: plain(now),
            typed: plain(typed),
        }
    }
}

/// Whether a save was refused since the thing has another version by now.
#[cfg(feature = "ssr")]
pub fn is_outdated(RpcError(error): &RpcError) -> bool {
    error.code == Code::PreconditionFailed
}

/// Lets a form be saved that was made of an earlier version, where nobody has changed anything of what it shows.
///
/// # Errors
/// 409 with both versions of each field in which they differ.
#[cfg(feature = "ssr")]
pub fn reconcile(version: i64, fields: &[Sent]) -> Result<(), RpcError> {
    if !fields.iter().any(|at| at.now != at.was && at.now != at.typed) {
        return Ok(());
    }
    let mut said = vec![("theirs", "version", version.to_string())];
    for at in fields.iter().filter(|at| at.now != at.typed) {
        let kept = if at.typed == at.was { &at.now } else { &at.typed };
        said.push(("theirs", at.field, at.now.clone()));
        said.push(("yours", at.field, at.typed.clone()));
        said.push(("kept", at.field, kept.clone()));
    }
    Err(refusal(said))
}

/// The refusal that says this.
#[cfg(feature = "ssr")]
pub fn refusal(said: Vec<(&str, &str, String)>) -> RpcError {
    let mut error = Error::conflict(
        CHANGED_MEANWHILE,
        "Somebody else has saved this while you were editing. Nothing is lost: choose what to keep, then save again.",
    );
    error.fields = said
        .into_iter()
        .map(|(whose, field, message)| FieldError {
            field: format!("{whose}.{field}"),
            message,
        })
        .collect();
    RpcError(error)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_versions_are_shown_where_somebody_else_changed_what_the_form_shows() {
        let fields = [
            Sent::new("department", "Kilns", "Glazes", "Wheels"),
            Sent::new("title", "", "Lead", ""),
            Sent::new("manager", "Ada", "Ada", " Grace\r\n"),
        ];
        let RpcError(error) = reconcile(7, &fields).unwrap_err();
        assert_eq!(error.code, Code::Conflict);
        assert_eq!(version_now(&error).as_deref(), Some("7"));
        let kept = |field| Versions::of(&error, field).unwrap().kept;
        // Whoever changed it: both did, they did, you did.
        assert_eq!(
            (kept("department"), kept("title"), kept("manager")),
            ("Wheels".to_owned(), "Lead".to_owned(), "Grace".to_owned())
        );
        let department = Versions::of(&error, "department").unwrap();
        assert_eq!((&*department.theirs, &*department.yours), ("Glazes", "Wheels"));
        assert_eq!(Versions::of(&Error::conflict("other", ""), "title"), None);
    }

    #[test]
    fn what_the_form_does_not_show_is_no_conflict_and_neither_is_the_same_change() {
        let untouched = Sent::new("title", "Lead", "Lead", "Head");
        let agreed = Sent::new("department", "", "Kilns", "Kilns ");
        assert_eq!(reconcile(7, &[untouched, agreed]), Ok(()));
    }
}
