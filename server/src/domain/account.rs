//! What people do with their own record, and with the organizations that they are in.

use guildhall::account::*;
use guildhall::error::Error;
use guildhall::id::UserId;
use guildhall::members::Membership;
use guildhall::page::Page;
use guildhall::users::{Address, PersonName, User};
use guildhall::value::Emptied;

use super::found;
use super::members::{change_of, summary};
use super::membership::{is_acting_admin, stopped_administering};
use super::own_emails;
use super::passing_on::pass_on;
use super::users::details_of;
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{self, Tx, email_proofs, people};

/// Further numbers, and further addresses, that one person may have.
pub(super) const MOST: usize = 20;

pub(super) async fn profile(tx: &mut Tx, id: UserId) -> Result<Profile, Fault> {
    let user = found(people::get(tx, id).await?, "user")?;
    let proved = email_proofs::proved(tx, id).await?;
    Ok(seen(user, &proved))
}

fn seen(user: User, proved: &[String]) -> Profile {
    let primary = user.email.map(|email| OwnEmail {
        value: email.value,
        email_verified: email.email_verified,
        primary: true,
    });
    let others = user.secondary_emails.into_iter().map(|value| OwnEmail {
        email_verified: proved.contains(&value.to_lowercase()),
        value,
        primary: false,
    });
    Profile {
        user_id: user.user_id,
        emails: primary.into_iter().chain(others).collect(),
        phone_number: user.phone_number,
        secondary_phone_numbers: user.secondary_phone_numbers,
        username: user.username,
        name: user.name,
        address: user.address,
        birthday: user.birthday,
        picture: user.picture,
        language: user.language,
        has_password: user.has_password,
        last_auth: user.last_auth,
        created_at: user.created_at,
        updated_at: user.updated_at,
        version: user.version,
    }
}

impl Perform for GetOwnProfile {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Profile, Fault> {
        profile(tx, permit.person()?).await
    }
}

impl Perform for UpdateOwnProfile {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Profile, Fault> {
        let id = permit.person()?;
        let before = found(people::get(tx, id).await?, "user")?;
        cx.require_match(&before.version.to_string())?;
        let current = match &self.email {
            Some(email) => {
                own_emails::make_primary(tx, cx, &before, email).await?;
                found(people::get(tx, id).await?, "user")?
            }
            None => before.clone(),
        };
        let mut details = details_of(&current);
        if let Some(name) = self.name {
            details.name = Some(name).filter(|name| *name != PersonName::default());
        }
        if let Some(address) = self.address {
            details.address = Some(address).filter(|address| *address != Address::default());
        }
        replace(&mut details.birthday, self.birthday);
        replace(&mut details.picture, self.picture);
        replace(&mut details.language, self.language);
        if let Some(numbers) = self.secondary_phone_numbers {
            if numbers.len() > MOST {
                return Err(Error::field("secondary_phone_numbers", "must be 20 at most").into());
            }
            details.secondary_phone_numbers.clear();
            for number in numbers.into_iter().map(String::from) {
                if !details.secondary_phone_numbers.contains(&number) {
                    details.secondary_phone_numbers.push(number);
                }
            }
        }
        let after = own_emails::save(tx, cx, &before, &details).await?;
        let proved = email_proofs::proved(tx, id).await?;
        Ok(seen(after, &proved))
    }
}

fn replace<T: Into<String>>(current: &mut Option<String>, new: Option<Emptied<T>>) {
    if let Some(Emptied(value)) = new {
        *current = value.map(Into::into);
    }
}

impl Perform for ListOwnOrganizations {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Membership>, Fault> {
        let all = guildhall::members::ListMemberships {
            user_id: permit.person()?,
            organization_id: None,
            limit: self.limit,
            cursor: self.cursor,
        };
        store::memberships::of_person(tx, permit, &all).await
    }
}

fn not_theirs() -> Error {
    Error::not_found("organization that you are in")
}

impl Perform for LeaveOrganization {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (id, organization) = (permit.person()?, self.organization_id);
        store::organizations::guard_admins(tx, organization).await?;
        let before = store::members::get_own(tx, permit, organization).await?;
        let before = before.ok_or_else(not_theirs)?;
        pass_on(tx, cx, organization, id, None).await?;
        if !store::memberships::leave(tx, permit, organization, cx.now, cx.random()).await? {
            return Err(not_theirs().into());
        }
        if is_acting_admin(&before.member) {
            stopped_administering(tx, cx, organization, id).await?;
        }
        cx.rights_of(id);
        let change = change_of(&before).before(&summary(&before));
        cx.changed(if before.accepted {
            change
        } else {
            // Whoever turns an invitation down tells nothing of themselves by that.
            change.called(before.to_organization.label())
        });
        Ok(())
    }
}
