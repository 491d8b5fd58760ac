//! Addresses that cannot be: two outputs want one, or no file system can hold it.
//!
//! The plan knows no files, so it hands on what is wrong; who reports it reads the line that asks for the address.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{CORRECTIONS, Output, Plan, Scope};
use crate::article::{Lines, Row, body_text, is_markdown};
use crate::config::{Config, Taxonomy};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::file_id;
use crate::index::Index;
use crate::site_path::{self, MOST_IN_NAME};
use crate::source::Reader;
use crate::theme::Theme;

/// Bytes that a path in the output folder may have. Object stores allow 1,024 (Amazon S3), as macOS does for whole
/// paths; the rest is for the folder above.
const MOST_IN_PATH: usize = 800;

/// An address that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// What is wrong.
    pub(super) message: String,
    /// The file in the output folder.
    pub(super) path: String,
    /// The row of the source that is to change.
    pub(super) row: Option<u32>,
    /// What in it asks for the address.
    pub(super) asks: Asks,
    /// What to do.
    pub(super) hint: Cow<'static, str>,
}

/// What in a source asks for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// Its own address.
    Itself,
    /// An old address of its own.
    Alias,
    /// A term of this name.
    Term(String),
}

impl Collision {
    /// The error, at the line of the key that asks for the address. `rows` are those of the index.
    pub fn diagnostic(&self, reader: &Reader, rows: &[Row]) -> Diagnostic {
        Diagnostic::error(&self.message).at(self.place(reader, rows)).hint(&*self.hint)
    }

    /// The same as a warning.
    pub(super) fn warning(&self, reader: &Reader, rows: &[Row]) -> Diagnostic {
        Diagnostic::warning(&self.message).at(self.place(reader, rows)).hint(&*self.hint)
    }

