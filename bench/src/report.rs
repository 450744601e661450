//! The report: tables in Markdown, and each goal with what was measured.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::figures::{float, median};
use crate::plan::{
    BINARY_MB, CASES, DISTURBANCE, Engine, FIRST_LOAD_KB, GOALS, IDLE_MB, LOADED_MB, OTHER_API, PAGE,
    PAGE_GROWTH, Pace, SIGN_INS, SMALL_PAGE, START_MS,
};
use crate::sign_ins::SignIns;

/// One measurement of one server.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    pub rps: f64,
    /// Microseconds.
    pub p50: u32,
    /// Microseconds.
    pub p99: u32,
    /// Microseconds of the server's CPU for each request.
    pub cpu: f64,
    /// Microseconds of PostgreSQL's CPU for each request.
    pub database_cpu: f64,
}

/// One kind of request at one number of connections: what each round gave for the real and the bare server.
pub struct Cell {
    pub key: &'static str,
    pub connections: usize,
    pub rounds: Vec<(Measured, Measured)>,
}

impl Cell {
    fn real(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        median(self.rounds.iter().map(|(real, _)| of(real)))
    }

    fn bare(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        median(self.rounds.iter().map(|(_, bare)| of(bare)))
    }

    /// The median of the rounds' ratios: what one round has in common, such as a busy machine, cancels out.
    fn ratio(&self) -> f64 {
        median(self.rounds.iter().map(|(real, bare)| real.rps / bare.rps))
    }

    /// In one line, while the run goes on.
    pub fn line(&self) -> String {
        format!(
            "{:<11} {:>3} connections: {:>6.0}/s, bare {:>6.0}/s, ratio {:.2}; CPU {:.0} µs, bare {:.0} µs",
            self.key,
            self.connections,
            self.real(|m| m.rps),
            self.bare(|m| m.rps),
            self.ratio(),
            self.real(|m| m.cpu),
            self.bare(|m| m.cpu),
        )
    }
}

/// What was measured on one database.
pub struct OnEngine {
    pub engine: Engine,
    pub start_ms: f64,
    pub idle_mb: f64,
    pub loaded_mb: f64,
    pub bare_idle_mb: f64,
    pub bare_loaded_mb: f64,
    /// By the case's key.
    pub statements: Vec<(&'static str, f64)>,
    pub cells: Vec<Cell>,
    /// The page of the Auth0-compatible API and the native one, in turns at 32 connections.
    pub beside_native: Vec<(Measured, Measured)>,
    pub sign_ins: Option<SignIns>,
}

impl OnEngine {
    fn cell(&self, key: &str, connections: usize) -> Option<&Cell> {
        self.cells
            .iter()
            .find(|cell| cell.key == key && cell.connections == connections)
    }
}

/// The files that the members page loads, with their bytes on the wire.
#[derive(Debug, Default)]
pub struct FirstLoad {
    pub files: Vec<(String, u64)>,
}

impl FirstLoad {
    fn kb(&self) -> f64 {
        float(self.files.iter().map(|(_, size)| size).sum()) / 1024.0
    }
}

/// Everything.
pub struct Whole {
    pub machine: String,
    pub quick: bool,
    pub pace: Pace,
    pub binary_mb: f64,
    pub first_load: Option<FirstLoad>,
    pub engines: Vec<OnEngine>,
}

/// What it was measured on.
pub fn machine() -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let said = |program: &str, word: &str| {
        let output = Command::new(program).arg(word).output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    };
    let cpuinfo = file("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("", |(_, model)| model.trim());
    let memory = file("/proc/meminfo");
    let memory: u64 = memory
        .lines()
        .find_map(|line| {
            line.strip_prefix("MemTotal:")?
                .trim()
                .strip_suffix(" kB")?
                .trim()
                .parse()
                .ok()
        })
        .unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{cores} cores ({model}), {:.0} GB of memory, Linux {}, {}",
        float(memory) / 1024.0 / 1024.0,
        file("/proc/sys/kernel/osrelease").trim(),
        said("rustc", "--version"),
    )
}

/// A goal, what came of it, and whether it was reached.
struct Verdict {
    what: String,
    wanted: String,
    measured: String,
    reached: bool,
}

