//! A member as they are read: as the caller sees them, and as their organization knows them.

use guildhall::id::{ApplicationId, OrganizationId};
use guildhall::members::{Member, MemberRole, MemberStatus, OrganizationInformation};
use guildhall::users::{EmailAddress, PhoneNumber, UserStatus};

use super::page::UNIT;
use super::people::{PersonRow, json};
use super::{accounts, listed};
use crate::authorize::Permit;
use crate::fault::Fault;

/// A member as a change finds and leaves them.
#[derive(Debug, Clone)]
pub struct Known {
    /// As whoever asks sees them.
    pub member: Member,
    /// As their organization knows them, whoever asks: its audit shows this.
    pub to_organization: Member,
    /// Not only invited.
    pub accepted: bool,
}

/// Between the roles of an aggregated column.
const RECORD: char = '\u{1e}';

#[derive(Clone, sqlx::FromRow)]
pub(super) struct MemberRow {
    #[sqlx(flatten)]
    pub(super) person: PersonRow,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    enabled: bool,
    department: Option<String>,
    title: Option<String>,
    manager: Option<String>,
    pub(super) sort_key: String,
    member_status: String,
    membership_version: i64,
    pub(super) joined_at: i64,
    membership_updated_at: i64,
    accepted: bool,
    typed: Option<String>,
    roles: Option<String>,
}

impl MemberRow {
    /// As the caller sees them.
    pub(super) fn read(self, permit: &Permit) -> Result<Member, Fault> {
        if self.accepted || permit.sees_the_invited() {
            self.read_as_they_are(permit.only_application())
        } else {
            self.read_as_typed(permit.only_application())
        }
    }

    /// As the caller sees them, and as the organization knows them.
    pub(super) fn read_known(self, permit: &Permit) -> Result<Known, Fault> {
        let accepted = self.accepted;
        let typed = (!accepted).then(|| self.clone());
        let member = self.read(permit)?;
        let to_organization = match typed {
            Some(row) => row.read_as_typed(permit.only_application())?,
            None => member.clone(),
        };
        Ok(Known {
            member,
            to_organization,
            accepted,
        })
    }

    fn read_as_they_are(self, only: Option<ApplicationId>) -> Result<Member, Fault> {
        let row = self.person;
        Ok(Member {
            user_id: row.id,
            organization_id: self.organization_id,
            email: row.email_address(),
            phone_number: row.phone(),
            status: row.user_status(),
            member_status: status_of(&self.member_status),
            name: json(row.name.as_deref())?,
            address: json(row.address.as_deref())?,
            custom_data: json(row.custom_data.as_deref())?,
            custom_app_data: json(row.custom_app_data.as_deref())?,
            username: row.username,
            birthday: row.birthday,
            picture: row.picture,
            language: row.language,
            status_changed_at: row.status_changed_at,
            created_at: row.created_at,
            updated_at: row.updated_at.max(self.membership_updated_at),
            last_auth: row.last_auth,
            external_user_id: row.external_user_id,
            external_account_id: row.external_account_id,
            secondary_emails: listed(&row.secondary_emails),
            secondary_phone_numbers: listed(&row.secondary_phone_numbers),
            organization_information: OrganizationInformation {
                enabled: self.enabled,
                department: self.department,
                title: self.title,
                manager: self.manager,
            },
            roles: read_roles(self.roles.as_deref(), only),
            joined_at: self.joined_at,
            // Either half may change; both only ever count up.
            version: row.version + self.membership_version,
        })
    }

    /// Somebody who has not accepted yet, as whoever invited them wrote: what else is known of them is theirs.
    fn read_as_typed(self, only: Option<ApplicationId>) -> Result<Member, Fault> {
        let row = self.person;
        let typed = match json::<accounts::Details>(self.typed.as_deref())? {
            Some(typed) => typed,
            // From before it was kept: the address that the invitation went to.
            None => accounts::Details {
                email: row.email.clone(),
                ..accounts::Details::default()
            },
        };
        Ok(Member {
            user_id: row.id,
            organization_id: self.organization_id,
            email: typed.email.map(|value| EmailAddress {
                value,
                email_verified: false,
            }),
            phone_number: typed.phone_number.map(|value| PhoneNumber {
                value,
                phone_number_verified: false,
            }),
            status: UserStatus::Pending,
            member_status: if self.enabled {
                MemberStatus::Pending
            } else {
                MemberStatus::Suspended
            },
            name: typed.name,
            address: typed.address,
            custom_data: typed.custom_data,
            custom_app_data: typed.custom_app_data,
            username: typed.username,
            birthday: typed.birthday,
            picture: typed.picture,
            language: typed.language,
            status_changed_at: self.joined_at,
            created_at: self.joined_at,
            updated_at: self.membership_updated_at,
            last_auth: None,
            external_user_id: typed.external_user_id,
            external_account_id: typed.external_account_id,
            secondary_emails: typed.secondary_emails,
            secondary_phone_numbers: typed.secondary_phone_numbers,
            organization_information: OrganizationInformation {
                enabled: self.enabled,
                department: self.department,
                title: self.title,
                manager: self.manager,
            },
            roles: read_roles(self.roles.as_deref(), only),
            joined_at: self.joined_at,
            version: self.membership_version,
        })
    }
}

pub(super) fn status_of(text: &str) -> MemberStatus {
    match text {
        "Pending" => MemberStatus::Pending,
        "Suspended" => MemberStatus::Suspended,
        "Disabled" => MemberStatus::Disabled,
        _ => MemberStatus::Active,
    }
}

/// Reads the aggregated roles; an application's client sees those in its application and the built-in ones.
pub(super) fn read_roles(text: Option<&str>, only: Option<ApplicationId>) -> Vec<MemberRole> {
    let mut roles: Vec<MemberRole> = text
        .unwrap_or_default()
        .split(RECORD)
        .filter_map(|record| {
            let mut parts = record.split(UNIT);
            let (id, app, name, display) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            Some(MemberRole {
                role_id: id.parse().ok()?,
                role_name: name.to_owned(),
                display_name: Some(display.to_owned()).filter(|display| !display.is_empty()),
                app_id: app.parse().ok(),
            })
        })
        .filter(|role| only.is_none() || role.app_id.is_none() || role.app_id == only)
        .collect();
    roles.sort_by(|a, b| (a.app_id, &a.role_name).cmp(&(b.app_id, &b.role_name)));
    roles
}

macro_rules! roles_column {
    () => {
        "(SELECT string_agg(mr.role_id || '\u{1f}' || COALESCE(mr.application_id, '') || '\u{1f}' || COALESCE(r.name, mr.role_id)
                            || '\u{1f}' || COALESCE(r.display_name, ''), '\u{1e}')
          FROM member_role mr LEFT JOIN role r ON r.id = mr.role_id
          WHERE mr.organization_id = m.organization_id AND mr.person_id = m.person_id) AS roles"
    };
}
pub(super) use roles_column;

/// A membership with its person, of tables called `m` and `p`.
macro_rules! member_columns {
    () => {
        concat!(
            "SELECT ",
            person_columns!(),
            ", m.organization_id, m.enabled, m.department, m.title, m.manager, m.sort_key, m.status AS member_status,
               m.version AS membership_version, m.created_at AS joined_at, m.updated_at AS membership_updated_at,
               m.accepted, m.typed, ",
            roles_column!(),
            " FROM membership m JOIN person p ON p.id = m.person_id"
        )
    };
}
pub(super) use member_columns;
