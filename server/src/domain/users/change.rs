//! What changes people: their record, their password, their place in the tenant, and the end of their account.

use guildhall::caller::Request;
use guildhall::error::{Error, Malformed};
use guildhall::id::UserId;
use guildhall::policy::Permission;
use guildhall::users::*;
use serde_json::{Map, Value};

use super::taken;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::domain::found;
use crate::domain::membership::require_admins_left;
use crate::domain::passing_on::pass_on;
use crate::domain::passwords;
use crate::domain::taking_back::take_back_admins;
use crate::fault::Fault;
use crate::services::Services;
use crate::store::accounts::Details;
use crate::store::people::Identifiers;
use crate::store::{self, Db, Tx, accounts, email_proofs, logins, organization_client_owners, people};

/// Somebody whom the caller may change: an administrator of the tenant is changed only by who may make one, for whoever
/// sets their password or address is them.
pub(in crate::domain) async fn changeable(permit: &Permit, tx: &mut Tx, id: UserId) -> Result<User, Fault> {
    let user = found(people::get(tx, id).await?, "user")?;
    require_changeable(permit, &user)?;
    Ok(user)
}

/// The same of somebody who was read.
pub(in crate::domain) fn require_changeable(permit: &Permit, user: &User) -> Result<(), Error> {
    if user.tenant_admin {
        permit.require(Permission::ManageAdministrators)?;
    }
    Ok(())
}

impl Perform for UpdateUser {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        let Some(credentials) = &self.credentials else {
            return Ok(Prepared::default());
        };
        let mut about = passwords::about(&mut db.read().await?, self.user_id).await?;
        if let Some(email) = &self.email {
            about = about.and_email(email.as_str());
        }
        if let Some(name) = &self.name {
            about = about.and_name(name);
        }
        if let Some(username) = &self.username {
            about = about.and(username.as_str());
        }
        let field = "credentials.password";
        let password_hash = Some(passwords::hashed(services, field, &credentials.password, &about).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

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
        let force_replace = self
            .credentials
            .as_ref()
            .map(|credentials| credentials.force_replace);
        let details = merged(self, &before);
        for (field, data) in [
            ("custom_data", &details.custom_data),
            ("custom_app_data", &details.custom_app_data),
        ] {
            // Each part was small enough; what they come to may not be.
            guildhall::custom::within_bounds(data.as_ref())
                .map_err(|Malformed(why)| Error::field(field, why))?;
        }
        accounts::update(tx, id, &details, cx.now).await?;
        let mut password = None;
        if let Some(force_replace) = force_replace {
            let login = found(logins::of(tx, id).await?, "user")?;
            password = Some(if login.password_hash.is_some() {
                "replaced"
            } else {
                "set"
            });
            replace_password(tx, cx, &before, force_replace).await?;
        }
        match enabled {
            Some(false) if before.status != UserStatus::Disabled => disable(tx, cx, &before).await?,
            Some(true) if before.status == UserStatus::Disabled => {
                accounts::enable(tx, id, cx.now).await?;
                cx.rights_changed();
            }
            _ => {}
        }
        let after = found(people::get(tx, id).await?, "user")?;
        for gone in before
            .secondary_emails
            .iter()
            .filter(|email| !after.secondary_emails.contains(email))
        {
            email_proofs::forget(tx, id, &gone.to_lowercase()).await?;
        }
        let mut change = Change::of("user", id, after.label())
            .before(&before)
            .after(&after);
        // It stands in no record; that it is another one does in the audit.
        if let (Some(password), Some(Value::Object(fields))) = (password, &mut change.after) {
            fields.insert("password".to_owned(), Value::from(password));
        }
        cx.changed(change);
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
    let current = details_of(before);
    let list = |emails: Vec<guildhall::contact::Email>| emails.into_iter().map(String::from).collect();
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
        email: input.email.map(String::from).or(current.email),
        phone_number: input.phone_number.map(String::from).or(current.phone_number),
        username: input.username.map(String::from).or(current.username),
        external_user_id: input
            .external_user_id
            .map(String::from)
            .or(current.external_user_id),
        external_account_id: input
            .external_account_id
            .map(String::from)
            .or(current.external_account_id),
        name: match (input.name, current.name) {
            (Some(new), Some(name)) if input.merge_name => Some(new.over(name)),
            (new, name) => new.or(name),
        },
        address: input.address.or(current.address),
        birthday: input.birthday.map(String::from).or(current.birthday),
        picture: input.picture.map(String::from).or(current.picture),
        language: input.language.map(String::from).or(current.language),
        custom_data: data(input.merge_custom_data, input.custom_data, current.custom_data),
        custom_app_data: data(
            input.merge_custom_data,
            input.custom_app_data,
            current.custom_app_data,
        ),
        secondary_emails: input.secondary_emails.map_or(current.secondary_emails, list),
        secondary_phone_numbers: input
            .secondary_phone_numbers
            .map_or(current.secondary_phone_numbers, |list| {
                list.into_iter().map(String::from).collect()
            }),
        vouched: false,
    }
}

