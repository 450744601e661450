//! People: each once in the tenant.

use guildhall::id::UserId;
use guildhall::page::Page;
use guildhall::text::fold;
use guildhall::users::{EmailAddress, ListUsers, PhoneNumber, User, UserSort, UserStatus};
use serde::de::DeserializeOwned;

use super::page::{self, Window, keyset};
use super::{Tx, counters};
use crate::authorize::Permit;
use crate::fault::Fault;

/// A person's columns; other statements join them.
#[derive(sqlx::FromRow)]
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
            secondary_emails: row
                .secondary_emails
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            secondary_phone_numbers: row
                .secondary_phone_numbers
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
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
    let window = Window::new(
        if by_name { "users.name" } else { "users.created" },
        op.order,
        op.cursor.as_ref(),
        op.limit,
    )?;
    let search = page::pattern(op.search.as_ref());
    let status = op.status.map(status_text);
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
    Ok(rows
        .into_iter()
        .map(|(id,)| id.parse())
        .collect::<Result<_, _>>()
        .map_err(anyhow::Error::from)?)
}

/// What a person's row says of them, beside what only the system changes.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub email: Option<String>,
    pub email_verified: bool,
    pub phone_number: Option<String>,
    pub phone_number_verified: bool,
    pub username: Option<String>,
    pub external_user_id: Option<String>,
    pub external_account_id: Option<String>,
    pub name: Option<guildhall::users::PersonName>,
    pub address: Option<guildhall::users::Address>,
    pub birthday: Option<String>,
    pub picture: Option<String>,
    pub language: Option<String>,
    pub custom_data: Option<serde_json::Map<String, serde_json::Value>>,
    pub custom_app_data: Option<serde_json::Map<String, serde_json::Value>>,
    pub secondary_emails: Vec<String>,
    pub secondary_phone_numbers: Vec<String>,
}

impl Details {
    fn label(&self, id: UserId) -> String {
        let email = self.email.clone().map(|value| EmailAddress {
            value,
            email_verified: false,
        });
        let phone = self.phone_number.clone().map(|value| PhoneNumber {
            value,
            phone_number_verified: false,
        });
        guildhall::users::label(
            self.name.as_ref(),
            email.as_ref(),
            self.username.as_deref(),
            phone.as_ref(),
            id,
        )
    }

    fn search_text(&self) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let name = self
            .name
            .as_ref()
            .map(guildhall::users::PersonName::full)
            .unwrap_or_default();
        fold(&format!(
            "{name} {} {} {} {} {} {}",
            part(&self.email),
            part(&self.phone_number),
            part(&self.username),
            part(&self.external_user_id),
            self.secondary_emails.join(" "),
            self.secondary_phone_numbers.join(" ")
        ))
    }
}

/// Adds a person; `false` when an identifier is taken.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    id: UserId,
    details: &Details,
    status: UserStatus,
    password: Option<(String, bool)>,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    let (hash, must_change) = password.map_or((None, false), |(hash, must_change)| (Some(hash), must_change));
    let inserted = tx
        .query(
            "INSERT INTO person (id, email, email_key, email_verified, phone_number, phone_number_verified, username, username_key,
                external_user_id, external_account_id, name, address, birthday, picture, language, custom_data, custom_app_data,
                secondary_emails, secondary_phone_numbers, status, status_changed_at, tenant_admin, password_hash,
                password_must_change, sort_key, search_text, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, FALSE, $22,
                $23, $24, $25, 1, $21, $21) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(details.email.clone())
        .bind(details.email.as_deref().map(str::to_lowercase))
        .bind(details.email_verified)
        .bind(details.phone_number.clone())
        .bind(details.phone_number_verified)
        .bind(details.username.clone())
        .bind(details.username.as_deref().map(str::to_lowercase))
        .bind(details.external_user_id.clone())
        .bind(details.external_account_id.clone())
        .bind(to_json(&details.name)?)
        .bind(to_json(&details.address)?)
        .bind(details.birthday.clone())
        .bind(details.picture.clone())
        .bind(details.language.clone())
        .bind(to_json(&details.custom_data)?)
        .bind(to_json(&details.custom_app_data)?)
        .bind(details.secondary_emails.join(" "))
        .bind(details.secondary_phone_numbers.join(" "))
        .bind(status_text(status))
        .bind(now)
        .bind(hash)
        .bind(must_change)
        .bind(fold(&details.label(id)))
        .bind(details.search_text())
        .execute()
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    counters::add(tx, counters::PEOPLE, 1, seed).await?;
    Ok(true)
}

