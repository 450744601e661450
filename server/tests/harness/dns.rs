//! A DNS server on loopback that knows some TXT records.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

type Records = Arc<Mutex<Vec<(String, String)>>>;

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
        self.records
            .lock()
            .unwrap()
            .push((name.to_owned(), text.to_owned()));
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers a query (RFC 1035, 4) for TXT records; any other is answered with none.
fn answer(query: &[u8], records: &[(String, String)]) -> Option<Vec<u8>> {
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
    let is_txt = query.get(at..at + 2)? == [0, 16];
    let question = query.get(12..at + 4)?;
    let name = labels.join(".");
    let texts: Vec<&String> = records
        .iter()
        .filter(|(known, _)| is_txt && *known == name)
        .map(|(_, text)| text)
        .collect();
    let code = if texts.is_empty() { 3 } else { 0 };
    let mut out = query.get(..2)?.to_vec();
    // An answer with authority, recursion wished for and there.
    out.extend([
        0x85,
        0x80 | code,
        0,
        1,
        0,
        u8::try_from(texts.len()).unwrap(),
        0,
        0,
        0,
        0,
    ]);
    out.extend(question);
    for text in texts {
        // The question's name, TXT, IN, one minute.
        out.extend([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60]);
        let length = u8::try_from(text.len()).unwrap();
        out.extend((u16::from(length) + 1).to_be_bytes());
        out.push(length);
        out.extend(text.bytes());
    }
    Some(out)
}
