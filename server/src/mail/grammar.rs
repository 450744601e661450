//! What a tenant may write in a template: names, conditions, loops and a few filters. Nothing that could grow a text over and
//! over, reach for other templates, or switch off that names are text.

/// A part of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Subject,
    Text,
    Html,
}

impl Part {
    /// The field that it is written in.
    pub fn field(self) -> &'static str {
        match self {
            Part::Subject => "subject",
            Part::Text => "text",
            Part::Html => "html",
        }
    }
}

/// What a line with `{% … %}` begins with.
const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];
/// The same in HTML alone: what the layout around it is, and what goes into it.
const LAYOUT_STATEMENTS: [&str; 3] = ["extends", "block", "endblock"];
/// What stands after `|`.
const FILTERS: [&str; 11] = [
    "moment",
    "join",
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "default",
    "length",
    "first",
    "last",
];
/// What stands after `is`.
const TESTS: [&str; 3] = ["defined", "undefined", "none"];
/// Words that may stand before a parenthesis without calling anything.
const OPERATORS: [&str; 8] = ["if", "elif", "in", "not", "and", "or", "is", "else"];
/// Names with which a template would call itself.
const RECURSIVE: [&str; 3] = ["self", "super", "recursive"];

/// Pieces in a pair of braces: the engine goes into them one within the other, each deeper in its stack.
const MOST_PIECES: usize = 64;
/// `elif` in a template: each lies within the one before.
const MOST_ELIF: usize = 50;

/// A piece of what stands in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'s> {
    Word(&'s str),
    Text(&'s str),
    Number,
    Sign(char),
}

/// Looks through a template.
///
/// # Errors
/// The line and a sentence about the first thing that has no place in a mail.
pub fn check(part: Part, source: &str) -> Result<(), (usize, String)> {
    let mut rest = source;
    let mut line = 1_usize;
    let mut elifs = 0_usize;
    while let Some(at) = opening(rest) {
        let (before, tag) = rest.split_at(at);
        line = line.saturating_add(lines(before));
        let Some((kind, inside)) = tag.split_at_checked(2) else {
            return Ok(());
        };
        let length = match kind {
            "{#" => inside.find("#}"),
            "{%" => closing(inside, "%}"),
            _ => closing(inside, "}}"),
        };
        // What is not closed, the engine says better.
        let Some((inside, after)) = length.and_then(|length| inside.split_at_checked(length)) else {
            return Ok(());
        };
        if kind != "{#" {
            tag_is_fine(part, kind == "{%", inside).map_err(|message| (line, message))?;
        }
        if kind == "{%" && without_signs(inside).trim_start().starts_with("elif") {
            elifs = elifs.saturating_add(1);
            if elifs > MOST_ELIF {
                return Err((line, format!("has more than {MOST_ELIF} elif")));
            }
        }
        line = line.saturating_add(lines(inside));
        rest = after.get(2..).unwrap_or_default();
    }
    Ok(())
}

/// The first line on which a name stands in braces.
pub fn line_of(source: &str, name: &str) -> Option<usize> {
    let mut rest = source;
    let mut line = 1_usize;
    while let Some(at) = opening(rest) {
        let (before, tag) = rest.split_at(at);
        line = line.saturating_add(lines(before));
        let (kind, inside) = tag.split_at_checked(2)?;
        let end = match kind {
            "{#" => inside.find("#}")?,
            "{%" => closing(inside, "%}")?,
            _ => closing(inside, "}}")?,
        };
        let (inside, after) = inside.split_at_checked(end)?;
        if kind != "{#"
            && tokens(without_signs(inside)).is_ok_and(|tokens| tokens.contains(&Token::Word(name)))
        {
            return Some(line);
        }
        line = line.saturating_add(lines(inside));
        rest = after.get(2..)?;
    }
    None
}

fn lines(text: &str) -> usize {
    text.matches('\n').count()
}

/// Where the next tag or comment begins.
fn opening(text: &str) -> Option<usize> {
    ["{{", "{%", "{#"].iter().filter_map(|open| text.find(open)).min()
}

/// Where a tag ends: not within a text in quotes.
fn closing(text: &str, end: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if c == '\\' {
                    escaped = true;
                } else if c == open {
                    quote = None;
                }
            }
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if text.get(at..).is_some_and(|rest| rest.starts_with(end)) => return Some(at),
            None => {}
        }
    }
    None
}

/// What stands in a tag, without the signs that say what becomes of the space around it.
fn without_signs(inside: &str) -> &str {
    let is_sign = |c: char| matches!(c, '-' | '+');
    let inside = inside.strip_prefix(is_sign).unwrap_or(inside);
    inside.strip_suffix(is_sign).unwrap_or(inside)
}

fn tag_is_fine(part: Part, is_statement: bool, inside: &str) -> Result<(), String> {
    let tokens = tokens(without_signs(inside))?;
    if tokens.len() > MOST_PIECES {
        return Err("has too many parts for one pair of braces".to_owned());
    }
    if is_statement {
        let Some((Token::Word(word), after)) = tokens.split_first() else {
            return Err("{% … %} must begin with a word such as if".to_owned());
        };
        let in_layout = part == Part::Html && LAYOUT_STATEMENTS.contains(word);
        if !STATEMENTS.contains(word) && !in_layout {
            return Err(format!("{word} is not possible in a mail"));
        }
        if *word == "extends" && after != [Token::Text("layout.html")] {
            return Err("extends is for \"layout.html\" alone".to_owned());
        }
        if in_layout {
            return Ok(());
        }
    }
    expression_is_fine(&tokens)
}

