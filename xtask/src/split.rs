//! The program in parts: what only some pages need goes into files of its own, which are loaded with those pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};

use crate::linked::{self, Linked};
use crate::snip;

/// The folder for what was split off.
pub const CHUNKS: &str = "chunks";
/// The JavaScript that loads it.
pub const LOADER: &str = "loader.js";
/// Which files a part is made of.
pub const PARTS: &str = "parts.json";

/// Parts with the pages of whoever administers something: what all of them use is not split off.
const CONSOLE: [&str; 3] = ["members", "organizations", "tenant"];
/// Begins the names of functions that are exported only so that they are not split off.
pub const KEPT: &str = "guildhall_kept_";

/// Splits what the linker wrote, and returns the part that every page needs.
pub fn split(linked: &[u8], bound: &Path, release: bool) -> Result<Vec<u8>> {
    let linked = snip::snip(linked)?;
    let linked = keep_together(&linked, bound)?;
    let chunks = bound.join(CHUNKS);
    let (main, parts, files) = transform(&linked, &chunks)?;
    fs::write(bound.join(PARTS), serde_json::to_vec(&parts)?)?;
    fs::rename(chunks.join(LOADER), bound.join(LOADER)).context("the splitter wrote no loader")?;
    if release {
        for path in &files {
            let small = compact(&fs::read(path)?).with_context(|| format!("in {}", path.display()))?;
            fs::write(path, small)?;
        }
    }
    Ok(main)
}

/// The files of each part.
type Parts = BTreeMap<String, Vec<String>>;

/// Splits once: what every page needs, the parts, and the paths of their files.
fn transform(linked: &[u8], chunks: &Path) -> Result<(Vec<u8>, Parts, Vec<PathBuf>)> {
    fs::create_dir_all(chunks).with_context(|| format!("cannot create {}", chunks.display()))?;
    let main = chunks.with_extension("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(linked);
    options.output_dir = chunks;
    options.main_out_path = &main;
    // As the browser finds them: all of these lie in one folder there.
    let link = format!("./{LOADER}");
    options.link_name = &link;
    options.main_module = "./guildhall.js";
    let result = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .context("the client cannot be split; wasm_split_helpers and wasm_split_cli_support must fit")?;
    let parts = result
        .prefetch_map
        .into_iter()
        .map(|(part, files)| (part, files.iter().map(|file| format!("{file}.wasm")).collect()))
        .collect();
    let program = fs::read(&main).with_context(|| format!("nothing was split into {}", main.display()))?;
    Ok((program, parts, result.split_modules))
}

/// Has what all of the [`CONSOLE`]'s parts use stay with the program. It would become files of their own, that are loaded
/// by every page but the first ones, and are larger than as a part of the program.
fn keep_together(linked: &[u8], bound: &Path) -> Result<Vec<u8>> {
    let folder = bound.join("first");
    let (_, parts, _) = transform(linked, &folder)?;
    let mut common: Option<BTreeSet<&String>> = None;
    for part in CONSOLE {
        let files = parts
            .get(part)
            .with_context(|| format!("app/src/pages/parts.rs has no part “{part}” any more"))?;
        let files: BTreeSet<&String> = files.iter().collect();
        common = Some(match common {
            Some(common) => common.intersection(&files).copied().collect(),
            None => files,
        });
    }
    let mut names = BTreeSet::new();
    for file in common.into_iter().flatten() {
        let mut functions = linked::functions_of(&fs::read(folder.join(file))?)?;
        // The splitter's own, one for each function that stands elsewhere.
        functions.retain(|name| !name.ends_with(" indirect_call_shim"));
        names.append(&mut functions);
    }
    let program = Linked::read(linked)?;
    let functions: Vec<usize> = program
        .names
        .iter()
        .filter(|(_, name)| names.contains(*name))
        .map(|(function, _)| *function)
        .collect();
    ensure!(
        functions.len() >= names.len(),
        "the splitter has renamed functions: what the parts have in common cannot be told"
    );
    linked::with_exports(linked, &functions, KEPT)
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
