//! One try: to exactly the address that was checked, signed, and no further than the first answer.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use guildhall::webhooks::WebhookUrl;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::Webhooks;
use crate::dns::Dns;

/// How long one try may take in all.
const PATIENCE: Duration = Duration::from_secs(17);
/// How long one address may take to be connected to, so that the next one is tried.
const CONNECTING: Duration = Duration::from_secs(4);
/// How long the beginning of an answer is read.
const READING: Duration = Duration::from_secs(2);
/// How much of an answer is kept, in bytes.
const KEPT: usize = 1024;
/// How many of a name's addresses are tried.
const ADDRESSES: usize = 3;

/// What is sent, signed.
pub(super) struct Message<'m> {
    pub url: &'m WebhookUrl,
    /// Whether the endpoint is the tenant's own.
    pub of_tenant: bool,
    pub event_id: &'m str,
    /// Since the Unix epoch.
    pub seconds: i64,
    /// With spaces between.
    pub signatures: String,
    pub payload: String,
}

/// What a try came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub status: Option<u16>,
    /// Absent where the endpoint took it.
    pub error: Option<String>,
    pub answer: Option<String>,
}

impl Outcome {
    pub(super) fn failed(error: impl Into<String>) -> Self {
        Outcome {
            error: Some(error.into()),
            ..Outcome::default()
        }
    }
}

impl Webhooks {
    /// Sends it once.
    pub(super) async fn send(&self, dns: &Dns, message: Message<'_>) -> Outcome {
        match tokio::time::timeout(PATIENCE, self.attempt(dns, message)).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => Outcome::failed(error),
            Err(_) => Outcome::failed(format!(
                "It did not answer within {} seconds.",
                PATIENCE.as_secs()
            )),
        }
    }

    async fn attempt(&self, dns: &Dns, message: Message<'_>) -> Result<Outcome, String> {
        let (host, port) = message.url.host_and_port();
        let stream = self.connect(dns, &message, host, port).await?;
        if !message.url.is_https() {
            return exchange(stream, message, READING).await;
        }
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| format!("{host} is a name that no certificate can have."))?;
        let stream = self
            .tls
            .connect(name, stream)
            .await
            .map_err(|error| format!("TLS failed: {error}."))?;
        exchange(stream, message, READING).await
    }

    /// Looks the host up and connects to an address that may be sent to: the very one that was checked, so that a name which
    /// leads elsewhere a moment later leads nobody astray.
    async fn connect(
        &self,
        dns: &Dns,
        message: &Message<'_>,
        host: &str,
        port: u16,
    ) -> Result<TcpStream, String> {
        let url = message.url;
        let found = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => dns
                .addresses(host)
                .await
                .map_err(|error| format!("{host} cannot be looked up. {}", error.message))?,
        };
        if found.is_empty() {
            return Err(format!("The DNS knows no address of {host}."));
        }
        let open: Vec<IpAddr> = found
            .into_iter()
            .filter(|address| self.allows(*address, url.is_https(), message.of_tenant))
            .take(ADDRESSES)
            .collect();
        let mut why = if url.is_https() {
            format!(
                "{host} is not on the public internet, and the server’s settings do not list its address."
            )
        } else {
            format!("{host} is reached without TLS, and the server’s settings do not list its address.")
        };
        for address in open {
            let connecting = TcpStream::connect(SocketAddr::new(address, port));
            match tokio::time::timeout(CONNECTING, connecting).await {
                Ok(Ok(stream)) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => why = format!("No connection to {host}: {error}."),
                Err(_) => why = format!("No connection to {host}: it does not answer."),
            }
        }
        Err(why)
    }
}

