//! The keys that sign tokens: Ed25519, encrypted while they are in the database.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};

use crate::clock;
use crate::vault::Vault;

/// A signing key as it is kept.
#[derive(Debug, Clone)]
pub struct StoredKey {
    pub kid: String,
    /// The 32 secret bytes, base64; encrypted while it is in the database.
    pub seed: String,
    /// Milliseconds since the Unix epoch; the newest key that was published for [`AHEAD`](super::token::AHEAD) signs.
    pub created_at: i64,
    /// After this moment the key verifies nothing any more.
    pub retires_at: Option<i64>,
}

/// The same key, ready for use.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) signs: EncodingKey,
    pub(super) verifies: DecodingKey,
    pub(super) public: String,
    pub(super) created_at: i64,
    pub(super) retires_at: Option<i64>,
}

impl StoredKey {
    /// The same key with its seed as the database keeps it.
    ///
    /// # Errors
    /// When the seed cannot be encrypted.
    pub fn sealed(self, vault: &Vault) -> anyhow::Result<Self> {
        let seed = vault.seal(&self.purpose(), &self.seed)?;
        Ok(StoredKey { seed, ..self })
    }

    /// The same key with its seed to sign with.
    ///
    /// # Errors
    /// When the seed was encrypted with another key.
    pub fn revealed(self, vault: &Vault) -> anyhow::Result<Self> {
        let seed = vault.reveal(&self.purpose(), &self.seed)?;
        Ok(StoredKey { seed, ..self })
    }

    fn purpose(&self) -> String {
        format!("signing_key/{}", self.kid)
    }

    /// A new key of a moment (milliseconds since the Unix epoch).
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn generate(now: i64) -> anyhow::Result<Self> {
        let seed = clock::secret_bytes()?;
        let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
        // The key's own thumbprint (RFC 7638): no two keys share an id.
        let thumbprint = format!(
            r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
            URL_SAFE_NO_PAD.encode(public.as_bytes())
        );
        let kid = clock::fingerprint(&thumbprint).chars().take(32).collect();
        Ok(StoredKey {
            kid,
            seed: STANDARD.encode(seed),
            created_at: now,
            retires_at: None,
        })
    }
}

impl Key {
    /// Reads a key that was revealed.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn read(stored: StoredKey) -> anyhow::Result<Key> {
        /// The PKCS#8 envelope of an Ed25519 seed (RFC 8410, 7).
        const PKCS8: [u8; 16] = [
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
        ];
        let seed: [u8; 32] = STANDARD
            .decode(&stored.seed)?
            .try_into()
            .map_err(|_| anyhow::anyhow!("the signing key {} has not 32 bytes", stored.kid))?;
        let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
        let public = URL_SAFE_NO_PAD.encode(public.as_bytes());
        let der: Vec<u8> = PKCS8.iter().chain(seed.iter()).copied().collect();
        Ok(Key {
            kid: stored.kid,
            signs: EncodingKey::from_ed_der(&der),
            verifies: DecodingKey::from_ed_components(&public)?,
            public,
            created_at: stored.created_at,
            retires_at: stored.retires_at,
        })
    }
}
