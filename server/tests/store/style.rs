//! The store's SQL keeps to what both databases understand.

/// Words that mean something else, or nothing, on one of the two databases.
const FOREIGN: [&str; 8] = [
    "NOW()",
    "CURRENT_TIMESTAMP",
    "ILIKE",
    " OFFSET ",
    "FOR UPDATE",
    " ANY(",
    "=ANY(",
    "RANDOM()",
];

#[test]
fn no_statement_speaks_a_dialect() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//") && !line.starts_with("use "))
        {
            // One row of an index, counted from its start: rows that are skipped with all their columns are dear.
            let upper = line.to_uppercase().replace("LIMIT 1 OFFSET $1", "");
            let cast = line.match_indices("::").any(|(at, _)| {
                let before = &line[..at];
                before
                    .trim_end_matches(|c: char| c.is_ascii_digit())
                    .ends_with('$')
                    || before.ends_with([')', '\''])
            });
            assert!(
                !cast,
                "{}:{}: a cast of PostgreSQL only: {line}",
                path.display(),
                number + 1
            );
            for word in FOREIGN {
                assert!(
                    !upper.contains(word),
                    "{}:{}: {word} is not portable: {line}",
                    path.display(),
                    number + 1
                );
            }
        }
        read += 1;
    }
    assert!(read > 10, "the store was not read");
}

#[test]
fn sql_is_only_in_the_store() {
    fn visit(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("store") {
                visit(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // The backup speaks to SQLite itself, of no table.
                if !path.ends_with("backup.rs")
                    && (text.contains("tx.query(") || text.contains("sqlx::query"))
                {
                    found.push(path.display().to_string());
                }
            }
        }
    }
    let mut found = Vec::new();
    visit(
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut found,
    );
    assert!(found.is_empty(), "SQL outside of the store: {found:?}");
}
