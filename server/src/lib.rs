//! What operations do, and every way in.

pub mod auth;
pub mod authorize;
pub mod change;
pub mod clock;
pub mod console;
mod domain;
pub mod fault;
pub mod services;
pub mod store;
