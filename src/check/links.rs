//! Rules about links within the site: that they lead somewhere, to a place that is there, and not to what
//! is withheld.
//!
//! Links to Markdown files are looked at in the sources, where the build turns a bad one into plain text;
//! all others on the rendered pages, whatever wrote them (Markdown, HTML, a component, the theme, the
//! menu). A link found on a page is then looked for in the sources, so that the finding has a line.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::pages::{Fault, Kind, Pages, Wrong};
use super::prose::Prose;
use super::{Findings, Piece, Rule, Site, Where};
use crate::article::comments::path_of;
use crate::article::record::Record;
use crate::article::{Lines, is_markdown, language};
use crate::diagnostic::{MOST_OF_FILE, Place};
use crate::html_addresses;
use crate::index::{Role, edition, file_address, image_row, teaser};
use crate::markdown::not_found::cure_of_dead;
use crate::markdown::{Purpose, Target, linked_file, path_and_rest};
use crate::plan::{Output, Scope};
use crate::render::Renderer;
use crate::render::dead::written_in;
use crate::site_path;

/// From so many pages on a link is looked for in the theme and the menu first.
const MANY_PAGES: usize = 4;

/// For so many dead links what was meant is looked for among all addresses.
const SUGGESTIONS: usize = 100;

/// Looks at the links to Markdown files in one source.
pub(super) fn check_source(site: &Site<'_>, piece: &Piece<'_>, findings: &mut Findings<'_>) {
    let mut own = None;
    for link in &piece.prose.links {
        let Some(file) = linked_file(piece.path, &link.dest) else { continue };
        let place = || Place::span(piece.path, piece.text, link.range.clone());
        let meant = |file: &str| {
            let own = own.get_or_insert_with(|| match piece.record {
                Record::Entry(entry) => entry.language,
                _ => language::of_name(piece.path, site.config),
            });
            let language = language::followed(piece.path, *own, file, site.config);
            edition::linked(site.index, file, language, site.config)
        };
        match file.as_deref().and_then(meant) {
            None if findings.is_full(Rule::DeadLink) => {}
            None if file.as_deref().is_some_and(|file| site.index.is_broken(file)) => {}
            None => {
                let (shown, _) = path_and_rest(&link.dest);
                let hint = file.as_deref().and_then(|file| nearest_file(site, piece.path, file)).map_or_else(
                    || "write the path of the file from this file, or from `/` for the content folder".to_owned(),
                    |path| format!("did you mean `{path}`?"),
                );
                findings.add(Rule::DeadLink, place, format!("the link leads to `{shown}`, which does not exist"), hint);
            }
            // What is withheld itself may lead to what is withheld with it.
            Some(row)
                if matches!(site.index.role(row), Role::Withheld | Role::Hidden) && piece.role != Role::Withheld =>
            {
                withheld(site, row, place, 1, findings);
            }
            Some(_) => {}
        }
    }
}

fn withheld(site: &Site<'_>, row: u32, place: impl Where, pages: u32, findings: &mut Findings<'_>) {
    let path = &site.index.rows[row as usize].path;
    let why = match site.index.rows[row as usize].record() {
        Record::Entry(entry) if entry.withheld.draft => "is a draft".to_owned(),
        Record::Entry(entry) if entry.withheld.expires.is_some_and(|expires| expires <= site.now) => {
            "has expired".to_owned()
        }
        Record::Entry(entry) => {
            let starts = entry.core.date.max(entry.withheld.publish).unwrap_or_default();
            format!("is withheld until {}", starts.rfc3339(&site.config.time_zone))
        }
        Record::LeftOut(_) => "is left out by its name".to_owned(),
        _ => "is withheld".to_owned(),
    };
    findings.add_on_pages(
        Rule::WithheldLink,
        place,
        format!("the link leads to {path}, which {why}"),
        "remove the link, or publish that article first",
        pages,
    );
}

/// The content file with the same name elsewhere, or nearly the same path, as it would be written from `from`.
fn nearest_file(site: &Site<'_>, from: &str, wanted: &str) -> Option<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let wanted_name = name(wanted);
    let markdown = site.index.rows.iter().map(|row| &*row.path).filter(|path| is_markdown(path) && *path != from);
    let near = markdown.filter_map(|path| {
        let distance =
            if name(path) == wanted_name && wanted_name != "index.md" { 0 } else { strsim::osa_distance(path, wanted) };
        (distance <= 2).then_some((distance, path))
    });
    near.min().map(|(_, path)| path.strip_prefix("content").unwrap_or(path).to_owned())
}

