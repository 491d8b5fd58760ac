//! WordPress: exports (WXR 1.0 to 1.2) as records of the import type, and its texts as HTML.

mod access;
mod blocks;
mod builder;
mod fields;
mod menu;
mod php;
mod shortcodes;
mod terms;
mod wxr;
mod zone;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::addresses::Addresses;
use super::body::{self, Composed, Explained, Footnote, NOTE, escaped_attribute};
use super::item::{Format, Item, Media, Note, Record};
use super::loss::{Counts, Wording};
use super::report::Line;
use super::{Reading, Shared, encoding};
use crate::html::autop;
use terms::Terms;
use wxr::{Kind, Pieces, WxrItem};

/// What an export said before the items that need it.
#[derive(Debug, Default)]
pub(crate) struct State {
    terms: Terms,
    menus: Vec<menu::MenuItem>,
    /// Titles of pages, by their number.
    titles: FxHashMap<u64, String>,
    /// Whether items say a word about passwords, as those of WordPress do.
    names_passwords: bool,
    /// Shared blocks that only some readers were shown, by their number, with the reason.
    restricted: FxHashMap<u64, String>,
    /// Items that wait for their shared blocks.
    waiting: Vec<Waiting>,
    /// Moments with the offset that local time had.
    offsets: Vec<(i64, i32)>,
}

/// An item that shows shared blocks: whether it is visible is decided when all of them are known.
#[derive(Debug)]
struct Waiting {
    /// Its place among all items.
    head: usize,
    is_page: bool,
    /// What decides about it.
    item: Item,
    shared: Vec<u64>,
}

/// Reads an export: XML, packed with gzip or zip or not.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read(name: &str, path: &Path, reading: &mut Reading<'_>) -> io::Result<()> {
    let mut file = File::open(path)?;
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder"));
    }
    let mut magic = [0; 2];
    let length = file.read(&mut magic)?;
    io::Seek::rewind(&mut file)?;
    match &magic[..length] {
        [0x1f, 0x8b] => one(name, flate2::read::MultiGzDecoder::new(io::BufReader::new(file)), reading),
        b"PK" => {
            let unpacked = |error: zip::result::ZipError| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
            let mut archive = zip::ZipArchive::new(file).map_err(unpacked)?;
            let mut found = false;
            for number in 0..archive.len() {
                let entry = archive.by_index(number).map_err(unpacked)?;
                let inner = entry.name().map(|name| name.into_owned()).map_err(unpacked)?;
                if entry.is_file() && inner.to_ascii_lowercase().ends_with(".xml") && !inner.contains("__MACOSX") {
                    found = true;
                    one(&format!("{name}/{}", inner.rsplit('/').next().unwrap_or_default()), entry, reading)?;
                }
            }
            if found {
                Ok(())
            } else {
                Err(io::Error::new(io::ErrorKind::InvalidData, "no XML file is in this archive"))
            }
        }
        _ => one(name, file, reading),
    }
}

fn one(name: &str, source: impl Read, reading: &mut Reading<'_>) -> io::Result<()> {
    let damaged = |error: io::Error| io::Error::new(io::ErrorKind::InvalidData, error);
    let source = encoding::Utf8::new(source).map_err(damaged)?;
    if source.is_converted() {
        let what = "the file is UTF-16, read as that".to_owned();
        reading.report.repairs.push(Line { source: name.to_owned(), what });
    }
    // What all files of a site say together.
    let mut state = std::mem::take(&mut reading.state);
    let result = pieces_of(name, source, &mut state, reading);
    reading.state = state;
    result
}

fn pieces_of(name: &str, source: impl Read, state: &mut State, reading: &mut Reading<'_>) -> io::Result<()> {
    /// Items that are read side by side, and as many bytes.
    const BATCH: (usize, usize) = (128, 4 << 20);
    let mut pieces = Pieces::new(source);
    let mut is_export = false;
    let mut is_over = false;
    while !is_over {
        let (mut batch, mut bytes) = (Vec::with_capacity(BATCH.0), 0);
        while batch.len() < BATCH.0 && bytes < BATCH.1 {
            match pieces.next() {
                Some(piece) => {
                    bytes += piece.bytes.len();
                    batch.push(piece);
                }
                None => {
                    is_over = true;
                    break;
                }
            }
        }
        let items: Vec<Option<wxr::WxrItem>> =
            batch.par_iter().map(|piece| (piece.kind == Kind::Item).then(|| wxr::item(piece))).collect();
        for (piece, item) in batch.iter().zip(items) {
            is_export |= take(name, piece, item, state, reading)?;
        }
    }
    if let Some(error) = pieces.failure() {
        if !is_export {
            return Err(io::Error::new(io::ErrorKind::InvalidData, error));
        }
        reading.lost(name, format!("the file is damaged, and ends here: {error}"));
    }
    if is_export {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "this is no export of WordPress (Tools, Export, All content)"))
    }
}