fn expression_is_fine(tokens: &[Token<'_>]) -> Result<(), String> {
    let mut before = [None, None];
    for token in tokens {
        let [earlier, last] = before;
        match (last, token) {
            (Some(Token::Sign('|')), Token::Word(filter)) if FILTERS.contains(filter) => {}
            (Some(Token::Sign('|')), Token::Word(filter)) => {
                return Err(format!("{filter} is not a filter for mails"));
            }
            (Some(Token::Sign('|')), _) => return Err("a filter must stand after |".to_owned()),
            (Some(Token::Word("is")), Token::Word("not")) => {}
            (Some(Token::Word("is")), Token::Word(test)) if !TESTS.contains(test) => {
                return Err(format!("is {test} cannot be asked in a mail"));
            }
            (Some(Token::Word("not")), Token::Word(test))
                if earlier == Some(Token::Word("is")) && !TESTS.contains(test) =>
            {
                return Err(format!("is not {test} cannot be asked in a mail"));
            }
            (_, Token::Word(word)) if RECURSIVE.contains(word) => {
                return Err(format!("{word} is not possible in a mail"));
            }
            (Some(Token::Word(name)), Token::Sign('('))
                if earlier != Some(Token::Sign('|')) && !OPERATORS.contains(&name) =>
            {
                return Err(format!("{name}(…) cannot be called in a mail"));
            }
            (Some(Token::Sign(')') | Token::Text(_) | Token::Number), Token::Sign('(')) => {
                return Err("nothing can be called in a mail".to_owned());
            }
            _ => {}
        }
        before = [last, Some(*token)];
    }
    Ok(())
}

/// The pieces of what stands in braces.
fn tokens(inside: &str) -> Result<Vec<Token<'_>>, String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = inside.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' | '\'' => {
                let after = rest.get(1..).unwrap_or_default();
                let end = closing_quote(after, c).ok_or_else(|| "a quote is not closed".to_owned())?;
                tokens.push(Token::Text(after.get(..end).unwrap_or_default()));
                end.saturating_add(2)
            }
            c if is_word(c) => {
                let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or_default();
                tokens.push(if c.is_ascii_digit() {
                    Token::Number
                } else {
                    Token::Word(word)
                });
                end
            }
            '.' | ',' | '(' | ')' | '|' | '=' | '!' | '<' | '>' => {
                tokens.push(Token::Sign(c));
                1
            }
            other => return Err(format!("{other} has no meaning in a mail")),
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use super::*;

    #[test]
    fn conditions_loops_and_filters_are_fine() {
        for source in [
            "{{ organization }} {# {% set x %} #}",
            "{% if app and not (roles | length > 1) %}{{ app | default('}}') }}{% elif a is not none %}{% endif +%}",
            "{% for role in roles %}{{ role | upper }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "{{- roles | join(\", \") -}}",
        ] {
            assert_eq!(check(Part::Text, source), Ok(()), "{source}");
        }
        let html = "{% extends \"layout.html\" %}{% block body %}x{% endblock body %}";
        assert_eq!(check(Part::Html, html), Ok(()));
    }

    #[test]
    fn everything_else_is_refused_with_its_line() {
        for (source, line) in [
            ("a\n{% set x = 1 %}", 2),
            ("{% autoescape false %}", 1),
            ("{% macro x() %}", 1),
            ("{% extends \"layout.html\" %}", 1),
            ("{{ 'a'\n }}\n{{ 'a' * 9 }}", 3),
            ("{{ a ~ b }}", 1),
            ("{{ a + b }}", 1),
            ("{{ range(9) }}", 1),
            ("{{ a.b(9) }}", 1),
            ("{{ (a)(9) }}", 1),
            ("{{ a | safe }}", 1),
            ("{{ a | replace('a', 'b') }}", 1),
            ("{{ a is sameas(b) }}", 1),
            ("{{ a is not even }}", 1),
            ("{{ self.body() }}", 1),
            ("{{ [a] }}", 1),
        ] {
            let refused = check(Part::Text, source).expect_err(source);
            assert_eq!(refused.0, line, "{source}: {}", refused.1);
        }
        assert!(check(Part::Html, "{% extends \"en/test.html\" %}").is_err());
    }

    #[test]
    fn what_would_fill_the_stack_is_refused() {
        for deep in [
            format!("x\n{{{{ a{} }}}}", ".a".repeat(30_000)),
            format!("x\n{{{{ a{} }}}}", " | upper".repeat(8_000)),
            format!("x\n{{{{ {}a }}}}", "(".repeat(30_000)),
            format!("x\n{{% if {}a %}}{{% endif %}}", "not ".repeat(15_000)),
        ] {
            let refused = check(Part::Text, &deep);
            let said = "has too many parts for one pair of braces".to_owned();
            assert_eq!(refused, Err((2, said)));
        }
        let many = |elif: usize| format!("{{% if a %}}\n{}{{% endif %}}", "{% elif a %}\n".repeat(elif));
        assert_eq!(check(Part::Text, &many(MOST_ELIF)), Ok(()));
        let refused = check(Part::Text, &many(6_000)).expect_err("too many");
        assert_eq!(refused, (52, "has more than 50 elif".to_owned()));
    }

    #[test]
    fn a_name_is_found_where_it_stands() {
        assert_eq!(line_of("x\n{# b #}{{ 'b' }}\n{% if b %}", "b"), Some(3));
        assert_eq!(line_of("b", "b"), None);
    }
}
