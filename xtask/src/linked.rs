//! The client as the linker wrote it with `--emit-relocs`: its functions, and which code uses which.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, bail};

use crate::wasm::{
    CODE, EXPORTS, IMPORTS, Reader, custom, imported_functions, names, sections, write_number,
};

/// Stands for whatever is no code.
pub const OTHER: u8 = u8::MAX;

/// What the linker noted.
pub struct Linked {
    /// The functions with a body, in order.
    pub bodies: Vec<Body>,
    /// The linker's names of functions.
    pub names: BTreeMap<usize, String>,
    /// What uses what, in the order of the file.
    pub uses: Vec<Used>,
    /// The section about what the code uses.
    pub code_uses: Relocations,
}

/// A function's code.
pub struct Body {
    pub function: usize,
    /// Where it lies in the file.
    pub range: Range<usize>,
}

/// How a function is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Call,
    /// Its place in the table of functions: for later, by whoever has the number.
    Place,
}

/// Something that is used.
pub struct Used {
    /// [`CODE`], or [`OTHER`].
    pub within: u8,
    /// Where in the file, for code.
    pub at: usize,
    pub how: Use,
    /// Nothing for what is no function.
    pub function: Option<usize>,
    /// The note itself.
    pub entry: Range<usize>,
}

/// A section of notes.
pub struct Relocations {
    /// The section that the notes are about, by its place.
    pub of: usize,
    /// With its head.
    pub range: Range<usize>,
}

impl Linked {
    /// Reads what the linker wrote.
    ///
    /// # Errors
    /// For anything else.
    pub fn read(wasm: &[u8]) -> Result<Self> {
        let sections = sections(wasm)?;
        let find = |id: u8| sections.iter().find(move |section| section.id == id);
        let custom = |wanted: &str| custom(wasm, &sections, wanted);
        let code = find(CODE).context("the client has no code")?;
        let imports = match find(IMPORTS) {
            Some(section) => imported_functions(Reader::new(wasm, section.start))?,
            None => 0,
        };
        let (section, at) = custom("name").context("the client was linked without names")?;
        let names = names(at, section.end)?;
        let (section, at) = custom("linking").context("the client was linked without its symbols")?;
        let symbols = symbols(at, section.end)?;
        let (section, at) = custom("reloc.CODE").context("the client was linked without --emit-relocs")?;
        let mut uses = Vec::new();
        let of = relocations(at, &symbols, CODE, code.start, &mut uses)?;
        let code_uses = Relocations {
            of,
            range: section.head..section.end,
        };
        if let Some((_, at)) = custom("reloc.DATA") {
            relocations(at, &symbols, OTHER, 0, &mut uses)?;
        }
        Ok(Self {
            bodies: bodies(Reader::new(wasm, code.start), imports)?,
            names,
            uses,
            code_uses,
        })
    }
}

/// The linker's names of the functions that stand in a module: not of those that it imports.
pub fn functions_of(wasm: &[u8]) -> Result<BTreeSet<String>> {
    let sections = sections(wasm)?;
    let imported = match sections.iter().find(|section| section.id == IMPORTS) {
        Some(section) => imported_functions(Reader::new(wasm, section.start))?,
        None => 0,
    };
    let (section, at) = custom(wasm, &sections, "name").context("a module was written without names")?;
    let names = names(at, section.end)?;
    Ok(names.range(imported..).map(|(_, name)| name.clone()).collect())
}

/// The same module with functions exported under a name and a number: whatever is exported is in every page's part.
pub fn with_exports(wasm: &[u8], functions: &[usize], name: &str) -> Result<Vec<u8>> {
    const FUNCTION: u8 = 0;
    let sections = sections(wasm)?;
    let exports = sections
        .iter()
        .find(|section| section.id == EXPORTS)
        .context("the client exports nothing")?;
    let mut at = Reader::new(wasm, exports.start);
    let count = at.number()?;
    let mut content = Vec::new();
    write_number(&mut content, count + functions.len());
    content.extend(wasm.get(at.at..exports.end).unwrap_or_default());
    for (number, function) in functions.iter().enumerate() {
        let name = format!("{name}{number}");
        write_number(&mut content, name.len());
        content.extend(name.as_bytes());
        content.push(FUNCTION);
        write_number(&mut content, *function);
    }
    let mut section = vec![EXPORTS];
    write_number(&mut section, content.len());
    section.extend(content);
    let mut wasm = wasm.to_vec();
    wasm.splice(exports.head..exports.end, section);
    Ok(wasm)
}

fn bodies(mut at: Reader, imports: usize) -> Result<Vec<Body>> {
    let mut bodies = Vec::new();
    for function in imports..imports + at.number()? {
        let length = at.number()?;
        let range = at.at..at.at + length;
        at.at = range.end;
        bodies.push(Body { function, range });
    }
    Ok(bodies)
}

/// For each symbol the function that it means, if it means one (the tool conventions of WebAssembly, "Linking Metadata").
fn symbols(mut at: Reader, end: usize) -> Result<Vec<Option<usize>>> {
    const SYMBOL_TABLE: u8 = 8;
    const UNDEFINED: usize = 0x10;
    const EXPLICIT_NAME: usize = 0x40;
    let mut symbols = Vec::new();
    at.number()?;
    while at.at < end {
        let kind = at.byte()?;
        let length = at.number()?;
        let next = at.at + length;
        if kind == SYMBOL_TABLE {
            for _ in 0..at.number()? {
                let what = at.byte()?;
                let flags = at.number()?;
                let is_named = flags & UNDEFINED == 0 || flags & EXPLICIT_NAME != 0;
                symbols.push(match what {
                    // Data: a name and, where it is defined, where.
                    1 => {
                        at.text()?;
                        if flags & UNDEFINED == 0 {
                            for _ in 0..3 {
                                at.number()?;
                            }
                        }
                        None
                    }
                    // A section.
                    3 => {
                        at.number()?;
                        None
                    }
                    // A function, a global, a tag or a table.
                    0 | 2 | 4 | 5 => {
                        let index = at.number()?;
                        if is_named {
                            at.text()?;
                        }
                        (what == 0).then_some(index)
                    }
                    _ => bail!("a symbol of the unknown kind {what}"),
                });
            }
        }
        at.at = next;
    }
    Ok(symbols)
}

