//! Rate limits: how often somebody may ask, and how often a secret may be guessed.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use guildhall::caller::{Caller, Request};
use guildhall::error::{Code, Error};
use guildhall::id::{ClientId, OrganizationId, UserId};
use quick_cache::sync::Cache;

use crate::clock;

/// Buckets that are remembered: whoever has not asked for a while is forgotten first, with a full bucket.
const REMEMBERED: usize = 100_000;

/// Whose bucket it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    Client(ClientId),
    User(UserId),
    /// What is done on behalf of an organization, whoever does it.
    Organization(OrganizationId),
    /// An address; of IPv6 the /64, which one customer has as a whole.
    Address(IpAddr),
    /// The fingerprint of what somebody tries to sign in as; known or not, it is counted the same.
    Account(String),
    /// A request without an address: from inside.
    Nobody,
}

impl Key {
    /// The bucket of a request.
    pub fn of(request: &Request) -> Key {
        match &request.caller {
            Caller::Client(client) => Key::Client(client.client_id),
            Caller::User(user) => Key::User(user.user_id),
            Caller::Anonymous | Caller::System => Key::address(request.ip.as_deref()),
        }
    }

    /// The bucket of an address.
    pub fn address(ip: Option<&str>) -> Key {
        match ip.and_then(|ip| ip.parse::<IpAddr>().ok()) {
            Some(IpAddr::V6(ip)) => {
                Key::Address(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into())
            }
            Some(ip) => Key::Address(ip),
            None => Key::Nobody,
        }
    }

    /// The bucket of an account that somebody tries to enter, however they write it.
    pub fn account(identifier: &str) -> Key {
        Key::Account(clock::fingerprint(&identifier.trim().to_lowercase()))
    }
}

/// So many at once, then so many a time (a token bucket, kept as the moment at which it is full again).
pub struct RateLimit {
    burst: u64,
    /// Microseconds in which one token comes back.
    interval: u64,
    started: Instant,
    full_at: Cache<Key, Arc<AtomicU64>>,
}

/// What is left of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub limit: u64,
    pub remaining: u64,
    /// Seconds until the bucket is full again.
    pub full_in: u64,
}

impl RateLimit {
    /// `burst` at once, then one every `interval`.
    pub fn new(burst: u32, interval: Duration) -> Self {
        RateLimit {
            burst: u64::from(burst.max(1)),
            interval: u64::try_from(interval.as_micros()).unwrap_or(u64::MAX).max(1),
            started: Instant::now(),
            full_at: Cache::new(REMEMBERED),
        }
    }

    /// `rate` a second, `burst` at once.
    pub fn per_second(rate: u32, burst: u32) -> Self {
        Self::new(burst, Duration::from_secs(1) / rate.max(1))
    }

    /// Takes one token.
    ///
    /// # Errors
    /// 429 that says when it is worth trying again, and what is left: nothing.
    pub fn take(&self, key: &Key) -> Result<Left, (Error, Left)> {
        let now = self.now();
        let bucket = self.bucket(key);
        let room = self.burst.saturating_mul(self.interval);
        let mut full_at = bucket.load(Ordering::Relaxed);
        loop {
            let next = full_at.max(now).saturating_add(self.interval);
            if next - now > room {
                return Err((too_many(next - now - room), self.left(full_at, now)));
            }
            match bucket.compare_exchange_weak(full_at, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(self.left(next, now)),
                Err(current) => full_at = current,
            }
        }
    }

