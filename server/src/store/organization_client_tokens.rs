//! What the token endpoint and the door look up of organizations' API applications.

use guildhall::id::{ClientId, OrganizationId};

use super::Tx;
use crate::fault::Fault;

/// An API application that says who it is.
#[derive(Debug, Clone)]
pub struct Presented {
    pub id: ClientId,
    pub organization_id: OrganizationId,
    /// The secret that it proved it with.
    pub secret_id: String,
    /// Whether that is the current one.
    pub is_current: bool,
    /// When a token was last issued for that secret.
    pub used_at: Option<i64>,
    /// The address from which a token was asked for last.
    pub used_from: Option<String>,
}

#[derive(sqlx::FromRow)]
struct PresentedRow {
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    secret_id: String,
    secret_hash: String,
    secret_used_at: Option<i64>,
    old_secret_id: Option<String>,
    old_secret_hash: Option<String>,
    old_secret_used_at: Option<i64>,
    old_secret_expires_at: Option<i64>,
    last_used_from: Option<String>,
}

/// The API application of an enabled organization whose secret has a hash, at a moment.
/// What is personal counts as long as its owner can act.
///
/// # Errors
/// The database's.
pub async fn presented(
    tx: &mut Tx,
    id: ClientId,
    secret_hash: &str,
    now: i64,
) -> Result<Option<Presented>, sqlx::Error> {
    let row: Option<PresentedRow> = tx
        .query(
            "SELECT c.organization_id, c.secret_id, c.secret_hash, c.secret_used_at, c.old_secret_id, c.old_secret_hash,
                    c.old_secret_used_at, c.old_secret_expires_at, c.last_used_from
             FROM organization_client c JOIN organization o ON o.id = c.organization_id WHERE c.id = $1 AND o.enabled
               AND (c.visibility <> 'personal' OR EXISTS (SELECT 1 FROM membership m
                    WHERE m.organization_id = c.organization_id AND m.person_id = c.owner_id
                      AND m.accepted AND m.status = 'Active'))",
        )
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.and_then(|row| {
        let old_counts = row.old_secret_expires_at.is_some_and(|at| at > now);
        // Fingerprints of 256 random bits: comparing them early-out tells nothing of the secret.
        let (secret_id, is_current, used_at) = if row.secret_hash == secret_hash {
            (row.secret_id, true, row.secret_used_at)
        } else if old_counts && row.old_secret_hash.as_deref() == Some(secret_hash) {
            (row.old_secret_id?, false, row.old_secret_used_at)
        } else {
            return None;
        };
        Some(Presented {
            id,
            organization_id: row.organization_id,
            secret_id,
            is_current,
            used_at,
            used_from: row.last_used_from,
        })
    }))
}

/// Notes that a token was issued for a secret, and from where it was asked for.
///
/// # Errors
/// The database's.
pub async fn used(
    tx: &mut Tx,
    client: &Presented,
    from: Option<String>,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE organization_client SET last_used_at = $3, last_used_from = $4,
                secret_used_at = CASE WHEN secret_id = $2 THEN $3 ELSE secret_used_at END,
                old_secret_used_at = CASE WHEN old_secret_id = $2 THEN $3 ELSE old_secret_used_at END
         WHERE id = $1",
    )
    .bind(client.id.to_string())
    .bind(client.secret_id.clone())
    .bind(now)
    .bind(from)
    .execute()
    .await
    .map(|_| ())
}

/// What the door needs to know of an API application.
#[derive(Debug, Clone)]
pub struct Secrets {
    pub organization_id: OrganizationId,
    /// The secret that counts.
    pub current: String,
    /// The one from before, and until when it counts.
    pub old: Option<(String, i64)>,
}

impl Secrets {
    /// Whether a token counts at a moment that was issued for a secret.
    pub fn keep(&self, secret: Option<&str>, now: i64) -> bool {
        let Some(secret) = secret else { return false };
        self.current == secret || matches!(&self.old, Some((old, until)) if old == secret && *until > now)
    }
}

#[derive(sqlx::FromRow)]
struct SecretsRow {
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    secret_id: String,
    old_secret_id: Option<String>,
    old_secret_expires_at: Option<i64>,
}

/// The secrets of an API application; `None` where there is none, its organization is disabled, or it is personal and its
/// owner cannot act.
///
/// # Errors
/// The database's.
pub async fn secrets(tx: &mut Tx, id: ClientId) -> Result<Option<Secrets>, Fault> {
    let row: Option<SecretsRow> = tx
        .query(
            "SELECT c.organization_id, c.secret_id, c.old_secret_id, c.old_secret_expires_at
             FROM organization_client c JOIN organization o ON o.id = c.organization_id WHERE c.id = $1 AND o.enabled
               AND (c.visibility <> 'personal' OR EXISTS (SELECT 1 FROM membership m
                    WHERE m.organization_id = c.organization_id AND m.person_id = c.owner_id
                      AND m.accepted AND m.status = 'Active'))",
        )
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(|row| Secrets {
        organization_id: row.organization_id,
        current: row.secret_id,
        old: row.old_secret_id.zip(row.old_secret_expires_at),
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_counts_as_long_as_the_secret_it_was_issued_for() {
        let secrets = Secrets {
            organization_id: OrganizationId::compose(1, 1),
            current: "new".to_owned(),
            old: Some(("old".to_owned(), 100)),
        };
        assert!(secrets.keep(Some("new"), 1_000));
        assert!(secrets.keep(Some("old"), 99));
        assert!(!secrets.keep(Some("old"), 100));
        assert!(!secrets.keep(Some("other"), 0));
        assert!(!secrets.keep(None, 0));
    }
}
