//! Hosted sign-ins, from the application's question to its tokens: how many a second, against what argon2id alone allows, and
//! what they leave to whoever reads meanwhile.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use argon2::password_hash::PasswordHash;
use argon2::{Argon2, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::fetch::{self, Answer};
use crate::figures::{float, median, percentile};
use crate::load::{self, Write};
use crate::plan::Pace;
use crate::run::{ADMIN, PASSWORD};
use crate::world::{APP, BIG_MEMBERS, HOME, SMALL, SMALL_MEMBERS, World, mix};

/// Browsers that sign in at once.
const BROWSERS: usize = 16;
/// Connections that read, and how long each waits after an answer: readers who leave the machine time for sign-ins.
const READERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(20);
/// What the application proves its question with (RFC 7636); one for all, since nobody guesses here.
const VERIFIER: &str = "a-code-verifier-of-the-benchmark-that-is-long-enough";

/// What one round gave.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// Sign-ins a second.
    pub sign_ins: f64,
    /// Verifications of one of their passwords a second, on all cores with nothing else to do.
    pub argon2: f64,
    /// Microseconds of a read, when nobody signs in.
    pub calm_p99: u32,
    /// The same during the sign-ins.
    pub storm_p99: u32,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct SignIns {
    pub rounds: Vec<Round>,
}

impl SignIns {
    /// The median over the rounds.
    pub fn of(&self, figure: impl Fn(&Round) -> f64) -> f64 {
        median(self.rounds.iter().map(figure))
    }

    /// In one line.
    pub fn line(&self) -> String {
        let milliseconds = |figure: fn(&Round) -> u32| self.of(|round| f64::from(figure(round)) / 1000.0);
        format!(
            "sign-ins: {:.0}/s, argon2id alone {:.0}/s, ratio {:.2}; p99 of reads {:.2} ms, calm {:.2} ms",
            self.of(|round| round.sign_ins),
            self.of(|round| round.argon2),
            self.ratio(),
            milliseconds(|round| round.storm_p99),
            milliseconds(|round| round.calm_p99),
        )
    }

    /// Sign-ins against argon2id alone, by paired rounds.
    pub fn ratio(&self) -> f64 {
        self.of(|round| round.sign_ins / round.argon2)
    }

    /// Reads during a storm against calm ones, by paired rounds.
    pub fn disturbance(&self) -> f64 {
        self.of(|round| f64::from(round.storm_p99) / f64::from(round.calm_p99.max(1)))
    }
}

/// Measures on a server whose database has this URL.
///
/// # Errors
/// For any answer that a browser or an application would not go on from.
pub async fn measure(port: u16, url: &str, world: &World, pace: Pace) -> Result<SignIns> {
    let hash = hash_of_admin(url).await?;
    let visitor = Rc::new(Visitor {
        port,
        client_id: public_client(port, world)?,
        numbers: Cell::new(0),
        stopping: Cell::new(false),
    });
    let read = world.one_member();
    let mut found = SignIns::default();
    for _ in 0..pace.rounds {
        let argon2 = alone(&hash, pace.measure)?;
        let calm = reads(port, &read, pace).await?;
        let nobody = async {
            tokio::time::sleep(pace.warm + pace.measure).await;
            Ok(())
        };
        let (sign_ins, ()) = storm_beside(&visitor, pace, nobody).await?;
        let (_, disturbed) = storm_beside(&visitor, pace, reads(port, &read, pace)).await?;
        found.rounds.push(Round {
            sign_ins,
            argon2,
            calm_p99: calm,
            storm_p99: disturbed,
        });
    }
    Ok(found)
}

async fn hash_of_admin(url: &str) -> Result<String> {
    const STATEMENT: &str = "SELECT password_hash FROM person WHERE email_key = $1";
    let (hash,): (String,) = if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await?;
        sqlx::query_as(STATEMENT)
            .bind(ADMIN)
            .fetch_one(&mut connection)
            .await?
    } else {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::query_as(STATEMENT)
            .bind(ADMIN)
            .fetch_one(&mut connection)
            .await?
    };
    Ok(hash)
}

