//! How a diagnostic looks on a terminal: the message, the place, the line with what is meant
//! underlined, and the hint. The drawing is `annotate-snippets`, the library behind rustc's own look.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Severity};

/// Whether to draw in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// ANSI colours.
    Colour,
}

/// The diagnostic as text of several lines, without a newline at the end.
pub fn render(diagnostic: &Diagnostic, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    }
    .decor_style(DecorStyle::Ascii);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = printable(&match diagnostic.pages {
        0 | 1 => diagnostic.message.clone(),
        pages => format!("{} (on {pages} pages)", diagnostic.message),
    });
    let hint = diagnostic.hint.as_deref().map(printable);
    let (text, path, span);
    let mut group = Group::with_title(level.primary_title(message.as_str()));
    if let Some(place) = &diagnostic.place {
        path = printable(&place.path);
        if place.line > 0 && place.column > 0 {
            // A tab is drawn as four spaces by the library; the span is in bytes of the line's text.
            text = printable(&place.text);
            let byte = |characters: u32| text.char_indices().nth(characters as usize).map_or(text.len(), |(at, _)| at);
            span = byte(place.column - 1)..byte(place.column - 1 + place.length);
            group = group.element(
                Snippet::source(text.as_str())
                    .line_start(place.line as usize)
                    .path(path.as_str())
                    .annotation(AnnotationKind::Primary.span(span)),
            );
        } else {
            let mut origin = Origin::path(path.as_str());
            if place.line > 0 {
                origin = origin.line(place.line as usize);
            }
            group = group.element(origin);
        }
    }
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group]).to_string()
}

/// Text from a file may carry control characters, among them terminal escapes: none is passed on.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;

    #[test]
    fn a_diagnostic_shows_file_line_column_the_line_and_the_cure() {
        let text = "title: A\nsumary: B\n";
        let shown = render(
            &Diagnostic::error("unknown key `sumary`")
                .at(Place::span("content/a.md", text, 9..15))
                .hint("did you mean `summary`?"),
            Style::Plain,
        );
        assert!(shown.starts_with("error: unknown key `sumary`"), "{shown}");
        assert!(shown.contains("content/a.md:2:1"), "{shown}");
        assert!(shown.contains("2 | sumary: B"), "{shown}");
        assert!(shown.contains("^^^^^^"), "{shown}");
        assert!(shown.contains("help: did you mean `summary`?"), "{shown}");
    }

    #[test]
    fn what_is_meant_is_seen_in_a_long_line_too() {
        let text = format!("{} [there](/nope/) {}", "word ".repeat(300), "word ".repeat(3000));
        let start = text.find('[').expect("a link");
        let place = Place::span("content/a.md", &text, start..start + 15);
        assert!(place.text.len() < 2000, "and not more than that: {}", place.text.len());
        let shown = render(&Diagnostic::error("dead").at(place), Style::Plain);
        assert!(shown.contains("[there](/nope/)") && shown.contains(&"^".repeat(15)), "{shown}");
    }

    #[test]
    fn terminal_escapes_in_a_source_are_not_passed_on() {
        let shown = render(&Diagnostic::error("bad \u{1b}[2J title"), Style::Plain);
        assert!(!shown.contains('\u{1b}'));
    }
}