    fn place(&self, reader: &Reader, rows: &[Row]) -> Place {
        let Some(row) = self.row.map(|row| &rows[row as usize]) else { return Place::file(crate::config::FILE) };
        let source = &*row.path;
        let Some(text) = is_markdown(source).then(|| body_text(reader, row).ok()).flatten() else {
            return Place::file(source);
        };
        let lines = Lines::of(source, &text);
        match &self.asks {
            Asks::Itself => return lines.value(&["permalink", "url", "slug"]),
            Asks::Term(name) => {
                let keys = ["tags", "tag", "categories", "category", "authors", "author", "series"];
                return lines.value_among(&keys, name);
            }
            Asks::Alias => {}
        }
        let keys = ["aliases", "alias", "redirect_from"];
        let asks = |alias: &&String| {
            let path = site_path::output_path(&site_path::page_path(&site_path::read(alias).unwrap_or_default()));
            // It may be the folder of that name that is asked for.
            path.strip_prefix(&*self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                || !alias.starts_with('/') && format!("/{}", self.path).ends_with(&format!("/{path}"))
        };
        match lines.texts(&keys).iter().find(asks) {
            Some(alias) => lines.value_among(&keys, alias),
            None => lines.value(&keys),
        }
    }
}

/// Every pair of outputs that want one address, and every address that no file system can hold.
pub(super) fn collisions(plan: &Plan, index: &Index, config: &Config, theme: &Theme) -> Vec<Collision> {
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    seen.reserve(plan.outputs.len());
    let mut problems = Vec::new();
    let path_of = |output: Output| plan.path(output, index, config, theme);
    let mut of_years: Vec<usize> = Vec::new();
    let mut needs_day = false;
    // What stands beside an article has no folder of its own, and meets what another one has only where the articles
    // meet.
    let is_beside = |output: Output| matches!(output, Output::Card(_) | Output::ListingCard(_) | Output::Live(_));
    for (number, (output, file)) in plan.outputs.iter().zip(&plan.files).enumerate() {
        if let Some(other) = seen.insert(*file, number as u32) {
            let other = plan.outputs[other as usize];
            let path = path_of(*output);
            let is_told = || is_beside(other) && is_beside(*output) || is_part_of_listing(other, *output);
            if path_of(other) == path && !is_told() {
                if let Some(apart) = apart_in_time(other, *output, index, config) {
                    of_years.push(problems.len());
                    needs_day |= apart == Apart::Days;
                }
                problems.push(collision(plan, &path, other, *output, index, config, theme));
            }
        }
    }
    for at in &of_years {
        let ended = of_years.len();
        let all = if ended == 1 { "this collision".to_owned() } else { format!("{ended} collisions like this one") };
        let day = if needs_day { "{dd}/" } else { "" };
        problems[*at].hint = format!("write `permalink: /{{yyyy}}/{{mm}}/{day}{{slug}}/` in site.yaml, which ends {all}; or give one of them another `slug`").into();
    }
    // A file and a folder of the same name: one would remove the other.
    let others = plan.outputs.par_iter().with_min_len(256).filter(|output| !is_beside(**output));
    let both = others.flat_map_iter(|output| {
        let path = path_of(*output);
        let folders = memchr::memchr_iter(b'/', path.as_bytes()).map(|end| &path[..end]);
        let files = folders.filter_map(|folder| {
            let file = plan.outputs[*seen.get(&file_id(folder))? as usize];
            (path_of(file) == folder).then(|| collision(plan, folder, file, *output, index, config, theme))
        });
        let too_long = is_too_long(&path).then(|| too_long(plan, &path, *output, index, config, theme));
        files.chain(too_long).collect::<Vec<_>>()
    });
    problems.extend(both.collect::<Vec<_>>());
    problems
}

pub(super) fn collision(
    plan: &Plan,
    path: &str,
    a: Output,
    b: Output,
    index: &Index,
    config: &Config,
    theme: &Theme,
) -> Collision {
    let of_section = || maker_of_section(plan, b, index).or_else(|| maker_of_section(plan, a, index));
    let blamed = blamed(plan, b, index).or_else(|| blamed(plan, a, index)).or_else(of_section);
    let source = blamed.as_ref().map(|(row, asks)| (&*index.rows[*row as usize].path, asks));
    let generated = source.and_then(|(source, asks)| way_out(plan, source, asks, [a, b], config));
    let is = |wanted: fn(&Output) -> bool| wanted(&a) || wanted(&b);
    let is_below_prefix = |output: &Output| match output {
        Output::Listing(at, 0) => {
            let listing = &plan.listings[*at as usize];
            listing.scope == Scope::Front && &*listing.path != "/"
        }
        _ => false,
    };
    let is_at_prefix = is_below_prefix(&a) || is_below_prefix(&b);
    let in_folder = source.filter(|_| is_at_prefix).and_then(|(source, _)| in_folder_of_language(source, config));
    let hint = if let Some(hint) = in_folder {
        return collision_of(plan, path, [a, b], blamed, hint.into(), (index, config, theme));
    } else if is_at_prefix {
        "give the language another `prefix` in site.yaml, or rename the folder"
    } else if is(|output| matches!(output, Output::Alias(_))) {
        "remove the alias, or give it another address"
    } else if path.starts_with(&CORRECTIONS[1..]) {
        "what stands above the list of corrections is content/corrections/_index.md; anything else needs another address"
    } else if let Some(hint) = generated {
        return collision_of(plan, path, [a, b], blamed, hint.into(), (index, config, theme));
    } else if is(|output| matches!(output, Output::Card(_) | Output::ListingCard(_))) {
        "rename the file, or write `cards: false` in site.yaml"
    } else if is(|output| matches!(output, Output::Search(_))) {
        "the search has this address: choose another one, or write `search: false` in site.yaml"
    } else if is(|output| matches!(output, Output::Article(_) | Output::Page(_) | Output::Notice(_))) {
        "give one of them another `slug` or `permalink`, or remove one"
    } else {
        "rename or remove the file"
    };
    collision_of(plan, path, [a, b], blamed, hint.into(), (index, config, theme))
}

fn collision_of(
    plan: &Plan,
    path: &str,
    both: [Output; 2],
    blamed: Option<(u32, Asks)>,
    hint: Cow<'static, str>,
    (index, config, theme): (&Index, &Config, &Theme),
) -> Collision {
    let [a, b] = both.map(|output| describe(plan, output, index, config, theme));
    let address = path.strip_suffix("index.html").unwrap_or(path);
    let message = format!("{a} and {b} both want the address /{address}");
    let (row, asks) = blamed.map_or((None, Asks::Itself), |(row, asks)| (Some(row), asks));
    Collision { message, path: path.to_owned(), row, asks, hint }
}

/// What makes the section whose listing this is: a file in its folder, or the category of an article.
fn maker_of_section(plan: &Plan, output: Output, index: &Index) -> Option<(u32, Asks)> {
    let section = &index.sections[section_of(plan, output)? as usize];
    let folder = format!("content/{}/", section.name);
    let row = index.rows.partition_point(|row| *row.path < *folder);
    if index.rows.get(row).is_some_and(|row| row.path.starts_with(&folder)) {
        return Some((row as u32, Asks::Itself));
    }
    Some((index.article(*section.articles.first()?).row, Asks::Term(section.title.to_string())))
}

fn section_of(plan: &Plan, output: Output) -> Option<u16> {
    let Output::Listing(at, _) = output else { return None };
    match plan.listings[at as usize].scope {
        Scope::Section(section) => Some(section),
        _ => None,
    }
}

/// What to do about a source that wants the address of a generated list: the other one is no file that could
/// change.
fn way_out(plan: &Plan, source: &str, asks: &Asks, both: [Output; 2], config: &Config) -> Option<String> {
    let setting = both.into_iter().find_map(|output| match output {
        Output::Terms(_, taxonomy) => Some(Setting::Taxonomy(taxonomy)),
        Output::Year(..) | Output::Archive(_) => Some(Setting::Archives),
        Output::Listing(at, _) | Output::Feed(at, _) => match &plan.listings[at as usize].scope {
            Scope::Term(taxonomy, _) => Some(Setting::Taxonomy(*taxonomy)),
            Scope::Month(..) => Some(Setting::Archives),
            _ => None,
        },
        _ => None,
    })?;
    let folder = source.rsplit_once('/').map_or(source, |(folder, _)| folder);
    let change = match (both.into_iter().any(|output| section_of(plan, output).is_some()), asks) {
        (true, Asks::Term(name)) => format!("give the category `{name}` another name"),
        (true, _) => format!("rename the folder `{folder}/`"),
        (false, _) => format!("give `{source}` another `slug` or `permalink`"),
    };
    Some(match setting {
        Setting::Archives => format!("{change}, or write `archives: false` in site.yaml"),
        Setting::Taxonomy(taxonomy) => {
            let others = config.settings.taxonomies.iter().filter(|other| **other != taxonomy);
            let others: Vec<&str> = others.map(|other| other.name()).collect();
            format!("{change}, or write `taxonomies: [{}]` in site.yaml", others.join(", "))
        }
    })
}

/// The row that asks for the address of an output, and what in it does.
fn blamed(plan: &Plan, output: Output, index: &Index) -> Option<(u32, Asks)> {
    match output {
        Output::Alias(at) => plan.aliases[at as usize].row.map(|row| (row, Asks::Alias)),
        Output::Notice(at) => Some((index.notices[at as usize].row, Asks::Itself)),
        output => plan.own_row(output, index).map(|row| (row, Asks::Itself)),
    }
}

fn too_long(plan: &Plan, path: &str, output: Output, index: &Index, config: &Config, theme: &Theme) -> Collision {
    let of_term = || {
        let (Output::Listing(at, _) | Output::Feed(at, _)) = output else { return None };
        let listing = &plan.listings[at as usize];
        let Scope::Term(taxonomy, slug) = &listing.scope else { return None };
        let term = index.terms.get(listing.language, *taxonomy, slug)?;
        Some((index.article(*term.articles.last()?).row, Asks::Term(term.name.to_string())))
    };
    let (row, asks) =
        blamed(plan, output, index).or_else(of_term).map_or((None, Asks::Itself), |(row, asks)| (Some(row), asks));
    let longest = path.split('/').max_by_key(|part| part.len()).unwrap_or_default();
    let mut what = describe(plan, output, index, config, theme);
    if what.len() > 80 {
        what.truncate(what.floor_char_boundary(60));
        what.push('…');
    }
    let message = if longest.len() > MOST_IN_NAME {
        let start = &longest[..longest.floor_char_boundary(40)];
        format!("the address of {what} has a part of {} bytes (`{start}…`); {MOST_IN_NAME} are possible", longest.len())
    } else {
        format!("the address of {what} has {} bytes; {MOST_IN_PATH} are possible", path.len())
    };
    let hint = match asks {
        Asks::Itself if matches!(output, Output::Article(_) | Output::Page(_) | Output::Notice(_)) => {
            "give it a shorter `slug` or `permalink`"
        }
        Asks::Itself => "give it a shorter name, or fewer folders above it",
        Asks::Alias => "shorten the alias, or remove it",
        Asks::Term(_) => "give the term a shorter name",
    };
    Collision { message, path: path.to_owned(), row, asks, hint: hint.into() }
}

pub(super) fn describe(plan: &Plan, output: Output, index: &Index, config: &Config, theme: &Theme) -> String {
    if let Output::Asset(at) = output {
        return format!("the theme's file {}", theme.assets[at as usize].path);
    }
    if let Output::Variant(at, _) = output {
        let row = plan.images.all[at as usize].row;
        return format!("a copy of {}", index.rows[row as usize].path);
    }
    if let Output::Notice(at) = output {
        return format!("the notice of {}", index.rows[index.notices[at as usize].row as usize].path);
    }
    if let Output::Card(id) = output {
        return format!("the social card of {}", index.rows[index.article(id).row as usize].path);
    }
    if let Output::ListingCard(at) = output {
        return format!("the social card of {}", plan.listings[at as usize].path);
    }
    if let Output::Live(id) = output {
        return format!("the live data of {}", index.rows[index.article(id).row as usize].path);
    }
    if let Output::Alias(at) = output {
        return match plan.aliases[at as usize].row {
            Some(row) => format!("the alias of {}", index.rows[row as usize].path),
            None => "the way to the front page".into(),
        };
    }
    if let Output::Year(_, year) = output {
        return format!("the calendar of the year {year}");
    }
    if let Output::Listing(at, 0) = output {
        let listing = &plan.listings[at as usize];
        match &listing.scope {
            Scope::Front if &*listing.path != "/" => {
                return format!("the front page in the language `{}`", config.language(listing.language).tag);
            }
            Scope::Section(section) => return format!("the section `{}`", index.sections[*section as usize].name),
            Scope::Month(year, month) => return format!("the calendar of the month {year}-{month:02}"),
            _ => {}
        }
    }
    match plan.own_row(output, index) {
        Some(row) => index.rows[row as usize].path.to_string(),
        None => format!("the generated {}", site_path::output_path(&plan.site_path(output, config))),
    }
}

/// The setting without which a list is not made.
enum Setting {
    Taxonomy(Taxonomy),
    Archives,
}

/// Whether two outputs belong to listings that collide with their first pages, too.
fn is_part_of_listing(a: Output, b: Output) -> bool {
    let is_part = |output| matches!(output, Output::Feed(..) | Output::Listing(_, 1..));
    is_part(a) && is_part(b)
}

/// What to do about a folder for a language, as Hugo has them.
fn in_folder_of_language(source: &str, config: &Config) -> Option<String> {
    let (tag, rest) = source.strip_prefix("content/")?.split_once('/')?;
    let declared = crate::article::language::declared(config);
    crate::article::language::place(tag, declared)?;
    let (stem, ending) = rest.rsplit_once('.')?;
    Some(format!(
        "`content/{tag}/` is a folder for a section, but `{tag}` is a language: name the file `content/{stem}.{tag}.{ending}`, and the others in this folder likewise"
    ))
}

/// What tells the dates of two articles apart.
#[derive(PartialEq, Eq)]
enum Apart {
    Months,
    Days,
}

/// How far apart two articles are whose addresses the pattern of the site makes; none if it would not help to put that
/// into the pattern.
fn apart_in_time(a: Output, b: Output, index: &Index, config: &Config) -> Option<Apart> {
    let day = |output| {
        let Output::Article(id) = output else { return None };
        let article = index.article(id);
        index.entry(article.row).permalink.is_none().then(|| article.date.day(&config.time_zone))
    };
    let (a, b) = (day(a)?, day(b)?);
    let pattern = &config.settings.permalink;
    if (a.0, a.1) != (b.0, b.1) {
        return (!pattern.contains("{mm}")).then_some(Apart::Months);
    }
    (a.2 != b.2 && !pattern.contains("{dd}")).then_some(Apart::Days)
}

/// Whether a path in the output folder is longer than file systems and hosts allow.
fn is_too_long(path: &str) -> bool {
    path.len() > MOST_IN_NAME.min(MOST_IN_PATH)
        && (path.len() > MOST_IN_PATH || path.split('/').any(|part| part.len() > MOST_IN_NAME))
}
/// Refuses an id that two articles have: to those who read feeds they would be one.
pub(super) fn of_ids(reader: &Reader, index: &Index) -> Vec<Diagnostic> {
    let mut known: FxHashMap<String, u32> = FxHashMap::default();
    let mut problems = Vec::new();
    for row in index.articles.iter().filter(|article| article.has_id).map(|article| article.row) {
        let Some(id) = index.entry(row).id.map(|id| id.to_string()) else { continue };
        let Some(other) = known.insert(id.clone(), row) else { continue };
        let [first, second] = [other.min(row), other.max(row)].map(|row| &index.rows[row as usize]);
        let place = body_text(reader, second)
            .map_or_else(|_| Place::file(&*second.path), |text| Lines::of(&second.path, &text).value(&["id"]));
        let message = format!("{} and {} have the same id in feeds: `{id}`", first.path, second.path);
        problems.push(Diagnostic::error(message).at(place).hint("remove `id` from the one that is the newer"));
    }
    problems
}
