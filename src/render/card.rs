//! Social cards: what the theme's template `card.svg` gives for an article, a section or a front page, as a PNG.
//!
//! The page names the card by an address that changes with the teaser, the template and the fonts, since social
//! networks keep what they have fetched. The file itself keeps its name, so nothing old is left behind.

use std::sync::Arc;

use tera::{Context, Error, Kwargs, Map, State, TeraResult, Value};

use super::functions::{known, renderer};
use super::scope::{notice, record};
use super::{PageRenderer, subject};
use crate::article::record::Record;
use crate::cards::{self, Block};
use crate::config::LanguageId;
use crate::config::address;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::StoryId;
use crate::plan::{Listing, Output, Scope, cards as plan};
use crate::query::Question;
use crate::site_path;
use crate::theme::Asset;
use crate::theme::errors;
use crate::theme::interface::CARD_TEMPLATE;

/// Most sizes that a text may be tried at.
const MOST_SIZES: usize = 20;

impl PageRenderer {
    /// The card of an article. What is wrong with it is noted.
    pub(super) fn card(self: &Arc<Self>, id: StoryId) -> Option<Vec<u8>> {
        let mut context = Context::new();
        context.insert_value("article", self.teaser_value(id));
        context.insert_value("listing", Value::none());
        self.card_of(&context, self.index.language_of(id))
    }

    /// The card of a section or front page. What is wrong with it is noted.
    pub(super) fn listing_card(self: &Arc<Self>, at: u32) -> Option<Vec<u8>> {
        let listing = &self.plan.listings[at as usize];
        record(self, Question::ListingCard(listing.path.clone()), || self.of_listing_card(listing));
        let (title, description) = self.words_of_card(listing);
        let mut map = Map::new();
        map.insert("kind".into(), Value::from(subject::kind_of(&listing.scope)));
        map.insert("title".into(), Value::from(title));
        map.insert("description".into(), Value::from(description));
        let mut context = Context::new();
        context.insert_value("article", Value::none());
        context.insert_value("listing", Value::from(map));
        self.card_of(&context, listing.language)
    }

    fn card_of(self: &Arc<Self>, context: &Context, language: LanguageId) -> Option<Vec<u8>> {
        let mut svg = Vec::with_capacity(8 * 1024);
        let tera = self.tera(language);
        if let Err(error) = tera.render_to(CARD_TEMPLATE, context, &mut svg) {
            notice(errors::diagnostics(&error, &self.theme));
            return None;
        }
        let svg = String::from_utf8(svg).expect("templates are text");
        self.draw(&svg)
            .map_err(|message| {
                let file = self.theme.template(CARD_TEMPLATE).map_or("", |template| &template.file);
                notice([Diagnostic::error(format!("the social card cannot be drawn: {message}"))
                    .at(Place::file(file))
                    .hint("the template must give SVG (https://www.w3.org/TR/SVG11/); `cards: false` in site.yaml does without")]);
            })
            .ok()
    }

    fn draw(&self, svg: &str) -> Result<Vec<u8>, String> {
        record(self, Question::Card, || self.of_card());
        let mut files: Vec<(&str, Fingerprint)> = Vec::new();
        for path in hrefs(svg) {
            let content = self.of_bytes(path);
            record(self, Question::Bytes(path.into()), || content);
            files.push((path, content));
        }
        let card = self.cards().draw(svg, &files, |path| self.bytes_in_card(path))?;
        if card.asked_machine {
            self.ask_machine_fonts();
        }
        Ok(card.png)
    }

    fn ask_machine_fonts(&self) {
        record(self, Question::MachineFonts, || self.of_machine_fonts());
    }

    /// The fonts of the machine.
    pub(super) fn of_machine_fonts(&self) -> Fingerprint {
        *self.machine_fonts.get_or_init(|| self.cards().machine())
    }

    /// The fingerprint of the machine's fonts, if a page of this build depends on them.
    pub fn machine_fonts(&self) -> Option<Fingerprint> {
        self.machine_fonts.get().copied()
    }

    /// Who draws.
    pub fn cards(&self) -> &cards::CardRenderer {
        self.cards.get_or_init(|| {
            let fonts = self.theme.fonts.iter().filter_map(|font| self.asset_bytes(font).ok());
            let mut desk = cards::CardRenderer::new(self.reader.root(), fonts, self.theme.fonts_fingerprint());
            if let Some(store) = &self.store {
                desk.keep_in(Arc::clone(store));
            }
            desk
        })
    }

    /// Throws away drawings that are of no use any more, if anything was drawn or looked for.
    pub fn tidy_cards(&self) {
        if let Some(desk) = self.cards.get() {
            let is_card = |output: &&Output| matches!(output, Output::Card(_) | Output::ListingCard(_));
            desk.tidy(self.plan.outputs.iter().filter(is_card).count());
        }
    }

