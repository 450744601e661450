//! What happens to people.

use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::id::UserId;
use guildhall::page::Page;
use guildhall::policy::Permission;
use guildhall::users::*;

use super::found;
use super::membership::require_admins_left;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::accounts::Details;
use crate::store::people::Identifiers;
use crate::store::{self, Db, Tx, accounts, logins, people};

/// The columns of a new person.
pub(super) fn details(input: &CreateUser) -> Details {
    let texts = |list: &[guildhall::contact::Email]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    Details {
        email: input.email.as_ref().map(ToString::to_string),
        email_verified: false,
        phone_number: input.phone_number.as_ref().map(ToString::to_string),
        phone_number_verified: false,
        username: input.username.as_ref().map(ToString::to_string),
        external_user_id: input.external_user_id.as_ref().map(ToString::to_string),
        external_account_id: input.external_account_id.as_ref().map(ToString::to_string),
        name: input.name.clone(),
        address: input.address.clone(),
        birthday: input.birthday.as_ref().map(ToString::to_string),
        picture: input.picture.as_ref().map(ToString::to_string),
        language: input.language.as_ref().map(ToString::to_string),
        custom_data: input.custom_data.clone(),
        custom_app_data: input.custom_app_data.clone(),
        secondary_emails: texts(&input.secondary_emails),
        secondary_phone_numbers: input
            .secondary_phone_numbers
            .iter()
            .map(ToString::to_string)
            .collect(),
        vouched: true,
    }
}

/// What identifies the person of an input.
pub(super) fn identifiers(input: &CreateUser) -> Identifiers {
    Identifiers {
        email: input.email.as_ref().map(guildhall::contact::Email::folded),
        phone_number: input.phone_number.as_ref().map(ToString::to_string),
        username: input.username.as_ref().map(guildhall::contact::Username::folded),
        external_user_id: input.external_user_id.as_ref().map(ToString::to_string),
    }
}

/// 400 unless the input names somebody: by address, number or user name, the last with a password.
pub(super) fn require_identity(input: &CreateUser) -> Result<(), Error> {
    if input.email.is_none() && input.phone_number.is_none() && input.username.is_none() {
        return Err(Error::field(
            "email",
            "is required, or a phone_number, or a username",
        ));
    }
    if input.username.is_some() && input.credentials.is_none() {
        return Err(Error::field(
            "credentials",
            "is required with a username: it is what they sign in with",
        ));
    }
    Ok(())
}

/// The names of the identifiers that others have, each as a field error.
async fn taken(tx: &mut Tx, by: &Identifiers, except: Option<UserId>) -> Result<Option<Error>, Fault> {
    let one = |email: Option<&String>,
               phone: Option<&String>,
               username: Option<&String>,
               external: Option<&String>| Identifiers {
        email: email.cloned(),
        phone_number: phone.cloned(),
        username: username.cloned(),
        external_user_id: external.cloned(),
    };
    let each = [
        (
            "email",
            by.email.is_some(),
            one(by.email.as_ref(), None, None, None),
        ),
        (
            "phone_number",
            by.phone_number.is_some(),
            one(None, by.phone_number.as_ref(), None, None),
        ),
        (
            "username",
            by.username.is_some(),
            one(None, None, by.username.as_ref(), None),
        ),
        (
            "external_user_id",
            by.external_user_id.is_some(),
            one(None, None, None, by.external_user_id.as_ref()),
        ),
    ];
    let mut error: Option<Error> = None;
    for (field, given, identifier) in each {
        if given
            && people::find(tx, &identifier)
                .await?
                .iter()
                .any(|id| Some(*id) != except)
        {
            let base = error.unwrap_or_else(|| {
                Error::conflict(
                    "user_identifier_taken",
                    format!("Somebody else has this {}.", field.replace('_', " ")),
                )
            });
            error = Some(base.at(field, "belongs to somebody else"));
        }
    }
    Ok(error)
}

impl Perform for CreateUser {
    async fn prepare(&self, services: &Services, _: &Db, _: &Request) -> Result<Prepared, Fault> {
        hash_credentials(services, self.credentials.as_ref()).await
    }

    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<User, Fault> {
        require_identity(&self)?;
        let id = UserId::compose(cx.now, cx.random());
        if let Some(error) = taken(tx, &identifiers(&self), None).await? {
            return Err(error.into());
        }
        let password = new_password(self.credentials.as_ref(), &cx.prepared);
        if !accounts::insert(
            tx,
            id,
            &details(&self),
            UserStatus::Active,
            password,
            cx.now,
            cx.random(),
        )
        .await?
        {
            return Err(Error::conflict(
                "user_identifier_taken",
                "Somebody with one of these identifiers was added just now.",
            )
            .into());
        }
        let made = found(people::get(tx, id).await?, "user")?;
        cx.changed(Change::of("user", id, made.label()).after(&made));
        Ok(made)
    }
}

/// Hashes the password of credentials, where there are any.
pub(super) async fn hash_credentials(
    services: &Services,
    credentials: Option<&Credentials>,
) -> Result<Prepared, Fault> {
    let password_hash = match credentials {
        Some(credentials) => Some(services.hasher.hash(credentials.password.reveal()).await?),
        None => None,
    };
    Ok(Prepared {
        password_hash,
        ..Prepared::default()
    })
}

/// The hash and whether it must be replaced at the first sign-in.
pub(super) fn new_password(credentials: Option<&Credentials>, prepared: &Prepared) -> Option<(String, bool)> {
    let credentials = credentials?;
    Some((
        prepared.password_hash.clone()?,
        credentials.force_replace.unwrap_or(true),
    ))
}

impl Perform for ListUsers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<User>, Fault> {
        people::list(tx, permit, &self).await
    }
}

impl Perform for GetUser {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<User, Fault> {
        Ok(found(people::get(tx, permit.person()?).await?, "user")?)
    }
}

async fn only(tx: &mut Tx, by: Identifiers) -> Result<User, Fault> {
    let id = found(people::find(tx, &by).await?.first().copied(), "user")?;
    Ok(found(people::get(tx, id).await?, "user")?)
}

impl Perform for GetUserByEmail {
    async fn perform(self, _: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<User, Fault> {
        only(
            tx,
            Identifiers {
                email: Some(self.email.folded()),
                ..Identifiers::default()
            },
        )
        .await
    }
}

impl Perform for GetUserByUsername {
    async fn perform(self, _: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<User, Fault> {
        only(
            tx,
            Identifiers {
                username: Some(self.username.folded()),
                ..Identifiers::default()
            },
        )
        .await
    }
}

impl Perform for GetUserByExternalId {
    async fn perform(self, _: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<User, Fault> {
        only(
            tx,
            Identifiers {
                external_user_id: Some(self.external_user_id.into()),
                ..Identifiers::default()
            },
        )
        .await
    }
}

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
                accounts::enable(tx, id, cx.now).await?;
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
pub(super) fn merged(input: UpdateUser, before: &User) -> Details {
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
    store::sessions::delete_of(tx, id, None).await?;
    cx.rights_changed();
    Ok(())
}

/// 409 when a change took the tenant's last administrator away.
pub(super) async fn require_tenant_admin_left(tx: &mut Tx, was_admin: bool) -> Result<(), Fault> {
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
