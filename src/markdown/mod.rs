//! From Markdown to the HTML of a body.
//!
//! pulldown-cmark reads CommonMark and GFM; this module changes its stream of events in one pass: ids for
//! headings, addresses for links, figures for images, footnotes at the end, components where a line
//! calls one. It sees the site only through the [`Surroundings`] it is given.

mod absolute;
pub(crate) mod balance;
mod component;
mod embed;
mod footnotes;
mod ids;
mod image;
mod linking;
mod live;
pub(crate) mod not_found;
mod raw;
mod reference;
mod stray;

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Tag, TagEnd};
use rustc_hash::FxHashSet;
use serde::Serialize;

pub use crate::article::calls::component_name;
use crate::article::calls::is_block_boundary;
use crate::article::{headings, passage, summary};
use crate::config::{Markdown, Slugs};
use crate::diagnostic::{Diagnostic, MOST_OF_FILE, Place, left_out};
use crate::html;
pub(crate) use absolute::{absolute_body, absolute_html};
pub use component::Failure;
pub(crate) use linking::bare_addresses;
pub use linking::{linked_file, path_and_rest, sponsored};
pub use live::{Byline, Coverage, Update, words};
pub(crate) use raw::Comments;
pub use reference::{Destination, Purpose};
pub use stray::stray_markup;

/// Where a content file is published, as a link sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// At this address.
    Address(String),
    /// Nowhere, since it must not be visible.
    Withheld,
    /// There is no such file.
    Missing,
}

/// An image or other file, as the body of an article sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileInfo {
    /// Its address.
    pub address: String,
    /// Pixels, if it is an image.
    pub size: Option<(u32, u32)>,
    /// What a photograph says of itself: what it shows.
    pub caption: Option<String>,
    /// Who is to be named.
    pub credit: Option<String>,
    /// What it shows, for those who do not see it.
    pub alt: Option<String>,
}

/// What a body may ask of the site.
pub trait Surroundings {
    /// Where the content file `path` is published.
    fn target(&self, path: &str) -> Target;
    /// The key of an address that may be that of a withheld article, and whether it is; `href` is the
    /// address as it will stand in the page. None for addresses elsewhere and of files.
    fn address(&self, href: &str) -> Option<(u64, bool)>;
    /// The same of the place in a page to which an address leads, which may be that of a withheld update.
    fn place(&self, href: &str) -> Option<(u64, bool)> {
        let _ = href;
        None
    }
    /// What stands behind the host in an absolute address of the site.
    fn within_site<'h>(&self, _href: &'h str) -> Option<&'h str> {
        None
    }
    /// Notes which addresses the body has asked about.
    fn asked_about(&self, addresses: &[u64]);
    /// Whether an address is that of another site, as far as that can be told at a glance.
    fn is_elsewhere(&self, _href: &str) -> bool {
        false
    }
    /// Whether what only looks like markup is to be told.
    fn wants_slips(&self) -> bool {
        true
    }
    /// Whether somebody wants to hear of links to places that the page does not have.
    fn wants_anchors(&self) -> bool {
        false
    }
    /// Where an address leads within the site, as it will stand in the page; none if it leads out of it.
    fn destination(&self, _href: &str, _purpose: Purpose) -> Option<Destination> {
        None
    }
    /// The files that a link to a page of the site leads to, whether they are published or not.
    fn files_at(&self, _href: &str) -> Option<Vec<u64>> {
        None
    }
    /// Notes of which files the body has asked whether they are published.
    fn asked_for(&self, _files: &[u64]) {}
    /// The file that `src` means in the source `path`.
    fn file(&self, path: &str, src: &str) -> Option<FileInfo>;
    /// The photograph that `src` means in the source `path`, with its copies; none if there are none of it.
    ///
    /// # Errors
    /// What is wrong with the file, and what to do about it.
    fn photograph(
        &self,
        _path: &str,
        _src: &str,
        _alt: &str,
        _title: &str,
        _is_lazy: bool,
    ) -> Result<Option<String>, (String, String)> {
        Ok(None)
    }
    /// Whether an id is one of the theme's, in its pages or components.
    fn is_reserved(&self, _id: &str) -> bool {
        false
    }
    /// Whether an id stands in the theme's pages around the body.
    fn is_reserved_by_pages(&self, _id: &str) -> bool {
        false
    }
    /// Whether the page is a file (`/2026/a.html`), and what belongs to it in a folder of its own.
    fn is_file(&self) -> bool {
        false
    }
    /// Whether something is published at a path with a slash in front that is no file of the sources.
    fn is_published(&self, _path: &str) -> bool {
        true
    }
    /// Whether a file is there and cannot be read, which is told already.
    fn is_unreadable(&self, _path: &str, _src: &str) -> bool {
        false
    }
    /// What an image that does not exist was probably meant to be.
    fn nearest(&self, _path: &str, _src: &str) -> Option<String> {
        None
    }
    /// Renders a component call as it stands in the text.
    fn component(&self, name: &str, call: &str) -> Result<String, Failure>;
    /// The HTML of what is at an address that stands alone in a paragraph of the source `path`; none if it
    /// is to be a link like any other.
    fn embed(&self, path: &str, address: &str) -> Option<Result<String, Failure>>;
    /// The author whom an update of live coverage names.
    ///
    /// # Errors
    /// Nobody has this name; what was probably meant.
    fn author(&self, _name: &str) -> Result<Byline, Option<String>> {
        Err(None)
    }
    /// A text of the theme; `otherwise` when it has none.
    fn text(&self, key: &str, otherwise: &str) -> String;
    /// The base path, with a slash at both ends.
    fn base_path(&self) -> &str;
    /// A moment (RFC 3339) as readers see it: `time` or `datetime`.
    fn date(&self, moment: &str, format: &str) -> String;
}