/// The report.
pub fn markdown(whole: &Whole) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_all(&mut text, whole);
    text
}

fn write_all(text: &mut String, whole: &Whole) -> std::fmt::Result {
    writeln!(text, "Measured on {}.", whole.machine)?;
    if whole.quick {
        writeln!(
            text,
            "\nA quick run, one short round: it shows that everything works, not how fast it is."
        )?;
    }
    writeln!(
        text,
        "Each measurement takes {} s after {} s of warming up; {} rounds where a goal is at stake, {} elsewhere.",
        whole.pace.measure.as_secs_f64(),
        whole.pace.warm.as_secs_f64(),
        whole.pace.rounds,
        whole.pace.other_rounds
    )?;
    writeln!(
        text,
        "\n### Goals\n\n| goal | wanted | measured | |\n|---|---|---|---|"
    )?;
    for verdict in verdicts(whole) {
        let mark = if verdict.reached {
            "reached"
        } else {
            "**falls short**"
        };
        writeln!(
            text,
            "| {} | {} | {} | {mark} |",
            verdict.what, verdict.wanted, verdict.measured
        )?;
    }
    for engine in &whole.engines {
        write_engine(text, engine)?;
    }
    if let Some(load) = &whole.first_load {
        writeln!(
            text,
            "\n### First load of the members page\n\n| file | bytes, headers included |\n|---|---|"
        )?;
        for (path, size) in &load.files {
            writeln!(text, "| `{}` | {size} |", named_without_digest(path))?;
        }
        writeln!(text, "| all | {:.1} KB |", load.kb())?;
    }
    Ok(())
}

/// The hash in a name changes with every build and says nothing here; nor does the organization's id.
fn named_without_digest(path: &str) -> String {
    if path.starts_with("/admin/organizations/") {
        return "/admin/organizations/…/members".to_owned();
    }
    let is_digest = |part: &&str| part.len() == 16 && part.chars().all(|c| c.is_ascii_hexdigit());
    path.split_inclusive(['.', '/'])
        .map(|part| {
            let (text, end) = part.split_at(part.trim_end_matches(['.', '/']).len());
            if is_digest(&text) {
                format!("…{end}")
            } else {
                part.to_owned()
            }
        })
        .collect()
}

fn verdicts(whole: &Whole) -> Vec<Verdict> {
    let mut all = Vec::new();
    for goal in &GOALS {
        let engine = whole
            .engines
            .iter()
            .find(|measured| measured.engine == goal.engine);
        let Some(cell) = engine.and_then(|measured| measured.cell(goal.key, goal.connections)) else {
            continue;
        };
        let title = CASES
            .iter()
            .find(|case| case.key == goal.key)
            .map_or(goal.key, |case| case.title);
        all.push(Verdict {
            what: format!(
                "{title}, {}, {} connections",
                goal.engine.name(),
                goal.connections
            ),
            wanted: format!("≥ {} of bare", goal.at_least),
            measured: format!("{:.2}", cell.ratio()),
            reached: cell.ratio() >= goal.at_least,
        });
    }
    for engine in &whole.engines {
        if let Some(sign_ins) = &engine.sign_ins {
            all.push(Verdict {
                what: format!("hosted sign-ins, {}", engine.engine.name()),
                wanted: format!("≥ {SIGN_INS} of argon2id alone"),
                measured: format!("{:.2}", sign_ins.ratio()),
                reached: sign_ins.ratio() >= SIGN_INS,
            });
        }
    }
    let mut at_most = |what: String, limit: f64, unit: &str, measured: f64| {
        all.push(Verdict {
            what,
            wanted: format!("≤ {limit}{unit}"),
            measured: format!("{measured:.*}{unit}", if unit.is_empty() { 2 } else { 1 }),
            reached: measured <= limit,
        });
    };
    for engine in &whole.engines {
        let name = engine.engine.name();
        if let (Some(large), Some(small)) = (engine.cell(PAGE, 32), engine.cell(SMALL_PAGE, 32)) {
            // By paired rounds, as everywhere: time a page at 100,000 over time a page at 1,000.
            let pairs = large.rounds.iter().zip(&small.rounds);
            let growth = median(pairs.map(|((large, _), (small, _))| small.rps / large.rps));
            at_most(
                format!("page of 50 at 100,000 members against 1,000, {name}"),
                PAGE_GROWTH,
                "",
                growth,
            );
        }
        if !engine.beside_native.is_empty() {
            let pairs = engine.beside_native.iter();
            let longer = median(pairs.map(|(other, native)| native.rps / other.rps));
            at_most(
                format!("page of 50 of the Auth0-compatible API against the native one, {name}"),
                OTHER_API,
                "",
                longer,
            );
        }
        at_most(
            format!("start to first answer, {name}"),
            START_MS,
            " ms",
            engine.start_ms,
        );
        if let Some(sign_ins) = &engine.sign_ins {
            at_most(
                format!("p99 of reads during a storm of sign-ins against calm ones, {name}"),
                DISTURBANCE,
                "",
                sign_ins.disturbance(),
            );
        }
        at_most(format!("memory idle, {name}"), IDLE_MB, " MB", engine.idle_mb);
        if !engine.cells.is_empty() {
            at_most(
                format!("memory under load, {name}"),
                LOADED_MB,
                " MB",
                engine.loaded_mb,
            );
        }
    }
    if let Some(load) = &whole.first_load {
        at_most(
            "first load of the members page".to_owned(),
            FIRST_LOAD_KB,
            " KB",
            load.kb(),
        );
    }
    at_most("the program".to_owned(), BINARY_MB, " MB", whole.binary_mb);
    all
}

