//! Social cards of a program that was built without the feature `cards`: none is ever planned.

use std::path::Path;

use crate::fingerprint::Fingerprint;

/// Pixels of a card.
pub const SIZE: (u32, u32) = (1200, 630);

/// A text, and the room that there is for it.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// What it says.
    pub text: &'a str,
    /// Pixels.
    pub width: f32,
    /// The sizes of letters to choose from.
    pub sizes: &'a [f32],
    /// Pixels; none: one line.
    pub height: Option<f32>,
    /// From one line to the next, in sizes of letters.
    pub leading: f32,
    /// Names of fonts.
    pub font: &'a str,
    /// From 100 to 900.
    pub weight: u16,
}

/// A text in lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The size of letters in pixels.
    pub size: f32,
    /// The lines.
    pub lines: Vec<String>,
}

/// A picture.
#[derive(Debug)]
pub struct Drawn {
    /// It, as PNG.
    pub png: Vec<u8>,
    /// Whether a font of the machine was looked for.
    pub asked_machine: bool,
}

/// Who draws nothing.
#[derive(Debug)]
pub struct Desk;

impl Desk {
    /// The desk of a site.
    pub fn new(_: &Path, _: impl Iterator<Item = Vec<u8>>, _: Fingerprint) -> Self {
        Self
    }

    /// Nothing depends on the machine's fonts.
    pub fn machine(&self) -> Fingerprint {
        machine()
    }

    /// No text has room.
    pub fn fit(&self, _: &Block<'_>) -> (Option<Fitted>, bool) {
        (None, false)
    }

    /// # Errors
    /// Always: nothing can be drawn.
    pub fn draw(
        &self,
        _: &str,
        _: &[(&str, Fingerprint)],
        _: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Drawn, String> {
        Err("this program was built without social cards".into())
    }

    /// Nothing to throw away.
    pub fn tidy(&self, _: usize) {}
}

/// Nothing depends on the machine's fonts.
pub fn machine() -> Fingerprint {
    Fingerprint::default()
}
