//! `guildhall backup`.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::say;
use crate::config::Config;
use crate::store;

/// Copies the database as it is at one moment.
pub async fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    if !config.database_url.starts_with("sqlite:") {
        bail!(
            "the database is PostgreSQL: use pg_dump, for example `pg_dump --format=custom --file={}`",
            file.display()
        );
    }
    if file.exists() {
        bail!("{} exists already; name a new file", file.display());
    }
    // Beside it and then renamed: a copy that was interrupted must not look like one.
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let copied = copy(config, partial).await;
    let done = copied.and_then(|()| {
        std::fs::hard_link(partial, file).with_context(|| format!("cannot make {}", file.display()))
    });
    let _ = std::fs::remove_file(partial);
    done?;
    let bytes = std::fs::metadata(file).map(|file| file.len()).unwrap_or_default();
    say(&format!(
        "{} holds a copy of {} ({} KB)",
        file.display(),
        config.database_shown(),
        bytes.div_ceil(1024)
    ))
}

async fn copy(config: &Config, partial: &Path) -> anyhow::Result<()> {
    // Only its owner may read what holds everybody's data and the signing keys.
    let mut new = std::fs::OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    let made = new
        .open(partial)
        .with_context(|| format!("cannot make {}", partial.display()))?;
    let path = partial.to_str().context("the file's name is not text")?;
    store::backup::copy(&config.database_url, path).await?;
    made.sync_all()
        .with_context(|| format!("cannot write {}", partial.display()))
}
