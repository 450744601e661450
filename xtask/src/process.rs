//! Starting programs: timed, with progress while they run and an error that says what to do.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = PathBuf::from(manifest);
    manifest.parent().unwrap_or(&manifest).to_path_buf()
}

/// `target/` of the workspace, where everything that xtask makes lies.
pub fn target() -> PathBuf {
    root().join("target")
}

/// Where cargo puts the server's program.
pub fn server_binary(release: bool) -> PathBuf {
    let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(target, |folder| root().join(folder));
    folder
        .join(if release { "release" } else { "debug" })
        .join("guildhall")
}

/// True on a machine that nobody watches: there, lock files are taken literally.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Says what happens now, with the seconds since the start.
pub fn say(message: &str) {
    static START: OnceLock<Instant> = OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed().as_secs();
    // A closed pipe at the other end is no reason to stop a build.
    let _ = writeln!(std::io::stdout(), "[{elapsed:>4} s] {message}");
}

/// Cargo with the toolchain that runs xtask, and without what `cargo run` left in the environment.
pub fn cargo(subcommand: &str) -> Command {
    let mut command = clean("cargo");
    command.arg(subcommand);
    if in_ci() && subcommand != "fmt" {
        command.arg("--locked");
    }
    command
}

/// A command at the workspace's root that sees the caller's environment rather than xtask's own: what cargo tells
/// a program it runs would make build scripts start again, and lead another compiler to this one's libraries.
pub fn clean(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO"
            || text == "LD_LIBRARY_PATH"
            || text == "RUST_RECURSION_COUNT"
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_PKG_")
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command whose output the reader wants to see.
pub fn loud(what: &str, command: &mut Command, remedy: &str) -> Result<()> {
    say(what);
    let begin = Instant::now();
    let status = command.status().with_context(|| cannot_start(command, remedy))?;
    finished(what, status, begin, remedy)
}

/// Runs a command whose output matters only if it fails; says every 20 seconds that it is still at it, and ends it
/// after `limit`.
pub fn quiet(what: &str, command: &mut Command, limit: Duration, remedy: &str) -> Result<()> {
    let folder = target().join("xtask");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let short = what.split(" (").next().unwrap_or(what);
    let name: String = short
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let path = folder.join(format!("{}.log", name.to_lowercase()));
    let log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;

    say(what);
    let begin = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| cannot_start(command, remedy))?;
    let mut told = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let elapsed = begin.elapsed();
        if elapsed > limit {
            child.kill()?;
            child.wait()?;
            bail!(
                "{what}: ended after {} s without a result; {remedy}",
                limit.as_secs()
            );
        }
        if elapsed.as_secs() / 20 > told {
            told = elapsed.as_secs() / 20;
            say(&format!("{short}: {} s so far", elapsed.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    if !status.success() {
        let log = fs::read(&path).unwrap_or_default();
        eprintln!("{}", last_lines(&String::from_utf8_lossy(&log), 60));
        eprintln!("(the end of {})", path.display());
    }
    finished(what, status, begin, remedy)
}

fn cannot_start(command: &Command, remedy: &str) -> String {
    format!(
        "cannot start {}; {remedy}",
        command.get_program().to_string_lossy()
    )
}

fn finished(what: &str, status: ExitStatus, begin: Instant, remedy: &str) -> Result<()> {
    if !status.success() {
        bail!("{what}: failed ({status}); {remedy}");
    }
    let seconds = begin.elapsed().as_secs();
    if seconds >= 2 {
        say(&format!("{what}: done in {seconds} s"));
    }
    Ok(())
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(count)..)
        .unwrap_or_default()
        .join("\n")
}

/// What a short command prints, or nothing when it fails or does not exist.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The path of a program on `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// Whether xtask runs as root: a container or a CI machine rather than somebody's own.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Installs Debian packages; `why` tells the reader what for.
pub fn apt_install(packages: &[&str], why: &str) -> Result<()> {
    static LISTS_ARE_FRESH: AtomicBool = AtomicBool::new(false);
    let remedy = format!("install {} by hand: {why}", packages.join(", "));
    if find("apt-get").is_none() {
        bail!("this machine has no apt-get; {remedy}");
    }
    if !LISTS_ARE_FRESH.swap(true, Ordering::Relaxed) {
        quiet(
            "apt-get update",
            apt_get().arg("update"),
            Duration::from_secs(300),
            &remedy,
        )?;
    }
    let mut install = apt_get();
    install
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages);
    let what = format!("apt-get install {} ({why})", packages.join(" "));
    quiet(&what, &mut install, Duration::from_secs(900), &remedy)
}

fn apt_get() -> Command {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    // Another apt-get may be at work, such as the machine's own updates.
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["--quiet", "-o", "DPkg::Lock::Timeout=300"]);
    command
}