/// Rewrites a person's row and what memberships repeat of it.
///
/// # Errors
/// The database's, a taken identifier among them; look with [`find`] first.
pub async fn update(tx: &mut Tx, id: UserId, details: &Details, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE person SET email = $2, email_key = $3, email_verified = $4, phone_number = $5, phone_number_verified = $6,
                username = $7, username_key = $8, external_user_id = $9, external_account_id = $10, name = $11, address = $12,
                birthday = $13, picture = $14, language = $15, custom_data = $16, custom_app_data = $17, secondary_emails = $18,
                secondary_phone_numbers = $19, sort_key = $20, search_text = $21, version = version + 1, updated_at = $22
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(details.email.clone())
    .bind(details.email.as_deref().map(str::to_lowercase))
    .bind(details.email_verified)
    .bind(details.phone_number.clone())
    .bind(details.phone_number_verified)
    .bind(details.username.clone())
    .bind(details.username.as_deref().map(str::to_lowercase))
    .bind(details.external_user_id.clone())
    .bind(details.external_account_id.clone())
    .bind(to_json(&details.name)?)
    .bind(to_json(&details.address)?)
    .bind(details.birthday.clone())
    .bind(details.picture.clone())
    .bind(details.language.clone())
    .bind(to_json(&details.custom_data)?)
    .bind(to_json(&details.custom_app_data)?)
    .bind(details.secondary_emails.join(" "))
    .bind(details.secondary_phone_numbers.join(" "))
    .bind(fold(&details.label(id)))
    .bind(details.search_text())
    .bind(now)
    .execute()
    .await?;
    Ok(super::members::repeat_person(tx, id).await?)
}

/// Sets the account's state.
///
/// # Errors
/// The database's.
pub async fn set_status(tx: &mut Tx, id: UserId, status: UserStatus, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE person SET status = $2, status_changed_at = $3, updated_at = $3, version = version + 1
         WHERE id = $1 AND status <> $2",
    )
    .bind(id.to_string())
    .bind(status_text(status))
    .bind(now)
    .execute()
    .await?;
    super::members::repeat_person(tx, id).await
}

/// Sets the password's hash.
///
/// # Errors
/// The database's.
pub async fn set_password(
    tx: &mut Tx,
    id: UserId,
    hash: String,
    must_change: bool,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE person SET password_hash = $2, password_must_change = $3, updated_at = $4, version = version + 1 WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(hash)
    .bind(must_change)
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// Makes somebody an administrator of the tenant, or no longer one.
///
/// # Errors
/// The database's.
pub async fn set_tenant_admin(tx: &mut Tx, id: UserId, admin: bool, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE person SET tenant_admin = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(id.to_string())
        .bind(admin)
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Notes a sign-in.
///
/// # Errors
/// The database's.
pub async fn signed_in(tx: &mut Tx, id: UserId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE person SET last_auth = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Deletes a person with their memberships, sessions and invitations, and takes them out of the totals.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, id: UserId, seed: u128) -> Result<(), Fault> {
    let organizations: Vec<(String,)> = tx
        .query("SELECT organization_id FROM membership WHERE person_id = $1")
        .bind(id.to_string())
        .all()
        .await?;
    for (organization,) in organizations {
        counters::add(tx, &format!("{organization}/members"), -1, seed).await?;
        counters::add(tx, counters::MEMBERS, -1, seed).await?;
    }
    tx.query("DELETE FROM person WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(counters::add(tx, counters::PEOPLE, -1, seed).await?)
}

/// What sign-in needs to know of somebody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Login {
    #[sqlx(try_from = "String")]
    pub id: UserId,
    pub status: String,
    pub password_hash: Option<String>,
    pub password_must_change: bool,
}

/// Finds whoever signs in with a folded address or user name.
///
/// # Errors
/// The database's.
pub async fn login(tx: &mut Tx, identifier: &str) -> Result<Option<Login>, sqlx::Error> {
    tx.query(
        "SELECT id, status, password_hash, password_must_change FROM person WHERE email_key = $1
         UNION ALL SELECT id, status, password_hash, password_must_change FROM person WHERE username_key = $1 LIMIT 1",
    )
    .bind(identifier.to_owned())
    .optional()
    .await
}

/// The password hash of a person.
///
/// # Errors
/// The database's.
pub async fn login_of(tx: &mut Tx, id: UserId) -> Result<Option<Login>, sqlx::Error> {
    tx.query("SELECT id, status, password_hash, password_must_change FROM person WHERE id = $1")
        .bind(id.to_string())
        .optional()
        .await
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
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM member_role WHERE application_id = $1 AND person_id = $2 LIMIT 1")
        .bind(app.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.is_some())
}

fn to_json<T: serde::Serialize>(value: &Option<T>) -> Result<Option<String>, Fault> {
    Ok(value.as_ref().map(serde_json::to_string).transpose()?)
}

fn status_text(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Pending => "Pending",
        UserStatus::Active => "Active",
        UserStatus::Disabled => "Disabled",
    }
}
