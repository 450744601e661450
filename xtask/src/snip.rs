//! Takes code out of the linked client that a browser never runs, and with it all that only such code uses.
//!
//! Leptos keeps a table of functions for each type of view. Some of them are for the server, or for ways of starting that
//! this client does not use, but the linker cannot know that: the table names them. Their bodies become a trap here,
//! before the program is split, so that what they call is found to be unused.

use anyhow::{Context, Result, bail};

/// Pieces of the linker's names of what is never run in a browser: hydration that waits in the middle of the page (ours
/// begins when everything is there), hydration of what no server rendered, the list of the routes for the server, and
/// streams that JavaScript reads from the program (none of our server functions has one).
const NEVER_RUN: [&str; 4] = [
    "13hydrate_async",
    "21hydrate_from_template",
    "15generate_routes",
    "intounderlying",
];

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;

/// A section: what it is, where its head begins, and where its content lies.
struct Section {
    id: u8,
    head: usize,
    start: usize,
    end: usize,
}

/// Empties those functions in what the linker wrote with `--emit-relocs`.
pub fn snip(linked: &[u8]) -> Result<Vec<u8>> {
    let sections = sections(linked)?;
    let find = |id: u8| sections.iter().find(move |section| section.id == id);
    // A custom section begins with its name.
    let custom = |wanted: &str| {
        sections.iter().find_map(|section| {
            let mut at = Reader::new(linked, section.start);
            let is_it = section.id == CUSTOM && at.text().is_ok_and(|name| name == wanted.as_bytes());
            is_it.then_some((section, at))
        })
    };
    let code = find(CODE).context("the client has no code")?;
    let imports = match find(IMPORTS) {
        Some(section) => imported_functions(Reader::new(linked, section.start))?,
        None => 0,
    };
    let (names, at) = custom("name").context("the client was linked without names")?;
    let doomed = doomed(at, names.end)?;
    let (relocations, at) = custom("reloc.CODE").context("the client was linked without --emit-relocs")?;

    let mut wasm = linked.to_vec();
    let mut emptied = Vec::new();
    let mut body = Reader::new(linked, code.start);
    for index in imports..imports + body.number()? {
        let length = body.number()?;
        let range = body.at..body.at + length;
        body.at = range.end;
        if length < 3 || doomed.binary_search(&index).is_err() {
            continue;
        }
        emptied.push(range.start - code.start..range.end - code.start);
        let bytes = wasm
            .get_mut(range)
            .context("a function ends outside of the file")?;
        // No locals, `unreachable`, and `nop` up to `end`: sizes stay, and with them all offsets.
        bytes.fill(0x01);
        if let [locals, trap, .., end] = bytes {
            (*locals, *trap, *end) = (0x00, 0x00, 0x0b);
        }
    }
    // What stood in these bodies uses nothing any more.
    let kept = relocations_outside(at, &emptied)?;
    let head = wasm.split_off(relocations.head);
    let behind = head.get(relocations.end - relocations.head..).unwrap_or_default();
    let mut content = Vec::with_capacity(kept.len() + 16);
    write_number(&mut content, "reloc.CODE".len());
    content.extend(b"reloc.CODE");
    content.extend(kept);
    wasm.push(CUSTOM);
    write_number(&mut wasm, content.len());
    wasm.extend(content);
    wasm.extend(behind);
    Ok(wasm)
}

fn sections(wasm: &[u8]) -> Result<Vec<Section>> {
    let mut at = Reader::new(wasm, 8);
    let mut sections = Vec::new();
    while at.at < wasm.len() {
        let head = at.at;
        let id = at.byte()?;
        let length = at.number()?;
        let (start, end) = (at.at, at.at + length);
        sections.push(Section { id, head, start, end });
        at.at = end;
    }
    Ok(sections)
}

fn imported_functions(mut at: Reader) -> Result<usize> {
    let mut functions = 0;
    for _ in 0..at.number()? {
        at.text()?;
        at.text()?;
        match at.byte()? {
            0 => {
                at.number()?;
                functions += 1;
            }
            // A table has a type before its limits; a memory has limits alone.
            kind @ (1 | 2) => {
                if kind == 1 {
                    at.byte()?;
                }
                let has_maximum = at.byte()? & 1 == 1;
                at.number()?;
                if has_maximum {
                    at.number()?;
                }
            }
            3 => {
                at.byte()?;
                at.byte()?;
            }
            kind => bail!("an import of the unknown kind {kind}"),
        }
    }
    Ok(functions)
}

