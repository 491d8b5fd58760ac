//! The log of a build: what was staged becomes its traces.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::folder::FolderError;
use super::log::{self, Head, LogFile, Writer};
use super::stage::{NO_SLOT, Outcome, Rendered, Staged};
use crate::article::{Row, RowChanges};
use crate::fingerprint::Fingerprint;
use crate::query::Question;
use crate::query::trace::{Generation, TraceChanges, Traces};
use crate::render::Renderer;

/// What the log is written from, beside the traces.
#[derive(Debug)]
pub struct Record<'a> {
    /// Its new head.
    pub head: Head,
    /// All sources.
    pub rows: &'a [Row],
    /// What changed in them.
    pub changes: RowChanges,
    /// The file as it was read.
    pub file: LogFile,
}

impl Staged {
    /// What the folder will hold when everything is published; `before` is what it held.
    pub fn generation(&self, before: Generation) -> Generation {
        if let Some(writer) = &self.writer {
            return writer.generation();
        }
        let mut generation = before;
        let mut is_kept = vec![false; self.traces.pages.len()];
        for fate in &self.fates {
            match fate {
                Outcome::Fresh(slot) => is_kept[*slot as usize] = true,
                Outcome::Rendered(rendered) => generation.add(&rendered.trace),
                Outcome::Failed | Outcome::Logged { .. } => {}
            }
        }
        let old = self.traces.pages.iter().zip(is_kept);
        old.filter(|(trace, is_kept)| !is_kept && !trace.path.is_empty())
            .for_each(|(trace, _)| generation.remove(trace));
        generation
    }

    /// Writes the log of this build, whose file is `path`. The traces come back if they are in memory.
    ///
    /// # Errors
    /// The machine failed.
    pub fn write_log(
        self,
        renderer: &Renderer,
        record: Record<'_>,
        path: &Path,
    ) -> Result<(LogFile, Option<Traces>), FolderError> {
        let Self { fates, mut traces, writer, .. } = self;
        let Record { head, rows, changes, mut file } = record;
        let asked = renderer.take_questions();
        if let Some(writer) = writer {
            return Ok((writer.finish(&head, rows, &asked)?, None));
        }
        let mut set = TraceChanges::default();
        let numbers = number_questions(&traces, asked, &mut set);
        let mut is_taken = vec![false; traces.pages.len()];
        let mut free = None;
        for fate in fates {
            if let Some(slot) = fate.slot() {
                is_taken[slot as usize] = true;
            }
            if let Outcome::Rendered(rendered) = fate {
                let Rendered { slot, mut trace, .. } = *rendered;
                trace.page.shared.iter_mut().for_each(|number| *number = numbers[*number as usize]);
                let slot = match slot {
                    NO_SLOT => free.get_or_insert_with(|| traces.free()).next().expect("the slots do not end"),
                    slot => slot,
                };
                set.set.push((slot, trace));
            }
        }
        drop(free);
        set.set.sort_unstable_by_key(|(slot, _)| *slot);
        let vacated = traces.pages.iter().zip(is_taken).enumerate();
        set.vacated = vacated
            .filter(|(_, (trace, is_taken))| !is_taken && !trace.path.is_empty())
            .map(|(slot, _)| slot as u32)
            .collect();
        // When most of it is new, it is shorter to write everything.
        let is_small = set.set.len() + set.vacated.len() <= 64 + traces.pages.len() / 8
            && changes.set.len() + changes.gone.len() <= 64 + rows.len() / 8;
        let changes = log::Changes { rows: changes, traces: set };
        let is_appended = is_small && log::append(path, &mut file, &head, &changes)?;
        traces.apply(changes.traces).expect("the changes are those of these traces");
        if !is_appended {
            traces.compact();
            let writer = Writer::create(path)?;
            writer.traces(&traces.pages)?;
            file = writer.finish(&head, rows, &traces.questions)?;
        }
        Ok((file, Some(traces)))
    }
}

/// Gives the questions that were asked in this build their numbers among those of the log.
fn number_questions(traces: &Traces, asked: Vec<(Question, Fingerprint)>, changes: &mut TraceChanges) -> Vec<u32> {
    if asked.is_empty() {
        return Vec::new();
    }
    let known: FxHashMap<&Question, u32> =
        traces.questions.iter().enumerate().map(|(number, (question, _))| (question, number as u32)).collect();
    let mut next = traces.questions.len() as u32;
    let mut numbers = Vec::with_capacity(asked.len());
    for (question, answer) in asked {
        let number = known.get(&question).copied().unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        numbers.push(number);
        if traces.questions.get(number as usize).is_none_or(|(_, old)| *old != answer) {
            changes.questions.push((number, question, answer));
        }
    }
    numbers
}
