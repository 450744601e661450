//! Numbers and times in words, without a library: the whole need is a calendar date in UTC.

use leptos::prelude::*;

/// 1234567 as “1 234 567”, with narrow no-break spaces.
pub fn format_count(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// “1 member”, “2 members”: the count with its noun.
pub fn count_of(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", format_count(count), if count == 1 { one } else { many })
}

/// In capital letters. The browser knows all alphabets; in the program, their tables would be a twentieth of it.
pub fn upper(text: &str) -> String {
    #[cfg(target_family = "wasm")]
    return leptos::web_sys::js_sys::JsString::from(text)
        .to_upper_case()
        .into();
    #[cfg(not(target_family = "wasm"))]
    text.to_uppercase()
}

/// With a capital letter first, and the rest as it is.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().collect();
    upper(&first) + letters.as_str()
}

/// In small letters; see [`upper`].
pub fn lower(text: &str) -> String {
    #[cfg(target_family = "wasm")]
    return leptos::web_sys::js_sys::JsString::from(text)
        .to_lower_case()
        .into();
    #[cfg(not(target_family = "wasm"))]
    text.to_lowercase()
}

/// A moment taken apart, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

impl Civil {
    /// From milliseconds since 1970 (Howard Hinnant's `civil_from_days`).
    pub const fn from_millis(millis: i64) -> Self {
        let seconds = millis.div_euclid(1000);
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Self {
            year: year_of_era + era * 400 + if month <= 2 { 1 } else { 0 },
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest % 3600 / 60,
            second: rest % 60,
        }
    }

    /// `2026-03-01T12:00:00Z`
    pub fn iso(&self) -> String {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// “1 Mar 2026”
    pub fn date(&self) -> String {
        format!("{} {} {}", self.day, self.month_word(), self.year)
    }

    /// “1 Mar 2026, 12:00 UTC”
    pub fn text(&self) -> String {
        format!("{}, {:02}:{:02} UTC", self.date(), self.hour, self.minute)
    }

    const fn month_word(&self) -> &'static str {
        match self.month {
            1 => "Jan",
            2 => "Feb",
            3 => "Mar",
            4 => "Apr",
            5 => "May",
            6 => "Jun",
            7 => "Jul",
            8 => "Aug",
            9 => "Sep",
            10 => "Oct",
            11 => "Nov",
            _ => "Dec",
        }
    }
}

/// “3 hours ago”, “in 2 days”: how far `then` lies from `now`, both in milliseconds.
pub fn distance(then: i64, now: i64) -> String {
    let seconds = (then - now) / 1000;
    let (amount, unit) = match seconds.abs() {
        0..60 => return "just now".to_owned(),
        s @ 60..3600 => (s / 60, "minute"),
        s @ 3600..86_400 => (s / 3600, "hour"),
        s @ 86_400..2_592_000 => (s / 86_400, "day"),
        s @ 2_592_000..31_536_000 => (s / 2_592_000, "month"),
        s => (s / 31_536_000, "year"),
    };
    let plural = if amount == 1 { "" } else { "s" };
    if seconds < 0 {
        format!("{amount} {unit}{plural} ago")
    } else {
        format!("in {amount} {unit}{plural}")
    }
}

/// A moment: absolute and in UTC, so that the server and every browser write the same.
#[component]
pub fn Time(
    /// Milliseconds since 1970.
    ms: i64,
    /// Only the day; the full moment is in the tooltip.
    #[prop(optional)]
    date_only: bool,
    /// Writes the distance to this moment instead (pass the server's clock, the same on both sides).
    #[prop(optional, into)]
    now: Option<i64>,
) -> impl IntoView {
    let civil = Civil::from_millis(ms);
    let text = match now {
        Some(now) => distance(ms, now),
        None if date_only => civil.date(),
        None => civil.text(),
    };
    view! {
        <time class="time" datetime=civil.iso() title=civil.text()>
            {text}
        </time>
    }
}

/// A moment that may not have come: “Never” or the given word in its place.
#[component]
pub fn MaybeTime(
    ms: Option<i64>,
    #[prop(default = "Never")] none: &'static str,
    #[prop(optional)] date_only: bool,
) -> impl IntoView {
    match ms {
        Some(ms) => view! { <Time ms date_only /> }.into_any(),
        None => view! { <span class="muted">{none}</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_right_at_its_corners() {
        assert_eq!(Civil::from_millis(0).iso(), "1970-01-01T00:00:00Z");
        assert_eq!(Civil::from_millis(-1).iso(), "1969-12-31T23:59:59Z");
        assert_eq!(Civil::from_millis(951_825_599_000).iso(), "2000-02-29T11:59:59Z");
        assert_eq!(
            Civil::from_millis(1_772_366_400_000).text(),
            "1 Mar 2026, 12:00 UTC"
        );
    }

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!(format_count(7), "7");
        assert_eq!(format_count(1_000), "1\u{202f}000");
        assert_eq!(format_count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count_of(1, "member", "members"), "1 member");
    }

    #[test]
    fn distances_are_said_in_one_unit() {
        assert_eq!(distance(0, 30_000), "just now");
        assert_eq!(distance(0, 3_600_000), "1 hour ago");
        assert_eq!(distance(172_800_000, 0), "in 2 days");
    }
}
