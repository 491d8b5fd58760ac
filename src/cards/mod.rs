//! Social cards: the image that stands for an article where somebody shares it.
//!
//! A theme draws it as SVG; here the SVG becomes a PNG. What comes out is a pure function of the SVG, of the
//! files it names and of the fonts, so each card is kept in `.courant/cards/` under the hash of these and
//! drawn once. Most cards of a site have the same ground and the same letters, which are drawn once for all of
//! them (`quick`); what cannot be drawn in this way the drawing library draws in one go (`draw`). Letters come
//! from the fonts of the theme. Only what these do not have comes from the fonts of the machine, and whoever
//! needed them is told, so that the page can say so in its trace.

mod draw;
mod fit;
mod fonts;
mod glyphs;
mod layers;
mod line;
mod order;
mod quick;
mod sheet;

use std::path::Path;
use std::sync::Arc;

use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::images::{Cache, Store};
use draw::{Files, Tools};
use fonts::Fonts;
pub use fonts::machine;
pub use order::{Block, Drawn, Fitted, SIZE};

/// Grows whenever other bytes come of the same SVG.
const VERSION: u64 = 3;

/// The folder of the cards that were drawn, in the site's folder.
const FOLDER: &str = ".courant/cards";

/// Who draws the cards of one build.
#[derive(Debug)]
pub struct CardRenderer {
    fonts: Fonts,
    /// The fingerprint of the theme's fonts.
    own: Fingerprint,
    cache: Cache,
    tools: Tools,
}

impl CardRenderer {
    /// The desk of the site in `root`, with the fonts of its theme as the bytes of their files, and their
    /// fingerprint.
    pub fn new(root: &Path, fonts: impl Iterator<Item = Vec<u8>>, own: Fingerprint) -> Self {
        Self { fonts: Fonts::new(fonts), own, cache: Cache::new(root.join(FOLDER)), tools: Tools::default() }
    }

    /// Looks for cards in this store too, and keeps there what is drawn.
    pub fn keep_in(&mut self, store: Arc<dyn Store>) {
        self.cache.keep_in(store);
    }

    /// The fingerprint of the machine's fonts, as [`machine`], listed once.
    pub fn machine(&self) -> Fingerprint {
        self.fonts.machine()
    }

    /// Sets a text in the first of the sizes at which it has room; none if no font has its letters. The second value
    /// tells whether a font of the machine was looked for.
    pub fn fit(&self, block: &Block<'_>) -> (Option<Fitted>, bool) {
        fit::fit(block, &self.fonts)
    }

    /// Draws a card, or finds the one that was drawn of the same. `files` are those that the SVG names, by name,
    /// with their fingerprints; `read` gives their bytes.
    ///
    /// # Errors
    /// What is wrong with the SVG.
    pub fn draw(
        &self,
        svg: &str,
        files: &[(&str, Fingerprint)],
        read: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Drawn, String> {
        let mut key = Fingerprinter::new("card");
        key.number(VERSION).text(svg).part(&self.own);
        for (name, content) in files {
            key.text(name).part(content);
        }
        // Whether they are needed only the drawing tells, and that is to be known without it.
        key.part(&self.fonts.machine());
        let key = key.finish();
        if let Some(card) = self.cache.read(&key).and_then(unpacked) {
            return Ok(card);
        }
        let card = draw::draw(svg, &Files { named: files, read }, &self.fonts, &self.tools)?;
        // Without a cache it is only slower.
        let _ = self.cache.write(&key, &packed(&card));
        Ok(card)
    }

    /// Throws away what was drawn longest ago, if there is much more than `planned` cards need.
    pub fn tidy(&self, planned: usize) {
        self.cache.bound(planned * 2 + SPARE);
    }
}

/// So many cards may be kept that are not planned any more, however few there are.
const SPARE: usize = 1000;

/// A card as it is kept: whether it asked for fonts of the machine, then the PNG.
fn packed(card: &Drawn) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(card.png.len() + 1);
    bytes.extend(&card.png);
    bytes.push(card.asked_machine.into());
    bytes
}

fn unpacked(mut bytes: Vec<u8>) -> Option<Drawn> {
    let asked_machine = bytes.pop()? == 1;
    Some(Drawn { png: bytes, asked_machine })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_drawn_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = CardRenderer::new(folder.path(), std::iter::empty(), Fingerprint::default());
        let draw = |svg: &str| desk.draw(svg, &[], |_| None).expect("it can be drawn");
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\"/>";
        let first = draw(svg);
        let kept = || std::fs::read_dir(folder.path().join(FOLDER)).expect("a folder").count();
        assert_eq!((kept(), draw(svg).png == first.png, kept()), (1, true, 1));
        draw(&svg.replace("/>", "> </svg>"));
        assert_eq!(kept(), 2);
    }
}
