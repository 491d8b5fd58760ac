//! **parts**: a build on many machines, and what joins it.
//!
//! ```text
//! build --part 1/N ─► pack ─┐
//! build --part 2/N ─► pack ─┼─► join ─► public/ and its log
//!        …                  │
//! build --part N/N ─► pack ─┘
//! ```
//!
//! Each part takes the first four stages as every build does, renders the outputs that are its share, and writes them
//! into one pack. Joining is the same build once more, with pages that are taken from packs instead of being rendered:
//! so it is equal to the build of one machine. Nobody talks to anybody: the engine that starts the parts needs to know
//! how many there are, and nothing else.

mod identity;
mod join;
mod made;
mod pack;
mod share;

pub use join::{Status, join, status};
pub use made::{Made, make};
pub use share::Share;

use std::sync::Arc;

use crate::article::time::Timestamp;
use crate::config::Overrides;
use crate::images::Store;

/// What a part is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// What overrides `site.yaml`.
    pub overrides: Overrides,
    /// The moment as of which the site is built: that of all parts.
    pub now: Timestamp,
    /// Which part it is.
    pub share: Share,
    /// Where the pack goes: a folder, or `s3://…`.
    pub to: String,
    /// Where machines keep copies of photographs and cards for each other.
    pub store: Option<Arc<dyn Store>>,
    /// Looks up a variable of the environment.
    pub environment: fn(&str) -> Option<String>,
}