    /// What all cards are drawn with.
    pub(super) fn of_card(&self) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("card");
        fingerprint.number(plan::are_wanted(&self.config, &self.theme).into());
        fingerprint.part(&self.theme.reach(CARD_TEMPLATE)).part(&self.theme.fonts_fingerprint());
        fingerprint.finish()
    }

    /// The card that a page shows: its own, or that of its section or front page; none where there are no cards. Asked
    /// for by the page in work.
    pub(super) fn ask_card(&self, output: Output, title: &str) -> Option<CardRef> {
        record(self, Question::Card, || self.of_card());
        if let Output::Story(id) = output
            && self.plan.cards.has(id)
        {
            let mut version = Fingerprinter::new("version");
            version.part(&self.of_card()).part(&self.index.entry(id).teaser);
            version.text(&self.config.language(self.index.language_of(id)).title);
            let address = site_path::beside(&self.index.entry(id).url, plan::FILE);
            let address = format!("{}?v={}", self.config.absolute(&address), version.finish().short());
            return Some(CardRef { address, alt: title.to_owned(), size: Some(cards::SIZE) });
        }
        let listing = self.plan.shared_card(output, &self.index, &self.config)?;
        let version = self.of_listing_card(listing);
        record(self, Question::ListingCard(listing.path.clone()), || version);
        let address = address::encode(&self.config, &self.plan.card_path(listing));
        let address = format!("{}?v={}", self.config.absolute(&address), version.short());
        Some(CardRef { address, alt: self.words_of_card(listing).0, size: Some(cards::SIZE) })
    }

    /// What the card of a listing is drawn of.
    pub(super) fn of_listing_card(&self, listing: &Listing) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("listing card");
        let (title, description) = self.words_of_card(listing);
        fingerprint.part(&self.of_card()).text(&title).text(&description);
        fingerprint.text(&self.config.language(listing.language).title);
        fingerprint.finish()
    }

    /// Title and description of a listing. Its introduction is not on the card.
    fn words_of_card(&self, listing: &Listing) -> (String, String) {
        match listing.scope {
            Scope::Section(section) => {
                let section = &self.index.sections[section as usize];
                (section.title.to_string(), section.description.to_string())
            }
            _ => {
                let language = self.config.language(listing.language);
                let row = self.front_file(listing.language);
                let file = row.map(|row| self.index.rows[row as usize].record());
                let (title, description) = match &file {
                    Some(Record::Section(file)) => (file.title.as_deref(), &*file.description),
                    _ => (None, ""),
                };
                let description = if description.is_empty() { &*language.description } else { description };
                (title.unwrap_or(&language.title).to_owned(), description.to_owned())
            }
        }
    }

    /// What a path in a card means: with a slash in front a file of the site, without a file of the theme.
    fn file_in_card(&self, href: &str) -> Option<File<'_>> {
        if href.starts_with('/') {
            self.file_row(FRONT, href).map(File::OfSite)
        } else {
            self.theme.asset(href).map(File::OfTheme)
        }
    }

    /// The fingerprint of a file that a card shows.
    pub(super) fn of_bytes(&self, href: &str) -> Fingerprint {
        match self.file_in_card(href) {
            Some(File::OfSite(row)) => self.index.rows[row as usize].content,
            Some(File::OfTheme(asset)) => asset.fingerprint,
            None => Fingerprint::default(),
        }
    }

    fn bytes_in_card(&self, href: &str) -> Option<Vec<u8>> {
        match self.file_in_card(href)? {
            File::OfSite(row) => self.read(row).ok(),
            File::OfTheme(asset) => self.asset_bytes(asset).ok(),
        }
    }
}

/// A card that a page shows.
pub(super) struct CardRef {
    /// Absolute.
    pub(super) address: String,
    /// What is on it.
    pub(super) alt: String,
    /// Pixels, of what is drawn here.
    pub(super) size: Option<(u32, u32)>,
}

/// A file that a card shows.
enum File<'a> {
    OfSite(u32),
    OfTheme(&'a Asset),
}

/// The source from which paths in cards are seen.
const FRONT: &str = "content/_index.md";

/// The files that an SVG names. A name that is none does no harm.
fn hrefs(svg: &str) -> impl Iterator<Item = &str> {
    svg.split("href=\"").skip(1).filter_map(|rest| {
        let href = &rest[..rest.find('"')?];
        let is_file = !href.is_empty() && !href.starts_with(['#', '&']) && !href.contains(':');
        is_file.then_some(href)
    })
}

/// `fit_text(text=, width=, height=, leading=, sizes=, font=, weight=)`: a text in lines, as large as it can be; none if no
/// font has its letters.
pub(super) fn fit_text(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, _) = renderer()?;
    known(&args, "fit_text")?;
    let text = args.must_get::<&str>("text")?;
    let sizes: Vec<f32> = args.must_get::<Vec<f64>>("sizes")?.into_iter().map(|size| size as f32).collect();
    let width = args.must_get::<f64>("width")? as f32;
    let weight = args.get::<u16>("weight")?.unwrap_or(400);
    let height = args.get::<f64>("height")?.map(|height| height as f32);
    let leading = args.get::<f64>("leading")?.unwrap_or(1.2) as f32;
    let is_good = |number: &f32| (1.0..=10_000.0).contains(number);
    let is_good = sizes.iter().chain([&width]).chain(&height).all(is_good) && (0.5..=5.0).contains(&leading);
    if sizes.is_empty() || sizes.len() > MOST_SIZES || !is_good {
        let message = format!(
            "fit_text() takes 1 to {MOST_SIZES} `sizes`; they, `width` and `height` are pixels from 1 to 10,000, and `leading` is from 0.5 to 5"
        );
        return Err(Error::message(message));
    }
    let block = Block { text, width, sizes: &sizes, height, leading, font: args.must_get::<&str>("font")?, weight };
    let (fitted, asked_machine) = renderer.cards().fit(&block);
    if asked_machine {
        renderer.ask_machine_fonts();
    }
    let value = |fitted: cards::Fitted| {
        let mut map = Map::new();
        map.insert("size".into(), Value::from(f64::from(fitted.size)));
        map.insert("lines".into(), Value::from(fitted.lines.into_iter().map(Value::from).collect::<Vec<_>>()));
        Value::from(map)
    };
    Ok(fitted.map_or_else(Value::none, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_drawing_are_found() {
        let svg = "<image href=\"/a.png\"/><use xlink:href=\"#x\"/><image href=\"data:image/png;base64,AA\"/><a href=\"mark.svg\"/>";
        assert_eq!(hrefs(svg).collect::<Vec<_>>(), ["/a.png", "mark.svg"]);
    }
}