/// The text to render.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// The whole file.
    pub text: &'a str,
    /// Where the Markdown begins in it.
    pub start: usize,
    /// The headline; a first heading that repeats it is left out.
    pub title: &'a str,
    /// The live coverage, if it is any: then headings with a time are updates.
    pub live: Option<Coverage<'a>>,
    /// Whether other texts stand beside it in its page: then it has no ids.
    pub is_short: bool,
    /// Whether an image stands above it: then all of its own are loaded when they come near.
    pub has_lead: bool,
}

/// An entry of the table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    /// 1 to 6.
    pub level: u8,
    /// The heading's id.
    pub id: String,
    /// The heading as plain text.
    pub title: String,
}

/// A rendered body.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The HTML.
    pub html: String,
    /// Whether some of it was written as HTML, by the writer or by a component of the theme.
    pub has_raw_html: bool,
    /// The headings.
    pub toc: Vec<TocEntry>,
    /// The updates of live coverage, newest first.
    pub updates: Vec<Update>,
    /// Words, for reading times; a character of a script without spaces counts as half a word.
    pub words: u32,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Links to places of the page that the body itself does not have, and to places of other pages.
    pub anchors: Vec<Anchor>,
}

/// A link to a place of a page.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// As it stands in the page: `#costs`.
    pub href: String,
    /// The files that are served for it, by [`file_id`](crate::fingerprint::file_id); none if the page is its own.
    pub files: Vec<u64>,
    /// The id, decoded.
    pub id: String,
    /// Where it is written.
    pub place: Place,
}

