//! What a withheld `_index.md` or profile takes with it.
//!
//! An editor who hides a section means what is in it, as with Hugo's cascade: its page, title and description, the
//! articles and pages of its folder, and the files beside them. The file of a language hides only that language, that
//! of the site's own language all. The file of the front page hides its own text only, unless it says so in `cascade`,
//! which speaks for the whole site; and so does a profile.

use rustc_hash::FxHashMap;

use super::Role;
use super::timeline::Happening;
use crate::article::record::{Entry, Record, Withheld, is_unread};
use crate::article::time::Timestamp;
use crate::article::{Broken, Row, is_markdown, language, may_be_of_section, title_of_name};
use crate::config::{Config, LanguageId};
use crate::file_kind::markup;
use crate::source_name::{LeftOut, is_index, left_out_text};

/// The folder of the whole site.
const SITE: &str = "content/";

/// What is hidden at a moment.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// The rows of the files that hide, sorted.
    rows: Vec<u32>,
    /// Folders with a slash at the end, and the language in which they are hidden; none is all.
    folders: Vec<(Box<str>, Option<LanguageId>)>,
}

/// What a file says of the time in which something may be seen.
struct Period<'r> {
    number: u32,
    row: &'r Row,
    withheld: Withheld,
    /// Whether it speaks for the whole site, and not for itself and its folder.
    is_of_site: bool,
    /// What it is called.
    title: String,
}

/// The files that may hide.
fn files(rows: &[Row]) -> impl Iterator<Item = Period<'_>> {
    let all = rows.iter().enumerate().filter(|(_, row)| {
        let name = row.path.rsplit('/').next().unwrap_or_default();
        is_markdown(&row.path)
            && (name.starts_with("_index.")
                || row.path.starts_with("content/authors/")
                || row.path.starts_with("content/index."))
    });
    all.flat_map(|(number, row)| {
        let (withheld, cascade, title) = match row.record() {
            Record::Section(file) => {
                let folder = row.path.rsplit('/').nth(1).unwrap_or_default();
                let title = file.title.unwrap_or_else(|| title_of_name(folder));
                (file.withheld, file.cascade, title.to_string())
            }
            Record::Author(file) => (file.withheld, Withheld::default(), file.name.to_string()),
            _ => Default::default(),
        };
        let said =
            |(withheld, is_of_site)| Period { number: number as u32, row, withheld, is_of_site, title: title.clone() };
        [(withheld, false), (cascade, true)].map(said)
    })
    .filter(|said| said.withheld != Withheld::default())
}

/// Whether the file is in a language that the site does not have. Where there are no languages, `_index.en.md` is meant
/// to be the file of the section.
fn is_of_no_language(row: &Row, config: &Config) -> bool {
    config.declares_languages && language::unknown_of_section(&row.path, config).is_some()
}

/// The folder for which a file speaks, and the language in which it does; none is all.
fn folder_of(row: &Row, is_of_site: bool, config: &Config) -> Option<(Box<str>, Option<LanguageId>)> {
    let folder = row.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let speaks = is_of_site || folder != "content" && matches!(row.record(), Record::Section(_));
    let language = language::of_name(&row.path, config);
    speaks.then(|| (format!("{folder}/").into(), Some(language).filter(|language| *language != LanguageId::MAIN)))
}

impl Hidden {
    /// What is hidden at `now`, unless drafts or what is yet to come are published on demand.
    pub(super) fn of(rows: &[Row], config: &Config, now: Timestamp, drafts: bool, future: bool) -> Self {
        Self::by(rows, config, |withheld| withheld.holds(now, drafts, future))
    }

    /// What is hidden until somebody edits it.
    pub(super) fn of_drafts(rows: &[Row], config: &Config) -> Self {
        Self::by(rows, config, |withheld| withheld.draft && !config.drafts)
    }

    fn by(rows: &[Row], config: &Config, hides: impl Fn(&Withheld) -> bool) -> Self {
        let mut hidden = Self::default();
        for Period { number, row, withheld, is_of_site, .. } in files(rows) {
            if !hides(&withheld) || is_of_no_language(row, config) {
                continue;
            }
            hidden.rows.push(number);
            hidden.folders.extend(folder_of(row, is_of_site, config));
        }
        hidden
    }

