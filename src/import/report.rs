//! What an import did: for the terminal a table, for machines and for later `import-report.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::loss::Counts;
use super::manifest::{Outcome, Put};
use crate::diagnostic::{Diagnostic, Place};

/// Its name in the site's folder.
pub const FILE: &str = "import-report.json";

/// So many places of one thing are told.
const PLACES: usize = 50;

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The format of the source.
    pub format: String,
    /// The files that were read.
    pub sources: Vec<String>,
    /// Articles and pages that everybody could read there.
    pub published_there: usize,
    /// Articles and pages that everybody can read here.
    pub published_here: usize,
    /// Articles.
    pub articles: usize,
    /// Pages.
    pub pages: usize,
    /// Those whose date is still to come.
    pub embargoed: usize,
    /// Drafts, by the reason.
    pub drafts: BTreeMap<String, usize>,
    /// Comments beside their articles.
    pub comments: usize,
    /// Comments that wait in the inbox.
    pub comments_waiting: usize,
    /// Comments left behind: spam, trash, pings, empty ones.
    pub comments_left: usize,
    /// Comments on pages: they are kept in `import-comments/`, since pages here have none.
    pub comments_of_pages: usize,
    /// Profiles of authors.
    pub authors: usize,
    /// Sections.
    pub sections: usize,
    /// Files.
    pub files: Files,
    /// Photographs and other files.
    pub media: MediaReport,
    /// The loss meter.
    pub loss: Loss,
    /// What was repaired in the source.
    pub repairs: Vec<Line>,
    /// What was not understood, by name.
    pub unknown: BTreeMap<String, Unknown>,
    /// Links of published texts that led nowhere: nothing of the source has their address.
    pub dead_links: BTreeMap<String, Unknown>,
    /// What somebody should look at.
    pub remarks: Vec<Line>,
    /// What was left out, by name.
    pub left_out: BTreeMap<String, usize>,
    /// Each article and page: where it was, and where it is.
    pub items: Vec<Moved>,
    /// Other addresses of the old site, and what answers them here.
    pub addresses: Vec<Answer>,
    /// What is wrong with the source, or could not be done.
    #[serde(skip)]
    pub problems: Vec<Diagnostic>,
}

/// What became of the files of the site.
#[derive(Debug, Default, Serialize)]
pub struct Files {
    /// New ones.
    pub created: usize,
    /// Those that an earlier import wrote, and that are other ones now.
    pub updated: usize,
    /// Those that are as they were.
    pub unchanged: usize,
    /// Those that somebody has edited, so they stay, with what differs.
    pub kept: BTreeMap<String, String>,
    /// Those that an earlier import wrote and somebody has removed or moved, so they stay away.
    pub removed: Vec<String>,
    /// Those whose names would leave the target.
    pub refused: Vec<String>,
    /// Those of an earlier import that nobody has edited and whose item has another file now, or none: they are removed.
    pub moved: Vec<String>,
    /// Those of an earlier import that are no longer in the source. They stay.
    pub gone: Vec<String>,
}

/// What became of photographs and other files.
#[derive(Debug, Default, Serialize)]
pub struct MediaReport {
    /// Files that what is published, now or at its date, shows or names.
    pub needed: usize,
    /// Those that are in `static/`, or in `content/` for embargoed articles.
    pub there: usize,
    /// Files that were copied or fetched by this import.
    pub copied: usize,
    /// Files that only withheld texts show: they are in `static-withheld/`.
    pub withheld: usize,
    /// Those that are missing, with the reason where there is one.
    pub missing: BTreeMap<String, String>,
}

/// The loss meter of all items.
#[derive(Debug, Default, Serialize)]
pub struct Loss {
    /// Items that were compared.
    pub items: usize,
    /// Items that say here exactly what they said there.
    pub exact: usize,
    /// Items with differences that have a reason.
    pub explained: usize,
    /// Words that are not here.
    pub words_lost: i64,
    /// What all items say there.
    pub there: Counts,
    /// What they say here.
    pub here: Counts,
    /// Differences with a reason: what there is more here, by the reason.
    pub reasons: BTreeMap<String, Counts>,
    /// Differences without one.
    pub lines: Vec<LossLine>,
}

