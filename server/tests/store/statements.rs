//! Every statement of the store is prepared on both databases, also those that no other test runs.
//!
//! The statements are read from the source: a literal, or made by `concat!` and the store's own macros.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use server::store::Db;
use sqlx::{Connection as _, Executor as _, SqlSafeStr as _};

use crate::harness::Database;

/// `macro_rules! name { ($a:literal, …) => { body }; }`: the parameters' names, and the body.
type Macros = BTreeMap<String, (Vec<String>, TokenStream)>;

fn parts(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// The store's macros, those of modules within functions too; the last arm of each.
fn collect(stream: TokenStream, macros: &mut Macros) {
    let tokens = parts(stream);
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(inner) = token {
            collect(inner.stream(), macros);
        }
        let named = matches!(token, TokenTree::Ident(word) if word == "macro_rules")
            && is_punct(tokens.get(at + 1), '!');
        if !named {
            continue;
        }
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(rules))) =
            (tokens.get(at + 2), tokens.get(at + 3))
        else {
            panic!("a macro without a name");
        };
        let rules = parts(rules.stream());
        let mut parameters = Vec::new();
        let pattern = group(rules.first(), Delimiter::Parenthesis).unwrap();
        let pattern = parts(pattern.stream());
        for (at, token) in pattern.iter().enumerate() {
            if let (true, Some(TokenTree::Ident(name))) = (is_punct(Some(token), '$'), pattern.get(at + 1)) {
                parameters.push(name.to_string());
            }
        }
        let body = group(rules.get(3), Delimiter::Brace).unwrap();
        macros.insert(name.to_string(), (parameters, body.stream()));
    }
}

/// The arguments between commas.
fn arguments(stream: TokenStream) -> Vec<TokenStream> {
    let mut all = vec![TokenStream::new()];
    for token in stream {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => all.push(TokenStream::new()),
            _ => all.last_mut().unwrap().extend([token]),
        }
    }
    all.retain(|argument| !argument.is_empty());
    all
}

/// A macro's body with the arguments in place of `$a`.
fn substitute(body: TokenStream, given: &BTreeMap<String, TokenStream>) -> TokenStream {
    let tokens = parts(body);
    let mut made = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1)) {
            (TokenTree::Punct(dollar), Some(TokenTree::Ident(name))) if dollar.as_char() == '$' => {
                made.extend(given[&name.to_string()].clone());
                at += 1;
            }
            (TokenTree::Group(inner), _) => {
                let stream = substitute(inner.stream(), given);
                made.extend([TokenTree::Group(Group::new(inner.delimiter(), stream))]);
            }
            _ => made.extend([token.clone()]),
        }
        at += 1;
    }
    made
}

/// Every text that an expression can be; `None` for what is no text, such as a variable.
fn texts(expression: TokenStream, macros: &Macros) -> Option<Vec<String>> {
    let tokens = parts(expression);
    match tokens.as_slice() {
        [TokenTree::Literal(literal)] => {
            let literal: syn::LitStr = syn::parse_str(&literal.to_string()).ok()?;
            Some(vec![literal.value()])
        }
        [TokenTree::Ident(name), bang, TokenTree::Group(given)] if is_punct(Some(bang), '!') => {
            let given = arguments(given.stream());
            if name == "concat" {
                return given.into_iter().try_fold(vec![String::new()], |so_far, part| {
                    let ends = texts(part, macros)?;
                    let pair =
                        |start: &String| ends.iter().map(|end| format!("{start}{end}")).collect::<Vec<_>>();
                    Some(so_far.iter().flat_map(pair).collect())
                });
            }
            let (parameters, body) = macros.get(&name.to_string())?;
            let given = parameters.iter().cloned().zip(given).collect();
            texts(substitute(body.clone(), &given), macros)
        }
        // `if … { this } else { that }`: both.
        [TokenTree::Ident(word), ..] if word == "if" => {
            let branches = tokens
                .iter()
                .filter_map(|token| group(Some(token), Delimiter::Brace));
            let mut all = Vec::new();
            for branch in branches {
                all.extend(texts(branch.stream(), macros)?);
            }
            Some(all)
        }
        // `match … { … => this, … => that }`: every arm that is a text; one may leave instead.
        [TokenTree::Ident(word), ..] if word == "match" => {
            let arms = group(tokens.last(), Delimiter::Brace)?;
            let arms = arguments(arms.stream()).into_iter().map(parts);
            let values = arms.filter_map(|arm| {
                let arrow = arm
                    .windows(2)
                    .position(|pair| is_punct(pair.first(), '=') && is_punct(pair.last(), '>'))?;
                texts(arm.into_iter().skip(arrow + 2).collect(), macros)
            });
            let all: Vec<String> = values.flatten().collect();
            (!all.is_empty()).then_some(all)
        }
        _ => None,
    }
}

