//! What an organization looks like on the pages where its people sign in to an application, and where they are invited.
//! Nobody is signed in there yet: the secret of the sign-in, or the invitation's, stands for the right to see it.

use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use guildhall::branding::Color;
use guildhall::error::Error;
use guildhall::invitations::InvitationToken;
use guildhall::oidc::GetAppSignInLogo;
use guildhall::operation::Runs as _;
use guildhall::portal::GetInvitationLogo;
use guildhall::secret::Secret;

use super::query::parameter;
use super::{Web, logo, refusal, rpc};
use crate::telemetry::wants_html;

/// How bright a colour may be that white words stand on: a brighter one gets black words. Either way they have a contrast
/// of 4.5 at least (WCAG 2.2, 1.4.3).
const BRIGHT: f64 = 0.179;

/// `GET /brand/logo?request=…`: the uploaded logo of the organization that a sign-in is for.
pub async fn sign_in_logo(State(web): State<Web>, RawQuery(query): RawQuery, parts: Parts) -> Response {
    let picture = async {
        let caller = rpc::caller(&web, &parts).await?;
        let request = parameter(query.unwrap_or_default().as_bytes(), "request");
        let request = Secret::new(request.ok_or_else(|| Error::not_found("logo"))?);
        logo::picture(web.console.run(&caller, GetAppSignInLogo { request }).await?)
    };
    picture
        .await
        .unwrap_or_else(|error| refusal::answer(&error, wants_html(&parts.headers)))
}

/// `GET /brand/invitation?token=…`: the uploaded logo of the organization that an invitation is of.
pub async fn invitation_logo(State(web): State<Web>, RawQuery(query): RawQuery, parts: Parts) -> Response {
    let picture = async {
        let caller = rpc::caller(&web, &parts).await?;
        let token = parameter(query.unwrap_or_default().as_bytes(), "token");
        let token = token.and_then(|token| InvitationToken::parse(&token).ok());
        let token = token.ok_or_else(|| Error::not_found("invitation"))?;
        logo::picture(web.console.run(&caller, GetInvitationLogo { token }).await?)
    };
    picture
        .await
        .unwrap_or_else(|error| refusal::answer(&error, wants_html(&parts.headers)))
}

/// `GET /brand/colors.css?primary=0059d6&background=ffffff`: a stylesheet of the colours that its address names, since pages
/// take styles from files of ours alone. What is no colour is left out.
pub async fn colors(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let color = |name: &str| {
        let digits = parameter(query.as_bytes(), name)?;
        Color::parse(&format!("#{digits}")).ok()
    };
    let style = stylesheet(color("primary").as_ref(), color("background").as_ref());
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        style,
    )
        .into_response()
}

fn stylesheet(primary: Option<&Color>, background: Option<&Color>) -> String {
    let mut style = String::new();
    if let Some(color) = primary {
        let (color, words) = (color.as_str(), words_on(color));
        let further = if words == "white" { "black" } else { "white" };
        style.push_str(&format!(
            ".auth__card {{ --color-accent: {color}; --color-on-accent: {words}; \
             --color-accent-hover: color-mix(in oklab, {color} 88%, {further}) }}\n\
             .auth__card .btn--primary {{ --edge: color-mix(in oklab, {words} 30%, transparent) }}\n"
        ));
    }
    if let Some(color) = background {
        let (color, words) = (color.as_str(), words_on(color));
        style.push_str(&format!(
            ".auth {{ background: {color} }}\n\
             .auth .auth__brand, .auth .auth__footer, .auth .auth__footer a:not([class]) {{ color: {words} }}\n\
             .auth .auth__theme {{ border-radius: 999px; background: var(--color-surface) }}\n"
        ));
    }
    style
}

/// The words that can be read on a colour.
fn words_on(color: &Color) -> &'static str {
    if luminance(color) > BRIGHT {
        "black"
    } else {
        "white"
    }
}

/// From 0 for black to 1 for white (WCAG 2.2, relative luminance).
fn luminance(color: &Color) -> f64 {
    let digits = color.as_str().trim_start_matches('#');
    let wide: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    let [_, red, green, blue] = u32::from_str_radix(&wide, 16).unwrap_or_default().to_be_bytes();
    let linear = |channel: u8| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words_can_be_read_on_every_colour() {
        for level in 0..=255u8 {
            for text in [
                format!("#{level:02x}{level:02x}{level:02x}"),
                format!("#{level:02x}0000"),
                format!("#00{level:02x}ff"),
            ] {
                let color = Color::parse(&text).unwrap();
                let under = luminance(&color) + 0.05;
                let contrast = match words_on(&color) {
                    "white" => 1.05 / under,
                    _ => under / 0.05,
                };
                assert!(contrast >= 4.5, "{text}: {contrast}");
            }
        }
    }

    #[test]
    fn short_colours_are_those_of_six_digits() {
        let of = |text: &str| luminance(&Color::parse(text).unwrap());
        assert!((of("#0f8") - of("#00ff88")).abs() < f64::EPSILON);
        assert!(of("#000") < f64::EPSILON && of("#fff") > 0.999);
    }

    #[test]
    fn nothing_but_colours_gets_into_the_stylesheet() {
        let color = Color::parse("#0059d6").unwrap();
        assert_eq!(stylesheet(None, None), "");
        assert!(stylesheet(Some(&color), None).contains("--color-accent: #0059d6; --color-on-accent: white"));
        assert!(stylesheet(None, Some(&color)).contains(".auth { background: #0059d6 }"));
        assert!(Color::parse("#000}body{display:none").is_err());
    }
}