/// The sorted indices of the functions to empty.
fn doomed(mut at: Reader, end: usize) -> Result<Vec<usize>> {
    const FUNCTIONS: u8 = 1;
    let mut doomed = Vec::new();
    while at.at < end {
        let kind = at.byte()?;
        let length = at.number()?;
        let next = at.at + length;
        if kind == FUNCTIONS {
            for _ in 0..at.number()? {
                let index = at.number()?;
                let name = String::from_utf8_lossy(at.text()?);
                // Descriptions are run by wasm-bindgen, while it writes the JavaScript.
                let described = name.starts_with("__wbindgen_describe");
                if !described && NEVER_RUN.iter().any(|piece| name.contains(piece)) {
                    doomed.push(index);
                }
            }
        }
        at.at = next;
    }
    doomed.sort_unstable();
    Ok(doomed)
}

/// The relocations that are in none of the ranges, as a section has them behind its name. Both are in order.
fn relocations_outside(mut at: Reader, ranges: &[std::ops::Range<usize>]) -> Result<Vec<u8>> {
    // Those that address data have an offset into it (the tool conventions of WebAssembly, "Relocation Sections").
    const WITH_ADDEND: [u8; 15] = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25, 27];
    let section = at.number()?;
    let (mut kept, mut count) = (Vec::<u8>::new(), 0_usize);
    for _ in 0..at.number()? {
        let start = at.at;
        let kind = at.byte()?;
        let offset = at.number()?;
        at.number()?;
        if WITH_ADDEND.contains(&kind) {
            at.number()?;
        }
        let before = ranges.partition_point(|range| range.end <= offset);
        if !ranges.get(before).is_some_and(|range| range.contains(&offset)) {
            kept.extend(at.wasm.get(start..at.at).unwrap_or_default());
            count += 1;
        }
    }
    let mut content = Vec::with_capacity(kept.len() + 10);
    write_number(&mut content, section);
    write_number(&mut content, count);
    content.extend(kept);
    Ok(content)
}

/// LEB128, as everywhere in WebAssembly.
fn write_number(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

struct Reader<'a> {
    wasm: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(wasm: &'a [u8], at: usize) -> Self {
        Self { wasm, at }
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = self.wasm.get(self.at).context("the client's file breaks off")?;
        self.at += 1;
        Ok(*byte)
    }

    /// A number in LEB128; of one with a sign only the length is right.
    fn number(&mut self) -> Result<usize> {
        let (mut number, mut shift) = (0_usize, 0_u32);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
    }

    fn text(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        let text = self
            .wasm
            .get(self.at..self.at + length)
            .context("the client's file breaks off")?;
        self.at += length;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, content: &[u8]) -> Vec<u8> {
        let mut section = vec![id];
        write_number(&mut section, content.len());
        section.extend(content);
        section
    }

    fn text(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_number(&mut bytes, text.len());
        bytes.extend(text.as_bytes());
        bytes
    }

    /// Two functions that call something, behind one that is imported; the names are the linker's.
    fn module(first: &str, second: &str) -> Vec<u8> {
        let imports = [&[1][..], &text("m"), &text("f"), &[0, 0]].concat();
        let body = [8, 0, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
        let code = [&[2][..], &body, &body].concat();
        let functions = [&[2, 1][..], &text(first), &[2], &text(second)].concat();
        let names = [text("name"), section(1, &functions)].concat();
        let relocations = [&text("reloc.CODE")[..], &[1, 2, 0, 4, 0, 0, 13, 0]].concat();
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(IMPORTS, &imports),
            section(CODE, &code),
            section(CUSTOM, &relocations),
            section(CUSTOM, &names),
        ]
        .concat()
    }

    fn has(wasm: &[u8], piece: &[u8]) -> bool {
        wasm.windows(piece.len()).any(|window| window == piece)
    }

    #[test]
    fn what_never_runs_becomes_a_trap_and_uses_nothing() -> Result<()> {
        let wasm = snip(&module("_ZN4view5build17h0E", "_ZN4view13hydrate_async17h0E"))?;
        let (call, trap) = (
            [8, 0, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b],
            [8, 0, 0, 1, 1, 1, 1, 1, 0x0b],
        );
        assert!(has(&wasm, &[&call[..], &trap[..]].concat()));
        assert!(has(&wasm, &[&text("reloc.CODE")[..], &[1, 1, 0, 4, 0]].concat()));
        assert!(!has(&wasm, &[0, 13, 0]));
        Ok(())
    }

    #[test]
    fn all_else_stays_as_it_was() -> Result<()> {
        let module = module("_ZN4view5build17h0E", "_ZN4view7rebuild17h0E");
        assert_eq!(snip(&module)?, module);
        Ok(())
    }

    #[test]
    fn what_the_splitter_could_not_read_is_refused() {
        assert!(snip(b"\0asm\x01\0\0\0").is_err());
    }
}
