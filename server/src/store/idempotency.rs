//! Repeats of a request: the first answer is kept for a day under its `Idempotency-Key`.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::operation::Operation;
use serde_json::Value;

use super::Tx;
use crate::auth::password::Hasher;
use crate::authorize::Permit;
use crate::clock;
use crate::console::Context;
use crate::fault::Fault;

/// How long an answer is kept, in milliseconds.
const KEPT: i64 = 24 * 60 * 60 * 1000;

/// Answers that hold a secret are shown once and never kept.
fn holds_secret(operation: &str) -> bool {
    matches!(
        operation,
        "create_client"
            | "rotate_client_secret"
            | "create_webhook"
            | "rotate_webhook_secret"
            | "sign_in"
            | "finish_sign_in"
            | "set_up"
            | "authenticate_member"
            | "confirm_authenticator_app"
            | "add_passkey"
            | "renew_recovery_codes"
            | "invite_member"
            | "copy_invitation_link"
            | "create_organization_client"
            | "rotate_organization_client_secret"
            | "finish_registration"
    )
}

/// What tells one request from another; nothing where no repeat is asked for. A password counts by a hash as slow as the one
/// that is kept of it: a quick one of a known body would be an easier thing to guess it from.
///
/// # Errors
/// 503 when too many wait.
pub async fn fingerprint<Op: Operation>(
    hasher: &Hasher,
    request: &Request,
    operation: &Op,
) -> Result<Option<String>, Fault> {
    let Some(key) = request.idempotency_key.as_deref() else {
        return Ok(None);
    };
    let mut fields = serde_json::to_value(operation)?;
    let mut passwords = Vec::new();
    take_passwords(&mut fields, &mut passwords);
    let hashed = if passwords.is_empty() {
        String::new()
    } else {
        let salt = clock::fingerprint(&format!("{} {key}", Op::NAME));
        hasher.digest(&passwords.join("\n"), &salt).await?
    };
    Ok(Some(clock::fingerprint(&format!(
        "{} {fields} {hashed}",
        Op::NAME
    ))))
}

fn take_passwords(value: &mut Value, taken: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                let is_password = name.ends_with("password");
                if is_password {
                    taken.push(value.to_string());
                }
                !is_password
            });
            fields.values_mut().for_each(|value| take_passwords(value, taken));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| take_passwords(value, taken)),
        _ => {}
    }
}

fn caller(permit: &Permit) -> String {
    permit.actor().1.unwrap_or_default().to_owned()
}

/// The first answer, when this request is a repeat; otherwise the key is taken.
///
/// # Errors
/// 422 when the key came with another request; 409 when the answer held a secret.
pub async fn begin<Op: Operation>(
    tx: &mut Tx,
    permit: &Permit,
    cx: &Context<'_>,
) -> Result<Option<Op::Output>, Fault> {
    let request_hash = cx.prepared.request_hash.clone();
    let (Some(key), Some(request_hash)) = (cx.request.idempotency_key.as_deref(), request_hash) else {
        return Ok(None);
    };
    tx.query("DELETE FROM idempotency WHERE created_at < $1")
        .bind(cx.now.saturating_sub(KEPT))
        .execute()
        .await?;
    let taken = tx
        .query(
            "INSERT INTO idempotency (caller, key, operation, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (caller, key) DO NOTHING",
        )
        .bind(caller(permit))
        .bind(key.to_owned())
        .bind(Op::NAME)
        .bind(request_hash.clone())
        .bind(cx.now)
        .execute()
        .await?;
    if taken == 1 {
        return Ok(None);
    }
    let (first_hash, response): (String, Option<String>) = tx
        .query("SELECT request_hash, response FROM idempotency WHERE caller = $1 AND key = $2")
        .bind(caller(permit))
        .bind(key.to_owned())
        .one()
        .await?;
    if first_hash != request_hash {
        return Err(Error::new(
            Code::Unprocessable,
            "This Idempotency-Key was used with another request.",
        )
        .because("idempotency_key_reused")
        .into());
    }
    match response {
        Some(response) => Ok(Some(serde_json::from_str(&response)?)),
        None => Err(Error::conflict(
            "idempotency_key_used",
            "This request was done already; its answer held a secret, which is shown once.",
        )
        .into()),
    }
}

/// Keeps the answer under the request's key.
///
/// # Errors
/// The database's.
pub async fn finish<Op: Operation>(
    tx: &mut Tx,
    permit: &Permit,
    cx: &Context<'_>,
    output: &Op::Output,
) -> Result<(), Fault> {
    let Some(key) = cx
        .request
        .idempotency_key
        .as_deref()
        .filter(|_| !holds_secret(Op::NAME))
    else {
        return Ok(());
    };
    tx.query("UPDATE idempotency SET response = $3 WHERE caller = $1 AND key = $2")
        .bind(caller(permit))
        .bind(key.to_owned())
        .bind(serde_json::to_string(output)?)
        .execute()
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use guildhall::caller::Caller;
    use guildhall::users::CreateUser;
    use serde_json::json;

    #[tokio::test]
    async fn a_fingerprint_tells_requests_apart_by_their_passwords_too() {
        let hasher = Hasher::new().unwrap();
        let mut request = Request::by(Caller::System);
        let with = async |request: &Request, email: &str, password: &str| {
            let fields = json!({ "email": email, "credentials": { "password": password } });
            let operation: CreateUser = guildhall::input::parse(fields).unwrap();
            fingerprint(&hasher, request, &operation).await.unwrap()
        };
        assert_eq!(with(&request, "a@example.com", "one password").await, None);
        request.idempotency_key = Some("key".to_owned());
        let first = with(&request, "a@example.com", "one password").await;
        assert!(first.is_some());
        assert_eq!(first, with(&request, "a@example.com", "one password").await);
        assert_ne!(first, with(&request, "a@example.com", "another one").await);
        assert_ne!(first, with(&request, "b@example.com", "one password").await);
    }
}
