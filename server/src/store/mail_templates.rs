//! The tenant's own words for mails: each version a row, of which the newest counts.

use guildhall::mail_templates::{ListMailTemplateVersions, MailTemplateVersion};
use guildhall::page::{Order, Page};

use super::Tx;
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::fault::Fault;
use crate::mail::own_words::Words;

/// Versions that are shown with a template.
const SHOWN: i64 = 20;

/// The newest version of a template.
#[derive(Debug, sqlx::FromRow)]
pub struct Newest {
    pub kind: String,
    pub language: String,
    pub version: i64,
    /// Absent where the default was put back.
    pub subject: Option<String>,
    pub changed_by: Option<String>,
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    subject: Option<String>,
    changed_at: i64,
    changed_by: Option<String>,
}

impl From<VersionRow> for MailTemplateVersion {
    fn from(row: VersionRow) -> Self {
        MailTemplateVersion {
            version: row.version,
            subject: row.subject,
            changed_at: row.changed_at,
            changed_by: row.changed_by,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Kept {
    subject: Option<String>,
    body_text: Option<String>,
    body_html: Option<String>,
}

impl Kept {
    fn words(self) -> Option<Words> {
        Some(Words {
            subject: self.subject?,
            text: self.body_text?,
            html: self.body_html?,
        })
    }
}

/// The tenant's name, and its own words for a mail where it has some: one statement for each mail that is sent.
///
/// # Errors
/// The database's.
pub async fn for_mail(
    tx: &mut Tx,
    kind: &'static str,
    language: &'static str,
) -> Result<(String, Option<Words>), sqlx::Error> {
    let (name, subject, body_text, body_html): (String, Option<String>, Option<String>, Option<String>) = tx
        .query(
            "SELECT t.name, w.subject, w.body_text, w.body_html FROM tenant t
             LEFT JOIN mail_template w ON w.kind = $1 AND w.language = $2 AND w.version =
                 (SELECT MAX(v.version) FROM mail_template v WHERE v.kind = $1 AND v.language = $2)
             WHERE t.id = 1",
        )
        .bind(kind)
        .bind(language)
        .one()
        .await?;
    let kept = Kept {
        subject,
        body_text,
        body_html,
    };
    Ok((name, kept.words()))
}

/// The newest version of every template that was ever changed.
///
/// # Errors
/// The database's.
pub async fn newest(tx: &mut Tx, _permit: &Permit) -> Result<Vec<Newest>, sqlx::Error> {
    tx.query(
        "SELECT w.kind, w.language, w.version, w.subject, w.changed_by, w.created_at FROM mail_template w
         WHERE w.version = (SELECT MAX(v.version) FROM mail_template v WHERE v.kind = w.kind AND v.language = w.language)",
    )
    .all()
    .await
}

/// The words of a version; nothing in place of them where it put the default back, and nothing at all where there is none.
///
/// # Errors
/// The database's.
pub async fn version(
    tx: &mut Tx,
    _permit: &Permit,
    kind: &'static str,
    language: &'static str,
    version: i64,
) -> Result<Option<Option<Words>>, sqlx::Error> {
    let kept: Option<Kept> = tx
        .query(
            "SELECT subject, body_text, body_html FROM mail_template WHERE kind = $1 AND language = $2 AND version = $3",
        )
        .bind(kind)
        .bind(language)
        .bind(version)
        .optional()
        .await?;
    Ok(kept.map(Kept::words))
}

macro_rules! versions {
    () => {
        "SELECT version, subject, created_at AS changed_at, changed_by FROM mail_template
         WHERE kind = $4 AND language = $5"
    };
}

/// The versions of a template, the newest first.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn versions(
    tx: &mut Tx,
    _permit: &Permit,
    op: &ListMailTemplateVersions,
) -> Result<Page<MailTemplateVersion>, Fault> {
    let (order, cursor) = (Order::Descending, op.cursor.as_ref());
    let window = Window::new("mail_template_versions", order, cursor, op.limit)?;
    // The key is the number, which only grows.
    let rows: Vec<VersionRow> = tx
        .query(keyset!(window.descending(), versions!(), "version", "version"))
        .bind(window.number()?)
        .bind(window.number()?)
        .bind(window.fetch())
        .bind(op.kind.as_str())
        .bind(op.language.as_str())
        .all()
        .await?;
    let page = window.page(rows, |row| (row.version.to_string(), row.version.to_string()));
    Ok(page.map(MailTemplateVersion::from))
}

/// The latest versions of a template, the newest first.
///
/// # Errors
/// The database's.
pub async fn history(
    tx: &mut Tx,
    _permit: &Permit,
    kind: &'static str,
    language: &'static str,
) -> Result<Vec<MailTemplateVersion>, sqlx::Error> {
    let rows: Vec<VersionRow> = tx
        .query(
            "SELECT version, subject, created_at AS changed_at, changed_by FROM mail_template
             WHERE kind = $1 AND language = $2 ORDER BY version DESC LIMIT $3",
        )
        .bind(kind)
        .bind(language)
        .bind(SHOWN)
        .all()
        .await?;
    Ok(rows.into_iter().map(MailTemplateVersion::from).collect())
}

/// Writes a version; false where somebody else has just written it. Without words, the default holds again.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    (kind, language, version): (&'static str, &'static str, i64),
    words: Option<&Words>,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let (_, actor) = permit.actor();
    let written = tx
        .query(
            "INSERT INTO mail_template (kind, language, version, subject, body_text, body_html, created_at, changed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7,
                     COALESCE((SELECT COALESCE(email, username, id) FROM person WHERE id = $8),
                              (SELECT name FROM client WHERE id = $8)))
             ON CONFLICT (kind, language, version) DO NOTHING",
        )
        .bind(kind)
        .bind(language)
        .bind(version)
        .bind(words.map(|words| words.subject.clone()))
        .bind(words.map(|words| words.text.clone()))
        .bind(words.map(|words| words.html.clone()))
        .bind(now)
        .bind(actor.map(str::to_owned))
        .execute()
        .await?;
    Ok(written == 1)
}
