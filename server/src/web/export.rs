//! Lists as files of comma-separated values (RFC 4180): every row that the filters match, page by page through the door.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use futures::stream::{self, BoxStream, StreamExt as _};
use guildhall::audit::{AuditRecord, ListAudit, ListOrganizationAudit};
use guildhall::caller;
use guildhall::error::Error;
use guildhall::id::{OrganizationId, UserId};
use guildhall::input;
use guildhall::members::{GetMember, ListMembers, Member};
use guildhall::operation::{Operation, Runs};
use guildhall::page::{Cursor, Limit, Page};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Web, refusal, rpc};
use crate::console::Console;
use crate::telemetry::wants_html;

/// Rows of one page on the way.
const STEP: u64 = 100;
/// Members that can be named one by one: those of the longest page.
const NAMED: usize = 100;
/// So that spreadsheets read UTF-8.
const MARK: &str = "\u{feff}";

const MEMBER_COLUMNS: [&str; 15] = [
    "user_id",
    "email",
    "email_verified",
    "phone_number",
    "username",
    "first_name",
    "last_name",
    "status",
    "roles",
    "department",
    "title",
    "manager",
    "external_user_id",
    "member_since",
    "last_sign_in",
];
const AUDIT_COLUMNS: [&str; 16] = [
    "audit_id",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "operation",
    "organization_id",
    "organization_name",
    "target_kind",
    "target_id",
    "target_name",
    "ip",
    "user_agent",
    "request_id",
    "before",
    "after",
];

/// A file's bytes on their way.
type Lines = BoxStream<'static, Result<Bytes, Error>>;

/// `GET /admin/organizations/{id}/members.csv` and `/org/{id}/members.csv`: those that the filters match, or those that `user_ids[]` name.
pub async fn members(State(web): State<Web>, Path(id): Path<String>, parts: Parts) -> Response {
    let lines = async {
        let caller = rpc::caller(&web, &parts).await?;
        let named = named(&parts);
        if !named.is_empty() {
            return some_members(&web, &caller, &id, &named).await;
        }
        let operation: ListMembers = operation(&parts, Some(&id))?;
        let go_on = |operation: &mut ListMembers, limit, cursor| {
            operation.limit = limit;
            operation.cursor = cursor;
        };
        list(&web, caller, operation, go_on, &MEMBER_COLUMNS, member).await
    };
    file(&parts.headers, "members", lines.await)
}

/// `GET /admin/organizations/{id}/audit.csv` and `/org/{id}/audit.csv`
pub async fn organization_audit(State(web): State<Web>, Path(id): Path<String>, parts: Parts) -> Response {
    let lines = async {
        let caller = rpc::caller(&web, &parts).await?;
        let operation: ListOrganizationAudit = operation(&parts, Some(&id))?;
        let go_on = |operation: &mut ListOrganizationAudit, limit, cursor| {
            operation.limit = limit;
            operation.cursor = cursor;
        };
        list(&web, caller, operation, go_on, &AUDIT_COLUMNS, record).await
    };
    file(&parts.headers, "audit", lines.await)
}

/// `GET /admin/audit.csv`
pub async fn audit(State(web): State<Web>, parts: Parts) -> Response {
    let lines = async {
        let caller = rpc::caller(&web, &parts).await?;
        let operation: ListAudit = operation(&parts, None)?;
        let go_on = |operation: &mut ListAudit, limit, cursor| {
            operation.limit = limit;
            operation.cursor = cursor;
        };
        list(&web, caller, operation, go_on, &AUDIT_COLUMNS, record).await
    };
    file(&parts.headers, "audit", lines.await)
}

fn query(parts: &Parts) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
}

/// The list's operation, from the fields of the query; empty ones were not filled in.
fn operation<Op: Operation>(parts: &Parts, organization: Option<&str>) -> Result<Op, Error> {
    let mut fields: Map<String, Value> = query(parts)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect();
    if let Some(id) = organization {
        fields.insert("organization_id".to_owned(), Value::from(id));
    }
    input::parse(Value::Object(fields))
}

fn named(parts: &Parts) -> Vec<String> {
    query(parts)
        .filter(|(name, _)| name == "user_ids[]")
        .map(|(_, id)| id.into_owned())
        .collect()
}

/// Every row, a page at a time; the first page now, so that a refusal has its status.
async fn list<Op, Row>(
    web: &Web,
    caller: caller::Request,
    mut operation: Op,
    go_on: fn(&mut Op, Limit, Option<Cursor>),
    columns: &[&str],
    line: fn(&Row) -> Vec<String>,
) -> Result<Lines, Error>
where
    Op: Operation<Output = Page<Row>>,
    Row: Send + Sync + 'static,
    Console: Runs<Op>,
{
    let limit = Limit::new(STEP).unwrap_or_default();
    go_on(&mut operation, limit, None);
    let console = web.console.clone();
    let first = console.run(&caller, operation.clone()).await?;
    let start = format!("{MARK}{}", lines(std::iter::once(heads(columns)))?);
    let pages = stream::try_unfold(Some(first), move |page| {
        let (console, caller, mut operation) = (console.clone(), caller.clone(), operation.clone());
        async move {
            let Some(page) = page else { return Ok(None) };
            let lines = lines(page.items.iter().map(line))?;
            let next = match page.info.next_cursor.as_deref().map(Cursor::parse) {
                Some(Ok(cursor)) => {
                    go_on(&mut operation, limit, Some(cursor));
                    Some(console.run(&caller, operation).await?)
                }
                _ => None,
            };
            Ok(Some((Bytes::from(lines), next)))
        }
    });
    Ok(stream::once(async move { Ok(Bytes::from(start)) })
        .chain(pages)
        .boxed())
}

