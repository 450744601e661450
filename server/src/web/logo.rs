//! Organizations' logos: uploaded by a plain form, and served from our own origin to whoever may see the organization.

use app::components::portal::Portal;
use app::rpc::Flash;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, SET_COOKIE};
use axum::http::{StatusCode, request::Parts};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guildhall::caller::{self, Caller};
use guildhall::error::{Code, Error};
use guildhall::id::OrganizationId;
use guildhall::input;
use guildhall::operation::Runs as _;
use guildhall::portal::{GetOrganizationLogo, LOGO_SIZE, OrganizationLogo, SetOrganizationLogo};

use super::{Web, flash, refusal, rpc};
use crate::auth::origin;
use crate::clock;
use crate::telemetry::wants_html;

/// Bytes of the whole form. More than a logo may have, so that whoever chose a photograph is told so, and does not find the
/// connection closed; no more than a logo's are kept.
pub const FORM: usize = 16 * 1024 * 1024;

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

fn picture(logo: OrganizationLogo) -> Result<Response, Error> {
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

/// What the form has.
struct Upload {
    portal: Portal,
    picture: Vec<u8>,
}

/// `POST /logo/{organization}`: a form with a file is sent by the browser itself, with scripts or without.
pub async fn upload(State(web): State<Web>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let entered = async {
        origin::check_server_function(web.public_url(), &parts.method, &parts.headers)?;
        let organization: OrganizationId = id.parse().map_err(|_| Error::not_found("organization"))?;
        let caller = rpc::caller(&web, &parts).await?;
        match caller.caller {
            Caller::Anonymous => Err(Error::unauthenticated()),
            _ => Ok((caller, organization)),
        }
    };
    let (caller, organization) = match entered.await {
        Ok(entered) => entered,
        Err(error) => return refusal::answer(&error, true),
    };
    let (portal, read) = receive(Request::from_parts(parts, body)).await;
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
async fn receive(request: Request) -> (Portal, Result<Vec<u8>, Error>) {
    let mut upload = Upload {
        portal: Portal::default(),
        picture: Vec::new(),
    };
    let read = read(request, &mut upload).await;
    (upload.portal, read.map(|()| upload.picture))
}

async fn read(request: Request, upload: &mut Upload) -> Result<(), Error> {
    let unreadable = |_| Error::new(Code::Invalid, "The form was not understood.");
    let too_large = |_| Error::field("logo", "must have at most 100 KiB");
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Error::new(Code::Invalid, "The form was not understood."))?;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("portal") => {
                let word = field.text().await.map_err(unreadable)?;
                upload.portal = serde_json::from_value(word.into()).unwrap_or_default();
            }
            Some("logo") => {
                while let Some(chunk) = field.chunk().await.map_err(too_large)? {
                    if upload.picture.len() <= LOGO_SIZE {
                        upload.picture.extend_from_slice(&chunk);
                    }
                }
            }
            _ => {}
        }
    }
    match upload.picture.len() {
        0 => Err(Error::field("logo", "must be chosen first")),
        length if length > LOGO_SIZE => Err(Error::field("logo", "must have at most 100 KiB")),
        _ => Ok(()),
    }
}