    /// Hides what the files of sections that cannot be read may hide.
    pub(super) fn with_broken(mut self, broken: &[Broken], config: &Config) -> Self {
        for Broken { path, .. } in broken.iter().filter(|one| may_be_of_section(&one.path)) {
            // That of the front page lets nothing be published.
            if let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| *folder != "content") {
                let language = Some(language::of_name(path, config)).filter(|language| *language != LanguageId::MAIN);
                self.folders.push((format!("{folder}/").into(), language));
            }
        }
        self
    }

    /// Whether the file in a row hides.
    pub(super) fn has(&self, row: u32) -> bool {
        self.rows.binary_search(&row).is_ok()
    }

    /// Whether a section is hidden in a language.
    pub(super) fn has_section(&self, name: &str, language: LanguageId) -> bool {
        let is_hidden = |folder: &str| {
            folder == SITE || folder.strip_prefix(SITE).and_then(|rest| rest.strip_suffix('/')) == Some(name)
        };
        self.in_language(language).any(is_hidden)
    }

    /// Whether an article or page is hidden with its folder or section.
    pub(super) fn holds(&self, path: &str, entry: &Entry<'_>) -> bool {
        !self.folders.is_empty()
            && (self.in_language(entry.language).any(|folder| path.starts_with(folder))
                || entry.section.as_deref().is_some_and(|name| self.has_section(name, entry.language)))
    }

    /// Whether a file that is published as it is, or a profile, is hidden with its folder.
    pub(super) fn holds_file(&self, path: &str) -> bool {
        self.folders.iter().any(|(folder, language)| language.is_none() && path.starts_with(&**folder))
    }

    fn in_language(&self, language: LanguageId) -> impl Iterator<Item = &str> {
        let is_hidden = move |of: &Option<LanguageId>| of.is_none_or(|of| of == language);
        self.folders.iter().filter(move |(_, of)| is_hidden(of)).map(|(folder, _)| &**folder)
    }
}

/// When folders open that have not always been open.
pub(super) struct Openings(Vec<(Box<str>, Option<LanguageId>, Timestamp)>);

impl Openings {
    /// What the files of sections say of it.
    pub(super) fn of(rows: &[Row], config: &Config) -> Self {
        let opening = |Period { row, withheld, is_of_site, .. }: Period<'_>| {
            let opens = withheld.publish.filter(|_| !config.future && !is_of_no_language(row, config))?;
            folder_of(row, is_of_site, config).map(|(folder, language)| (folder, language, opens))
        };
        Self(files(rows).filter_map(opening).collect())
    }

    /// Whether an article or page that ended at a moment had ended before its folder or section opened.
    pub(super) fn came_after(&self, ends: Timestamp, path: &str, entry: &Entry<'_>) -> bool {
        let closed = self.0.iter().filter(|(.., opens)| *opens >= ends);
        let folders = closed.map(|(folder, language, _)| (folder.clone(), *language)).collect();
        Hidden { rows: Vec::new(), folders }.holds(path, entry)
    }
}

