//! Invitations as those who send them see them: the list, and one of it.

use std::collections::HashMap;

use guildhall::id::{ApplicationId, InvitationId, OrganizationId, RoleId, UserId};
use guildhall::invitations::{Invitation, InvitationStatus, ListInvitations};
use guildhall::members::MemberRole;
use guildhall::page::{Order, Page};
use guildhall::users::PersonName;

use super::Tx;
use super::page::{COUNTED, Window, keyset, pattern, put_counted};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct InvitationRow {
    #[sqlx(try_from = "String")]
    id: InvitationId,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    application_id: Option<String>,
    application_name: Option<String>,
    #[sqlx(try_from = "String")]
    person_id: UserId,
    person_name: Option<String>,
    email: String,
    role_ids: String,
    status: String,
    inviter: Option<String>,
    created_at: i64,
    sent_at: Option<i64>,
    expires_at: i64,
    accepted_at: Option<i64>,
    revoked_at: Option<i64>,
    asked_at: Option<i64>,
    client_id: Option<String>,
    inviter_name: Option<String>,
    custom_app_data: Option<String>,
    custom_data: Option<String>,
}

/// What an invitation calls whom it invites: by name where there is one, else by the address.
pub fn called(name: Option<&PersonName>, email: &str) -> String {
    name.map(PersonName::full)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| email.to_owned())
}

/// Names of roles, by id.
pub(super) type RoleNames = HashMap<String, RoleName>;

/// A role's name, what people read instead of it, and its application.
pub(super) type RoleName = (String, Option<String>, Option<ApplicationId>);

impl InvitationRow {
    fn read(self, names: &RoleNames, now: i64) -> Result<Invitation, Fault> {
        let role_ids: Vec<RoleId> = serde_json::from_str(&self.role_ids)?;
        let name: Option<PersonName> = super::people::json(self.person_name.as_deref())?;
        Ok(Invitation {
            invitation_id: self.id,
            organization_id: self.organization_id,
            app_id: self.application_id.and_then(|id| id.parse().ok()),
            app_name: self.application_name,
            user_id: self.person_id,
            name: called(name.as_ref(), &self.email),
            email: self.email,
            roles: role_ids
                .into_iter()
                .filter_map(|role_id| {
                    if role_id.is_built_in() {
                        return Some(MemberRole {
                            role_id,
                            role_name: role_id.to_string(),
                            display_name: None,
                            app_id: None,
                        });
                    }
                    // One that was deleted meanwhile is given to nobody.
                    let (role_name, display_name, app_id) = names.get(&role_id.to_string()).cloned()?;
                    Some(MemberRole {
                        role_id,
                        role_name,
                        display_name,
                        app_id,
                    })
                })
                .collect(),
            status: match self.status.as_str() {
                "accepted" => InvitationStatus::Accepted,
                "revoked" => InvitationStatus::Revoked,
                _ if self.expires_at <= now => InvitationStatus::Expired,
                _ => InvitationStatus::Pending,
            },
            invited_by: self.inviter,
            created_at: self.created_at,
            sent_at: self.sent_at,
            expires_at: self.expires_at,
            accepted_at: self.accepted_at,
            revoked_at: self.revoked_at,
            asked_at: self.asked_at,
            client_id: self.client_id.and_then(|id| id.parse().ok()),
            inviter_name: self.inviter_name,
            custom_app_data: super::people::json(self.custom_app_data.as_deref())?,
            custom_data: super::people::json(self.custom_data.as_deref())?,
        })
    }
}

/// The names of the roles of an organization's applications.
pub(super) async fn role_names(tx: &mut Tx, organization: OrganizationId) -> Result<RoleNames, sqlx::Error> {
    let rows: Vec<(String, String, Option<String>, String)> = tx
        .query(
            "SELECT r.id, r.name, r.display_name, r.application_id FROM role r
             JOIN organization_application a ON a.application_id = r.application_id WHERE a.organization_id = $1",
        )
        .bind(organization.to_string())
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, display_name, app)| (id, (name, display_name, app.parse().ok())))
        .collect())
}

/// The person's own name is for the organizations that they are in: to others they are called as the inviter wrote.
macro_rules! columns {
    () => {
        "SELECT i.id, i.organization_id, i.application_id, a.name AS application_name, i.person_id,
                CASE WHEN m.accepted THEN p.name ELSE i.typed_name END AS person_name,
                i.email, i.role_ids, i.status, i.created_at, i.sent_at, i.expires_at, i.accepted_at, i.revoked_at, i.asked_at,
                i.client_id, i.inviter_name, i.custom_app_data, i.custom_data,
                COALESCE((SELECT COALESCE(b.email, b.username) FROM person b WHERE b.id = i.invited_by),
                         (SELECT c.name FROM client c WHERE c.id = i.invited_by)) AS inviter
         FROM invitation i JOIN person p ON p.id = i.person_id
         LEFT JOIN membership m ON m.organization_id = i.organization_id AND m.person_id = i.person_id
         LEFT JOIN application a ON a.id = i.application_id"
    };
}

