//! The store: the gateway to both databases, and the only SQL.

pub mod accounts;
pub mod app_access;
pub mod applications;
pub mod audit;
pub mod backup;
pub mod begun_registrations;
pub mod clients;
pub mod connections;
pub mod counters;
pub mod db;
pub mod discovery_domains;
pub mod email_proofs;
pub mod factors;
pub mod given_roles;
pub mod grants;
pub mod idempotency;
pub mod invitation_links;
mod invitation_list;
pub mod invitation_ways;
pub mod invitations;
pub mod keys;
mod later;
pub mod live;
mod lock;
pub mod logins;
pub mod logos;
pub mod mail_limits;
pub mod mail_templates;
mod member_row;
pub mod members;
pub mod memberships;
mod memberships_of;
pub mod organization_applications;
pub mod organization_client_owners;
pub mod organization_client_tokens;
pub mod organization_clients;
mod organization_list;
pub mod organization_roles;
pub mod organizations;
pub mod outbox;
pub mod page;
pub mod passkeys;
pub mod password_resets;
pub mod pending_sign_ins;
pub mod people;
pub mod permissions;
pub mod presentations;
pub mod readers;
pub mod registrations;
pub mod rights;
pub mod role_groups;
pub mod roles;
pub mod sessions;
pub mod sign_in_brands;
pub mod sign_in_requests;
pub mod teams;
pub mod tenant;
pub mod tenant_roles;
pub mod webhook_deliveries;
pub mod webhook_queue;
pub mod webhooks;
pub mod writer;

use std::sync::atomic::{AtomicU64, Ordering};

use guildhall::text::fold;

pub use db::{Db, Tx};

use crate::fault::Fault;

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Counts a statement, for the metrics and the benchmark.
fn count_statement() {
    STATEMENTS.fetch_add(1, Ordering::Relaxed);
}

/// Statements sent to the database since the start.
pub fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

/// The words of a column that keeps several with spaces between.
fn listed(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

/// Whether another thing has a name, of a query that takes what both are within, the name's key, and the thing's own id.
async fn another_has(
    query: db::Query<'_>,
    within: String,
    name: &str,
    id: String,
) -> Result<bool, sqlx::Error> {
    query.bind(within).bind(fold(name)).bind(id).exists().await
}

/// The ids in rows of one column.
///
/// # Errors
///
/// Where the database holds what is no id of this kind.
fn ids<T>(rows: Vec<(String,)>) -> Result<Vec<T>, Fault>
where
    T: std::str::FromStr,
    anyhow::Error: From<T::Err>,
{
    Ok(rows
        .into_iter()
        .map(|(id,)| id.parse())
        .collect::<Result<_, _>>()
        .map_err(anyhow::Error::from)?)
}
