//! Social cards: what the theme's template `card.svg` gives for an article, a section or a front page, as a PNG.
//!
//! The page names the card by an address that changes with the teaser, the template and the fonts, since social
//! networks keep what they have fetched. The file itself keeps its name, so nothing old is left behind.

use std::sync::Arc;

use tera::{Context, Error, Kwargs, State, TeraResult, Value};

use crate::cards::{self, Block};
use crate::config::LanguageId;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::index::Article;
use crate::plan::Listing;
use crate::query::{Made, Question, Seen, ask};
use crate::render::PageRenderer;
use crate::render::scope::notice;
use crate::render::template::functions::called;
use crate::render::template::{context, listing, map_of};
use crate::theme::interface::CARD_TEMPLATE;

/// Most sizes that a text may be tried at.
const MOST_SIZES: usize = 20;

impl PageRenderer {
    /// The fingerprint of the machine's fonts, if a page of this build depends on them.
    pub fn machine_fonts(&self) -> Option<Fingerprint> {
        self.machine_fonts.get().copied()
    }

    /// Who draws.
    pub fn cards(&self) -> &cards::CardRenderer {
        self.cards.get_or_init(|| {
            let (fonts, all) = ask::fonts(&self.view);
            let fonts = fonts.filter_map(|font| self.file_bytes(font).ok());
            let mut desk = cards::CardRenderer::new(self.reader.root(), fonts, all);
            if let Some(store) = &self.store {
                desk.keep_in(Arc::clone(store));
            }
            desk
        })
    }

    /// Throws away drawings that are of no use for so many cards, if anything was drawn or looked for.
    pub(in crate::render) fn keep_cards(&self, count: usize) {
        if let Some(desk) = self.cards.get() {
            desk.tidy(count);
        }
    }
}

/// The card of an article. What is wrong with it is noted.
pub(in crate::render) fn card(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Option<Vec<u8>> {
    let article = context::teaser_value(renderer, id);
    card_of(renderer, (article, Value::none()), renderer.view.language_of_article(id))
}

/// The card of a section or front page. What is wrong with it is noted.
pub(in crate::render) fn listing_card(renderer: &Arc<PageRenderer>, seen: Seen<Listing>) -> Option<Vec<u8>> {
    let card = ask::listing_card(&renderer.view, seen);
    let listing = map_of([
        ("kind", listing::kind_of(&renderer.view.get(seen).scope).into()),
        ("title", card.title.into()),
        ("description", card.description.into()),
    ]);
    card_of(renderer, (Value::none(), listing), card.language)
}

fn card_of(renderer: &PageRenderer, (article, listing): (Value, Value), language: LanguageId) -> Option<Vec<u8>> {
    let mut context = Context::new();
    context.insert_value("article", article);
    context.insert_value("listing", listing);
    let mut svg = Vec::with_capacity(8 * 1024);
    if let Err(error) = renderer.tera(language).render_to(CARD_TEMPLATE, &context, &mut svg) {
        notice(ask::template_errors(&renderer.view, &error));
        return None;
    }
    let svg = String::from_utf8(svg).expect("templates are text");
    draw(renderer, &svg)
        .map_err(|message| {
            let file = ask::template(&renderer.view, CARD_TEMPLATE).unwrap_or_default();
            notice([Diagnostic::error(format!("the social card cannot be drawn: {message}"))
                .at(Place::file(file))
                .hint("the template must give SVG (https://www.w3.org/TR/SVG11/); `cards: false` in site.yaml does without")]);
        })
        .ok()
}

fn draw(renderer: &PageRenderer, svg: &str) -> Result<Vec<u8>, String> {
    ask::drawn_with(&renderer.view);
    let files: Vec<(&str, Fingerprint)> =
        hrefs(svg).map(|path| (path, ask::bytes_in_card(&renderer.view, path).1)).collect();
    let card = renderer
        .cards()
        .draw(svg, &files, |path| renderer.file_bytes(ask::bytes_in_card(&renderer.view, path).0?).ok())?;
    if card.asked_machine {
        ask_machine_fonts(renderer);
    }
    Ok(card.png)
}

fn ask_machine_fonts(renderer: &PageRenderer) {
    renderer.view.made(Question::MachineFonts, |_| MachineFonts(fonts_of_machine(renderer)));
}

/// The fonts of the machine.
pub(in crate::render) fn fonts_of_machine(renderer: &PageRenderer) -> Fingerprint {
    *renderer.machine_fonts.get_or_init(|| renderer.cards().machine())
}

/// What stands for the fonts of the machine.
struct MachineFonts(Fingerprint);

impl Made for MachineFonts {
    fn fingerprint(&self) -> Fingerprint {
        self.0
    }
}

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
pub(in crate::render) fn fit_text(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, _) = called(&args, "fit_text")?;
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
        ask_machine_fonts(&renderer);
    }
    let value =
        |fitted: cards::Fitted| map_of([("size", f64::from(fitted.size).into()), ("lines", fitted.lines.into())]);
    Ok(Value::from(fitted.map(value)))
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
