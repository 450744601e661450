//! The client: compiled to WebAssembly, and made callable from JavaScript by wasm-bindgen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::files::{self, digest};
use crate::process::{loud, say, target};
use crate::toolchain::{Toolchain, WASM};

/// What the browser loads, before it has its final names.
pub struct Client {
    /// The JavaScript that starts the WebAssembly.
    pub glue: Vec<u8>,
    /// The program.
    pub wasm: Vec<u8>,
    /// JavaScript files of crates, which the glue imports from `./snippets/`.
    pub snippets: BTreeMap<String, Vec<u8>>,
}

/// Builds the client.
pub fn build(release: bool) -> Result<Client> {
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let toolchain = Toolchain::for_client()?;
    // A target folder of its own: in the server's, the two would wait for each other and share nothing.
    let front = target().join("front");
    let mut cargo = toolchain.cargo("build");
    cargo.args([
        "--package",
        "frontend",
        "--lib",
        "--target",
        WASM,
        "--profile",
        profile,
        "--target-dir",
    ]);
    cargo.arg(&front);
    loud(
        &format!("client ({profile})"),
        &mut cargo,
        "mend what the compiler says above",
    )?;

    let compiled = front.join(WASM).join(profile).join("frontend.wasm");
    let bound = front.join("bound").join(profile);
    bind(&compiled, &bound, release)?;
    read(&bound)
}

/// Runs wasm-bindgen unless it has seen exactly this program before.
fn bind(compiled: &Path, bound: &Path, release: bool) -> Result<()> {
    let bytes = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let stamp = bound.join("input");
    let seen = digest(&bytes);
    if fs::read_to_string(&stamp).is_ok_and(|last| last == seen) {
        return Ok(());
    }
    say("wasm-bindgen");
    if bound.exists() {
        fs::remove_dir_all(bound).with_context(|| format!("cannot remove {}", bound.display()))?;
    }
    let mut bindgen = Bindgen::new();
    // The page names the program, for its name carries a hash that the glue cannot know.
    bindgen
        .input_bytes("guildhall", bytes)
        .omit_default_module_path(true)
        .typescript(false);
    bindgen
        .remove_name_section(release)
        .remove_producers_section(release);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(bound))
        .map_err(|error| anyhow!("{error:#}"))
        .context(
            "wasm-bindgen failed; the versions of wasm-bindgen and wasm-bindgen-cli-support must be equal",
        )?;
    fs::write(&stamp, seen)?;
    Ok(())
}

fn read(bound: &Path) -> Result<Client> {
    let open = |name: &str| -> Result<Vec<u8>> {
        let path: PathBuf = bound.join(name);
        fs::read(&path).with_context(|| format!("wasm-bindgen wrote no {}", path.display()))
    };
    let snippets = bound.join("snippets");
    Ok(Client {
        glue: open("guildhall.js")?,
        wasm: open("guildhall_bg.wasm")?,
        snippets: if snippets.exists() {
            files::read_all(&snippets)?
        } else {
            BTreeMap::new()
        },
    })
}
