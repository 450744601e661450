//! How much mail somebody wanted sent lately, whichever server wrote it.

use guildhall::id::OrganizationId;

use super::Tx;

/// How many mails there were in a time, and when the first of them was written.
#[derive(Debug, Clone, Copy)]
pub struct Lately {
    pub count: i64,
    /// Milliseconds since the Unix epoch; now where there was none.
    pub oldest: i64,
}

/// What [`wanted_lately`] counts.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub to_address: Lately,
    pub for_organization: Lately,
}

/// Counts the mails that somebody wanted sent, to an address and on behalf of an organization, each since a moment. What
/// people ask for themselves, such as a new password, has limits of its own, and does not use up these.
///
/// # Errors
/// The database's.
pub async fn wanted_lately(
    tx: &mut Tx,
    (address, since): (&str, i64),
    (organization, organization_since): (Option<OrganizationId>, i64),
) -> Result<Wanted, sqlx::Error> {
    let (count, oldest, organization_count, organization_oldest): (i64, i64, i64, i64) = tx
        .query(
            "SELECT a.many, COALESCE(a.oldest, $2), o.many, COALESCE(o.oldest, $4) FROM
                (SELECT COUNT(*) AS many, MIN(created_at) AS oldest FROM outbox WHERE LOWER(recipient) = $1
                    AND created_at > $2 AND kind IN ('invitation', 'invitation_asked', 'test')) a,
                (SELECT COUNT(*) AS many, MIN(created_at) AS oldest FROM outbox WHERE organization_id = $3
                    AND created_at > $4 AND kind IN ('invitation', 'invitation_asked', 'test')) o",
        )
        .bind(address.to_lowercase())
        .bind(since)
        .bind(organization.map(|id| id.to_string()))
        .bind(organization_since)
        .one()
        .await?;
    Ok(Wanted {
        to_address: Lately { count, oldest },
        for_organization: Lately {
            count: organization_count,
            oldest: organization_oldest,
        },
    })
}
