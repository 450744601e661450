//! Who may enter an application, and for which of their organizations.

use guildhall::id::OrganizationId;
use guildhall::oidc::Closed;

use crate::domain::factors::lacks;
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::app_access::{self, Entry};
use crate::store::grants::Grant;

/// What an application's door says to somebody.
#[derive(Debug)]
pub(super) enum Door {
    /// They go in for this organization.
    Open(Entry),
    /// They are asked for which.
    Choose,
    /// They do not go in.
    Closed,
}

/// Why an organization is closed to its member; `None` where it is open.
pub(super) fn closed(entry: &Entry) -> Option<Closed> {
    if !entry.organization_enabled {
        Some(Closed::OrganizationDisabled)
    } else if entry.status == "Pending" {
        Some(Closed::Pending)
    } else if entry.status != "Active" {
        Some(Closed::Suspended)
    } else if entry.application_id.is_none() {
        Some(Closed::WithoutApplication)
    } else {
        None
    }
}

/// The door with one's memberships before it, all or those that the application asked for, and the one that was chosen.
pub(super) fn door(mut entries: Vec<Entry>, chosen: Option<OrganizationId>) -> Door {
    entries.retain(|entry| closed(entry).is_none());
    if let Some(chosen) = chosen {
        return match entries.into_iter().find(|entry| entry.organization_id == chosen) {
            Some(entry) => Door::Open(entry),
            None => Door::Closed,
        };
    }
    match (entries.pop(), entries.is_empty()) {
        (Some(only), true) => Door::Open(only),
        (Some(_), false) => Door::Choose,
        (None, _) => Door::Closed,
    }
}

/// The membership that a grant is for, if the application is open to its person there now.
pub(super) async fn still_open(tx: &mut Tx, grant: &Grant) -> Result<Option<Entry>, Fault> {
    let id = grant.organization_id.to_string();
    let entries = app_access::entries(tx, grant.person_id, grant.application_id, Some(&id)).await?;
    Ok(match door(entries, Some(grant.organization_id)) {
        // It may ask for more by now than was proved then.
        Door::Open(entry) if lacks(entry.requires_factor, &grant.amr) => None,
        Door::Open(entry) => Some(entry),
        Door::Choose | Door::Closed => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: u128, enabled: bool, status: &str, has_app: bool) -> Entry {
        Entry {
            organization_id: OrganizationId::compose(1, id),
            name: format!("Organization {id}"),
            logo_url: None,
            organization_enabled: enabled,
            requires_factor: false,
            status: status.to_owned(),
            application_id: has_app.then(|| "app".to_owned()),
        }
    }

    #[test]
    fn only_an_active_member_of_an_enabled_organization_that_has_the_application_goes_in() {
        for (entry, why) in [
            (entry(1, false, "Active", true), Closed::OrganizationDisabled),
            (entry(1, true, "Suspended", true), Closed::Suspended),
            (entry(1, true, "Disabled", true), Closed::Suspended),
            (entry(1, true, "Pending", true), Closed::Pending),
            (entry(1, true, "Active", false), Closed::WithoutApplication),
        ] {
            assert_eq!(closed(&entry), Some(why));
            let id = entry.organization_id;
            assert!(matches!(door(vec![entry.clone()], None), Door::Closed));
            assert!(matches!(door(vec![entry], Some(id)), Door::Closed));
        }
        assert!(matches!(door(Vec::new(), None), Door::Closed));
    }

    #[test]
    fn somebody_in_several_is_asked_and_a_closed_one_does_not_count() {
        let (one, other) = (entry(1, true, "Active", true), entry(2, true, "Active", true));
        let shut = entry(3, true, "Suspended", true);
        assert!(matches!(
            door(vec![one.clone(), shut.clone()], None),
            Door::Open(_)
        ));
        assert!(matches!(
            door(vec![one.clone(), other.clone(), shut.clone()], None),
            Door::Choose
        ));
        let all = vec![one, other.clone(), shut.clone()];
        assert!(matches!(
            door(all.clone(), Some(other.organization_id)),
            Door::Open(entry) if entry.organization_id == other.organization_id
        ));
        assert!(matches!(door(all, Some(shut.organization_id)), Door::Closed));
    }
}
