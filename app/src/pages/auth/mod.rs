//! Pages before sign-in.

pub mod factor;
pub mod forgot;
pub mod invite;
pub mod leave;
mod linked;
pub mod organization;
pub mod problem;
pub mod register;
pub mod setup;
pub mod signin;

/// Over a form that signed nobody in.
const NOT_SIGNED_IN: &str = "You are not signed in yet. See what is wrong below.";
