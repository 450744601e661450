//! Short names for what the program imports from its JavaScript: each long one ends in sixteen random digits, which
//! stand in both and cannot be compressed.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::split::KEPT;

/// The module that wasm-bindgen imports its own functions from.
const GLUE: &str = "./guildhall_bg.js";

/// The same JavaScript and program, with short names between them.
pub fn shorten(glue: &str, program: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut config = walrus::ModuleConfig::new();
    config
        .generate_name_section(false)
        .generate_producers_section(false);
    let mut module = config.parse(program)?;
    let kept: Vec<_> = module
        .exports
        .iter()
        .filter(|export| export.name.starts_with(KEPT))
        .map(|export| export.id())
        .collect();
    for export in kept {
        module.exports.delete(export);
    }
    let mut glue = glue.to_owned();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for import in module.imports.iter_mut().filter(|import| import.module == GLUE) {
        let next = format!("f{}", names.len());
        let short = match names.get(&import.name) {
            Some(short) => short.clone(),
            None => {
                glue = renamed(&glue, &import.name, &next)
                    .with_context(|| format!("the JavaScript does not define {}", import.name))?;
                names.insert(import.name.clone(), next.clone());
                next
            }
        };
        import.name = short;
    }
    Ok((glue, module.emit_wasm()))
}

/// Renames a key of the object of functions, which has a line for each.
fn renamed(glue: &str, name: &str, short: &str) -> Option<String> {
    let key = format!(" {name}: ");
    let (before, after) = glue.split_once(&key)?;
    Some(format!("{before} {short}: {after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &str) -> Vec<u8> {
        let mut module = walrus::Module::default();
        let kind = module.types.add(&[], &[]);
        let (imported, _) = module.add_import_func(GLUE, name, kind);
        let (other, _) = module.add_import_func("./loader.js", name, kind);
        module.exports.add("kept", imported);
        module.exports.add("other", other);
        module.emit_wasm()
    }

    #[test]
    fn both_sides_have_the_same_short_name() -> Result<()> {
        let glue = "{\n        __wbg_get_0123456789abcdef: function() {},\n    }";
        let (glue, program) = shorten(glue, &program("__wbg_get_0123456789abcdef"))?;
        assert_eq!(glue, "{\n        f0: function() {},\n    }");
        let module = walrus::Module::from_buffer(&program)?;
        let names: Vec<_> = module
            .imports
            .iter()
            .map(|import| (import.module.as_str(), import.name.as_str()))
            .collect();
        assert_eq!(
            names,
            [(GLUE, "f0"), ("./loader.js", "__wbg_get_0123456789abcdef")]
        );
        Ok(())
    }

    #[test]
    fn a_function_that_only_one_side_has_is_noticed() {
        assert!(shorten("{}", &program("__wbg_get")).is_err());
    }
}
