//! What operations do, and every way in.

pub mod auth;
pub mod authorize;
pub mod change;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod dns;
pub mod domain;
pub mod fault;
pub mod live;
pub mod mail;
pub mod oidc;
pub mod rest;
pub mod rights;
pub mod services;
pub mod start;
pub mod store;
pub mod telemetry;
pub mod vault;
pub mod web;
pub mod webhooks;
pub mod worker;

use axum::{Router, middleware};

use crate::config::Config;
use crate::console::Console;

/// Every way in over HTTP, as the program serves it and as tests call it.
pub fn router(console: &Console, config: &Config) -> Router {
    telemetry::recorder();
    // So many a second, and twice as many at once.
    let rate_limit = config.rate_limit.map(|rate| (rate, rate.saturating_mul(2)));
    let web = web::Web::new(
        console.clone(),
        web::Settings {
            trust_proxy: config.trust_proxy,
            rate_limit,
        },
    );
    let rest = rest::Settings {
        trust_proxy: config.trust_proxy,
        rate_limit,
    };
    web::router(web)
        .merge(rest::router(console.clone(), rest))
        .merge(telemetry::router(console.clone()))
        .layer(middleware::from_fn_with_state(
            config.is_https(),
            web::headers::secure,
        ))
        .layer(middleware::from_fn_with_state(
            console.clone(),
            telemetry::observe,
        ))
}
