//! Another name for a member: by whom, and for whom it is theirs to give.

use guildhall::error::Error;
use guildhall::members::{Member, RenameMember};
use guildhall::policy::Standing;
use guildhall::text::NamePart;
use guildhall::users::{PersonName, User};
use guildhall::value::Emptied;
use serde_json::json;

use super::found;
use super::members::{change_of, known};
use super::users::{details_of, require_changeable};
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::accounts::Details;
use crate::store::{self, Tx, accounts, people};

/// A name is its owner's, and shown wherever they are. An organization has a say in it for those only whom it brought: who are
/// nowhere else, and were nobody before they were its member.
async fn require_theirs(permit: &Permit, tx: &mut Tx, member: &Member, user: &User) -> Result<(), Fault> {
    let is_oneself = permit.user().is_some_and(|user| user.user_id == member.user_id);
    if permit.standing() != Standing::OrganizationAdmin || is_oneself {
        return Ok(());
    }
    // An invitation alone is not theirs: anybody can be invited, and the refusal would tell of it.
    let is_elsewhere =
        store::factors::is_member_elsewhere(tx, member.user_id, member.organization_id).await?;
    if is_elsewhere || user.tenant_admin || user.created_at < member.joined_at {
        return Err(Error::forbidden(
            "This person’s name is not your organization’s to change: they had their account before, or are in other \
             organizations, too. They change it themselves under My account.",
        )
        .because("not_yours_alone")
        .into());
    }
    Ok(())
}

fn part(new: Option<Emptied<NamePart>>, current: Option<NamePart>) -> Option<NamePart> {
    match new {
        Some(Emptied(part)) => part,
        None => current,
    }
}

impl Perform for RenameMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Member, Fault> {
        let before = known(tx, permit, self.user_id).await?;
        cx.require_match(&before.member.version.to_string())?;
        // Until then nobody here is told whether there is a person of that name already.
        if !before.accepted {
            return Err(Error::conflict(
                "not_accepted",
                "They have not accepted their invitation yet: their name can be changed once they have.",
            )
            .into());
        }
        let user = found(people::get(tx, self.user_id).await?, "user")?;
        require_theirs(permit, tx, &before.member, &user).await?;
        require_changeable(permit, &user)?;
        let current = user.name.clone().unwrap_or_default();
        let name = PersonName {
            title: current.title,
            first_name: part(self.first_name, current.first_name),
            middle_name: current.middle_name,
            last_name: part(self.last_name, current.last_name),
        };
        let details = Details {
            name: Some(name).filter(|name| *name != PersonName::default()),
            ..details_of(&user)
        };
        accounts::update(tx, user.user_id, &details, cx.now).await?;
        let after = known(tx, permit, self.user_id).await?;
        let change = change_of(&after).before(&json!({ "name": before.member.name }));
        cx.changed(change.after(&json!({ "name": after.member.name })));
        Ok(after.member)
    }
}
