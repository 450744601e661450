//! How an organization looks on the page where its people sign in to an application.

use guildhall::branding::{Color, Colors};
use guildhall::id::{ApplicationId, OrganizationId};
use guildhall::text::fold;

use super::Tx;
use super::presentations::called;

/// An organization that an application can ask for.
pub struct Brand {
    pub organization_id: OrganizationId,
    /// What is shown to its people.
    pub name: String,
    pub logo_url: Option<String>,
    pub colors: Colors,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: OrganizationId,
    label: String,
    enabled: bool,
    logo_url: Option<String>,
    color_primary: Option<String>,
    color_page_background: Option<String>,
}

/// The enabled organization with the application that is called so: by its id, its name in addresses, or its name.
///
/// # Errors
/// The database's.
pub async fn asked(tx: &mut Tx, app: ApplicationId, called: &str) -> Result<Option<Brand>, sqlx::Error> {
    let row: Option<Row> = tx
        .query(concat!(
            "SELECT o.id, COALESCE(o.alias_name, o.name) AS label, o.enabled, o.logo_url, o.color_primary,
                o.color_page_background
             FROM organization o JOIN organization_application oa ON oa.organization_id = o.id AND oa.application_id = $1
             WHERE o.id = ",
            called!("$2", "$3")
        ))
        .bind(app.to_string())
        .bind(called.to_owned())
        .bind(fold(called))
        .optional()
        .await?;
    let color = |text: Option<String>| text.and_then(|text| Color::parse(&text).ok());
    Ok(row.filter(|row| row.enabled).map(|row| Brand {
        organization_id: row.id,
        name: row.label,
        logo_url: row.logo_url,
        colors: Colors {
            primary: color(row.color_primary),
            page_background: color(row.color_page_background),
        },
    }))
}