async fn some_members(
    web: &Web,
    caller: &caller::Request,
    organization: &str,
    named: &[String],
) -> Result<Lines, Error> {
    let organization_id: OrganizationId = organization
        .parse()
        .map_err(|_| Error::not_found("organization"))?;
    if named.len() > NAMED {
        return Err(Error::field("user_ids", format!("name at most {NAMED}")));
    }
    let mut rows = vec![heads(&MEMBER_COLUMNS)];
    for id in named {
        let user_id: UserId = id.parse().map_err(|_| Error::not_found("member"))?;
        let found = web
            .console
            .run(
                caller,
                GetMember {
                    organization_id,
                    user_id,
                },
            )
            .await?;
        rows.push(member(&found));
    }
    let text = format!("{MARK}{}", lines(rows.into_iter())?);
    Ok(stream::once(async move { Ok(Bytes::from(text)) }).boxed())
}

fn file(headers: &HeaderMap, what: &str, lines: Result<Lines, Error>) -> Response {
    match lines {
        Err(error) => refusal::answer(&error, wants_html(headers)),
        Ok(lines) => (
            [
                (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (
                    CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{what}.csv\""),
                ),
                (CACHE_CONTROL, "no-store".to_owned()),
            ],
            // What breaks half-way breaks the file off: a whole one would be a lie.
            Body::from_stream(lines),
        )
            .into_response(),
    }
}

fn heads(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|name| (*name).to_owned()).collect()
}

/// Rows as lines of the file.
fn lines(rows: impl Iterator<Item = Vec<String>>) -> Result<String, Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        // Some spreadsheets take a semicolon for the end of a cell.
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.into_iter().map(harmless))
            .map_err(|_| Error::internal("csv"))?;
    }
    let bytes = writer.into_inner().map_err(|_| Error::internal("csv"))?;
    String::from_utf8(bytes).map_err(|_| Error::internal("csv"))
}

/// What a spreadsheet would run as a formula is text to it after an apostrophe.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

/// A time of the database as RFC 3339; empty for one that is none.
fn time(millis: i64) -> String {
    OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000))
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_default()
}

fn member(member: &Member) -> Vec<String> {
    let name = member.name.as_ref();
    let part = |part: Option<&guildhall::text::NamePart>| part.map(ToString::to_string).unwrap_or_default();
    let roles: Vec<&str> = member.roles.iter().map(|role| role.role_name.as_str()).collect();
    let job = &member.organization_information;
    vec![
        member.user_id.to_string(),
        member
            .email
            .as_ref()
            .map(|email| email.value.clone())
            .unwrap_or_default(),
        member
            .email
            .as_ref()
            .map(|email| email.email_verified.to_string())
            .unwrap_or_default(),
        member
            .phone_number
            .as_ref()
            .map(|phone| phone.value.clone())
            .unwrap_or_default(),
        member.username.clone().unwrap_or_default(),
        part(name.and_then(|name| name.first_name.as_ref())),
        part(name.and_then(|name| name.last_name.as_ref())),
        word(&member.member_status),
        roles.join("; "),
        job.department.clone().unwrap_or_default(),
        job.title.clone().unwrap_or_default(),
        job.manager.clone().unwrap_or_default(),
        member.external_user_id.clone().unwrap_or_default(),
        time(member.joined_at),
        member.last_auth.map(time).unwrap_or_default(),
    ]
}

fn record(record: &AuditRecord) -> Vec<String> {
    let json = |value: &Option<Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
    vec![
        record.audit_id.to_string(),
        time(record.at),
        word(&record.actor_kind),
        record.actor_id.clone().unwrap_or_default(),
        record.actor_name.clone().unwrap_or_default(),
        record.operation.clone(),
        record
            .organization_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        record.organization_name.clone().unwrap_or_default(),
        record.target_kind.clone(),
        record.target_id.clone(),
        record.target_name.clone().unwrap_or_default(),
        record.ip.clone().unwrap_or_default(),
        record.user_agent.clone().unwrap_or_default(),
        record.request_id.clone().unwrap_or_default(),
        json(&record.before),
        json(&record.after),
    ]
}

/// The word of an enum, as the API writes it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abuse_58_a_cell_is_text_and_nothing_else() {
        for hostile in ["＝1+1", "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(harmless(hostile.to_owned()), format!("'{hostile}"));
        }
        let row = ["Acme, \"Inc\"", "a\nb", "Ada Okafor"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(
            lines(std::iter::once(row)).ok().as_deref(),
            Some("\"Acme, \"\"Inc\"\"\",\"a\nb\",\"Ada Okafor\"\r\n")
        );
    }

    #[test]
    fn times_are_written_as_programs_read_them() {
        assert_eq!(time(0), "1970-01-01T00:00:00Z");
        assert_eq!(time(i64::MAX), "");
    }
}
