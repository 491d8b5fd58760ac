//! The timeline: every moment at which the output changes without an edit.
//!
//! Whatever in the output depends on "now" has its moments here. A build at another moment with nothing
//! on the timeline in between has nothing to do, and `courant next` tells when the next one is needed.

use rayon::prelude::*;

use super::{ads, front, hidden, live, starts};
use crate::article::Row;
use crate::article::record::{Entry, Kind, Record, latest_of_comments};
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::file_kind::MARKDOWN;
use crate::source_name::COMMENTS;

/// How long an article stays in the news sitemap, in seconds: two days
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
pub const NEWS_SITEMAP_SECONDS: i64 = 2 * 24 * 60 * 60;

/// What happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// An article is published.
    Published,
    /// An article is withheld from now on.
    Expired,
    /// An article is too old for the news sitemap.
    LeavesNewsSitemap,
    /// Live coverage begins.
    LiveBegins,
    /// An update of live coverage is published.
    LiveUpdate,
    /// Live coverage ends.
    LiveEnds,
    /// A correction is published.
    Correction,
    /// It says from now on that it was updated.
    Updated,
    /// A reader's comment is published.
    Comment,
    /// An article or a package takes its place on a page.
    PlaceBegins,
    /// It leaves it.
    PlaceEnds,
    /// A notice is shown.
    NoticeBegins,
    /// It is not shown any more.
    NoticeEnds,
}

impl Happening {
    /// The word for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Expired => "expired",
            Self::LeavesNewsSitemap => "leaves-news-sitemap",
            Self::LiveBegins => "live-begins",
            Self::LiveUpdate => "live-update",
            Self::LiveEnds => "live-ends",
            Self::Correction => "correction",
            Self::Updated => "updated",
            Self::Comment => "comment",
            Self::PlaceBegins => "place-begins",
            Self::PlaceEnds => "place-ends",
            Self::NoticeBegins => "notice-begins",
            Self::NoticeEnds => "notice-ends",
        }
    }

    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Expired => "expired",
            Self::LeavesNewsSitemap => "out of the news sitemap",
            Self::LiveBegins => "live coverage begins",
            Self::LiveUpdate => "live update published",
            Self::LiveEnds => "live coverage ended",
            Self::Correction => "correction published",
            Self::Updated => "marked as updated",
            Self::Comment => "comment published",
            Self::PlaceBegins => "placed on its page",
            Self::PlaceEnds => "leaves its place",
            Self::NoticeBegins => "notice shown",
            Self::NoticeEnds => "notice ends",
        }
    }
}

/// A moment at which the output changes without an edit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What happens.
    pub event: Happening,
    /// The source.
    pub path: String,
    /// The headline; of an update, its heading.
    pub title: String,
}

/// Whether the news sitemap lists an article of this kind while it is new. What is paid for is no news to
/// Google (its policy on sponsored content), and what was published first elsewhere is listed there, if at all.
pub(super) fn is_for_news_sitemap(kind: Kind, is_not_ours: bool) -> bool {
    kind != Kind::Sponsored && !is_not_ours
}

/// Every moment after `now` at which something changes for one of the rows, soonest first.
pub fn timeline(rows: &[Row], config: &Config, now: Timestamp) -> Vec<Moment> {
    let drafts = hidden::Hidden::of_drafts(rows, config);
    let mut moments: Vec<Moment> = rows
        .par_iter()
        .filter(|row| crate::article::is_markdown(&row.path))
        .flat_map_iter(|row| match row.record() {
            Record::Entry(entry) if !drafts.holds(&row.path, &entry) => {
                let mut found = Vec::new();
                each(&entry, row, config, now, |at, event, title| {
                    found.push(Moment { at, event, path: row.path.to_string(), title: title.to_owned() });
                });
                found
            }
            _ => Vec::new(),
        })
        .collect();
    hidden::moments(rows, config, now, |row, at, event, title| {
        moments.push(Moment { at, event, path: row.path.to_string(), title: title.to_owned() });
    });
    front::moments(rows, config, &drafts, now, |row, at, event, title| {
        moments.push(Moment { at, event, path: row.path.to_string(), title: title.to_owned() });
    });
    ads::moments(rows, config, now, |row, at, event, title| {
        moments.push(Moment { at, event, path: row.path.to_string(), title: title.to_owned() });
    });
    if !config.future {
        of_comments(rows, now, |row, at, event, title| {
            if !has_seen_entry(rows, config, &drafts, &row.path, at) {
                return;
            }
            moments.push(Moment { at, event, path: row.path.to_string(), title: title.to_owned() });
        });
    }
    moments.sort();
    moments
}

