//! The people of the sample data: who joins which organization, when, and as what.

use std::collections::HashSet;

use guildhall::contact::{Email, Language, Phone};
use guildhall::id::RoleId;
use guildhall::members::{AddMember, MembershipDetails};
use guildhall::text::{Line, NamePart};
use guildhall::users::PersonName;

use super::demo::{ADMIN_OF_TWO, MadeOrganization, ORGANIZATION_ADMIN, credentials, pick, text};
use super::demo_names::{DEPARTMENTS, FIRST_NAMES, LANGUAGES, LAST_NAMES, OTHER_NAMES, WITHOUT_ADMIN, plain};

/// Somebody's joining an organization.
pub(super) struct Join {
    pub days_ago: i64,
    pub operation: AddMember,
    /// The account is disabled afterwards.
    pub disable: bool,
}

/// Some of the first organization's people also work for another one.
pub(super) fn work_for_two(joins: &[Join], organizations: &[MadeOrganization]) -> Vec<Join> {
    let lent = joins.iter().take(800).skip(20).step_by(40);
    let lent = lent
        .zip(organizations.iter().skip(1))
        .filter(|(join, organization)| join.is_plain() && !organization.roles.is_empty());
    lent.map(|(join, organization)| {
        let mut operation = join.operation.clone();
        operation.organization_id = organization.id;
        operation.role_ids = vec![RoleId::OrganizationMember];
        Join {
            days_ago: (join.days_ago.min(organization.days_ago) - 1).max(0),
            operation,
            disable: false,
        }
    })
    .collect()
}

/// The second organization's administrator joins the third as its administrator, too.
pub(super) fn administer_two(joins: &[Join], organizations: &[MadeOrganization]) -> Option<Join> {
    let is_admin = |join: &&Join| {
        let email = join.operation.email.as_ref();
        email.is_some_and(|email| email.as_str() == ADMIN_OF_TWO)
    };
    let (join, organization) = (joins.iter().find(is_admin)?, organizations.get(2)?);
    let mut operation = join.operation.clone();
    operation.organization_id = organization.id;
    operation.credentials = None;
    operation.role_ids = vec![RoleId::OrganizationAdmin];
    Some(Join {
        // Long after the first time: those who join at about the same time are added side by side.
        days_ago: join.days_ago.min(organization.days_ago) / 8,
        operation,
        disable: false,
    })
}

impl Join {
    /// Neither waits, nor is suspended, nor will be disabled.
    pub fn is_plain(&self) -> bool {
        let details = self.operation.organization_information.as_ref();
        !self.operation.send_invite
            && !self.disable
            && details.is_some_and(|details| details.enabled.is_none())
    }
}

/// Draws the people, nobody twice.
#[derive(Default)]
pub(super) struct People {
    drawn: usize,
    addresses: HashSet<String>,
}

impl People {
    /// The next one of an organization.
    pub fn next(
        &mut self,
        place: usize,
        number: usize,
        organization: &MadeOrganization,
    ) -> anyhow::Result<Join> {
        let drawn = self.drawn;
        self.drawn += 1;
        let (first, last, local) = self.name(drawn, place, number);
        let address = self.address(&local, organization.domain);
        let is_admin = number == 0 && place != WITHOUT_ADMIN;
        let is_login = [ORGANIZATION_ADMIN, ADMIN_OF_TWO].contains(&address.as_str());
        // Of a hundred, nine wait, five are suspended and three are disabled; nobody who administers is.
        let fate = if is_admin { 99 } else { (drawn * 37 + 11) % 100 };
        let (pending, suspended, disable) = (fate < 9, (9..14).contains(&fate), (14..17).contains(&fate));

        let (department, titles) = pick(&DEPARTMENTS, drawn * 7 + place)?;
        let details = MembershipDetails {
            enabled: suspended.then_some(false),
            department: Some(text::<Line>(department)?),
            title: Some(text(pick(titles, drawn / 3)?)?),
            manager: None,
        };
        let mut role_ids = vec![if is_admin {
            RoleId::OrganizationAdmin
        } else {
            RoleId::OrganizationMember
        }];
        for (at, roles) in organization.roles.iter().enumerate() {
            if !(drawn + at).is_multiple_of(3)
                && let Some(role) = roles.get((drawn / 2 + at) % roles.len().max(1))
            {
                role_ids.push(RoleId::Custom(*role));
            }
        }
        // Most who wait were asked lately; some so long ago that the invitation ran out.
        let span = organization.days_ago.max(1);
        let days = i64::try_from(drawn * 53 + number * 17)?;
        let days_ago = if pending && !drawn.is_multiple_of(6) {
            days % 5
        } else {
            days % span
        };
        let operation = AddMember {
            organization_id: organization.id,
            email: Some(text::<Email>(&address)?),
            phone_number: phone(drawn).map(|number| text::<Phone>(&number)).transpose()?,
            username: None,
            secondary_emails: Vec::new(),
            secondary_phone_numbers: Vec::new(),
            birthday: None,
            address: None,
            name: Some(PersonName {
                first_name: Some(text::<NamePart>(&first)?),
                last_name: Some(text(&last)?),
                ..PersonName::default()
            }),
            external_account_id: None,
            external_user_id: drawn
                .is_multiple_of(4)
                .then(|| text(&format!("hr-{:05}", 10_000 + drawn)))
                .transpose()?,
            custom_app_data: None,
            custom_data: None,
            picture: None,
            language: Some(text::<Language>(pick(&LANGUAGES, drawn / 5)?)?),
            credentials: is_login.then(credentials).transpose()?,
            delegated_access: None,
            organization_information: Some(details),
            role_ids,
            send_invite: pending,
        };
        Ok(Join {
            days_ago,
            operation,
            disable,
        })
    }

    /// First name, last name, and how the address is written.
    fn name(&self, drawn: usize, place: usize, number: usize) -> (String, String, String) {
        if place == 0 && number == 0 {
            return ("Ada".to_owned(), "Okafor".to_owned(), "ada.okafor".to_owned());
        }
        if place == 1 && number == 0 {
            return (
                "Inês".to_owned(),
                "Castellan".to_owned(),
                "ines.castellan".to_owned(),
            );
        }
        if drawn % 60 == 7
            && let Some((first, last, local)) = OTHER_NAMES.get(drawn / 60)
        {
            return ((*first).to_owned(), (*last).to_owned(), (*local).to_owned());
        }
        // A step without a common factor passes every pair before it repeats one.
        let pair = (drawn * 7_919 + 4_001) % (FIRST_NAMES.len() * LAST_NAMES.len());
        let first = FIRST_NAMES
            .get(pair % FIRST_NAMES.len())
            .copied()
            .unwrap_or("Ada");
        let last = LAST_NAMES
            .get(pair / FIRST_NAMES.len())
            .copied()
            .unwrap_or("Okafor");
        (
            first.to_owned(),
            last.to_owned(),
            format!("{}.{}", plain(first), plain(last)),
        )
    }

    fn address(&mut self, local: &str, domain: &str) -> String {
        let mut address = format!("{local}@{domain}");
        let mut number = 2;
        while !self.addresses.insert(address.clone()) {
            address = format!("{local}{number}@{domain}");
            number += 1;
        }
        address
    }
}

/// Every ninth has one of the numbers that are kept for fiction: 555-0100 to 555-0199, in several areas.
fn phone(drawn: usize) -> Option<String> {
    const AREAS: [u16; 4] = [206, 312, 415, 617];
    let at = drawn / 9;
    let area = AREAS.get(at / 100)?;
    (drawn % 9 == 4).then(|| format!("+1{area}55501{:02}", at % 100))
}
