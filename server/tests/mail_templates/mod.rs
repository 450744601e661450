//! Mails in the tenant's own words: tried before they are kept, used at once, and taken back.

mod refused;
mod sent;

use serde_json::{Value, json};

use crate::harness::{Answer, World};

/// The address of a template.
fn path(kind: &str, language: &str) -> String {
    format!("/v1/mail-templates/{kind}/{language}")
}

/// Words for an invitation that are fine.
fn words(subject: &str) -> Value {
    json!({
        "subject": subject,
        "text": "Come to {{ organization }}:\n\n{{ link }}",
        "html": "{% extends \"layout.html\" %}\n{% block body %}\n<p>Come to {{ organization }}: {{ link }}</p>\n{% endblock %}",
    })
}

async fn read(world: &World, path: &str) -> Answer {
    world.get(path).token(&world.admin).expect(200).await
}

/// Saves as an administrator of the tenant, who alone may write what stands around links that are as good as a password.
async fn save(world: &World, path: &str, words: Value) -> Answer {
    let cookie = world.session("root").await;
    world
        .put(path, words)
        .header("cookie", &cookie)
        .header("origin", &world.url)
        .send()
        .await
}
