//! Rules about an article as a whole: headline, summary, source, dates, and headlines that are there twice.

use rustc_hash::FxHashMap;

use super::{Findings, Piece, Rule, Site};
use crate::article::Lines;
use crate::article::record::{Entry, Record};
use crate::article::time::Timestamp;

/// The longest headline that Google News recommended and search results show whole on no device.
const LONGEST_HEADLINE: usize = 110;

/// Looks at one article.
pub(super) fn check(site: &Site<'_>, piece: &Piece<'_>, entry: &Entry<'_>, findings: &mut Findings<'_>) {
    // An undated page is no news: it needs neither source nor summary.
    if entry.core.date.is_none() {
        return;
    }
    let lines = &piece.lines;
    let length = entry.core.title.chars().count();
    if length > LONGEST_HEADLINE {
        findings.add(
            Rule::HeadlineLength,
            lines.value(&["title"]),
            format!("the headline has {length} characters"),
            format!("say it in {LONGEST_HEADLINE} or fewer; the rest belongs into `summary`"),
        );
    }
    if entry.summary_derived || entry.core.summary.is_empty() {
        findings.add(
            Rule::MissingSummary,
            lines.value(&["title"]),
            "the article has no summary",
            "add `summary: …`, one sentence; lists, feeds and search engines show it",
        );
    }
    // Own reporting has no source but its reporter.
    if entry.sources.is_empty() && entry.authors.is_empty() {
        findings.add(
            Rule::MissingSource,
            lines.value(&["title"]),
            "the article names neither a source nor an author",
            "add `source: { name: …, url: … }`, or `authors: […]` for your own reporting",
        );
    }
    check_dates(site, lines, entry, findings);
}

/// Only days are compared: `updated: 2026-11-20` is midnight, and the article is of that morning.
fn check_dates(site: &Site<'_>, lines: &Lines<'_>, entry: &Entry<'_>, findings: &mut Findings<'_>) {
    let Some(date) = entry.core.date else { return };
    let day = |moment: Timestamp| moment.day(&site.config.time_zone);
    let is_published = date <= site.now;
    let mut impossible = |keys: &[&str], message: &str, hint: &str| {
        findings.add(Rule::ImpossibleDate, lines.value(keys), message, hint);
    };
    if let Some(updated) = entry.core.updated {
        let keys = ["updated", "lastmod", "last_modified_at", "modified"];
        if day(updated) < day(date) {
            impossible(&keys, "the update lies before the article", "correct `updated` or `date`");
        } else if is_published && updated > site.now && day(updated) > day(site.now) {
            let hint = "`updated` is when it was last changed; until then nobody sees it";
            impossible(&keys, "the update lies in the future", hint);
        }
    }
    for corrected in entry.corrections.iter().filter_map(|correction| correction.date) {
        let keys = ["corrections.date", "correction.date"];
        if day(corrected) < day(date) {
            impossible(&keys, "the correction lies before the article", "correct the correction's `date`");
        } else if is_published && day(corrected) > day(site.now) {
            impossible(&keys, "the correction lies in the future", "until then nobody sees it: correct its `date`");
        }
    }
    if entry.withheld.expires.is_some_and(|expires| expires <= date) {
        let keys = ["expires", "expiryDate", "expiry_date"];
        impossible(&keys, "the article expires before it is published", "correct `expires` or `date`");
    }
}

/// Articles that have the same headline, whatever its case and spaces. The oldest one is named.
pub(super) fn check_titles(site: &Site<'_>, findings: &mut Findings<'_>) {
    if !findings.wants(Rule::DuplicateTitle) {
        return;
    }
    let mut by_title: FxHashMap<String, Vec<(Timestamp, &str)>> = FxHashMap::default();
    for row in site.index.rows.iter().filter(|row| crate::article::is_markdown(&row.path)) {
        if let Record::Entry(entry) = row.record()
            && let Some(date) = entry.core.date
        {
            // A translation of a name that needs none is no second article.
            let language = super::translations::language_of(&row.path).unwrap_or_default();
            let title = format!("{language} {} {}", entry.language.0, entry.core.title.to_lowercase());
            by_title.entry(title).or_default().push((date, &row.path));
        }
    }
    let mut same: Vec<Vec<(Timestamp, &str)>> = by_title.into_values().filter(|files| files.len() > 1).collect();
    same.iter_mut().for_each(|files| files.sort());
    for files in same {
        for (_, path) in &files[1..] {
            let Some(text) = site.text(path) else { continue };
            findings.add(
                Rule::DuplicateTitle,
                Lines::of(path, &text).value(&["title"]),
                format!("{} has the same headline", files[0].1),
                "say in the headline what is new, or remove one of them",
            );
        }
    }
}
