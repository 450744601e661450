//! Second factors of somebody else: seen by the tenant, and taken away from whoever lost theirs.

use guildhall::error::Error;
use guildhall::factors::*;
use guildhall::id::UserId;
use guildhall::organizations::Organization;
use guildhall::policy::Standing;
use guildhall::users::User;

use super::tell;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::domain::found;
use crate::domain::members::change_of;
use crate::domain::organizations::{details_of, organization, save};
use crate::domain::users::changeable;
use crate::fault::Fault;
use crate::store::organizations::Details;
use crate::store::{self, Tx, logins, people};

impl Perform for GetUserFactors {
    async fn perform(self, _: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Factors, Fault> {
        found(people::get(tx, self.user_id).await?, "user")?;
        Ok(store::factors::of(tx, self.user_id).await?)
    }
}

/// Whoever could take their own away like this would need no password for it.
fn not_oneself(permit: &Permit, id: UserId) -> Result<(), Error> {
    if permit.user().is_some_and(|user| user.user_id == id) {
        return Err(
            Error::forbidden("Change your own second factors under My account.").because("own_account"),
        );
    }
    Ok(())
}

/// Takes everything away, ends every session, and tells the owner.
async fn reset(tx: &mut Tx, cx: &mut Context<'_>, user: &User) -> Result<Factors, Fault> {
    let id = user.user_id;
    let before = store::factors::of(tx, id).await?;
    store::factors::remove_all(tx, id).await?;
    store::sessions::delete_of(tx, id, None).await?;
    logins::end_tokens(tx, id, cx.now).await?;
    cx.rights_of(id);
    if before.any() {
        tell(cx, user);
    }
    Ok(before)
}

impl Perform for ResetUserFactors {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        not_oneself(permit, self.user_id)?;
        let user = changeable(permit, tx, self.user_id).await?;
        let before = reset(tx, cx, &user).await?;
        cx.changed(Change::of("user", user.user_id, user.label()).before(&before));
        Ok(())
    }
}

impl Perform for ResetMemberFactors {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        not_oneself(permit, self.user_id)?;
        let known = store::members::get_known(tx, permit, self.user_id).await?;
        let known = found(known, "member")?;
        let only_here = !store::factors::is_elsewhere(tx, self.user_id, self.organization_id).await?;
        let user = found(people::get(tx, self.user_id).await?, "user")?;
        // What somebody signs in with elsewhere is not one organization's to take away; nor what they had before they were
        // its member, for anybody can be invited, and some can be added.
        let since = store::factors::member_since(tx, self.user_id, self.organization_id).await?;
        let oldest = store::factors::of(tx, self.user_id).await?.oldest();
        let set_up_here = since.is_some_and(|since| oldest.is_none_or(|at| at >= since));
        let theirs = set_up_here && only_here && !user.tenant_admin;
        if permit.standing() == Standing::OrganizationAdmin && !theirs {
            return Err(Error::forbidden(
                "This member does not belong to your organization alone: ask whoever sells to you to do it.",
            )
            .because("not_yours_alone")
            .into());
        }
        let user = changeable(permit, tx, self.user_id).await?;
        let before = reset(tx, cx, &user).await?;
        cx.changed(change_of(&known).before(&before));
        Ok(())
    }
}

impl Perform for RequireFactor {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Organization, Fault> {
        let before = organization(permit, tx, permit.organization()?).await?;
        cx.require_match(&before.version.to_string())?;
        let own = permit.user().is_some_and(|user| user.second_factor);
        if self.required && permit.standing() == Standing::OrganizationAdmin && !own {
            return Err(Error::conflict(
                "factor_needed_first",
                "Set up a second factor of your own first, under My account: without it this would shut you out, too.",
            )
            .into());
        }
        let details = Details {
            requires_factor: self.required,
            ..details_of(&before)
        };
        save(permit, tx, cx, &before, &details).await
    }
}
