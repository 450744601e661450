//! Pages before sign-in.

pub mod forgot;
pub mod setup;
pub mod signin;
