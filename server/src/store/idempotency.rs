//! Repeats of a request: the first answer is kept for a day under its `Idempotency-Key`.

use guildhall::error::{Code, Error};
use guildhall::operation::Operation;
use serde_json::Value;

use super::Tx;
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
        "create_client" | "rotate_client_secret" | "sign_in" | "set_up"
    )
}

/// What tells one request from another. Passwords are left out: a quick hash of a known body would be an easier thing to
/// guess them from than the slow hash that is kept of them.
fn fingerprint(operation: &str, mut fields: Value) -> String {
    leave_out_passwords(&mut fields);
    clock::fingerprint(&format!("{operation} {fields}"))
}

fn leave_out_passwords(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.ends_with("password"));
            fields.values_mut().for_each(leave_out_passwords);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_passwords),
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
    operation: &Op,
) -> Result<Option<Op::Output>, Fault> {
    let Some(key) = cx.request.idempotency_key.as_deref() else {
        return Ok(None);
    };
    let request_hash = fingerprint(Op::NAME, serde_json::to_value(operation)?);
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
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fingerprint_tells_requests_apart_but_nothing_of_a_password() {
        let with = |email: &str, password: &str| {
            fingerprint(
                "create_user",
                json!({ "email": email, "credentials": { "password": password } }),
            )
        };
        assert_eq!(
            with("a@example.com", "one password"),
            with("a@example.com", "another")
        );
        assert_ne!(
            with("a@example.com", "one password"),
            with("b@example.com", "one password")
        );
        assert_ne!(fingerprint("a", json!({})), fingerprint("b", json!({})));
    }
}
