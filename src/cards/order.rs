//! What is ordered of the desk, and what it gives: the same whether or not the program can draw.

/// Pixels of a card, as social networks want it (<https://ogp.me>: `og:image:width`, `og:image:height`).
pub const SIZE: (u32, u32) = (1200, 630);

/// A text, and the room that there is for it.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// What it says.
    pub text: &'a str,
    /// Pixels.
    pub width: f32,
    /// The sizes of letters to choose from, in pixels, the one that is liked best first.
    pub sizes: &'a [f32],
    /// Pixels; none: one line.
    pub height: Option<f32>,
    /// From one line to the next, in sizes of letters.
    pub leading: f32,
    /// Names of fonts, as in CSS.
    pub font: &'a str,
    /// From 100 to 900.
    pub weight: u16,
}

impl Block<'_> {
    /// Most lines at a size of letters; at least one.
    pub fn lines(&self, size: f32) -> usize {
        self.height.map_or(1, |height| (height / (size * self.leading)).floor().max(1.0) as usize)
    }
}

/// A text in lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The size of letters in pixels.
    pub size: f32,
    /// The lines, as even as they can be.
    pub lines: Vec<String>,
}

/// An image.
#[derive(Debug)]
pub struct Drawn {
    /// It, as PNG.
    pub png: Vec<u8>,
    /// Whether a font of the machine was looked for.
    pub asked_machine: bool,
}