/// Reads a section of notes behind its name (the tool conventions, "Relocation Sections"), and says which section they
/// are about.
fn relocations(
    mut at: Reader,
    symbols: &[Option<usize>],
    within: u8,
    start: usize,
    uses: &mut Vec<Used>,
) -> Result<usize> {
    // Those that address data have an offset into it.
    const WITH_ADDEND: [u8; 15] = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25, 27];
    const CALLS: u8 = 0;
    const PLACES: [u8; 7] = [1, 2, 12, 18, 19, 24, 26];
    let section = at.number()?;
    for _ in 0..at.number()? {
        let entry = at.at;
        let kind = at.byte()?;
        let offset = at.number()?;
        let symbol = at.number()?;
        if WITH_ADDEND.contains(&kind) {
            at.number()?;
        }
        let is_function = kind == CALLS || PLACES.contains(&kind);
        let function = match symbols.get(symbol) {
            Some(function) if is_function => *function,
            // A type is no symbol.
            _ if !is_function => None,
            _ => bail!("a note about a symbol that there is not"),
        };
        uses.push(Used {
            within,
            at: start + offset,
            how: if kind == CALLS { Use::Call } else { Use::Place },
            function,
            entry: entry..at.at,
        });
    }
    Ok(section)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::wasm::CUSTOM;

    pub fn number(number: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_number(&mut bytes, number);
        bytes
    }

    pub fn text(text: &str) -> Vec<u8> {
        [&number(text.len())[..], text.as_bytes()].concat()
    }

    fn section(id: u8, content: &[u8]) -> Vec<u8> {
        [&[id][..], &number(content.len()), content].concat()
    }

    pub fn has(wasm: &[u8], piece: &[u8]) -> bool {
        wasm.windows(piece.len()).any(|window| window == piece)
    }

    /// Functions of one call each behind one that is imported, and notes: the kind, which body, and what it uses.
    pub fn module(names: &[&str], notes: &[(u8, usize, usize)]) -> Vec<u8> {
        let imports = [&[1][..], &text("m"), &text("f"), &[0, 0]].concat();
        let body = [8, 0, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
        let code = [number(names.len()), body.repeat(names.len())].concat();
        let mut functions = number(names.len());
        let mut symbols = [number(names.len() + 1), vec![0, 0x10, 0]].concat();
        for (index, name) in (1..).zip(names) {
            functions.extend([number(index), text(name)].concat());
            symbols.extend([vec![0, 0], number(index), text(name)].concat());
        }
        let linking = [text("linking"), number(2), section(8, &symbols)].concat();
        let mut relocations = [text("reloc.CODE"), number(1), number(notes.len())].concat();
        for (kind, body, used) in notes {
            relocations.extend([vec![*kind], number(1 + body * 9 + 3), number(*used)].concat());
        }
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(IMPORTS, &imports),
            section(CODE, &code),
            section(CUSTOM, &linking),
            section(CUSTOM, &relocations),
            section(CUSTOM, &[text("name"), section(1, &functions)].concat()),
        ]
        .concat()
    }

    #[test]
    fn functions_and_their_uses_are_found() -> Result<()> {
        let linked = Linked::read(&module(&["a", "b"], &[(0, 0, 2), (1, 1, 0), (6, 1, 7)]))?;
        assert_eq!(linked.names.get(&2).map(String::as_str), Some("b"));
        assert_eq!(linked.bodies.len(), 2);
        let uses: Vec<_> = linked.uses.iter().map(|one| (one.how, one.function)).collect();
        assert_eq!(
            uses,
            [(Use::Call, Some(2)), (Use::Place, Some(0)), (Use::Place, None)]
        );
        let within = |one: &Used| linked.bodies.iter().position(|body| body.range.contains(&one.at));
        let places: Vec<_> = linked.uses.iter().map(within).collect();
        assert_eq!(places, [Some(0), Some(1), Some(1)]);
        Ok(())
    }

    #[test]
    fn what_is_exported_besides_stands_behind_the_others() -> Result<()> {
        let exports = [number(1), text("f"), vec![0, 0]].concat();
        let plain = [
            b"\0asm\x01\0\0\0".to_vec(),
            section(EXPORTS, &exports),
            section(CODE, &[0]),
        ]
        .concat();
        let more = [number(2), text("f"), vec![0, 0], text("x0"), vec![0], number(300)].concat();
        let wanted = [
            b"\0asm\x01\0\0\0".to_vec(),
            section(EXPORTS, &more),
            section(CODE, &[0]),
        ]
        .concat();
        assert_eq!(with_exports(&plain, &[300], "x")?, wanted);
        Ok(())
    }

    #[test]
    fn imported_functions_stand_elsewhere() -> Result<()> {
        let names = functions_of(&module(&["a", "b"], &[]))?;
        assert_eq!(names, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        Ok(())
    }

    #[test]
    fn what_the_splitter_could_not_read_is_refused() {
        assert!(Linked::read(b"\0asm\x01\0\0\0").is_err());
    }
}