/// Takes a piece of an export; whether it shows that this is one.
fn take(
    name: &str,
    piece: &wxr::Piece,
    item: Option<wxr::WxrItem>,
    state: &mut State,
    reading: &mut Reading<'_>,
) -> io::Result<bool> {
    let place = format!("{name}:{}", piece.line);
    let repaired =
        |reading: &mut Reading<'_>, what: String| reading.report.repairs.push(Line { source: place.clone(), what });
    match (piece.kind, item) {
        (Kind::Channel, _) => {
            let head = String::from_utf8_lossy(&piece.bytes[..piece.bytes.len().min(4096)]).into_owned();
            let mut repairs = Vec::new();
            wxr::channel(&piece.bytes, |element| terms::element(element, &mut state.terms, reading), &mut repairs);
            repairs.into_iter().for_each(|what| repaired(reading, what.to_owned()));
            return Ok(head.contains("<rss") || head.contains("<channel"));
        }
        (Kind::Item, Some(item)) => {
            item.repairs.iter().for_each(|what| repaired(reading, (*what).to_owned()));
            if let Some(damage) = &item.damage {
                repaired(reading, format!("a damaged item; what could be read of it is a draft ({damage})"));
            }
            fields::item(name, item, state, reading)?;
        }
        (Kind::Cut | Kind::Item, _) => reading.lost(&place, "this item does not end, so it is left out".into()),
        (Kind::TooLarge, _) => {
            reading.lost(&place, "what begins here is larger than any text, so it is left out".into());
        }
    }
    Ok(true)
}

/// What is known when all files of the site are read: sections, authors, menus, the time zone, old addresses.
///
/// # Errors
/// The machine failed.
pub(super) fn finish(reading: &mut Reading<'_>) -> io::Result<()> {
    let mut state = std::mem::take(&mut reading.state);
    if reading.options.timezone.is_none()
        && let Some(zone) = zone::guess(&state.offsets, &reading.site.language)
    {
        reading.zone = zone;
    }
    for Waiting { head, is_page, mut item, shared } in std::mem::take(&mut state.waiting) {
        if let Some(reason) = restricted(shared, &state, &reading.shared) {
            item.status = format!("with a shared block that is {reason}");
        }
        reading.judge(head, &item, is_page);
    }
    terms::finish(&state.terms, reading)?;
    reading.site.menu = menu::main(&state, reading);
    Ok(())
}

/// Why one of some shared blocks, or one within, was not for everybody.
fn restricted<'s>(mut numbers: Vec<u64>, state: &'s State, shared: &Shared) -> Option<&'s str> {
    let mut seen = FxHashSet::default();
    while let Some(number) = numbers.pop() {
        if let Some(reason) = state.restricted.get(&number) {
            return Some(reason);
        }
        if seen.insert(number) {
            numbers.extend(shared.blocks.get(&number).map(|text| blocks::shared_in(text)).unwrap_or_default());
        }
    }
    None
}

/// What becomes of a text on its way to HTML.
pub(super) struct Expansion<'a> {
    pub(super) links: &'a Addresses,
    pub(super) shared: &'a Shared,
    /// The number of the post.
    pub(super) number: Option<u64>,
    pub(super) notes: Vec<Footnote>,
    pub(super) explained: Vec<Explained>,
    pub(super) unknown: Vec<String>,
    pub(super) has_more: bool,
}

impl Expansion<'_> {
    fn explain(&mut self, why: &'static str, by: Counts) {
        self.explained.push(Explained { why, by });
    }

    /// A note that stands in the text: it goes to the end.
    fn note(&mut self, text: &str) -> String {
        let id = format!("text-{}", self.notes.len() + 1);
        self.notes.push(Footnote { id: id.clone(), html: text.to_owned() });
        // A number is where the note was, and a way back stands at its end.
        self.explain("numbers of notes", Counts { words: 1, links: 2, ..Counts::default() });
        format!("<{NOTE} note=\"{id}\"></{NOTE}>")
    }
}

