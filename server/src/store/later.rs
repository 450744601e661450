//! Statements that go to SQLite's connection together with the one after them, as one text.

use std::fmt::Write as _;

use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// What waits for the next statement.
#[derive(Default)]
pub(super) struct Later {
    /// One or more statements; empty where nothing waits.
    pub before: String,
    pub arguments: SqliteArguments,
}

/// A statement behind those that wait for it, which have `waiting` parameters: in one text, `$1` is one parameter for all.
pub(super) fn joined(before: &str, sql: &'static str, waiting: usize) -> SqlStr {
    if before.is_empty() {
        return SqlStr::from_static(sql);
    }
    let mut text = String::with_capacity(before.len() + sql.len() + 16);
    text.push_str(before);
    text.push_str(";\n");
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        match number.parse::<usize>() {
            // Writing to a string does not fail.
            Ok(number) => _ = write!(text, "${}{rest}", number + waiting),
            Err(_) => _ = write!(text, "${part}"),
        }
    }
    // Both are literals of the store: nothing of a request is ever in the text.
    AssertSqlSafe(text).into_sql_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_on() {
        let second = joined(
            "DELETE FROM a WHERE b = $1 AND c = $2",
            "SELECT $2, $10 || '$' FROM d WHERE e=$1",
            2,
        );
        assert_eq!(
            second.as_str(),
            "DELETE FROM a WHERE b = $1 AND c = $2;\nSELECT $4, $12 || '$' FROM d WHERE e=$3"
        );
        assert_eq!(joined("", "SELECT $1", 0).as_str(), "SELECT $1");
    }
}
