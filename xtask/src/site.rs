//! The folder `target/site`: what the server hands out besides pages, under names that change with the content.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::client::{self, Client};
use crate::files::{digest, read_all, short_digest, write_all, write_if_changed};
use crate::npm;
use crate::process::{quiet, root, say, target};

/// What the server reads to know the names of all else.
const MANIFEST: &str = "pkg/manifest.json";
/// The part with the page by which the size of a first visit is measured: the members of an organization.
const MEASURED: &str = "members";
/// What its files may have in bytes, compressed. The aim is 290 KB, which with the page itself would be 300; this is what
/// has been reached, so that it does not grow meanwhile.
const BUDGET: usize = 322_000;

/// The names of what a page loads, as browsers ask for them.
#[derive(Serialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    /// The files of each part of the program.
    parts: BTreeMap<String, Vec<String>>,
}

/// Where the site lies: read by a debug server as it is, embedded into a release server.
pub fn folder() -> PathBuf {
    target().join("site")
}

/// Builds the client and the style sheet and puts the site together.
pub fn build(release: bool) -> Result<()> {
    npm::install(&root())?;
    let client = client::build(release)?;
    let css = style(release)?;
    let public = root().join("public");
    let mut site = if public.exists() {
        read_all(&public)?
    } else {
        BTreeMap::new()
    };
    let manifest = assemble(&mut site, client, css)?;
    if release {
        compress(&mut site)?;
    }
    write_all(&folder(), &site)?;

    // The server's build script watches this one file: it changes exactly when something must be embedded anew.
    let mut parts = String::new();
    for (name, bytes) in &site {
        parts.push_str(&format!("{name} {}\n", digest(bytes)));
    }
    write_if_changed(&target().join("site.digest"), digest(parts.as_bytes()).as_bytes())?;
    report(&site, &manifest, release)
}

/// Runs Tailwind, which looks for class names in the sources of the client.
fn style(release: bool) -> Result<Vec<u8>> {
    let sheet = target().join("front/guildhall.css");
    let mut command = crate::process::clean(root().join("node_modules/.bin/tailwindcss"));
    command
        .args(["--input", "style/main.css", "--output"])
        .arg(&sheet);
    if release {
        command.arg("--minify");
    }
    quiet(
        "Tailwind",
        &mut command,
        Duration::from_secs(120),
        "mend style/main.css or what it imports",
    )?;
    fs::read(&sheet).with_context(|| format!("Tailwind wrote no {}", sheet.display()))
}

/// Gives every file its name. Names carry a hash of the content, so that browsers may keep the files for ever.
fn assemble(site: &mut BTreeMap<String, Vec<u8>>, client: Client, css: Vec<u8>) -> Result<Manifest> {
    // The files of the client name each other: all go into one folder, which is named by all of them.
    let mut files = client.chunks;
    files.insert("guildhall.js".to_owned(), client.glue);
    files.insert("guildhall.wasm".to_owned(), client.wasm);
    for (name, bytes) in client.snippets {
        files.insert(format!("snippets/{name}"), bytes);
    }
    let mut whole = Vec::new();
    for (name, bytes) in &files {
        whole.extend(name.as_bytes());
        whole.extend(digest(bytes).as_bytes());
    }
    let folder = format!("pkg/{}", short_digest(&whole));
    for (name, bytes) in files {
        site.insert(format!("{folder}/{name}"), bytes);
    }
    let style = format!("pkg/guildhall.{}.css", short_digest(&css));
    let manifest = Manifest {
        js: format!("/{folder}/guildhall.js"),
        wasm: format!("/{folder}/guildhall.wasm"),
        css: format!("/{style}"),
        parts: client
            .parts
            .into_iter()
            .map(|(part, files)| {
                let paths = files.iter().map(|file| format!("/{folder}/{file}"));
                (part, paths.collect())
            })
            .collect(),
    };
    site.insert(style, css);
    site.insert(MANIFEST.to_owned(), serde_json::to_vec(&manifest)?);
    Ok(manifest)
}

/// Puts `.br` in the place of what it makes smaller: the server unpacks it for the rare client that cannot. What an
/// earlier build compressed from the same content is taken over, for the best compression is slow.
fn compress(site: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let old = if folder().exists() {
        read_all(&folder())?
    } else {
        BTreeMap::new()
    };
    for (name, bytes) in std::mem::take(site) {
        if !is_compressible(&name) {
            site.insert(name, bytes);
            continue;
        }
        let path = format!("{name}.br");
        let small = match old.get(&path) {
            Some(small) if unpacked(small).is_ok_and(|plain| plain == bytes) => small.clone(),
            _ => {
                if bytes.len() > 100_000 {
                    say(&format!("compressing {path}"));
                }
                brotli(&bytes)?
            }
        };
        if small.len() < bytes.len() {
            site.insert(path, small);
        } else {
            site.insert(name, bytes);
        }
    }
    Ok(())
}

