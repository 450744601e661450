//! How often a browser may ask the console: everything together, and tightly where guessing, mail or much computing is behind it.

use std::time::Duration;

use guildhall::caller::{Caller, Request};
use guildhall::error::Error;

use super::query::parameter;
use crate::auth::rate_limit::{Attempt, Attempts, Key, RateLimit};

/// The console's limits; none at all where the operator set none.
pub struct Limits {
    /// How often one person, or one address, may ask.
    requests: Option<RateLimit>,
    /// How often a password may be guessed.
    attempts: Attempts,
    /// How often mail is sent at somebody's wish: to one address, and for one person or address that asks.
    mails: Option<(RateLimit, RateLimit)>,
    /// How often a password that is being typed is judged.
    judged: Option<RateLimit>,
    /// How often one person renames an organization: that a name is taken tells of another organization's name, which is
    /// not to be found out by trying names one after the other.
    renamed: Option<RateLimit>,
    /// How often an address begins a sign-in to an application: each one is kept for an hour, whoever asks.
    begun: Option<RateLimit>,
}

impl Limits {
    /// Requests a second and at once; `None` for no limits.
    pub fn new(rate_limit: Option<(u32, u32)>) -> Self {
        let on = rate_limit.is_some();
        Limits {
            requests: rate_limit.map(|(rate, burst)| RateLimit::per_second(rate, burst)),
            attempts: Attempts::new(on),
            mails: on.then(|| {
                let to_one = RateLimit::new(3, Duration::from_secs(10 * 60));
                let for_one = RateLimit::new(10, Duration::from_secs(60));
                (to_one, for_one)
            }),
            judged: on.then(|| RateLimit::per_second(5, 20)),
            renamed: on.then(|| RateLimit::new(10, Duration::from_secs(6 * 60))),
            begun: on.then(|| RateLimit::per_second(1, 300)),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// 429.
    pub fn request(&self, request: &Request) -> Result<(), Error> {
        take(self.requests.as_ref(), &Key::of(request))
    }

    /// Counts a sign-in to an application that begins.
    ///
    /// # Errors
    /// 429.
    pub fn begin_app_sign_in(&self, request: &Request) -> Result<(), Error> {
        take(self.begun.as_ref(), &Key::address(request.ip.as_deref()))
    }

    /// Counts a call of a server function that has a limit of its own. The attempt that comes back counts as failed until
    /// it is told otherwise.
    ///
    /// # Errors
    /// 429.
    pub fn call(&self, path: &str, request: &Request, form: &[u8]) -> Result<Option<Attempt<'_>>, Error> {
        let ip = request.ip.as_deref();
        let field = |name: &str| parameter(form, name).unwrap_or_default();
        match (path, &request.caller) {
            ("/rpc/sign_in", _) => self.attempts.begin(&field("identifier"), ip).map(Some),
            // A code is limited for its account, whoever guesses, where it is looked at.
            ("/rpc/finish_sign_in", _) => self.attempts.begin_from(ip).map(Some),
            ("/rpc/change_own_password" | "/rpc/confirm_password", Caller::User(user)) => {
                self.attempts.begin(&user.user_id.to_string(), ip).map(Some)
            }
            (
                "/rpc/request_password_reset"
                | "/rpc/add_own_email"
                | "/rpc/send_email_verification"
                | "/rpc/begin_registration",
                _,
            ) => self.mail(request, &field("email")).map(|()| None),
            ("/rpc/rate_password", _) => take(self.judged.as_ref(), &Key::of(request)).map(|()| None),
            ("/rpc/rename_organization", _) => take(self.renamed.as_ref(), &Key::of(request)).map(|()| None),
            _ => Ok(None),
        }
    }

    /// Known or not, an address is counted the same.
    fn mail(&self, request: &Request, to: &str) -> Result<(), Error> {
        let Some((to_one, for_one)) = &self.mails else {
            return Ok(());
        };
        let asks = Key::of(request);
        take(Some(for_one), &asks)?;
        take(Some(to_one), &Key::account(to)).inspect_err(|_| for_one.give_back(&asks))
    }
}

fn take(limit: Option<&RateLimit>, key: &Key) -> Result<(), Error> {
    match limit.map(|limit| limit.take(key)) {
        Some(Err((error, _))) => Err(error),
        _ => Ok(()),
    }
}
