//! Time and randomness, passed in so that tests can hold them still.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rand::Rng as _;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

/// Where the time comes from.
#[derive(Debug, Default)]
pub struct Clock {
    /// Milliseconds that a test has moved the clock by.
    offset: AtomicI64,
}

impl Clock {
    /// Milliseconds since the Unix epoch.
    pub fn now(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_millis())
            .unwrap_or(i64::MAX)
            .saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// Moves the clock, for tests of what expires.
    pub fn advance(&self, millis: i64) {
        self.offset.fetch_add(millis, Ordering::Relaxed);
    }
}

/// 128 random bits: for ids, which are not secret.
pub fn random_bits() -> u128 {
    rand::rng().random()
}

/// 256 random bits from the system, as 43 URL-safe characters: for tokens and secrets.
///
/// # Errors
/// When the system has no randomness to give.
pub fn secret_text() -> anyhow::Result<String> {
    use base64::Engine as _;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret_bytes()?))
}

/// 256 random bits from the system.
///
/// # Errors
/// When the system has no randomness to give.
pub fn secret_bytes() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0u8; 32];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| anyhow::anyhow!("no randomness from the system: {error}"))?;
    Ok(bytes)
}

/// SHA-256 as 64 hexadecimal characters: how tokens and client secrets, which have 256 random bits, are kept.
pub fn fingerprint(secret: &str) -> String {
    use sha2::Digest as _;
    let mut hex = String::with_capacity(64);
    for byte in sha2::Sha256::digest(secret.as_bytes()) {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
