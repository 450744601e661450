//! A database of a test's own, gone when the test is over.

use std::process::id;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// Where a test's data is.
pub struct Database {
    pub url: String,
    _folder: Option<TempDir>,
    /// The server's URL and the database's name, on PostgreSQL.
    postgres: Option<(String, String)>,
}

impl Database {
    /// A file in a folder of its own.
    pub fn sqlite() -> Option<Database> {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("guildhall.db").display());
        Some(Database {
            url,
            _folder: Some(folder),
            postgres: None,
        })
    }

    /// A new database on the server that `GUILDHALL_TEST_POSTGRES_URL` names.
    pub fn postgres() -> Option<Database> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("GUILDHALL_TEST_POSTGRES_URL")
            .ok()
            .filter(|url| !url.is_empty())?;
        let name = format!(
            "guildhall_test_{}_{}",
            id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let (before, query) = server
            .split_once('?')
            .map_or((server.as_str(), String::new()), |(url, query)| {
                (url, format!("?{query}"))
            });
        let (authority, _) = before
            .split_once("://")
            .unwrap()
            .1
            .split_once('/')
            .unwrap_or((before.split_once("://").unwrap().1, ""));
        let url = format!("postgres://{authority}/{name}{query}");
        Some(Database {
            url,
            _folder: None,
            postgres: Some((server, name)),
        })
    }

    /// Makes it; SQLite's file makes itself.
    pub async fn create(&self) {
        self.command(|name| format!("CREATE DATABASE {name}")).await;
    }

    /// Removes it.
    pub async fn remove(&self) {
        self.command(|name| format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await;
    }

    async fn command(&self, sql: impl FnOnce(&str) -> String) {
        if let Some((server, name)) = &self.postgres {
            let mut connection = PgConnection::connect(server)
                .await
                .expect("the test server of PostgreSQL");
            connection.execute(sqlx::AssertSqlSafe(sql(name))).await.unwrap();
        }
    }
}
