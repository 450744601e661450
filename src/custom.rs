//! Data that a tenant's programs keep with a person: any JSON object, of a bounded size.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value};

use crate::error::Malformed;

/// Bytes of JSON: lists carry it with every row, and the audit keeps each version.
const LARGEST: usize = 16 * 1024;
/// Objects and arrays within one another.
const DEEPEST: usize = 8;

/// Reads `custom_data` and `custom_app_data`.
///
/// # Errors
/// When it is larger or deeper than is kept.
pub fn bounded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Map<String, Value>>, D::Error> {
    let data = <Option<Map<String, Value>> as Deserialize>::deserialize(deserializer)?;
    within_bounds(data.as_ref()).map_err(D::Error::custom)?;
    Ok(data)
}

/// Refuses data that is larger or deeper than is kept.
///
/// # Errors
/// The sentence that says so.
pub fn within_bounds(data: Option<&Map<String, Value>>) -> Result<(), Malformed> {
    let Some(fields) = data else { return Ok(()) };
    let size = serde_json::to_string(fields).map_or(usize::MAX, |text| text.len());
    if size > LARGEST {
        return Err(Malformed::new(format!(
            "must have at most {LARGEST} bytes as JSON; it has {size}"
        )));
    }
    if fields.values().any(|value| depth(value) >= DEEPEST) {
        return Err(Malformed::new(format!(
            "must have at most {DEEPEST} objects and arrays within one another"
        )));
    }
    Ok(())
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Option<Map<String, Value>>, serde_json::Error> {
        bounded(value)
    }

    #[test]
    fn custom_data_is_small_and_flat() {
        assert!(read(json!({ "plan": "gold", "seats": [1, 2] })).is_ok());
        assert!(read(json!({ "text": "x".repeat(LARGEST) })).is_err());
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert!(read(nested(DEEPEST)).is_ok());
        assert!(read(nested(DEEPEST + 1)).is_err());
        assert!(matches!(read(Value::Null), Ok(None)));
    }
}
