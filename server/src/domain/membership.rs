//! The rules that every change of a membership keeps: roles within role groups, at least one administrator.

use guildhall::error::{Code, Error, FieldError};
use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleId, UserId};
use guildhall::members::{Member, MemberStatus};
use guildhall::policy::Standing;

use super::taking_back::take_back_admins;
use crate::authorize::Permit;
use crate::console::Context;
use crate::fault::Fault;
use crate::store::db::{Hold, Lock};
use crate::store::rights::MembershipRights;
use crate::store::{self, Tx};

/// A role that may be given, with its application; built-in ones have none.
pub(super) type Given = (RoleId, Option<ApplicationId>);

/// Finds each role among those that the organization may give, or names each that is not.
///
/// An application's client gives only roles of its own application and never makes administrators.
pub(super) async fn assignable(
    tx: &mut Tx,
    permit: &Permit,
    role_ids: &[RoleId],
    within: Option<ApplicationId>,
) -> Result<Vec<Given>, Fault> {
    let organization = permit.organization()?;
    let only = permit.only_application();
    let custom: Vec<CustomRoleId> = role_ids
        .iter()
        .filter_map(|role| match role {
            RoleId::Custom(id) => Some(*id),
            _ => None,
        })
        .collect();
    if !custom.is_empty() {
        tx.hold(Lock::AssignableRoles, Hold::Shared).await?;
    }
    let among = store::organization_roles::assignable_among(tx, organization, &custom).await?;
    let mut given: Vec<Given> = Vec::new();
    let mut wrong: Vec<FieldError> = Vec::new();
    for (at, role) in role_ids.iter().enumerate() {
        let refuse = |message: String| FieldError {
            field: format!("role_ids[{at}]"),
            message,
        };
        let app = match role {
            RoleId::OrganizationAdmin if only.is_some() => {
                return Err(Error::forbidden(
                    "An application's client may not make organization administrators.",
                )
                .into());
            }
            RoleId::OrganizationAdmin | RoleId::OrganizationMember => None,
            RoleId::Custom(id) => match among.iter().find(|(role, _)| role == id).map(|(_, app)| *app) {
                None => {
                    wrong.push(refuse(format!(
                        "{role} is not in one of the organization's role groups"
                    )));
                    continue;
                }
                Some(app) if within.is_some_and(|within| within != app) => {
                    wrong.push(refuse(format!("{role} is a role of another application")));
                    continue;
                }
                Some(app) if only.is_some_and(|only| only != app) => {
                    wrong.push(refuse(format!("{role} is a role of another application")));
                    continue;
                }
                Some(app) => Some(app),
            },
        };
        if !given.contains(&(*role, app)) {
            given.push((*role, app));
        }
    }
    Error::all(wrong)?;
    Ok(given)
}

/// The refusal of an organization admin who invites with roles that the organization may not give: 403, since it is
/// an attempt to hand out more than they have.
pub(super) fn beyond_ones_rights(permit: &Permit, fault: Fault) -> Fault {
    match fault {
        Fault::Refused(mut error)
            if permit.standing() == Standing::OrganizationAdmin && error.code == Code::Invalid =>
        {
            error.code = Code::Forbidden;
            Fault::Refused(error)
        }
        other => other,
    }
}

/// Whether a member is an administrator who can act.
pub(super) fn is_acting_admin(member: &Member) -> bool {
    member.is_organization_admin() && member.member_status == MemberStatus::Active
}

/// Refuses whoever administered the organization when the door let them in, and does not any more: an administrator whom they
/// make would stay one. It waits for every other change of who administers.
pub(super) async fn require_still_administers(
    permit: &Permit,
    tx: &mut Tx,
    makes_admin: bool,
) -> Result<(), Fault> {
    let (true, Standing::OrganizationAdmin, Some(user)) = (makes_admin, permit.standing(), permit.user())
    else {
        return Ok(());
    };
    let organization = permit.organization()?;
    store::organizations::guard_admins(tx, organization).await?;
    let rights = store::rights::user(tx, user.user_id, Some(organization)).await?;
    match rights
        .filter(|rights| rights.active)
        .and_then(|rights| rights.membership)
    {
        Some(MembershipRights {
            admin: true,
            closed: None,
            ..
        }) => Ok(()),
        _ => Err(Error::forbidden("You do not administer this organization any more.").into()),
    }
}

/// What a change ends with that took from somebody their place as an organization's administrator: another one is left, and
/// nobody becomes one any more because they said so. Call `guard_admins` before the change.
pub(super) async fn stopped_administering(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    organization: OrganizationId,
    former: UserId,
) -> Result<(), Fault> {
    require_admins_left(tx, &[organization]).await?;
    take_back_admins(tx, cx, Some(organization), former).await
}

/// 409 when a change took an organization's last administrator away. Call `guard_admins` before the change.
pub(super) async fn require_admins_left(tx: &mut Tx, organizations: &[OrganizationId]) -> Result<(), Fault> {
    for organization in organizations {
        if store::memberships::count_admins(tx, *organization).await? == 0 {
            return Err(Error::conflict(
                "last_organization_admin",
                "This is the last administrator of the organization. Make another member one first.",
            )
            .into());
        }
    }
    Ok(())
}
