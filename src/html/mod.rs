//! HTML that others wrote: its tokens, its tree, and as Markdown.

pub(crate) mod autop;
pub(crate) mod to_markdown;
mod tokens;
pub(crate) mod tree;

pub use tokens::*;
