//! What is asked of the image processor, and why it cannot be done: the same with and without the feature `images`.

use crate::config::Quality;
use crate::fingerprint::Fingerprint;
use crate::original::Format;

/// The folder of the copies, in the site's folder.
pub const FOLDER: &str = ".courant/images";

/// A photograph of which something is wanted.
#[derive(Clone, Copy, Debug)]
pub struct ImageRequest<'a> {
    /// The path of the source.
    pub path: &'a str,
    /// Its bytes.
    pub content: Fingerprint,
    /// What they are.
    pub format: Format,
    /// Pixels, as it is shown.
    pub size: (u32, u32),
    /// How much of the detail is kept.
    pub quality: Quality,
}

/// Why nothing can be made of a photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, as said of the file.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}
