//! The tenant's own words in place of a mail's default ones: tried before they are kept, so that no words break a mail, hang
//! the server, or show a name as anything but text.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, PoisonError};

use guildhall::error::{Error, FieldError};
use guildhall::mail::MailKind;
use guildhall::mail_templates::{MailLanguage, MailPreview};
use minijinja::value::ValueKind;
use minijinja::{
    AutoEscape, Environment, ErrorKind, HtmlEscape, UndefinedBehavior, context, escape_formatter,
};

use super::Content;
use super::grammar::{self, Part};
use super::sample::{self, Fullness};
use super::templates::{Language, Rendered, TEMPLATES, moment, one_line};

/// Steps that a template may take: a mail takes a few hundred.
const FUEL: u64 = 20_000;
/// Bytes that a part of a mail may come to.
const LARGEST: usize = 256 * 1024;
/// Bytes that a list may come to.
const LONGEST_LIST: usize = 64 * 1024;

/// The templates of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Words {
    /// The default ones of a mail.
    pub fn default_of(language: Language, kind: MailKind) -> Self {
        let source = |ending: &str| {
            let wanted = format!("{}/{}.{ending}", language.tag(), kind.as_str());
            TEMPLATES
                .iter()
                .find(|(name, _)| *name == wanted)
                .map_or("", |(_, source)| *source)
        };
        let whole = source("txt");
        let (subject, text) = whole.split_once("\n\n").unwrap_or((whole, ""));
        Words {
            subject: subject.to_owned(),
            text: text.trim_start_matches('\n').to_owned(),
            html: source("html").to_owned(),
        }
    }
}

impl From<MailLanguage> for Language {
    fn from(language: MailLanguage) -> Self {
        match language {
            MailLanguage::English => Language::English,
            MailLanguage::German => Language::German,
        }
    }
}

impl From<Rendered> for MailPreview {
    fn from(mail: Rendered) -> Self {
        MailPreview {
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
        }
    }
}

/// What is wrong with words, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub part: Part,
    /// Counted from 1; absent where it is about all of them.
    pub line: Option<usize>,
    pub message: String,
}

impl Wrong {
    fn said(&self) -> String {
        match self.line {
            // A subject is one line.
            Some(line) if self.part != Part::Subject => format!("line {line}: {}", self.message),
            _ => self.message.clone(),
        }
    }
}

/// Renders own words.
pub struct OwnWords {
    environment: Environment<'static>,
    /// The mails whose words have failed since the start, which is logged once.
    failed: Mutex<BTreeSet<(&'static str, &'static str)>>,
}

