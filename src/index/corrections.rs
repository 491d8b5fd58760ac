//! Corrections: what was put right, in which article, in the order of time.

use crate::article::record::Entry;
use crate::article::time::Timestamp;
use crate::fingerprint::{Fingerprint, Fingerprinter};

use super::ArticleId;

/// A correction of a visible article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorrectionEntry {
    /// When it was made. One without a date counts as made when the article was last changed.
    pub at: Timestamp,
    /// The article.
    pub article: ArticleId,
    /// Its place among the article's corrections, as the front matter has them.
    pub number: u16,
    /// The fingerprint of its text and date.
    pub part: Fingerprint,
}

/// The corrections of an article.
pub(super) fn of(entry: &Entry<'_>) -> Box<[(Timestamp, Fingerprint)]> {
    let otherwise = entry.core.updated.or(entry.core.date).unwrap_or_default();
    let one = |correction: &crate::article::record::Correction<'_>| {
        let at = correction.date.unwrap_or(otherwise);
        let mut part = Fingerprinter::new("correction");
        part.text(&correction.text).number(at.0 as u64).number(correction.date.is_some().into());
        (at, part.finish())
    };
    entry.corrections.iter().map(one).collect()
}
