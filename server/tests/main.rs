//! Tests through the front door: a real server on a real port, on SQLite and, where one is given, on PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

mod api;
mod auth0;
mod command;
mod crash;
mod factors;
mod harness;
mod invariants;
mod invitations;
mod live;
mod mail;
mod mail_templates;
mod oidc;
mod organization_clients;
mod registrations;
mod store;
mod teams;
mod web;
mod webhooks;
