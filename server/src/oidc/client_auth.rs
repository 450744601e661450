//! How a client says who it is: HTTP Basic, the form, or its id alone where it has no secret (RFC 6749, 2.3).

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guildhall::oidc::ClientCredentials;
use guildhall::secret::Secret;

use super::form::Form;
use super::refusal::{Refused, invalid_client, invalid_request};
use crate::rest::Visit;

/// The form that a program sends and the client that it says it is, if this one may ask at all.
///
/// # Errors
/// Those of the limits, of [`Form::read`] and of the credentials.
pub async fn presented(
    visit: &Visit,
    headers: &HeaderMap,
    body: Body,
) -> Result<(ClientCredentials, Form), Refused> {
    visit.admitted()?;
    let form = Form::read(headers, body).await?;
    Ok((credentials(headers, &form)?, form))
}

/// The same of a request whose body may also be JSON.
///
/// # Errors
/// Those of [`presented`].
pub async fn presented_in_either(
    visit: &Visit,
    headers: &HeaderMap,
    body: Body,
) -> Result<(ClientCredentials, Form), Refused> {
    visit.admitted()?;
    let form = Form::read_either(headers, body).await?;
    Ok((credentials(headers, &form)?, form))
}

/// The client's id and secret: from HTTP Basic or from the form, never from both.
///
/// # Errors
/// `invalid_client` where it says nothing that could be one, `invalid_request` where it says it twice.
fn credentials(headers: &HeaderMap, form: &Form) -> Result<ClientCredentials, Refused> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(ClientCredentials {
            client_id: form.get("client_id").ok_or_else(invalid_client)?.to_owned(),
            client_secret: form.get("client_secret").map(Secret::new),
        }),
        (Some(_), Some(_)) => Err(invalid_request("Authorization is given more than once.")),
        (Some(_), None) if form.get("client_secret").is_some() => Err(invalid_request(
            "Authenticate by HTTP Basic or in the form, not both.",
        )),
        (Some(value), None) => {
            let (id, secret) = value.to_str().ok().and_then(basic).ok_or_else(invalid_client)?;
            // The id alone may be repeated in the form, but must be the same.
            match form.get("client_id") {
                Some(other) if other != id => Err(invalid_request("client_id is not the one of HTTP Basic.")),
                // Some programs send an empty secret for a client that has none.
                _ => Ok(ClientCredentials {
                    client_id: id,
                    client_secret: Some(secret).filter(|secret| !secret.is_empty()).map(Secret::new),
                }),
            }
        }
    }
}

/// Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |text: &str| {
        // A lone name without `=` and `&`: what form-decoding makes of it is the decoded text.
        let text = text.replace('&', "%26").replace('=', "%3D");
        form_urlencoded::parse(text.as_bytes())
            .next()
            .map(|(text, _)| text.into_owned())
            .unwrap_or_default()
    };
    Some((decoded(id), decoded(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_form_decoded() {
        let value = |pair: &str| format!("basic {}", STANDARD.encode(pair));
        assert_eq!(
            basic(&value("cli_1:s%3Acr+et%26")),
            Some(("cli_1".into(), "s:cr et&".into()))
        );
        assert_eq!(basic(&value("cli_1:a=b")), Some(("cli_1".into(), "a=b".into())));
        assert_eq!(basic(&value("cli_1:")), Some(("cli_1".into(), String::new())));
        assert_eq!(basic(&value("no colon")), None);
        assert_eq!(basic("Bearer abc"), None);
        assert_eq!(basic("Basic ***"), None);
    }
}
