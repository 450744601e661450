//! The language of Guildhall.
