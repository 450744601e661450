//! Invitations: what changes them. How they are listed is in `invitation_list`, what a link leads to in `invitation_links`.

use guildhall::id::{ApplicationId, InvitationId, OrganizationId, RoleId, UserId};
use guildhall::users::PersonName;

use super::Tx;
pub use super::invitation_list::{called, get, get_whole, list};
use crate::authorize::Permit;
use crate::fault::Fault;

/// Whom to invite to what: an application, or the organization alone.
#[derive(Debug, Clone)]
pub struct Invited<'i> {
    pub app: Option<ApplicationId>,
    pub person: UserId,
    pub email: &'i str,
    /// What the inviter calls them.
    pub name: Option<&'i PersonName>,
    pub roles: &'i [RoleId],
    /// Milliseconds since the Unix epoch.
    pub expires_at: i64,
}

/// Adds an invitation; where one waits already, that one gives these roles from now on. Answers its id.
///
/// # Errors
/// The database's.
pub async fn invite(
    tx: &mut Tx,
    permit: &Permit,
    id: InvitationId,
    invited: &Invited<'_>,
    now: i64,
) -> Result<InvitationId, Fault> {
    let (row,): (String,) = tx
        .query(
            "INSERT INTO invitation (id, organization_id, application_id, person_id, email, role_ids, status, invited_by,
                                     created_at, expires_at, typed_name, admin_by)
             VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10, $11)
             ON CONFLICT (organization_id, person_id, COALESCE(application_id, '')) WHERE status = 'pending'
             DO UPDATE SET email = excluded.email, role_ids = excluded.role_ids, invited_by = excluded.invited_by,
                           expires_at = excluded.expires_at, admin_by = excluded.admin_by, client_id = NULL,
                           inviter_name = NULL, lifetime = NULL, custom_app_data = NULL, custom_data = NULL,
                           typed_name = COALESCE(excluded.typed_name, invitation.typed_name)
             RETURNING id",
        )
        .bind(id.to_string())
        .bind(permit.organization()?.to_string())
        .bind(invited.app.map(|app| app.to_string()))
        .bind(invited.person.to_string())
        .bind(invited.email.to_owned())
        .bind(serde_json::to_string(invited.roles)?)
        .bind(permit.actor().1.map(str::to_owned))
        .bind(now)
        .bind(invited.expires_at)
        .bind(invited.name.map(serde_json::to_string).transpose()?)
        .bind(admin_by(permit, invited.roles))
        .one()
        .await?;
    Ok(row.parse().map_err(anyhow::Error::from)?)
}

/// Whoever makes an invitation one that makes an administrator; nobody where it makes none.
fn admin_by(permit: &Permit, roles: &[RoleId]) -> Option<String> {
    let actor = permit.actor().1?;
    roles
        .contains(&RoleId::OrganizationAdmin)
        .then(|| actor.to_owned())
}

/// Replaces the roles that an invitation gives. Whoever made it one that makes an administrator goes on answering for that.
///
/// # Errors
/// The database's.
pub async fn set_roles(
    tx: &mut Tx,
    permit: &Permit,
    id: InvitationId,
    roles: &[RoleId],
) -> Result<(), Fault> {
    tx.query(
        "UPDATE invitation SET role_ids = $2, admin_by = CASE WHEN $3 THEN COALESCE(admin_by, $4) END
         WHERE id = $1 AND status = 'pending'",
    )
    .bind(id.to_string())
    .bind(serde_json::to_string(roles)?)
    .bind(roles.contains(&RoleId::OrganizationAdmin))
    .bind(admin_by(permit, roles))
    .execute()
    .await?;
    Ok(())
}

/// Takes an invitation back; `false` where it waits no more.
///
/// # Errors
/// The database's.
pub async fn revoke(tx: &mut Tx, _permit: &Permit, id: InvitationId, now: i64) -> Result<bool, sqlx::Error> {
    super::outbox::cancel(tx, &id.to_string()).await?;
    let revoked = tx
        .query(
            "UPDATE invitation SET status = 'revoked', revoked_at = $2 WHERE id = $1 AND status = 'pending'",
        )
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await?;
    Ok(revoked == 1)
}

