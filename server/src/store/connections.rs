//! Ways to sign in, and which of them organizations have.

use guildhall::connections::{Connection, OrganizationConnection};
use guildhall::id::{ApplicationId, ConnectionId, OrganizationId};
use guildhall::text::fold;

use super::Tx;
use super::presentations::called;
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct ConnectionRow {
    #[sqlx(try_from = "String")]
    id: ConnectionId,
    name: String,
    strategy: String,
}

#[derive(sqlx::FromRow)]
struct OrganizationConnectionRow {
    #[sqlx(flatten)]
    connection: ConnectionRow,
    assign_membership_on_login: bool,
    show_as_button: bool,
    is_signup_enabled: bool,
}

impl OrganizationConnectionRow {
    fn read(self) -> OrganizationConnection {
        OrganizationConnection {
            connection_id: self.connection.id,
            name: self.connection.name,
            strategy: self.connection.strategy,
            assign_membership_on_login: self.assign_membership_on_login,
            show_as_button: self.show_as_button,
            is_signup_enabled: self.is_signup_enabled,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT c.id, c.name, c.strategy, oc.assign_membership_on_login, oc.show_as_button, oc.is_signup_enabled
         FROM organization_connection oc JOIN connection c ON c.id = oc.connection_id"
    };
}

/// All connections by name.
///
/// # Errors
/// The database's.
pub async fn all(tx: &mut Tx, _permit: &Permit) -> Result<Vec<Connection>, sqlx::Error> {
    let rows: Vec<ConnectionRow> = tx
        .query("SELECT id, name, strategy FROM connection ORDER BY name")
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Connection {
            connection_id: row.id,
            name: row.name,
            strategy: row.strategy,
        })
        .collect())
}

/// Whether there is such a connection.
///
/// # Errors
/// The database's.
pub async fn exists(tx: &mut Tx, id: ConnectionId) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM connection WHERE id = $1")
        .bind(id.to_string())
        .exists()
        .await
}

/// The connections of an organization, by name.
///
/// # Errors
/// The database's.
pub async fn of(tx: &mut Tx, permit: &Permit) -> Result<Vec<OrganizationConnection>, Fault> {
    let rows: Vec<OrganizationConnectionRow> = tx
        .query(concat!(
            columns!(),
            " WHERE oc.organization_id = $1 ORDER BY c.name"
        ))
        .bind(permit.organization()?.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(OrganizationConnectionRow::read).collect())
}

/// One connection of an organization.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    permit: &Permit,
    id: ConnectionId,
) -> Result<Option<OrganizationConnection>, Fault> {
    let row: Option<OrganizationConnectionRow> = tx
        .query(concat!(
            columns!(),
            " WHERE oc.organization_id = $1 AND oc.connection_id = $2"
        ))
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(OrganizationConnectionRow::read))
}

/// How an organization uses a connection.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    pub assign_membership_on_login: bool,
    pub show_as_button: bool,
    pub is_signup_enabled: bool,
}

/// Gives an organization a connection; `false` when it has it.
///
/// # Errors
/// The database's.
pub async fn add(
    tx: &mut Tx,
    _permit: &Permit,
    organization: OrganizationId,
    id: ConnectionId,
    how: Use,
) -> Result<bool, sqlx::Error> {
    let added = tx
        .query(
            "INSERT INTO organization_connection (organization_id, connection_id, assign_membership_on_login, show_as_button,
                                                  is_signup_enabled)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(organization.to_string())
        .bind(id.to_string())
        .bind(how.assign_membership_on_login)
        .bind(how.show_as_button)
        .bind(how.is_signup_enabled)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Changes how an organization uses a connection.
///
/// # Errors
/// The database's.
pub async fn update(tx: &mut Tx, permit: &Permit, id: ConnectionId, how: Use) -> Result<(), Fault> {
    tx.query(
        "UPDATE organization_connection SET assign_membership_on_login = $3, show_as_button = $4, is_signup_enabled = $5
         WHERE organization_id = $1 AND connection_id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(id.to_string())
    .bind(how.assign_membership_on_login)
    .bind(how.show_as_button)
    .bind(how.is_signup_enabled)
    .execute()
    .await?;
    Ok(())
}

/// Takes a connection from an organization.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, permit: &Permit, id: ConnectionId) -> Result<(), Fault> {
    tx.query("DELETE FROM organization_connection WHERE organization_id = $1 AND connection_id = $2")
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

/// The organization that is called so, where it is enabled, has the application, and whoever signs in to it with a password
/// becomes a member.
///
/// # Errors
/// The database's.
pub async fn open_to_newcomers(
    tx: &mut Tx,
    app: ApplicationId,
    named: &str,
) -> Result<Option<OrganizationId>, Fault> {
    let row: Option<(String,)> = tx
        .query(concat!(
            "SELECT o.id FROM organization o JOIN organization_connection oc ON oc.organization_id = o.id
             JOIN connection c ON c.id = oc.connection_id
             JOIN organization_application oa ON oa.organization_id = o.id AND oa.application_id = $3
             WHERE o.enabled AND c.strategy = 'auth0' AND oc.assign_membership_on_login AND o.id = ",
            called!("$1", "$2"),
            " LIMIT 1"
        ))
        .bind(named.to_owned())
        .bind(fold(named))
        .bind(app.to_string())
        .optional()
        .await?;
    Ok(super::ids(row.into_iter().collect())?.pop())
}
