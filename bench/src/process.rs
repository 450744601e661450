//! Servers as processes: started, watched through `/proc`, ended.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::fetch;
use crate::figures::float;

/// What `/proc` counts a second of CPU in: Linux has shown hundredths for as long as it has had `/proc`.
const TICKS: f64 = 100.0;

/// A running server; dropping it ends it.
pub struct Server {
    pub port: u16,
    pub pid: u32,
    /// From the start of the process to its first answer.
    pub start: Duration,
    child: Child,
}

impl Server {
    /// Starts a server and waits until it answers `/healthz`.
    pub fn start(mut command: Command, port: u16, log: &Path) -> Result<Server> {
        let log_file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let begin = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut server = Server {
            port,
            pid: child.id(),
            start: Duration::ZERO,
            child,
        };
        while fetch::ask(port, "GET", "/healthz", &[], "").is_err() {
            if server.child.try_wait()?.is_some() || begin.elapsed() > Duration::from_secs(30) {
                let told = fs::read_to_string(log).unwrap_or_default();
                bail!("a server does not answer on port {port}; its log:\n{told}");
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        server.start = begin.elapsed();
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// Seconds of CPU that a process has used so far, all its threads together.
pub fn cpu(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything; the state comes after it.
    let (_, fields) = stat.rsplit_once(')').context("an odd /proc/…/stat")?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|field| field.parse::<u64>().ok());
    let (user, system) = (ticks().context("no utime")?, ticks().context("no stime")?);
    Ok(float(user + system) / TICKS)
}

/// Seconds of CPU of a process and of those that it started.
pub fn cpu_of_family(parent: u32) -> Result<f64> {
    let mut sum = cpu(parent)?;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let of_parent = fs::read_to_string(format!("/proc/{pid}/stat"))
            .ok()
            .and_then(|stat| stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok())
            == Some(parent);
        if of_parent {
            // It may have ended since.
            sum += cpu(pid).unwrap_or_default();
        }
    }
    Ok(sum)
}

/// Resident memory in MB (of 1024 × 1024 bytes): now, and the most that it ever was.
pub fn memory(pid: u32) -> Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| -> Option<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
        Some(float(kilobytes) / 1024.0)
    };
    field("VmRSS:")
        .zip(field("VmHWM:"))
        .context("no VmRSS in /proc/…/status")
}
