//! The form that a program sends to the token endpoint and its neighbours, and the client that it names.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use guildhall::secret::Secret;
use serde_json::Value;

use super::refusal::{Refused, invalid_request, refused};
use crate::rest::{json_object, receive};

/// The largest form that is read.
const LIMIT: usize = 16 * 1024;

/// The parameters that there is a use for; unknown ones are ignored (RFC 6749, 3.2).
const KNOWN: [&str; 10] = [
    "grant_type",
    "client_id",
    "client_secret",
    "scope",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "token",
    "audience",
];

/// A form, each of whose parameters was given once and with a value.
#[derive(Default)]
pub struct Form(BTreeMap<&'static str, String>);

impl Form {
    /// Reads a request's body.
    ///
    /// # Errors
    /// 415 for another kind of body, 413, 400 for a parameter that comes twice.
    pub async fn read(headers: &HeaderMap, body: Body) -> Result<Form, Refused> {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            let why = "Send the parameters as application/x-www-form-urlencoded.";
            return Err(refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "invalid_request",
                why,
            ));
        }
        Form::parse(&receive(body, LIMIT).await?)
    }

    /// The same of a request whose body may also be a JSON object with the parameters.
    ///
    /// # Errors
    /// Those of [`Form::read`], and 400 for what is no such object.
    pub async fn read_either(headers: &HeaderMap, body: Body) -> Result<Form, Refused> {
        let is_json = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !is_json {
            return Form::read(headers, body).await;
        }
        let mut fields = json_object(&receive(body, LIMIT).await?)?;
        let mut form = Form::default();
        for known in KNOWN {
            match fields.remove(known) {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) if text.is_empty() => {}
                Some(Value::String(text)) => {
                    form.0.insert(known, text);
                }
                Some(_) => return Err(invalid_request(format!("{known} must be a text."))),
            }
        }
        Ok(form)
    }

    fn parse(bytes: &[u8]) -> Result<Form, Refused> {
        let mut form = Form::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            let Some(known) = KNOWN.into_iter().find(|known| *known == name) else {
                continue;
            };
            if form.0.insert(known, value.into_owned()).is_some() {
                return Err(invalid_request(format!("{name} is given more than once.")));
            }
        }
        // Sent without a value is as if not sent (RFC 6749, 3.2).
        form.0.retain(|_, value| !value.is_empty());
        Ok(form)
    }

    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn need(&self, name: &str) -> Result<&str, Refused> {
        self.get(name)
            .ok_or_else(|| invalid_request(format!("{name} is missing.")))
    }

    /// The same of a secret.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn secret(&self, name: &str) -> Result<Secret, Refused> {
        self.need(name).map(Secret::new)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_parameter_once_and_with_a_value() {
        let form = Form::parse(b"grant_type=refresh_token&scope=&unknown=1&unknown=2&token=a%2Bb+c")
            .ok()
            .unwrap();
        assert_eq!(form.get("grant_type"), Some("refresh_token"));
        assert_eq!(form.get("token"), Some("a+b c"));
        assert_eq!((form.get("scope"), form.get("unknown")), (None, None));
        assert!(form.need("code").is_err());
        assert!(Form::parse(b"code=1&code=1").is_err());
        assert!(Form::parse(b"code=&code=1").is_err());
    }
}
