//! Packages from npm: Tailwind at the root, Playwright in `end2end/`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::files::digest;
use crate::process::{clean, find, quiet};

/// Installs what a folder's `package.json` and lock file name, unless exactly that is installed already.
pub fn install(folder: &Path) -> Result<()> {
    let mut wanted = Vec::new();
    for name in ["package.json", "package-lock.json"] {
        let path = folder.join(name);
        wanted.append(&mut fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    }
    let wanted = digest(&wanted);
    let stamp = folder.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if find("npm").is_none() {
        bail!("npm is missing; install Node.js 20 or newer (on Debian: apt-get install nodejs npm)");
    }
    let mut npm = clean("npm");
    // Not `npm ci`: it refuses a lock file without the other platforms' optional packages, which some registry
    // mirrors do not carry. Not saving keeps the committed lock file as it is. The browser is the system's.
    npm.current_dir(folder).args([
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    let what = if folder.join("playwright.config.ts").exists() {
        "Playwright"
    } else {
        "Tailwind"
    };
    quiet(
        &format!("npm packages for {what}"),
        &mut npm,
        Duration::from_secs(600),
        "see the log above; npm must reach its registry",
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}
