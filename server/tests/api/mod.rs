//! The REST API, row by row of its reference, and what must not work with it.

pub mod abuse;
mod abuse_pages;
mod abuse_web;
mod account;
mod applications;
mod documents;
mod isolation;
mod least_rights;
mod members;
mod organizations;
mod pages;
mod passwords;
pub mod portal;
mod protocol;
mod rate_limits;
mod refusals;
mod roles;
pub mod samples;
mod sessions;
mod tokens;
mod users;
