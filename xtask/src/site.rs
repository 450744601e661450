//! The folder `target/site`: what the server hands out besides pages, under names that change with the content.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::client::{self, Client};
use crate::files::{digest, read_all, short_digest, write_all, write_if_changed};
use crate::npm;
use crate::process::{quiet, root, say, target};

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
    assemble(&mut site, client, css);
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
    report(&site);
    Ok(())
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

/// Gives every part its name. Names carry a hash of the content, so that browsers may keep the files for ever.
fn assemble(site: &mut BTreeMap<String, Vec<u8>>, client: Client, css: Vec<u8>) {
    let mut glue = client.glue;
    if !client.snippets.is_empty() {
        let whole: Vec<u8> = client.snippets.values().flatten().copied().collect();
        let folder = format!("snippets.{}", short_digest(&whole));
        let text = String::from_utf8_lossy(&glue).replace("./snippets/", &format!("./{folder}/"));
        glue = text.into_bytes();
        for (name, bytes) in client.snippets {
            site.insert(format!("pkg/{folder}/{name}"), bytes);
        }
    }
    let mut add = |extension: &str, bytes: Vec<u8>| {
        let path = format!("pkg/guildhall.{}.{extension}", short_digest(&bytes));
        site.insert(path.clone(), bytes);
        path
    };
    let js = add("js", glue);
    let wasm = add("wasm", client.wasm);
    let css = add("css", css);
    let manifest = format!("{{\"js\":\"/{js}\",\"wasm\":\"/{wasm}\",\"css\":\"/{css}\"}}\n");
    site.insert("pkg/manifest.json".to_owned(), manifest.into_bytes());
}

/// Adds `.br` and `.gz` beside what they make smaller. What an earlier build compressed from the same content is
/// taken over, for the best compression is slow.
fn compress(site: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let old = if folder().exists() {
        read_all(&folder())?
    } else {
        BTreeMap::new()
    };
    let mut compressed = BTreeMap::new();
    for (name, bytes) in site.iter().filter(|(name, _)| is_compressible(name)) {
        let unchanged = old.get(name) == Some(bytes);
        for (extension, encode) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)] {
            let path = format!("{name}.{extension}");
            let result = match old.get(&path) {
                Some(result) if unchanged => result.clone(),
                _ => {
                    if bytes.len() > 100_000 {
                        say(&format!("compressing {path}"));
                    }
                    encode(bytes)?
                }
            };
            if result.len() < bytes.len() {
                compressed.insert(path, result);
            }
        }
    }
    site.append(&mut compressed);
    Ok(())
}

fn is_compressible(name: &str) -> bool {
    // The manifest is for the server, which reads it as it is.
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    name != "pkg/manifest.json"
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

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

/// One line about what a visitor downloads.
fn report(site: &BTreeMap<String, Vec<u8>>) {
    let mut sizes = Vec::new();
    for (name, bytes) in site.iter().filter(|(name, _)| name.starts_with("pkg/guildhall.")) {
        let kind = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if ["js", "wasm", "css"].contains(&kind) {
            let small = site
                .get(&format!("{name}.br"))
                .map_or(String::new(), |br| format!(" ({} KB br)", kb(br)));
            sizes.push(format!("{kind} {} KB{small}", kb(bytes)));
        }
    }
    say(&format!("site in {}: {}", folder().display(), sizes.join(", ")));
}

fn kb(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(snippet: &str) -> Client {
        Client {
            glue: b"import { f } from './snippets/crate/inline0.js';".to_vec(),
            wasm: b"\0asm".to_vec(),
            snippets: BTreeMap::from([("crate/inline0.js".to_owned(), snippet.as_bytes().to_vec())]),
        }
    }

    fn assembled(snippet: &str) -> BTreeMap<String, Vec<u8>> {
        let mut site = BTreeMap::new();
        assemble(&mut site, client(snippet), b"a{}".to_vec());
        site
    }

    #[test]
    fn the_manifest_names_files_that_are_there() -> Result<()> {
        let site = assembled("1");
        let manifest: BTreeMap<String, String> =
            serde_json::from_slice(site.get("pkg/manifest.json").context("no manifest")?)?;
        for kind in ["js", "wasm", "css"] {
            let path = manifest
                .get(kind)
                .and_then(|path| path.strip_prefix('/'))
                .context("no such part")?;
            assert!(site.contains_key(path), "{path} is missing");
        }
        Ok(())
    }

    #[test]
    fn the_glue_changes_its_name_with_a_snippet_it_imports() {
        let script = |site: BTreeMap<String, Vec<u8>>| -> Option<(String, Vec<u8>)> {
            site.into_iter()
                .find(|(name, _)| name.starts_with("pkg/guildhall.") && name.ends_with(".js"))
        };
        let (first, second) = (script(assembled("1")), script(assembled("2")));
        assert!(first.is_some());
        assert_ne!(first, second);
    }

    #[test]
    fn what_is_compressed_can_be_read_again() -> Result<()> {
        let text = "organization ".repeat(100);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(text.as_bytes())?, &mut plain)?;
        assert_eq!(plain, text.as_bytes());
        Ok(())
    }
}
