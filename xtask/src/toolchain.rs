//! A compiler for the client: one that can link WebAssembly, whatever this machine allows to install.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{clean, find, output_of, quiet, say};
use crate::sysroot;

/// The target of the client.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The compiler that builds the client. It may be another one than the server's.
pub enum Toolchain {
    /// The one that runs xtask.
    Default,
    /// A folder with its own `bin/cargo`, `bin/rustc` and a standard library for WebAssembly.
    Private(PathBuf),
}

impl Toolchain {
    /// The first that works: the toolchain at hand, the same one with the target added by rustup, or Debian's
    /// compiler with a standard library built here once.
    pub fn for_client() -> Result<Self> {
        // For trying Debian's way on a machine that does not need it.
        let debian_only = env::var_os("GUILDHALL_CLIENT_COMPILER").is_some_and(|choice| choice == "debian");
        if !debian_only && Self::Default.links()? {
            return Ok(Self::Default);
        }
        let private = Self::Private(sysroot::folder()?);
        if private.links()? {
            return Ok(private);
        }
        if !debian_only && find("rustup").is_some() {
            let mut add = clean("rustup");
            add.args(["target", "add", WASM]);
            let added = quiet(
                "rustup target add",
                &mut add,
                Duration::from_secs(90),
                "trying Debian's compiler instead",
            );
            match added {
                Ok(()) if Self::Default.links()? => return Ok(Self::Default),
                Ok(()) => say("the target was added, but does not link: trying Debian's compiler instead"),
                Err(error) => say(&error.to_string()),
            }
        }
        if !Path::new("/etc/debian_version").exists() {
            bail!(
                "no compiler for {WASM}: run `rustup target add {WASM}`, or install your system's package \
                 of Rust's standard library for WebAssembly"
            );
        }
        sysroot::build()?;
        if !private.links()? {
            bail!(
                "the standard library that was just built does not link; remove {} and try again",
                sysroot::folder()?.display()
            );
        }
        Ok(private)
    }

    /// `cargo <subcommand>` with this toolchain.
    pub fn cargo(&self, subcommand: &str) -> Command {
        match self {
            Self::Default => crate::process::cargo(subcommand),
            Self::Private(folder) => {
                let mut command = clean(folder.join("bin/cargo"));
                command
                    .arg(subcommand)
                    .env("RUSTC", folder.join("bin/rustc"))
                    .env_remove("RUSTUP_TOOLCHAIN");
                if crate::process::in_ci() {
                    command.arg("--locked");
                }
                command
            }
        }
    }

    /// Whether it really links: a toolchain may list the target without having a standard library or a linker.
    fn links(&self) -> Result<bool> {
        let rustc = match self {
            Self::Default => PathBuf::from("rustc"),
            Self::Private(folder) => folder.join("bin/rustc"),
        };
        let folder = env::temp_dir().join(format!("guildhall-link-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let source = folder.join("probe.rs");
        fs::write(
            &source,
            "#[unsafe(no_mangle)] pub extern \"C\" fn probe() -> usize { Vec::<u8>::new().capacity() }",
        )?;
        let mut command = clean(rustc);
        command.args([
            "--edition",
            "2024",
            "--crate-type",
            "cdylib",
            "--target",
            WASM,
            "-o",
        ]);
        command.arg(folder.join("probe.wasm")).arg(&source);
        let linked = output_of(&mut command).is_some();
        fs::remove_dir_all(&folder)?;
        Ok(linked)
    }
}