/// An invitation that was taken back with its inviter's rights.
#[derive(Debug, Clone)]
pub struct TakenBack {
    pub id: InvitationId,
    pub organization: OrganizationId,
    pub app: Option<ApplicationId>,
    pub person: UserId,
    pub email: String,
    /// What the inviter calls them.
    pub name: Option<PersonName>,
}

#[derive(sqlx::FromRow)]
struct TakenBackRow {
    id: String,
    organization_id: String,
    application_id: Option<String>,
    person_id: String,
    email: String,
    typed_name: Option<String>,
}

/// Takes back those that wait and make an administrator because somebody said so who may say so no more, in one
/// organization or in all. Whoever is in already is made none by them, and keeps theirs.
///
/// # Errors
/// The database's.
pub async fn revoke_admins_by(
    tx: &mut Tx,
    former: UserId,
    within: Option<OrganizationId>,
    now: i64,
) -> Result<Vec<TakenBack>, Fault> {
    let rows: Vec<TakenBackRow> = tx
        .query(
            "UPDATE invitation SET status = 'revoked', revoked_at = $3
             WHERE admin_by = $1 AND status = 'pending' AND (CAST($2 AS TEXT) IS NULL OR organization_id = $2)
               AND EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = invitation.organization_id
                    AND m.person_id = invitation.person_id AND NOT m.accepted)
             RETURNING id, organization_id, application_id, person_id, email, typed_name",
        )
        .bind(former.to_string())
        .bind(within.map(|id| id.to_string()))
        .bind(now)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            let app = row.application_id.map(|id| id.parse()).transpose();
            Ok(TakenBack {
                id: row.id.parse().map_err(anyhow::Error::from)?,
                organization: row.organization_id.parse().map_err(anyhow::Error::from)?,
                app: app.map_err(anyhow::Error::from)?,
                person: row.person_id.parse().map_err(anyhow::Error::from)?,
                email: row.email,
                name: super::people::json(row.typed_name.as_deref())?,
            })
        })
        .collect()
}

/// Takes back all that wait: a person's, or an application's, or a person's into an application.
///
/// # Errors
/// The database's.
pub async fn revoke_all(
    tx: &mut Tx,
    organization: OrganizationId,
    person: Option<UserId>,
    app: Option<ApplicationId>,
    now: i64,
) -> Result<(), Fault> {
    // A person's whole membership ends: only an application's leave something behind.
    if let Some(app) = app {
        hide_roles_through(tx, organization, app).await?;
    }
    let organization = organization.to_string();
    let (person, app) = (person.map(|id| id.to_string()), app.map(|id| id.to_string()));
    tx.query(
        "UPDATE outbox SET status = 'cancelled', body = NULL WHERE status IN ('waiting', 'failed') AND concerns IN (
             SELECT i.id FROM invitation i WHERE i.organization_id = $1 AND i.status = 'pending'
                AND (CAST($2 AS TEXT) IS NULL OR i.person_id = $2) AND (CAST($3 AS TEXT) IS NULL OR i.application_id = $3))",
    )
    .bind(organization.clone())
    .bind(person.clone())
    .bind(app.clone())
    .execute()
    .await?;
    tx.query(
        "UPDATE invitation SET status = 'revoked', revoked_at = $4 WHERE organization_id = $1 AND status = 'pending'
            AND (CAST($2 AS TEXT) IS NULL OR person_id = $2) AND (CAST($3 AS TEXT) IS NULL OR application_id = $3)",
    )
    .bind(organization)
    .bind(person)
    .bind(app)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// An invitation of somebody that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub id: InvitationId,
    /// The application that it is into.
    pub app: Option<ApplicationId>,
    pub roles: Vec<RoleId>,
    /// It gives all its roles, whatever applications they are of: it was made through a client.
    pub gives_all: bool,
}

/// A person's invitations that wait.
///
/// # Errors
/// The database's.
pub async fn waiting_of(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
) -> Result<Vec<Waiting>, Fault> {
    let rows: Vec<(String, Option<String>, String, bool)> = tx
        .query(
            "SELECT id, application_id, role_ids, (client_id IS NOT NULL) AS gives_all FROM invitation
             WHERE organization_id = $1 AND person_id = $2 AND status = 'pending' ORDER BY id",
        )
        .bind(organization.to_string())
        .bind(person.to_string())
        .all()
        .await?;
    rows.into_iter()
        .map(|(id, app, roles, gives_all)| {
            let app = app.map(|app| app.parse()).transpose();
            Ok(Waiting {
                id: id.parse().map_err(anyhow::Error::from)?,
                app: app.map_err(anyhow::Error::from)?,
                roles: serde_json::from_str(&roles)?,
                gives_all,
            })
        })
        .collect()
}

