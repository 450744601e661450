//! A whole run: databases made and filled, servers started, measured in turns.

use std::cell::Cell;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::figures::{float, median};
use crate::load::{self, Write};
use crate::plan::{CASES, CONNECTIONS, Engine, OTHER_PAGE, Pace, SIGN_IN};
use crate::process::{Server, cpu, cpu_of_family, free_port, memory};
use crate::report::{self, Cell as TableCell, Measured, OnEngine, Whole};
use crate::world::World;
use crate::{Options, fetch, first_load, seed, sign_ins};

/// Requests of which the statements are counted.
const COUNTED: u64 = 200;
/// The administrator who loads the members page, whose password others have as well; only in this database, which is
/// thrown away.
pub const ADMIN: &str = "admin@bench.example";
pub const PASSWORD: &str = "only for the benchmark";

/// Says what happens now, with the seconds since the start.
fn say(message: &str) {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed().as_secs();
    let _ = writeln!(std::io::stdout(), "[{elapsed:>4} s] {message}");
}

/// Measures everything that was asked for, and writes the report.
pub async fn all(options: &Options) -> Result<()> {
    let pace = Pace::of(options.quick);
    fs::create_dir_all(&options.folder)
        .with_context(|| format!("cannot create {}", options.folder.display()))?;
    let binary = fs::metadata(&options.guildhall)
        .with_context(|| format!("there is no {}", options.guildhall.display()))?
        .len();
    let mut whole = Whole {
        machine: report::machine(),
        quick: options.quick,
        pace,
        binary_mb: float(binary) / 1024.0 / 1024.0,
        first_load: None,
        engines: Vec::new(),
    };
    let mut engines = Vec::new();
    if options.sqlite {
        engines.push(Engine::Sqlite);
    }
    if options.postgres.is_some() {
        engines.push(Engine::Postgres);
    }
    for engine in engines {
        let measured = Bench::prepare(options, pace, engine).await?;
        measured.carry_out(&mut whole).await?;
        let report = report::markdown(&whole);
        fs::write(options.folder.join("report.md"), &report)?;
    }
    let report = report::markdown(&whole);
    say(&format!(
        "written to {}\n\n{report}",
        options.folder.join("report.md").display()
    ));
    Ok(())
}

/// One database in two copies, one for each server.
struct Bench<'o> {
    options: &'o Options,
    pace: Pace,
    engine: Engine,
    real_url: String,
    bare_url: String,
    /// What `client add` printed.
    credentials: String,
    /// The first process of PostgreSQL.
    postmaster: Option<u32>,
}