/// Looks at the references that the rendered pages have.
pub(super) fn check(site: &Site<'_>, renderer: &Arc<Renderer>, pages: &Pages, findings: &mut Findings<'_>) {
    let addresses = Addresses::of(renderer, pages);
    let all: Vec<(&str, &[u32])> = pages.wrong.iter().map(|(wrong, on)| (&*wrong.href, &**on)).collect();
    let found = places(renderer, pages, &all);
    for (number, ((wrong, _), places)) in pages.wrong.iter().zip(found).enumerate() {
        for (place, count) in places {
            report(site, wrong, place, count, (number < SUGGESTIONS).then_some(&addresses), findings);
        }
    }
}

fn report(
    site: &Site<'_>,
    wrong: &Wrong,
    place: Place,
    pages: u32,
    addresses: Option<&Addresses>,
    findings: &mut Findings<'_>,
) {
    let href = &wrong.href;
    let id = href.split_once('#').map_or("", |(_, id)| id);
    let (rule, message, hint) = match (wrong.fault, wrong.kind) {
        (Fault::Withheld(row), _) => return withheld(site, row, place, pages, findings),
        (Fault::NoPlace, _) => (
            Rule::DeadAnchor,
            format!("the link leads to `{href}`, and the page has no `{id}`"),
            format!("give the heading that id: `## … {{#{id}}}`, or correct the link"),
        ),
        // The theme leads to its own places.
        (Fault::OfTheme, _) if !is_markdown(&place.path) || place.line == 0 => return,
        (Fault::OfTheme, _) => (
            Rule::DeadAnchor,
            format!(
                "the link leads to a part of the page that is the theme's, and not to the heading, which has the id `{id}-2`"
            ),
            format!("write `#{id}-2` if you mean the heading"),
        ),
        (Fault::NoWords, _) => (
            Rule::MissingAlt,
            "the image has no words for those who do not see it".to_owned(),
            "add `alt=\"…\"`; an empty one says that it is only decoration".to_owned(),
        ),
        (Fault::Dead, Kind::Image | Kind::Wordless) => {
            (Rule::MissingImage, format!("there is no image `{href}`"), cure_of_dead(href, Purpose::Image).to_owned())
        }
        (Fault::Dead, Kind::Link) => {
            let near = addresses.and_then(|addresses| addresses.nearest(href));
            let cure = || cure_of_dead(href, Purpose::Link).to_owned();
            let hint = near.map_or_else(cure, |near| format!("did you mean `{near}`?"));
            (Rule::DeadLink, format!("the link leads to `{href}`, which does not exist"), hint)
        }
    };
    findings.add_on_pages(rule, place, message, hint, pages);
}

/// The addresses of all pages.
struct Addresses(Vec<String>);

impl Addresses {
    fn of(renderer: &Renderer, pages: &Pages) -> Self {
        if pages.wrong.is_empty() {
            return Self(Vec::new());
        }
        let address = |output: &Output| {
            let path = renderer.path(*output);
            format!("{}{}", renderer.config.base_path, path.strip_suffix("index.html").unwrap_or(&path))
        };
        Self(pages.all.iter().map(address).collect())
    }

    /// The page that has the same last part in its address, or nearly the same address.
    fn nearest(&self, href: &str) -> Option<&str> {
        let last = |address: &str| address.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let wanted = last(href);
        let near = self.0.iter().filter_map(|address| {
            let distance = if wanted.len() > 3 && last(address) == wanted {
                0
            } else if address.len().abs_diff(href.len()) <= 2 {
                strsim::osa_distance(address, href)
            } else {
                return None;
            };
            (distance <= 2).then_some((distance, address.len(), address.as_str()))
        });
        near.min().map(|(_, _, address)| address)
    }
}

