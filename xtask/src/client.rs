//! The client: compiled to WebAssembly, split into parts, and made callable from JavaScript by wasm-bindgen.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::files::{self, digest};
use crate::glue;
use crate::names;
use crate::process::{loud, say, target};
use crate::split;
use crate::toolchain::{Toolchain, WASM};

/// What the browser loads, before it has its final names.
pub struct Client {
    /// The JavaScript that starts the WebAssembly, and loads further parts of it.
    pub glue: Vec<u8>,
    /// What every page needs of the program.
    pub wasm: Vec<u8>,
    /// What only some pages need of it, by file name.
    pub chunks: BTreeMap<String, Vec<u8>>,
    /// Which of these files a part of the program is made of.
    pub parts: BTreeMap<String, Vec<String>>,
    /// JavaScript files of crates, which the glue imports from `./snippets/`.
    pub snippets: BTreeMap<String, Vec<u8>>,
}

/// Builds the client.
pub fn build(release: bool) -> Result<Client> {
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let toolchain = Toolchain::for_client()?;
    // A target folder of its own: in the server's, the two would wait for each other and share nothing.
    let front = target().join("front");
    let mut cargo = toolchain.cargo("rustc");
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
    // The splitter follows the linker's notes on which function uses which.
    cargo
        .arg(&front)
        .args(["--crate-type", "cdylib", "--", "-Clink-args=--emit-relocs"]);
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

/// Splits the program and runs wasm-bindgen, unless exactly this program was seen before, by exactly these tools.
fn bind(compiled: &Path, bound: &Path, release: bool) -> Result<()> {
    let bytes = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let stamp = bound.join("input");
    let tools = env::current_exe().and_then(fs::read).unwrap_or_default();
    let seen = format!("{} {}", digest(&bytes), digest(&tools));
    if fs::read_to_string(&stamp).is_ok_and(|last| last == seen) {
        return Ok(());
    }
    if bound.exists() {
        fs::remove_dir_all(bound).with_context(|| format!("cannot remove {}", bound.display()))?;
    }
    say("splitting, wasm-bindgen");
    let main = split::split(&bytes, bound, release)?;
    let mut bindgen = Bindgen::new();
    // The page names the program, for its name carries a hash that the glue cannot know. The parts use what the linker
    // exported, by the linker's names.
    bindgen
        .input_bytes("guildhall", main)
        .omit_default_module_path(true)
        .typescript(false)
        .keep_lld_exports(true)
        .demangle(false);
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
    let (glue, program) = (bound.join("guildhall.js"), bound.join("guildhall_bg.wasm"));
    let loader = fs::read_to_string(bound.join(split::LOADER))?;
    let mut text = glue::joined(&fs::read_to_string(&glue)?, &loader)?;
    if release {
        let (short, wasm) = names::shorten(&text, &fs::read(&program)?)?;
        text = glue::bare(&short);
        fs::write(program, wasm)?;
    }
    fs::write(glue, text)?;
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
        chunks: files::read_all(&bound.join(split::CHUNKS))?,
        parts: serde_json::from_slice(&open(split::PARTS)?)?,
        snippets: if snippets.exists() {
            files::read_all(&snippets)?
        } else {
            BTreeMap::new()
        },
    })
}
