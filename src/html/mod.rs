//! HTML that others wrote, as a tree and as Markdown.

pub(crate) mod to_markdown;
pub(crate) mod tree;
