//! Which addresses events may be sent to: public ones, and those that the settings list.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network: an address, and how many of its bits all in the network have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// Parses `10.1.0.0/16`, `fd00::/8`, or a single address. What is behind the network's bits must be zero.
    pub fn parse(text: &str) -> Option<Network> {
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().ok()?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
        };
        (bits <= most && masked(base, bits) == base).then_some(Network { base, bits })
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.base.is_ipv4() == address.is_ipv4() && masked(address, self.bits) == self.base
    }
}

/// The networks of a list with commas; `None` where one is none.
pub fn list(text: &str) -> Option<Vec<Network>> {
    text.split(',').map(|one| Network::parse(one.trim())).collect()
}

fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(four) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(four) & mask))
        }
        IpAddr::V6(six) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(six) & mask))
        }
    }
}

/// What is not on the public internet (IANA's registries of special-purpose addresses).
const SPECIAL: [(IpAddr, u8); 26] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    // Multicast, reserved, broadcast.
    v4([224, 0, 0, 0], 3),
    // Unspecified, loopback, IPv4 in the old form.
    v6([0, 0, 0, 0, 0, 0, 0, 0], 96),
    v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48),
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
    v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
];

const fn v4(parts: [u8; 4], bits: u8) -> (IpAddr, u8) {
    let [a, b, c, d] = parts;
    (IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits)
}

const fn v6(parts: [u16; 8], bits: u8) -> (IpAddr, u8) {
    let [a, b, c, d, e, f, g, h] = parts;
    (IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)), bits)
}

/// The address that is really spoken to: IPv4 also where it is written into IPv6 (RFC 4291, 2.5.5.2; RFC 6052, 2.1).
pub fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else {
        return address;
    };
    if let Some(four) = six.to_ipv4_mapped() {
        return IpAddr::V4(four);
    }
    let well_known = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);
    if masked(address, 96) == IpAddr::V6(well_known) {
        let [.., a, b, c, d] = six.octets();
        return IpAddr::V4(Ipv4Addr::new(a, b, c, d));
    }
    address
}

/// Whether an address is on the public internet.
pub fn is_public(address: IpAddr) -> bool {
    let address = plain(address);
    // The only addresses that are given out for the internet (IANA's registry of IPv6's address space).
    let global = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);
    if address.is_ipv6() && masked(address, 3) != IpAddr::V6(global) {
        return false;
    }
    !SPECIAL.iter().any(|(base, bits)| {
        Network {
            base: *base,
            bits: *bits,
        }
        .contains(address)
    })
}

/// Whether the settings list an address.
pub fn is_listed(listed: &[Network], address: IpAddr) -> bool {
    let address = plain(address);
    listed.iter().any(|network| network.contains(address))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_public_internet_is_public() {
        for inside in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.9.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "400::1",
            "4000::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(at(inside)), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "193.0.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(at(outside)), "{outside}");
        }
    }

    #[test]
    fn a_list_is_of_networks_and_addresses() {
        let listed = list("127.0.0.1, 10.1.0.0/16,fd00::/8").unwrap();
        for inside in ["127.0.0.1", "10.1.255.1", "fd12::1", "::ffff:10.1.0.1"] {
            assert!(is_listed(&listed, at(inside)), "{inside}");
        }
        for outside in ["127.0.0.2", "10.2.0.1", "fe80::1", "1.1.1.1"] {
            assert!(!is_listed(&listed, at(outside)), "{outside}");
        }
        assert!(is_listed(&list("0.0.0.0/0").unwrap(), at("10.0.0.1")));
        for wrong in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "::/129",
            "10.0.0.0,",
        ] {
            assert!(list(wrong).is_none(), "{wrong}");
        }
    }
}
