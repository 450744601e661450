//! The load: connections that are kept alive, each sending its next request when the last one was answered.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::figures::percentile;

/// Writes one request; the number is another one each time.
pub type Write = dyn Fn(&mut Vec<u8>, u64);

/// What was seen within the measured time.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub answers: u64,
    pub seconds: f64,
    /// Microseconds.
    pub p50: u32,
    /// Microseconds.
    pub p99: u32,
}

struct Shared {
    port: u16,
    write: Rc<Write>,
    numbers: Rc<Cell<u64>>,
    measuring: Cell<bool>,
    stopping: Cell<bool>,
    /// Microseconds of every answer within the measured time.
    latencies: RefCell<Vec<u32>>,
}

/// Asks a server for a time; `before` and `after` are called where the measured time begins and ends.
///
/// # Errors
/// For any answer that is not 2xx, and when the server hangs up.
pub async fn drive(
    port: u16,
    write: Rc<Write>,
    numbers: Rc<Cell<u64>>,
    connections: usize,
    (warm, measure): (Duration, Duration),
    mut edge: impl FnMut() -> Result<()>,
) -> Result<Sample> {
    let shared = Rc::new(Shared {
        port,
        write,
        numbers,
        measuring: Cell::new(false),
        stopping: Cell::new(false),
        latencies: RefCell::default(),
    });
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::task::spawn_local(converse(shared.clone())))
        .collect();
    tokio::time::sleep(warm).await;
    edge()?;
    shared.measuring.set(true);
    let begin = Instant::now();
    tokio::time::sleep(measure).await;
    shared.measuring.set(false);
    let seconds = begin.elapsed().as_secs_f64();
    edge()?;
    shared.stopping.set(true);
    for task in tasks {
        task.await.context("a connection's task ended")??;
    }
    let mut latencies = shared.latencies.take();
    latencies.sort_unstable();
    Ok(Sample {
        answers: u64::try_from(latencies.len())?,
        seconds,
        p50: percentile(&latencies, 50),
        p99: percentile(&latencies, 99),
    })
}

async fn converse(shared: Rc<Shared>) -> Result<()> {
    let mut stream = connect(shared.port).await?;
    let mut request = Vec::with_capacity(1024);
    let mut answer = Vec::with_capacity(64 * 1024);
    while !shared.stopping.get() {
        let number = shared.numbers.get();
        shared.numbers.set(number + 1);
        request.clear();
        (shared.write)(&mut request, number);
        let sent = Instant::now();
        stream.write_all(&request).await?;
        succeed(&mut stream, &mut answer).await?;
        if shared.measuring.get() {
            let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
            shared.latencies.borrow_mut().push(micros);
        }
    }
    Ok(())
}

/// Sends some requests on one connection.
///
/// # Errors
/// As [`drive`].
pub async fn one_after_another(port: u16, write: &Rc<Write>, numbers: Range<u64>) -> Result<()> {
    let mut stream = connect(port).await?;
    let (mut request, mut answer) = (Vec::new(), Vec::new());
    for number in numbers {
        request.clear();
        write(&mut request, number);
        stream.write_all(&request).await?;
        succeed(&mut stream, &mut answer).await?;
    }
    Ok(())
}

/// A connection to a server on this machine, which sends each request at once.
///
/// # Errors
/// When nobody listens there.
pub async fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Reads one answer that is no refusal and leads nowhere else.
async fn succeed(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<()> {
    receive(stream, answer).await?;
    if !answer.get(9..12).unwrap_or_default().starts_with(b"2") {
        bail!("not 2xx: {}", String::from_utf8_lossy(answer));
    }
    Ok(())
}

/// Reads one answer, of a length that its head names.
///
/// # Errors
/// When it is none, and when the server hangs up.
pub async fn receive(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<()> {
    answer.clear();
    let mut whole = None;
    loop {
        if stream.read_buf(answer).await? == 0 {
            bail!("the server hung up: {}", String::from_utf8_lossy(answer));
        }
        if whole.is_none() {
            whole = length(answer)?;
        }
        match whole {
            Some(length) if answer.len() > length => bail!("more than one answer to one request"),
            Some(length) if answer.len() == length => break,
            _ => {}
        }
    }
    Ok(())
}

/// How long an answer is, head and body, once its head is complete.
fn length(answer: &[u8]) -> Result<Option<usize>> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(answer.get(..end).unwrap_or_default())?;
    let mut body = 0;
    for line in head.split("\r\n") {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            body = value.trim().parse()?;
        }
        if line.starts_with("transfer-encoding") {
            bail!("an answer in chunks");
        }
    }
    Ok(Some(end + 4 + body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_its_head_says() -> Result<()> {
        assert_eq!(length(b"HTTP/1.1 200 OK\r\ncontent-le")?, None);
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(length(answer)?, Some(answer.len()));
        let empty = b"HTTP/1.1 204 No Content\r\ndate: x\r\n\r\n";
        assert_eq!(length(empty)?, Some(empty.len()));
        Ok(())
    }
}
