//! People: each once in the tenant.

use guildhall::id::UserId;
use guildhall::page::{Order, Page};
use guildhall::users::{EmailAddress, ListUsers, PhoneNumber, User, UserSort, UserStatus};
use serde::de::DeserializeOwned;

use super::accounts::status_text;
use super::page::{self, Window, keyset};
use super::{Tx, counters, listed};
use crate::authorize::Permit;
use crate::fault::Fault;

/// A person's columns; other statements join them.
#[derive(Clone, sqlx::FromRow)]
pub struct PersonRow {
    #[sqlx(try_from = "String")]
    pub id: UserId,
    pub email: Option<String>,
    pub email_verified: bool,
    pub phone_number: Option<String>,
    pub phone_number_verified: bool,
    pub username: Option<String>,
    pub external_user_id: Option<String>,
    pub external_account_id: Option<String>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub birthday: Option<String>,
    pub picture: Option<String>,
    pub language: Option<String>,
    pub custom_data: Option<String>,
    pub custom_app_data: Option<String>,
    pub secondary_emails: String,
    pub secondary_phone_numbers: String,
    pub status: String,
    pub status_changed_at: i64,
    pub tenant_admin: bool,
    pub has_password: bool,
    pub last_auth: Option<i64>,
    pub person_sort_key: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// The columns of [`PersonRow`], of a table called `p`.
macro_rules! person_columns {
    () => {
        "p.id, p.email, p.email_verified, p.phone_number, p.phone_number_verified, p.username, p.external_user_id,
         p.external_account_id, p.name, p.address, p.birthday, p.picture, p.language, p.custom_data, p.custom_app_data,
         p.secondary_emails, p.secondary_phone_numbers, p.status, p.status_changed_at, p.tenant_admin,
         (p.password_hash IS NOT NULL) AS has_password, p.last_auth, p.sort_key AS person_sort_key, p.version,
         p.created_at, p.updated_at"
    };
}

pub(crate) use person_columns;

/// Reads a column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, Fault> {
    Ok(text.map(serde_json::from_str).transpose()?)
}

impl PersonRow {
    /// The account's state.
    pub fn user_status(&self) -> UserStatus {
        match self.status.as_str() {
            "Pending" => UserStatus::Pending,
            "Disabled" => UserStatus::Disabled,
            _ => UserStatus::Active,
        }
    }

    /// The mail address.
    pub fn email_address(&self) -> Option<EmailAddress> {
        self.email.clone().map(|value| EmailAddress {
            value,
            email_verified: self.email_verified,
        })
    }

    /// The phone number.
    pub fn phone(&self) -> Option<PhoneNumber> {
        self.phone_number.clone().map(|value| PhoneNumber {
            value,
            phone_number_verified: self.phone_number_verified,
        })
    }
}

#[derive(sqlx::FromRow)]
struct UserRow {
    #[sqlx(flatten)]
    person: PersonRow,
    organization_count: i64,
}

impl UserRow {
    fn read(self) -> Result<User, Fault> {
        let row = self.person;
        Ok(User {
            user_id: row.id,
            email: row.email_address(),
            phone_number: row.phone(),
            status: row.user_status(),
            name: json(row.name.as_deref())?,
            address: json(row.address.as_deref())?,
            custom_data: json(row.custom_data.as_deref())?,
            custom_app_data: json(row.custom_app_data.as_deref())?,
            username: row.username,
            birthday: row.birthday,
            picture: row.picture,
            language: row.language,
            status_changed_at: row.status_changed_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            last_auth: row.last_auth,
            external_user_id: row.external_user_id,
            external_account_id: row.external_account_id,
            secondary_emails: listed(&row.secondary_emails),
            secondary_phone_numbers: listed(&row.secondary_phone_numbers),
            tenant_admin: row.tenant_admin,
            has_password: row.has_password,
            organization_count: u64::try_from(self.organization_count).unwrap_or_default(),
            version: row.version,
        })
    }
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT ",
            person_columns!(),
            ", (SELECT COUNT(*) FROM membership m WHERE m.person_id = p.id) AS organization_count FROM person p"
        )
    };
}

