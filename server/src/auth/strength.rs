//! How long a password would withstand guessing (zxcvbn), for whoever is about to choose it.

use guildhall::passwords::{PasswordStrength, Strength};
use zxcvbn::Score;

use super::password_rules::{self, About};

/// Longer ones are strong, and would take long to look at.
const LOOKED_AT: usize = 64;

/// Judges a password. It takes milliseconds of a processor: not for a thread that serves others.
pub fn judge(password: &str, about: &About) -> PasswordStrength {
    if let Err(why) = password_rules::check(password, about) {
        return PasswordStrength {
            strength: Strength::Refused,
            advice: Some(why.to_string()),
        };
    }
    let looked_at: String = password_rules::composed(password)
        .chars()
        .take(LOOKED_AT)
        .collect();
    let entropy = zxcvbn::zxcvbn(&looked_at, &about.names());
    let strength = match entropy.score() {
        Score::Zero | Score::One => Strength::Weak,
        Score::Two => Strength::Fair,
        Score::Three => Strength::Good,
        _ => Strength::Strong,
    };
    let advice = entropy.feedback().and_then(|feedback| {
        let warning = feedback.warning().map(|warning| warning.to_string());
        warning.or_else(|| feedback.suggestions().first().map(ToString::to_string))
    });
    PasswordStrength { strength, advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(password: &str) -> Strength {
        judge(password, &About::new().and("Northwind")).strength
    }

    #[test]
    fn more_words_are_stronger() {
        assert_eq!(strength("password1"), Strength::Refused);
        assert_eq!(strength("northwind1"), Strength::Weak);
        assert_eq!(strength("correct horse battery staple"), Strength::Strong);
        assert!(strength(&"tangerine sofa ".repeat(8)) >= Strength::Good);
    }
}
