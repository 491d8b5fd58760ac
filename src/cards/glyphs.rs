//! Images of glyphs: how much of each pixel a glyph covers, drawn once for all cards of a build.
//!
//! A glyph stands on a quarter of a pixel, which is as fine as the drawing library looks at the edges of a path; so what
//! is kept is as good as what it would draw, and a headline has few different images.

use std::sync::{Arc, Mutex};

use resvg::tiny_skia::{FillRule, Mask, PathBuilder, Transform};
use resvg::usvg::fontdb::{Database, ID, Style};
use rustc_hash::FxHashMap;
use skrifa::instance::Size;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::line::Placed;

/// The longest side of a glyph, in pixels.
const LONGEST: f32 = 2000.0;

/// Bytes of images that are kept; what comes later is drawn each time.
const MOST: usize = 32 << 20;

/// A row of pixels of a glyph, or a part of it.
#[derive(Debug)]
pub(super) struct Stretch {
    /// From the place of the glyph.
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) length: usize,
    /// Its first byte in `covered`. `None` if every pixel is covered.
    pub(super) from: Option<usize>,
}

/// What a glyph covers.
#[derive(Debug, Default)]
pub(super) struct Image {
    pub(super) stretches: Vec<Stretch>,
    /// Of stretches with edges in them, for each pixel from 0 to 255.
    pub(super) covered: Vec<u8>,
}

/// A font, its weight and style, the size of letters, a glyph, and quarters of pixels to the right and down.
type Key = (ID, (u16, Style), u32, u32, i32, i32);

/// The images that have been drawn.
#[derive(Debug, Default)]
pub(super) struct Glyphs(Mutex<(FxHashMap<Key, Arc<Image>>, usize)>);

impl Glyphs {
    /// The image of a glyph at this size and place, with its origin in whole pixels. `None` if it is too large.
    pub(super) fn image(
        &self,
        glyph: &Placed,
        size: f32,
        (x, y): (f32, f32),
        database: &Database,
    ) -> Option<(Arc<Image>, i32, i32)> {
        let (x, y) = ((x * 4.0).round() as i32, (y * 4.0).round() as i32);
        let (right, down) = (x & 3, y & 3);
        let key = (glyph.font, glyph.face.look, size.to_bits(), glyph.id, right, down);
        let known = self.0.lock().expect("no panic while locked").0.get(&key).cloned();
        let image = match known {
            Some(image) => image,
            None => {
                let image = Arc::new(drawn(glyph, size, (right as f32 / 4.0, down as f32 / 4.0), database)?);
                let bytes = size_of::<Image>() + image.covered.len() + image.stretches.len() * size_of::<Stretch>();
                let mut kept = self.0.lock().expect("no panic while locked");
                if kept.1 + bytes <= MOST {
                    kept.1 += bytes;
                    kept.0.insert(key, Arc::clone(&image));
                }
                image
            }
        };
        Some((image, x >> 2, y >> 2))
    }
}

fn drawn(glyph: &Placed, size: f32, (right, down): (f32, f32), database: &Database) -> Option<Image> {
    let mut pen = Pen(PathBuilder::new());
    database.with_face_data(glyph.font, |bytes, index| {
        let font = FontRef::from_index(bytes, index).ok()?;
        let outline = font.outline_glyphs().get(GlyphId::new(glyph.id))?;
        outline.draw(DrawSettings::unhinted(Size::unscaled(), &glyph.face.location), &mut pen).ok()
    });
    let scale = glyph.face.scale(size);
    let place = Transform::from_row(scale, 0.0, 0.0, -scale, right, down);
    let Some(path) = pen.0.finish().and_then(|path| path.transform(place)) else { return Some(Image::default()) };
    let bounds = path.bounds();
    // The drawing library does not fill it either.
    if bounds.width() == 0.0 || bounds.height() == 0.0 {
        return Some(Image::default());
    }
    if bounds.width().max(bounds.height()) > LONGEST {
        return None;
    }
    let (left, top) = (bounds.left().floor(), bounds.top().floor());
    let width = (bounds.right().ceil() - left) as u32;
    let height = (bounds.bottom().ceil() - top) as u32;
    let mut mask = Mask::new(width, height)?;
    mask.fill_path(&path, FillRule::Winding, true, Transform::from_translate(-left, -top));
    Some(image(&mask, left as i32, top as i32))
}

/// The stretches of a mask.
fn image(mask: &Mask, left: i32, top: i32) -> Image {
    let mut image = Image::default();
    for (y, row) in mask.data().chunks_exact(mask.width() as usize).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| kind(*a) == kind(*b)) {
            if run[0] > 0 {
                let from = (run[0] < u8::MAX).then_some(image.covered.len());
                if from.is_some() {
                    image.covered.extend(run);
                }
                image.stretches.push(Stretch { x: left + x as i32, y: top + y as i32, length: run.len(), from });
            }
            x += run.len();
        }
    }
    image
}

/// Pixels that are not covered, those that are, and edges.
fn kind(covered: u8) -> u8 {
    match covered {
        0 | u8::MAX => covered,
        _ => 1,
    }
}

/// Takes an outline down.
struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, to_x: f32, to_y: f32, x: f32, y: f32) {
        self.0.quad_to(to_x, to_y, x, y);
    }

    fn curve_to(&mut self, from_x: f32, from_y: f32, to_x: f32, to_y: f32, x: f32, y: f32) {
        self.0.cubic_to(from_x, from_y, to_x, to_y, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
