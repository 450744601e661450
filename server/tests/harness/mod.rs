//! A server with a small world in it, and a way to call it.
//!
//! The world: the vendor's backend; the application Invoices, which the organization Acme has; the application Payroll,
//! which the organization Globex has; an administrator and a member in each; somebody in neither.

mod answer;
mod database;
pub mod dns;
pub mod smtp;
mod world;

pub use answer::{Answer, Call};
pub use database::Database;
pub use world::{Customer, PASSWORD, World};

use std::path::PathBuf;

/// Runs a test against a database; on PostgreSQL only where `GUILDHALL_TEST_POSTGRES_URL` names a server.
pub fn run(database: Option<Database>, test: impl AsyncFnOnce(&World)) {
    let Some(database) = database else { return };
    run_with_on(Some(database), |_| (), test);
}

/// Runs a test that needs no second database.
pub fn run_on_sqlite(test: impl AsyncFnOnce(&World)) {
    run(Database::sqlite(), test);
}

/// Runs a test against each database, one after the other.
pub fn run_on_each(test: impl AsyncFn(&World)) {
    run_with_on_each(|_| (), test);
}

/// The same of a server with other settings.
pub fn run_with_on_each(set: impl Fn(&mut server::config::Config), test: impl AsyncFn(&World)) {
    for database in [Database::sqlite(), Database::postgres()] {
        run_with_on(database, &set, async |world| test(world).await);
    }
}

/// Runs a test of a server with other settings.
pub fn run_with(set: impl FnOnce(&mut server::config::Config), test: impl AsyncFnOnce(&World)) {
    run_with_on(Database::sqlite(), set, test);
}

/// Runs a test of a server with other settings against a database.
pub fn run_with_on(
    database: Option<Database>,
    set: impl FnOnce(&mut server::config::Config),
    test: impl AsyncFnOnce(&World),
) {
    let Some(database) = database else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::start_with(database, set).await;
        test(&world).await;
        world.end().await;
    });
}

/// Declares tests that run on both databases: `on_both! { async fn name(world) { … } }`.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn test($world: &$crate::harness::World) $body

            #[test]
            fn on_sqlite() {
                $crate::harness::run($crate::harness::Database::sqlite(), test);
            }

            #[test]
            fn on_postgres() {
                $crate::harness::run($crate::harness::Database::postgres(), test);
            }
        }
    )*};
}
pub(crate) use on_both;

/// Compares a text with a committed file of the repository; `UPDATE_SNAPSHOTS=1` writes it anew.
pub fn assert_snapshot(path: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == text,
        "{path} is out of date: run `UPDATE_SNAPSHOTS=1 cargo test -p server`, and look at what changed"
    );
}
