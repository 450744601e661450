//! What a mail would look like, in a frame of the page that its words are written on. The mail has styles of its own, which our
//! pages' policy forbids; so it comes as a document with another policy, in which nothing runs and which leads nowhere.

use axum::body::to_bytes;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use guildhall::error::{Code, Error};
use guildhall::input;
use guildhall::mail_templates::{GetMailTemplate, MailPreview, PreviewMailTemplate};
use guildhall::operation::Runs as _;
use serde_json::{Map, Value, json};

use super::query::parameter;
use super::rpc::PATIENCE;
use super::{Web, refusal, rpc};
use crate::auth::origin;

/// Bytes of the form: more than its fields may have, in the spelling of forms.
const FORM: usize = 1024 * 1024;
/// Nothing runs, nothing is sent, nothing is opened; pictures are shown as mail programs show them.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'self'";
const FIELDS: [&str; 5] = ["kind", "language", "subject", "text", "html"];

/// `GET /mail-preview/{kind}/{language}?shown_version=…`: the words that are kept.
pub async fn kept(
    State(web): State<Web>,
    Path((kind, language)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Response {
    let preview = async {
        let caller = rpc::caller(&web, &parts).await?;
        let mut asked = json!({ "kind": kind, "language": language });
        if let (Some(version), Value::Object(asked)) = (
            parameter(query.unwrap_or_default().as_bytes(), "shown_version"),
            &mut asked,
        ) {
            asked.insert("shown_version".to_owned(), Value::from(version));
        }
        let asked = input::parse::<GetMailTemplate>(asked).map_err(|_| Error::not_found("mail"))?;
        let kept = web.console.run(&caller, asked).await?;
        let words = input::parse::<PreviewMailTemplate>(json!({
            "kind": kept.kind, "language": kept.language,
            "subject": kept.subject, "text": kept.text, "html": kept.html,
        }))?;
        web.console.run(&caller, words).await
    };
    document(preview.await)
}

/// `POST /mail-preview`: the words that stand in the form, with scripts or without.
pub async fn typed(State(web): State<Web>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let preview = async {
        origin::check_server_function(web.public_url(), &parts.method, &parts.headers)?;
        let caller = rpc::caller(&web, &parts).await?;
        let form = match tokio::time::timeout(PATIENCE, to_bytes(body, FORM)).await {
            Ok(Ok(form)) => form,
            Ok(Err(_)) => return Err(Error::new(Code::TooLarge, "The form is too large.")),
            Err(_) => {
                return Err(Error::new(Code::Unavailable, "The form took too long to arrive."));
            }
        };
        let words: Map<String, Value> = FIELDS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), Value::from(parameter(&form, name)?))))
            .collect();
        let words = input::parse::<PreviewMailTemplate>(Value::Object(words))?;
        web.console.run(&caller, words).await
    };
    document(preview.await)
}

/// What is wrong with the words is what their preview shows; any other refusal is one.
fn document(preview: Result<MailPreview, Error>) -> Response {
    let mut response = match preview {
        Ok(mail) => page(&shown(&mail)),
        Err(error) if error.code == Code::Invalid => page(&wrong(&error)),
        Err(error) => refusal::answer(&error, true),
    };
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn page(body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Preview</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>\
         body {{ margin: 0; padding: 1rem; color: #1a1a1a; background: #fff; font: 15px/1.5 system-ui, sans-serif }}\
         h1 {{ margin: 0 0 .75rem; font-size: 1.1rem; overflow-wrap: anywhere }}\
         h2 {{ margin: 1rem 0 .25rem; font-size: .85rem; color: #555 }}\
         iframe {{ width: 100%; height: 24rem; border: 1px solid #ccc; box-sizing: border-box }}\
         pre {{ margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }}\
         </style></head><body>{body}</body></html>"
    );
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

fn shown(mail: &MailPreview) -> String {
    format!(
        "<h1>{}</h1><iframe title=\"HTML\" sandbox srcdoc=\"{}\"></iframe><h2>As text</h2><pre>{}</pre>",
        refusal::escape(&mail.subject),
        refusal::escape(&mail.html),
        refusal::escape(&mail.text)
    )
}

fn wrong(error: &Error) -> String {
    let mut items = String::new();
    for at in &error.fields {
        let part = match at.field.as_str() {
            "subject" => "Subject",
            "text" => "Text",
            "html" => "HTML",
            other => other,
        };
        items.push_str(&format!(
            "<li><strong>{}</strong>: {}</li>",
            refusal::escape(part),
            refusal::escape(&at.message)
        ));
    }
    format!("<h1>This cannot be sent yet</h1><ul>{items}</ul>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_cannot_leave_its_frame() {
        let body = shown(&MailPreview {
            subject: "<b>x".to_owned(),
            text: "</pre><script>".to_owned(),
            html: "\"><script>alert(1)</script>".to_owned(),
        });
        assert!(!body.contains("<script") && !body.contains("<b>"), "{body}");
        assert!(body.contains("srcdoc=\"&quot;&gt;&lt;script"), "{body}");
    }
}
