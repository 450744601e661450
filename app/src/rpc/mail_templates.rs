//! The words of mails: the server functions of their pages.

use guildhall::mail::MailKind;
#[cfg(feature = "ssr")]
use guildhall::mail_templates as ops;
use guildhall::mail_templates::{MailTemplate, MailTemplateLine, MailTemplateVersion};
use guildhall::page::{Cursor, Limit, Page};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};
use crate::ui::format::capitalized;

#[server(prefix = "/rpc", endpoint = "list_mail_templates", protocol = Ask)]
pub async fn list_mail_templates() -> Result<Vec<MailTemplateLine>, RpcError> {
    super::run(ops::ListMailTemplates {}).await
}

/// A template with a page of its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MailTemplatePage {
    /// Its own history is left out.
    pub template: MailTemplate,
    pub versions: Page<MailTemplateVersion>,
}

/// A template as its address names it; what is no kind or language has none.
#[server(prefix = "/rpc", endpoint = "get_mail_template", protocol = Ask)]
pub async fn get_mail_template(
    kind: String,
    language: String,
    shown_version: Option<i64>,
    limit: Limit,
    cursor: Option<Cursor>,
) -> Result<MailTemplatePage, RpcError> {
    let asked = guildhall::input::parse::<ops::GetMailTemplate>(serde_json::json!({
        "kind": kind, "language": language, "shown_version": shown_version,
    }));
    let asked = asked.map_err(|_| guildhall::Error::not_found("mail template"))?;
    let versions = super::run(ops::ListMailTemplateVersions {
        kind: asked.kind,
        language: asked.language,
        limit,
        cursor,
    })
    .await?;
    let mut template = super::run(asked).await?;
    template.history.clear();
    Ok(MailTemplatePage { template, versions })
}

/// Saves own words; where somebody else has saved some since the form was made, both versions come back.
#[server(prefix = "/rpc", endpoint = "update_mail_template")]
#[allow(clippy::too_many_arguments)]
pub async fn update_mail_template(
    kind: String,
    language: String,
    #[server(default)] subject: String,
    #[server(default)] text: String,
    #[server(default)] html: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_subject: String,
    #[server(default)] was_text: String,
    #[server(default)] was_html: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, reconcile, save};
    let update = guildhall::input::parse::<ops::UpdateMailTemplate>(serde_json::json!({
        "kind": kind, "language": language, "subject": subject, "text": text, "html": html,
    }))?;
    let asked = ops::GetMailTemplate {
        kind: update.kind,
        language: update.language,
        shown_version: None,
    };
    let agree = async {
        let now = super::run(asked).await?;
        reconcile(
            now.version,
            &[
                Sent::new("subject", &was_subject, &now.subject, &subject),
                Sent::new("text", &was_text, &now.text, &text),
                Sent::new("html", &was_html, &now.html, &html),
            ],
        )
    };
    let saved = save(update, version, agree).await?;
    Ok(super::done(format!("{} was saved", title_of(&saved)), list()))
}

#[server(prefix = "/rpc", endpoint = "reset_mail_template")]
pub async fn reset_mail_template(kind: String, language: String) -> Result<Done, RpcError> {
    let reset = super::submit::<ops::ResetMailTemplate>(serde_json::json!({
        "kind": kind, "language": language,
    }))
    .await?;
    Ok(super::done(
        format!("{} has its default words again", title_of(&reset)),
        list(),
    ))
}

#[cfg(feature = "ssr")]
fn title_of(template: &MailTemplate) -> String {
    format!("{} ({})", name_of(template.kind), template.language.name())
}

#[cfg(feature = "ssr")]
fn list() -> Option<String> {
    Some(LIST.to_owned())
}

/// The list's address.
pub const LIST: &str = "/admin/settings/mail-templates";

/// What people call a kind of mail.
pub fn name_of(kind: MailKind) -> String {
    capitalized(&kind.as_str().replace('_', " "))
}

/// The page of a template.
pub fn address_of(kind: &str, language: &str) -> String {
    format!("{LIST}/{kind}/{language}")
}
