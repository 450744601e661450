//! How members look in lists and on pages.

use guildhall::id::RoleId;
use guildhall::members::{Member, MemberRole, MemberStatus};
use guildhall::policy::{Permission, Standing, allows};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ui::prelude::*;

/// The look of what the portals show of a member.
pub fn state_of(status: MemberStatus) -> State {
    match status {
        MemberStatus::Active => State::Active,
        MemberStatus::Pending => State::Pending,
        MemberStatus::Suspended => State::Suspended,
        MemberStatus::Disabled => State::Disabled,
    }
}

/// How to reach them, where that is not what they are called anyway.
pub fn contact_of(member: &Member) -> Option<String> {
    let label = member.label();
    member
        .email
        .as_ref()
        .map(|email| email.value.clone())
        .or_else(|| member.phone_number.as_ref().map(|phone| phone.value.clone()))
        .or_else(|| member.username.clone())
        .filter(|contact| *contact != label)
}

/// Some of somebody's roles, as badges show them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SomeRoles {
    shown: Vec<RoleBadge>,
    /// How many there are beside them.
    more: usize,
}

/// What a badge shows of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RoleBadge {
    label: String,
    /// What programs call it, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Whether it administers the organization.
    administers: bool,
}

impl From<MemberRole> for RoleBadge {
    fn from(role: MemberRole) -> Self {
        RoleBadge {
            label: role.label().to_owned(),
            administers: role.role_id == RoleId::OrganizationAdmin,
            name: role.display_name.is_some().then_some(role.role_name),
        }
    }
}

impl From<Vec<MemberRole>> for SomeRoles {
    fn from(mut roles: Vec<MemberRole>) -> Self {
        const SHOWN: usize = 2;
        // Everybody has it: it says something only where it is all that somebody has.
        if roles.len() > 1 {
            roles.retain(|role| role.role_id != RoleId::OrganizationMember);
        }
        SomeRoles {
            more: roles.len().saturating_sub(SHOWN),
            shown: roles.into_iter().take(SHOWN).map(RoleBadge::from).collect(),
        }
    }
}

/// Some of the roles as badges, the others counted.
#[component]
pub fn RoleBadges(#[prop(into)] roles: SomeRoles) -> impl IntoView {
    let SomeRoles { shown, more } = roles;
    if shown.is_empty() {
        return view! { "None" }.into_any();
    }
    view! {
        <span class="row">
            {shown
                .into_iter()
                .map(|badge| {
                    let tone = if badge.administers { Tone::Accent } else { Tone::Neutral };
                    view! {
                        <span title=badge.name>
                            <Badge tone>{badge.label}</Badge>
                        </span>
                    }
                })
                .collect_view()} {(more > 0).then(|| format!("+{more}"))}
        </span>
    }
    .into_any()
}

/// What an organization admin may do that a member may not, straight from the policy.
pub fn admin_grants() -> Vec<&'static str> {
    let mut grants = Vec::new();
    for words in admin_rights().filter_map(in_words) {
        if !grants.contains(&words) {
            grants.push(words);
        }
    }
    grants
}

fn admin_rights() -> impl Iterator<Item = Permission> {
    Permission::ALL.iter().copied().filter(|permission| {
        allows(Standing::OrganizationAdmin, *permission) && !allows(Standing::Member, *permission)
    })
}

/// A right as people call it; programs have narrower ones, which are one to people.
fn in_words(permission: Permission) -> Option<&'static str> {
    Some(match permission {
        Permission::EnterPortal => "open the organization's own portal",
        Permission::BrandOrganization => "change its name and logo",
        Permission::SecureOrganization => "require a second factor of its members",
        Permission::ReadMembers | Permission::ReadMemberRoles | Permission::ReadEffectiveRoles => {
            "see every member"
        }
        Permission::AddMembers | Permission::AssignMembers => "add members",
        Permission::UpdateMembers => "change and suspend members",
        Permission::AssignRoles | Permission::GiveMemberRoles | Permission::TakeMemberRoles => {
            "give and take roles, this one included"
        }
        Permission::RemoveMembers => "remove members",
        Permission::ManageTeams => "make teams",
        Permission::ManageOrganizationClients => "manage everybody's API applications",
        Permission::ReadWebhooks | Permission::ManageWebhooks => "tell other programs of changes by webhooks",
        Permission::ReadInvitations | Permission::RevokeInvitations => "see and take back invitations",
        Permission::ReadDomains
        | Permission::AddDomains
        | Permission::UpdateDomains
        | Permission::RemoveDomains => "prove which domains are the organization's",
        Permission::ReadOrganizationRoles => "see the roles that the organization may give",
        Permission::ReadAudit => "read the organization's audit",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_of_an_admin_has_its_words() {
        let without: Vec<_> = admin_rights()
            .filter(|right| in_words(*right).is_none())
            .collect();
        assert!(without.is_empty(), "{without:?}");
    }

    fn role(role_id: RoleId, role_name: &str, display_name: Option<&str>) -> MemberRole {
        MemberRole {
            role_id,
            role_name: role_name.to_owned(),
            display_name: display_name.map(str::to_owned),
            app_id: None,
        }
    }

    fn shown(roles: &[&MemberRole]) -> (Vec<String>, usize) {
        let some = SomeRoles::from(roles.iter().copied().cloned().collect::<Vec<_>>());
        (
            some.shown.into_iter().map(|badge| badge.label).collect(),
            some.more,
        )
    }

    #[test]
    fn what_everybody_has_is_shown_only_alone() {
        let member = role(RoleId::OrganizationMember, "Organization Member", None);
        let admin = role(RoleId::OrganizationAdmin, "Organization Admin", None);
        assert_eq!(shown(&[]), (vec![], 0));
        assert_eq!(shown(&[&member]), (vec!["Organization Member".to_owned()], 0));
        assert_eq!(
            shown(&[&member, &admin]),
            (vec!["Organization Admin".to_owned()], 0)
        );
        assert_eq!(shown(&[&admin, &admin, &admin, &member]).1, 1);
    }

    #[test]
    fn a_badge_reads_as_people_call_it_and_says_its_name_beside() {
        let badge = RoleBadge::from(role(RoleId::OrganizationMember, "doctor", Some("Physician")));
        assert_eq!(
            badge,
            RoleBadge {
                label: "Physician".to_owned(),
                name: Some("doctor".to_owned()),
                administers: false,
            }
        );
        let plain = RoleBadge::from(role(RoleId::OrganizationAdmin, "Organization Admin", None));
        assert_eq!((plain.name, plain.administers), (None, true));
    }
}