/// Lists people.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, _permit: &Permit, op: &ListUsers) -> Result<Page<User>, Fault> {
    let by_name = op.sort == UserSort::Name;
    let cursor = op.cursor.as_ref();
    let (mut window, skipped) = if by_name && op.order == Order::Ascending {
        Window::or_skipping("users.name", op.order, cursor, op.limit)?
    } else {
        let list = if by_name { "users.name" } else { "users.created" };
        (Window::new(list, op.order, cursor, op.limit)?, None)
    };
    let search = page::pattern(op.search.as_ref());
    let status = op.status.map(status_text);
    if let Some(rows) = skipped {
        let last: Option<(String, String)> = tx
            .query(
                "SELECT p.sort_key, p.id FROM person p
                 WHERE (CAST($2 AS TEXT) IS NULL OR p.search_text LIKE $2 ESCAPE '\\' OR p.id = $2)
                   AND (CAST($3 AS TEXT) IS NULL OR p.status = $3)
                 ORDER BY p.sort_key, p.id LIMIT 1 OFFSET $1",
            )
            .bind(rows)
            .bind(search.clone())
            .bind(status)
            .optional()
            .await?;
        window.stand_behind(last);
    }
    macro_rules! filters {
        () => {
            " WHERE (CAST($4 AS TEXT) IS NULL OR p.search_text LIKE $4 ESCAPE '\\' OR p.id = $4)
                AND (CAST($5 AS TEXT) IS NULL OR p.status = $5)"
        };
    }
    let query = if by_name {
        tx.query(keyset!(
            window.descending(),
            concat!(columns!(), filters!()),
            "p.sort_key",
            "p.id"
        ))
        .bind(window.key())
    } else {
        tx.query(keyset!(
            window.descending(),
            concat!(columns!(), filters!()),
            "p.created_at",
            "p.id"
        ))
        .bind(window.number()?)
    };
    let rows: Vec<UserRow> = query
        .bind(window.id())
        .bind(window.fetch())
        .bind(search.clone())
        .bind(status)
        .all()
        .await?;
    let mut page = window.page(rows, |row| {
        let key = if by_name {
            row.person.person_sort_key.clone()
        } else {
            row.person.created_at.to_string()
        };
        (key, row.person.id.to_string())
    });
    if op.include_total {
        if search.is_none() && status.is_none() {
            page.info.total = Some(counters::read(tx, counters::PEOPLE).await?);
        } else {
            let (counted,): (i64,) = tx
                .query(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM person p
                     WHERE (CAST($2 AS TEXT) IS NULL OR p.search_text LIKE $2 ESCAPE '\\' OR p.id = $2)
                       AND (CAST($3 AS TEXT) IS NULL OR p.status = $3) LIMIT $1) AS counted",
                )
                .bind(page::COUNTED + 1)
                .bind(search)
                .bind(status)
                .one()
                .await?;
            page::put_counted(&mut page, counted);
        }
    }
    let items = page
        .items
        .into_iter()
        .map(UserRow::read)
        .collect::<Result<_, _>>()?;
    Ok(Page {
        items,
        info: page.info,
    })
}

/// Reads one person.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, id: UserId) -> Result<Option<User>, Fault> {
    let row: Option<UserRow> = tx
        .query(concat!(columns!(), " WHERE p.id = $1"))
        .bind(id.to_string())
        .optional()
        .await?;
    row.map(UserRow::read).transpose()
}

/// What identifies a person: each is unique in the tenant.
#[derive(Debug, Clone, Default)]
pub struct Identifiers {
    /// Folded.
    pub email: Option<String>,
    pub phone_number: Option<String>,
    /// Folded.
    pub username: Option<String>,
    pub external_user_id: Option<String>,
}

/// Who has one of the identifiers: usually nobody or one, at the most one for each.
///
/// # Errors
/// The database's.
pub async fn find(tx: &mut Tx, by: &Identifiers) -> Result<Vec<UserId>, Fault> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT id FROM person WHERE email_key = $1
             UNION SELECT id FROM person WHERE phone_number = $2
             UNION SELECT id FROM person WHERE username_key = $3
             UNION SELECT id FROM person WHERE external_user_id = $4",
        )
        .bind(by.email.clone())
        .bind(by.phone_number.clone())
        .bind(by.username.clone())
        .bind(by.external_user_id.clone())
        .all()
        .await?;
    super::ids(rows)
}

/// Whether an application's client may see somebody: a member of an organization that has the application, with a
/// role in it.
///
/// # Errors
/// The database's.
pub async fn is_in_application(
    tx: &mut Tx,
    id: UserId,
    app: guildhall::id::ApplicationId,
) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM member_role WHERE application_id = $1 AND person_id = $2 LIMIT 1")
        .bind(app.to_string())
        .bind(id.to_string())
        .exists()
        .await
}
