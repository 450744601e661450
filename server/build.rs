//! Makes the folder that is embedded exist, so that the server compiles before the site was ever built.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::fs::create_dir_all(target.join("site"))?;
    // Changes exactly when something must be embedded anew. It must exist: cargo takes a missing file for a changed one.
    let digest = target.join("site.digest");
    if !digest.exists() {
        std::fs::write(&digest, "")?;
    }
    println!("cargo::rerun-if-changed=../target/site.digest");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    Ok(())
}
