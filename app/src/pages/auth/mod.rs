//! Pages before sign-in.

pub mod setup;
pub mod signin;