/// Whether another invitation that waits names a member's role.
macro_rules! named_by_another {
    ($but:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM invitation o WHERE o.organization_id = member_role.organization_id
                AND o.person_id = member_role.person_id AND o.status = 'pending' AND ",
            $but,
            " AND o.role_ids LIKE '%\"' || member_role.role_id || '\"%')"
        )
    };
}

/// Takes from somebody who never accepted the roles of applications that an invitation shows them with, before it is another
/// one or after it was taken back. What another invitation names they keep.
///
/// # Errors
/// The database's.
pub async fn hide_roles(tx: &mut Tx, id: InvitationId) -> Result<(), sqlx::Error> {
    tx.query(concat!(
        "DELETE FROM member_role WHERE application_id IS NOT NULL
            AND organization_id = (SELECT organization_id FROM invitation WHERE id = $1)
            AND person_id = (SELECT person_id FROM invitation WHERE id = $1)
            AND EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = member_role.organization_id
                AND m.person_id = member_role.person_id AND NOT m.accepted)
            AND EXISTS (SELECT 1 FROM invitation i WHERE i.id = $1
                AND i.role_ids LIKE '%\"' || member_role.role_id || '\"%')
            AND NOT ",
        named_by_another!("o.id <> $1")
    ))
    .bind(id.to_string())
    .execute()
    .await
    .map(|_| ())
}

/// The same for all that were made through clients of an application.
async fn hide_roles_through(
    tx: &mut Tx,
    organization: OrganizationId,
    app: ApplicationId,
) -> Result<(), sqlx::Error> {
    tx.query(concat!(
        "DELETE FROM member_role WHERE organization_id = $1 AND application_id IS NOT NULL
            AND person_id IN (SELECT p.person_id FROM invitation p
                WHERE p.organization_id = $1 AND p.status = 'pending' AND p.application_id = $2 AND p.client_id IS NOT NULL)
            AND EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = $1
                AND m.person_id = member_role.person_id AND NOT m.accepted)
            AND EXISTS (SELECT 1 FROM invitation i WHERE i.organization_id = $1 AND i.person_id = member_role.person_id
                AND i.status = 'pending' AND i.application_id = $2 AND i.role_ids LIKE '%\"' || member_role.role_id || '\"%')
            AND NOT ",
        named_by_another!("COALESCE(o.application_id, '') <> $2")
    ))
    .bind(organization.to_string())
    .bind(app.to_string())
    .execute()
    .await
    .map(|_| ())
}

/// Those who never accepted an invitation and are invited into nothing but this application.
///
/// # Errors
/// The database's.
pub async fn invited_only_into(
    tx: &mut Tx,
    permit: &Permit,
    app: ApplicationId,
) -> Result<Vec<UserId>, Fault> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT i.person_id FROM invitation i
             JOIN membership m ON m.organization_id = i.organization_id AND m.person_id = i.person_id AND NOT m.accepted
             WHERE i.organization_id = $1 AND i.application_id = $2 AND i.status = 'pending'
               AND NOT EXISTS (SELECT 1 FROM invitation o WHERE o.organization_id = i.organization_id
                    AND o.person_id = i.person_id AND o.status = 'pending' AND COALESCE(o.application_id, '') <> i.application_id)
             ORDER BY i.person_id",
        )
        .bind(permit.organization()?.to_string())
        .bind(app.to_string())
        .all()
        .await?;
    super::ids(rows)
}

/// How many invitations wait, and how many ran out without an answer.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, _permit: &Permit, now: i64) -> Result<(u64, u64), sqlx::Error> {
    let (pending, expired): (i64, i64) = tx
        .query(
            "SELECT (SELECT COUNT(*) FROM invitation WHERE status = 'pending' AND expires_at > $1),
                    (SELECT COUNT(*) FROM invitation WHERE status = 'pending' AND expires_at <= $1)",
        )
        .bind(now)
        .one()
        .await?;
    Ok((
        u64::try_from(pending).unwrap_or_default(),
        u64::try_from(expired).unwrap_or_default(),
    ))
}
