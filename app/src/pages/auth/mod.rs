//! Pages before sign-in.

pub mod factor;
pub mod forgot;
pub mod invite;
pub mod leave;
pub mod organization;
pub mod problem;
pub mod register;
pub mod setup;
pub mod signin;
