//! Audit records: written with the change, never altered.

use guildhall::audit::AuditRecord;
use guildhall::caller::{ActorKind, Request};
use guildhall::id::{AuditId, OrganizationId};
use guildhall::page::{Order, Page};

use super::Tx;
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::change::Change;
use crate::fault::Fault;

/// Writes one record.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    actor: (ActorKind, Option<&str>),
    id: AuditId,
    operation: &'static str,
    now: i64,
    request: &Request,
    change: &Change,
) -> Result<(), Fault> {
    let (kind, actor) = match change.actor {
        Some(person) => (ActorKind::User, Some(person.to_string())),
        None => (actor.0, actor.1.map(str::to_owned)),
    };
    let (before, after) = change.trimmed();
    let text = |value: Option<serde_json::Value>| value.map(|value| value.to_string());
    let target = change.target_name.clone().unwrap_or_default();
    // A permission's name, for example; ids are found in their own columns.
    let named = Some(change.target_id.as_str())
        .filter(|id| !super::page::is_whole_id(id))
        .unwrap_or_default();
    tx.query(
        "INSERT INTO audit (id, at, actor_kind, actor_id, operation, organization_id, target_kind, target_id, target_name,
                            ip, user_agent, request_id, before_value, after_value, actor_name, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                 COALESCE($16, (SELECT COALESCE(email, username, id) FROM person WHERE id = $4),
                          (SELECT name FROM client WHERE id = $4)), $15)",
    )
    .bind(id.to_string())
    .bind(now)
    .bind(kind_text(kind))
    .bind(actor)
    .bind(operation)
    .bind(change.organization_id.map(|id| id.to_string()))
    .bind(change.target_kind)
    .bind(change.target_id.clone())
    .bind(change.target_name.clone())
    .bind(request.ip.clone())
    .bind(request.user_agent.clone())
    .bind((!request.id.is_empty()).then(|| request.id.clone()))
    .bind(text(before))
    .bind(text(after))
    .bind(guildhall::text::fold(&format!("{target} {named}")))
    .bind(change.actor_name.clone())
    .later()
    .await?;
    Ok(())
}

fn kind_text(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Anonymous => "anonymous",
        ActorKind::User => "user",
        ActorKind::Client => "client",
        ActorKind::System => "system",
    }
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    #[sqlx(try_from = "String")]
    id: AuditId,
    at: i64,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    operation: String,
    organization_id: Option<String>,
    organization_name: Option<String>,
    target_kind: String,
    target_id: String,
    target_name: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
    before_value: Option<String>,
    after_value: Option<String>,
    actor_was_member: Option<i32>,
}

impl AuditRow {
    /// As an organization's own administrators see it: where somebody sat, and with what, is told of its members only,
    /// and of what they did as such: an invitation shows nothing of whoever it goes to, nor of what they did before.
    fn read_within(mut self) -> Result<AuditRecord, Fault> {
        if self.actor_was_member.is_none() {
            (self.ip, self.user_agent, self.request_id) = (None, None, None);
        }
        self.read()
    }

    fn read(self) -> Result<AuditRecord, Fault> {
        let value = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
        Ok(AuditRecord {
            audit_id: self.id,
            at: self.at,
            actor_kind: match self.actor_kind.as_str() {
                "user" => ActorKind::User,
                "client" => ActorKind::Client,
                "system" => ActorKind::System,
                _ => ActorKind::Anonymous,
            },
            actor_id: self.actor_id,
            actor_name: self.actor_name,
            operation: self.operation,
            organization_id: self.organization_id.and_then(|id| id.parse().ok()),
            organization_name: self.organization_name,
            target_kind: self.target_kind,
            target_id: self.target_id,
            target_name: self.target_name,
            ip: self.ip,
            user_agent: self.user_agent,
            request_id: self.request_id,
            before: value(self.before_value)?,
            after: value(self.after_value)?,
        })
    }
}

/// What a list of records is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A pattern of [`super::page::pattern`].
    pub search: Option<String>,
    pub operation: Option<String>,
    pub actor_id: Option<String>,
    pub target_id: Option<String>,
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.operation, a.organization_id,
                o.name AS organization_name, a.target_kind, a.target_id, a.target_name, a.ip, a.user_agent,
                a.request_id, a.before_value, a.after_value,
                (SELECT 1 FROM membership am
                 WHERE am.organization_id = a.organization_id AND am.person_id = a.actor_id
                   AND am.accepted_at <= a.at) AS actor_was_member
         FROM audit a LEFT JOIN organization o ON o.id = a.organization_id"
    };
}

macro_rules! filters {
    () => {
        " AND (CAST($4 AS TEXT) IS NULL OR a.search_text LIKE $4 ESCAPE '\\' OR LOWER(a.actor_name) LIKE $4 ESCAPE '\\'
               OR a.target_id = $4 OR a.actor_id = $4)
          AND (CAST($5 AS TEXT) IS NULL OR a.operation = $5)
          AND (CAST($6 AS TEXT) IS NULL OR a.actor_id = $6)
          AND (CAST($7 AS TEXT) IS NULL OR a.target_id = $7)"
    };
}

/// Lists records, newest first; those of one organization, or all.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    organization: Option<OrganizationId>,
    filter: Filter,
    cursor: Option<&guildhall::page::Cursor>,
    limit: guildhall::page::Limit,
) -> Result<Page<AuditRecord>, Fault> {
    let window = Window::new("audit", Order::Descending, cursor, limit)?;
    // Every parameter's type is fixed by the casts; the key is the id, which sorts by time.
    let sql = if organization.is_some() {
        keyset!(
            window.descending(),
            concat!(columns!(), " WHERE a.organization_id = $8", filters!()),
            "a.id",
            "a.id"
        )
    } else {
        keyset!(
            window.descending(),
            concat!(columns!(), " WHERE CAST($8 AS TEXT) IS NULL", filters!()),
            "a.id",
            "a.id"
        )
    };
    let rows: Vec<AuditRow> = tx
        .query(sql)
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(filter.search)
        .bind(filter.operation)
        .bind(filter.actor_id)
        .bind(filter.target_id)
        .bind(organization.map(|id| id.to_string()))
        .all()
        .await?;
    let page = window.page(rows, |row| (row.id.to_string(), row.id.to_string()));
    let info = page.info;
    let items = page
        .items
        .into_iter()
        .map(if permit.sees_where_all_sat() {
            AuditRow::read
        } else {
            AuditRow::read_within
        })
        .collect::<Result<_, _>>()?;
    Ok(Page { items, info })
}

/// Reads one record for an event that tells of it: as the organization's own administrators see it, or whole.
///
/// # Errors
/// The database's.
pub async fn for_event(tx: &mut Tx, id: &str, within: bool) -> Result<Option<AuditRecord>, Fault> {
    let row: Option<AuditRow> = tx
        .query(concat!(columns!(), " WHERE a.id = $1"))
        .bind(id.to_owned())
        .optional()
        .await?;
    row.map(if within {
        AuditRow::read_within
    } else {
        AuditRow::read
    })
    .transpose()
}

/// Reads one record.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, _permit: &Permit, id: AuditId) -> Result<Option<AuditRecord>, Fault> {
    let row: Option<AuditRow> = tx
        .query(concat!(columns!(), " WHERE a.id = $1"))
        .bind(id.to_string())
        .optional()
        .await?;
    row.map(AuditRow::read).transpose()
}
