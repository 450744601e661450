//! Whose an organization's API applications are, and who has them after somebody who leaves.

use guildhall::id::{ClientId, OrganizationId, UserId};
use guildhall::organization_clients::{ClientHeir, ClientOwner};
use guildhall::users::{EmailAddress, PersonName, label};

use super::Tx;
use super::db::{Hold, Lock};
use crate::fault::Fault;

/// The most administrators that are offered as heirs.
const MOST_HEIRS: i64 = 50;

/// What to call an owner.
pub(super) fn called(
    name: Option<&str>,
    email: Option<String>,
    username: Option<String>,
    id: UserId,
) -> Result<String, Fault> {
    let name: Option<PersonName> = super::people::json(name)?;
    let email = email.map(|value| EmailAddress {
        value,
        email_verified: false,
    });
    Ok(label(
        name.as_ref(),
        email.as_ref(),
        username.as_deref(),
        None,
        id,
    ))
}

/// Whether somebody is a member of the organization who can act.
///
/// # Errors
/// The database's.
pub async fn can_own(tx: &mut Tx, organization: OrganizationId, person: UserId) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM membership WHERE organization_id = $1 AND person_id = $2 AND accepted AND status = 'Active'")
        .bind(organization.to_string())
        .bind(person.to_string())
        .exists()
        .await
}

/// The API applications of one member: ids and names, by name.
///
/// # Errors
/// The database's, and stored ids that are none.
pub async fn owned_by(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
) -> Result<Vec<(ClientId, String)>, Fault> {
    let rows: Vec<(String, String)> = tx
        .query("SELECT id, name FROM organization_client WHERE owner_id = $2 AND organization_id = $1 ORDER BY name_key, id")
        .bind(organization.to_string())
        .bind(person.to_string())
        .all()
        .await?;
    rows.into_iter()
        .map(|(id, name)| Ok((id.parse().map_err(anyhow::Error::from)?, name)))
        .collect()
}

/// Who has API applications of the organization, and which: the names by name.
///
/// # Errors
/// The database's, and stored ids that are none.
pub async fn all(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<ClientOwner>, Fault> {
    let rows: Vec<(String, String)> = tx
        .query("SELECT owner_id, name FROM organization_client WHERE organization_id = $1 ORDER BY owner_id, name_key")
        .bind(organization.to_string())
        .all()
        .await?;
    let mut owners: Vec<ClientOwner> = Vec::new();
    for (owner, name) in rows {
        let user_id = owner.parse().map_err(anyhow::Error::from)?;
        match owners.last_mut() {
            Some(last) if last.user_id == user_id => last.names.push(name),
            _ => owners.push(ClientOwner {
                user_id,
                names: vec![name],
            }),
        }
    }
    Ok(owners)
}

/// How many API applications one member has; until this transaction ends no other one adds any.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, organization: OrganizationId, person: UserId) -> Result<i64, sqlx::Error> {
    tx.hold(Lock::LimitsOf(organization), Hold::Exclusive).await?;
    let (counted,): (i64,) = tx
        .query("SELECT COUNT(*) FROM organization_client WHERE owner_id = $2 AND organization_id = $1")
        .bind(organization.to_string())
        .bind(person.to_string())
        .one()
        .await?;
    Ok(counted)
}

/// The organizations in which somebody has API applications.
///
/// # Errors
/// The database's, and stored ids that are none.
pub async fn owner_in(tx: &mut Tx, person: UserId) -> Result<Vec<OrganizationId>, Fault> {
    let rows: Vec<(String,)> = tx
        .query("SELECT DISTINCT organization_id FROM organization_client WHERE owner_id = $1 ORDER BY organization_id")
        .bind(person.to_string())
        .all()
        .await?;
    super::ids(rows)
}

/// The administrators who can act, beside whoever leaves: whoever is a member for the longest first.
///
/// # Errors
/// The database's, and stored ids that are none.
pub async fn heirs(
    tx: &mut Tx,
    organization: OrganizationId,
    beside: Option<UserId>,
) -> Result<Vec<ClientHeir>, Fault> {
    let rows: Vec<(String, Option<String>, Option<String>, Option<String>)> = tx
        .query(
            "SELECT p.id, p.name, p.email, p.username FROM membership m
             JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = m.person_id
                               AND r.role_id = 'Organization Admin'
             JOIN person p ON p.id = m.person_id
             WHERE m.organization_id = $1 AND (CAST($2 AS TEXT) IS NULL OR m.person_id <> $2)
               AND m.accepted AND m.status = 'Active'
             ORDER BY COALESCE(m.accepted_at, m.created_at), p.id LIMIT $3",
        )
        .bind(organization.to_string())
        .bind(beside.map(|id| id.to_string()))
        .bind(MOST_HEIRS)
        .all()
        .await?;
    rows.into_iter()
        .map(|(id, name, email, username)| {
            let user_id = id.parse().map_err(anyhow::Error::from)?;
            Ok(ClientHeir {
                user_id,
                name: called(name.as_deref(), email, username, user_id)?,
            })
        })
        .collect()
}

/// Whether somebody is an administrator of the organization who can act.
///
/// # Errors
/// The database's.
pub async fn is_acting_admin(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
) -> Result<bool, sqlx::Error> {
    tx.query(
        "SELECT 1 FROM membership m
         JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = m.person_id
                           AND r.role_id = 'Organization Admin'
         WHERE m.organization_id = $1 AND m.person_id = $2 AND m.accepted AND m.status = 'Active'",
    )
    .bind(organization.to_string())
    .bind(person.to_string())
    .exists()
    .await
}

/// Makes somebody the owner of all that is somebody else's in the organization. Nobody but whoever leaves knows the secrets
/// of what is personal: these end.
///
/// # Errors
/// The database's.
pub async fn pass_on(
    tx: &mut Tx,
    organization: OrganizationId,
    from: UserId,
    to: UserId,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE organization_client SET owner_id = $3, version = version + 1, updated_at = $4,
                secret_id = CASE WHEN visibility = 'personal' THEN 'ended' ELSE secret_id END,
                secret_hash = CASE WHEN visibility = 'personal' THEN '' ELSE secret_hash END,
                old_secret_expires_at = CASE WHEN visibility = 'personal' THEN NULL ELSE old_secret_expires_at END
         WHERE owner_id = $2 AND organization_id = $1",
    )
    .bind(organization.to_string())
    .bind(from.to_string())
    .bind(to.to_string())
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}