/// Custom data after a change: replaced, or entry by entry.
fn data(
    merge: bool,
    new: Option<Map<String, Value>>,
    current: Option<Map<String, Value>>,
) -> Option<Map<String, Value>> {
    match (new, current) {
        (Some(new), Some(mut kept)) if merge => {
            kept.extend(new);
            kept.retain(|_, value| !value.is_null());
            Some(kept)
        }
        (Some(mut new), _) => {
            new.retain(|_, value| !merge || !value.is_null());
            Some(new)
        }
        (None, current) => current,
    }
}

/// A person's record as it is.
pub(in crate::domain) fn details_of(user: &User) -> Details {
    Details {
        email: user.email.as_ref().map(|email| email.value.clone()),
        email_verified: user.email.as_ref().is_some_and(|email| email.email_verified),
        phone_number: user.phone_number.as_ref().map(|phone| phone.value.clone()),
        phone_number_verified: user
            .phone_number
            .as_ref()
            .is_some_and(|phone| phone.phone_number_verified),
        username: user.username.clone(),
        external_user_id: user.external_user_id.clone(),
        external_account_id: user.external_account_id.clone(),
        name: user.name.clone(),
        address: user.address.clone(),
        birthday: user.birthday.clone(),
        picture: user.picture.clone(),
        language: user.language.clone(),
        custom_data: user.custom_data.clone(),
        custom_app_data: user.custom_app_data.clone(),
        secondary_emails: user.secondary_emails.clone(),
        secondary_phone_numbers: user.secondary_phone_numbers.clone(),
        vouched: false,
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
    take_back_admins(tx, cx, None, id).await?;
    store::sessions::delete_of(tx, id, None).await?;
    // Their personal API applications follow them.
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
        for organization in organization_client_owners::owner_in(tx, self.user_id).await? {
            store::organizations::guard_admins(tx, organization).await?;
            pass_on(tx, cx, organization, self.user_id, None).await?;
        }
        accounts::delete(tx, self.user_id, cx.random()).await?;
        require_tenant_admin_left(tx, before.tenant_admin).await?;
        require_admins_left(tx, &organizations).await?;
        take_back_admins(tx, cx, None, self.user_id).await?;
        cx.rights_of(self.user_id);
        cx.changed(Change::of("user", self.user_id, before.label()).before(&before));
        Ok(())
    }
}

impl Perform for SetUserPassword {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        let about = passwords::about(&mut db.read().await?, self.user_id).await?;
        let password_hash = Some(passwords::hashed(services, "password", &self.password, &about).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let user = changeable(permit, tx, self.user_id).await?;
        replace_password(tx, cx, &user, self.force_replace).await?;
        cx.changed(Change::of("user", self.user_id, user.label()));
        Ok(())
    }
}

/// Gives somebody the password that was hashed before, ends their sessions and tells them, at the address that they had.
async fn replace_password(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    user: &User,
    force_replace: Option<bool>,
) -> Result<(), Fault> {
    let id = user.user_id;
    let hash = cx.prepared.password_hash.clone().unwrap_or_default();
    logins::set_password(tx, id, hash, force_replace.unwrap_or(true), cx.now).await?;
    store::sessions::delete_of(tx, id, None).await?;
    cx.rights_of(id);
    passwords::tell_of_change(cx, user);
    Ok(())
}

impl Perform for SetTenantAdmin {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = found(people::get(tx, self.user_id).await?, "user")?;
        store::tenant::guard_admins(tx).await?;
        accounts::set_tenant_admin(tx, self.user_id, self.admin, cx.now).await?;
        require_tenant_admin_left(tx, before.tenant_admin && !self.admin).await?;
        cx.rights_of(self.user_id);
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