/// A difference of an item that nothing explains.
#[derive(Debug, Serialize)]
pub struct LossLine {
    /// Where it stands in the source.
    pub source: String,
    /// Its file here.
    pub path: String,
    /// What there is more here than there; less below zero.
    pub difference: BTreeMap<&'static str, i64>,
    /// Some of the words that are not here.
    pub words: Vec<String>,
}

/// Something in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    /// Where.
    pub source: String,
    /// What.
    pub what: String,
}

/// Something that was not understood.
#[derive(Debug, Default, Serialize)]
pub struct Unknown {
    /// How often.
    pub count: usize,
    /// Where; the first ones.
    pub places: Vec<String>,
}

/// Where an article or page was, and where it is.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// Its place in the source.
    pub source: String,
    /// Its file here.
    pub path: String,
    /// Its old address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub old: String,
    /// Other old addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Its address here; none if it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// `published`, `embargoed`, or why it is a draft.
    pub standing: String,
}

/// What answers an old address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Answer {
    /// The old address, from the front page.
    pub old: String,
    /// Where it leads; none if nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// `redirect`, `rule` (only a rule of the host can answer it), or `gone`.
    pub how: &'static str,
}

impl Unknown {
    fn add(&mut self, place: &str) {
        self.count += 1;
        if self.places.len() < PLACES && self.places.last().is_none_or(|last| last != place) {
            self.places.push(place.to_owned());
        }
    }
}

impl Report {
    /// Notes what became of a file. One that cannot be there is a problem: nothing stands at its address.
    pub(super) fn add(&mut self, put: &Put) {
        let files = &mut self.files;
        match &put.fate {
            Outcome::Created => files.created += 1,
            Outcome::Updated => files.updated += 1,
            Outcome::Unchanged => files.unchanged += 1,
            Outcome::Kept(difference) => _ = files.kept.insert(put.path.clone(), difference.clone()),
            Outcome::Removed => files.removed.push(put.path.clone()),
            Outcome::Refused => {
                files.refused.push(put.path.clone());
                self.refuse(&put.path, "not every file system has a file of this name, so it is left out");
            }
        }
    }

    /// Notes a file that is not taken.
    pub(super) fn refuse(&mut self, path: &str, why: &str) {
        let problem = Diagnostic::error(why).at(Place::file(path));
        self.problems.push(problem.hint("give it another name in the source, or copy it yourself"));
    }

    /// Notes what was not understood.
    pub(super) fn unknown(&mut self, name: String, place: &str) {
        self.unknown.entry(name).or_default().add(place);
    }

    /// Notes a link that led nowhere.
    pub(super) fn dead_link(&mut self, href: String, place: &str) {
        self.dead_links.entry(href).or_default().add(place);
    }

    /// Counts what is left out.
    pub(super) fn leave_out(&mut self, what: &str, number: usize) {
        if number > 0 {
            *self.left_out.entry(what.to_owned()).or_default() += number;
        }
    }

    /// Notes something to be looked at.
    pub(super) fn remark(&mut self, source: impl Into<String>, what: impl Into<String>) {
        self.remarks.push(Line { source: source.into(), what: what.into() });
    }

    /// Addresses that only a rule of the host can answer.
    pub fn rules(&self) -> usize {
        self.addresses.iter().filter(|answer| answer.how == "rule").count()
    }

    /// The loss meter in one line.
    pub fn meter(&self) -> String {
        let all = self.articles + self.pages;
        let looked = self.loss.items;
        let compared = match looked {
            0 => counted(all, "post"),
            _ => {
                let lost = counted(self.loss.words_lost.unsigned_abs() as usize, "word");
                format!("{looked} of {all} posts, {lost} lost")
            }
        };
        let rules =
            if self.rules() == 1 { "1 address needs".into() } else { format!("{} addresses need", self.rules()) };
        format!("{compared}, {rules} a rule")
    }

