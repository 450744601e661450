//! The store's SQL: what both databases understand, and all of it.

mod statements;
mod style;
