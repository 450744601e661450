//! Pieces that know what the console is about, shared by its pages.

pub mod read;
pub mod submit;
