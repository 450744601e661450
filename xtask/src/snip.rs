//! Takes code out of the linked client that a browser never runs, and with it all that only such code uses.
//!
//! Leptos keeps tables of functions for each type of view and of route. Some entries are for the server, or for a way of
//! starting that this client does not use, but the linker cannot know that: the tables name them. The bodies of these
//! entries become a trap here, before the program is split, so that what they call is found to be unused.
//!
//! Only the entries are emptied, and never by the name alone what they call: the compiler merges functions of the same
//! code under one of their names, so that a small function may have the name of another one.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use crate::linked::{Linked, Use};
use crate::wasm::{CODE, CUSTOM, write_number};

/// How a function is reached that a browser never runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Through a table that Leptos fills; nobody calls it by name.
    Table,
    /// By JavaScript, since it is exported; nothing in the program names it.
    JavaScript,
}

/// Pieces of the linker's names of what is never run in a browser, each with what proves it, in the source of the
/// versions that `Cargo.lock` has. A piece that matches nothing fails the build: the proof is then to be made again.
const NEVER_RUN: [(&str, Way); 3] = [
    // `AnyView::hydrate_async` (tachys, view/any_view.rs) alone reads this entry, and is run by other `hydrate_async` and
    // by `hydrate_from_async` (leptos, mount.rs). `frontend` starts with `hydrate_body`, which is `hydrate_from` and
    // runs `hydrate::<true>`. It makes a future of an `AnyViewState` out of the view's own `hydrate_async`: nothing else
    // does, so it can only have been merged with its like.
    ("8into_any13hydrate_async17h", Way::Table),
    // `generate_routes` of routes (leptos_router, nested_router.rs) is asked for by `to_html_with_buf` alone, while the
    // server lists its routes (`RouteList::is_generating`). It makes a list of the routes below: nothing else does.
    ("21into_any_nested_route15generate_routes17h", Way::Table),
    // Methods of the three classes by which JavaScript reads a Rust stream, or writes into one (wasm-streams,
    // `ReadableStream::from_stream` and its like). JavaScript has such an object only from there, and server_fn gets there
    // by a server function with a stream for its input (server_fn, request/browser.rs): we have none.
    ("intounderlying", Way::JavaScript),
];

/// Empties those functions in what the linker wrote with `--emit-relocs`.
pub fn snip(linked: &[u8]) -> Result<Vec<u8>> {
    snip_those(linked, &NEVER_RUN)
}

fn snip_those(linked: &[u8], never_run: &[(&str, Way)]) -> Result<Vec<u8>> {
    let program = Linked::read(linked)?;
    let doomed = doomed(&program, never_run)?;
    let mut wasm = linked.to_vec();
    let mut emptied = Vec::new();
    for body in program
        .bodies
        .iter()
        .filter(|body| doomed.contains(&body.function))
    {
        emptied.push(body.range.clone());
        let bytes = wasm
            .get_mut(body.range.clone())
            .context("a function ends outside of the file")?;
        // No locals, `unreachable`, and `nop` up to `end`: sizes stay, and with them all offsets.
        bytes.fill(0x01);
        if let [locals, trap, .., end] = bytes {
            (*locals, *trap, *end) = (0x00, 0x00, 0x0b);
        }
    }
    // What stood in these bodies uses nothing any more.
    let section = &program.code_uses;
    let kept = program
        .uses
        .iter()
        .filter(|one| one.within == CODE && !is_within(&emptied, one.at));
    let (mut entries, mut count) = (Vec::<u8>::new(), 0_usize);
    for one in kept {
        entries.extend(linked.get(one.entry.clone()).unwrap_or_default());
        count += 1;
    }
    let mut content = Vec::with_capacity(entries.len() + 32);
    write_number(&mut content, "reloc.CODE".len());
    content.extend(b"reloc.CODE");
    write_number(&mut content, section.of);
    write_number(&mut content, count);
    content.extend(entries);
    let mut section_anew = vec![CUSTOM];
    write_number(&mut section_anew, content.len());
    section_anew.extend(content);
    wasm.splice(section.range.clone(), section_anew);
    Ok(wasm)
}