fn write_engine(text: &mut String, measured: &OnEngine) -> std::fmt::Result {
    let with_database = measured.engine == Engine::Postgres;
    writeln!(text, "\n### {}\n", measured.engine.name())?;
    write!(
        text,
        "| request | connections | requests/s | bare | ratio | p50 / p99 ms | bare p50 / p99 | CPU µs | bare CPU |"
    )?;
    writeln!(
        text,
        "{}\n|---|---|---|---|---|---|---|---|---|{}",
        if with_database {
            " PostgreSQL's CPU µs | bare |"
        } else {
            ""
        },
        if with_database { "---|---|" } else { "" }
    )?;
    for case in &CASES {
        for cell in measured.cells.iter().filter(|cell| cell.key == case.key) {
            let latency = |p50: f64, p99: f64| format!("{:.2} / {:.2}", p50 / 1000.0, p99 / 1000.0);
            let (p50, p99) = (|m: &Measured| f64::from(m.p50), |m: &Measured| f64::from(m.p99));
            write!(
                text,
                "| {} | {} | {:.0} | {:.0} | {:.2} | {} | {} | {:.0} | {:.0} |",
                case.title,
                cell.connections,
                cell.real(|m| m.rps),
                cell.bare(|m| m.rps),
                cell.ratio(),
                latency(cell.real(p50), cell.real(p99)),
                latency(cell.bare(p50), cell.bare(p99)),
                cell.real(|m| m.cpu),
                cell.bare(|m| m.cpu),
            )?;
            if with_database {
                let cpu = |m: &Measured| m.database_cpu;
                write!(text, " {:.0} | {:.0} |", cell.real(cpu), cell.bare(cpu))?;
            }
            writeln!(text)?;
        }
    }
    writeln!(
        text,
        "\nMemory (MB): idle {:.1}, at most {:.1} under load; the bare server {:.1} and {:.1}. Start to first answer: {:.0} ms.",
        measured.idle_mb,
        measured.loaded_mb,
        measured.bare_idle_mb,
        measured.bare_loaded_mb,
        measured.start_ms
    )?;
    if let Some(sign_ins) = &measured.sign_ins {
        writeln!(text, "\nHosted {}.", sign_ins.line())?;
    }
    writeln!(text, "\n| request | statements |\n|---|---|")?;
    for (key, statements) in &measured.statements {
        let title = CASES
            .iter()
            .find(|case| case.key == *key)
            .map_or(*key, |case| case.title);
        writeln!(text, "| {title} | {statements:.1} |")?;
    }
    Ok(())
}
