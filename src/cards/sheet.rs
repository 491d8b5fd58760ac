//! A card as it is drawn: one byte for each pixel, the number of its colour.
//!
//! Cards are text on plain ground and have few colours. Numbers are a quarter of the memory, and what is drawn need not
//! be counted again when it is written as a PNG with a palette. A card with more colours is drawn in another way.

use resvg::tiny_skia::Pixmap;
use rustc_hash::FxHashMap;

use super::glyphs::Image;

/// Stretches of one colour that a layer may consist of.
const MOST_STRETCHES: usize = 20_000;

/// Stands for the number of a colour that is not known yet.
const UNKNOWN: u16 = u16::MAX;

/// A colour.
pub(super) type Colour = [u8; 3];

/// A card, or the ground of many.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) width: usize,
    pub(super) pixels: Vec<u8>,
    pub(super) palette: Vec<Colour>,
    numbers: FxHashMap<Colour, u8>,
}

/// Pixels beside each other of one colour, which may be seen through.
#[derive(Debug)]
struct Stretch {
    from: usize,
    length: usize,
    /// Multiplied by its opacity, which is the fourth.
    colour: [u8; 4],
}

/// A layer above the ground.
#[derive(Debug)]
pub(super) struct Overlay(Vec<Stretch>);

impl Overlay {
    /// Of what was drawn on nothing; none if it is too much.
    pub(super) fn new(pixmap: &Pixmap) -> Option<Self> {
        let width = pixmap.width() as usize;
        let empty = vec![0; width * 4];
        let mut stretches = Vec::new();
        for (y, row) in pixmap.data().chunks_exact(width * 4).enumerate().filter(|(_, row)| *row != empty) {
            let mut from = y * width;
            for run in row.as_chunks::<4>().0.chunk_by(|a, b| a == b) {
                if run[0][3] > 0 {
                    stretches.push(Stretch { from, length: run.len(), colour: run[0] });
                }
                from += run.len();
            }
        }
        (stretches.len() <= MOST_STRETCHES).then_some(Self(stretches))
    }
}

/// A colour of text, with the numbers of what comes of it on other colours.
#[derive(Debug)]
pub(super) struct Ink {
    pub(super) colour: Colour,
    number: u8,
    /// For a colour below, the number for each share that is covered.
    edges: Vec<(u8, [u16; 256])>,
}

impl Sheet {
    /// Of what was drawn; none if it has more than `most` colours.
    pub(super) fn new(pixmap: &Pixmap, most: usize) -> Option<Self> {
        let width = pixmap.width() as usize;
        let mut sheet = Self {
            width,
            pixels: Vec::with_capacity(width * pixmap.height() as usize),
            palette: Vec::new(),
            numbers: FxHashMap::default(),
        };
        let mut above = &[][..];
        for row in pixmap.data().chunks_exact(width * 4) {
            if row == above {
                sheet.pixels.extend_from_within(sheet.pixels.len() - width..);
                continue;
            }
            above = row;
            for run in row.as_chunks::<4>().0.chunk_by(|a, b| a == b) {
                let [red, green, blue, _] = run[0];
                let number = sheet.number([red, green, blue])?;
                sheet.pixels.resize(sheet.pixels.len() + run.len(), number);
            }
        }
        (sheet.palette.len() <= most).then_some(sheet)
    }

    /// It with other pixels.
    pub(super) fn with(&self, pixels: Vec<u8>) -> Self {
        Self { width: self.width, pixels, palette: self.palette.clone(), numbers: self.numbers.clone() }
    }

    /// The number of a colour; none if there are too many.
    fn number(&mut self, colour: Colour) -> Option<u8> {
        if let Some(number) = self.numbers.get(&colour) {
            return Some(*number);
        }
        let number = u8::try_from(self.palette.len()).ok()?;
        self.palette.push(colour);
        self.numbers.insert(colour, number);
        Some(number)
    }

    /// Lays something over it; none if there are too many colours.
    pub(super) fn cover(&mut self, overlay: &Overlay) -> Option<()> {
        for Stretch { from, length, colour: [red, green, blue, opacity] } in &overlay.0 {
            let place = *from..from + length;
            if *opacity == u8::MAX {
                let number = self.number([*red, *green, *blue])?;
                self.pixels[place].fill(number);
                continue;
            }
            for at in place {
                let below = self.palette[usize::from(self.pixels[at])];
                let over = |above: u8, below: u8| {
                    let shines = u16::from(below) * u16::from(u8::MAX - opacity);
                    above.saturating_add(((shines + 127) / 255) as u8)
                };
                let [r, g, b] = below;
                self.pixels[at] = self.number([over(*red, r), over(*green, g), over(*blue, b)])?;
            }
        }
        Some(())
    }

    /// A colour to write with; none if there are too many.
    pub(super) fn ink(&mut self, colour: Colour) -> Option<Ink> {
        Some(Ink { colour, number: self.number(colour)?, edges: Vec::new() })
    }

    /// Writes a glyph; none if there are too many colours.
    pub(super) fn write(&mut self, image: &Image, (x, y): (i32, i32), ink: &mut Ink) -> Option<()> {
        let height = (self.pixels.len() / self.width) as i32;
        for stretch in &image.stretches {
            let (left, row) = (x + stretch.x, y + stretch.y);
            if !(0..height).contains(&row) {
                continue;
            }
            let right = (left + stretch.length as i32).clamp(0, self.width as i32);
            let start = left.clamp(0, right);
            let row = row as usize * self.width;
            let place = row + start as usize..row + right as usize;
            let Some(from) = stretch.from else {
                self.pixels[place].fill(ink.number);
                continue;
            };
            let hidden = (start - left) as usize;
            let covered = &image.covered[from + hidden.min(stretch.length)..from + stretch.length];
            for (at, covered) in place.zip(covered) {
                self.pixels[at] = self.edge(self.pixels[at], *covered, ink)?;
            }
        }
        Some(())
    }

