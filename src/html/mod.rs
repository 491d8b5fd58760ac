//! HTML that others wrote: its tokens, its tree, and as Markdown.

pub(crate) mod autop;
pub(crate) mod to_markdown;
mod tokens;
pub(crate) mod tree;

pub use tokens::*;

/// Whether an element has no content (HTML, section 13.1.2, "Void elements").
pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}
