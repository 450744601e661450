//! Organizations in lists: all of them, and those of one person.

use guildhall::organizations::{
    ListOrganizations, ListUserOrganizations, Organization, OrganizationSort, OrganizationStatus,
};
use guildhall::page::{Order, Page};

use super::organizations::{OrganizationRow, organization_columns};
use super::page::{self, Window, keyset};
use super::presentations::presentation_columns;
use super::{Tx, counters};
use crate::authorize::Permit;
use crate::fault::Fault;

macro_rules! filters {
    () => {
        " WHERE (CAST($4 AS TEXT) IS NULL OR o.search_text LIKE $4 ESCAPE '\\' OR o.id = $4)
            AND (CAST($5 AS BOOLEAN) IS NULL OR o.enabled = $5)
            AND (CAST($6 AS TEXT) IS NULL OR EXISTS (
                 SELECT 1 FROM organization_application f WHERE f.organization_id = o.id AND f.application_id = $6))
            AND (CAST($7 AS TEXT) IS NULL OR o.name_key = $7)"
    };
}

/// The last of so many rows: `$1`, then the filters.
macro_rules! skipping {
    ($descending:expr, $key:literal) => {
        if $descending {
            concat!(
                "SELECT ",
                $key,
                ", o.id FROM organization o",
                counted_filters!(),
                " ORDER BY ",
                $key,
                " DESC, o.id DESC LIMIT 1 OFFSET $1"
            )
        } else {
            concat!(
                "SELECT ",
                $key,
                ", o.id FROM organization o",
                counted_filters!(),
                " ORDER BY ",
                $key,
                ", o.id LIMIT 1 OFFSET $1"
            )
        }
    };
}

/// The same filters beside one parameter.
macro_rules! counted_filters {
    () => {
        " WHERE (CAST($2 AS TEXT) IS NULL OR o.search_text LIKE $2 ESCAPE '\\' OR o.id = $2)
            AND (CAST($3 AS BOOLEAN) IS NULL OR o.enabled = $3)
            AND (CAST($4 AS TEXT) IS NULL OR EXISTS (
                 SELECT 1 FROM organization_application f WHERE f.organization_id = o.id AND f.application_id = $4))
            AND (CAST($5 AS TEXT) IS NULL OR o.name_key = $5)"
    };
}

/// Lists organizations.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    _permit: &Permit,
    op: &ListOrganizations,
) -> Result<Page<Organization>, Fault> {
    let by_name = op.sort == OrganizationSort::Name;
    let cursor = op.cursor.as_ref();
    let list = if by_name {
        "organizations.name"
    } else {
        "organizations.created"
    };
    let (mut window, skipped) = Window::or_skipping(list, op.order, cursor, op.limit)?;
    let search = page::pattern(op.search.as_ref());
    let enabled = op.status.map(|status| status == OrganizationStatus::Enabled);
    let app = op.app_id.map(|id| id.to_string());
    let name = op.name.as_ref().map(guildhall::text::Text::folded);
    if let Some(rows) = skipped {
        let query = if by_name {
            tx.query(skipping!(window.descending(), "o.name_key"))
        } else {
            tx.query(skipping!(window.descending(), "o.created_at"))
        };
        let query = query
            .bind(rows)
            .bind(search.clone())
            .bind(enabled)
            .bind(app.clone())
            .bind(name.clone());
        if by_name {
            window.stand_behind(query.optional().await?);
        } else {
            window.stand_behind_number(query.optional().await?);
        }
    }
    let query = if by_name {
        tx.query(keyset!(
            window.descending(),
            concat!(organization_columns!(), filters!()),
            "o.name_key",
            "o.id"
        ))
        .bind(window.key())
    } else {
        tx.query(keyset!(
            window.descending(),
            concat!(organization_columns!(), filters!()),
            "o.created_at",
            "o.id"
        ))
        .bind(window.number()?)
    };
    let rows: Vec<OrganizationRow> = query
        .bind(window.id())
        .bind(window.fetch())
        .bind(search.clone())
        .bind(enabled)
        .bind(app.clone())
        .bind(name.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| {
        (
            if by_name {
                row.name_key.clone()
            } else {
                row.created_at.to_string()
            },
            row.id.to_string(),
        )
    });
    if op.include_total {
        if search.is_none() && enabled.is_none() && app.is_none() && name.is_none() {
            page.info.total = Some(counters::read(tx, counters::ORGANIZATIONS).await?);
        } else {
            let (counted,): (i64,) = tx
                .query(concat!(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM organization o",
                    counted_filters!(),
                    " LIMIT $1) AS counted"
                ))
                .bind(page::COUNTED + 1)
                .bind(search)
                .bind(enabled)
                .bind(app)
                .bind(name)
                .one()
                .await?;
            page::put_counted(&mut page, counted);
        }
    }
    Ok(page.map(OrganizationRow::read))
}

/// Lists the organizations of a person by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn of_person(
    tx: &mut Tx,
    permit: &Permit,
    op: &ListUserOrganizations,
) -> Result<Page<Organization>, Fault> {
    let person = permit.person()?.to_string();
    let (mut window, skipped) = Window::or_skipping(
        "organizations.person",
        Order::Ascending,
        op.cursor.as_ref(),
        op.limit,
    )?;
    if let Some(rows) = skipped {
        let last: Option<(String, String)> = tx
            .query(
                "SELECT o.name_key, o.id FROM membership m JOIN organization o ON o.id = m.organization_id
                 WHERE m.person_id = $2 AND m.accepted ORDER BY o.name_key, o.id LIMIT 1 OFFSET $1",
            )
            .bind(rows)
            .bind(person.clone())
            .optional()
            .await?;
        window.stand_behind(last);
    }
    let rows: Vec<OrganizationRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                organization_columns!(),
                " JOIN membership m ON m.organization_id = o.id WHERE m.person_id = $4 AND m.accepted"
            ),
            "o.name_key",
            "o.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(person.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| (row.name_key.clone(), row.id.to_string()));
    if op.include_total {
        let (counted,): (i64,) = tx
            .query("SELECT COUNT(*) FROM membership WHERE person_id = $1 AND accepted")
            .bind(person)
            .one()
            .await?;
        page.info.total = u64::try_from(counted).ok();
    }
    Ok(page.map(OrganizationRow::read))
}
