//! Memberships: what changes them. Those of one person are in `memberships_of`.

use guildhall::id::{ApplicationId, OrganizationId, RoleId, UserId};

use super::accounts;
use super::db::Query;
pub use super::given_roles::{add_role, count_admins, give_role, remove_role, remove_roles_in};
pub use super::memberships_of::{admin_in, of_person, open_to};
use super::organizations::members_counter;
use super::{Tx, counters};
use crate::authorize::Permit;
use crate::fault::Fault;

/// A membership's own details.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub enabled: bool,
    /// Not only invited; what it was made with stays until [`super::invitation_links::enter`].
    pub accepted: bool,
    pub department: Option<String>,
    pub title: Option<String>,
    pub manager: Option<String>,
    /// JSON.
    pub delegated_access: Option<String>,
    /// What the inviter wrote of somebody who is only invited.
    pub typed: Option<accounts::Details>,
}

/// Adds a membership; `false` when there is one.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    details: &Details,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    let organization = permit.organization()?;
    let inserted = insertion(tx, organization, person, details, now)?
        .execute()
        .await?;
    if inserted == 1 {
        came_in(tx, organization, person, seed).await?;
    }
    Ok(inserted == 1)
}

/// Makes whoever the permit is for a member of an organization that takes in whoever signs in to it; `false` when they are in
/// it, or invited to it, already.
///
/// # Errors
/// The database's.
pub async fn join(
    tx: &mut Tx,
    permit: &Permit,
    organization: OrganizationId,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    let person = permit.person()?;
    let details = Details {
        enabled: true,
        accepted: true,
        ..Details::default()
    };
    let inserted = insertion(tx, organization, person, &details, now)?
        .execute()
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    came_in(tx, organization, person, seed).await?;
    give_role(tx, organization, person, RoleId::OrganizationMember, None).await?;
    Ok(true)
}

/// Makes whoever asked for an organization that was made just now its first member, and its administrator.
///
/// # Errors
/// The database's.
pub async fn found(
    tx: &mut Tx,
    _permit: &Permit,
    organization: OrganizationId,
    person: UserId,
    now: i64,
    seed: u128,
) -> Result<(), Fault> {
    let details = Details {
        enabled: true,
        accepted: true,
        ..Details::default()
    };
    insertion(tx, organization, person, &details, now)?
        .execute()
        .await?;
    came_in(tx, organization, person, seed).await?;
    give_role(tx, organization, person, RoleId::OrganizationAdmin, None).await
}

/// Adds a membership of somebody who was added just now, and has none.
///
/// # Errors
/// The database's.
pub async fn insert_first(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    details: &Details,
    now: i64,
    seed: u128,
) -> Result<(), Fault> {
    insertion(tx, permit.organization()?, person, details, now)?
        .later()
        .await?;
    came_in(tx, permit.organization()?, person, seed).await
}

fn insertion<'t>(
    tx: &'t mut Tx,
    organization: OrganizationId,
    person: UserId,
    details: &Details,
    now: i64,
) -> Result<Query<'t>, Fault> {
    let typed = details.typed.as_ref();
    Ok(tx
        .query(
            "INSERT INTO membership (organization_id, person_id, enabled, department, title, manager, delegated_access, typed,
                                     sort_key, search_text, accepted, status, version, created_at, updated_at, accepted_at)
             SELECT $1, p.id, $3, $4, $5, $6, $7, $10, COALESCE($11, p.sort_key), COALESCE($12, p.search_text), $9,
                    CASE WHEN p.status = 'Disabled' THEN 'Disabled' WHEN NOT $3 THEN 'Suspended'
                         WHEN NOT $9 THEN 'Pending' ELSE p.status END, 1, $8, $8, CASE WHEN $9 THEN CAST($8 AS BIGINT) END
             FROM person p WHERE p.id = $2
             ON CONFLICT DO NOTHING",
        )
        .bind(organization.to_string())
        .bind(person.to_string())
        .bind(details.enabled)
        .bind(details.department.clone())
        .bind(details.title.clone())
        .bind(details.manager.clone())
        .bind(details.delegated_access.clone())
        .bind(now)
        .bind(details.accepted)
        .bind(typed.map(serde_json::to_string).transpose()?)
        .bind(typed.map(|typed| typed.sort_key(person)))
        .bind(typed.map(accounts::Details::search_text)))
}

/// Keeps what an inviter wrote of somebody who is still only invited.
///
/// # Errors
/// The database's.
pub async fn retype(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    typed: &accounts::Details,
) -> Result<(), Fault> {
    tx.query(
        "UPDATE membership SET typed = $3, sort_key = $4, search_text = $5
         WHERE organization_id = $1 AND person_id = $2 AND NOT accepted",
    )
    .bind(permit.organization()?.to_string())
    .bind(person.to_string())
    .bind(serde_json::to_string(typed)?)
    .bind(typed.sort_key(person))
    .bind(typed.search_text())
    .execute()
    .await?;
    Ok(())
}

/// What every new membership brings with it: it counts, and begins in the default team.
async fn came_in(tx: &mut Tx, organization: OrganizationId, person: UserId, seed: u128) -> Result<(), Fault> {
    super::teams::join_default(tx, organization, person).await?;
    count(tx, organization, 1, seed).await
}

