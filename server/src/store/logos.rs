//! Organizations' logos, as they were uploaded.

use guildhall::id::OrganizationId;
use guildhall::portal::OrganizationLogo;

use super::Tx;
use crate::authorize::Permit;
use crate::fault::Fault;

/// Keeps a logo, in place of the one before.
///
/// # Errors
/// The database's.
pub async fn put(tx: &mut Tx, permit: &Permit, logo: OrganizationLogo) -> Result<(), Fault> {
    tx.query(
        "INSERT INTO organization_logo (organization_id, media_type, picture) VALUES ($1, $2, $3)
         ON CONFLICT (organization_id) DO UPDATE SET media_type = $2, picture = $3",
    )
    .bind(permit.organization()?.to_string())
    .bind(logo.media_type)
    .bind(logo.picture)
    .execute()
    .await?;
    Ok(())
}

/// Takes the logo away.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, permit: &Permit) -> Result<(), Fault> {
    tx.query("DELETE FROM organization_logo WHERE organization_id = $1")
        .bind(permit.organization()?.to_string())
        .execute()
        .await?;
    Ok(())
}

/// The logo, if there is one.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit) -> Result<Option<OrganizationLogo>, Fault> {
    Ok(shown(tx, permit.organization()?).await?)
}

/// The logo that everybody sees who signs in for an organization, if there is one.
///
/// # Errors
/// The database's.
pub async fn shown(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Option<OrganizationLogo>, sqlx::Error> {
    let row: Option<(String, String)> = tx
        .query("SELECT media_type, picture FROM organization_logo WHERE organization_id = $1")
        .bind(organization.to_string())
        .optional()
        .await?;
    Ok(row.map(|(media_type, picture)| OrganizationLogo { media_type, picture }))
}