impl<'o> Bench<'o> {
    async fn prepare(options: &'o Options, pace: Pace, engine: Engine) -> Result<Bench<'o>> {
        say(&format!("{}: filling a database", engine.name()));
        let mut bench = Bench {
            options,
            pace,
            engine,
            real_url: String::new(),
            bare_url: String::new(),
            credentials: String::new(),
            postmaster: None,
        };
        match engine {
            Engine::Sqlite => {
                let file = |name: &str| options.folder.join(format!("{name}.db"));
                for name in ["seed", "real", "bare"] {
                    for ending in ["", "-wal", "-shm"] {
                        let path = PathBuf::from(format!("{}{ending}", file(name).display()));
                        if path.exists() {
                            fs::remove_file(&path)?;
                        }
                    }
                }
                let url = |name: &str| format!("sqlite://{}", file(name).display());
                bench.fill(&url("seed")).await?;
                fs::copy(file("seed"), file("real"))?;
                let key = |name: &str| PathBuf::from(format!("{}.key", file(name).display()));
                fs::copy(key("seed"), key("real"))?;
                fs::copy(file("seed"), file("bare"))?;
                (bench.real_url, bench.bare_url) = (url("real"), url("bare"));
            }
            Engine::Postgres => {
                let server = options.postgres.as_deref().context("no PostgreSQL")?;
                let (host, _) = server.rsplit_once('/').context("a URL without a database")?;
                let mut connection = PgConnection::connect(server).await?;
                for name in ["real", "bare", "seed"] {
                    let drop = format!("DROP DATABASE IF EXISTS bench_{name}");
                    connection.execute(AssertSqlSafe(drop)).await?;
                }
                connection.execute("CREATE DATABASE bench_seed").await?;
                let url = |name: &str| format!("{host}/bench_{name}");
                bench.fill(&url("seed")).await?;
                for name in ["real", "bare"] {
                    let copy = format!("CREATE DATABASE bench_{name} TEMPLATE bench_seed");
                    connection.execute(AssertSqlSafe(copy)).await?;
                }
                (bench.real_url, bench.bare_url) = (url("real"), url("bare"));
                let (data,): (String,) = sqlx::query_as("SHOW data_directory")
                    .fetch_one(&mut connection)
                    .await?;
                let pid = fs::read_to_string(Path::new(&data).join("postmaster.pid"))
                    .context("the CPU time of PostgreSQL can be read only on this machine")?;
                bench.postmaster = pid.lines().next().and_then(|pid| pid.trim().parse().ok());
                connection.close().await?;
            }
        }
        Ok(bench)
    }

    /// Migrates, makes a client and an administrator, and puts the rows in.
    async fn fill(&mut self, url: &str) -> Result<()> {
        let add = [
            "client",
            "add",
            "--name",
            "bench",
            "--kind",
            "management",
            "--json",
        ];
        self.credentials = self.command(url, &add, "")?;
        self.command(
            url,
            &["admin", "add", "--email", ADMIN, "--password-stdin"],
            PASSWORD,
        )?;
        seed::fill(url).await
    }

    fn guildhall(&self, url: &str) -> Command {
        let mut command = Command::new(&self.options.guildhall);
        // Its log is as it is by default: a line for every request.
        command
            .current_dir(&self.options.folder)
            .env("GUILDHALL_DATABASE_URL", url)
            .env("GUILDHALL_RATE_LIMIT", "off");
        command
    }

    fn command(&self, url: &str, words: &[&str], input: &str) -> Result<String> {
        let mut child = self
            .guildhall(url)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("`guildhall {}` failed; see above", words.join(" "));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn start_real(&self) -> Result<Server> {
        let port = free_port()?;
        let mut command = self.guildhall(&self.real_url);
        command
            .arg("serve")
            .env("GUILDHALL_LISTEN", format!("127.0.0.1:{port}"))
            .env("GUILDHALL_PUBLIC_URL", format!("http://localhost:{port}"));
        Server::start(command, port, &self.log("real"))
    }

    fn start_bare(&self) -> Result<Server> {
        let port = free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args([
            "bare",
            "--database-url",
            &self.bare_url,
            "--listen",
            &format!("127.0.0.1:{port}"),
        ]);
        Server::start(command, port, &self.log("bare"))
    }

    fn log(&self, server: &str) -> PathBuf {
        let engine = self.engine.name().to_lowercase();
        self.options.folder.join(format!("{server}-{engine}.log"))
    }

    async fn carry_out(&self, whole: &mut Whole) -> Result<()> {
        let mut starts = Vec::new();
        for _ in 1..self.pace.starts {
            starts.push(self.start_real()?.start.as_secs_f64() * 1000.0);
        }
        let real = self.start_real()?;
        starts.push(real.start.as_secs_f64() * 1000.0);
        tokio::time::sleep(Duration::from_secs(3)).await;
        let mut measured = OnEngine {
            engine: self.engine,
            start_ms: median(starts),
            idle_mb: memory(real.pid)?.0,
            loaded_mb: 0.0,
            bare_idle_mb: 0.0,
            bare_loaded_mb: 0.0,
            statements: Vec::new(),
            cells: Vec::new(),
            beside_native: Vec::new(),
            sign_ins: None,
        };
        if whole.first_load.is_none() {
            whole.first_load = Some(first_load::measure(real.port)?);
        }
        let bare = self.start_bare()?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        measured.bare_idle_mb = memory(bare.pid)?.0;

        // Requests are numbered from here on, so that no two of them add the same thing.
        let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let world = World::token(real.port, &self.credentials, run)?;
        let numbers = Rc::new(Cell::new(1));
        let asked =
            |key: &str| self.options.only.is_empty() || self.options.only.iter().any(|only| only == key);
        for case in CASES.iter().filter(|case| asked(case.key)) {
            let write = (case.write)(&world);
            let statements = self.statements(&real, &write, &numbers).await?;
            measured.statements.push((case.key, statements));
            for connections in CONNECTIONS {
                let rounds = self.pace.rounds_of(self.engine, case.key, connections);
                let mut cell = TableCell {
                    key: case.key,
                    connections,
                    rounds: Vec::new(),
                };
                for round in 0..rounds {
                    // Whoever comes first in one round comes last in the next.
                    let (a, b) = if round % 2 == 0 {
                        (&real, &bare)
                    } else {
                        (&bare, &real)
                    };
                    let a = self.measure(a, &write, &numbers, connections).await?;
                    let b = self.measure(b, &write, &numbers, connections).await?;
                    cell.rounds.push(if round % 2 == 0 { (a, b) } else { (b, a) });
                }
                say(&format!("{}: {}", self.engine.name(), cell.line()));
                measured.cells.push(cell);
                measured.loaded_mb = measured.loaded_mb.max(memory(real.pid)?.1);
                measured.bare_loaded_mb = measured.bare_loaded_mb.max(memory(bare.pid)?.1);
            }
        }
        if asked(OTHER_PAGE) {
            measured.beside_native = self.beside_native(&real, &world, &numbers).await?;
        }
        if asked(SIGN_IN) {
            let found = sign_ins::measure(real.port, &self.real_url, &world, self.pace).await?;
            say(&format!("{}: {}", self.engine.name(), found.line()));
            measured.sign_ins = Some(found);
        }
        whole.engines.push(measured);
        Ok(())
    }

    /// The Auth0-compatible page and the native one in turns: what is to be within a tenth of each other must not be measured
    /// minutes apart.
    async fn beside_native(
        &self,
        real: &Server,
        world: &World,
        numbers: &Rc<Cell<u64>>,
    ) -> Result<Vec<(Measured, Measured)>> {
        let (other, native) = (world.page_of_the_other_api(), world.first_page());
        let mut rounds = Vec::new();
        for round in 0..self.pace.rounds {
            let (a, b) = if round % 2 == 0 {
                (&other, &native)
            } else {
                (&native, &other)
            };
            let a = self.measure(real, a, numbers, 32).await?;
            let b = self.measure(real, b, numbers, 32).await?;
            rounds.push(if round % 2 == 0 { (a, b) } else { (b, a) });
        }
        Ok(rounds)
    }

    async fn measure(
        &self,
        server: &Server,
        write: &Rc<Write>,
        numbers: &Rc<Cell<u64>>,
        connections: usize,
    ) -> Result<Measured> {
        // Before and after: the server's CPU, and PostgreSQL's, which works for it.
        let mut used = Vec::with_capacity(2);
        let edge = || {
            let database = self.postmaster.map_or(Ok(0.0), cpu_of_family)?;
            used.push((cpu(server.pid)?, database));
            Ok(())
        };
        let time = (self.pace.warm, self.pace.measure);
        let sample = load::drive(
            server.port,
            write.clone(),
            numbers.clone(),
            connections,
            time,
            edge,
        )
        .await?;
        let (Some((server_before, database_before)), Some((server_after, database_after))) =
            (used.first().copied(), used.last().copied())
        else {
            bail!("nothing was measured");
        };
        let answers = float(sample.answers.max(1));
        Ok(Measured {
            rps: float(sample.answers) / sample.seconds,
            p50: sample.p50,
            p99: sample.p99,
            cpu: (server_after - server_before) * 1e6 / answers,
            database_cpu: (database_after - database_before) * 1e6 / answers,
        })
    }

    /// How many statements one request sends, by the server's own count.
    async fn statements(&self, real: &Server, write: &Rc<Write>, numbers: &Rc<Cell<u64>>) -> Result<f64> {
        let count = || -> Result<u64> {
            let metrics = fetch::ask(real.port, "GET", "/metrics", &[], "")?.good()?.text();
            let line = metrics
                .lines()
                .find_map(|line| line.strip_prefix("guildhall_database_statements_total "));
            Ok(line.context("/metrics counts no statements")?.trim().parse()?)
        };
        let before = count()?;
        let first = numbers.get();
        numbers.set(first + COUNTED);
        load::one_after_another(real.port, write, first..first + COUNTED).await?;
        Ok(float(count()? - before) / float(COUNTED))
    }
}
