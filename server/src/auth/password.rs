//! Passwords: argon2id, on threads that come last, never in a transaction.

use std::sync::Arc;

use anyhow::Context as _;
use argon2::password_hash::{Output, PasswordHash, PasswordHasher as _, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::hashing::{Memory, Threads};
use super::password_rules::composed;
use crate::clock;
use crate::fault::Fault;

/// KiB of memory that a hash takes (OWASP's first recommendation).
const MEMORY: u32 = 19 * 1024;
/// How often it goes over them.
const PASSES: u32 = 2;

/// Hashes and verifies. Cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    threads: Threads,
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
        let params =
            Params::new(MEMORY, PASSES, 1, None).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = decoy()?.into();
        Ok(Hasher {
            threads: Threads::new(),
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
        self.threads.run(move |_| hash(&argon2, &password)).await
    }

    /// Whether a password is the one of a hash; without a hash it takes as long, and the answer is no.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn verify(&self, password: &str, expected: Option<&str>) -> Result<bool, Fault> {
        let password = composed(password);
        let known = expected.is_some();
        let expected = expected.unwrap_or(&self.decoy).to_owned();
        let verified = self.threads.run(move |memory| {
            is_of(memory, &password, &expected).with_context(|| "a stored hash cannot be verified against")
        });
        Ok(verified.await? && known)
    }

    /// A password as 64 hexadecimal characters that the same salt makes again: for telling whether two are the same, as slow as
    /// a hash that is kept.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn digest(&self, password: &str, salt: &str) -> Result<String, Fault> {
        let (argon2, password, salt) = (self.argon2.clone(), composed(password), salt.to_owned());
        let digest = self.threads.run(move |memory| {
            let mut digest = [0_u8; 32];
            fill(&argon2, memory, &password, salt.as_bytes(), &mut digest)
                .map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
            Ok(clock::fingerprint(&STANDARD_NO_PAD.encode(digest)))
        });
        digest.await
    }
}

/// Whether a hash in the PHC string format, whatever its parameters, is that of a password.
fn is_of(memory: &mut Memory, password: &str, expected: &str) -> anyhow::Result<bool> {
    let read = |expected| {
        let hash = PasswordHash::new(expected)?;
        let argon2 = Argon2::new(
            Algorithm::try_from(hash.algorithm)?,
            hash.version
                .map(Version::try_from)
                .transpose()?
                .unwrap_or_default(),
            Params::try_from(&hash)?,
        );
        argon2::password_hash::Result::Ok((hash.salt, hash.hash, argon2))
    };
    let (salt, output, argon2) = read(expected).map_err(|error| anyhow::anyhow!("{error}"))?;
    let (salt, output) = salt.zip(output).context("no salt or no output")?;
    let mut bytes = [0_u8; 64];
    let computed = salt.decode_b64(&mut bytes).and_then(|salt| {
        Output::init_with(output.len(), |out| {
            Ok(fill(&argon2, memory, password, salt, out)?)
        })
    });
    // In constant time.
    Ok(computed.map_err(|error| anyhow::anyhow!("{error}"))? == output)
}

fn fill(
    argon2: &Argon2<'_>,
    memory: &mut Memory,
    password: &str,
    salt: &[u8],
    out: &mut [u8],
) -> argon2::Result<()> {
    memory.resize(argon2.params().block_count(), Block::default());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory)
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
        // Several at once, so that one goes over the memory that another has used.
        let again = (0..8).map(|at| {
            let (hasher, hash) = (hasher.clone(), hash.clone());
            async move {
                let word = if at % 3 == 0 {
                    "correct house"
                } else {
                    "correct horse"
                };
                hasher.verify(word, Some(&hash)).await.unwrap() == (at % 3 != 0)
            }
        });
        assert!(
            futures::future::join_all(again)
                .await
                .into_iter()
                .all(|right| right)
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
