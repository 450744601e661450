//! Pages before sign-in.

pub mod invite;
pub mod setup;
pub mod signin;