    /// The number of a colour that an ink covers in part.
    fn edge(&mut self, below: u8, covered: u8, ink: &mut Ink) -> Option<u8> {
        let known = ink.edges.iter().position(|(number, _)| *number == below);
        let known = known.unwrap_or_else(|| {
            ink.edges.push((below, [UNKNOWN; 256]));
            ink.edges.len() - 1
        });
        let number = &mut ink.edges[known].1[usize::from(covered)];
        if *number == UNKNOWN {
            let share = u16::from(covered);
            // As the drawing library mixes colours.
            let mixed =
                |below: u8, above: u8| ((u16::from(below) * (255 - share) + u16::from(above) * share + 255) >> 8) as u8;
            let ([r, g, b], [red, green, blue]) = (self.palette[usize::from(below)], ink.colour);
            *number = self.number([mixed(r, red), mixed(g, green), mixed(b, blue)])?.into();
        }
        Some(*number as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::glyphs;

    fn sheet(pixels: &[[u8; 4]], width: u32) -> Sheet {
        let mut pixmap = Pixmap::new(width, pixels.len() as u32 / width).expect("small");
        pixmap.data_mut().copy_from_slice(pixels.as_flattened());
        Sheet::new(&pixmap, 256).expect("few colours")
    }

    #[test]
    fn a_pixel_has_the_number_of_its_colour() {
        let (black, white, red) = ([0, 0, 0, 255], [255; 4], [200, 0, 0, 255]);
        let sheet = sheet(&[white, white, black, white, white, black, red, white, red], 3);
        assert_eq!(sheet.palette, [[255, 255, 255], [0, 0, 0], [200, 0, 0]]);
        assert_eq!(sheet.pixels, [0, 0, 1, 0, 0, 1, 2, 0, 2]);
    }

    #[test]
    fn rows_that_are_equal_are_as_if_each_was_looked_at() {
        let (black, white, red) = ([0, 0, 0, 255], [255; 4], [200, 0, 0, 255]);
        let mut sheet = sheet(&[white, black, white, black, red, red, white, black], 2);
        assert_eq!(sheet.pixels, [0, 1, 0, 1, 2, 2, 0, 1]);
        let mut above = Pixmap::new(2, 4).expect("small");
        above.data_mut()[20..24].copy_from_slice(&red);
        sheet.cover(&Overlay::new(&above).expect("few stretches")).expect("few colours");
        assert_eq!(sheet.pixels, [0, 1, 0, 1, 2, 2, 0, 1]);
        above.data_mut()[24..28].copy_from_slice(&red);
        sheet.cover(&Overlay::new(&above).expect("few stretches")).expect("few colours");
        assert_eq!(sheet.pixels, [0, 1, 0, 1, 2, 2, 2, 1]);
    }

    #[test]
    fn what_is_seen_through_is_mixed() {
        let mut sheet = sheet(&[[255; 4]; 3], 3);
        let mut above = Pixmap::new(3, 1).expect("small");
        above.data_mut().copy_from_slice(&[0, 0, 0, 0, 9, 9, 9, 255, 100, 0, 0, 127]);
        sheet.cover(&Overlay::new(&above).expect("few stretches")).expect("few colours");
        assert_eq!(sheet.palette, [[255, 255, 255], [9, 9, 9], [228, 128, 128]]);
        assert_eq!(sheet.pixels, [0, 1, 2]);
    }

    #[test]
    fn glyphs_are_cut_at_the_edges() {
        let image = || glyphs::Image {
            stretches: (0..2)
                .map(|y| glyphs::Stretch { x: 0, y, length: 3, from: Some(0) })
                .chain([glyphs::Stretch { x: 3, y: 1, length: 2, from: None }])
                .collect(),
            covered: vec![128, 64, 128],
        };
        for (place, written) in [
            ((0, 0), "oxo-/oxo#"),
            ((-2, 0), "o---/o##-"),
            ((3, -1), "---o/----"),
            ((-9, 0), "----/----"),
            ((9, 0), "----/----"),
            ((0, 5), "----/----"),
            ((0, -5), "----/----"),
        ] {
            let mut sheet = sheet(&[[255; 4]; 8], 4);
            let mut ink = sheet.ink([0; 3]).expect("few colours");
            sheet.write(&image(), place, &mut ink).expect("few colours");
            let letter = |number: &u8| match sheet.palette[usize::from(*number)][0] {
                0 => '#',
                127 => 'o',
                191 => 'x',
                255 => '-',
                other => unreachable!("{other}"),
            };
            let rows: Vec<String> = sheet.pixels.chunks(4).map(|row| row.iter().map(letter).collect()).collect();
            assert_eq!(rows.join("/"), written, "{place:?}");
        }
    }

    #[test]
    fn too_many_colours_are_not_drawn_by_number() {
        let mut sheet = sheet(&[[255; 4]; 2], 2);
        let drawn = (0..=255).map(|red| sheet.ink([red, 0, 0])).filter(Option::is_some).count();
        assert_eq!(drawn, 255);
        assert!(sheet.ink([7, 0, 0]).is_some(), "one that is there already");
    }
}