/// Renders a body.
pub fn render(source: Source<'_>, settings: Markdown, slugs: Slugs, surroundings: &dyn Surroundings) -> Rendered {
    let markdown = &source.text[source.start..];
    let cleaned;
    let markdown = if crate::text::has_forbidden(markdown) {
        cleaned = markdown.replace(crate::text::is_forbidden, "\u{FFFD}");
        &cleaned
    } else {
        markdown
    };
    let options = options(settings);
    let events = passage::resolve(headings::events(markdown, options).collect(), markdown);
    let mut body = Body {
        source,
        markdown,
        settings,
        slugs,
        surroundings,
        has_bare_addresses: linking::has_bare_addresses(markdown),
        may_misset: settings.smart_punctuation && linking::may_misset(markdown),
        in_quotation: false,
        may_hide: settings.raw_html && balance::may_hide(markdown),
        nested: 0,
        out: Vec::with_capacity(events.len() + 16),
        rendered: Rendered::default(),
        ids: ids::Ids::default(),
        notes: footnotes::Notes::default(),
        images: u32::from(source.has_lead),
        lowers_headings: false,
        addresses: FxHashSet::default(),
        files: FxHashSet::default(),
        raw: raw::Raw::default(),
        told: [0, 0],
    };
    if let Some(at) = html::monstrous_tag(markdown).filter(|_| settings.raw_html) {
        body.settings.raw_html = false;
        body.warn(
            &(at..at + 1),
            "this tag has too many attributes, so all HTML of the text is shown as text".into(),
            "remove the attributes",
        );
    }
    if surroundings.wants_slips() {
        for slip in stray::slips(markdown, &events) {
            body.warn(&slip.range, slip.message, slip.hint);
        }
    }
    for range in stray::conflicts(markdown, &events) {
        body.tell(&range, Diagnostic::error("unresolved merge conflict").hint(crate::yaml::MERGE_HINT));
    }
    let mut html = body.run(&events);
    if !body.addresses.is_empty() {
        let mut addresses: Vec<u64> = std::mem::take(&mut body.addresses).into_iter().collect();
        addresses.sort_unstable();
        surroundings.asked_about(&addresses);
    }
    if !body.files.is_empty() {
        let mut files: Vec<u64> = std::mem::take(&mut body.files).into_iter().collect();
        files.sort_unstable();
        surroundings.asked_for(&files);
    }
    // A character reference (`&#1;`) is the other way to write what no document may contain.
    if memchr::memmem::find(markdown.as_bytes(), b"&#").is_some() && html.contains(crate::text::is_forbidden) {
        html = html.replace(crate::text::is_forbidden, "\u{FFFD}");
    }
    body.rendered.html = html;
    body.rendered.has_raw_html = body.raw.is_used;
    body.rendered
}

/// What the parser reads beyond CommonMark.
pub fn options(settings: Markdown) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    if settings.smart_punctuation {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    options
}

/// A body on its way from events to events.
struct Body<'a> {
    source: Source<'a>,
    markdown: &'a str,
    settings: Markdown,
    slugs: Slugs,
    surroundings: &'a dyn Surroundings,
    has_bare_addresses: bool,
    /// Whether the parser may have set typographically what must stand as it is written.
    may_misset: bool,
    /// Whether a quotation is open in the text.
    in_quotation: bool,
    /// Whether there may be HTML that hides what follows it.
    may_hide: bool,
    /// How many lists, quotations and notes are open.
    nested: u32,
    out: Vec<Event<'a>>,
    rendered: Rendered,
    ids: ids::Ids,
    notes: footnotes::Notes<'a>,
    images: u32,
    /// Whether headings are written one level lower.
    lowers_headings: bool,
    /// The keys of the addresses that were asked about.
    addresses: FxHashSet<u64>,
    /// The files that were asked for.
    files: FxHashSet<u64>,
    /// What was not written in Markdown.
    raw: raw::Raw,
    /// How many warnings and how many errors there were.
    told: [usize; 2],
}

type Spanned<'a> = (Event<'a>, Range<usize>);

/// What is open around an event.
#[derive(Default)]
struct Open {
    /// Of each link, whether it is shown as one.
    links: Vec<bool>,
    in_code: bool,
    table: Table,
}

/// Where in a table the text is.
#[derive(Default)]
struct Table {
    columns: Vec<Alignment>,
    column: usize,
    is_head: bool,
}

impl Table {
    fn cell(&self) -> &'static str {
        if self.is_head { "th" } else { "td" }
    }
}

