//! Pieces that know what the console is about, shared by its pages.

pub mod audit_table;
pub mod contested;
pub mod entrance;
pub mod export;
pub mod live;
pub mod member;
pub mod new_password;
pub mod organization_mark;
pub mod pager;
pub mod passkey;
pub mod portal;
pub mod query;
pub mod read;
pub mod recovery_codes;
pub mod require_factor;
pub mod reset_factors;
pub mod sessions;
pub mod submit;
pub mod temporary_password;
pub mod test_mail;
pub mod tried;
pub mod user_sessions;
