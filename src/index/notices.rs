//! Notices: what stands at the address of an article that was withdrawn with a reason for readers.
//!
//! The article itself is withheld like any other. Of what its file says, a notice takes its address, when it was
//! withdrawn and why; nothing else of it reaches a page. One that readers never saw (a draft, or an embargo that had not
//! ended when it was withdrawn, its own or that of its section) has none.

use std::sync::LazyLock;

use rayon::prelude::*;

use super::hidden::{Hidden, Openings};
use super::{Role, timeline};
use crate::article::Row;
use crate::article::permalink;
use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::config::address;
use crate::config::{Config, LanguageId};
use crate::fingerprint::Fingerprinter;

/// The notice of a withdrawn article or page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its row.
    pub row: u32,
    /// Its language.
    pub language: LanguageId,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// When it was withdrawn.
    pub date: Timestamp,
    /// Why; short Markdown.
    pub reason: Box<str>,
}

/// The notices that readers see at `now`, by path; and the first moment after that from which there is another one.
pub(super) fn of(
    rows: &[Row],
    roles: &[Role],
    hidden: &Hidden,
    config: &Config,
    now: Timestamp,
) -> (Vec<Notice>, Option<Timestamp>) {
    let is_withheld = |number: &usize| roles[*number] == Role::Withheld;
    let openings = LazyLock::new(|| Openings::of(rows, config));
    let notice = |number: usize| {
        let row = &rows[number];
        let Record::Entry(entry) = row.record() else { return None };
        let withdrawal = entry.withdrawal.as_ref()?;
        if !timeline::may_be_seen(&entry, config) || hidden.holds(&row.path, &entry) {
            return None;
        }
        let ends = entry.withheld.expires.map_or(withdrawal.date, |end| end.min(withdrawal.date));
        if openings.came_after(ends, &row.path, &entry) {
            return None;
        }
        let url = address::encode(config, &permalink::of_entry(config, &row.path, &entry)).into();
        let reason = withdrawal.reason.0.as_ref().into();
        Some(Notice { row: number as u32, language: entry.language, url, date: withdrawal.date, reason })
    };
    let all: Vec<Notice> =
        (0..rows.len()).into_par_iter().with_min_len(1024).filter(is_withheld).filter_map(notice).collect();
    let next = all.iter().map(|notice| notice.date).filter(|date| *date > now).min();
    (all.into_iter().filter(|notice| notice.date <= now).collect(), next)
}

impl Notice {
    /// Adds what it says to a fingerprint.
    pub fn add_to(&self, fingerprint: &mut Fingerprinter) {
        fingerprint.text(&self.url).text(&self.reason).number(self.date.0 as u64).number(self.language.0.into());
    }
}
