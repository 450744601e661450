//! The server's program: built, seeded with a demonstration, started for somebody or for a test.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::postgres::free_port;
use crate::process::{cargo, clean, loud, say, server_binary, target};

/// Builds the server's program.
pub fn build(release: bool) -> Result<()> {
    let mut command = cargo("build");
    command.args(["--package", "server", "--bin", "guildhall"]);
    if release {
        command.arg("--release");
    }
    loud("server", &mut command, "mend what the compiler says above")
}

/// Builds the application whose members sign in with the server.
pub fn build_example() -> Result<()> {
    // Apart from the server, which would be given the features of what both depend on, and be built anew.
    let mut command = cargo("build");
    command.args(["--package", "sign_in"]);
    loud("example", &mut command, "mend what the compiler says above")
}

/// The program with a database, an address and a mail folder inside `folder`.
pub fn program(folder: &Path, port: u16) -> Command {
    let mut command = clean(server_binary(false));
    command.env(
        "GUILDHALL_DATABASE_URL",
        format!("sqlite://{}", folder.join("guildhall.db").display()),
    );
    command.env("GUILDHALL_LISTEN", format!("127.0.0.1:{port}"));
    command.env("GUILDHALL_PUBLIC_URL", format!("http://localhost:{port}"));
    command.env("GUILDHALL_MAIL_DIR", folder.join("mail"));
    command
}

/// Serves a demonstration until it is stopped; `fresh` throws away what was changed in it.
pub fn run(fresh: bool) -> Result<()> {
    const PORT: u16 = 3000;
    let folder = target().join("run");
    if fresh && folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(folder.join("mail")).with_context(|| format!("cannot create {}", folder.display()))?;
    // Who to sign in as is known only when the demonstration is made: keep it for the next time.
    let told = folder.join("demo.txt");
    if !told.exists() {
        fs::write(&told, demo(&folder)?)?;
    }
    println!("{}", fs::read_to_string(&told)?.trim_end());
    say(&format!(
        "open http://localhost:{PORT} (mail goes to {})",
        folder.join("mail").display()
    ));
    // In place of xtask, so that whatever stops this process stops the server.
    let error = program(&folder, PORT).arg("serve").exec();
    Err(error).context("cannot start the server")
}

/// Fills a new database, and returns what the program says about it.
pub fn demo(folder: &Path) -> Result<String> {
    let output = program(folder, 0).arg("demo").stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!(
            "`guildhall demo` failed ({}); see above, or try `cargo xtask run --fresh`",
            output.status
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A server on a new database of its own; dropping it stops it and removes its data.
pub struct Server {
    /// Where it is reached.
    pub url: String,
    /// Its folder, for further commands on its database.
    pub folder: PathBuf,
    port: u16,
    settings: Vec<(&'static str, String)>,
    child: Child,
}

impl Server {
    /// Starts the debug server on a demonstration with these settings, and waits until it answers.
    pub fn start_with(settings: Vec<(&'static str, String)>) -> Result<Self> {
        let port = free_port()?;
        let folder = target().join("xtask/server");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir_all(folder.join("mail"))
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let made = program(&folder, 0)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .arg("demo")
            .stdout(Stdio::null())
            .status()?;
        if !made.success() {
            bail!("`guildhall demo` failed ({made}); see above");
        }
        let log = fs::File::create(folder.join("log"))?;
        let child = program(&folder, port)
            .arg("serve")
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the server")?;
        let mut server = Self {
            url: format!("http://localhost:{port}"),
            folder,
            port,
            settings,
            child,
        };
        let begin = Instant::now();
        while !answers(port) {
            if server.child.try_wait()?.is_some() || begin.elapsed() > Duration::from_secs(30) {
                let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
                bail!("the server does not answer on port {port}; its log:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    /// The program on this server's database.
    pub fn program(&self, port: u16) -> Command {
        let mut command = program(&self.folder, port);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Gets a path with an access token, and returns the answer's body.
    pub fn get(&self, path: &str, token: &str) -> Result<String> {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        ))
    }

    /// Posts a form whose values need no escapes, and returns the answer's body.
    pub fn post_form(&self, path: &str, form: &str) -> Result<String> {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ))
    }

    fn send(&self, request: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer
            .split_once("\r\n\r\n")
            .context("the server's answer has no end of its headers")?;
        Ok(body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whether something speaks HTTP there; an open port alone may not be served yet.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        Ok(&start == b"HTTP/")
    };
    ask().unwrap_or(false)
}
