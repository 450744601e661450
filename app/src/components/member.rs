//! How members look in lists and on pages.

use guildhall::members::{Member, MemberRole, MemberStatus};
use guildhall::policy::{Permission, Standing, allows};
use guildhall::roles::AssignableRoles;
use leptos::prelude::*;

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

/// Some of the roles as badges, the others counted.
#[component]
pub fn RoleBadges(mut roles: Vec<MemberRole>) -> impl IntoView {
    const SHOWN: usize = 2;
    // Everybody has it: it says something only where it is all that somebody has.
    if roles.len() > 1 {
        roles.retain(|role| role.role_id != guildhall::id::RoleId::OrganizationMember);
    }
    let more = roles.len().saturating_sub(SHOWN);
    if roles.is_empty() {
        return view! { "None" }.into_any();
    }
    view! {
        <span class="row">
            {roles
                .into_iter()
                .take(SHOWN)
                .map(|role| {
                    let tone =
                        if role.role_id == guildhall::id::RoleId::OrganizationAdmin { Tone::Accent } else { Tone::Neutral };
                    let name = role.display_name.is_some().then(|| role.role_name.clone());
                    let label = role.label().to_owned();
                    view! {
                        <span title=name>
                            <Badge tone>{label}</Badge>
                        </span>
                    }
                })
                .collect_view()} {(more > 0).then(|| format!("+{more}"))}
        </span>
    }
    .into_any()
}

/// The roles that an organization may give, as options: the two of its own, then those of each application.
pub fn role_options(assignable: &[AssignableRoles]) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = ["Organization Admin", "Organization Member"]
        .map(|role| (role.to_owned(), role.to_owned()))
        .into();
    for app in assignable {
        options.extend(app.roles.iter().map(|role| {
            (
                role.role_id.to_string(),
                format!("{}: {}", app.app_name, role.role_name),
            )
        }));
    }
    options
}

/// What an organization admin may do that a member may not, straight from the policy.
pub fn admin_grants() -> Vec<&'static str> {
    Permission::ALL
        .iter()
        .filter(|permission| {
            allows(Standing::OrganizationAdmin, **permission) && !allows(Standing::Member, **permission)
        })
        .filter_map(|permission| {
            Some(match permission {
                Permission::EnterPortal => "open the organization's own portal",
                Permission::BrandOrganization => "change its name and logo",
                Permission::ReadMembers => "see every member",
                Permission::AddMembers => "add members",
                Permission::UpdateMembers => "change and suspend members",
                Permission::AssignRoles => "give and take roles, this one included",
                Permission::RemoveMembers => "remove members",
                Permission::ReadOrganizationRoles => "see the roles that the organization may give",
                Permission::ReadAudit => "read the organization's audit",
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_of_an_admin_has_its_words() {
        let rights = Permission::ALL
            .iter()
            .filter(|right| {
                allows(Standing::OrganizationAdmin, **right) && !allows(Standing::Member, **right)
            })
            .count();
        assert_eq!(admin_grants().len(), rights);
    }
}