impl OwnWords {
    /// The engine with what [`grammar`] lets through.
    ///
    /// # Errors
    /// When the layout is malformed: a mistake of ours.
    pub fn new() -> anyhow::Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_fuel(Some(FUEL));
        environment.set_formatter(|out, state, value| {
            if value.is_none() {
                return Err(minijinja::Error::new(
                    ErrorKind::InvalidOperation,
                    "some mails have nothing to say here; ask with {% if … %} first",
                ));
            }
            escape_formatter(out, state, value)
        });
        // The grammar refuses it in words; this is the second lock.
        environment.remove_filter("safe");
        environment.add_filter("moment", moment);
        environment.add_filter("join", joined);
        for (name, layout) in TEMPLATES.iter().filter(|(name, _)| *name == "layout.html") {
            environment.add_template(name, layout)?;
        }
        Ok(OwnWords {
            environment,
            failed: Mutex::default(),
        })
    }

    /// Renders a mail in the tenant's own words.
    ///
    /// # Errors
    /// What is wrong with the words.
    pub fn render(
        &self,
        language: Language,
        content: &Content,
        tenant: &str,
        words: &Words,
    ) -> Result<Rendered, Wrong> {
        let given = minijinja::Value::from_serialize(content);
        let values = context! { tenant, language => language.tag(), ..given };
        let subject = one_line(&self.part(Part::Subject, &words.subject, &values)?);
        if subject.is_empty() {
            return Err(Wrong {
                part: Part::Subject,
                line: None,
                message: "some mails would have no subject".to_owned(),
            });
        }
        let text = self.part(Part::Text, &words.text, &values)?;
        let values = context! { subject => &subject, ..values };
        let html = self.part(Part::Html, &words.html, &values)?;
        Ok(Rendered {
            subject,
            text: text.trim_start_matches('\n').to_owned(),
            html,
        })
    }

    /// Renders a mail that is sent now; nothing where its words fail, which were fine with the made-up mails: the default ones
    /// are there for that.
    pub fn sent(
        &self,
        language: Language,
        content: &Content,
        tenant: &str,
        words: &Words,
    ) -> Option<Rendered> {
        match self.render(language, content, tenant, words) {
            Ok(rendered) => Some(rendered),
            Err(wrong) => {
                let (kind, language) = (content.kind().as_str(), language.tag());
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                if failed.insert((kind, language)) {
                    tracing::warn!(
                        mail.kind = kind,
                        mail.language = language,
                        mail.part = wrong.part.field(),
                        mail.line = wrong.line,
                        "a mail could not be written in the tenant's own words, and is sent in the default ones"
                    );
                }
                None
            }
        }
    }

    fn part(&self, part: Part, source: &str, values: &minijinja::Value) -> Result<String, Wrong> {
        let name = if part == Part::Html { "own.html" } else { "own.txt" };
        let wrong = |error: &minijinja::Error| Wrong {
            part,
            line: error.line().filter(|_| error.name() == Some(name)),
            message: in_words(error),
        };
        let template = self
            .environment
            .template_from_named_str(name, source)
            .map_err(|error| wrong(&error))?;
        let mut rendered = Bounded(Vec::new());
        template
            .render_captured_to(values, &mut rendered)
            .map(drop)
            .map_err(|error| wrong(&error))?;
        String::from_utf8(rendered.0).map_err(|_| Wrong {
            part,
            line: None,
            message: "is no text when it is filled in".to_owned(),
        })
    }

    /// Tries words with made-up mails, one that has everything and one that has only what each has; gives the full one.
    ///
    /// # Errors
    /// 400 at each part that would break a mail, or hide what the mail is for.
    pub fn tried(
        &self,
        kind: MailKind,
        language: Language,
        tenant: &str,
        words: &Words,
    ) -> Result<Rendered, Error> {
        let parts = [
            (Part::Subject, &words.subject),
            (Part::Text, &words.text),
            (Part::Html, &words.html),
        ];
        let full = sample::of(kind, Fullness::Full);
        let names = sample::names(&full);
        let mut wrongs = Vec::new();
        for (part, source) in parts {
            if let Err((line, message)) = grammar::check(part, source) {
                wrongs.push(Wrong {
                    part,
                    line: Some(line),
                    message,
                });
            } else if let Some(unknown) = self.unknown(part, source, &names) {
                wrongs.push(unknown);
            }
        }
        if wrongs.is_empty() {
            for content in [&full, &sample::of(kind, Fullness::Sparse)] {
                match self.render(language, content, tenant, words) {
                    Ok(rendered) => wrongs.extend(missing(content, &rendered)),
                    Err(wrong) => wrongs.push(wrong),
                }
                if !wrongs.is_empty() {
                    break;
                }
            }
        }
        let fields = wrongs.iter().map(|wrong| FieldError {
            field: wrong.part.field().to_owned(),
            message: wrong.said(),
        });
        Error::all(fields.collect())?;
        self.render(language, &full, tenant, words)
            .map_err(|wrong| Error::field(wrong.part.field(), wrong.said()))
    }

    /// A name that this kind of mail has not, wherever it stands: also where the made-up mails do not come by.
    fn unknown(&self, part: Part, source: &str, names: &[String]) -> Option<Wrong> {
        let name = if part == Part::Html { "own.html" } else { "own.txt" };
        let template = self.environment.template_from_named_str(name, source).ok()?;
        let mut unknown: Vec<String> = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|used| !names.contains(used) && (part != Part::Html || used != "subject"))
            .collect();
        unknown.sort_unstable();
        let unknown = unknown.into_iter().next()?;
        Some(Wrong {
            part,
            line: grammar::line_of(source, &unknown),
            message: format!("{unknown} is not a variable of this mail"),
        })
    }
}

/// What a mail must say and does not: the link that it is sent for.
fn missing(content: &Content, rendered: &Rendered) -> Vec<Wrong> {
    let Some(link) = sample::link(content) else {
        return Vec::new();
    };
    let wrong = |part: Part| Wrong {
        part,
        line: None,
        message: "must say {{ link }} in every case: without it, nobody can do what the mail is for"
            .to_owned(),
    };
    let mut wrongs = Vec::new();
    if !rendered.text.contains(&link) {
        wrongs.push(wrong(Part::Text));
    }
    if !rendered.html.contains(&HtmlEscape(&link).to_string()) {
        wrongs.push(wrong(Part::Html));
    }
    wrongs
}

/// What a template engine says, for people.
fn in_words(error: &minijinja::Error) -> String {
    match error.kind() {
        ErrorKind::OutOfFuel => "takes too many steps to fill in".to_owned(),
        ErrorKind::WriteFailure => format!("comes to more than {} KiB", LARGEST / 1024),
        ErrorKind::UndefinedError => "asks for what this mail does not have".to_owned(),
        kind => error
            .detail()
            .map_or_else(|| kind.to_string(), str::to_owned)
            .trim()
            .to_owned(),
    }
}

/// The items of a list with something between. Not of a text's letters, which could be done over and over.
fn joined(list: minijinja::Value, between: Option<String>) -> Result<String, minijinja::Error> {
    let refused = |why: &'static str| minijinja::Error::new(ErrorKind::InvalidOperation, why);
    if list.kind() != ValueKind::Seq {
        return Err(refused("join is for lists"));
    }
    let between = between.unwrap_or_default();
    let mut all = String::new();
    for (at, item) in list.try_iter()?.enumerate() {
        if at > 0 {
            all.push_str(&between);
        }
        all.push_str(&item.to_string());
        if all.len() > LONGEST_LIST {
            return Err(refused("the list is too long"));
        }
    }
    Ok(all)
}

/// Takes so many bytes and no more.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > LARGEST {
            return Err(io::Error::other("too large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
