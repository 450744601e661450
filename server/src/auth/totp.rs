//! Codes of authenticator apps (RFC 6238), and recovery codes.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use ring::hmac;

use crate::clock;

/// Seconds that a code is shown for.
const STEP: i64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// Bytes of a secret: as many as SHA-1 makes (RFC 4226, 4, R6).
const SECRET: usize = 20;
/// Characters of a recovery code: 140 bits.
const RECOVERY: usize = 28;
/// Light modules around a QR code (ISO/IEC 18004, 9.1).
const QUIET: i32 = 4;
/// The alphabet of base32 (RFC 4648, 6).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret, in base32.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_secret() -> anyhow::Result<String> {
    let random = clock::secret_bytes()?;
    Ok(base32(random.iter().copied().take(SECRET)))
}

/// A new recovery code, in groups of four.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_recovery_code() -> anyhow::Result<String> {
    let random = clock::secret_bytes()?;
    let letters: String = base32(random.into_iter()).chars().take(RECOVERY).collect();
    Ok(grouped(&letters.to_lowercase(), '-'))
}

/// A recovery code as it is compared, however it was typed.
pub fn plain_recovery_code(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Text in groups of four.
pub fn grouped(text: &str, between: char) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (place, letter) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            out.push(between);
        }
        out.push(letter);
    }
    out
}

/// The time step of a typed code at a moment (milliseconds since the Unix epoch), with a drift of one step either way; `None`
/// when it is no code of the secret now. The steps are tried from the last to the first, so that of equal codes the later
/// step counts as taken.
pub fn step_of(secret: &str, typed: &str, now: i64) -> Option<i64> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != DIGITS || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Compared as numbers: how long that takes says nothing of how much of it was right.
    let code: u32 = code.parse().ok()?;
    let secret = unbase32(secret)?;
    let current = now.div_euclid(1000).div_euclid(STEP);
    [1, 0, -1]
        .into_iter()
        .map(|drift| current.saturating_add(drift))
        .find(|step| code_at(&secret, *step) == code)
}

/// The code of a time step (RFC 4226, 5.3).
fn code_at(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0xf);
    let number = bytes
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    (number & 0x7fff_ffff) % 1_000_000
}

/// The code that an app shows at a moment: for tests, which are its only app.
#[doc(hidden)]
pub fn code(secret: &str, now: i64) -> Option<String> {
    let code = code_at(&unbase32(secret)?, now.div_euclid(1000).div_euclid(STEP));
    Some(format!("{code:06}"))
}

/// What authenticator apps read (Google Authenticator's key URI format; SHA-1, six digits and 30 seconds go without saying).
pub fn uri(issuer: &str, account: &str, secret: &str) -> String {
    let issuer = escaped(issuer);
    format!(
        "otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}",
        escaped(account)
    )
}

/// Everything but letters, digits and `-._~` percent-encoded (RFC 3986, 2.3): apps do not read a plus as a space.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A text as a QR code: the dark modules as the path of an SVG picture, and its modules on each side.
///
/// # Errors
/// When the text is too long for one.
pub fn qr(text: &str) -> anyhow::Result<(String, u32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| anyhow::anyhow!("a text cannot be a QR code: {error}"))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Ok((path, u32::try_from(code.size() + 2 * QUIET)?))
}

fn base32(bytes: impl Iterator<Item = u8>) -> String {
    let (mut out, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    let letter = |value: u32| {
        let place = usize::try_from(value & 31).unwrap_or_default();
        char::from(BASE32.get(place).copied().unwrap_or(b'A'))
    };
    for byte in bytes {
        held = (held << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(letter(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(letter(held << (5 - bits)));
    }
    out
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for byte in text.bytes() {
        let place = BASE32.iter().position(|letter| *letter == byte)?;
        held = (held << 5) | u32::try_from(place).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// `12345678901234567890`, the secret of the test vectors.
    const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(KEY, seconds * 1000).unwrap(), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_known_one_step_early_and_late_and_no_further() {
        let now = 1_764_000_015_000;
        let current = now / 30_000;
        let shown = code(KEY, now).unwrap();
        for (drift, expected) in [
            (-60_000, None),
            (-30_000, Some(current)),
            (0, Some(current)),
            (30_000, Some(current)),
            (60_000, None),
        ] {
            assert_eq!(step_of(KEY, &shown, now + drift), expected, "{drift}");
        }
        assert_eq!(
            step_of(KEY, &format!("{} {}", &shown[..3], &shown[3..]), now),
            Some(current)
        );
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(step_of(KEY, wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn base32_is_the_standards() {
        for (bytes, text) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.bytes()), text);
            assert_eq!(unbase32(text).unwrap(), bytes.as_bytes());
        }
        assert_eq!(unbase32("a1"), None);
        assert_eq!(new_secret().unwrap().len(), 32);
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = new_recovery_code().unwrap();
        assert_eq!((code.len(), code.matches('-').count()), (34, 6));
        let plain = plain_recovery_code(&code);
        assert_eq!(plain.len(), RECOVERY);
        assert_eq!(plain_recovery_code(&code.to_uppercase().replace('-', " ")), plain);
        assert_ne!(new_recovery_code().unwrap(), code);
    }

    #[test]
    fn names_cannot_add_to_the_address() {
        let uri = uri("A&B: C", "ada@example.com?secret=x", "KEY");
        assert_eq!(
            uri,
            "otpauth://totp/A%26B%3A%20C:ada%40example.com%3Fsecret%3Dx?secret=KEY&issuer=A%26B%3A%20C"
        );
        let (path, size) = qr(&uri).unwrap();
        assert!(path.starts_with("M4 4h1v1h-1z") && size >= 29, "{size}");
    }
}
