//! How many entries a list of an input may have, said where it is read: so both APIs and the console's forms keep to it.

use serde::de::{Deserialize, Deserializer, Error as _};

/// A list, or none.
pub trait Counted {
    /// How many entries it has, where there is one.
    fn entries(&self) -> Option<usize>;
}

impl<T> Counted for Vec<T> {
    fn entries(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T> Counted for Option<Vec<T>> {
    fn entries(&self) -> Option<usize> {
        self.as_ref().map(Vec::len)
    }
}

/// Reads a list of at most so many entries.
///
/// # Errors
/// When it has more.
pub fn at_most<'de, const MOST: usize, L, D>(deserializer: D) -> Result<L, D::Error>
where
    L: Counted + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list = L::deserialize(deserializer)?;
    match list.entries() {
        Some(count) if count > MOST => Err(D::Error::custom(format!(
            "must have at most {MOST} entries; it has {count}"
        ))),
        _ => Ok(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_list_has_as_many_entries_as_it_may() {
        let read = |value: Value| at_most::<2, Vec<u8>, _>(value);
        assert!(read(json!([1, 2])).is_ok());
        let why = read(json!([1, 2, 3])).map_err(|error| error.to_string());
        assert_eq!(why, Err("must have at most 2 entries; it has 3".to_owned()));
        let absent = at_most::<2, Option<Vec<u8>>, _>(Value::Null);
        assert!(absent.is_ok_and(|list| list.is_none()));
    }
}
