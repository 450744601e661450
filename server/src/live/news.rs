//! What an operation has changed, as those who look at it are told: what kind of thing and which one, never what it says.

use std::collections::BTreeSet;

use guildhall::id::{ApplicationId, OrganizationId, UserId};
use serde::{Deserialize, Serialize};

use crate::change::Change;

/// Things, and people, that are told one by one: of more, everything is read again.
const MOST: usize = 40;
/// Bytes that PostgreSQL takes in one notification, less than 8,000.
const LONGEST: usize = 7_900;

/// A thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Thing {
    /// What the audit calls it: `member`, `invitation`, `organization` and so on.
    pub kind: String,
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The application whose own it is, of which each organization that has it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
    /// Whether it is a person's record that changed, which the organizations show that they are in.
    #[serde(default)]
    pub is_record: bool,
}

/// Whose rights may have become other ones, or whose sessions may have ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    #[default]
    Nobodys,
    Of(BTreeSet<UserId>),
    Everybodys,
}

impl Whose {
    /// Whether it is about this person, too.
    pub fn includes(&self, person: UserId) -> bool {
        match self {
            Whose::Nobodys => false,
            Whose::Of(people) => people.contains(&person),
            Whose::Everybodys => true,
        }
    }

    fn and(&mut self, other: Whose) {
        *self = match (std::mem::take(self), other) {
            (Whose::Nobodys, whose) | (whose, Whose::Nobodys) => whose,
            (Whose::Of(mut people), Whose::Of(more)) => {
                people.extend(more);
                if people.len() > MOST {
                    Whose::Everybodys
                } else {
                    Whose::Of(people)
                }
            }
            _ => Whose::Everybodys,
        };
    }
}

/// What one or several operations have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// It is not known, or too much to say: everything is to be read again.
    #[serde(default)]
    pub all: bool,
    #[serde(default)]
    pub things: BTreeSet<Thing>,
    #[serde(default)]
    pub rights: Whose,
}

/// What one server tells the others.
#[derive(Debug, Serialize, Deserialize)]
struct Message {
    /// Who says it: a server knows already what it has changed itself.
    from: String,
    news: News,
}

impl News {
    /// What an operation said of itself, and the application that it was about; nothing where it changed nothing.
    pub fn of(changes: &[Change], application: Option<ApplicationId>, rights: Whose) -> Option<News> {
        if changes.is_empty() && rights == Whose::Nobodys {
            return None;
        }
        let mut news = News::default();
        let things = changes.iter().map(|change| Thing {
            kind: change.target_kind.to_owned(),
            id: change.target_id.clone(),
            organization: change.organization_id,
            application: application.filter(|_| change.organization_id.is_none()),
            is_record: change.target_kind == "user" && change.before.is_some() && change.after.is_some(),
        });
        news.and(News {
            all: false,
            things: things.collect(),
            rights,
        });
        Some(news)
    }

    /// That anything may have changed.
    pub fn everything() -> News {
        News {
            all: true,
            things: BTreeSet::new(),
            rights: Whose::Everybodys,
        }
    }

    /// Adds other news.
    pub fn and(&mut self, other: News) {
        self.all |= other.all;
        self.things.extend(other.things);
        self.all |= self.things.len() > MOST;
        if self.all {
            self.things.clear();
        }
        // Also those of one operation may be too many.
        self.rights.and(match other.rights {
            Whose::Of(people) if people.len() > MOST => Whose::Everybodys,
            rights => rights,
        });
    }

    /// As one server tells it to the others.
    pub fn told(&self, from: &str) -> String {
        let text = |news: News| {
            serde_json::to_string(&Message {
                from: from.to_owned(),
                news,
            })
            .unwrap_or_default()
        };
        let told = text(self.clone());
        if told.is_empty() || told.len() > LONGEST {
            return text(News::everything());
        }
        told
    }

    /// What another server told; nothing where it was `own` word. What cannot be read may be anything.
    pub fn heard(told: &str, own: &str) -> Option<News> {
        match serde_json::from_str::<Message>(told) {
            Ok(message) if message.from == own => None,
            Ok(message) => Some(message.news),
            // A server of another version.
            Err(_) => Some(News::everything()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn person(number: u128) -> UserId {
        UserId::compose(1, number)
    }

    #[test]
    fn what_changed_nothing_is_no_news() {
        assert_eq!(News::of(&[], None, Whose::Nobodys), None);
        let signed_out = News::of(&[], None, Whose::Of([person(1)].into())).unwrap();
        assert!(signed_out.rights.includes(person(1)) && !signed_out.rights.includes(person(2)));
    }

    #[test]
    fn news_say_which_thing_and_nothing_of_what_it_says() {
        let change = Change::of("user", person(1), "Ada Lovelace")
            .before(&serde_json::json!({ "email": "ada@example.com" }))
            .after(&serde_json::json!({ "email": "ada@example.org" }));
        let news = News::of(&[change], None, Whose::Nobodys).unwrap();
        assert!(news.things.iter().all(|thing| thing.is_record));
        let told = news.told("a");
        assert!(told.contains(&person(1).to_string()), "{told}");
        assert!(!told.contains("ada") && !told.contains("Ada"), "{told}");
        assert_eq!(News::heard(&told, "b"), Some(news));
        assert_eq!(News::heard(&told, "a"), None);
        assert_eq!(News::heard("{", "a"), Some(News::everything()));
    }

    #[test]
    fn too_much_to_say_is_everything() {
        let changes: Vec<Change> = (0..41).map(|at| Change::of("member", person(at), "")).collect();
        let news = News::of(&changes, None, Whose::Of((0..41).map(person).collect())).unwrap();
        assert!(news.all && news.things.is_empty());
        assert_eq!(news.rights, Whose::Everybodys);
        let long = Change::of("mail", "x".repeat(9_000), "");
        let told = News::of(&[long], None, Whose::Nobodys).unwrap().told("a");
        assert_eq!(News::heard(&told, "b"), Some(News::everything()));
        let most: Vec<Change> = (0..40)
            .map(|at| Change::of("organization_role", person(at), "").within(OrganizationId::compose(1, at)))
            .collect();
        let told = News::of(&most, None, Whose::Of((0..40).map(person).collect()))
            .unwrap()
            .told("0123456789abcdef0123456789abcdef");
        assert_eq!(News::heard(&told, "b").map(|news| news.things.len()), Some(40));
    }
}
