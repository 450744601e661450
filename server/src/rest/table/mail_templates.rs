//! What mails say.

use axum::http::{Method, StatusCode};
use guildhall::mail_templates::*;

use crate::rest::route::{Route, route};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    const TEMPLATE: &str = "/mail-templates/{kind}/{language}";
    const OK: StatusCode = StatusCode::OK;
    vec![
        route::<ListMailTemplates>(Method::GET, "/mail-templates", OK),
        route::<GetMailTemplate>(Method::GET, TEMPLATE, OK),
        route::<ListMailTemplateVersions>(Method::GET, "/mail-templates/{kind}/{language}/versions", OK),
        route::<UpdateMailTemplate>(Method::PUT, TEMPLATE, OK).refuses(&[412]),
        route::<ResetMailTemplate>(Method::DELETE, TEMPLATE, OK).refuses(&[412]),
        route::<PreviewMailTemplate>(Method::POST, "/mail-templates/{kind}/{language}/preview", OK),
    ]
}
