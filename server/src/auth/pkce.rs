//! Proof that whoever redeems a code is whoever asked for it (RFC 7636), with SHA-256 only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Whether a text can be a challenge: the base64url form of 32 bytes (4.2).
pub fn is_challenge(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a verifier is the one that a challenge was made of (4.6).
pub fn matches(verifier: &str, challenge: &str) -> bool {
    let is_sane = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    // A hash of what only its owner knows: comparing it early-out tells nothing of the verifier.
    is_sane && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc() {
        assert!(is_challenge(CHALLENGE));
        assert!(matches(VERIFIER, CHALLENGE));
    }

    #[test]
    fn anything_else_is_none() {
        assert!(!matches(VERIFIER, VERIFIER));
        assert!(!matches(CHALLENGE, CHALLENGE));
        assert!(!matches("", CHALLENGE));
        assert!(!matches(&format!("{VERIFIER}="), CHALLENGE));
        assert!(!matches(&VERIFIER.to_lowercase(), CHALLENGE));
        for bad in ["", "short", &"=".repeat(43), &"A".repeat(44), &"ä".repeat(43)] {
            assert!(!is_challenge(bad), "{bad}");
        }
    }
}
