//! Secrets of endpoints, and what they sign (Standard Webhooks, "Signature scheme").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guildhall::id::WebhookId;
use ring::hmac;

use crate::clock;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// How long the secret before a new one signs, too, in milliseconds: 24 hours.
pub const OVERLAP: i64 = 24 * 60 * 60 * 1000;

/// A new secret of 256 bits.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_secret() -> anyhow::Result<String> {
    Ok(format!("{PREFIX}{}", STANDARD.encode(clock::secret_bytes()?)))
}

/// The purpose for which an endpoint's secrets are encrypted.
pub fn purpose(id: WebhookId) -> String {
    format!("webhook/{id}")
}

/// One signature: `v1,` and the HMAC-SHA256 of the event's id, the time in seconds and the body, in base64.
///
/// # Errors
/// When the secret is none.
pub fn sign(secret: &str, event_id: &str, seconds: i64, body: &str) -> anyhow::Result<String> {
    let key = secret
        .strip_prefix(PREFIX)
        .ok_or_else(|| anyhow::anyhow!("a webhook's secret has no {PREFIX}"))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(key)?);
    let signature = hmac::sign(&key, format!("{event_id}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(signature.as_ref())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The example of the specification's libraries.
    #[test]
    fn signs_as_the_specifications_example_does() {
        let signed = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(sign("plain", "e", 1, "").is_err());
        assert_ne!(new_secret().unwrap(), new_secret().unwrap());
    }
}
