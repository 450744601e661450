//! Debian's Rust compiler with a standard library for WebAssembly, built once and kept for every checkout.

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{apt_install, output_of, quiet};
use crate::toolchain::WASM;

/// Debian keeps this compiler current for its browsers.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// The manifest of a crate that does nothing: the standard library is what its build leaves behind.
const MANIFEST: &str = r#"[package]
name = "sysroot-build"
version = "0.0.0"
edition = "2021"

[lib]

[profile.release]
opt-level = 3
debug = false
codegen-units = 1
panic = "abort"

[workspace]
"#;

/// Where the private toolchain lies.
pub fn folder() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("GUILDHALL_WASM_TOOLCHAIN") {
        return Ok(folder.into());
    }
    let cache = match env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set; set it")?).join(".cache"),
    };
    Ok(cache.join("guildhall/wasm-toolchain"))
}

/// Installs the compiler, builds the standard library and puts both together.
pub fn build() -> Result<()> {
    apt_install(&PACKAGES, "a compiler for the client")?;
    let work = env::temp_dir().join(format!("guildhall-sysroot-{}", std::process::id()));
    let result = compile(&work).and_then(|()| lay_out(&work));
    // The work folder is of no use any more, whatever came of it.
    let _ = fs::remove_dir_all(&work);
    result
}

fn compile(work: &Path) -> Result<()> {
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "")?;
    fs::write(work.join("Cargo.toml"), MANIFEST)?;
    let mut command = Command::new("/usr/bin/cargo");
    command
        .current_dir(work)
        .args(["build", "--release", "--target", WASM]);
    command
        .arg("-Zbuild-std=std,panic_abort,proc_macro,test")
        .arg("--target-dir")
        .arg(work.join("target"));
    // Nothing of the caller's Rust: neither rustup's shims nor flags that are meant for the project.
    for name in [
        "CARGO",
        "RUSTC",
        "RUSTUP_TOOLCHAIN",
        "RUSTFLAGS",
        "RUSTC_WRAPPER",
        "LD_LIBRARY_PATH",
    ] {
        command.env_remove(name);
    }
    for name in [
        "CARGO_BUILD_TARGET",
        "CARGO_TARGET_DIR",
        "CARGO_BUILD_RUSTC_WRAPPER",
    ] {
        command.env_remove(name);
    }
    command.env("PATH", "/usr/bin:/bin").env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes");
    quiet(
        "Rust's standard library for WebAssembly (once)",
        &mut command,
        Duration::from_secs(1200),
        "see the log above; it needs crates.io and the packages rustc-web, cargo-web, rust-web-src and lld-22",
    )
}

/// A folder that looks like a toolchain: the new library, and links to Debian's compiler for the rest.
fn lay_out(work: &Path) -> Result<()> {
    let destination = folder()?;
    let draft = destination.with_extension(format!("{}", std::process::id()));
    let host = host()?;
    let rustlib = draft.join("lib/rustlib");
    let library = rustlib.join(WASM).join("lib");
    for folder in [&library, &rustlib.join(&host).join("bin"), &draft.join("bin")] {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    for entry in fs::read_dir(work.join("target").join(WASM).join("release/deps"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libsysroot_build") {
            fs::copy(&path, library.join(&name))?;
        }
    }
    let debian = Path::new("/usr/lib/rustlib");
    symlink(debian.join(&host).join("lib"), rustlib.join(&host).join("lib"))?;
    symlink(debian.join("src"), rustlib.join("src"))?;
    symlink(linker()?, rustlib.join(&host).join("bin/rust-lld"))?;
    symlink("/usr/bin/cargo", draft.join("bin/cargo"))?;
    let rustc = draft.join("bin/rustc");
    let script = format!(
        "#!/bin/sh\nexec /usr/bin/rustc --sysroot '{}' \"$@\"\n",
        destination.display()
    );
    fs::write(&rustc, script)?;
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755))?;

    if destination.exists() {
        fs::remove_dir_all(&destination)?;
    }
    fs::rename(&draft, &destination).with_context(|| format!("cannot write {}", destination.display()))
}

fn host() -> Result<String> {
    let version =
        output_of(Command::new("/usr/bin/rustc").arg("-vV")).context("Debian's rustc does not run")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("Debian's rustc does not tell its host")?.to_owned())
}

/// The newest lld of Debian's LLVM packages.
fn linker() -> Result<PathBuf> {
    let mut newest: Option<(u32, PathBuf)> = None;
    for entry in fs::read_dir("/usr/lib").context("cannot read /usr/lib")? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let version = name
            .strip_prefix("llvm-")
            .and_then(|version| version.parse::<u32>().ok());
        let lld = path.join("bin/lld");
        if let Some(version) = version
            && lld.exists()
            && newest.as_ref().is_none_or(|(best, _)| version > *best)
        {
            newest = Some((version, lld));
        }
    }
    match newest {
        Some((_, lld)) => Ok(lld),
        None => bail!("no lld under /usr/lib/llvm-*; run `apt-get install lld-22`"),
    }
}