/// Hides the files of bundles whose text is withheld, cannot be read, or is not read by its name (`Index.md`, `index.MD`,
/// `index.md.bak`, `index.html` with front matter), unless another text of theirs is visible; and those of a folder in which there is no
/// text but such as its name withholds (`HOLD.md`).
pub(super) fn with_bundles(rows: &[Row], broken: &[Broken], roles: &mut [Role], is_visible: impl Fn(usize) -> bool) {
    let texts = broken.iter().filter(|one| is_markdown(&one.path)).filter_map(|one| one.path.rsplit_once('/'));
    let texts = texts.filter(|(folder, name)| folder.contains('/') && is_index(name));
    let mut folders: FxHashMap<&str, bool> = texts.map(|(folder, _)| (folder, false)).collect();
    let mut has_hidden = !folders.is_empty();
    for (number, row) in rows.iter().enumerate() {
        let Some((folder, name)) = row.path.rsplit_once('/') else { continue };
        if !is_index(name) || !folder.starts_with("content/") {
            continue;
        }
        if is_markdown(&row.path) || is_unread(&row.record) {
            *folders.entry(folder).or_default() |= is_visible(number);
            has_hidden |= !is_visible(number);
        }
    }
    for folder in folders_of_marked(rows) {
        folders.insert(folder, false);
        has_hidden = true;
    }
    for (row, role) in rows.iter().zip(roles).filter(|(row, _)| row.path.starts_with("content/")) {
        if *role != Role::Other || is_markdown(&row.path) {
            continue;
        }
        let ends = row.path.rmatch_indices('/').map(|(end, _)| &row.path[..end]);
        let is_visible = || ends.into_iter().find_map(|folder| folders.get(folder)).copied();
        // A text in another markup is published where a visible page leads to it.
        let is_text = || is_unread(&row.record) && markup(&row.path).is_none();
        if has_hidden && is_visible() == Some(false) || is_text() {
            *role = Role::Hidden;
        }
    }
}

/// The folders below sections in which, and below which, no text is but such as its name withholds.
fn folders_of_marked(rows: &[Row]) -> Vec<&str> {
    let is_marked = |row: &Row| left_out_text(&row.path) == Some(LeftOut::Marked);
    let texts = || rows.iter().filter(|row| is_markdown(&row.path));
    let marked = texts().filter(|row| is_marked(row)).filter_map(|row| Some(row.path.rsplit_once('/')?.0));
    let mut marked: Vec<&str> = marked.filter(|folder| folder.starts_with("content/")).collect();
    marked.dedup();
    if !marked.is_empty() {
        let others: Vec<&str> =
            texts().filter(|row| left_out_text(&row.path).is_none()).map(|row| &*row.path).collect();
        let is_below = |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        marked.retain(|folder| {
            let at = others.partition_point(|path| *path < &**folder);
            !others[at..].iter().take_while(|path| path.starts_with(*folder)).any(|path| is_below(path, folder))
        });
    }
    marked
}

/// The texts that are published from the folder of each bundle that is withheld: the bundle, one of them, and how many.
pub(super) fn beside_bundles(rows: &[Row], roles: &[Role]) -> Vec<(u32, u32, usize)> {
    let bundles = rows.iter().zip(roles).enumerate().filter(|(_, (row, role))| {
        let (folder, name) = row.path.rsplit_once('/').unwrap_or_default();
        matches!(role, Role::Withheld) && is_index(name) && folder.starts_with("content/")
    });
    let texts = |(number, (row, _)): (usize, (&Row, &Role))| {
        let (folder, _) = row.path.rsplit_once('/')?;
        let start = rows.partition_point(|one| *one.path < *format!("{folder}/"));
        let inside = rows[start..]
            .iter()
            .zip(start..)
            .map_while(|(one, at)| Some((one.path.strip_prefix(folder)?.strip_prefix('/')?, at)));
        let beside = |(name, at): &(&str, usize)| {
            !name.contains('/') && !is_index(name) && matches!(roles[*at], Role::Article(_) | Role::Page(_))
        };
        let mut texts = inside.filter(beside).map(|(_, at)| at as u32);
        let first = texts.next()?;
        Some((number as u32, first, texts.count()))
    };
    bundles.filter_map(texts).collect()
}

/// Tells `found` every moment after `now` at which a section or profile is shown or hidden.
pub(super) fn moments<'r>(
    rows: &'r [Row],
    config: &Config,
    now: Timestamp,
    mut found: impl FnMut(&'r Row, Timestamp, Happening, &str),
) {
    for Period { row, withheld: Withheld { draft, publish, expires }, title, .. } in files(rows) {
        if draft && !config.drafts {
            continue;
        }
        let all = [(publish, Happening::Published), (expires, Happening::Expired)];
        for (at, happening) in all.into_iter().filter_map(|(at, happening)| Some((at?, happening))) {
            if at > now {
                found(row, at, happening, &title);
            }
        }
    }
}
