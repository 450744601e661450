//! How much may be sent in a time, by the outbox and by a server's own count.

use std::time::Duration;

use guildhall::error::Error;

use crate::auth::rate_limit::{RateLimit, too_many};
use crate::store::mail_limits::Lately;

/// So many mails in a time.
pub(super) struct Quota {
    most: u32,
    /// Milliseconds.
    pub(super) period: i64,
}

pub(super) const ORGANIZATION: Quota = Quota {
    most: 200,
    period: 2000 * 1000,
};
pub(super) const ADDRESS: Quota = Quota {
    most: 5,
    period: 25 * 60 * 1000,
};

impl Quota {
    /// A server's own count of the same: as many at once, and one comes back in each part of the time.
    pub(super) fn bucket(&self) -> RateLimit {
        let period = u64::try_from(self.period).unwrap_or_default();
        RateLimit::new(self.most, Duration::from_millis(period) / self.most.max(1))
    }

    /// 429 where it is used up; it is worth trying again once the oldest of them is out of the time.
    pub(super) fn check(&self, sent: Lately, now: i64) -> Result<(), Error> {
        if sent.count < i64::from(self.most) {
            return Ok(());
        }
        let wait = sent.oldest.saturating_add(self.period).saturating_sub(now);
        Err(too_many(
            u64::try_from(wait).unwrap_or_default().saturating_mul(1000),
        ))
    }
}

/// How much may be sent, so that nobody makes the console a nuisance to others, nor its mail server a pariah.
pub(super) struct Limits {
    pub(super) organizations: RateLimit,
    pub(super) addresses: RateLimit,
}
