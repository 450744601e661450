//! How a request becomes a caller: session cookie, bearer token, password, origin check, rate limit.

pub mod password;
pub mod token;
