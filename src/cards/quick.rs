//! Drawing a card of pieces that many cards share: grounds and glyphs, each drawn once in a build.
//!
//! A card is a pure function of its SVG all the same: whether it is drawn in this way its SVG says alone, and a piece
//! is the same whichever card came first. It looks as the drawing library would draw it, which draws all others.

use std::sync::{Arc, Mutex};

use resvg::tiny_skia::Pixmap;
use rustc_hash::FxHashMap;

use super::fonts::{Choice, Fonts};
use super::glyphs::Glyphs;
use super::layers::{Layer, Text, taken_apart};
use super::line::Line;
use super::sheet::{Ink, Overlay, Sheet};
use crate::fingerprint::{Fingerprint, Fingerprinter};

/// Grounds that are kept. A theme has a few; one that draws another for each card has nothing of it.
const MOST_GROUNDS: usize = 16;

/// Colours of a ground; the others are left for text.
const MOST_COLOURS: usize = 96;

/// The layers of a card without its texts, the first of them opaque.
#[derive(Debug)]
struct Ground {
    sheet: Sheet,
    overlays: Vec<Overlay>,
}

/// The pieces that were drawn in a build.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    glyphs: Glyphs,
    /// By what they were drawn of; none where it cannot be done.
    grounds: Mutex<FxHashMap<Fingerprint, Option<Arc<Ground>>>>,
    /// Pixels of cards that are finished.
    spare: Mutex<Vec<Vec<u8>>>,
}

impl Pieces {
    /// Draws a card, and gives what `finish` makes of it; none if the drawing library has to. `shown` stands for the files
    /// that are shown on it, and `draw` draws an SVG without text, on white if it is the first.
    pub(super) fn drawn<T>(
        &self,
        svg: &str,
        shown: &Fingerprint,
        fonts: &Fonts,
        draw: impl FnMut(&str, bool) -> Option<Pixmap>,
        finish: impl FnOnce(&Sheet) -> T,
    ) -> Option<(T, bool)> {
        let taken = taken_apart(svg)?;
        let ground = self.ground(&taken, shown, draw)?;
        let mut sheet = self.copy(&ground.sheet);
        let choice = Choice::new(fonts);
        let mut inks: Vec<Ink> = Vec::new();
        let mut overlays = ground.overlays.iter();
        for (number, (_, texts)) in taken.iter().enumerate() {
            if number > 0 {
                sheet.cover(overlays.next()?)?;
            }
            for text in texts {
                self.write(text, &mut sheet, &mut inks, &choice)?;
            }
        }
        let finished = finish(&sheet);
        self.spare.lock().expect("no panic while locked").push(sheet.pixels);
        Some((finished, choice.asked_machine()))
    }

    fn ground(
        &self,
        taken: &[Layer],
        shown: &Fingerprint,
        mut draw: impl FnMut(&str, bool) -> Option<Pixmap>,
    ) -> Option<Arc<Ground>> {
        let mut key = Fingerprinter::new("ground");
        key.part(shown);
        for (svg, _) in taken {
            key.text(svg);
        }
        let key = key.finish();
        if let Some(known) = self.grounds.lock().expect("no panic while locked").get(&key) {
            return known.clone();
        }
        let mut drawn = || {
            let mut layers = taken.iter().map(|(svg, _)| svg);
            let sheet = Sheet::new(&draw(layers.next()?, true)?, MOST_COLOURS)?;
            let overlays = layers.map(|svg| Overlay::new(&draw(svg, false)?)).collect::<Option<_>>()?;
            Some(Arc::new(Ground { sheet, overlays }))
        };
        let ground = drawn();
        let mut grounds = self.grounds.lock().expect("no panic while locked");
        if grounds.len() < MOST_GROUNDS {
            grounds.insert(key, ground.clone());
        }
        ground
    }

    /// A ground to write on.
    fn copy(&self, ground: &Sheet) -> Sheet {
        let spare = self.spare.lock().expect("no panic while locked").pop();
        let mut pixels = spare.unwrap_or_default();
        pixels.clear();
        pixels.extend_from_slice(&ground.pixels);
        ground.with(pixels)
    }

    fn write(&self, text: &Text, sheet: &mut Sheet, inks: &mut Vec<Ink>, choice: &Choice<'_>) -> Option<()> {
        let setting = &text.setting;
        let line = Line::new(&text.text, &setting.wish, choice)?;
        let (glyphs, width) = line.placed(&text.text, setting.size, setting.spacing)?;
        let left = text.x - width * setting.anchor;
        let known = inks.iter().position(|ink| ink.colour == setting.ink);
        let known = match known {
            Some(known) => known,
            None => {
                inks.push(sheet.ink(setting.ink)?);
                inks.len() - 1
            }
        };
        for glyph in &glyphs {
            let place = (left + glyph.x, text.y + glyph.y);
            let (image, x, y) = self.glyphs.image(glyph, setting.size, place, &line.database)?;
            sheet.write(&image, (x, y), &mut inks[known])?;
        }
        Some(())
    }
}
