//! Organizations' logos: uploaded by a plain form, and served from our own origin to whoever may see the organization.

use std::time::Duration;

use app::components::portal::Portal;
use app::rpc::Flash;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, SET_COOKIE};
use axum::http::{StatusCode, request::Parts};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guildhall::caller;
use guildhall::error::{Code, Error};
use guildhall::id::OrganizationId;
use guildhall::input;
use guildhall::operation::Runs as _;
use guildhall::portal::{GetOrganizationLogo, LOGO_SIZE, OrganizationLogo, SetOrganizationLogo};

use super::rpc::PATIENCE;
use super::{Web, flash, refusal, rpc};
use crate::auth::origin;
use crate::clock;
use crate::telemetry::wants_html;

/// Bytes of the whole form. More than a logo may have, so that whoever chose a photograph is told so, and does not find the
/// connection closed; no more than a logo's are kept.
pub const FORM: usize = 16 * 1024 * 1024;
/// Bytes of the word for the console that the form stands in.
const WORD: usize = 32;

/// `GET /logo/{organization}/{version}`
pub async fn show(
    State(web): State<Web>,
    Path((id, version)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let picture = async {
        let caller = rpc::caller(&web, &parts).await?;
        let organization_id = id.parse().map_err(|_| Error::not_found("logo"))?;
        let logo = web
            .console
            .run(&caller, GetOrganizationLogo { organization_id })
            .await?;
        // Another version has another address: what is kept in a browser under this one stays true.
        if version.len() < 16 || !clock::fingerprint(&logo.picture).starts_with(&version) {
            return Err(Error::not_found("logo"));
        }
        picture(logo)
    };
    picture
        .await
        .unwrap_or_else(|error| refusal::answer(&error, wants_html(&parts.headers)))
}

pub(super) fn picture(logo: OrganizationLogo) -> Result<Response, Error> {
    let bytes = STANDARD
        .decode(logo.picture)
        .map_err(|_| Error::not_found("logo"))?;
    let media_type: HeaderValue = logo.media_type.parse().map_err(|_| Error::not_found("logo"))?;
    let keep = HeaderValue::from_static("private, max-age=31536000, immutable");
    Ok((
        [(CONTENT_TYPE, media_type), (CACHE_CONTROL, keep)],
        Body::from(bytes),
    )
        .into_response())
}

/// What came of the form.
#[derive(Default)]
struct Upload {
    portal: Option<Portal>,
    picture: Option<Vec<u8>>,
}

/// `POST /logo/{organization}`: a form with a file is sent by the browser itself, with scripts or without.
pub async fn upload(State(web): State<Web>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let entered = async {
        origin::check_server_function(web.public_url(), &parts.method, &parts.headers)?;
        let organization: OrganizationId = id.parse().map_err(|_| Error::not_found("organization"))?;
        let caller = rpc::caller(&web, &parts).await?;
        // Before the picture is received: from whoever may not save it, nothing is taken.
        let operation = SetOrganizationLogo {
            organization_id: organization,
            logo: None,
        };
        web.console.lets_in(&caller, &operation).await?;
        Ok((caller, organization))
    };
    let (caller, organization) = match entered.await {
        Ok(entered) => entered,
        Err(error) => return refusal::answer(&error, true),
    };
    let (portal, read) = receive(Request::from_parts(parts, body), PATIENCE).await;
    let saved = match read {
        Ok(picture) => save(&web, &caller, organization, &picture).await,
        Err(error) => Err(error),
    };
    let flash = match saved {
        Ok(()) => Flash {
            toast: Some("The logo was saved".to_owned()),
            ..Flash::default()
        },
        Err(error) => Flash {
            refused: Some(said(&error)),
            ..Flash::default()
        },
    };
    let to = format!("{}/settings", portal.path_of(&organization.to_string()));
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::try_from(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    if let Some(cookie) = flash::set(web.public_url(), &flash) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

async fn save(
    web: &Web,
    caller: &caller::Request,
    organization_id: OrganizationId,
    picture: &[u8],
) -> Result<(), Error> {
    let operation = input::parse::<SetOrganizationLogo>(serde_json::json!({
        "organization_id": organization_id, "logo": STANDARD.encode(picture),
    }))?;
    web.console.run(caller, operation).await.map(|_| ())
}

/// A refusal as the sentence over the form.
fn said(error: &Error) -> String {
    match error.fields.as_slice() {
        [one] => format!("The logo was not saved: it {}.", one.message),
        _ => error.to_string(),
    }
}

/// Which console the form stands in, as far as it came to say so, and the picture.
async fn receive(request: Request, patience: Duration) -> (Portal, Result<Vec<u8>, Error>) {
    let mut upload = Upload::default();
    let read = tokio::time::timeout(patience, read(request, &mut upload))
        .await
        .unwrap_or_else(|_| Err(rpc::took_too_long()));
    (
        upload.portal.unwrap_or_default(),
        read.map(|()| upload.picture.unwrap_or_default()),
    )
}

async fn read(request: Request, upload: &mut Upload) -> Result<(), Error> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| not_understood())?;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        // The form has each once, and no other.
        match field.name() {
            Some("portal") if upload.portal.is_none() => {
                upload.portal = Some(portal_of(field).await?);
            }
            Some("logo") if upload.picture.is_none() => {
                upload.picture = Some(picture_of(field).await?);
            }
            _ => return Err(not_understood()),
        }
    }
    match upload.picture.as_ref().map(Vec::len) {
        None | Some(0) => Err(Error::field("logo", "must be chosen first")),
        Some(length) if length > LOGO_SIZE => Err(too_large()),
        Some(_) => Ok(()),
    }
}

