//! Laying out a line of text: which glyph of which font stands where.
//!
//! It asks the same shaper the same questions as the drawing library (usvg), so that a line looks the same whoever draws
//! it; but what a font says of itself is read once and not for each line. What a line cannot have (glyphs in
//! colour, letters apart in scripts that join them) is left to the drawing library.

use std::sync::{Arc, Mutex};

use harfrust::script::UNKNOWN;
use harfrust::{Direction, ShapeOptions, ShapePlan, ShaperData, ShaperInstance, UnicodeBuffer};
use resvg::usvg::fontdb::{Database, ID, Style};
use skrifa::instance::Location;
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider, Tag};
use unicode_bidi::{BidiInfo, Level};

use super::fonts::{Choice, FontQuery};

/// The optical size at which lines are measured.
const OPTICAL_SIZE: f32 = 100.0;

/// Tables of fonts whose glyphs are more than an outline.
const COLOURED: [&[u8; 4]; 5] = [b"CBDT", b"COLR", b"EBDT", b"SVG ", b"sbix"];

/// A font at a weight.
pub(super) struct Face {
    data: ShaperData,
    instance: ShaperInstance,
    pub(super) location: Location,
    /// The weight and the style that were wished for.
    pub(super) look: (u16, Style),
    units: f32,
    /// Whether its glyphs are outlines that grow evenly.
    is_plain: bool,
    plans: Mutex<Vec<Arc<ShapePlan>>>,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("units", &self.units).finish_non_exhaustive()
    }
}

impl Face {
    /// A font of a database; none if it cannot be read.
    pub(super) fn new(database: &Database, id: ID, wish: &FontQuery) -> Option<Self> {
        database.with_face_data(id, |bytes, index| {
            let font = FontRef::from_index(bytes, index).ok()?;
            let units = font.head().ok()?.units_per_em();
            let has_optical_size = font.axes().get_by_tag(Tag::new(b"opsz")).is_some();
            let mut settings = vec![("wght", f32::from(wish.weight))];
            match wish.style {
                Style::Normal => {}
                Style::Italic => settings.push(("ital", 1.0)),
                Style::Oblique => settings.push(("slnt", -12.0)),
            }
            if has_optical_size {
                settings.push(("opsz", OPTICAL_SIZE));
            }
            let is_coloured = COLOURED.iter().any(|table| font.table_data(Tag::new(table)).is_some());
            let face = Self {
                data: ShaperData::new(&font),
                instance: ShaperInstance::from_variations(&font, &settings),
                location: font.axes().location(&settings),
                look: (wish.weight, wish.style),
                units: f32::from(units),
                is_plain: !is_coloured && !has_optical_size,
                plans: Mutex::default(),
            };
            (16..=16384).contains(&units).then_some(face)
        })?
    }

    /// Pixels of a unit of the font.
    pub(super) fn scale(&self, size: f32) -> f32 {
        size / self.units
    }
}

/// A glyph in a line.
#[derive(Clone, Debug)]
struct Shaped {
    font: ID,
    face: Arc<Face>,
    id: u32,
    /// Where its letters begin in the text.
    at: usize,
    /// In units of the font.
    offset: (f32, f32),
    advance: f32,
}

/// A glyph and its place, in pixels from the start of the line.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) font: ID,
    pub(super) face: Arc<Face>,
    pub(super) id: u32,
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A line of text.
#[derive(Debug)]
pub(super) struct Line {
    /// From left to right.
    glyphs: Vec<Shaped>,
    /// The fonts that it was laid out with.
    pub(super) database: Arc<Database>,
}

