//! Secrets that must be read again, such as signing keys, are encrypted in the database; the key is a file outside of it.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::clock;

/// What an encrypted secret begins with; no plain one does.
const SEALED: &str = "sealed1.";

/// Encrypts and decrypts (ChaCha20-Poly1305, RFC 8439). Without a key file it leaves secrets as they are.
pub struct Vault {
    key: Option<LessSafeKey>,
    file: Option<PathBuf>,
}

impl Vault {
    /// Reads the key's file, and makes it where there is none yet.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn open(file: Option<&Path>) -> anyhow::Result<Vault> {
        let Some(path) = file else {
            return Ok(Vault {
                key: None,
                file: None,
            });
        };
        let told = || {
            format!(
                "the secret key file {} (GUILDHALL_SECRET_KEY_FILE)",
                path.display()
            )
        };
        make(path).with_context(|| format!("{} cannot be made", told()))?;
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", told()))?;
        let key = STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|bytes| UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok())
            .ok_or_else(|| anyhow!("{} does not hold a key of 32 bytes in base64", told()))?;
        Ok(Vault {
            key: Some(LessSafeKey::new(key)),
            file: Some(path.to_owned()),
        })
    }

    /// Whether secrets are encrypted.
    pub fn is_locked(&self) -> bool {
        self.key.is_some()
    }

    /// The form in which a secret is kept; it can be read again for the same `purpose` only.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn seal(&self, purpose: &str, secret: &str) -> anyhow::Result<String> {
        let Some(key) = &self.key else {
            return Ok(secret.to_owned());
        };
        // 96 random bits: with the few secrets of one file's key they do not meet again.
        let random = clock::secret_bytes()?;
        let nonce: [u8; NONCE_LEN] = random.first_chunk().copied().context("no nonce")?;
        let mut kept = secret.as_bytes().to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(purpose.as_bytes()),
            &mut kept,
        )
        .map_err(|_| anyhow!("a secret cannot be encrypted"))?;
        Ok(format!(
            "{SEALED}{}",
            STANDARD.encode([&nonce[..], &kept].concat())
        ))
    }

    /// The secret that [`Vault::seal`] was given for this purpose.
    ///
    /// # Errors
    /// When it was encrypted with another key or for another purpose, or was changed.
    pub fn reveal(&self, purpose: &str, kept: &str) -> anyhow::Result<String> {
        let Some(sealed) = kept.strip_prefix(SEALED) else {
            return Ok(kept.to_owned());
        };
        let key = self
            .key
            .as_ref()
            .context("a secret of the database is encrypted, and GUILDHALL_SECRET_KEY_FILE names no key")?;
        let mut bytes = STANDARD
            .decode(sealed)
            .context("an encrypted secret is no base64")?;
        let wrong = || match &self.file {
            Some(path) => anyhow!(
                "a secret of the database was not encrypted with the key in {}",
                path.display()
            ),
            None => anyhow!("a secret of the database was encrypted with another key"),
        };
        let (nonce, sealed) = bytes.split_first_chunk_mut::<NONCE_LEN>().ok_or_else(wrong)?;
        let opened = key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(purpose.as_bytes()),
                sealed,
            )
            .map_err(|_| wrong())?;
        String::from_utf8(opened.to_vec()).map_err(|_| wrong())
    }
}

/// Makes the file with a new key, readable by its owner only; leaves one that is there alone.
fn make(path: &Path) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            writeln!(file, "{}", STANDARD.encode(clock::secret_bytes()?))?;
            Ok(file.sync_all()?)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_is_read_with_its_own_key_and_purpose_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let vault = Vault::open(Some(&path("one"))).unwrap();
        let kept = vault.seal("signing_key/a", "hunter22").unwrap();
        assert!(!kept.contains("hunter22") && kept != vault.seal("signing_key/a", "hunter22").unwrap());
        let again = Vault::open(Some(&path("one"))).unwrap();
        assert_eq!(again.reveal("signing_key/a", &kept).unwrap(), "hunter22");
        assert!(again.reveal("signing_key/b", &kept).is_err());
        let other = Vault::open(Some(&path("two"))).unwrap();
        assert!(other.reveal("signing_key/a", &kept).is_err());
        assert!(Vault::open(None).unwrap().reveal("signing_key/a", &kept).is_err());
        assert!(again.reveal("signing_key/a", "sealed1.AAAA").is_err());
    }

    #[test]
    fn what_was_kept_before_there_was_a_key_is_still_read() {
        let folder = tempfile::tempdir().unwrap();
        let plain = Vault::open(None).unwrap().seal("p", "hunter22").unwrap();
        let vault = Vault::open(Some(&folder.path().join("key"))).unwrap();
        assert_eq!(vault.reveal("p", &plain).unwrap(), "hunter22");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        Vault::open(Some(&path)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "no key").unwrap();
        let refused = Vault::open(Some(&path)).err().unwrap().to_string();
        assert!(refused.contains("GUILDHALL_SECRET_KEY_FILE"), "{refused}");
    }
}
