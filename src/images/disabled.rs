//! The photo desk of a program that was built without the feature `images`: nothing is ever ordered.

mod request;
mod store;

use std::sync::Arc;

use crate::config::Quality;
use crate::fingerprint::Fingerprint;
use crate::source::Reader;
use crate::variant::Variant;
pub use request::{FOLDER, ImageRequest, Problem};
pub use store::Store;

/// The desk of one build.
#[derive(Debug)]
pub struct ImageProcessor;

impl ImageProcessor {
    /// The desk of a site.
    pub fn new(_: Arc<Reader>) -> Self {
        Self
    }

    /// Nothing is kept.
    pub fn keep_in(&mut self, _: Arc<dyn Store>) {}

    /// How many photographs were decoded.
    pub fn decoded(&self) -> usize {
        0
    }

    /// Nothing is ever missing.
    ///
    /// # Errors
    /// Never.
    pub fn prepare(
        &self,
        _: &[(ImageRequest<'_>, Vec<Variant>)],
        _: &dyn Fn(usize),
        _: &dyn Fn(usize),
    ) -> std::io::Result<()> {
        Ok(())
    }

    /// # Errors
    /// Always: there are no copies.
    pub fn copy(&self, _: &ImageRequest<'_>, _: Variant) -> Result<Vec<u8>, Problem> {
        Err(absent())
    }

    /// # Errors
    /// Always: there are no miniatures.
    pub fn placeholder(&self, _: &ImageRequest<'_>) -> Result<String, Problem> {
        Err(absent())
    }

    /// Notes that a page has told what is wrong.
    pub fn tell(&self, _: Fingerprint) {}

    /// There are none.
    pub fn broken(&self) -> [Vec<Fingerprint>; 2] {
        Default::default()
    }

    /// What no page has told.
    pub fn untold(&self, _: &ImageRequest<'_>) -> Option<Problem> {
        None
    }

    /// Nothing to throw away.
    pub fn tidy<'a>(&self, _: impl Iterator<Item = (ImageRequest<'a>, &'a [Variant])>) {}
}

fn absent() -> Problem {
    Problem {
        message: "this program was built without the photo desk".into(),
        hint: "build it with its default features",
    }
}

/// There are no copies.
pub fn recipe(_: Quality) -> u64 {
    0
}
