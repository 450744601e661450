//! Public keys as browsers hand them over: SubjectPublicKeyInfo, in DER.

use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm};

use super::Unproved;

/// The algorithm of a SubjectPublicKeyInfo (RFC 5280, 4.1), and the key as `ring` takes it. The algorithm is the key's own, and
/// nothing that somebody says beside it.
pub(super) fn read(spki: &[u8]) -> Result<(&'static dyn VerificationAlgorithm, &[u8]), Unproved> {
    /// rsaEncryption (RFC 3279, 2.3.1).
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    /// id-ecPublicKey, and secp256r1 (RFC 5480, 2.1.1).
    const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    /// id-Ed25519 (RFC 8410, 3).
    const ED: &[u8] = &[0x2b, 0x65, 0x70];
    const SEQUENCE: u8 = 0x30;
    const OBJECT_ID: u8 = 0x06;
    const BIT_STRING: u8 = 0x03;

    let (body, _) = element(spki, SEQUENCE)?;
    let (algorithm, rest) = element(body, SEQUENCE)?;
    let (bits, _) = element(rest, BIT_STRING)?;
    // A key has whole bytes: no unused bits at its end.
    let key = bits.strip_prefix(&[0]).ok_or(Unproved::Malformed)?;
    let (object, parameters) = element(algorithm, OBJECT_ID)?;
    // One of another length would be refused at the first sign-in only, which is too late for its owner.
    let verifies: &'static dyn VerificationAlgorithm = match object {
        EC if element(parameters, OBJECT_ID)?.0 == P256 => match key {
            // Uncompressed (SEC 1, 2.3.3).
            [4, point @ ..] if point.len() == 64 => &ECDSA_P256_SHA256_ASN1,
            _ => return Err(Unproved::Malformed),
        },
        ED if key.len() == 32 => &ED25519,
        RSA => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(Unproved::Algorithm),
    };
    Ok((verifies, key))
}

/// The content of a DER element with this tag (X.690, 8.1), and what comes after it.
fn element(bytes: &[u8], tag: u8) -> Result<(&[u8], &[u8]), Unproved> {
    let (first, rest) = bytes.split_first().ok_or(Unproved::Malformed)?;
    let (length, rest) = rest.split_first().ok_or(Unproved::Malformed)?;
    if *first != tag {
        return Err(Unproved::Malformed);
    }
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81 => {
            let (one, rest) = rest.split_first().ok_or(Unproved::Malformed)?;
            (usize::from(*one), rest)
        }
        0x82 => {
            let (two, rest) = rest.split_first_chunk::<2>().ok_or(Unproved::Malformed)?;
            (usize::from(u16::from_be_bytes(*two)), rest)
        }
        _ => return Err(Unproved::Malformed),
    };
    rest.split_at_checked(length).ok_or(Unproved::Malformed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Of Ed25519, with a key of this length.
    fn edwards(length: u8) -> Vec<u8> {
        let mut spki = vec![
            0x30,
            length + 10,
            0x30,
            0x05,
            0x06,
            0x03,
            0x2b,
            0x65,
            0x70,
            0x03,
            length + 1,
            0x00,
        ];
        spki.extend(std::iter::repeat_n(7, usize::from(length)));
        spki
    }

    /// Of P-256, with this first byte of the point.
    fn p256(first: u8, curve: u8) -> Vec<u8> {
        let mut spki = vec![
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
            0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, curve, 0x03, 0x42, 0x00, first,
        ];
        spki.extend([7; 64]);
        spki
    }

    #[test]
    fn keys_of_the_algorithms_that_are_asked_for_are_read() {
        assert_eq!(read(&edwards(32)).unwrap().1, [7; 32]);
        assert_eq!(read(&p256(4, 7)).unwrap().1.len(), 65);
    }

    #[test]
    fn what_is_no_such_key_is_none() {
        for (why, spki) in [
            (Unproved::Algorithm, edwards(31)),
            (Unproved::Malformed, p256(2, 7)),
            // secp192r1
            (Unproved::Algorithm, p256(4, 1)),
            // A length of more bytes than there are, and one of too many bytes.
            (Unproved::Malformed, vec![0x30, 0x82, 0xff, 0xff, 0x30]),
            (Unproved::Malformed, vec![0x30, 0x84, 0, 0, 0, 1, 0x30]),
            (Unproved::Malformed, vec![0x30, 0x80]),
        ] {
            assert_eq!(read(&spki).err(), Some(why), "{spki:?}");
        }
        for spki in [edwards(32), p256(4, 7)] {
            for cut in 0..spki.len() {
                assert!(read(spki.get(..cut).unwrap()).is_err(), "{cut}");
            }
        }
    }
}
