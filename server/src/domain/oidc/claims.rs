//! What an application is told about somebody, by the scopes that it was granted (OpenID Connect Core, 5.1 and 5.4).

use guildhall::users::User;
use serde_json::{Map, Value, json};

use super::issuing::has;

/// The claims about a person that the scopes come with.
pub(super) fn about(user: &User, scope: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut say = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.insert(name.to_owned(), value);
        }
    };
    if has(scope, "profile") {
        let name = user.name.as_ref();
        let text = |value: &Option<String>| value.clone().map(Value::from);
        say("name", Some(Value::from(user.label())));
        say(
            "given_name",
            name.and_then(|name| name.first_name.as_ref())
                .map(|part| json!(part)),
        );
        say(
            "middle_name",
            name.and_then(|name| name.middle_name.as_ref())
                .map(|part| json!(part)),
        );
        say(
            "family_name",
            name.and_then(|name| name.last_name.as_ref())
                .map(|part| json!(part)),
        );
        say("preferred_username", text(&user.username));
        say("picture", text(&user.picture));
        say("locale", text(&user.language));
        say("birthdate", text(&user.birthday));
        say("updated_at", Some(Value::from(user.updated_at.div_euclid(1000))));
    }
    if has(scope, "email")
        && let Some(email) = &user.email
    {
        say("email", Some(Value::from(email.value.clone())));
        say("email_verified", Some(Value::from(email.email_verified)));
    }
    if has(scope, "phone")
        && let Some(phone) = &user.phone_number
    {
        say("phone_number", Some(Value::from(phone.value.clone())));
        say(
            "phone_number_verified",
            Some(Value::from(phone.phone_number_verified)),
        );
    }
    claims
}
