//! What operations need beside the database: the clock, keys, the password hasher, cached rights, settings.

use crate::auth::password::Hasher;
use crate::auth::rate_limit::RateLimit;
use crate::auth::token::Tokens;
use crate::clock::Clock;
use crate::dns::Dns;
use crate::live::Live;
use crate::mail::Post;
use crate::rights::Rights;
use crate::vault::Vault;
use crate::webhooks::Webhooks;

/// Passed to every operation.
pub struct Services {
    pub clock: Clock,
    pub rights: Rights,
    /// Where those who look hear what was changed.
    pub live: Live,
    pub hasher: Hasher,
    pub tokens: Tokens,
    pub vault: Vault,
    pub mail: Post,
    pub dns: Dns,
    pub webhooks: Webhooks,
    /// How often one person asks for an organization: that a name is taken tells of another organization's name.
    pub registrations: Option<RateLimit>,
    /// Where people and programs reach this console, without a slash at the end.
    pub public_url: String,
}
