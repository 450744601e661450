//! The pages, in folders named as their routes.

pub mod admin;