async fn portal_of(mut field: Field<'_>) -> Result<Portal, Error> {
    let mut word = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if word.len() + chunk.len() > WORD {
            return Err(not_understood());
        }
        word.extend_from_slice(&chunk);
    }
    let word = String::from_utf8(word).map_err(|_| not_understood())?;
    serde_json::from_value(word.into()).map_err(|_| not_understood())
}

/// A picture to its end, but no more of it than tells that it is too large.
async fn picture_of(mut field: Field<'_>) -> Result<Vec<u8>, Error> {
    let mut picture = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        let room = (LOGO_SIZE + 1).saturating_sub(picture.len());
        picture.extend(chunk.iter().take(room));
    }
    Ok(picture)
}

/// Why a form could not be read to its end.
fn broken(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        not_understood()
    }
}

fn too_large() -> Error {
    Error::field("logo", "must have at most 100 KiB")
}

fn not_understood() -> Error {
    Error::new(Code::Invalid, "The form was not understood.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use futures::StreamExt as _;

    use super::*;

    fn request(body: Body) -> Request {
        Request::post("/logo/x")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(body)
            .unwrap()
    }

    fn part(name: &str, text: &str) -> String {
        format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    }

    async fn read_of(form: String) -> (Portal, Result<Vec<u8>, Error>) {
        receive(request(Body::from(form)), PATIENCE).await
    }

    #[tokio::test]
    async fn a_form_has_its_two_fields_once() {
        let portal = || part("portal", "organization");
        let (own, picture) = read_of(format!("{}{}--x--\r\n", portal(), part("logo", "abc"))).await;
        assert_eq!((own, picture.unwrap()), (Portal::Organization, b"abc".to_vec()));
        for wrong in [
            format!("{}{}", portal(), portal()),
            format!("{}{}", part("logo", "abc"), part("logo", "abc")),
            format!("{}{}", part("logo", "abc"), part("other", "abc")),
            part("portal", "elsewhere"),
            part("portal", &"organization".repeat(100_000)),
            part("other", "abc"),
        ] {
            let (_, read) = read_of(format!("{wrong}--x--\r\n")).await;
            let error = read.unwrap_err();
            assert_eq!(error.to_string(), "The form was not understood.", "{wrong:.90}");
            assert!(error.fields.is_empty(), "{error:?}");
        }
    }

    #[tokio::test]
    async fn only_a_picture_that_is_too_large_is_called_so() {
        let large = part("logo", &"x".repeat(LOGO_SIZE + 1));
        let error = read_of(format!("{large}--x--\r\n")).await.1.unwrap_err();
        assert_eq!(error.message_at("logo"), Some("must have at most 100 KiB"));
        // It broke off on its way.
        let error = read_of(part("logo", "abc").trim_end().to_owned())
            .await
            .1
            .unwrap_err();
        assert_eq!((error.code, error.fields.len()), (Code::Invalid, 0), "{error:?}");
    }

    #[tokio::test]
    async fn a_form_that_does_not_end_is_not_waited_for() {
        let begun = format!("{}{}", part("portal", "organization"), part("logo", "abc"));
        let body = futures::stream::iter([Ok::<_, std::io::Error>(begun)]).chain(futures::stream::pending());
        let read = receive(request(Body::from_stream(body)), Duration::from_millis(50));
        let (portal, read) = tokio::time::timeout(PATIENCE, read).await.unwrap();
        assert_eq!(portal, Portal::Organization);
        assert_eq!(read.unwrap_err().code, Code::Unavailable);
    }
}
