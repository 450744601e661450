//! The error that people and programs see: a public code, a sentence, and the fields that it is about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of refusal it is; each is one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    Gone,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    Unprocessable,
    RateLimited,
    Internal,
    Unavailable,
}

impl Code {
    /// The HTTP status (RFC 9110, 15).
    pub const fn status(self) -> u16 {
        match self {
            Code::Invalid => 400,
            Code::Unauthenticated => 401,
            Code::Forbidden => 403,
            Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::Conflict => 409,
            Code::Gone => 410,
            Code::PreconditionFailed => 412,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType => 415,
            Code::Unprocessable => 422,
            Code::RateLimited => 429,
            Code::Internal => 500,
            Code::Unavailable => 503,
        }
    }
}

/// What is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field's path as the input spells it: `name.first_name`, `role_ids[1]`.
    pub field: String,
    /// A sentence.
    pub message: String,
}

/// A refusal. It never holds a private cause: what broke inside stays in the log, under `reference`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// The kind.
    pub code: Code,
    /// A sentence that a person can act on.
    pub message: String,
    /// A stable string for programs, such as `organization_name_taken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The fields at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Where the private cause can be found in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Seconds after which it is worth trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Error {
    /// An error of `code` with a sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            reason: None,
            fields: Vec::new(),
            reference: None,
            retry_after: None,
        }
    }

    /// The same with a stable string for programs.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same, at one more field.
    pub fn at(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.fields.push(FieldError {
            field: field.into(),
            message: message.into(),
        });
        self
    }

    /// 400 at one field; the sentence names the field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Error::new(Code::Invalid, format!("{field}: {message}")).at(field, message)
    }

    /// 400 for all of `fields`, or `Ok` when there are none.
    pub fn all(fields: Vec<FieldError>) -> Result<(), Self> {
        match fields.first() {
            None => Ok(()),
            Some(first) => {
                let mut error = Error::new(Code::Invalid, format!("{}: {}", first.field, first.message));
                error.fields = fields;
                Err(error)
            }
        }
    }

    /// 401.
    pub fn unauthenticated() -> Self {
        Error::new(Code::Unauthenticated, "Sign in, or send a valid bearer token.")
    }

    /// 403.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Error::new(Code::Forbidden, message)
    }

    /// 404 for `what`, which may or may not exist.
    pub fn not_found(what: &str) -> Self {
        Error::new(Code::NotFound, format!("There is no such {what}."))
    }

    /// 409 with a stable reason.
    pub fn conflict(reason: &str, message: impl Into<String>) -> Self {
        Error::new(Code::Conflict, message).because(reason)
    }

    /// 412.
    pub fn precondition_failed() -> Self {
        Error::new(
            Code::PreconditionFailed,
            "It was changed in the meantime: read it again, then repeat the change.",
        )
    }

    /// 500, pointing at the log.
    pub fn internal(reference: impl Into<String>) -> Self {
        let mut error = Error::new(
            Code::Internal,
            "Something broke on our side; nothing was changed.",
        );
        error.reference = Some(reference.into());
        error
    }

    /// The message at `field`, if it is at fault.
    pub fn message_at(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|at| at.field == field)
            .map(|at| at.message.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(reference) = &self.reference {
            write!(f, " (reference {reference})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Why a value type refused a text; becomes a [`FieldError`] where the field is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Malformed {
    /// A refusal with a sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Malformed(message.into())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}