/// Tells `found` every moment after `now` at which a comment is published.
pub(super) fn of_comments<'r>(
    rows: &'r [Row],
    now: Timestamp,
    mut found: impl FnMut(&'r Row, Timestamp, Happening, &str),
) {
    let to_come: Vec<(&Row, Timestamp, String)> = rows
        .par_iter()
        .with_min_len(256)
        .filter(|row| {
            crate::article::is_comments(&row.path) && latest_of_comments(&row.record).is_some_and(|at| at > now)
        })
        .flat_map_iter(|row| match row.record() {
            Record::Comments(_, comments) => {
                let to_come = comments.into_iter().filter(|comment| comment.publish.is_some_and(|at| at > now));
                to_come.map(|comment| (row, comment.publish.unwrap_or(now), comment.name.to_string())).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    to_come.into_iter().for_each(|(row, at, name)| found(row, at, Happening::Comment, &name));
}

/// Whether the article that the comments in the source `path` belong to is seen when one of them is published.
fn has_seen_entry(rows: &[Row], config: &Config, drafts: &hidden::Hidden, path: &str, at: Timestamp) -> bool {
    articles_of(rows, path).any(|row| match rows[row as usize].record() {
        Record::Entry(entry) => {
            !drafts.holds(path, &entry) && may_be_seen(&entry, config) && is_seen_at(&entry, config, at)
        }
        _ => false,
    })
}

/// The rows of the articles that the comments in the source `path` belong to: hardly more than one.
pub(super) fn articles_of(rows: &[Row], path: &str) -> impl Iterator<Item = u32> {
    let stem = path.strip_suffix(COMMENTS).unwrap_or(path);
    MARKDOWN.iter().filter_map(move |ending| super::find_row(rows, &format!("{stem}{ending}")))
}

/// Whether readers may see the article or page in a row at a moment. A doubt says that they do.
pub(super) fn may_show(row: &Row, config: &Config, drafts: &hidden::Hidden, at: Timestamp) -> bool {
    match row.record() {
        Record::Entry(entry) => {
            !drafts.holds(&row.path, &entry) && !entry.withheld.holds(at, config.drafts, config.future)
        }
        _ => false,
    }
}

/// Whether there is a time in which an entry is seen.
pub(super) fn may_be_seen(entry: &Entry<'_>, config: &Config) -> bool {
    let is_over = || entry.withheld.expires.is_some_and(|end| end <= starts(entry));
    (!entry.withheld.draft || config.drafts) && (config.future || !is_over())
}

/// Whether an entry is seen when something happens to it. What happens to one that is not changes nothing.
fn is_seen_at(entry: &Entry<'_>, config: &Config, at: Timestamp) -> bool {
    (at > starts(entry) || config.future) && entry.withheld.expires.is_none_or(|end| at < end)
}

/// Tells `found` every moment after `now` at which something changes for an entry: what happens, and the
/// title of that to which it happens.
pub(super) fn each(
    entry: &Entry<'_>,
    row: &Row,
    config: &Config,
    now: Timestamp,
    mut found: impl FnMut(Timestamp, Happening, &str),
) {
    if !may_be_seen(entry, config) {
        return;
    }
    let mut add = |at: Timestamp, event: Happening, title: &str| {
        let is_of_its_own = matches!(event, Happening::Published | Happening::Expired | Happening::NoticeBegins);
        let is_seen = is_of_its_own || is_seen_at(entry, config, at);
        // Two days after the last day there is are no moment.
        let exists = jiff::Timestamp::from_second(at.0).is_ok();
        if at > now && is_seen && exists {
            found(at, event, title);
        }
    };
    let title = &*entry.core.title;
    add(starts(entry), Happening::Published, title);
    if let Some(end) = entry.withheld.expires {
        add(end, Happening::Expired, title);
    }
    // One that expired before it is withdrawn gets its notice then.
    if let Some(withdrawal) = entry.withdrawal.as_ref().filter(|one| entry.withheld.expires != Some(one.date)) {
        add(withdrawal.date, Happening::NoticeBegins, title);
    }
    if let Some(date) = entry.core.date
        && is_for_news_sitemap(entry.core.kind, entry.noindex || super::build::is_elsewhere(entry, row, config))
    {
        add(Timestamp(date.0 + NEWS_SITEMAP_SECONDS), Happening::LeavesNewsSitemap, title);
    }
    if !config.future {
        let corrections = entry.corrections.iter().filter_map(|correction| correction.date);
        corrections.for_each(|at| add(at, Happening::Correction, title));
        entry.core.updated.into_iter().for_each(|at| add(at, Happening::Updated, title));
    }
    if let Some((begins, ends)) = live::span(entry) {
        if ends.is_none_or(|ends| begins < ends) {
            add(begins, Happening::LiveBegins, title);
        }
        if let Some(ends) = ends {
            add(ends, Happening::LiveEnds, title);
        }
        if !config.future {
            for update in &entry.updates {
                add(update.time, Happening::LiveUpdate, &update.title);
            }
        }
    }
}
