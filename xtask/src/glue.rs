//! The JavaScript around the program: one file of what wasm-bindgen and the splitter wrote, without what is for people.

use anyhow::{Result, ensure};

use crate::split::LOADER;

/// The glue with the loader in it. They import each other, and every page needs both.
///
/// # Errors
/// Where they are not as the two tools write them.
pub fn joined(glue: &str, loader: &str) -> Result<String> {
    let from_loader = format!("from \"./{LOADER}\"");
    let mut aliases = Vec::new();
    let mut joined = String::with_capacity(glue.len() + loader.len());
    for line in glue.lines() {
        match line
            .strip_prefix("import * as ")
            .and_then(|rest| rest.split_once(' '))
        {
            Some((alias, rest)) if rest.starts_with(&from_loader) => aliases.push(alias),
            _ => {
                joined.push_str(line);
                joined.push('\n');
            }
        }
    }
    let mut names = Vec::new();
    joined.push_str("const loader = (() => {\n");
    for line in loader.lines() {
        let line = match line.strip_prefix("export const ") {
            Some(rest) => {
                names.extend(rest.split_once(' ').map(|(name, _)| name));
                format!("const {rest}")
            }
            // What it imports stands beside it now.
            None if line.starts_with("import ") => continue,
            None => line.to_owned(),
        };
        joined.push_str(&line);
        joined.push('\n');
    }
    ensure!(
        !aliases.is_empty() && !names.is_empty(),
        "wasm-bindgen or the splitter writes its JavaScript in another way: mend xtask/src/glue.rs"
    );
    joined.push_str(&format!("return {{ {} }};\n}})();\n", names.join(", ")));
    for alias in aliases {
        joined.push_str(&format!("const {alias} = loader;\n"));
    }
    Ok(joined)
}

/// The same without comments of their own lines, and without spaces before a line.
pub fn bare(script: &str) -> String {
    let mut bare = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        let is_comment = in_comment || line.is_empty() || line.starts_with("//");
        in_comment &= !line.ends_with("*/");
        if !is_comment {
            bare.push_str(line);
            bare.push('\n');
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "import * as import1 from \"./loader.js\"\nimport * as import2 from \"./loader.js\"\n\
        function initSync() {}\nconst imports = () => ({ \"./loader.js\": import1 });\n";
    const LOADER: &str = "import { initSync } from \"./guildhall.js\";\n\
        const chunk = () => initSync();\nexport const __wasm_split_load_a = () => chunk();\n";

    #[test]
    fn both_stand_in_one_file() -> Result<()> {
        let joined = joined(GLUE, LOADER)?;
        assert_eq!(
            joined,
            "function initSync() {}\nconst imports = () => ({ \"./loader.js\": import1 });\n\
             const loader = (() => {\nconst chunk = () => initSync();\nconst __wasm_split_load_a = () => chunk();\n\
             return { __wasm_split_load_a };\n})();\nconst import1 = loader;\nconst import2 = loader;\n"
        );
        Ok(())
    }

    #[test]
    fn what_is_not_as_it_was_is_noticed() {
        assert!(joined("import { f } from \"./loader.js\"", LOADER).is_err());
        assert!(joined(GLUE, "export function f() {}").is_err());
    }

    #[test]
    fn what_is_for_people_goes() {
        let script =
            "/**\n * Starts.\n */\nfunction f() {\n    // Why.\n    return `a // b`;\n\n}\n/* one */\nf();\n";
        assert_eq!(bare(script), "function f() {\nreturn `a // b`;\n}\nf();\n");
    }
}