async fn count(tx: &mut Tx, organization: OrganizationId, delta: i64, seed: u128) -> Result<(), Fault> {
    counters::add(tx, &members_counter(organization), delta, seed).await?;
    counters::add(tx, counters::MEMBERS, delta, seed).await?;
    Ok(())
}

/// Rewrites a membership's details; what applications were given ends where it is suspended.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    details: &Details,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "UPDATE membership SET enabled = $3, department = $4, title = $5, manager = $6, version = version + 1, updated_at = $7
         WHERE organization_id = $1 AND person_id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(person.to_string())
    .bind(details.enabled)
    .bind(details.department.clone())
    .bind(details.title.clone())
    .bind(details.manager.clone())
    .bind(now)
    .execute()
    .await?;
    if !details.enabled {
        super::grants::end_of_person(tx, person, Some(permit.organization()?)).await?;
    }
    Ok(repeat_person(tx, person).await?)
}

/// Says that a member's roles changed: the membership's version moves.
///
/// # Errors
/// The database's.
pub async fn touch(tx: &mut Tx, permit: &Permit, person: UserId, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE membership SET version = version + 1, updated_at = $3 WHERE organization_id = $1 AND person_id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(person.to_string())
    .bind(now)
    .later()
    .await?;
    Ok(())
}

/// Repeats a person's name, searchable text and state in their memberships: the one place that does. A membership that
/// was not accepted keeps the name and text that its inviter wrote.
///
/// # Errors
/// The database's.
pub async fn repeat_person(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE membership SET
            sort_key = CASE WHEN membership.accepted OR membership.typed IS NULL
                            THEN (SELECT p.sort_key FROM person p WHERE p.id = membership.person_id)
                            ELSE membership.sort_key END,
            search_text = CASE WHEN membership.accepted OR membership.typed IS NULL
                               THEN (SELECT p.search_text FROM person p WHERE p.id = membership.person_id)
                               ELSE membership.search_text END,
            status = (SELECT CASE WHEN p.status = 'Disabled' THEN 'Disabled'
                                  WHEN NOT membership.enabled THEN 'Suspended'
                                  WHEN NOT membership.accepted THEN 'Pending' ELSE p.status END
                      FROM person p WHERE p.id = membership.person_id)
         WHERE person_id = $1",
    )
    .bind(person.to_string())
    .execute()
    .await
    .map(|_| ())
}

/// Deletes a membership with its roles, and takes back the invitations that wait; `false` when there is none.
///
/// # Errors
/// The database's.
pub async fn delete(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    end(tx, permit.organization()?, person, now, seed).await
}

/// Deletes the membership of whoever the permit is for; `false` when there is none.
///
/// # Errors
/// The database's.
pub async fn leave(
    tx: &mut Tx,
    permit: &Permit,
    organization: OrganizationId,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    end(tx, organization, permit.person()?, now, seed).await
}

async fn end(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    let deleted = tx
        .query("DELETE FROM membership WHERE organization_id = $1 AND person_id = $2")
        .bind(organization.to_string())
        .bind(person.to_string())
        .execute()
        .await?;
    if deleted == 0 {
        return Ok(false);
    }
    super::invitations::revoke_all(tx, organization, Some(person), None, now).await?;
    count(tx, organization, -1, seed).await?;
    Ok(true)
}

/// Ends the membership of somebody who never accepted and for whom no invitation waits any more: nothing could make a member
/// of them. `false` where they stay.
///
/// # Errors
/// The database's.
pub async fn end_uninvited(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    seed: u128,
) -> Result<bool, Fault> {
    let deleted = tx
        .query(
            "DELETE FROM membership WHERE organization_id = $1 AND person_id = $2 AND NOT accepted
                AND NOT EXISTS (SELECT 1 FROM invitation i
                    WHERE i.organization_id = $1 AND i.person_id = $2 AND i.status = 'pending')",
        )
        .bind(organization.to_string())
        .bind(person.to_string())
        .execute()
        .await?;
    if deleted == 0 {
        return Ok(false);
    }
    count(tx, organization, -1, seed).await?;
    Ok(true)
}

/// Takes from somebody who is still only invited the roles in an application that they are invited into no more.
///
/// # Errors
/// The database's.
pub async fn remove_uninvited_roles(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    app: ApplicationId,
) -> Result<(), sqlx::Error> {
    tx.query(
        "DELETE FROM member_role WHERE organization_id = $1 AND person_id = $2 AND application_id = $3
            AND EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = $1 AND m.person_id = $2 AND NOT m.accepted)",
    )
    .bind(organization.to_string())
    .bind(person.to_string())
    .bind(app.to_string())
    .later()
    .await
}

/// Whether a membership was accepted, or made without an invitation; `None` where there is none.
///
/// # Errors
/// The database's.
pub async fn is_accepted(tx: &mut Tx, permit: &Permit, person: UserId) -> Result<Option<bool>, Fault> {
    let row: Option<(bool,)> = tx
        .query("SELECT accepted FROM membership WHERE organization_id = $1 AND person_id = $2")
        .bind(permit.organization()?.to_string())
        .bind(person.to_string())
        .optional()
        .await?;
    Ok(row.map(|(accepted,)| accepted))
}
