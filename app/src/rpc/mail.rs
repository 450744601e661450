//! Mail: the server functions of its page, and of the settings page's test.

use guildhall::mail as ops;
use guildhall::mail::{Mail, MailState};
use guildhall::page::Page;
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "list_mails", protocol = Ask)]
pub async fn list_mails(op: ops::ListMails) -> Result<Page<Mail>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_mail_state", protocol = Ask)]
pub async fn get_mail_state() -> Result<MailState, RpcError> {
    super::run(ops::GetMailState {}).await
}

#[server(prefix = "/rpc", endpoint = "retry_mail")]
pub async fn retry_mail(mail_id: String) -> Result<Done, RpcError> {
    let mail = super::submit::<ops::RetryMail>(serde_json::json!({ "mail_id": mail_id })).await?;
    Ok(super::done(
        format!("The mail to {} is tried again", mail.to),
        Some("/admin/mail".to_owned()),
    ))
}

#[server(prefix = "/rpc", endpoint = "send_test_mail")]
pub async fn send_test_mail(to: String) -> Result<Done, RpcError> {
    super::submit::<ops::SendTestMail>(serde_json::json!({ "to": to })).await?;
    Ok(super::done(
        format!("A test mail to {} is on its way", to.trim()),
        Some("/admin/mail".to_owned()),
    ))
}
