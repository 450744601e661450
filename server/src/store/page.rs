//! Keyset pages: what a cursor holds, and how rows become a page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guildhall::error::Error;
use guildhall::page::{Cursor, Limit, Order, Page, PageInfo};

/// Sorts after every key: where a descending list begins.
const LAST: &str = "\u{10fffd}\u{10fffd}";

/// Between the parts of a cursor and of aggregated columns; no value type lets it in.
pub const UNIT: char = '\u{1f}';

/// Which rows a page wants.
#[derive(Debug, Clone)]
pub struct Window {
    list: &'static str,
    order: Order,
    backward: bool,
    at: Option<(String, String)>,
    limit: Limit,
}

impl Window {
    /// Reads a cursor of the list named `list`; the name says how it is sorted, too.
    ///
    /// # Errors
    /// 400 for a cursor of another list, or none at all.
    pub fn new(
        list: &'static str,
        order: Order,
        cursor: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Self, Error> {
        let mut window = Window {
            list,
            order,
            backward: false,
            at: None,
            limit,
        };
        if let Some(cursor) = cursor {
            let wrong = || Error::field("cursor", "is not a cursor of this list");
            let bytes = URL_SAFE_NO_PAD.decode(cursor.as_str()).map_err(|_| wrong())?;
            let text = String::from_utf8(bytes).map_err(|_| wrong())?;
            if text.contains(|c: char| c.is_control() && c != UNIT) {
                return Err(wrong());
            }
            let mut parts = text.split(UNIT);
            let (Some(head), Some(key), Some(id), None) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                return Err(wrong());
            };
            window.backward = match head.strip_prefix(&window.head(true)) {
                Some("") => true,
                _ if head == window.head(false) => false,
                _ => return Err(wrong()),
            };
            window.at = Some((key.to_owned(), id.to_owned()));
        }
        Ok(window)
    }

    /// The same for a list that can also be asked for what is behind so many rows: then it says which row is the last of
    /// those, counted from 0, for [`Window::stand_behind`].
    ///
    /// # Errors
    /// 400 for a cursor of another list, or none at all.
    pub fn or_skipping(
        list: &'static str,
        order: Order,
        cursor: Option<&Cursor>,
        limit: Limit,
    ) -> Result<(Self, Option<i64>), Error> {
        match cursor.and_then(Cursor::skips) {
            Some(rows) => Ok((
                Self::new(list, order, None, limit)?,
                rows.checked_sub(1).map(i64::from),
            )),
            None => Ok((Self::new(list, order, cursor, limit)?, None)),
        }
    }

    /// Begins the page behind a row, of which this is the key and the id; behind all where there is no such row.
    pub fn stand_behind(&mut self, last: Option<(String, String)>) {
        let end = if self.descending() { "" } else { LAST };
        self.at = Some(last.unwrap_or_else(|| (end.to_owned(), end.to_owned())));
    }

    /// The same where the key is a number.
    pub fn stand_behind_number(&mut self, last: Option<(i64, String)>) {
        let end = if self.descending() { -1 } else { i64::MAX };
        let (key, id) = last.unwrap_or_else(|| (end, LAST.to_owned()));
        self.at = Some((key.to_string(), id));
    }

    fn head(&self, backward: bool) -> String {
        let order = if self.order == Order::Descending { 'd' } else { 'a' };
        format!("{}.{order}.{}", self.list, if backward { 'p' } else { 'n' })
    }

    /// Whether the statement runs from high to low.
    pub fn descending(&self) -> bool {
        (self.order == Order::Descending) != self.backward
    }

    /// The key that the rows come after, for a text key.
    pub fn key(&self) -> String {
        match &self.at {
            Some((key, _)) => key.clone(),
            None if self.descending() => LAST.to_owned(),
            None => String::new(),
        }
    }

    /// The key that the rows come after, for a number.
    ///
    /// # Errors
    /// 400 when the cursor holds none.
    pub fn number(&self) -> Result<i64, Error> {
        match &self.at {
            Some((key, _)) => key
                .parse()
                .map_err(|_| Error::field("cursor", "is not a cursor of this list")),
            None if self.descending() => Ok(i64::MAX),
            None => Ok(-1),
        }
    }

    /// The id that the rows come after.
    pub fn id(&self) -> String {
        match &self.at {
            Some((_, id)) => id.clone(),
            None if self.descending() => LAST.to_owned(),
            None => String::new(),
        }
    }