    /// Gives one token back: what was guarded did not fail.
    pub fn give_back(&self, key: &Key) {
        let back = |full_at: u64| Some(full_at.saturating_sub(self.interval));
        let _ = self
            .bucket(key)
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, back);
    }

    fn bucket(&self, key: &Key) -> Arc<AtomicU64> {
        let made: Result<_, std::convert::Infallible> =
            self.full_at.get_or_insert_with(key, || Ok(Arc::default()));
        made.unwrap_or_default()
    }

    fn left(&self, full_at: u64, now: u64) -> Left {
        let missing = full_at.saturating_sub(now);
        Left {
            limit: self.burst,
            remaining: self.burst.saturating_sub(missing.div_ceil(self.interval)),
            full_in: missing.div_ceil(1_000_000),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// The refusal, with how many microseconds it takes until it is worth trying again.
pub fn too_many(wait: u64) -> Error {
    let seconds = wait.div_ceil(1_000_000).max(1);
    let mut error = Error::new(
        Code::RateLimited,
        format!("Too many requests. Try again in {seconds} seconds."),
    )
    .because("rate_limited");
    error.retry_after = Some(seconds);
    error
}

/// The limits on guessing a password: tightly for an account from one address, widely for an account from all addresses
/// together, so that nobody keeps somebody else out by guessing wrong, and for an address. Only what fails is counted.
pub struct Attempts {
    accounts: RateLimit,
    everywhere: RateLimit,
    addresses: RateLimit,
    on: bool,
}

impl Attempts {
    /// Ten failures for an account at once from one address and a hundred from all, then one in 30 seconds; 50 for an
    /// address, then one in 5 seconds.
    pub fn new(on: bool) -> Self {
        Attempts {
            everywhere: RateLimit::new(100, Duration::from_secs(30)),
            accounts: RateLimit::new(10, Duration::from_secs(30)),
            addresses: RateLimit::new(50, Duration::from_secs(5)),
            on,
        }
    }

    /// Begins an attempt to enter an account. It counts as failed until [`Attempt::succeeded`] says otherwise, so that
    /// attempts at the same time do not get in beside each other.
    ///
    /// # Errors
    /// 429.
    pub fn begin(&self, identifier: &str, ip: Option<&str>) -> Result<Attempt<'_>, Error> {
        // By what counts as one address: whoever has many that do would have as many tries.
        let here = Key::account(&format!("{}\n{:?}", identifier.trim(), Key::address(ip)));
        let mut attempt = self.begin_from(ip)?;
        let everywhere = Key::account(identifier);
        if self.on {
            let refuse = |(error, _): (Error, Left)| {
                self.addresses.give_back(&attempt.address);
                error
            };
            self.accounts.take(&here).map_err(refuse)?;
            if let Err(refused) = self.everywhere.take(&everywhere) {
                self.accounts.give_back(&here);
                return Err(refuse(refused));
            }
        }
        attempt.account = Some((here, everywhere));
        Ok(attempt)
    }

    /// Begins an attempt to enter an account through an application's backend, from whose one address everybody comes: only
    /// the account is limited, as widely as from all addresses together, and for this client alone, so that guessing at one
    /// application keeps nobody out of the others.
    ///
    /// # Errors
    /// 429.
    pub fn begin_account(&self, identifier: &str, client: &Key) -> Result<AccountAttempt<'_>, Error> {
        let account = Key::account(&format!("{}\n{client:?}", identifier.trim()));
        if self.on {
            self.everywhere.take(&account).map_err(|(error, _)| error)?;
        }
        Ok(AccountAttempt { of: self, account })
    }

    /// Begins an attempt at a secret that is too long to guess, such as a client's: only the address is limited, for a
    /// client's id is no secret, and must not be enough to keep it out.
    ///
    /// # Errors
    /// 429.
    pub fn begin_from(&self, ip: Option<&str>) -> Result<Attempt<'_>, Error> {
        let address = Key::address(ip);
        if self.on {
            self.addresses.take(&address).map_err(|(error, _)| error)?;
        }
        Ok(Attempt {
            of: self,
            account: None,
            address,
        })
    }
}

/// One attempt to enter an account, wherever it comes from.
pub struct AccountAttempt<'a> {
    of: &'a Attempts,
    account: Key,
}

impl AccountAttempt<'_> {
    /// It was no guess: it is not counted.
    pub fn succeeded(self) {
        if self.of.on {
            self.of.everywhere.give_back(&self.account);
        }
    }
}

/// One attempt to enter an account.
pub struct Attempt<'a> {
    of: &'a Attempts,
    /// From this address, and from all.
    account: Option<(Key, Key)>,
    address: Key,
}

impl Attempt<'_> {
    /// It was no guess: it is not counted.
    pub fn succeeded(self) {
        if self.of.on {
            if let Some((here, everywhere)) = &self.account {
                self.of.accounts.give_back(here);
                self.of.everywhere.give_back(everywhere);
            }
            self.of.addresses.give_back(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_burst_then_nothing_until_a_token_comes_back() {
        let limit = RateLimit::new(3, Duration::from_millis(200));
        let key = Key::address(Some("192.0.2.1"));
        assert_eq!(limit.take(&key).unwrap().remaining, 2);
        assert_eq!(limit.take(&key).unwrap().remaining, 1);
        assert_eq!(limit.take(&key).unwrap().remaining, 0);
        let (error, left) = limit.take(&key).unwrap_err();
        assert_eq!(
            (error.code.status(), error.retry_after, left.remaining),
            (429, Some(1), 0)
        );
        assert!(limit.take(&Key::address(Some("192.0.2.2"))).is_ok());
        std::thread::sleep(Duration::from_millis(210));
        assert!(limit.take(&key).is_ok());
        assert!(limit.take(&key).is_err());
    }

    #[test]
    fn an_account_is_limited_wherever_the_guesses_come_from() {
        let attempts = Attempts::new(true);
        for host in 0..100 {
            let from = format!("192.0.2.{host}");
            assert!(attempts.begin("Ada@example.com", Some(&from)).is_ok());
        }
        assert!(attempts.begin(" ada@EXAMPLE.com", Some("198.51.100.1")).is_err());
        assert!(attempts.begin("bob@example.com", Some("198.51.100.1")).is_ok());
    }

    #[test]
    fn guessing_wrong_keeps_out_the_guesser_and_nobody_else() {
        let attempts = Attempts::new(true);
        for _ in 0..10 {
            assert!(attempts.begin("ada@example.com", Some("192.0.2.1")).is_ok());
        }
        assert!(attempts.begin(" ADA@example.com", Some("192.0.2.1")).is_err());
        assert!(attempts.begin("ada@example.com", Some("198.51.100.1")).is_ok());
    }

    #[test]
    fn success_is_not_counted() {
        let attempts = Attempts::new(true);
        for _ in 0..100 {
            attempts.begin("ada", Some("192.0.2.1")).unwrap().succeeded();
        }
    }

    #[test]
    fn an_ipv6_customer_has_one_bucket() {
        assert_eq!(
            Key::address(Some("2001:db8:0:1::1")),
            Key::address(Some("2001:db8:0:1:ffff::2"))
        );
        assert_ne!(
            Key::address(Some("2001:db8:0:1::1")),
            Key::address(Some("2001:db8:0:2::1"))
        );
    }
}
