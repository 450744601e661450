//! A DNS server on loopback that knows no name: what asks for a record must get an answer, also where there is no network.

use std::net::{SocketAddr, UdpSocket};
use std::thread;

use anyhow::{Context, Result};

/// Starts one that lives as long as this program, and tells where it is.
pub fn start() -> Result<SocketAddr> {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    let address = socket.local_addr()?;
    thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
            if let Some(answer) = buffer.get(..length).and_then(no_such_name) {
                let _ = socket.send_to(&answer, peer);
            }
        }
    });
    Ok(address)
}

/// The answer to a query that its name does not exist (RFC 1035, 4.1).
fn no_such_name(query: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 12;
    let mut at = HEADER;
    // The name's labels, up to the empty one.
    loop {
        let length = usize::from(*query.get(at)?);
        at += length + 1;
        if length == 0 {
            break;
        }
    }
    // Its type and class.
    let question = query.get(HEADER..at + 4)?;
    let mut answer = query.get(..2)?.to_vec();
    answer.extend([0x85, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]);
    answer.extend(question);
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_answered_with_its_own_question() {
        let mut query = vec![7, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
        let question = *b"\x04acme\x07example\x00\x00\x10\x00\x01";
        query.extend(question);
        // What comes after it, such as EDNS, is not answered.
        query.extend([0, 0, 41]);
        let answer = no_such_name(&query).unwrap_or_default();
        assert_eq!(answer.get(..4), Some([7, 9, 0x85, 0x83].as_slice()));
        assert_eq!(answer.get(12..), Some(question.as_slice()));
        assert_eq!(no_such_name(&[0; 12]), None);
    }
}
