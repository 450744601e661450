//! The binary format of WebAssembly, as far as the client is looked into: sections, numbers, names.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

// Ids of sections.
pub const CUSTOM: u8 = 0;
pub const IMPORTS: u8 = 2;
pub const EXPORTS: u8 = 7;
pub const CODE: u8 = 10;

/// A section: what it is, where its head begins, and where its content lies.
pub struct Section {
    pub id: u8,
    pub head: usize,
    pub start: usize,
    pub end: usize,
}

/// The sections of a module, in order.
pub fn sections(wasm: &[u8]) -> Result<Vec<Section>> {
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

/// The custom section of a name, and what stands behind it.
pub fn custom<'w, 's>(
    wasm: &'w [u8],
    sections: &'s [Section],
    wanted: &str,
) -> Option<(&'s Section, Reader<'w>)> {
    sections.iter().find_map(|section| {
        let mut at = Reader::new(wasm, section.start);
        // A custom section begins with its name.
        let is_it = section.id == CUSTOM && at.text().is_ok_and(|name| name == wanted.as_bytes());
        is_it.then_some((section, at))
    })
}

/// How many functions a module imports: they come first.
pub fn imported_functions(mut at: Reader) -> Result<usize> {
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

/// The names of functions, from behind the head of the `name` section.
pub fn names(mut at: Reader, end: usize) -> Result<BTreeMap<usize, String>> {
    const FUNCTIONS: u8 = 1;
    let mut names = BTreeMap::new();
    while at.at < end {
        let kind = at.byte()?;
        let length = at.number()?;
        let next = at.at + length;
        if kind == FUNCTIONS {
            for _ in 0..at.number()? {
                let function = at.number()?;
                names.insert(function, String::from_utf8_lossy(at.text()?).into_owned());
            }
        }
        at.at = next;
    }
    Ok(names)
}

/// LEB128, as everywhere in WebAssembly.
pub fn write_number(out: &mut Vec<u8>, mut number: usize) {
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

/// Reads a module from some offset on.
pub struct Reader<'a> {
    wasm: &'a [u8],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(wasm: &'a [u8], at: usize) -> Self {
        Self { wasm, at }
    }

    pub fn byte(&mut self) -> Result<u8> {
        let byte = self.wasm.get(self.at).context("the client's file breaks off")?;
        self.at += 1;
        Ok(*byte)
    }

    /// A number in LEB128; of one with a sign only the length is right.
    pub fn number(&mut self) -> Result<usize> {
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

    /// Bytes with their length before them.
    pub fn text(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        let text = self
            .wasm
            .get(self.at..self.at + length)
            .context("the client's file breaks off")?;
        self.at += length;
        Ok(text)
    }
}