fn is_compressible(name: &str) -> bool {
    // The manifest is for the server, which reads it as it is.
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    name != MANIFEST
        && [
            "css",
            "html",
            "ico",
            "js",
            "json",
            "map",
            "svg",
            "txt",
            "wasm",
            "webmanifest",
            "xml",
        ]
        .contains(&extension)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut result = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut result, &parameters).context("brotli failed")?;
    Ok(result)
}

fn unpacked(small: &[u8]) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &*small, &mut plain).context("not compressed by brotli")?;
    Ok(plain)
}

/// One line about what a visitor downloads; a release that has grown too large is none.
fn report(site: &BTreeMap<String, Vec<u8>>, manifest: &Manifest, release: bool) -> Result<()> {
    let size = |path: &String| {
        let name = path.trim_start_matches('/');
        let small = site.get(&format!("{name}.br")).or_else(|| site.get(name));
        small
            .map(Vec::len)
            .with_context(|| format!("the site has no {path}"))
    };
    let members = manifest
        .parts
        .get(MEASURED)
        .context("no page is in the part that is measured")?;
    let mut first = 0;
    for path in [&manifest.js, &manifest.wasm, &manifest.css]
        .into_iter()
        .chain(members)
    {
        first += size(path)?;
    }
    let whole: usize = site
        .iter()
        .filter(|(name, _)| name.ends_with(".wasm") || name.ends_with(".wasm.br"))
        .map(|(_, bytes)| bytes.len())
        .sum();
    say(&format!(
        "site in {}: {} KB for the first page, the program has {} KB ({} KB for every page)",
        folder().display(),
        kb(first),
        kb(whole),
        kb(size(&manifest.wasm)?),
    ));
    if release && first > BUDGET {
        bail!(
            "the files of the members page have {first} bytes, and may have {BUDGET}: see what has grown, or what \
             another part of the program should load"
        );
    }
    Ok(())
}

fn kb(bytes: usize) -> usize {
    bytes.div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn client(chunk: &str) -> Client {
        Client {
            glue: b"import { f } from './snippets/crate/inline0.js';".to_vec(),
            wasm: b"\0asm".to_vec(),
            chunks: BTreeMap::from([("chunk_1.wasm".to_owned(), chunk.as_bytes().to_vec())]),
            parts: BTreeMap::from([(MEASURED.to_owned(), vec!["chunk_1.wasm".to_owned()])]),
            snippets: BTreeMap::from([("crate/inline0.js".to_owned(), b"1".to_vec())]),
        }
    }

    fn assembled(chunk: &str) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut site = BTreeMap::new();
        assemble(&mut site, client(chunk), b"a{}".to_vec())?;
        Ok(site)
    }

    /// Every path in what the server reads.
    fn named(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(path) => found.push(path.clone()),
            Value::Array(values) => values.iter().for_each(|value| named(value, found)),
            Value::Object(fields) => fields.values().for_each(|value| named(value, found)),
            _ => {}
        }
    }

    #[test]
    fn the_manifest_names_files_that_are_there() -> Result<()> {
        let site = assembled("1")?;
        let manifest = serde_json::from_slice(site.get(MANIFEST).context("no manifest")?)?;
        let mut paths = Vec::new();
        named(&manifest, &mut paths);
        assert_eq!(paths.len(), 4);
        for path in paths {
            let name = path.strip_prefix('/').context("not from the root")?;
            assert!(site.contains_key(name), "{path} is missing");
        }
        Ok(())
    }

    #[test]
    fn files_of_the_client_lie_where_they_look_for_each_other() -> Result<()> {
        let site = assembled("1")?;
        let folder = |file: &str| {
            site.keys()
                .find_map(|name| name.strip_suffix(file))
                .with_context(|| format!("no {file}"))
        };
        let glue = folder("guildhall.js")?;
        for file in ["guildhall.wasm", "chunk_1.wasm", "snippets/crate/inline0.js"] {
            assert_eq!(folder(file)?, glue, "{file}");
        }
        Ok(())
    }

    #[test]
    fn every_name_changes_with_a_file_that_the_others_name() -> Result<()> {
        let (first, second) = (assembled("1")?, assembled("2")?);
        for name in first
            .keys()
            .filter(|name| !name.ends_with(".css") && *name != MANIFEST)
        {
            assert!(!second.contains_key(name), "{name}");
        }
        Ok(())
    }

    #[test]
    fn a_release_that_is_too_large_is_refused() -> Result<()> {
        let mut site = BTreeMap::new();
        let manifest = assemble(&mut site, client(&"1".repeat(BUDGET)), b"a{}".to_vec())?;
        assert!(report(&site, &manifest, true).is_err());
        assert!(report(&site, &manifest, false).is_ok());
        let (name, _) = site
            .iter()
            .find(|(name, _)| name.ends_with("chunk_1.wasm"))
            .context("no chunk")?;
        // What counts is what goes over the wire.
        site.insert(format!("{name}.br"), Vec::new());
        report(&site, &manifest, true)
    }

    #[test]
    fn what_is_compressed_can_be_read_again() -> Result<()> {
        let text = "organization ".repeat(100);
        assert_eq!(unpacked(&brotli(text.as_bytes())?)?, text.as_bytes());
        Ok(())
    }
}
