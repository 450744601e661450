//! What a transaction can hold on PostgreSQL, where others write at the same time.

use guildhall::id::OrganizationId;

/// What a transaction can hold until its end, so that what it has read of it stays true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Which roles organizations may give: shared by who gives them, exclusive to who changes that.
    AssignableRoles,
    /// Which organization has proved a domain.
    ProvedDomains,
    /// What organizations are called: shared by who names one, exclusive to who keeps a name for one that is asked for.
    OrganizationNames,
    /// How many endpoints for events the tenant has: exclusive to who adds one.
    TenantWebhooks,
    /// How many things an organization has of a kind that has a limit: exclusive to who adds one.
    LimitsOf(OrganizationId),
}

/// How a [`Lock`] is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Beside others.
    Shared,
    /// Alone.
    Exclusive,
}

impl Lock {
    /// What PostgreSQL knows it by. Any number will do, as long as it stays the same on every server; where two organizations
    /// have the same one, they only wait for each other.
    pub(super) fn number(self) -> i64 {
        match self {
            Lock::AssignableRoles => 0x6775_696c_0001,
            Lock::ProvedDomains => 0x6775_696c_0002,
            Lock::OrganizationNames => 0x6775_696c_0040,
            Lock::TenantWebhooks => 0x6775_696c_0043,
            Lock::LimitsOf(organization) => organization
                .to_string()
                .bytes()
                .fold(0x6775_696c, |number: i64, byte| {
                    number.wrapping_mul(31).wrapping_add(i64::from(byte))
                }),
        }
    }
}
