//! Passwords: argon2id on threads that come last, never more at once than there are cores, never in a transaction.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use guildhall::error::{Code, Error};
use tokio::sync::{Semaphore, oneshot};

use super::password_rules::composed;
use crate::clock;
use crate::fault::Fault;

/// KiB of memory that a hash takes (OWASP's first recommendation).
const MEMORY: u32 = 19 * 1024;
/// How often it goes over them.
const PASSES: u32 = 2;

/// How nice the threads that hash are (nice(1)): enough to be gone at once when another wants the core, and not so much that
/// nobody gets in while many read.
#[cfg(target_os = "linux")]
const RANK: i32 = 10;

/// Hashes and verifies. Cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    slots: Arc<Semaphore>,
    argon2: Argon2<'static>,
    /// A hash that no password has: verifying against it takes as long as against a real one.
    decoy: Arc<str>,
}

impl Hasher {
    /// argon2id with 19 MiB, two passes, one lane (OWASP's first recommendation).
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new() -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let params =
            Params::new(MEMORY, PASSES, 1, None).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = decoy()?.into();
        Ok(Hasher {
            slots: Arc::new(Semaphore::new(cores)),
            argon2,
            decoy,
        })
    }

    /// Hashes a password in the PHC string format.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String, Fault> {
        let (argon2, password) = (self.argon2.clone(), composed(password));
        self.blocking(move || hash(&argon2, &password)).await
    }

    /// Whether a password is the one of a hash; without a hash it takes as long, and the answer is no.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn verify(&self, password: &str, expected: Option<&str>) -> Result<bool, Fault> {
        let (argon2, password) = (self.argon2.clone(), composed(password));
        let known = expected.is_some();
        let expected = expected.unwrap_or(&self.decoy).to_owned();
        self.blocking(move || {
            let expected =
                PasswordHash::new(&expected).map_err(|error| anyhow::anyhow!("a stored hash: {error}"))?;
            Ok(argon2.verify_password(password.as_bytes(), &expected).is_ok() && known)
        })
        .await
    }

    /// A password as 64 hexadecimal characters that the same salt makes again: for telling whether two are the same, as slow as
    /// a hash that is kept.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn digest(&self, password: &str, salt: &str) -> Result<String, Fault> {
        let (argon2, password, salt) = (self.argon2.clone(), composed(password), salt.to_owned());
        self.blocking(move || {
            let mut digest = [0_u8; 32];
            argon2
                .hash_password_into(password.as_bytes(), salt.as_bytes(), &mut digest)
                .map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
            Ok(clock::fingerprint(&STANDARD_NO_PAD.encode(digest)))
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let waiting = std::time::Duration::from_secs(10);
        let slot = tokio::time::timeout(waiting, self.slots.clone().acquire_owned())
            .await
            .map_err(|_| {
                Error::new(
                    Code::Unavailable,
                    "Too many people are signing in at this moment. Try again shortly.",
                )
            })?
            .map_err(|error| Fault::Broken(error.into()))?;
        let (tell, done) = oneshot::channel();
        // A thread of its own, since its rank stays with it; making one costs a thousandth of a hash.
        std::thread::Builder::new()
            .name("password".to_owned())
            .spawn(move || {
                let _slot = slot;
                step_back();
                // Whoever asked may have gone.
                let _ = tell.send(work());
            })
            .map_err(|error| Fault::Broken(error.into()))?;
        Ok(done.await.map_err(|error| Fault::Broken(error.into()))??)
    }
}

/// Lets every other thread go first: whoever reads should not feel that many sign in. A thread has a rank of its own on Linux
/// alone (setpriority(2)); elsewhere it would be the whole program's.
fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, RANK);
}

/// A hash that was drawn, not made: making one would take as long and as much memory as a sign-in, at every start.
fn decoy() -> anyhow::Result<String> {
    let (salt, output) = (clock::secret_bytes()?, clock::secret_bytes()?);
    let salt = STANDARD_NO_PAD.encode(salt.get(..16).unwrap_or_default());
    let output = STANDARD_NO_PAD.encode(output);
    Ok(format!(
        "$argon2id$v=19$m={MEMORY},t={PASSES},p=1${salt}${output}"
    ))
}

fn hash(argon2: &Argon2<'_>, password: &str) -> anyhow::Result<String> {
    let salt = SaltString::encode_b64(clock::secret_bytes()?.get(..16).unwrap_or_default())
        .map_err(|error| anyhow::anyhow!("a salt: {error}"))?;
    argon2
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn knows_its_own_and_nothing_else() {
        let hasher = Hasher::new().unwrap();
        let hash = hasher.hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!hasher.verify("correct house", Some(&hash)).await.unwrap());
        assert!(!hasher.verify("correct horse", None).await.unwrap());
        // Another keyboard writes the same letter as two.
        let hash_of_umlaut = hasher.hash("gr\u{fc}ne wiese").await.unwrap();
        assert!(
            hasher
                .verify("gru\u{308}ne wiese", Some(&hash_of_umlaut))
                .await
                .unwrap()
        );
        // Verifying against the decoy has to be as dear as against a hash of ours.
        let (decoy, hash) = (
            PasswordHash::new(&hasher.decoy).unwrap(),
            PasswordHash::new(&hash).unwrap(),
        );
        assert_eq!((decoy.algorithm, decoy.version), (hash.algorithm, hash.version));
        assert_eq!(decoy.params, hash.params);
        assert_eq!(
            decoy.hash.map(|output| output.len()),
            hash.hash.map(|output| output.len())
        );
    }
}