/// A client of the application without a secret, as one in a browser is.
fn public_client(port: u16, world: &World) -> Result<String> {
    let headers = [
        format!("authorization: {}", world.bearer),
        "content-type: application/json".to_owned(),
    ];
    let body = json!({ "name": "Browser", "public": true }).to_string();
    let path = format!("/v1/applications/{APP}/clients");
    let answer = fetch::ask(port, "POST", &path, &headers, &body)?.good()?;
    let made: Value = serde_json::from_slice(&answer.body)?;
    let id = made.pointer("/result/client_id").and_then(Value::as_str);
    Ok(id.context("no client_id")?.to_owned())
}

/// How many passwords all cores verify in a second, with the hash's own parameters and nothing else to do.
fn alone(hash: &str, time: Duration) -> Result<f64> {
    let cores = std::thread::available_parallelism()?.get();
    let begin = Instant::now();
    let done: Result<Vec<u64>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let hash = PasswordHash::new(hash).map_err(|error| anyhow::anyhow!("{error}"))?;
                    let mut done = 0;
                    while begin.elapsed() < time {
                        Argon2::default()
                            .verify_password(PASSWORD.as_bytes(), &hash)
                            .map_err(|error| anyhow::anyhow!("{error}"))?;
                        done += 1;
                    }
                    Ok(done)
                })
            })
            .collect();
        let ended = threads.into_iter().map(|thread| match thread.join() {
            Ok(done) => done,
            Err(_) => bail!("a thread ended"),
        });
        ended.collect()
    });
    Ok(float(done?.into_iter().sum()) / begin.elapsed().as_secs_f64())
}

