//! The tenant admin's portal.

pub mod organizations;
