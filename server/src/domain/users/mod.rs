//! What happens to people: who they are.

mod change;

pub(in crate::domain) use self::change::{changeable, details_of, require_changeable};

use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::id::{OrganizationId, UserId};
use guildhall::page::Page;
use guildhall::users::*;

use super::found;
use super::passwords::{about_new, hashed};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::accounts::Details;
use crate::store::people::Identifiers;
use crate::store::{Db, Tx, accounts, people};

/// The columns of a new person.
pub(in crate::domain) fn details(input: &CreateUser) -> Details {
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
pub(in crate::domain) fn identifiers(input: &CreateUser) -> Identifiers {
    Identifiers {
        email: input.email.as_ref().map(guildhall::contact::Email::folded),
        phone_number: input.phone_number.as_ref().map(ToString::to_string),
        username: input.username.as_ref().map(guildhall::contact::Username::folded),
        external_user_id: input.external_user_id.as_ref().map(ToString::to_string),
    }
}

/// 400 unless the input names somebody: by address, number or user name, the last with a password.
pub(in crate::domain) fn require_identity(input: &CreateUser) -> Result<(), Error> {
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
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        hash_credentials(services, db, self, None).await
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

/// Judges and hashes the password of credentials, where there are any, of somebody who perhaps joins an organization.
pub(in crate::domain) async fn hash_credentials(
    services: &Services,
    db: &Db,
    input: &CreateUser,
    joins: Option<OrganizationId>,
) -> Result<Prepared, Fault> {
    let Some(credentials) = &input.credentials else {
        return Ok(Prepared::default());
    };
    let about = about_new(&mut db.read().await?, input, joins).await?;
    let password_hash = Some(hashed(services, "credentials.password", &credentials.password, &about).await?);
    Ok(Prepared {
        password_hash,
        ..Prepared::default()
    })
}

/// The hash and whether it must be replaced at the first sign-in.
pub(in crate::domain) fn new_password(
    credentials: Option<&Credentials>,
    prepared: &Prepared,
) -> Option<(String, bool)> {
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
