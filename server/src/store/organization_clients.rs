//! API applications of organizations, and the hashes of their secrets.

use guildhall::id::{ClientId, OrganizationId, TeamId, UserId};
use guildhall::organization_clients::{
    ClientSecretState, ClientVisibility, ListOrganizationClients, OrganizationClient,
};
use guildhall::page::{Order, Page};
use guildhall::policy::Permission;
use guildhall::text::fold;

use super::Tx;
use super::db::{Hold, Lock};
use super::organization_client_owners::called;
use super::page::{Window, keyset, pattern};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: ClientId,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    name: String,
    name_key: String,
    description: Option<String>,
    #[sqlx(try_from = "String")]
    owner_id: UserId,
    visibility: String,
    team_id: Option<String>,
    team_name: Option<String>,
    secret_created_at: i64,
    secret_used_at: Option<i64>,
    old_secret_created_at: Option<i64>,
    old_secret_used_at: Option<i64>,
    old_secret_expires_at: Option<i64>,
    last_used_at: Option<i64>,
    last_used_from: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
    email: Option<String>,
    username: Option<String>,
    person_name: Option<String>,
}

impl Row {
    fn read(self, permit: &Permit, now: i64) -> Result<OrganizationClient, Fault> {
        Ok(OrganizationClient {
            client_id: self.id,
            organization_id: self.organization_id,
            name: self.name,
            description: self.description,
            owner_id: self.owner_id,
            owner_name: called(
                self.person_name.as_deref(),
                self.email,
                self.username,
                self.owner_id,
            )?,
            visibility: ClientVisibility::ALL
                .into_iter()
                .find(|one| one.as_str() == self.visibility)
                .unwrap_or(ClientVisibility::Personal),
            team_id: self.team_id.and_then(|id| id.parse().ok()),
            team_name: self.team_name,
            secret: ClientSecretState {
                created_at: self.secret_created_at,
                expires_at: None,
                last_used_at: self.secret_used_at,
            },
            old_secret: self
                .old_secret_created_at
                .filter(|_| self.old_secret_expires_at.is_some_and(|at| at > now))
                .map(|created_at| ClientSecretState {
                    created_at,
                    expires_at: self.old_secret_expires_at,
                    last_used_at: self.old_secret_used_at,
                }),
            last_used_at: self.last_used_at,
            last_used_from: self.last_used_from,
            manageable: sees_all(permit) || asking(permit) == Some(self.owner_id),
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

/// Whoever administers the organization sees what is personal or a team's, too.
fn sees_all(permit: &Permit) -> bool {
    Permission::ManageOrganizationClients
        .who()
        .contains(&permit.standing())
        || permit.standing() == guildhall::policy::Standing::System
}

fn asking(permit: &Permit) -> Option<UserId> {
    permit.user().map(|user| user.user_id)
}

macro_rules! columns {
    () => {
        "SELECT c.id, c.organization_id, c.name, c.name_key, c.description, c.owner_id, c.visibility, c.team_id,
                t.name AS team_name, c.secret_created_at, c.secret_used_at, c.old_secret_created_at, c.old_secret_used_at,
                c.old_secret_expires_at, c.last_used_at, c.last_used_from, c.version, c.created_at, c.updated_at,
                p.email, p.username, p.name AS person_name
         FROM organization_client c JOIN person p ON p.id = c.owner_id LEFT JOIN team t ON t.id = c.team_id"
    };
}

/// Those that somebody sees: all where the first parameter says so, else by the person who is the second.
macro_rules! visible {
    ($all:literal, $person:literal) => {
        concat!(
            "(",
            $all,
            " OR c.visibility = 'organization' OR c.owner_id = ",
            $person,
            " OR (c.visibility = 'team' AND EXISTS (SELECT 1 FROM team_member v WHERE v.team_id = c.team_id AND v.person_id = ",
            $person,
            ")))"
        )
    };
}

/// Lists the API applications that the caller sees, by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    op: &ListOrganizationClients,
    now: i64,
) -> Result<Page<OrganizationClient>, Fault> {
    let window = Window::new(
        "organization_clients",
        Order::Ascending,
        op.cursor.as_ref(),
        op.limit,
    )?;
    let rows: Vec<Row> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                columns!(),
                " WHERE c.organization_id = $4 AND ",
                visible!("$5", "$6"),
                " AND (CAST($7 AS TEXT) IS NULL OR c.name_key LIKE $7 ESCAPE '\\' OR c.id = $7)
                  AND (CAST($8 AS TEXT) IS NULL OR c.owner_id = $8)"
            ),
            "c.name_key",
            "c.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.organization()?.to_string())
        .bind(sees_all(permit))
        .bind(asking(permit).map(|id| id.to_string()))
        .bind(pattern(op.search.as_ref()))
        .bind(op.owner_id.map(|id| id.to_string()))
        .all()
        .await?;
    let page = window.page(rows, |row| (row.name_key.clone(), row.id.to_string()));
    let info = page.info;
    Ok(Page {
        items: page
            .items
            .into_iter()
            .map(|row| row.read(permit, now))
            .collect::<Result<_, _>>()?,
        info,
    })
}

/// Reads an API application that the caller sees.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    permit: &Permit,
    id: ClientId,
    now: i64,
) -> Result<Option<OrganizationClient>, Fault> {
    let row: Option<Row> = tx
        .query(concat!(
            columns!(),
            " WHERE c.organization_id = $1 AND c.id = $2 AND ",
            visible!("$3", "$4")
        ))
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(sees_all(permit))
        .bind(asking(permit).map(|id| id.to_string()))
        .optional()
        .await?;
    row.map(|row| row.read(permit, now)).transpose()
}

/// How many API applications the organization has; until this transaction ends no other one adds any.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, permit: &Permit) -> Result<i64, Fault> {
    let organization = permit.organization()?;
    tx.hold(Lock::LimitsOf(organization), Hold::Exclusive).await?;
    let (counted,): (i64,) = tx
        .query("SELECT COUNT(*) FROM organization_client WHERE organization_id = $1")
        .bind(organization.to_string())
        .one()
        .await?;
    Ok(counted)
}