/// The HTML of an item's text, its notes, what was found out on the way, and what the text said.
pub(super) fn expand(item: &Item, shared: &Shared, links: &Addresses) -> (String, Vec<Footnote>, Composed, Wording) {
    let body = blocks::with_fields(&item.body, &item.extra);
    let there = said(&body);
    let mut to = Expansion {
        links,
        shared,
        number: item.number,
        notes: Vec::new(),
        explained: Vec::new(),
        unknown: Vec::new(),
        has_more: false,
    };
    for Note { id, text } in &item.notes {
        to.notes.push(Footnote { id: id.clone(), html: text.clone() });
    }
    let mut html = if blocks::has_blocks(&body) {
        blocks::html(&body, &mut to)
    } else {
        let marked = without_comments(&body, &mut to);
        autop::autop(&shortcodes::expand(&marked, &mut to))
    };
    if item.notes.iter().any(|note| html.contains(&note.id)) {
        html = with_notes(&html, &item.notes, &mut to);
    }
    let Expansion { notes, explained, unknown, .. } = to;
    (html, notes, Composed { explained, unknown, ..Composed::default() }, there)
}

/// The comments of a classic post: the end of the summary, the end of a page, and remarks.
fn without_comments(text: &str, to: &mut Expansion<'_>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        plain.push_str(&rest[..at]);
        let Some(end) = rest[at..].find("-->") else {
            rest = &rest[at..];
            break;
        };
        blocks::special(&rest[at + 4..at + end], to, &mut plain);
        rest = &rest[at + end + 3..];
    }
    plain + rest
}

/// References to footnotes, `<sup data-fn="id" …>…</sup>`, as marks.
fn with_notes(html: &str, notes: &[Note], to: &mut Expansion<'_>) -> String {
    let mut result = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<sup data-fn=\"") {
        result.push_str(&rest[..at]);
        let inside = &rest[at + "<sup data-fn=\"".len()..];
        let id = inside.split('"').next().unwrap_or_default();
        let end = rest[at..].find("</sup>").map_or(rest.len(), |end| at + end + "</sup>".len());
        if let Some(note) = notes.iter().find(|note| note.id == id) {
            let _ = std::fmt::Write::write_fmt(
                &mut result,
                format_args!("<{NOTE} note=\"{}\"></{NOTE}>", escaped_attribute(id)),
            );
            // The number stands in the text already; here it stands at the note, too, with a way back.
            to.explain(
                "notes at the end",
                Wording::of_html(&note.text).counts + Counts { links: 1, ..Counts::default() },
            );
        } else {
            result.push_str(&rest[at..end]);
        }
        rest = &rest[end..];
    }
    result + rest
}

/// What a text of WordPress says: without comments, and without tags of shortcodes that are known.
pub(super) fn said(text: &str) -> Wording {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        plain.push_str(&rest[..at]);
        plain.push(' ');
        match rest[at..].find("-->") {
            Some(end) => rest = &rest[at + end + 3..],
            None => break,
        }
    }
    plain.push_str(if plain.len() <= text.len() && rest.contains("<!--") { "" } else { rest });
    Wording::of_html(&shortcodes::without_tags(&plain))
}

/// Text that may have a little HTML, as HTML.
pub(super) fn plain_html(text: &str) -> String {
    if text.contains('<') { text.to_owned() } else { body::escaped(&html_escape::decode_html_entities(text)) }
}

/// What the modules of this reader make records of.
fn media(item: &WxrItem) -> Media {
    let credit = ["_media_credit", "_navis_media_credit_org", "_credit", "credit", "_wp_attachment_credit"];
    let name = credit.iter().find_map(|key| item.meta(key)).unwrap_or_default();
    let organisation = item.meta("_navis_media_credit_org").filter(|organisation| *organisation != name);
    Media {
        number: item.text("wp:post_id").parse().ok(),
        url: item.text("wp:attachment_url").to_owned(),
        page: item.text("link").to_owned(),
        title: item.text("title").to_owned(),
        alt: item.meta("_wp_attachment_image_alt").unwrap_or_default().to_owned(),
        caption: item.text("excerpt:encoded").to_owned(),
        credit: match (name, organisation) {
            (name, Some(organisation)) if !name.is_empty() => format!("{name}, {organisation}"),
            (name, organisation) => if name.is_empty() { organisation.unwrap_or_default() } else { name }.to_owned(),
        },
        parent: item.text("wp:post_parent").parse().ok().filter(|parent| *parent > 0),
        order: item.text("wp:menu_order").parse().unwrap_or_default(),
    }
}

/// The format of a body by what plug-ins say of it.
fn format(item: &WxrItem) -> Format {
    let text = item.text("content:encoded");
    let is_markdown = item.meta("_tc_post_format") == Some("markdown")
        || item.meta("_wpcom_is_markdown") == Some("1") && !text.contains("<p") && !blocks::has_blocks(text);
    if is_markdown { Format::Markdown } else { Format::Wordpress }
}

/// A record of an item.
fn record(item: Item, is_page: bool) -> Record {
    if is_page { Record::Page(Box::new(item)) } else { Record::Article(Box::new(item)) }
}
