//! `courant import json`: the import type as JSON Lines, one record a line.

use std::io::{BufRead, Read as _};

use super::item::{Origin, Record};
use super::report::Line;
use super::{Reading, encoding};
use crate::diagnostic::{Diagnostic, Place};

/// The longest line that is read, in bytes.
const LONGEST: usize = 64 << 20;

/// Reads records from lines; a line that is none is a problem, and the rest goes on.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read(name: &str, mut lines: impl BufRead, reading: &mut Reading<'_>) -> std::io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        if lines.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.len() == LONGEST && line.last() != Some(&b'\n') {
            read_over(&mut lines)?;
            reading.problem(
                Diagnostic::error(format!("this line is left out: it has more than {} MB", LONGEST >> 20))
                    .at(Place { path: name.to_owned(), line: number as u32, column: 1, length: 1, text: String::new() })
                    .hint("a record is one line; a text of that size is none that anybody reads"),
            );
            continue;
        }
        let (text, is_repaired) = encoding::text(&line);
        if is_repaired {
            let what = "bytes that are not UTF-8, read as Windows-1252".into();
            reading.report.repairs.push(Line { source: format!("{name}:{number}"), what });
        }
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        match serde_json::from_str::<Record>(text) {
            Ok(mut record) => {
                if let Record::Article(item) | Record::Page(item) = &mut record {
                    item.origin = Origin { file: name.to_owned(), line: number };
                }
                reading.record(record)?;
            }
            Err(error) => {
                let place = Place {
                    path: name.to_owned(),
                    line: number as u32,
                    column: error.column() as u32,
                    length: 1,
                    text: String::new(),
                };
                let what = error.to_string();
                let what = what.split(" at line ").next().unwrap_or_default().to_owned();
                reading.problem(
                    Diagnostic::error(format!("this line is left out: {what}"))
                        .at(place)
                        .hint("`courant schema import` prints what a line may say"),
                );
            }
        }
    }
}

/// Reads to the end of a line.
fn read_over(lines: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let known = lines.fill_buf()?;
        let (length, is_end) = match memchr::memchr(b'\n', known) {
            Some(at) => (at + 1, true),
            None => (known.len(), known.is_empty()),
        };
        lines.consume(length);
        if is_end {
            return Ok(());
        }
    }
}
