//! JSON as its schema means it: serde's own reader takes a list where an object is due, its items as the fields in the
//! order of their declaration, which no schema says and no caller means.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A value whose objects are read from objects only, at every depth.
pub struct Strict(pub Value);

impl IntoDeserializer<'_, Error> for Strict {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (name, Strict(value)));
                let mut map = MapDeserializer::new(fields);
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(Strict));
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            scalar => scalar.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &"an object"));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wide {
        name: Option<Narrow>,
        list: Vec<Narrow>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Narrow {
        first: Option<String>,
        count: Option<u8>,
    }

    fn read(value: Value) -> Result<Wide, Error> {
        Wide::deserialize(Strict(value))
    }

    #[test]
    fn an_object_is_no_list() -> Result<(), Error> {
        let good = json!({ "name": { "first": "Ada", "count": 1 }, "list": [{ "first": null }] });
        assert_eq!(read(good.clone())?, Wide::deserialize(good)?);
        for bad in [
            json!({ "name": [null, null], "list": [] }),
            json!({ "name": null, "list": [["Ada", 1]] }),
            json!({ "name": null, "list": {} }),
            json!([null, []]),
            json!({ "name": { "count": 256 }, "list": [] }),
            json!({ "name": { "count": "1" }, "list": [] }),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad} was taken");
        }
        Ok(())
    }
}
