//! What changes people: their record, their password, their place in the tenant, and the end of their account.

use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::id::UserId;
use guildhall::policy::Permission;
use guildhall::users::*;

use super::taken;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::domain::found;
use crate::domain::membership::require_admins_left;
use crate::fault::Fault;
use crate::services::Services;
use crate::store::accounts::Details;
use crate::store::people::Identifiers;
use crate::store::{self, Db, Tx, accounts, logins, people};

/// Somebody whom the caller may change: an administrator of the tenant is changed only by who may make one, for whoever
/// sets their password or address is them.
async fn changeable(permit: &Permit, tx: &mut Tx, id: UserId) -> Result<User, Fault> {
    let user = found(people::get(tx, id).await?, "user")?;
    if user.tenant_admin {
        permit.require(Permission::ManageAdministrators)?;
    }
    Ok(user)
}

impl Perform for UpdateUser {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<User, Fault> {
        let id = self.user_id;
        let before = changeable(permit, tx, id).await?;
        cx.require_match(&before.version.to_string())?;
        let by = Identifiers {
            email: self.email.as_ref().map(guildhall::contact::Email::folded),
            phone_number: self.phone_number.as_ref().map(ToString::to_string),
            username: self.username.as_ref().map(guildhall::contact::Username::folded),
            external_user_id: self.external_user_id.as_ref().map(ToString::to_string),
        };
        if let Some(error) = taken(tx, &by, Some(id)).await? {
            return Err(error.into());
        }
        let enabled = self.enabled;
        accounts::update(tx, id, &merged(self, &before), cx.now).await?;
        match enabled {
            Some(false) if before.status != UserStatus::Disabled => disable(tx, cx, &before).await?,
            Some(true) if before.status == UserStatus::Disabled => {
                accounts::set_status(tx, id, UserStatus::Active, cx.now).await?;
                cx.rights_changed();
            }
            _ => {}
        }
        let after = found(people::get(tx, id).await?, "user")?;
        cx.changed(
            Change::of("user", id, after.label())
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

/// The record with the input's fields in place of its own.
fn merged(input: UpdateUser, before: &User) -> Details {
    let same_email = |email: &EmailAddress| {
        input
            .email
            .as_ref()
            .is_none_or(|new| new.folded() == email.value.to_lowercase())
    };
    let same_phone = |phone: &PhoneNumber| {
        input
            .phone_number
            .as_ref()
            .is_none_or(|new| new.as_str() == phone.value)
    };
    Details {
        // What was proved of the old one says nothing of a new one.
        email_verified: before
            .email
            .as_ref()
            .is_some_and(|email| email.email_verified && same_email(email)),
        phone_number_verified: before
            .phone_number
            .as_ref()
            .is_some_and(|phone| phone.phone_number_verified && same_phone(phone)),
        email: input
            .email
            .map(String::from)
            .or_else(|| before.email.clone().map(|email| email.value)),
        phone_number: input
            .phone_number
            .map(String::from)
            .or_else(|| before.phone_number.clone().map(|phone| phone.value)),
        username: input
            .username
            .map(String::from)
            .or_else(|| before.username.clone()),
        external_user_id: input
            .external_user_id
            .map(String::from)
            .or_else(|| before.external_user_id.clone()),
        external_account_id: input
            .external_account_id
            .map(String::from)
            .or_else(|| before.external_account_id.clone()),
        name: input.name.or_else(|| before.name.clone()),
        address: input.address.or_else(|| before.address.clone()),
        birthday: input
            .birthday
            .map(String::from)
            .or_else(|| before.birthday.clone()),
        picture: input.picture.map(String::from).or_else(|| before.picture.clone()),
        language: input
            .language
            .map(String::from)
            .or_else(|| before.language.clone()),
        custom_data: input.custom_data.or_else(|| before.custom_data.clone()),
        custom_app_data: input.custom_app_data.or_else(|| before.custom_app_data.clone()),
        secondary_emails: input.secondary_emails.map_or_else(
            || before.secondary_emails.clone(),
            |list| list.into_iter().map(String::from).collect(),
        ),
        secondary_phone_numbers: input.secondary_phone_numbers.map_or_else(
            || before.secondary_phone_numbers.clone(),
            |list| list.into_iter().map(String::from).collect(),
        ),
    }
}

async fn disable(tx: &mut Tx, cx: &mut Context<'_>, before: &User) -> Result<(), Fault> {
    let id = before.user_id;
    let organizations = store::memberships::admin_in(tx, id).await?;
    store::tenant::guard_admins(tx).await?;
    for organization in &organizations {
        store::organizations::guard_admins(tx, *organization).await?;
    }
    accounts::set_status(tx, id, UserStatus::Disabled, cx.now).await?;
    require_tenant_admin_left(tx, before.tenant_admin).await?;
    require_admins_left(tx, &organizations).await?;
    store::sessions::delete_of(tx, id, None).await?;
    cx.rights_changed();
    Ok(())
}

/// 409 when a change took the tenant's last administrator away.
pub(in crate::domain) async fn require_tenant_admin_left(tx: &mut Tx, was_admin: bool) -> Result<(), Fault> {
    if was_admin && store::tenant::count_admins(tx).await? == 0 {
        return Err(Error::conflict(
            "last_tenant_admin",
            "This is the last administrator of the tenant. Make somebody else one first.",
        )
        .into());
    }
    Ok(())
}

impl Perform for DeleteUser {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = changeable(permit, tx, self.user_id).await?;
        cx.require_match(&before.version.to_string())?;
        let organizations = store::memberships::admin_in(tx, self.user_id).await?;
        store::tenant::guard_admins(tx).await?;
        for organization in &organizations {
            store::organizations::guard_admins(tx, *organization).await?;
        }
        accounts::delete(tx, self.user_id, cx.random()).await?;
        require_tenant_admin_left(tx, before.tenant_admin).await?;
        require_admins_left(tx, &organizations).await?;
        cx.rights_changed();
        cx.changed(Change::of("user", self.user_id, before.label()).before(&before));
        Ok(())
    }
}

impl Perform for SetUserPassword {
    async fn prepare(&self, services: &Services, _: &Db, _: &Request) -> Result<Prepared, Fault> {
        let password_hash = Some(services.hasher.hash(self.password.reveal()).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let user = changeable(permit, tx, self.user_id).await?;
        let hash = cx.prepared.password_hash.clone().unwrap_or_default();
        logins::set_password(tx, self.user_id, hash, self.force_replace.unwrap_or(true), cx.now).await?;
        store::sessions::delete_of(tx, self.user_id, None).await?;
        cx.rights_changed();
        cx.changed(Change::of("user", self.user_id, user.label()));
        Ok(())
    }
}

impl Perform for SetTenantAdmin {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = found(people::get(tx, self.user_id).await?, "user")?;
        store::tenant::guard_admins(tx).await?;
        accounts::set_tenant_admin(tx, self.user_id, self.admin, cx.now).await?;
        require_tenant_admin_left(tx, before.tenant_admin && !self.admin).await?;
        cx.rights_changed();
        let after = serde_json::json!({ "tenant_admin": self.admin });
        let was = serde_json::json!({ "tenant_admin": before.tenant_admin });
        cx.changed(
            Change::of("user", self.user_id, before.label())
                .before(&was)
                .after(&after),
        );
        Ok(())
    }
}
