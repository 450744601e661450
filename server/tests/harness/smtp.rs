//! A mail server of the tests' own: it speaks SMTP on the loopback, and is slow, refuses or fails as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How it answers.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Before each answer.
    pub pause: Duration,
    /// What it says to a recipient; 250 takes the mail.
    pub recipient: &'static str,
}

impl Default for Manner {
    fn default() -> Self {
        Manner {
            pause: Duration::ZERO,
            recipient: "250 fine",
        }
    }
}

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub to: String,
    pub data: String,
}

impl Received {
    /// A header's value, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let start = format!("{}:", name.to_lowercase());
        head.lines()
            .find(|line| line.to_lowercase().starts_with(&start))
            .map(|line| line[start.len()..].trim().to_owned())
            .unwrap_or_default()
    }

    /// All parts, with the transfer encoding undone.
    pub fn text(&self) -> String {
        use base64::Engine as _;
        let mut all = String::new();
        for part in self.data.split("\r\n--") {
            let Some((head, body)) = part.split_once("\r\n\r\n") else {
                continue;
            };
            let head = head.to_lowercase();
            if head.contains("encoding: base64") {
                let bytes: String = body.split_whitespace().collect();
                let bytes = base64::engine::general_purpose::STANDARD.decode(bytes).unwrap();
                all.push_str(&String::from_utf8(bytes).unwrap());
            } else if head.contains("encoding: quoted-printable") {
                all.push_str(&unquoted(body));
            } else {
                all.push_str(body);
            }
            all.push('\n');
        }
        all
    }

    /// The first link to a path of ours.
    pub fn link(&self, path: &str) -> String {
        let text = self.text();
        let at = text
            .find(path)
            .unwrap_or_else(|| panic!("no link to {path} in {text}"));
        let end = text[at..]
            .find(|c: char| c.is_whitespace() || c == '"' || c == '<')
            .unwrap();
        text[at..at + end].to_owned()
    }
}

fn unquoted(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            // The last line may end with a soft break, whose end of line belongs to what follows.
            let (Some(high), Some(low)) = (rest.next(), rest.next()) else {
                break;
            };
            bytes.push(u8::from_str_radix(std::str::from_utf8(&[high, low]).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The address of a mail server that is not running: whoever knocks is refused, and nobody else takes it.
pub struct Closed(TcpSocket);

impl Closed {
    pub fn new() -> Closed {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        Closed(socket)
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.0.local_addr().unwrap())
    }

    /// Starts it.
    pub fn open(self, manner: Manner) -> Smtp {
        Smtp::on(self.0.listen(64).unwrap(), manner)
    }
}

/// A running mail server; gone when dropped.
pub struct Smtp {
    pub address: SocketAddr,
    manner: watch::Sender<Manner>,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Smtp {
    pub async fn start(manner: Manner) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, manner)
    }

    pub fn on(listener: TcpListener, manner: Manner) -> Smtp {
        let address = listener.local_addr().unwrap();
        let (manner, how) = watch::channel(manner);
        let received = Arc::new(Mutex::new(Vec::new()));
        let into = received.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(stream, how.clone(), into.clone()));
            }
        });
        Smtp {
            address,
            manner,
            received,
            task,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From now on, and at once: whoever waits for an answer gets it.
    pub fn behave(&self, manner: Manner) {
        self.manner.send_replace(manner);
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits for the first mail to an address that comes after those that were there.
    pub async fn next_to(&self, address: &str, before: usize) -> Received {
        for _ in 0..600 {
            let to: Vec<_> = self
                .received()
                .into_iter()
                .filter(|mail| mail.to == address)
                .collect();
            if let Some(mail) = to.get(before) {
                return mail.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no mail to {address} came");
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    stream: TcpStream,
    mut manner: watch::Receiver<Manner>,
    received: Arc<Mutex<Vec<Received>>>,
) {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading);
    let mut to = String::new();
    let mut answer = "220 sink".to_owned();
    loop {
        let pause = manner.borrow_and_update().pause;
        let _ = tokio::time::timeout(pause, manner.changed()).await;
        if writing
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
        let mut line = String::new();
        if lines.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let verb = line.split([' ', '\r']).next().unwrap().to_uppercase();
        answer = match verb.as_str() {
            "RCPT" => {
                to = line
                    .split('<')
                    .nth(1)
                    .and_then(|rest| rest.split('>').next())
                    .unwrap()
                    .to_owned();
                manner.borrow().recipient.to_owned()
            }
            "DATA" => {
                if writing.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let mut data = String::new();
                loop {
                    let mut line = String::new();
                    if lines.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                received.lock().unwrap().push(Received { to: to.clone(), data });
                "250 taken".to_owned()
            }
            "QUIT" => return,
            _ => "250 fine".to_owned(),
        };
    }
}