/// Where references are written, each with its number of pages. `all` are the references, each with the pages that
/// have it. A source is read once, however many of them it has.
pub(super) fn places(renderer: &Arc<Renderer>, pages: &Pages, all: &[(&str, &[u32])]) -> Vec<Vec<(Place, u32)>> {
    let shared = |(href, on): &(&str, &[u32])| shared_place(renderer, href).map(|place| vec![(place, on.len() as u32)]);
    let known: Vec<Option<Vec<(Place, u32)>>> =
        all.iter().map(|one| (one.1.len() >= MANY_PAGES).then(|| shared(one)).flatten()).collect();
    let mut asked: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (number, (_, on)) in all.iter().enumerate().filter(|(number, _)| known[*number].is_none()) {
        for row in on.iter().filter_map(|page| own_source(renderer, pages.all[*page as usize])) {
            asked.entry(row).or_default().push(number);
        }
    }
    let asked: Vec<(u32, Vec<usize>)> = asked.into_iter().collect();
    let written: FxHashMap<(usize, u32), Place> = asked
        .par_iter()
        .flat_map_iter(|(row, numbers)| {
            let hrefs = numbers.iter().map(|number| all[*number].0);
            let found = places_in_source(renderer, *row, hrefs);
            numbers.iter().zip(found).filter_map(|(number, place)| Some(((*number, *row), place?)))
        })
        .collect();
    let each = all.iter().zip(known).enumerate();
    each.map(|(number, (one, known))| {
        known.unwrap_or_else(|| {
            let of_row = |row: u32| written.get(&(number, row)).cloned();
            places_of_one(renderer, pages, one.1, of_row, &|| shared(one))
        })
    })
    .collect()
}

fn places_of_one(
    renderer: &Renderer,
    pages: &Pages,
    on: &[u32],
    of_row: impl Fn(u32) -> Option<Place>,
    shared: &dyn Fn() -> Option<Vec<(Place, u32)>>,
) -> Vec<(Place, u32)> {
    let mut found: Vec<(Place, u32)> = Vec::new();
    let mut elsewhere: Vec<u32> = Vec::new();
    let mut known: FxHashSet<Box<str>> = FxHashSet::default();
    for page in on {
        let output = pages.all[*page as usize];
        match own_source(renderer, output).and_then(&of_row) {
            Some(place) => {
                if known.insert(format!("{place}").into()) {
                    found.push((place, 1));
                }
            }
            None => elsewhere.push(*page),
        }
    }
    // What is not written on the page itself came with what an article says there: it is reported once.
    if let Some(first) = elsewhere.first()
        && found.is_empty()
    {
        match shared() {
            Some(shared) => found = shared,
            None => {
                let output = pages.all[*first as usize];
                let file = match own_source(renderer, output) {
                    Some(row) => renderer.index.rows[row as usize].path.to_string(),
                    None => format!("{}/{}", renderer.config.settings.output, renderer.path(output)),
                };
                found.push((Place::file(file), elsewhere.len() as u32));
            }
        }
    }
    found
}

/// The source that an output is made from.
fn own_source(renderer: &Renderer, output: Output) -> Option<u32> {
    let index = &renderer.index;
    if let Output::Listing(at, _) = output {
        let listing = &renderer.plan.listings[at as usize];
        let language = listing.language;
        let file_in = |stem| language::file_in(stem, language, &renderer.config, |path| index.row_of(path));
        return match &listing.scope {
            Scope::Front => file_in("content/_index"),
            Scope::Section(section) => index.sections[*section as usize].row,
            Scope::Term(taxonomy, slug) => index.terms.get(language, *taxonomy, slug)?.row,
            Scope::Corrections => file_in("content/corrections/_index"),
            Scope::Month(..) => None,
        };
    }
    renderer.plan.own_row(output, index)
}

/// Where the reference is written in `site.yaml`, in an advertisement or in a template.
fn shared_place(renderer: &Renderer, href: &str) -> Option<Place> {
    let path = site_path::without_base(&renderer.config.base_path, href);
    let mut menu = renderer.config.languages.iter().flat_map(|language| language.menu_urls());
    if menu.any(|url| url == path || url == href || format!("/{url}") == path) {
        let place = written_in(crate::config::FILE, &site_text(renderer), &[href, path]);
        if place.is_some() {
            return place;
        }
    }
    let rows = renderer.index.rows.iter().enumerate();
    let mut ads = rows.filter(|(_, row)| row.path.starts_with("includes/ads/"));
    let in_ad = |number: usize| places_in_source(renderer, number as u32, [href].into_iter()).pop().flatten();
    if let Some(place) = ads.find_map(|(number, _)| in_ad(number)) {
        return Some(place);
    }
    let templates = renderer.theme.templates.iter();
    let found = templates.filter_map(|template| written_in(&template.file, &template.source, &[href, path]));
    found.into_iter().next().or_else(|| written_in(crate::config::FILE, &site_text(renderer), &[href, path]))
}

