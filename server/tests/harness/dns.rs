//! A DNS server on loopback that knows some TXT records and addresses.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// What a name says: the kind of record, and its data.
type Record = (String, u8, Vec<u8>);
type Records = Arc<Mutex<Vec<Record>>>;

/// RFC 1035, 3.2.2.
const A: u8 = 1;
const TXT: u8 = 16;

/// A server and its records; dropping it stops it.
pub struct Dns {
    pub address: SocketAddr,
    records: Records,
    task: JoinHandle<()>,
}

impl Dns {
    pub async fn start() -> Dns {
        let socket = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let address = socket.local_addr().unwrap();
        let records = Records::default();
        let known = records.clone();
        let task = tokio::spawn(async move {
            let mut buffer = [0u8; 1500];
            while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
                let records = known.lock().unwrap().clone();
                if let Some(answer) = answer(&buffer[..length], &records) {
                    let _ = socket.send_to(&answer, peer).await;
                }
            }
        });
        Dns {
            address,
            records,
            task,
        }
    }

    /// From now on a name says a text.
    pub fn publish(&self, name: &str, text: &str) {
        let mut data = vec![u8::try_from(text.len()).unwrap()];
        data.extend(text.bytes());
        self.records.lock().unwrap().push((name.to_owned(), TXT, data));
    }

    /// From now on a name leads to an address.
    pub fn lead(&self, name: &str, address: Ipv4Addr) {
        self.records
            .lock()
            .unwrap()
            .push((name.to_owned(), A, address.octets().to_vec()));
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers a query (RFC 1035, 4) for TXT records and addresses; any other is answered with none.
fn answer(query: &[u8], records: &[Record]) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*query.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(query.get(at..at + length)?).to_lowercase());
        at += length;
    }
    let kind = query.get(at..at + 2)?;
    let question = query.get(12..at + 4)?;
    let name = labels.join(".");
    let known: Vec<&Record> = records.iter().filter(|(known, ..)| *known == name).collect();
    let found: Vec<&Record> = known
        .iter()
        .copied()
        .filter(|(_, of, _)| *kind == [0, *of])
        .collect();
    // A name that has other records is there, too.
    let code = if known.is_empty() { 3 } else { 0 };
    let mut out = query.get(..2)?.to_vec();
    // An answer with authority, recursion wished for and there.
    out.extend([
        0x85,
        0x80 | code,
        0,
        1,
        0,
        u8::try_from(found.len()).unwrap(),
        0,
        0,
        0,
        0,
    ]);
    out.extend(question);
    for (_, kind, data) in found {
        // The question's name, IN, one minute.
        out.extend([0xc0, 0x0c, 0, *kind, 0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    Some(out)
}
