//! How untrusted input becomes an operation: every refusal names the field as the input spells it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Code, Error};
use crate::strict::Strict;

/// Reads an operation from a JSON object.
///
/// # Errors
/// 400 at the field that is missing, unknown or malformed.
pub fn parse<T: DeserializeOwned>(input: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(Strict(input)).map_err(|error| {
        let path = error.path().to_string();
        refusal(&path, &error.into_inner().to_string())
    })
}

fn refusal(path: &str, why: &str) -> Error {
    // serde says these two about the object; people look for the field.
    let quoted = |prefix: &str| {
        why.strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
            .map(str::to_owned)
    };
    let (name, message) = if let Some(name) = quoted("missing field `") {
        (Some(name), "is required".to_owned())
    } else if let Some(name) = quoted("unknown field `") {
        (Some(name), "is not a field of this request".to_owned())
    } else if let Some((_, words)) = why
        .strip_prefix("unknown variant `")
        .and_then(|rest| rest.rsplit_once("`, expected "))
    {
        // What was sent is nothing to repeat; the words are as they must be written.
        (None, format!("must be {}", words.replace('`', "")))
    } else {
        (None, why.split(" at line ").next().unwrap_or(why).to_owned())
    };
    let parent = if path == "." {
        ""
    } else {
        path.trim_end_matches('.')
    };
    let field = match name {
        // An unknown field's own name may already end the path.
        Some(name) if parent == name || parent.ends_with(&format!(".{name}")) => parent.to_owned(),
        Some(name) if parent.is_empty() => name,
        Some(name) => format!("{parent}.{name}"),
        None => parent.to_owned(),
    };
    if field.is_empty() {
        Error::new(Code::Invalid, message)
    } else {
        Error::field(field, message)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::members::AddMember;
    use serde_json::json;

    fn refused(input: Value) -> Error {
        parse::<AddMember>(input).unwrap_err()
    }

    #[test]
    fn names_the_field() {
        let org = "org_01h00000000000000000000000";
        let error = refused(json!({ "organization_id": org, "role_ids": ["nonsense"] }));
        assert_eq!(error.fields[0].field, "role_ids[0]");
        let error = refused(json!({ "organization_id": org }));
        assert_eq!(
            (error.fields[0].field.as_str(), error.fields[0].message.as_str()),
            ("role_ids", "is required")
        );
        let error = refused(json!({ "organization_id": org, "role_ids": [], "is_admin": true }));
        assert_eq!(error.fields[0].field, "is_admin");
        let error = refused(json!({ "organization_id": org, "role_ids": [], "name": { "frist": "A" } }));
        assert_eq!(error.fields[0].field, "name.frist");
        let error =
            refused(json!({ "organization_id": org, "role_ids": [], "name": { "first_name": "a\nb" } }));
        assert_eq!(error.fields[0].field, "name.first_name");
        assert_eq!(error.code.status(), 400);
        let error = refused(json!({ "organization_id": org, "role_ids": [], "name": [null, null] }));
        assert_eq!(error.fields[0].field, "name");
        assert_eq!(refused(json!([])).code.status(), 400);
    }

    #[test]
    fn names_the_words_that_a_field_can_be() {
        use crate::organizations::ListOrganizations;
        use crate::users::ListUsers;
        let error = parse::<ListUsers>(json!({ "status": "active` or `evil" })).unwrap_err();
        assert_eq!(
            (error.fields[0].field.as_str(), error.fields[0].message.as_str()),
            ("status", "must be one of Pending, Active, Disabled")
        );
        let error = parse::<ListOrganizations>(json!({ "status": "Disabled" })).unwrap_err();
        assert_eq!(error.fields[0].message, "must be enabled or disabled");
    }
}