/// What people say of an API application.
#[derive(Debug, Clone)]
pub struct Details {
    pub name: String,
    pub description: Option<String>,
    pub owner: UserId,
    pub visibility: ClientVisibility,
    pub team: Option<TeamId>,
}

/// A secret as it is kept.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// What tokens remember of it.
    pub id: String,
    pub hash: String,
}

/// Adds an API application; `false` where the name is taken.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    id: ClientId,
    details: &Details,
    secret: NewSecret,
    now: i64,
) -> Result<bool, Fault> {
    let inserted = tx
        .query(
            "INSERT INTO organization_client (id, organization_id, name, name_key, description, owner_id, visibility, team_id,
                                              secret_id, secret_hash, secret_created_at, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $11, $11)
             ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(permit.organization()?.to_string())
        .bind(details.name.clone())
        .bind(fold(&details.name))
        .bind(details.description.clone())
        .bind(details.owner.to_string())
        .bind(details.visibility.as_str().to_owned())
        .bind(details.team.map(|id| id.to_string()))
        .bind(secret.id)
        .bind(secret.hash)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Whether another API application of the organization has the name.
///
/// # Errors
/// The database's.
pub async fn name_is_taken(tx: &mut Tx, permit: &Permit, id: ClientId, name: &str) -> Result<bool, Fault> {
    let query = tx
        .query("SELECT 1 FROM organization_client WHERE organization_id = $1 AND name_key = $2 AND id <> $3");
    let within = permit.organization()?.to_string();
    Ok(super::another_has(query, within, name, id.to_string()).await?)
}

/// Rewrites what people say of an API application; `false` where it has another version by now.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    (id, version): (ClientId, i64),
    details: &Details,
    now: i64,
) -> Result<bool, Fault> {
    let updated = tx
        .query(
            "UPDATE organization_client SET name = $3, name_key = $4, description = $5, owner_id = $6, visibility = $7,
                    team_id = $8, version = version + 1, updated_at = $9
             WHERE organization_id = $1 AND id = $2 AND version = $10",
        )
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(details.name.clone())
        .bind(fold(&details.name))
        .bind(details.description.clone())
        .bind(details.owner.to_string())
        .bind(details.visibility.as_str().to_owned())
        .bind(details.team.map(|id| id.to_string()))
        .bind(now)
        .bind(version)
        .execute()
        .await?;
    Ok(updated == 1)
}

/// Puts a new secret in the place of the current one, which counts until a moment; of the one from before that, nothing stays.
/// `false` where it has another version by now.
///
/// # Errors
/// The database's.
pub async fn rotate(
    tx: &mut Tx,
    permit: &Permit,
    (id, version): (ClientId, i64),
    secret: NewSecret,
    old_until: i64,
    now: i64,
) -> Result<bool, Fault> {
    let rotated = tx
        .query(
            "UPDATE organization_client SET old_secret_id = secret_id, old_secret_hash = secret_hash,
                    old_secret_created_at = secret_created_at, old_secret_used_at = secret_used_at,
                    old_secret_expires_at = $5, secret_id = $3, secret_hash = $4, secret_created_at = $6,
                    secret_used_at = NULL, version = version + 1, updated_at = $6
             WHERE organization_id = $1 AND id = $2 AND version = $7",
        )
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(secret.id)
        .bind(secret.hash)
        .bind(old_until)
        .bind(now)
        .bind(version)
        .execute()
        .await?;
    Ok(rotated == 1)
}

/// Forgets the secret from before; `false` where the API application has another version by now.
///
/// # Errors
/// The database's.
pub async fn revoke_old(
    tx: &mut Tx,
    permit: &Permit,
    (id, version): (ClientId, i64),
    now: i64,
) -> Result<bool, Fault> {
    let revoked = tx
        .query(
            "UPDATE organization_client SET old_secret_id = NULL, old_secret_hash = NULL, old_secret_created_at = NULL,
                    old_secret_used_at = NULL, old_secret_expires_at = NULL, version = version + 1, updated_at = $3
             WHERE organization_id = $1 AND id = $2 AND version = $4",
        )
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(now)
        .bind(version)
        .execute()
        .await?;
    Ok(revoked == 1)
}

/// Deletes an API application.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, id: ClientId) -> Result<(), Fault> {
    tx.query("DELETE FROM organization_client WHERE organization_id = $1 AND id = $2")
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

/// Whether the organization has a team.
///
/// # Errors
/// The database's.
pub async fn has_team(tx: &mut Tx, organization: OrganizationId, team: TeamId) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM team WHERE organization_id = $1 AND id = $2")
        .bind(organization.to_string())
        .bind(team.to_string())
        .exists()
        .await
}