impl<'a> Body<'a> {
    fn run(&mut self, events: &[Spanned<'a>]) -> String {
        let start = self.skip_repeated_title(events);
        // The headline is the page's only heading of level 1.
        self.lowers_headings = events[start..]
            .iter()
            .any(|(event, _)| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })));
        match self.source.live {
            Some(coverage) => live::live(self, &events[start..], coverage),
            None => {
                ids::register(self, &[&events[start..]]);
                self.blocks(&events[start..]);
                footnotes::write_notes(self);
                raw::sealed(self, 0)
            }
        }
    }

    /// Passes events on, changed where they must be.
    fn blocks(&mut self, events: &[Spanned<'a>]) {
        if self.may_hide {
            self.raw.look_for_hiding(events);
        }
        let mut at = 0;
        let mut open = Open::default();
        while at < events.len() {
            let (event, range) = &events[at];
            at += 1;
            if self.raw.is_used {
                raw::at_block_boundary(self, event, range);
            }
            if self.in_quotation && is_block_boundary(event) {
                self.in_quotation = false;
            }
            match event {
                Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => self.nested += 1,
                Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => self.nested -= 1,
                _ => {}
            }
            at = self.event(events, at, &mut open);
        }
        if self.raw.is_used {
            let end = events.last().map_or(0, |(_, range)| range.end);
            raw::at_block_boundary(self, &Event::Rule, &(end..end));
        }
    }

    /// Passes on the event before `at`, changed where it must be; where the next one is.
    fn event(&mut self, events: &[Spanned<'a>], mut at: usize, open: &mut Open) -> usize {
        let (event, range) = &events[at - 1];
        match event {
            Event::Start(Tag::Paragraph) => {
                let end = matching_end(events, at);
                if component::component_paragraph(self, range)
                    || image::figure(self, &events[at..end])
                    || embed::embed_paragraph(self, range)
                {
                    at = end + 1;
                } else {
                    self.out.push(event.clone());
                }
            }
            Event::Start(Tag::Heading { .. }) => {
                let end = matching_end(events, at);
                self.heading(event, &events[at..end], range);
            }
            Event::End(TagEnd::Heading(level)) => {
                self.out.push(Event::End(TagEnd::Heading(self.level(*level))));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let end = matching_end(events, at);
                self.notes.define(name.clone(), events[at..end].to_vec());
                at = end + 1;
            }
            Event::FootnoteReference(name) => {
                let (html, id) = self.notes.refer(name, range, self.source.is_short);
                self.ids.written.insert(id);
                self.out.push(Event::InlineHtml(html.into()));
            }
            Event::Start(Tag::Link { .. }) => {
                let link = self.link_start(event, range);
                open.links.push(link.is_some());
                self.out.extend(link);
            }
            Event::End(TagEnd::Link) => {
                if open.links.pop().unwrap_or(true) {
                    self.out.push(event.clone());
                }
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let end = matching_end(events, at);
                if let Some((html, _)) = image::image(self, dest_url, title, &events[at..end], range) {
                    self.out.push(Event::InlineHtml(html.into()));
                }
                at = end + 1;
            }
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
            | Event::End(TagEnd::Table | TagEnd::TableCell) => self.table(event, &mut open.table),
            Event::Start(Tag::CodeBlock(kind)) => {
                open.in_code = true;
                self.out.push(Event::Html(code_block_start(kind).into()));
            }
            Event::End(TagEnd::CodeBlock) => {
                open.in_code = false;
                self.out.push(Event::Html("</code></pre>\n".into()));
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                self.out.push(event.clone());
                self.alert_title(*kind);
            }
            Event::TaskListMarker(done) => {
                let (state, label) = if *done { (" checked", "\u{2611}") } else { ("", "\u{2610}") };
                self.out.push(Event::InlineHtml(
                    format!("<input type=\"checkbox\" disabled{state} aria-label=\"{label}\">").into(),
                ));
            }
            Event::Html(html) | Event::InlineHtml(html) if !range.is_empty() => raw::raw_html(self, event, html, range),
            // As HTML has them; the writer's own come with a slash.
            Event::HardBreak => self.out.push(Event::InlineHtml("<br>\n".into())),
            Event::Rule => self.out.push(Event::Html("<hr>\n".into())),
            Event::Text(_) => {
                at = self.text(events, at - 1, open.in_code, !open.links.is_empty());
            }
            _ => self.out.push(event.clone()),
        }
        at
    }

    /// The start of a link, if it leads somewhere.
    fn link_start(&mut self, start: &Event<'a>, range: &Range<usize>) -> Option<Event<'a>> {
        let Event::Start(Tag::Link { link_type, dest_url, title, id }) = start else { return None };
        let dest_url = match link_type {
            // The target of a mail address gets its scheme when it is written.
            LinkType::Email => dest_url.clone(),
            _ => linking::link(self, dest_url, range)?,
        };
        Some(Event::Start(Tag::Link { link_type: *link_type, dest_url, title: title.clone(), id: id.clone() }))
    }

    /// A part of a table. Cells are aligned by classes: the policy of the pages refuses an attribute `style`.
    fn table(&mut self, event: &Event<'a>, table: &mut Table) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                let label = self.surroundings.text("table", "Table");
                let start = "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=";
                self.out.push(Event::Html(format!("{start}\"{}\">\n", attribute(&label)).into()));
                self.out.push(Event::Start(Tag::Table(vec![Alignment::None; alignments.len()])));
                table.columns.clone_from(alignments);
            }
            Event::Start(Tag::TableCell) => {
                let class = match table.columns.get(table.column) {
                    Some(Alignment::Left) => " class=\"align-left\"",
                    Some(Alignment::Center) => " class=\"align-center\"",
                    Some(Alignment::Right) => " class=\"align-right\"",
                    Some(Alignment::None) | None => "",
                };
                table.column += 1;
                self.out.push(Event::InlineHtml(format!("<{}{class}>", table.cell()).into()));
            }
            Event::End(TagEnd::TableCell) => self.out.push(Event::InlineHtml(format!("</{}>", table.cell()).into())),
            Event::End(TagEnd::Table) => {
                self.out.push(event.clone());
                self.out.push(Event::Html("</div>\n".into()));
            }
            _ => {
                table.column = 0;
                table.is_head = matches!(event, Event::Start(Tag::TableHead));
                self.out.push(event.clone());
            }
        }
    }

    /// Text, counted, with its bare addresses linked. Returns where to go on.
    fn text(&mut self, events: &[Spanned<'a>], from: usize, in_code: bool, in_link: bool) -> usize {
        let Event::Text(first) = &events[from].0 else { unreachable!("called for a text") };
        self.rendered.words += count_words(first);
        let is_verbatim = self.raw.is_verbatim();
        if in_code || !(self.has_bare_addresses || is_verbatim || self.may_misset) {
            self.out.push(events[from].0.clone());
            return from + 1;
        }
        // The parser cuts text at every character that might have a meaning; an address spans the cuts.
        let mut words = linking::Words::default();
        let mut at = from;
        while let Some((Event::Text(part), range)) = events.get(at) {
            if at > from {
                self.rendered.words += count_words(part);
            }
            words.push(part, &self.markdown[range.clone()]);
            at += 1;
        }
        if is_verbatim {
            self.out.push(Event::Text(words.written.into()));
        } else {
            if self.may_misset {
                let before = self.markdown[..events[from].1.start].chars().next_back();
                words.mend(before, &mut self.in_quotation);
            }
            let may_link = self.has_bare_addresses.then(|| !in_link && !self.raw.is_link());
            let mut out = std::mem::take(&mut self.out);
            let whole = events[from].1.start..events[at - 1].1.end;
            words.write(may_link, &mut out, |address| {
                let is_withheld = linking::leads_to_withheld(self, address);
                if may_link == Some(true) && !is_withheld {
                    reference::look_at_bare_address(self, address, &whole);
                }
                is_withheld
            });
            self.out = out;
        }
        at
    }

    /// A heading gets an id: its own, or its words; a number is added to the second one of a kind.
    fn heading(&mut self, event: &Event<'a>, inside: &[Spanned<'a>], range: &Range<usize>) {
        let Event::Start(Tag::Heading { level, classes, attrs, .. }) = event else {
            unreachable!("called for a heading")
        };
        let title = plain_text(inside);
        let id = ids::id_of_heading(self, range.start);
        let own = (!self.source.is_short).then(|| id.clone().into());
        self.rendered.toc.push(TocEntry {
            level: self.level(*level) as u8,
            id,
            title: crate::text::plain_line(&title),
        });
        self.out.push(Event::Start(Tag::Heading {
            level: self.level(*level),
            id: own,
            classes: classes.clone(),
            attrs: headings::shown(attrs),
        }));
        if self.source.live.is_none() && crate::article::live::time_attribute(attrs).is_some() {
            self.warn(
                range,
                "only live coverage has headings with a time".into(),
                "add `kind: live`, and a `date` if there is none, to the front matter",
            );
        }
    }

    /// The level at which a heading is written.
    fn level(&self, level: HeadingLevel) -> HeadingLevel {
        if !self.lowers_headings {
            return level;
        }
        HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6)
    }

    /// The line above a GFM alert that says which kind it is.
    fn alert_title(&mut self, kind: BlockQuoteKind) {
        let (key, word) = match kind {
            BlockQuoteKind::Note => ("alert_note", "Note"),
            BlockQuoteKind::Tip => ("alert_tip", "Tip"),
            BlockQuoteKind::Important => ("alert_important", "Important"),
            BlockQuoteKind::Warning => ("alert_warning", "Warning"),
            BlockQuoteKind::Caution => ("alert_caution", "Caution"),
        };
        let word = self.surroundings.text(key, word);
        let title = format!("<p class=\"markdown-alert-title\">{}</p>\n", html_escape::encode_text(&word));
        self.out.push(Event::Html(title.into()));
    }

    /// Archives often repeat the title as the first heading; the page has it already.
    fn skip_repeated_title(&mut self, events: &[Spanned<'a>]) -> usize {
        if let Some((Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }), _)) = events.first() {
            let end = matching_end(events, 1);
            if crate::text::plain_line(&plain_text(&events[1..end])) == self.source.title {
                return end + 1;
            }
        }
        0
    }

    fn place(&self, range: &Range<usize>) -> Place {
        let start = self.source.start;
        Place::span(self.source.path, self.source.text, start + range.start..start + range.end)
    }

    fn warn(&mut self, range: &Range<usize>, message: String, hint: &str) {
        self.tell(range, Diagnostic::warning(message).hint(hint));
    }

    /// Notes what is wrong at a place; of errors and of warnings so many as are told of one file.
    fn tell(&mut self, range: &Range<usize>, one: Diagnostic) {
        let told = &mut self.told[usize::from(one.is_error())];
        *told += 1;
        let number = *told;
        if number <= MOST_OF_FILE {
            let place = self.place(range);
            self.rendered.diagnostics.push(one.at(place));
        } else if number == MOST_OF_FILE + 1 {
            self.rendered.diagnostics.push(left_out(self.source.path));
        }
    }
}

