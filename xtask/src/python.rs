//! Tools that are had from PyPI: each at a fixed version, all in one virtual environment under `target/`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process::{apt_install, clean, find, quiet, target};

/// Installs a package unless this version of it is there, and tells where the Python is that has it.
pub fn library(package: &str, version: &str) -> Result<PathBuf> {
    tool(package, version, "python")
}

/// Installs a package unless this version of it is there, and tells where its program is.
pub fn tool(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let venv = target().join("venv");
    let stamp = venv.join(format!("{package}-{version}"));
    let program = venv.join("bin").join(program);
    if stamp.exists() && program.exists() {
        return Ok(program);
    }
    if !venv.join("bin/pip").exists() {
        create(&venv)?;
    }
    let mut pip = clean(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.arg(format!("{package}=={version}"));
    quiet(
        &format!("pip install {package}"),
        &mut pip,
        Duration::from_secs(600),
        "see the log above; pip must reach its registry",
    )?;
    fs::write(&stamp, "")?;
    if !program.exists() {
        bail!(
            "{package} {version} brought no {}; update the version in xtask",
            program.display()
        );
    }
    Ok(program)
}

fn create(venv: &PathBuf) -> Result<()> {
    let make = |python: &str| {
        let mut command = clean(python);
        command.args(["-m", "venv", "--clear"]).arg(venv);
        quiet(
            "Python's virtual environment",
            &mut command,
            Duration::from_secs(120),
            "install Python 3 with venv",
        )
    };
    if find("python3").is_some() && make("python3").is_ok() {
        return Ok(());
    }
    apt_install(&["python3", "python3-venv"], "tools of the tests come from PyPI")?;
    make("/usr/bin/python3")
}
