//! Components in Markdown: a paragraph whose lines are calls such as `{{ <video src="…" /> }}`.
//!
//! The call has the syntax of templates and is rendered by the template engine. Other braces are text.

use std::ops::Range;

use super::{Body, Spanned, raw};
use crate::diagnostic::Diagnostic;

/// Why a component could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Body<'_> {
    /// Renders what stands in a list item from the event `from` on if it consists of component calls; where the item goes on.
    pub(super) fn component_item(&mut self, events: &[Spanned<'_>], from: usize) -> Option<usize> {
        let inside = &events[from..];
        let first = &inside.first()?.1;
        if !self.markdown[first.clone()].starts_with('{') {
            return None;
        }
        let end = inside.iter().position(|(event, _)| raw::is_block_boundary(event)).unwrap_or(inside.len());
        let last = inside[..end].iter().map(|(_, range)| range.end).max()?;
        self.component_paragraph(&(first.start..last)).then_some(from + end)
    }

    /// Renders the paragraph if it consists of component calls; whether it did.
    pub(super) fn component_paragraph(&mut self, range: &Range<usize>) -> bool {
        let text = &self.markdown[range.clone()];
        if !text.trim_start().starts_with("{{") {
            return false;
        }
        let mut calls = Vec::new();
        let mut at = range.start;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim_matches(|c: char| c.is_whitespace() || self.nested > 0 && c == '>');
            if !trimmed.is_empty() {
                let Some(name) = component_name(trimmed) else {
                    self.warn_of_broken_call(range);
                    return false;
                };
                let start = at + line.find(trimmed).unwrap_or(0);
                calls.push((name, trimmed, start..start + trimmed.len()));
            }
            at += line.len();
        }
        for (name, call, range) in calls {
            match self.surroundings.component(name, call) {
                Ok(html) => self.component_html(&html, &range),
                Err(failure) => {
                    self.tell(&range, Diagnostic::error(failure.message).maybe_hint(failure.hint));
                }
            }
        }
        true
    }

    /// Says that what begins as a call is none, and so is text for readers.
    fn warn_of_broken_call(&mut self, range: &Range<usize>) {
        let text = self.markdown[range.clone()].trim_start().trim_start_matches("{{").trim_start();
        if text.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
            self.warn(
                range,
                "this begins as a call of a component and is none, so readers see its text".into(),
                "a call stands on one line, as in `{{ <pullquote text=\"…\" /> }}`; in a text `\\n` is a new line",
            );
        }
    }
}

/// The name of the component that a line calls: `video` for `{{ <video src="…" /> }}`.
pub fn component_name(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let inside = inside.strip_prefix('<')?.strip_suffix("/>")?;
    let end =
        inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(inside.len());
    (end > 0 && inside.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| &inside[..end])
}

#[cfg(test)]
mod tests {
    use super::component_name;

    #[test]
    fn only_whole_calls_are_components() {
        assert_eq!(component_name(r#"{{ <video src="a" /> }}"#), Some("video"));
        assert_eq!(component_name("{{<a.b/>}}"), Some("a.b"));
        for other in ["{{ video }}", "{{ <video> }}", "x {{ <video /> }}", "{{ <3 /> }}", "{% raw %}"] {
            assert_eq!(component_name(other), None, "{other}");
        }
    }
}
