//! The program in parts: what only some pages need goes into files of its own, which are loaded with those pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::snip;

/// The folder for what was split off.
pub const CHUNKS: &str = "chunks";
/// The JavaScript that loads it.
pub const LOADER: &str = "loader.js";
/// Which files a part is made of.
pub const PARTS: &str = "parts.json";

/// Splits what the linker wrote, and returns the part that every page needs.
pub fn split(linked: &[u8], bound: &Path, release: bool) -> Result<Vec<u8>> {
    let chunks = bound.join(CHUNKS);
    fs::create_dir_all(&chunks).with_context(|| format!("cannot create {}", chunks.display()))?;
    let linked = snip::snip(linked)?;
    let main = bound.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&linked);
    options.output_dir = &chunks;
    options.main_out_path = &main;
    // As the browser finds them: all of these lie in one folder there.
    let link = format!("./{LOADER}");
    options.link_name = &link;
    options.main_module = "./guildhall.js";
    let result = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .context("the client cannot be split; wasm_split_helpers and wasm_split_cli_support must fit")?;
    let parts: BTreeMap<&String, Vec<String>> = result
        .prefetch_map
        .iter()
        .map(|(part, files)| (part, files.iter().map(|file| format!("{file}.wasm")).collect()))
        .collect();
    fs::write(bound.join(PARTS), serde_json::to_vec(&parts)?)?;
    fs::rename(chunks.join(LOADER), bound.join(LOADER)).context("the splitter wrote no loader")?;
    if release {
        for path in &result.split_modules {
            let small = compact(&fs::read(path)?).with_context(|| format!("in {}", path.display()))?;
            fs::write(path, small)?;
        }
    }
    fs::read(&main).with_context(|| format!("nothing was split into {}", main.display()))
}

/// Writes a module anew: the linker leaves room in each number for the largest one, and names are for debuggers.
fn compact(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut config = walrus::ModuleConfig::new();
    config
        .generate_name_section(false)
        .generate_producers_section(false);
    let mut module = config.parse(wasm)?;
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in customs {
        module.customs.delete(id);
    }
    Ok(module.emit_wasm())
}
