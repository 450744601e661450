//! The rules for a new password, wherever it is set: long enough, and not among those that are guessed first.

use std::io::Read as _;
use std::sync::LazyLock;

use guildhall::error::Malformed;
use guildhall::users::User;
use unicode_normalization::UnicodeNormalization as _;

/// The fewest characters that a password may have (NIST SP 800-63B, 5.1.1).
const SHORTEST: usize = 8;
/// The most.
const LONGEST: usize = 128;

/// Sorted lines; `data/README.md` says where they come from.
static COMMON: &[u8] = include_bytes!("../../data/common-passwords.txt.br");

/// Unpacked at the first look: a server on which nobody sets a password never needs it.
static LINES: LazyLock<String> = LazyLock::new(|| {
    let mut lines = String::new();
    // What is embedded was tested; a list that cannot be read refuses nothing.
    let _ = brotli::Decompressor::new(COMMON, 64 * 1024).read_to_string(&mut lines);
    lines
});

/// Whom a password is for, as far as somebody who guesses it knows them: their names and addresses, and those of where they
/// work.
#[derive(Debug, Clone, Default)]
pub struct About {
    names: Vec<String>,
}

impl About {
    /// Nobody, in this product.
    pub fn new() -> Self {
        About::default().and("Guildhall")
    }

    /// A person as they are recorded.
    pub fn person(user: &User) -> Self {
        let mut about = About::new();
        for email in user.email.iter().map(|email| &email.value) {
            about = about.and_email(email);
        }
        for email in &user.secondary_emails {
            about = about.and_email(email);
        }
        if let Some(name) = &user.name {
            about = about.and_name(name);
        }
        let others = [&user.username, &user.external_user_id];
        others
            .into_iter()
            .flatten()
            .fold(about, |about, text| about.and(text))
    }

    /// A name in parts: each of them, and together in both orders.
    pub fn and_name(mut self, name: &guildhall::users::PersonName) -> Self {
        let text = |part: &Option<guildhall::text::NamePart>| {
            part.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        let (first, last) = (text(&name.first_name), text(&name.last_name));
        for whole in [
            name.full(),
            format!("{first}{last}"),
            format!("{last}{first}"),
            first,
            last,
        ] {
            self = self.and(&whole);
        }
        self
    }

    /// A mail address: whole, before the @, and the first label after it.
    pub fn and_email(self, email: &str) -> Self {
        let (local, domain) = email.split_once('@').unwrap_or((email, ""));
        let label = domain.split('.').next().unwrap_or_default();
        self.and(email).and(local).and(label).and(domain)
    }

    /// Any other name.
    pub fn and(mut self, name: &str) -> Self {
        let name = bare(name);
        if !name.is_empty() && !self.names.contains(&name) {
            self.names.push(name);
        }
        self
    }

    /// The names, for an estimate of strength.
    pub fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }
}

/// A password as it is compared and hashed: in composed form, so that every keyboard makes the same of the same letters
/// (NIST SP 800-63B, 5.1.1.2).
pub fn composed(password: &str) -> String {
    password.nfc().collect()
}

/// Refuses a password that is too short, too long, among the common ones, a pattern, or nothing but a name of its owner.
///
/// # Errors
/// Why.
pub fn check(password: &str, about: &About) -> Result<(), Malformed> {
    let password = composed(password);
    let refuse = |why: &str| Err(Malformed::new(why));
    match password.chars().count() {
        n if n < SHORTEST => return refuse("must have at least 8 characters"),
        n if n > LONGEST => return refuse("must have at most 128 characters"),
        _ => {}
    }
    if is_run(&password) {
        return refuse("must not be one character repeated, or a row of them such as 12345678 or abcdefgh");
    }
    if about.names.contains(&bare(&password)) {
        return refuse("must not be your own address or name, or that of your organization or this product");
    }
    if is_common(&password) {
        return refuse("is among the passwords that are guessed first: it was found in many break-ins");
    }
    Ok(())
}

/// Letters and digits in lower case: `Ada.Lovelace` is nothing else than `ada lovelace`.
fn bare(text: &str) -> String {
    composed(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether each character follows from the one before by the same step of -1, 0 or 1.
fn is_run(password: &str) -> bool {
    let codes: Vec<i64> = password
        .to_lowercase()
        .chars()
        .map(|c| i64::from(u32::from(c)))
        .collect();
    [-1, 0, 1].into_iter().any(|step| {
        codes
            .iter()
            .zip(codes.iter().skip(1))
            .all(|(one, next)| next - one == step)
    })
}

fn is_common(password: &str) -> bool {
    let wanted = password.to_lowercase();
    let lines = LINES.as_bytes();
    let (mut low, mut high) = (0, lines.len());
    while low < high {
        let middle = low.midpoint(high);
        let line_at = |from: usize| lines.get(from..).unwrap_or_default();
        let start = lines
            .get(..middle)
            .unwrap_or_default()
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = line_at(start)
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        match line.cmp(wanted.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn refused(password: &str) -> bool {
        let about = About::new()
            .and_email("ada.lovelace@analytical-engines.example")
            .and("Acme Holdings");
        check(password, &about).is_err()
    }

    #[test]
    fn the_common_ones_are_refused_however_they_are_written() {
        for common in [
            "password1",
            "Password1",
            "qwerty123",
            "letmein123",
            "1q2w3e4r5t",
            "iloveyou2",
            "trustno1!",
            "zzzzzzzz",
        ] {
            assert_eq!(refused(common), common != "trustno1!", "{common}");
        }
        // The first and the last line, too: the search leaves no gap.
        for line in [LINES.lines().next().unwrap(), LINES.lines().last().unwrap()] {
            assert!(is_common(line), "{line}");
        }
        assert!(LINES.lines().step_by(997).all(is_common));
        assert!(LINES.lines().count() > 50_000);
    }

    #[test]
    fn there_are_no_composition_rules() {
        for fine in [
            "correct horse battery",
            "tangerine sofa",
            "пароль из слов",
            "four words in lower",
            "ääääöööü",
        ] {
            assert!(!refused(fine), "{fine}");
        }
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(refused("ünïcödé"));
        assert!(!refused("ünïcödéß"));
        // Decomposed, each letter has two code points and is still one character.
        let decomposed: String = "ünïcödé".nfd().collect();
        assert!(decomposed.chars().count() > 8 && refused(&decomposed));
        let longest: String = "äö".repeat(64).nfd().collect();
        assert!(!refused(&longest) && refused(&format!("{longest}a")));
    }

    #[test]
    fn names_and_rows_alone_are_refused() {
        for name in [
            "ada.lovelace",
            "AdaLovelace",
            "acme holdings",
            "analytical-engines",
            "g-u-i-l-d-h-a-l-l",
        ] {
            assert!(refused(name), "{name}");
        }
        for row in ["aaaaaaaaaa", "23456789", "hgfedcba"] {
            assert!(refused(row), "{row}");
        }
        assert!(!refused("ada.lovelace and a dog"));
    }
}
