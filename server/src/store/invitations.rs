//! Invitations, as far as they are recorded.

use guildhall::id::{ApplicationId, InvitationId, RoleId, UserId};

use super::Tx;
use crate::authorize::Permit;
use crate::fault::Fault;

/// Records an invitation to an application, or to the organization alone.
#[derive(Debug, Clone)]
pub struct Invited<'i> {
    pub app: Option<ApplicationId>,
    pub person: UserId,
    pub email: &'i str,
    pub roles: &'i [RoleId],
    /// Milliseconds since the Unix epoch.
    pub expires_at: i64,
}

/// Adds an invitation.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    id: InvitationId,
    invited: &Invited<'_>,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "INSERT INTO invitation (id, organization_id, application_id, person_id, email, role_ids, status, invited_by,
                                 created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9)",
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
    .execute()
    .await?;
    Ok(())
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
