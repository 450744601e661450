//! Invitations in the inviter's own words: under which name, for how long, through which application.

use guildhall::id::{ClientId, InvitationId};
use serde_json::{Map, Value};

use super::Tx;
use crate::authorize::Permit;
use crate::fault::Fault;

/// What an inviter says of an invitation.
#[derive(Debug, Clone)]
pub struct Words<'i> {
    pub client: ClientId,
    pub inviter_name: &'i str,
    /// Milliseconds.
    pub lifetime: i64,
    pub custom_app_data: Option<&'i Map<String, Value>>,
    pub custom_data: Option<&'i Map<String, Value>>,
}

/// Keeps them.
///
/// # Errors
/// The database's.
pub async fn set(tx: &mut Tx, permit: &Permit, id: InvitationId, words: &Words<'_>) -> Result<(), Fault> {
    tx.query(
        "UPDATE invitation SET client_id = $3, inviter_name = $4, lifetime = $5, custom_app_data = $6, custom_data = $7
         WHERE organization_id = $1 AND id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(id.to_string())
    .bind(words.client.to_string())
    .bind(words.inviter_name.to_owned())
    .bind(words.lifetime)
    .bind(words.custom_app_data.map(serde_json::to_string).transpose()?)
    .bind(words.custom_data.map(serde_json::to_string).transpose()?)
    .execute()
    .await?;
    Ok(())
}

/// Where an invitation's link leads, and for how long.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Way {
    pub organization_id: String,
    pub organization_slug: String,
    pub inviter_name: Option<String>,
    /// Milliseconds; absent for the usual time.
    pub lifetime: Option<i64>,
    /// Where the sign-in of the application begins that the link leads through.
    pub initiate_login_uri: Option<String>,
}

/// Reads them.
///
/// # Errors
/// The database's, and when there is no such invitation.
pub async fn of(tx: &mut Tx, id: InvitationId) -> Result<Way, sqlx::Error> {
    tx.query(
        "SELECT i.organization_id, COALESCE(o.slug, o.id) AS organization_slug, i.inviter_name, i.lifetime, a.initiate_login_uri
         FROM invitation i JOIN organization o ON o.id = i.organization_id
         LEFT JOIN client c ON c.id = i.client_id LEFT JOIN application a ON a.id = c.application_id
         WHERE i.id = $1",
    )
    .bind(id.to_string())
    .one()
    .await
}
