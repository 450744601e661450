//! What changes a person: the account that they have in the tenant.

use guildhall::id::UserId;
use guildhall::text::fold;
use guildhall::users::{EmailAddress, PhoneNumber, UserStatus};
use serde::{Deserialize, Serialize};

use super::{Tx, counters};
use crate::fault::Fault;

/// What a person's row says of them, beside what only the system changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
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
    /// The tenant made the account; only [`insert`] looks at it.
    pub vouched: bool,
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

    /// What a list of people is sorted by.
    pub(super) fn sort_key(&self, id: UserId) -> String {
        fold(&self.label(id))
    }

    pub(super) fn search_text(&self) -> String {
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
                password_must_change, sort_key, search_text, vouched, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, FALSE, $22,
                $23, $24, $25, $26, 1, $21, $21) ON CONFLICT DO NOTHING",
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
        .bind(details.sort_key(id))
        .bind(details.search_text())
        .bind(details.vouched)
        .execute()
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    counters::add(tx, counters::PEOPLE, 1, seed).await?;
    Ok(true)
}

/// Whether the tenant made the account.
///
/// # Errors
/// The database's.
pub async fn is_vouched(tx: &mut Tx, id: UserId) -> Result<bool, sqlx::Error> {
    let row: Option<(bool,)> = tx
        .query("SELECT vouched FROM person WHERE id = $1")
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.is_some_and(|(vouched,)| vouched))
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
    .bind(details.sort_key(id))
    .bind(details.search_text())
    .bind(now)
    .execute()
    .await?;
    Ok(super::memberships::repeat_person(tx, id).await?)
}

/// Notes that the primary address was proved.
///
/// # Errors
/// The database's.
pub async fn verify_email(tx: &mut Tx, id: UserId, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE person SET email_verified = TRUE, updated_at = $2, version = version + 1
         WHERE id = $1 AND email IS NOT NULL AND NOT email_verified",
    )
    .bind(id.to_string())
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// Sets the account's state.
///
/// # Errors
/// The database's.
pub async fn set_status(tx: &mut Tx, id: UserId, status: UserStatus, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE person SET status = $2, status_changed_at = $3, updated_at = $3, version = version + 1,
                           was_pending = (status = 'Pending'),
                           tokens_valid_from = CASE WHEN $4 THEN $3 ELSE tokens_valid_from END
         WHERE id = $1 AND status <> $2",
    )
    .bind(id.to_string())
    .bind(status_text(status))
    .bind(now)
    // Enabled again, they do not get back what was issued before.
    .bind(status == UserStatus::Disabled)
    .execute()
    .await?;
    super::memberships::repeat_person(tx, id).await
}

/// Enables a disabled account: it is again what it was, so that an invitation that waits is not accepted by this.
///
/// # Errors
/// The database's.
pub async fn enable(tx: &mut Tx, id: UserId, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE person SET status = CASE WHEN was_pending THEN 'Pending' ELSE 'Active' END, was_pending = FALSE,
                           status_changed_at = $2, updated_at = $2, version = version + 1
         WHERE id = $1 AND status = 'Disabled'",
    )
    .bind(id.to_string())
    .bind(now)
    .execute()
    .await?;
    super::memberships::repeat_person(tx, id).await
}

/// Nobody answers any more for whose account this is.
///
/// # Errors
/// The database's.
pub async fn unvouch(tx: &mut Tx, id: UserId) -> Result<(), sqlx::Error> {
    tx.query("UPDATE person SET vouched = FALSE WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Notes that somebody accepted an invitation: they are active, and, where the link proved it, so is their address.
///
/// # Errors
/// The database's.
pub async fn accepted(tx: &mut Tx, id: UserId, verified: bool, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE person SET email_verified = (email_verified OR $2), version = version + 1, updated_at = $3,
                           status_changed_at = CASE WHEN status = 'Pending' THEN $3 ELSE status_changed_at END,
                           status = CASE WHEN status = 'Pending' THEN 'Active' ELSE status END
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(verified)
    .bind(now)
    .execute()
    .await?;
    super::memberships::repeat_person(tx, id).await
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

fn to_json<T: serde::Serialize>(value: &Option<T>) -> Result<Option<String>, Fault> {
    Ok(value.as_ref().map(serde_json::to_string).transpose()?)
}

pub(super) fn status_text(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Pending => "Pending",
        UserStatus::Active => "Active",
        UserStatus::Disabled => "Disabled",
    }
}