/// Whether an offset lies in one of the ranges, which are in order.
fn is_within(ranges: &[std::ops::Range<usize>], at: usize) -> bool {
    let before = ranges.partition_point(|range| range.end <= at);
    ranges.get(before).is_some_and(|range| range.contains(&at))
}

/// The functions to empty.
///
/// # Errors
/// Where a piece matches nothing, and where something else uses what it matches than [`Way`] says.
fn doomed(program: &Linked, never_run: &[(&str, Way)]) -> Result<BTreeSet<usize>> {
    let mut doomed = BTreeSet::new();
    let imported = program.bodies.first().map_or(0, |body| body.function);
    for (piece, _) in never_run {
        let matching = program.names.range(imported..).filter(|(_, name)| {
            // Descriptions are run by wasm-bindgen, while it writes the JavaScript.
            name.contains(piece) && !name.starts_with("__wbindgen_describe")
        });
        let before = doomed.len();
        doomed.extend(matching.map(|(function, _)| *function));
        ensure!(
            doomed.len() > before,
            "no function of the client has “{piece}” in its name any more: look whether the library that had it has \
             another one instead, and mend xtask/src/snip.rs"
        );
    }
    let emptied: Vec<_> = program
        .bodies
        .iter()
        .filter(|body| doomed.contains(&body.function))
        .map(|body| body.range.clone())
        .collect();
    for one in &program.uses {
        let Some(function) = one.function.filter(|function| doomed.contains(function)) else {
            continue;
        };
        if one.within == CODE && is_within(&emptied, one.at) {
            continue;
        }
        let name = program.names.get(&function).map_or("", String::as_str);
        let way = never_run.iter().find(|(piece, _)| name.contains(piece));
        // Also where two functions of the same code have become one, under this name.
        if one.how == Use::Call || !matches!(way, Some((_, Way::Table))) {
            bail!("{name} is used after all: take its piece out of NEVER_RUN in xtask/src/snip.rs");
        }
    }
    Ok(doomed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linked::tests::{has, module, number, text};

    const PIECES: [(&str, Way); 2] = [("9hydrated17h", Way::Table), ("into_js", Way::JavaScript)];

    const CALL: [u8; 9] = [8, 0, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
    const TRAP: [u8; 9] = [8, 0, 0, 1, 1, 1, 1, 1, 0x0b];

    #[test]
    fn what_never_runs_becomes_a_trap_and_uses_nothing() -> Result<()> {
        // The second function is in a table that the first one fills, the third is exported; both call the import.
        let names = ["_ZN4view5build17h0E", "_ZN4view9hydrated17h0E", "into_js_free"];
        let wasm = snip_those(&module(&names, &[(1, 0, 2), (0, 1, 0), (0, 2, 0)]), &PIECES)?;
        assert!(has(&wasm, &[&CALL[..], &TRAP, &TRAP].concat()));
        let kept = [&text("reloc.CODE")[..], &number(1), &[1, 1, 4, 2]].concat();
        assert!(has(&wasm, &kept));
        assert!(Linked::read(&wasm).is_ok());
        Ok(())
    }

    #[test]
    fn what_is_called_after_all_is_refused() {
        let names = ["_ZN4view5build17h0E", "_ZN4view9hydrated17h0E", "into_js_free"];
        let called = snip_those(&module(&names, &[(0, 0, 2)]), &PIECES);
        assert!(called.is_err_and(|error| error.to_string().contains("9hydrated")));
        let in_a_table = snip_those(&module(&names, &[(1, 0, 3)]), &PIECES);
        assert!(in_a_table.is_err_and(|error| error.to_string().contains("into_js_free")));
        let by_its_like = snip_those(&module(&names, &[(0, 1, 2), (0, 2, 3)]), &PIECES);
        assert!(by_its_like.is_ok());
    }

    #[test]
    fn a_name_that_nothing_has_is_refused() {
        let names = ["_ZN4view5build17h0E", "_ZN4view8rebuilt_17h0E", "into_js_free"];
        let wasm = snip_those(&module(&names, &[]), &PIECES);
        assert!(wasm.is_err_and(|error| error.to_string().contains("9hydrated17h")));
    }
}
