//! The tenant: the server functions of the home and settings pages.

#[cfg(feature = "ssr")]
use guildhall::tenant as ops;
use guildhall::tenant::{Overview, TenantSettings};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::{Done, RpcError};

#[server(prefix = "/rpc", endpoint = "get_overview", input = Json)]
pub async fn get_overview() -> Result<Overview, RpcError> {
    super::run(ops::GetOverview {}).await
}

#[server(prefix = "/rpc", endpoint = "get_settings", input = Json)]
pub async fn get_settings() -> Result<TenantSettings, RpcError> {
    super::run(ops::GetSettings {}).await
}

#[server(prefix = "/rpc", endpoint = "update_settings")]
pub async fn update_settings(name: String) -> Result<Done, RpcError> {
    super::submit::<ops::UpdateSettings>(serde_json::json!({ "name": name })).await?;
    Ok(super::done("Settings saved", Some("/admin/settings".to_owned())))
}
