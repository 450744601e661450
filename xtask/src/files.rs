//! Folders as maps from name to content, and the digests that name them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The SHA-256 of some content, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// As much of the digest as a file name needs.
pub fn short_digest(bytes: &[u8]) -> String {
    digest(bytes).chars().take(16).collect()
}

/// Every file below a folder by its path, with `/` between the parts.
pub fn read_all(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for path in paths(folder)? {
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files.insert(name_of(folder, &path), bytes);
    }
    Ok(files)
}

/// Makes the folder contain these files and nothing else, and touches only what changed.
pub fn write_all(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for path in paths(folder)? {
        if !files.contains_key(&name_of(folder, &path)) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for (name, bytes) in files {
        write_if_changed(&folder.join(name), bytes)?;
    }
    Ok(())
}

/// Writes a file whose content differs, so that whoever watches its time sees only real changes.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn paths(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.append(&mut paths(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn name_of(folder: &Path, path: &Path) -> String {
    let name = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = name
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_was_written_and_nothing_else() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("guildhall-files-{}", std::process::id()));
        let first = BTreeMap::from([
            ("a/b.txt".to_owned(), b"1".to_vec()),
            ("c.txt".to_owned(), b"2".to_vec()),
        ]);
        write_all(&folder, &first)?;
        assert_eq!(read_all(&folder)?, first);
        let second = BTreeMap::from([("c.txt".to_owned(), b"3".to_vec())]);
        write_all(&folder, &second)?;
        assert_eq!(read_all(&folder)?, second);
        fs::remove_dir_all(&folder)?;
        Ok(())
    }
}