    /// How many rows to fetch: one more than the page has, to know whether there is a next one.
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit.rows()) + 1
    }

    /// Makes the page of the fetched rows; `key` gives a row's sort key and id.
    pub fn page<R>(&self, mut rows: Vec<R>, key: impl Fn(&R) -> (String, String)) -> Page<R> {
        let limit = usize::from(self.limit.rows());
        let more = rows.len() > limit;
        rows.truncate(limit);
        if self.backward {
            rows.reverse();
        }
        let cursor = |row: Option<&R>, backward: bool| {
            row.map(|row| {
                let (key, id) = key(row);
                URL_SAFE_NO_PAD.encode(format!("{}{UNIT}{key}{UNIT}{id}", self.head(backward)))
            })
        };
        let (before, after) = if self.backward {
            (more, true)
        } else {
            (self.at.is_some(), more)
        };
        let info = PageInfo {
            limit: self.limit.rows(),
            next_cursor: if after { cursor(rows.last(), false) } else { None },
            previous_cursor: if before { cursor(rows.first(), true) } else { None },
            total: None,
            total_is_lower_bound: false,
        };
        Page { items: rows, info }
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds a folded text anywhere; `None` when there is nothing to look for.
///
/// A whole id stays as it is, for `id = $n` beside the `LIKE`: as a part of texts, ids would be found by "org", which
/// all of them start with, and by almost any digit.
pub fn pattern(search: Option<&guildhall::page::Search>) -> Option<String> {
    let folded = search?.folded();
    if folded.is_empty() {
        return None;
    }
    if is_whole_id(&folded) {
        return Some(folded);
    }
    let mut pattern = String::with_capacity(folded.len() + 2);
    pattern.push('%');
    for c in folded.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Some(pattern)
}

/// Whether a text has the form of an id.
pub fn is_whole_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(prefix, rest)| {
        prefix.len() == 3 && rest.len() == 26 && text.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric())
    })
}

/// How far a filtered list is counted.
pub const COUNTED: i64 = 1000;

/// Puts a filtered list's count, which stops just above [`COUNTED`], on its page.
pub fn put_counted<T>(page: &mut Page<T>, counted: i64) {
    page.info.total_is_lower_bound = counted > COUNTED;
    page.info.total = u64::try_from(counted.min(COUNTED)).ok();
}

/// A list's two statements, ascending and descending: `keyset!(head, key, id)` adds the keyset, the order and the
/// limit as `$1` (key), `$2` (id) and `$3`; the head's own parameters begin at `$4`.
macro_rules! keyset {
    ($descending:expr, $head:expr, $key:literal, $id:literal) => {
        if $descending {
            concat!(
                $head,
                " AND (",
                $key,
                ", ",
                $id,
                ") < ($1, $2) ORDER BY ",
                $key,
                " DESC, ",
                $id,
                " DESC LIMIT $3"
            )
        } else {
            concat!(
                $head,
                " AND (",
                $key,
                ", ",
                $id,
                ") > ($1, $2) ORDER BY ",
                $key,
                ", ",
                $id,
                " LIMIT $3"
            )
        }
    };
}
pub(crate) use keyset;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fetch(all: &[i64], window: &Window) -> Vec<i64> {
        let at = window.number().unwrap();
        let mut rows: Vec<i64> = all
            .iter()
            .copied()
            .filter(|n| if window.descending() { *n < at } else { *n > at })
            .collect();
        rows.sort_unstable();
        if window.descending() {
            rows.reverse();
        }
        rows.truncate(usize::try_from(window.fetch()).unwrap());
        rows
    }

    fn go(all: &[i64], cursor: Option<&str>) -> Page<i64> {
        let cursor = cursor.map(|text| Cursor::parse(text).unwrap());
        let window = Window::new("t", Order::Ascending, cursor.as_ref(), Limit::new(2).unwrap()).unwrap();
        window.page(fetch(all, &window), |n| (n.to_string(), String::new()))
    }

    #[test]
    fn leads_there_and_back() {
        let all = [1, 2, 3, 4, 5];
        let first = go(&all, None);
        assert_eq!(
            (first.items.as_slice(), first.info.previous_cursor.as_deref()),
            ([1, 2].as_slice(), None)
        );
        let second = go(&all, first.info.next_cursor.as_deref());
        assert_eq!(second.items, [3, 4]);
        let third = go(&all, second.info.next_cursor.as_deref());
        assert_eq!(
            (third.items.as_slice(), third.info.next_cursor.as_deref()),
            ([5].as_slice(), None)
        );
        let back = go(&all, third.info.previous_cursor.as_deref());
        assert_eq!(back.items, [3, 4]);
        let start = go(&all, back.info.previous_cursor.as_deref());
        assert_eq!(
            (start.items.as_slice(), start.info.previous_cursor.as_deref()),
            ([1, 2].as_slice(), None)
        );
    }

    #[test]
    fn refuses_what_it_did_not_make() {
        for text in ["x", "!!!", "eA"] {
            assert!(
                Window::new(
                    "t",
                    Order::Ascending,
                    Some(&Cursor::parse(text).unwrap()),
                    Limit::default()
                )
                .is_err()
            );
        }
    }

    #[test]
    fn a_search_is_a_text_not_a_pattern() {
        let search = guildhall::page::Search::parse("50%_A\\").unwrap();
        assert_eq!(pattern(Some(&search)).unwrap(), "%50\\%\\_a\\\\%");
    }

    #[test]
    fn only_a_whole_id_is_looked_for_as_one() {
        let of = |text: &str| pattern(Some(&guildhall::page::Search::parse(text).unwrap())).unwrap();
        let id = "org_01h00000000000000000000000";
        assert_eq!(of(id), id);
        let shouted = id.to_uppercase();
        assert_eq!(of(&shouted), id);
        assert_eq!(of("org"), "%org%");
        assert_eq!(of("org_01h"), "%org\\_01h%");
    }
}
