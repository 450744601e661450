//! A body as one JSON object that names nothing twice, at any depth: two readers of such a body could understand two
//! things.

use std::fmt;

use guildhall::error::{Code, Error};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads a body.
///
/// # Errors
/// 400: it is no JSON object, or names a field twice.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Error> {
    let not_an_object =
        |why: &str| Error::new(Code::Invalid, format!("The body is not a JSON object: {why}."));
    match serde_json::from_slice(bytes) {
        Ok(Unique(Value::Object(fields))) => Ok(fields),
        Ok(Unique(_)) => Err(not_an_object("it is another kind of JSON value")),
        Err(error) => {
            let why = error.to_string();
            Err(match why.split_once(REPEATED) {
                Some((name, _)) => Error::field(name, "is given more than once"),
                None => not_an_object(&why),
            })
        }
    }
}

/// Marks a repeated name in serde's one kind of error; no name of a field has it.
const REPEATED: &str = "\u{0}repeated";

/// Any JSON value without a repeated name.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Unique)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Unique(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format!("{name}{REPEATED}")));
            }
            let Unique(value) = map.next_value()?;
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn nothing_is_named_twice_at_any_depth() {
        for (text, field) in [
            (r#"{"a":1,"b":2,"a":3}"#, "a"),
            (r#"{"credentials":{"password":"x","password":"y"}}"#, "password"),
            (r#"{"list":[{"b":1},{"c":1,"c":1}]}"#, "c"),
        ] {
            assert_eq!(object(text.as_bytes()).unwrap_err().fields[0].field, field);
        }
    }

    #[test]
    fn everything_else_is_read_as_serde_reads_it() {
        let text = r#"{"a":[null,true,-1,18446744073709551615,1.5,"x\"y"],"b":{"c":{"c":[]}}}"#;
        let plain: Map<String, Value> = serde_json::from_str(text).unwrap();
        assert_eq!(object(text.as_bytes()).unwrap(), plain);
        for text in ["[]", "1", "null", "{", "", "{} {}"] {
            assert_eq!(object(text.as_bytes()).unwrap_err().code.status(), 400, "{text}");
        }
    }
}
