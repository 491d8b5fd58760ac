//! `courant import json`: the import type as JSON Lines, one record a line.

use std::io::BufRead;

use super::Reading;
use super::item::{Origin, Record};
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
        if std::io::Read::take(&mut lines, LONGEST as u64).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
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