/// The text of `site.yaml`.
fn site_text(renderer: &Renderer) -> String {
    renderer.source_text(crate::config::FILE).unwrap_or_default()
}

/// Where references are written in a content file. Beyond [`MOST_OF_FILE`] only the file is told.
fn places_in_source<'h>(
    renderer: &Renderer,
    row: u32,
    hrefs: impl Iterator<Item = &'h str> + Clone,
) -> Vec<Option<Place>> {
    let path = &*renderer.index.rows[row as usize].path;
    let record = renderer.index.rows[row as usize].record();
    let Some(start) = record.body_start() else { return vec![None; hrefs.count()] };
    let url = match renderer.index.role(row) {
        Role::Article(id) => &*renderer.index.article(id).url,
        Role::Page(at) => &*renderer.index.pages[at as usize].url,
        Role::Withheld | Role::Hidden | Role::Other => "",
    };
    let Some(text) = renderer.source_text(path) else { return vec![None; hrefs.count()] };
    let prose = Prose::of(&text, start as usize, renderer.config.settings.markdown);
    let links = prose.links.iter().map(|link| (&link.dest, &link.range));
    let images = prose.images.iter().map(|shown| (&shown.src, &shown.range));
    let mut ranges: FxHashMap<String, Range<usize>> = FxHashMap::default();
    for (dest, range) in links.chain(images) {
        let address = address_of(renderer, path, url, dest);
        for href in [Some(dest.to_string()), address].into_iter().flatten() {
            ranges.entry(href).or_insert_with(|| range.clone());
        }
    }
    let image = match &record {
        Record::Entry(entry) => entry.image.as_ref(),
        Record::Author(author) => author.image.as_ref(),
        _ => None,
    };
    let shown = image.and_then(|image| teaser::image(&renderer.index, image, path, url, &renderer.config));
    let one = |href: &str| {
        if let Some(range) = ranges.get(href) {
            return Some(Place::span(path, &text, range.clone()));
        }
        if let (Some(image), Some(shown)) = (image, &shown)
            && shown.src == href
        {
            return Some(Lines::of(path, &text).value_among(&super::images::KEYS, &image.src));
        }
        let words = [href, site_path::without_base(&renderer.config.base_path, href)];
        written_in(path, &text, &words).or_else(|| {
            let comments = path_of(path);
            written_in(
                &comments,
                &renderer.index.row_of(&comments).and_then(|_| renderer.source_text(&comments))?,
                &words,
            )
        })
    };
    let each = hrefs.enumerate();
    each.map(|(number, href)| if number < MOST_OF_FILE { one(href) } else { Some(Place::file(path)) }).collect()
}

/// The address that a link in the text becomes, as `markdown/linking` makes it.
fn address_of(renderer: &Renderer, path: &str, url: &str, dest: &str) -> Option<String> {
    let (file, rest) = path_and_rest(dest);
    if let Some(file) = linked_file(path, dest) {
        let (file, config) = (file?, &renderer.config);
        let row = renderer.index.row_of(path);
        let own = row.map(|row| edition::language_of_row(&renderer.index, row, config)).unwrap_or_default();
        let language = language::followed(path, own, &file, config);
        return match crate::query::answers::target(renderer.site(), &file, language) {
            Target::Address(address) => Some(format!("{address}{rest}")),
            Target::Withheld | Target::Missing => None,
        };
    }
    if dest.starts_with('/') {
        return html_addresses::below_base(dest, &renderer.config.base_path);
    }
    let row = image_row(&renderer.index.rows, path, file)?;
    let beside = renderer.index.beside(path, url);
    let address = file_address(&renderer.index.rows[row as usize].path, path, beside, &renderer.config);
    Some(format!("{address}{rest}"))
}