/// The statements of one file: what is passed to `.query(…)`, or kept under a name and passed later.
fn statements(stream: TokenStream, macros: &Macros, found: &mut Vec<String>, unread: &mut Vec<String>) {
    let tokens = parts(stream);
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(inner) = token {
            statements(inner.stream(), macros, found, unread);
        }
        if matches!(token, TokenTree::Ident(word) if word == "query")
            && at > 0
            && is_punct(tokens.get(at - 1), '.')
            && let Some(given) = group(tokens.get(at + 1), Delimiter::Parenthesis)
        {
            match arguments(given.stream())
                .into_iter()
                .next()
                .and_then(|sql| texts(sql, macros))
            {
                Some(texts) => found.extend(texts),
                None => unread.push(given.to_string()),
            }
        }
        // `let sql = …;`
        if matches!(token, TokenTree::Ident(word) if word == "sql") && is_punct(tokens.get(at + 1), '=') {
            let end = tokens
                .iter()
                .skip(at)
                .position(|token| is_punct(Some(token), ';'))
                .unwrap();
            let value = tokens[at + 2..at + end].iter().cloned().collect();
            found.extend(texts(value, macros).expect("a statement that cannot be read"));
        }
    }
}

fn sources() -> Vec<(PathBuf, TokenStream)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        // The gateway, and what speaks to SQLite alone.
        .filter(|path| {
            !["db.rs", "readers.rs", "writer.rs", "backup.rs"]
                .iter()
                .any(|name| path.ends_with(name))
        })
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let stream = text.parse().unwrap();
            (path, stream)
        })
        .collect()
}

fn all_statements() -> Vec<String> {
    let sources = sources();
    // A macro's name means another thing in each file, unless the file lacks it.
    let mut shared = Macros::new();
    for (_, stream) in &sources {
        collect(stream.clone(), &mut shared);
    }
    let mut found = Vec::new();
    for (path, stream) in sources {
        let mut macros = shared.clone();
        collect(stream.clone(), &mut macros);
        let mut unread = Vec::new();
        statements(stream, &macros, &mut found, &mut unread);
        unread.retain(|given| given != "(sql)");
        assert!(
            unread.is_empty(),
            "{}: statements that cannot be read: {unread:?}",
            path.display()
        );
    }
    found.sort();
    found.dedup();
    assert!(found.len() > 120, "only {} statements were found", found.len());
    found
}

async fn prepare_all<C: sqlx::Connection>(connection: &mut C)
where
    for<'c> &'c mut C: sqlx::Executor<'c, Database = C::Database>,
{
    let mut wrong = Vec::new();
    for sql in all_statements() {
        if let Err(error) = connection
            .prepare(sqlx::AssertSqlSafe(sql.clone()).into_sql_str())
            .await
        {
            wrong.push(format!("{error}\n    {sql}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn run(database: Option<Database>) {
    let Some(database) = database else { return };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        database.create().await;
        let db = Db::open(&database.url).await.unwrap();
        if database.url.starts_with("sqlite:") {
            prepare_all(&mut sqlx::SqliteConnection::connect(&database.url).await.unwrap()).await;
        } else {
            prepare_all(&mut sqlx::PgConnection::connect(&database.url).await.unwrap()).await;
        }
        db.close().await;
        database.remove().await;
    });
}

#[test]
fn every_statement_is_one_on_sqlite() {
    run(Database::sqlite());
}

#[test]
fn every_statement_is_one_on_postgres() {
    run(Database::postgres());
}

/// Tables with as many rows as there are people, organizations or things that they did.
const LARGE: [&str; 13] = [
    "audit",
    "email_proof",
    "idempotency",
    "invitation",
    "invitation_link",
    "member_role",
    "membership",
    "organization",
    "organization_application",
    "outbox",
    "password_reset",
    "person",
    "session",
];

/// What a statement calls the large tables in it: a plan says `SCAN m` where it says `membership m`.
fn large_in(sql: &str) -> Vec<&str> {
    let words: Vec<&str> = sql
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && *word != "AS")
        .collect();
    let named = words.windows(2).filter(|pair| LARGE.contains(&pair[0]));
    named.flatten().copied().chain(LARGE).collect()
}

/// What SQLite does for a statement, a line for each step.
async fn plan(connection: &mut sqlx::SqliteConnection, sql: &str) -> Vec<String> {
    use sqlx::Row as _;
    let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")).into_sql_str();
    let steps = sqlx::query(sql).fetch_all(connection).await.unwrap();
    steps.iter().map(|step| step.get("detail")).collect()
}

#[tokio::test]
async fn no_statement_reads_a_large_table_from_end_to_end() {
    let Some(database) = Database::sqlite() else {
        return;
    };
    database.create().await;
    let db = Db::open(&database.url).await.unwrap();
    let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
    let mut slow = Vec::new();
    // Totals are asked for by name, of whatever matches a search, and stop at a number.
    let counts = |sql: &String| sql.starts_with("SELECT COUNT(*) FROM (SELECT 1 FROM");
    for sql in all_statements().into_iter().filter(|sql| !counts(sql)) {
        let large = large_in(&sql);
        for step in plan(&mut connection, &sql).await {
            let words: Vec<&str> = step.split_whitespace().collect();
            let scans = matches!(words.as_slice(), ["SCAN", table] if large.contains(table))
                // A status that nearly everybody has is no narrowing without the order that the index has beside it.
                || step.ends_with("person USING INDEX person_by_status (status=?)");
            if scans {
                slow.push(format!("{step}\n    {sql}"));
            }
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
    drop(connection);
    db.close().await;
    database.remove().await;
}
