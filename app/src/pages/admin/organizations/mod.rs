//! Organizations: `/admin/organizations` and everything below it.