/// The list's filters: `$4` organization, `$5` search, `$6` status, `$7` the moment, `$8` person, `$9` application, `$10` only
/// those that wait.
macro_rules! filters {
    () => {
        " WHERE i.organization_id = $4
            AND (CAST($5 AS TEXT) IS NULL OR m.search_text LIKE $5 ESCAPE '\\' OR LOWER(i.email) LIKE $5 ESCAPE '\\' OR i.id = $5)
            AND (CAST($6 AS TEXT) IS NULL
                 OR CASE WHEN i.status = 'pending' AND i.expires_at <= $7 THEN 'expired' ELSE i.status END = $6)
            AND (CAST($8 AS TEXT) IS NULL OR i.person_id = $8)
            AND (CAST($9 AS TEXT) IS NULL OR i.application_id = $9)
            AND (NOT CAST($10 AS BOOLEAN) OR i.status = 'pending')"
    };
}

/// Lists an organization's invitations, the newest first.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    op: &ListInvitations,
    now: i64,
) -> Result<Page<Invitation>, Fault> {
    let organization = permit.organization()?;
    let (order, cursor) = (Order::Descending, op.cursor.as_ref());
    let (mut window, skipped) = Window::or_skipping("invitations", order, cursor, op.limit)?;
    let search = pattern(op.search.as_ref());
    let status = op.status.map(|status| status.as_str().to_owned());
    let person = op.user_id.map(|id| id.to_string());
    let only = permit.only_application().map(|id| id.to_string());
    if let Some(rows) = skipped {
        let last: Option<(String,)> = tx
            .query(concat!(
                "SELECT i.id FROM invitation i
                 LEFT JOIN membership m ON m.organization_id = i.organization_id AND m.person_id = i.person_id",
                filters!(),
                " AND i.id > $2 AND i.id > $3 ORDER BY i.id DESC LIMIT 1 OFFSET $1"
            ))
            .bind(rows)
            .bind("")
            .bind("")
            .bind(organization.to_string())
            .bind(search.clone())
            .bind(status.clone())
            .bind(now)
            .bind(person.clone())
            .bind(only.clone())
            .bind(op.open)
            .optional()
            .await?;
        window.stand_behind(last.map(|(id,)| (id.clone(), id)));
    }
    // The key is the id, which sorts by time.
    let rows: Vec<InvitationRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(columns!(), filters!()),
            "i.id",
            "i.id"
        ))
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(organization.to_string())
        .bind(search.clone())
        .bind(status.clone())
        .bind(now)
        .bind(person.clone())
        .bind(only.clone())
        .bind(op.open)
        .all()
        .await?;
    let mut page = window.page(rows, |row| (row.id.to_string(), row.id.to_string()));
    if op.include_total {
        let (counted,): (i64,) = tx
            .query(concat!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM invitation i
                 LEFT JOIN membership m ON m.organization_id = i.organization_id AND m.person_id = i.person_id",
                filters!(),
                " AND i.id > $1 AND i.id > $2 LIMIT $3) counted"
            ))
            .bind("")
            .bind("")
            .bind(COUNTED + 1)
            .bind(organization.to_string())
            .bind(search)
            .bind(status)
            .bind(now)
            .bind(person)
            .bind(only)
            .bind(op.open)
            .one()
            .await?;
        put_counted(&mut page, counted);
    }
    let names = role_names(tx, organization).await?;
    let info = page.info;
    let items = page
        .items
        .into_iter()
        .map(|row| row.read(&names, now))
        .collect::<Result<_, _>>()?;
    Ok(Page { items, info })
}

/// Reads one of the organization's invitations, as far as the caller sees it.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    permit: &Permit,
    id: InvitationId,
    now: i64,
) -> Result<Option<Invitation>, Fault> {
    read(tx, permit, id, permit.only_application(), now).await
}

/// Reads one as the whole organization has it: an application's client may have made one of built-in roles alone.
///
/// # Errors
/// The database's.
pub async fn get_whole(
    tx: &mut Tx,
    permit: &Permit,
    id: InvitationId,
    now: i64,
) -> Result<Option<Invitation>, Fault> {
    read(tx, permit, id, None, now).await
}

async fn read(
    tx: &mut Tx,
    permit: &Permit,
    id: InvitationId,
    only: Option<ApplicationId>,
    now: i64,
) -> Result<Option<Invitation>, Fault> {
    let organization = permit.organization()?;
    let row: Option<InvitationRow> = tx
        .query(concat!(
            columns!(),
            " WHERE i.organization_id = $1 AND i.id = $2 AND (CAST($3 AS TEXT) IS NULL OR i.application_id = $3)"
        ))
        .bind(organization.to_string())
        .bind(id.to_string())
        .bind(only.map(|id| id.to_string()))
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let names = role_names(tx, organization).await?;
    row.read(&names, now).map(Some)
}