impl Line {
    /// Lays out a text; none if there is no font for it.
    pub(super) fn new(text: &str, wish: &FontQuery, choice: &Choice<'_>) -> Option<Self> {
        let mut database = choice.database();
        let font = choice.select(wish, &mut database)?;
        let face = choice.face(&database, font, wish)?;
        let mut glyphs = shaped(text, font, &face, &database)?;
        let mut used = vec![font];
        while let Some(missing) = glyphs.iter().find(|glyph| glyph.id == 0) {
            let letter = text[missing.at..].chars().next()?;
            let Some(font) = choice.font_with(letter, &used, &mut database) else { break };
            let Some(face) = choice.face(&database, font, wish) else { break };
            let others = shaped(text, font, &face, &database)?;
            if others.iter().all(|glyph| glyph.id != 0) {
                glyphs = others;
                break;
            }
            if others.len() != glyphs.len() {
                break;
            }
            for (glyph, other) in glyphs.iter_mut().zip(others) {
                if glyph.id == 0 && other.id != 0 {
                    *glyph = other;
                }
            }
            used.push(font);
        }
        Some(Self { glyphs, database })
    }

    /// In pixels, for a size of letters in pixels.
    pub(super) fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance * glyph.face.scale(size)).sum()
    }

    /// Where the glyphs stand, with so many pixels between letters, and the width; none if the drawing library has to
    /// see to it.
    pub(super) fn placed(&self, text: &str, size: f32, spacing: f32) -> Option<(Vec<Placed>, f32)> {
        if !self.glyphs.iter().all(|glyph| glyph.face.is_plain) || spacing != 0.0 && text.chars().any(may_join) {
            return None;
        }
        let clusters = self.glyphs.chunk_by(|a, b| a.at == b.at);
        let last = clusters.clone().count().saturating_sub(1);
        let mut placed = Vec::with_capacity(self.glyphs.len());
        let mut x = 0.0;
        for (number, cluster) in clusters.enumerate() {
            let mut within = 0.0;
            for glyph in cluster {
                let scale = glyph.face.scale(size);
                let (right, up) = glyph.offset;
                let (x, y) = (x + (within + right) * scale, -up * scale);
                placed.push(Placed { font: glyph.font, face: Arc::clone(&glyph.face), id: glyph.id, x, y });
                within += glyph.advance;
            }
            x += cluster.iter().map(|glyph| glyph.advance * glyph.face.scale(size)).sum::<f32>();
            if number != last {
                x += spacing;
            }
        }
        Some((placed, x))
    }
}

/// Letters of scripts in which they may not stand apart: those above Cyrillic, but for punctuation.
fn may_join(letter: char) -> bool {
    letter >= '\u{590}' && !matches!(letter, '\u{1e00}'..='\u{20cf}')
}

/// The glyphs of a text in one font, from left to right.
fn shaped(text: &str, id: ID, face: &Arc<Face>, database: &Database) -> Option<Vec<Shaped>> {
    database.with_face_data(id, |bytes, index| {
        let font = FontRef::from_index(bytes, index).ok()?;
        let shaper = face.data.shaper(&font).instance(Some(&face.instance)).build();
        let bidi = BidiInfo::new(text, Some(Level::ltr()));
        let paragraph = bidi.paragraphs.first()?;
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        let mut glyphs = Vec::with_capacity(text.len());
        for run in runs {
            let direction = if levels[run.start].is_ltr() { Direction::LeftToRight } else { Direction::RightToLeft };
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(&text[run.clone()]);
            buffer.set_direction(direction);
            buffer.guess_segment_properties();
            let script = Some(buffer.script()).filter(|script| *script != UNKNOWN);
            let known = |plan: &&Arc<ShapePlan>| plan.direction() == direction && plan.script() == script;
            let plan = face.plans.lock().expect("no panic while locked").iter().find(known).cloned();
            let plan = plan.unwrap_or_else(|| {
                let plan = Arc::new(ShapePlan::new(&shaper, direction, script, None, &[]));
                face.plans.lock().expect("no panic while locked").push(Arc::clone(&plan));
                plan
            });
            let output = shaper.shape(buffer, ShapeOptions::new().plan(Some(&plan)));
            glyphs.extend(output.glyph_infos().iter().zip(output.glyph_positions()).map(|(info, position)| Shaped {
                font: id,
                face: Arc::clone(face),
                id: info.glyph_id,
                at: run.start + info.cluster as usize,
                offset: (position.x_offset as f32, position.y_offset as f32),
                advance: position.x_advance as f32,
            }));
        }
        Some(glyphs)
    })?
}
