//! A PostgreSQL server of our own: on a free port, in a temporary folder, gone when xtask is gone.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{apt_install, clean, find, is_root, output_of, say};

/// Starts the server, and stops it when its input closes: that happens however xtask ends, Ctrl-C and a crash
/// included. `$1` is the folder of the programs, `$2` the folder to make, `$3` the port; what follows are settings.
const SCRIPT: &str = r#"
umask 077
programs=$1 folder=$2 port=$3
shift 3
mkdir "$folder" || exit 1
trap 'rm -rf "$folder"' EXIT
if ! "$programs/initdb" -D "$folder/data" -U guildhall --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1
then cat "$folder/log" >&2; exit 1; fi
"$programs/postgres" -D "$folder/data" -h 127.0.0.1 -p "$port" -k "$folder" -c max_connections=200 "$@" \
    >"$folder/log" 2>&1 </dev/null &
until grep -qs ready "$folder/data/postmaster.pid"; do
    if ! kill -0 $! 2>/dev/null; then cat "$folder/log" >&2; exit 1; fi
    sleep 0.1
done
echo ready
cat >/dev/null
kill -INT $!
wait $!
"#;

/// What a server may leave out whose data is thrown away after the tests.
const FORGETFUL: [&str; 6] = [
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
];

/// A running server; dropping it stops it and removes its data.
pub struct Postgres {
    /// Where it is reached, as a superuser who may create databases.
    pub url: String,
    guard: Child,
}

impl Postgres {
    /// Starts a server for tests: fast, and its data does not survive a power cut.
    pub fn start() -> Result<Self> {
        Self::start_with(&FORGETFUL)
    }

    /// Starts a server with the settings that PostgreSQL has by itself: a commit that was answered is on the disk.
    pub fn start_durable() -> Result<Self> {
        Self::start_with(&[])
    }

    /// Starts a server, and installs PostgreSQL where it is missing.
    fn start_with(settings: &[&str]) -> Result<Self> {
        let programs = match programs() {
            Some(programs) => programs,
            None => {
                apt_install(&["postgresql"], "the tests run on both databases")?;
                programs().context("PostgreSQL was installed, but initdb is not under /usr/lib/postgresql")?
            }
        };
        let mut last = None;
        // Somebody else may take the free port first.
        for _ in 0..3 {
            match Self::start_on(&programs, free_port()?, settings) {
                Ok(postgres) => return Ok(postgres),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("PostgreSQL did not start")?)
    }

    fn start_on(programs: &Path, port: u16, settings: &[&str]) -> Result<Self> {
        let folder = env::temp_dir().join(format!("guildhall-postgres-{}-{port}", std::process::id()));
        let mut command = clean("sh");
        command
            .arg("-c")
            .arg(SCRIPT)
            .arg("postgres")
            .arg(programs)
            .arg(&folder)
            .arg(port.to_string())
            .args(settings);
        // A group of its own: Ctrl-C is for xtask, and the script still has to clean up.
        command
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if is_root() {
            // PostgreSQL refuses to run as root; its package brings a user.
            command.uid(id("-u")?).gid(id("-g")?);
        }
        let mut guard = command.spawn().context("cannot start a shell for PostgreSQL")?;
        let mut line = String::new();
        if let Some(output) = guard.stdout.as_mut() {
            BufReader::new(output).read_line(&mut line)?;
        }
        if line.trim() != "ready" {
            guard.wait()?;
            bail!("PostgreSQL does not start; its log is above");
        }
        say(&format!("PostgreSQL of {} on port {port}", programs.display()));
        Ok(Self {
            url: format!("postgres://guildhall@127.0.0.1:{port}/postgres"),
            guard,
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// The folder of the newest PostgreSQL's programs.
fn programs() -> Option<PathBuf> {
    let mut newest: Option<(u32, PathBuf)> = None;
    for entry in fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
    {
        let version = entry.file_name().to_string_lossy().parse::<u32>().ok();
        let programs = entry.path().join("bin");
        if let Some(version) = version
            && programs.join("initdb").exists()
            && newest.as_ref().is_none_or(|(best, _)| version > *best)
        {
            newest = Some((version, programs));
        }
    }
    let elsewhere = || {
        fs::canonicalize(find("initdb")?)
            .ok()?
            .parent()
            .map(Path::to_path_buf)
    };
    newest.map(|(_, programs)| programs).or_else(elsewhere)
}

fn id(option: &str) -> Result<u32> {
    let id = output_of(Command::new("id").args([option, "postgres"]));
    let id = id.and_then(|id| id.trim().parse().ok());
    id.context("there is no user `postgres`; run the tests as somebody else than root, or create that user")
}