/// One request and its answer. A redirect is an answer like others: following it would lead where nothing was checked.
async fn exchange<S>(stream: S, message: Message<'_>, reading: Duration) -> Result<Outcome, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| format!("The connection broke: {error}.");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driver = Driver(tokio::spawn(async move {
        // What breaks, the request says.
        let _ = connection.await;
    }));
    let request = request(message).map_err(|error| format!("The request cannot be made: {error}."))?;
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status();
    let mut body = response.into_body();
    let mut begun = Vec::new();
    let until = tokio::time::Instant::now() + reading;
    while begun.len() < KEPT {
        match tokio::time::timeout_at(until, body.frame()).await {
            Ok(Some(Ok(frame))) => begun.extend(frame.into_data().unwrap_or_default()),
            // The status says what became of it, also where the rest does not come.
            Ok(Some(Err(_)) | None) | Err(_) => break,
        }
    }
    drop(driver);
    begun.truncate(KEPT);
    let error = if status.is_success() {
        None
    } else if status.is_redirection() {
        Some(format!(
            "It answered {}, a redirect, which is not followed.",
            status.as_u16()
        ))
    } else {
        Some(format!("It answered {}.", status.as_u16()))
    };
    Ok(Outcome {
        status: Some(status.as_u16()),
        error,
        answer: shown(&begun),
    })
}

/// Ends the connection with the try.
struct Driver(tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(message: Message<'_>) -> http::Result<Request<Full<Bytes>>> {
    let rest = message
        .url
        .as_str()
        .split_once("://")
        .map_or("", |(_, rest)| rest);
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let path = match path {
        "" => "/".to_owned(),
        query if query.starts_with('?') => format!("/{query}"),
        path => path.to_owned(),
    };
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, authority)
        .header(CONTENT_TYPE, "application/json")
        .header(
            USER_AGENT,
            concat!("Guildhall/", env!("CARGO_PKG_VERSION"), " (webhooks)"),
        )
        .header("webhook-id", message.event_id)
        .header("webhook-timestamp", message.seconds)
        .header("webhook-signature", message.signatures)
        .body(Full::new(Bytes::from(message.payload)))
}

/// How an answer begins, for the log: as text, without what a database or a page could stumble over.
fn shown(begun: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(begun)
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[test]
    fn a_request_is_for_the_path_and_names_the_host() {
        for (url, path, host) in [
            ("https://example.com", "/", "example.com"),
            ("https://example.com:8443/a/b?c=d", "/a/b?c=d", "example.com:8443"),
            ("http://[::1]:80?x", "/?x", "[::1]:80"),
        ] {
            let url = WebhookUrl::parse(url).unwrap();
            let made = request(Message {
                url: &url,
                of_tenant: true,
                event_id: "evt_1",
                seconds: 7,
                signatures: "v1,a v1,b".to_owned(),
                payload: "{}".to_owned(),
            })
            .unwrap();
            assert_eq!(made.uri().to_string(), path);
            assert_eq!(made.headers()["host"], host);
            assert_eq!(made.headers()["webhook-timestamp"], "7");
            assert_eq!(made.headers()["webhook-signature"], "v1,a v1,b");
        }
    }

    #[tokio::test]
    async fn a_body_that_trickles_in_is_cut_off_in_time() {
        let url = WebhookUrl::parse("https://example.com").unwrap();
        let message = Message {
            url: &url,
            of_tenant: true,
            event_id: "evt_1",
            seconds: 7,
            signatures: "v1,a".to_owned(),
            payload: "{}".to_owned(),
        };
        let (ours, mut theirs) = tokio::io::duplex(4096);
        let server = tokio::spawn(async move {
            let mut request = [0; 4096];
            let _ = theirs.read(&mut request).await;
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
            theirs.write_all(head).await.unwrap();
            let mut sent = 0_u32;
            // Each byte comes sooner than anybody gives up waiting for one.
            while theirs.write_all(b"x").await.is_ok() {
                sent += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            sent
        });
        let began = std::time::Instant::now();
        let outcome = exchange(ours, message, Duration::from_millis(100)).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!((outcome.status, outcome.error), (Some(200), None));
        let answer = outcome.answer.unwrap();
        assert!(answer.len() < 100 && answer.starts_with('x'), "{answer}");
        // The connection is closed with the try: nobody reads on.
        let sent = tokio::time::timeout(Duration::from_secs(5), server)
            .await
            .unwrap()
            .unwrap();
        assert!(sent < 1024, "{sent}");
    }

    #[test]
    fn an_answer_is_shown_as_text() {
        assert_eq!(shown(b"ok\0\x1b[31m\n").as_deref(), Some("ok[31m"));
        assert_eq!(shown(b" \r\n"), None);
    }
}
