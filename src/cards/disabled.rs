//! Social cards of a program that was built without the feature `cards`: none is ever planned.

#[path = "order.rs"]
mod order;

use std::path::Path;

use crate::fingerprint::Fingerprint;
pub use order::{Block, Drawn, Fitted, SIZE};

/// Who draws nothing.
#[derive(Debug)]
pub struct CardRenderer;

impl CardRenderer {
    /// The desk of a site.
    pub fn new(_: &Path, _: impl Iterator<Item = Vec<u8>>, _: Fingerprint) -> Self {
        Self
    }

    /// Nothing is kept.
    pub fn keep_in(&mut self, _: std::sync::Arc<dyn crate::images::Store>) {}

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
