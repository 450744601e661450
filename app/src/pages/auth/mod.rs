//! Pages before sign-in.

pub mod forgot;
pub mod invite;
pub mod setup;
pub mod signin;