/// The 99th percentile of reads at a steady pace, in microseconds.
async fn reads(port: u16, write: &Rc<Write>, pace: Pace) -> Result<u32> {
    let latencies = Rc::new(RefCell::new(Vec::new()));
    let (begin, end) = (pace.warm, pace.warm + pace.measure);
    let start = Instant::now();
    let tasks: Vec<_> = (0..READERS)
        .map(|reader| {
            let (write, latencies) = (write.clone(), latencies.clone());
            tokio::task::spawn_local(async move {
                let mut number = u64::try_from(reader)?;
                let mut stream = load::connect(port).await?;
                let (mut request, mut answer) = (Vec::new(), Vec::new());
                while start.elapsed() < end {
                    request.clear();
                    write(&mut request, mix(number));
                    number += u64::try_from(READERS)?;
                    let sent = Instant::now();
                    stream.write_all(&request).await?;
                    load::receive(&mut stream, &mut answer).await?;
                    expect(&answer, 200)?;
                    if start.elapsed() > begin {
                        let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
                        latencies.borrow_mut().push(micros);
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await.context("a reader's task ended")??;
    }
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    Ok(percentile(&latencies, 99))
}

fn expect(answer: &[u8], status: u16) -> Result<Answer> {
    let read = fetch::read(answer).context("no HTTP answer")?;
    if read.status != status {
        bail!(
            "{} and not {status}: {}",
            read.status,
            String::from_utf8_lossy(answer)
        );
    }
    Ok(read)
}

/// Signs people in as long as something else takes; how many came in within a second, and what the other found.
async fn storm_beside<T>(
    visitor: &Rc<Visitor>,
    pace: Pace,
    other: impl Future<Output = Result<T>>,
) -> Result<(f64, T)> {
    visitor.stopping.set(false);
    let storm = tokio::task::spawn_local(storm(visitor.clone(), pace));
    // It ends before the storm does.
    let other = other.await;
    visitor.stopping.set(true);
    let sign_ins = storm.await.context("the storm's task ended")??;
    Ok((sign_ins, other?))
}

/// Many people who sign in, one after the other at each browser; how many came in within a second.
async fn storm(visitor: Rc<Visitor>, pace: Pace) -> Result<f64> {
    let done = Rc::new(Cell::new(0_u64));
    let start = Instant::now();
    let tasks: Vec<_> = (0..BROWSERS)
        .map(|_| {
            let (visitor, done) = (visitor.clone(), done.clone());
            tokio::task::spawn_local(async move {
                let mut stream = load::connect(visitor.port).await?;
                while !visitor.stopping.get() {
                    visitor.sign_in(&mut stream).await?;
                    done.set(done.get() + 1);
                }
                anyhow::Ok(())
            })
        })
        .collect();
    tokio::time::sleep(pace.warm).await;
    let (before, begin) = (done.get(), start.elapsed());
    tokio::time::sleep(pace.measure).await;
    let rate = float(done.get() - before) / (start.elapsed() - begin).as_secs_f64();
    for task in tasks {
        task.await.context("a browser's task ended")??;
    }
    Ok(rate)
}

/// Somebody at a browser, and the application that they go to.
struct Visitor {
    port: u16,
    client_id: String,
    numbers: Cell<u64>,
    stopping: Cell<bool>,
}

impl Visitor {
    /// The whole way, with the page that a browser shows on it.
    async fn sign_in(&self, stream: &mut TcpStream) -> Result<()> {
        let number = self.numbers.get();
        self.numbers.set(number + 1);
        let person = u64::from(BIG_MEMBERS) + 1 + mix(number) % u64::from(SMALL_MEMBERS);

        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let question = format!(
            "/oidc/authorize?response_type=code&client_id={}&redirect_uri={HOME}&scope=openid+profile&state={number}\
             &code_challenge={challenge}&code_challenge_method=S256&organization={SMALL}",
            self.client_id
        );
        let on = location(&self.ask(stream, "GET", &question, "", "", 303).await?)?;
        let page = location(&self.ask(stream, "GET", &on, "", "", 303).await?)?;
        self.ask(stream, "GET", &page, "accept-encoding: br\r\n", "", 200)
            .await?;
        let (_, request) = page.rsplit_once('=').context("no request in the address")?;
        let form = format!(
            "identifier=m{person:07}%40bench.example&password={}&request={request}",
            PASSWORD.replace(' ', "+")
        );
        let origin = format!("origin: http://localhost:{}\r\n", self.port);
        let signed_in = self
            .ask(stream, "POST", "/rpc/sign_in", &origin, &form, 303)
            .await?;
        let cookie = signed_in
            .header("set-cookie")
            .and_then(|cookie| cookie.split(';').next());
        let cookie = format!("cookie: {}\r\n", cookie.context("no session")?);
        let on = location(&signed_in)?;
        let on = on
            .strip_prefix(&format!("http://localhost:{}", self.port))
            .unwrap_or(&on);
        let back = location(&self.ask(stream, "GET", on, &cookie, "", 303).await?)?;
        let (_, code) = back
            .split_once("code=")
            .with_context(|| format!("no code at {back}"))?;
        let code = code.split('&').next().unwrap_or_default();
        let form = format!(
            "grant_type=authorization_code&client_id={}&redirect_uri={HOME}&code={code}&code_verifier={VERIFIER}",
            self.client_id
        );
        let tokens = self.ask(stream, "POST", "/oidc/token", "", &form, 200).await?;
        let tokens: Value = serde_json::from_slice(&tokens.body)?;
        tokens.get("id_token").context("no ID token")?;
        Ok(())
    }

    async fn ask(
        &self,
        stream: &mut TcpStream,
        method: &str,
        path: &str,
        headers: &str,
        form: &str,
        status: u16,
    ) -> Result<Answer> {
        let kind = if form.is_empty() {
            String::new()
        } else {
            let length = form.len();
            format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n")
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost:{}\r\naccept: text/html\r\n{headers}{kind}\r\n{form}",
            self.port
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        load::receive(stream, &mut answer).await?;
        expect(&answer, status).with_context(|| format!("{method} {path}"))
    }
}

fn location(answer: &Answer) -> Result<String> {
    Ok(answer.header("location").context("leads nowhere")?.to_owned())
}
