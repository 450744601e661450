//! What happens to the words of mails.

use guildhall::error::Error;
use guildhall::mail::MailKind;
use guildhall::mail_templates::*;
use guildhall::page::Page;
use guildhall::policy::Permission;
use serde::Serialize;

use super::found;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::mail::own_words::Words;
use crate::mail::sample;
use crate::mail::templates::Language;
use crate::store::{Tx, mail_templates as store, tenant};

/// What the audit says of a template: what it said is in its history.
#[derive(Serialize)]
struct Noted<'a> {
    subject: &'a str,
    changed: bool,
    words: i64,
}

impl<'a> From<&'a MailTemplate> for Noted<'a> {
    fn from(template: &'a MailTemplate) -> Self {
        Noted {
            subject: &template.subject,
            changed: template.changed,
            words: template.version,
        }
    }
}

fn change(before: &MailTemplate, after: &MailTemplate) -> Change {
    let (kind, language) = (after.kind.as_str(), after.language);
    Change::of(
        "mail_template",
        format!("{kind}/{}", language.as_str()),
        format!("{kind} ({})", language.name()),
    )
    .before(&Noted::from(before))
    .after(&Noted::from(after))
}

/// What writing own words asks for.
fn needed(kind: MailKind) -> Permission {
    // An address of somebody else's around such a link makes its finder whom the mail is for, administrators, too.
    if kind.has_a_secret_link() {
        Permission::ManageAdministrators
    } else {
        Permission::ManageTenant
    }
}

/// A template as it is used now, and the tenant's name, which stands in it.
async fn current(
    permit: &Permit,
    tx: &mut Tx,
    kind: MailKind,
    language: MailLanguage,
) -> Result<(MailTemplate, String), Fault> {
    let (tenant, own) = store::for_mail(tx, kind.as_str(), language.as_str()).await?;
    let history = store::history(tx, permit, kind.as_str(), language.as_str()).await?;
    let default = Words::default_of(Language::from(language), kind);
    let changed = own.is_some();
    let words = own.unwrap_or_else(|| default.clone());
    let template = MailTemplate {
        kind,
        language,
        subject: words.subject,
        text: words.text,
        html: words.html,
        changed,
        may_be_updated: permit.may(needed(kind)),
        shown_version: None,
        default: MailWords {
            subject: default.subject,
            text: default.text,
            html: default.html,
        },
        variables: sample::variables(kind, &tenant),
        version: history.first().map_or(0, |newest| newest.version),
        history,
    };
    Ok((template, tenant))
}

/// Writes the version after the one that was read.
async fn write(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &MailTemplate,
    words: Option<&Words>,
) -> Result<MailTemplate, Fault> {
    let (kind, language) = (before.kind, before.language);
    let version = before.version.saturating_add(1);
    let id = (kind.as_str(), language.as_str(), version);
    if !store::insert(tx, permit, id, words, cx.now).await? {
        return Err(Error::precondition_failed().into());
    }
    let (after, _) = current(permit, tx, kind, language).await?;
    cx.changed(change(before, &after));
    Ok(after)
}

impl Perform for ListMailTemplates {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<MailTemplateLine>, Fault> {
        let newest = store::newest(tx, permit).await?;
        let mut lines = Vec::new();
        for kind in MailKind::ALL {
            for language in MailLanguage::ALL {
                let own = newest
                    .iter()
                    .find(|row| row.kind == kind.as_str() && row.language == language.as_str());
                let subject = own.and_then(|row| row.subject.clone());
                lines.push(MailTemplateLine {
                    kind,
                    language,
                    changed: subject.is_some(),
                    subject: subject
                        .unwrap_or_else(|| Words::default_of(Language::from(language), kind).subject),
                    changed_at: own.map(|row| row.created_at),
                    changed_by: own.and_then(|row| row.changed_by.clone()),
                });
            }
        }
        Ok(lines)
    }
}

impl Perform for GetMailTemplate {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<MailTemplate, Fault> {
        let (mut template, _) = current(permit, tx, self.kind, self.language).await?;
        if let Some(version) = self.shown_version {
            let (kind, language) = (self.kind.as_str(), self.language.as_str());
            let kept = found(
                store::version(tx, permit, kind, language, version).await?,
                "version",
            )?;
            let words = kept.unwrap_or_else(|| Words::default_of(Language::from(self.language), self.kind));
            template.subject = words.subject;
            template.text = words.text;
            template.html = words.html;
            template.shown_version = Some(version);
        }
        Ok(template)
    }
}

impl Perform for ListMailTemplateVersions {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<MailTemplateVersion>, Fault> {
        store::versions(tx, permit, &self).await
    }
}

impl Perform for UpdateMailTemplate {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<MailTemplate, Fault> {
        permit.require(needed(self.kind))?;
        let (before, tenant) = current(permit, tx, self.kind, self.language).await?;
        cx.require_match(&before.version.to_string())?;
        let words = words_of(self.subject, self.text, self.html);
        cx.services
            .mail
            .own_words
            .tried(self.kind, Language::from(self.language), &tenant, &words)?;
        let is_same =
            before.subject == words.subject && before.text == words.text && before.html == words.html;
        if is_same && before.changed {
            return Ok(before);
        }
        write(permit, tx, cx, &before, Some(&words)).await
    }
}

impl Perform for ResetMailTemplate {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<MailTemplate, Fault> {
        let (before, _) = current(permit, tx, self.kind, self.language).await?;
        cx.require_match(&before.version.to_string())?;
        if !before.changed {
            return Ok(before);
        }
        write(permit, tx, cx, &before, None).await
    }
}

impl Perform for PreviewMailTemplate {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<MailPreview, Fault> {
        let words = words_of(self.subject, self.text, self.html);
        let tenant = tenant::name(tx).await?;
        let mail =
            cx.services
                .mail
                .own_words
                .tried(self.kind, Language::from(self.language), &tenant, &words)?;
        Ok(mail.into())
    }
}

fn words_of(subject: SubjectTemplate, text: BodyTemplate, html: BodyTemplate) -> Words {
    Words {
        subject: subject.as_str().to_owned(),
        text: text.into(),
        html: html.into(),
    }
}
