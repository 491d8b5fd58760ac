//! How a diagnostic looks on a terminal: the message, the place, the line with what is meant
//! underlined, and the hint. The drawing is `annotate-snippets`, the library behind rustc's own look.

use std::borrow::Cow;

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
    let message = match diagnostic.pages {
        0 | 1 => diagnostic.message.clone(),
        pages => format!("{} (on {pages} pages)", diagnostic.message),
    };
    let message = printable(&message);
    let hint = diagnostic.hint.as_deref().map(printable);
    let (text, path, span);
    let mut group = Group::with_title(level.primary_title(&*message));
    if let Some(place) = &diagnostic.place {
        path = printable_line(&place.path);
        if place.line > 0 && place.column > 0 {
            // A tab is drawn as four spaces by the library; the span is in bytes of the line's text.
            let shown = |characters: u32| {
                let end = place.text.char_indices().nth(characters as usize).map_or(place.text.len(), |(at, _)| at);
                printable(&place.text[..end]).len()
            };
            text = printable(&place.text);
            span = shown(place.column - 1)..shown(place.column - 1 + place.length);
            group = group.element(
                Snippet::source(&*text)
                    .line_start(place.line as usize)
                    .path(&*path)
                    .annotation(AnnotationKind::Primary.span(span)),
            );
        } else {
            let mut origin = Origin::path(&*path);
            if place.line > 0 {
                origin = origin.line(place.line as usize);
            }
            group = group.element(origin);
        }
    }
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.message(&**hint));
    }
    renderer.render(&[group]).to_string()
}

/// Text of a source with its control characters escaped: terminals obey some of them, and some turn the direction of
/// writing. Line breaks stay, unless what follows would be a command to a CI service (`::error::`).
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_command = |at: usize| text[at + 1..].trim_start().starts_with("::");
    let is_bad = |at: usize, c: char| match c {
        '\n' => is_command(at),
        '\t' => false,
        c => c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'),
    };
    escaped(text, is_bad)
}

/// The same on one line: names of files may hold line breaks.
pub fn printable_line(text: &str) -> Cow<'_, str> {
    escaped(text, |_, c| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

fn escaped(text: &str, is_bad: impl Fn(usize, char) -> bool) -> Cow<'_, str> {
    if !text.char_indices().any(|(at, c)| is_bad(at, c)) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        if is_bad(at, c) { plain.extend(c.escape_default()) } else { plain.push(c) }
    }
    Cow::Owned(plain)
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
        assert!(shown.contains("bad \\u{1b}[2J title"), "{shown}");
    }

    #[test]
    fn the_name_of_a_file_stays_on_its_line() {
        let named =
            Diagnostic::error("bad\n  ::warning::x").at(Place::file("content/a\n::error::b\r\u{9b}\u{202e}.md"));
        let shown = render(&named, Style::Plain);
        assert!(shown.contains("content/a\\n::error::b\\r\\u{9b}\\u{202e}.md"), "{shown}");
        assert!(shown.lines().all(|line| !line.trim_start().starts_with("::")), "{shown}");
        let at = Place::span("a.md", "x\u{1b} word", 3..7);
        let shown = render(&Diagnostic::error("bad").at(at), Style::Plain);
        let marks = shown.lines().find(|line| line.contains('^')).expect("marks");
        let line = shown.lines().find(|line| line.contains("word")).expect("the line");
        assert_eq!(marks.find('^'), line.find("word"), "{shown}");
    }
}
