//! Pieces that know what the console is about, shared by its pages.

pub mod entrance;
pub mod pager;
pub mod query;
pub mod read;
pub mod submit;
