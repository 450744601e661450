//! How organizations present themselves: their names in addresses, logos, colours, and what programs keep with them.

use guildhall::branding::{Color, Colors, Metadata, Slug};
use guildhall::id::OrganizationId;
use guildhall::text::fold;

use super::Tx;
use super::db::{Hold, Lock};
use crate::authorize::Permit;
use crate::fault::Fault;

/// Organizations that get a name in addresses at once.
const AT_ONCE: i64 = 500;

/// The columns of it, of a table called `o`.
macro_rules! presentation_columns {
    () => {
        "COALESCE(o.slug, o.id) AS slug, o.metadata, o.color_primary, o.color_page_background"
    };
}
pub(super) use presentation_columns;

#[derive(sqlx::FromRow)]
pub(super) struct PresentationRow {
    pub(super) slug: String,
    metadata: Option<String>,
    color_primary: Option<String>,
    color_page_background: Option<String>,
}

impl PresentationRow {
    pub(super) fn colors(&self) -> Colors {
        let color = |text: &Option<String>| text.as_deref().and_then(|text| Color::parse(text).ok());
        Colors {
            primary: color(&self.color_primary),
            page_background: color(&self.color_page_background),
        }
    }

    pub(super) fn metadata(&self) -> Metadata {
        let text = self.metadata.as_deref().unwrap_or("{}");
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// How an organization presents itself.
#[derive(Debug, Clone)]
pub struct Presentation {
    pub slug: String,
    pub logo_url: Option<String>,
    pub colors: Colors,
    pub metadata: Metadata,
}

impl Presentation {
    /// The metadata as they are kept; nothing where there are none.
    pub(super) fn metadata_text(&self) -> Result<Option<String>, Fault> {
        let entries = self.metadata.entries();
        if entries.is_empty() {
            return Ok(None);
        }
        Ok(Some(serde_json::to_string(entries)?))
    }
}

/// Writes how an organization presents itself.
///
/// # Errors
/// The database's, a taken slug among them; look with [`is_taken`] first.
pub async fn set(
    tx: &mut Tx,
    _permit: &Permit,
    id: OrganizationId,
    presentation: &Presentation,
) -> Result<(), Fault> {
    let colors = &presentation.colors;
    let metadata = presentation.metadata_text()?;
    tx.query(
        "UPDATE organization SET slug = $2, logo_url = $3, metadata = $4, color_primary = $5, color_page_background = $6
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(presentation.slug.clone())
    .bind(presentation.logo_url.clone())
    .bind(metadata)
    .bind(colors.primary.as_ref().map(ToString::to_string))
    .bind(colors.page_background.as_ref().map(ToString::to_string))
    .execute()
    .await?;
    Ok(())
}

/// The id of the organization that is called so: by its id, else by its name in addresses, else by its name. All three are one
/// set of names, for whoever asks for an organization does not say which kind they give.
macro_rules! called {
    ($called:literal, $folded:literal) => {
        concat!(
            "(SELECT q.id FROM organization q WHERE q.id = ",
            $called,
            " OR q.slug = ",
            $called,
            " OR q.name_key = ",
            $folded,
            "
              ORDER BY CASE WHEN q.id = ",
            $called,
            " THEN 0 WHEN q.slug = ",
            $called,
            " THEN 1 ELSE 2 END LIMIT 1)"
        )
    };
}
pub(super) use called;

/// What could be an id is one, or may become one.
fn is_like_an_id(id: OrganizationId, name: &str) -> bool {
    name.trim()
        .parse::<OrganizationId>()
        .is_ok_and(|named| named != id)
}

/// Of an organization's name and its name in addresses: which of them others are called by, or asked for under.
///
/// # Errors
/// The database's.
pub async fn are_taken(
    tx: &mut Tx,
    id: OrganizationId,
    name: &str,
    slug: &str,
) -> Result<(bool, bool), sqlx::Error> {
    let (name_key, slug_key) = (fold(name), fold(slug));
    // Until this is committed, nobody keeps the name for an organization that is only asked for.
    tx.hold(Lock::OrganizationNames, Hold::Shared).await?;
    let others: Vec<(Option<String>, String)> = tx
        .query(
            "SELECT slug, name_key FROM organization WHERE (slug IN ($1, $2) OR name_key IN ($1, $2)) AND id <> $3
             UNION ALL SELECT NULL, name_key FROM registration WHERE name_key IN ($1, $2) AND status = 'pending'",
        )
        .bind(name_key.clone())
        .bind(slug_key.clone())
        .bind(id.to_string())
        .all()
        .await?;
    let taken = |key: &String| {
        others
            .iter()
            .any(|(slug, name)| slug.as_ref() == Some(key) || name == key)
    };
    Ok((
        is_like_an_id(id, name) || taken(&name_key),
        is_like_an_id(id, slug) || taken(&slug_key),
    ))
}

/// The same of one text, whichever of both it is.
///
/// # Errors
/// The database's.
pub async fn is_taken(tx: &mut Tx, id: OrganizationId, name: &str) -> Result<bool, sqlx::Error> {
    Ok(are_taken(tx, id, name, name).await?.0)
}

/// A name in addresses that is made of an organization's name, and nobody else's.
///
/// # Errors
/// The database's.
pub async fn free_slug(tx: &mut Tx, id: OrganizationId, name: &str) -> Result<Slug, sqlx::Error> {
    let slug = Slug::of(name, None);
    if is_taken(tx, id, slug.as_str()).await? {
        return Ok(own_slug(id, name));
    }
    Ok(slug)
}

/// The same where somebody has the plain one: with the end of the organization's id, which is random.
pub fn own_slug(id: OrganizationId, name: &str) -> Slug {
    let id_text = id.to_string();
    let suffix = id_text
        .get(id_text.len().saturating_sub(10)..)
        .unwrap_or_default();
    Slug::of(name, Some(suffix))
}

/// Makes names in addresses for some of those organizations that have none; `false` when none is left.
///
/// # Errors
/// The database's.
pub async fn name_the_nameless(tx: &mut Tx) -> Result<bool, Fault> {
    let rows: Vec<(String, String)> = tx
        .query("SELECT id, name FROM organization WHERE slug IS NULL ORDER BY id LIMIT $1")
        .bind(AT_ONCE)
        .all()
        .await?;
    let some = !rows.is_empty();
    for (id, name) in rows {
        let id: OrganizationId = id.parse().map_err(anyhow::Error::from)?;
        let slug = free_slug(tx, id, &name).await?;
        tx.query("UPDATE organization SET slug = $2 WHERE id = $1 AND slug IS NULL")
            .bind(id.to_string())
            .bind(slug.to_string())
            .execute()
            .await?;
    }
    Ok(some)
}