/// The start of a code block. It may scroll sideways, so the keyboard must be able to reach it.
fn code_block_start(kind: &CodeBlockKind<'_>) -> String {
    let language = match kind {
        CodeBlockKind::Fenced(info) => info.split(' ').next().unwrap_or_default(),
        CodeBlockKind::Indented => "",
    };
    if language.is_empty() {
        return "<pre tabindex=\"0\"><code>".to_owned();
    }
    format!("<pre tabindex=\"0\"><code class=\"language-{}\">", attribute(language))
}

/// The event that ends what began before `from`.
fn matching_end(events: &[Spanned<'_>], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, (event, _)) in events.iter().enumerate().skip(from) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return at,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    events.len()
}

/// The words in some events.
fn plain_text(events: &[Spanned<'_>]) -> String {
    let mut text = String::new();
    let mut raised = None;
    for (event, _) in events {
        match event {
            Event::InlineHtml(tag) if tag.get(..4).is_some_and(|tag| tag.eq_ignore_ascii_case("<sup")) => {
                raised = Some(text.len());
            }
            Event::InlineHtml(tag) if tag.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("</sup")) => {
                let number = raised.take().map(|from| text.split_off(from));
                text.extend(number.map(|number| summary::superscripts(&number)));
            }
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn count_words(text: &str) -> u32 {
    let (mut words, mut before, mut highest) = (0, b' ', 0);
    for byte in text.bytes() {
        words += u32::from(before <= b' ' && byte > b' ');
        highest = highest.max(byte);
        before = byte;
    }
    // The first bytes of characters of scripts without spaces.
    let is_wide = |byte: u8| byte == 0xE0 || (0xE3..=0xE9).contains(&byte);
    if highest < 0xE0 || !text.bytes().any(is_wide) {
        return words;
    }
    let is_unspaced = |c: &char| matches!(u32::from(*c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xE00..=0xE7F);
    words + text.chars().filter(is_unspaced).count() as u32 / 2
}

/// Text for a double-quoted attribute.
pub fn attribute(text: &str) -> std::borrow::Cow<'_, str> {
    html_escape::encode_double_quoted_attribute(text)
}

#[cfg(test)]
mod tests;
