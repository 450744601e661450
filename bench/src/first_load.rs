//! The first load of the members page, in bytes on the wire.

use anyhow::{Context as _, Result};

use crate::fetch;
use crate::report::FirstLoad;
use crate::run::{ADMIN, PASSWORD};
use crate::world::SMALL;

/// Signs in, loads the members page and everything that it names, as a browser does that takes brotli and has nothing
/// kept from before.
pub fn measure(port: u16) -> Result<FirstLoad> {
    let form = format!(
        "identifier={}&password={}",
        ADMIN.replace('@', "%40"),
        PASSWORD.replace(' ', "+")
    );
    let headers = [
        "content-type: application/x-www-form-urlencoded".to_owned(),
        format!("origin: http://localhost:{port}"),
        "accept: text/html".to_owned(),
    ];
    let answer = fetch::ask(port, "POST", "/rpc/sign_in", &headers, &form)?;
    let cookie = answer
        .header("set-cookie")
        .and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.with_context(|| format!("no session, but {}: {}", answer.status, answer.text()))?;

    let headers = |encoding: &str| {
        vec![
            format!("cookie: {cookie}"),
            "accept: text/html,*/*".to_owned(),
            format!("accept-encoding: {encoding}"),
        ]
    };
    let mut load = FirstLoad::default();
    let mut waiting = vec![
        format!("/admin/organizations/{SMALL}/members"),
        "/favicon.ico".to_owned(),
    ];
    let mut seen: Vec<String> = Vec::new();
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        seen.push(path.clone());
        let answer = fetch::ask(port, "GET", &path, &headers("br"), "")?;
        // Not every text in a script that looks like a file is one.
        if answer.status == 404 {
            continue;
        }
        let answer = answer.good().with_context(|| path.clone())?;
        // Text is asked for once more as it is, to see what it names in its turn.
        if !path.ends_with(".wasm") && !path.ends_with(".ico") {
            let plain = fetch::ask(port, "GET", &path, &headers("identity"), "")?.good()?;
            let mut files = named(&plain.text(), &path);
            // A script names the program's files for all pages; those of this page are named by the page.
            if path.ends_with(".js") {
                files.retain(|file| !file.ends_with(".wasm"));
            }
            for (name, link) in &plain.headers {
                if name == "link" {
                    files.extend(named(link, &path));
                }
            }
            waiting.extend(files);
        }
        load.files.push((path, answer.size));
    }
    Ok(load)
}

/// The files of the site that a text names, in quotes or in `url(…)`.
fn named(text: &str, within: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split(['"', '\'', '(', ')', ' ', '>', '<', ',', ';']) {
        let path = match piece.strip_prefix("./") {
            Some(relative) => format!(
                "{}/{relative}",
                within.rsplit_once('/').map_or("", |(folder, _)| folder)
            ),
            None => piece.to_owned(),
        };
        let is_file = [
            ".js",
            ".css",
            ".wasm",
            ".svg",
            ".png",
            ".ico",
            ".woff2",
            ".webmanifest",
        ]
        .iter()
        .any(|ending| path.ends_with(ending));
        if path.starts_with('/') && !path.starts_with("//") && is_file {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_names_is_found() {
        let page =
            r#"<link href="/pkg/a.css"><script>import("/pkg/a.js")</script><a href="/organizations">x</a>"#;
        assert_eq!(named(page, "/x"), ["/pkg/a.css", "/pkg/a.js"]);
        assert_eq!(
            named("import {a} from './snippets/b.js';", "/pkg/a.js"),
            ["/pkg/snippets/b.js"]
        );
        assert_eq!(
            named("</pkg/a/part.wasm>; rel=preload; as=fetch", "/x"),
            ["/pkg/a/part.wasm"]
        );
    }
}
