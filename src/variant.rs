//! What is made of an image: a copy of it or of a part of it, in a size and a format.

use crate::original::Format;

/// The point that must be seen, in hundredths of width and height.
pub type Focus = (u8, u8);

/// The point that counts when none is given.
pub const MIDDLE: Focus = (50, 50);

/// The longest side of an image that is read, in pixels: as much as a JPEG has.
pub const LONGEST_SIDE: u32 = 65_535;

/// The proportions of a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ratio {
    /// 16:9.
    Wide,
    /// 4:3.
    Classic,
    /// 1:1.
    Square,
}

impl Ratio {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Wide, Self::Classic, Self::Square];

    /// Width to height.
    pub(crate) fn parts(self) -> (u32, u32) {
        match self {
            Self::Wide => (16, 9),
            Self::Classic => (4, 3),
            Self::Square => (1, 1),
        }
    }

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wide => "16x9",
            Self::Classic => "4x3",
            Self::Square => "1x1",
        }
    }
}

/// A part of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cut {
    /// Its proportions.
    pub ratio: Ratio,
    /// The point that is in it, as close to its middle as the edges allow.
    pub focus: Focus,
}

impl Cut {
    /// The largest part of an image that has the proportions.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        let (across, down) = self.ratio.parts();
        let (width, height) = (u64::from(width), u64::from(height));
        let (across, down) = (u64::from(across), u64::from(down));
        if width * down > height * across {
            ((height * across / down).max(1) as u32, height as u32)
        } else {
            (width as u32, (width * down / across).max(1) as u32)
        }
    }

    /// Where that part is: from the left, from the top, width, height.
    pub fn place(self, width: u32, height: u32) -> (u32, u32, u32, u32) {
        let (cut_width, cut_height) = self.size(width, height);
        let start = |whole: u32, part: u32, focus: u8| {
            let middle = u64::from(whole) * u64::from(focus) / 100;
            middle.saturating_sub(u64::from(part) / 2).min(u64::from(whole - part)) as u32
        };
        (start(width, cut_width, self.focus.0), start(height, cut_height, self.focus.1), cut_width, cut_height)
    }
}

/// A copy of a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The part of it; none: all.
    pub cut: Option<Cut>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Its format.
    pub format: Format,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_keeps_the_point_and_stays_inside() {
        let cut = |ratio, focus| Cut { ratio, focus }.place(400, 300);
        assert_eq!(cut(Ratio::Square, MIDDLE), (50, 0, 300, 300));
        assert_eq!(cut(Ratio::Square, (0, 0)), (0, 0, 300, 300));
        assert_eq!(cut(Ratio::Square, (100, 0)), (100, 0, 300, 300));
        assert_eq!(cut(Ratio::Wide, (50, 100)), (0, 75, 400, 225));
        assert_eq!(cut(Ratio::Classic, (10, 90)), (0, 0, 400, 300));
    }
}