    /// The report as rows of two columns, the most important first.
    pub fn rows(&self) -> Vec<(String, String)> {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |name: &str, text: String| rows.push((name.to_owned(), text));
        row("articles", self.articles.to_string());
        row("pages", self.pages.to_string());
        let drafts: usize = self.drafts.values().sum();
        if drafts > 0 {
            let reasons: Vec<String> =
                self.drafts.iter().map(|(reason, number)| format!("{number} {reason}")).collect();
            row("drafts", format!("{drafts}: {}", reasons.join(", ")));
        }
        if self.embargoed > 0 {
            row("embargoed", self.embargoed.to_string());
        }
        let mut comments = vec![format!("{} beside articles", self.comments)];
        for (number, what) in [
            (self.comments_waiting, "in the inbox"),
            (self.comments_of_pages, "of pages, kept in import-comments/"),
            (self.comments_left, "left behind (spam, trash, pings)"),
        ] {
            comments.extend((number > 0).then(|| format!("{number} {what}")));
        }
        row("comments", comments.join(", "));
        row("sections", self.sections.to_string());
        row("authors", self.authors.to_string());
        let media = &self.media;
        if media.needed > 0 || media.copied > 0 {
            let missing =
                if media.missing.is_empty() { String::new() } else { format!(", {} missing", media.missing.len()) };
            let withheld =
                if media.withheld > 0 { format!(", {} only in withheld texts", media.withheld) } else { String::new() };
            row("images and files", format!("{} of {} there{missing}{withheld}", media.there, media.needed));
        }
        let loss = &self.loss;
        // Markdown stays as it is, and is not compared.
        if loss.items > 0 {
            row(
                "loss meter",
                format!(
                    "{} lost; {} of {} the same, {} with reasons, {} not explained",
                    counted(loss.words_lost.unsigned_abs() as usize, "word"),
                    loss.exact,
                    loss.items,
                    loss.explained,
                    loss.lines.len()
                ),
            );
        }
        let [redirects, rules, gone] =
            ["redirect", "rule", "gone"].map(|how| self.addresses.iter().filter(|one| one.how == how).count());
        let same = self
            .items
            .iter()
            .filter(|item| {
                item.new.as_deref().is_some_and(|new| super::addresses::key(new) == super::addresses::key(&item.old))
            })
            .count();
        row(
            "old addresses",
            format!("{same} the same, {redirects} lead on, {rules} need a rule of the host, {gone} withheld or gone"),
        );
        if !self.unknown.is_empty() {
            let names: Vec<String> =
                self.unknown.iter().take(8).map(|(name, unknown)| format!("{name} ({})", unknown.count)).collect();
            let more = self.unknown.len().saturating_sub(8);
            let more = if more > 0 { format!(", {more} more") } else { String::new() };
            row("not understood", names.join(", ") + &more);
        }
        if !self.dead_links.is_empty() {
            let names: Vec<&str> = self.dead_links.keys().take(8).map(String::as_str).collect();
            let more = self.dead_links.len().saturating_sub(8);
            let more = if more > 0 { format!(", {more} more") } else { String::new() };
            row("dead links", names.join(", ") + &more);
        }
        if !self.repairs.is_empty() {
            row("repaired", self.repairs.len().to_string());
        }
        if !self.left_out.is_empty() {
            let parts: Vec<String> = self.left_out.iter().map(|(what, number)| format!("{number} {what}")).collect();
            row("left out", parts.join(", "));
        }
        if !self.remarks.is_empty() {
            row("to look at", counted(self.remarks.len(), "remark"));
        }
        let files = &self.files;
        let mut parts =
            vec![format!("{} new, {} updated, {} as they were", files.created, files.updated, files.unchanged)];
        for (number, what) in [
            (files.kept.len(), "edited here, so kept"),
            (files.removed.len(), "removed here, so left out"),
            (files.refused.len(), "refused"),
            (files.moved.len(), "left by what is elsewhere now, so removed"),
            (files.gone.len(), "no longer in the source, and still here"),
        ] {
            parts.extend((number > 0).then(|| format!("{number} {what}")));
        }
        row("files", parts.join(", "));
        rows
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
