//! Setting a headline: where its lines end, and how large it can be.
//!
//! SVG does not break lines. Where a line may end is the business of Unicode's annex 14 (a library knows it,
//! also for Thai and Japanese); how wide a piece is the layout of the drawing itself says. Widths grow with
//! the size of the letters, so a headline is measured once for all sizes.

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;

use super::fonts::{Choice, FontQuery, Fonts};
use super::layers::families;
use super::line::Line;
use super::order::{Block, Fitted};
use crate::article::summary::whole_letters;

/// The size of letters at which pieces are measured, in pixels.
const MEASURED: f32 = 100.0;

/// So many characters of a text are looked at; no card has room for more.
const LONGEST: usize = 500;

/// What stands behind a headline that had to be cut.
const CUT: &str = "…";

/// A part of a text behind which a line may end.
#[derive(Clone, Copy, Debug)]
struct Piece<'a> {
    text: &'a str,
    /// Of the text alone.
    width: f32,
    /// Of the white space behind it.
    space: f32,
}

/// Sets a text in the first of the sizes at which it has room. If it has none at the last, it is cut. None if no
/// font has its letters. The second value tells whether a font of the machine was looked for.
pub(super) fn fit(block: &Block<'_>, fonts: &Fonts) -> (Option<Fitted>, bool) {
    let choice = Choice::new(fonts);
    let fitted = measure(block, &choice)
        .filter(|(pieces, _)| !pieces.is_empty() && !choice.misses_letters())
        .map(|(pieces, cut)| set(block, &pieces, cut));
    (fitted, choice.asked_machine())
}

/// The pieces of a text with their widths, and the width of [`CUT`]; none if the text cannot be laid out.
fn measure<'a>(block: &Block<'a>, choice: &Choice<'_>) -> Option<(Vec<Piece<'a>>, f32)> {
    let text = block.text.trim();
    let text = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..whole_letters(text, end)]);
    let segmenter = LineSegmenter::new_auto(LineBreakOptions::default());
    let ends: Vec<usize> = segmenter.segment_str(text).collect();
    let parts: Vec<&str> = ends.windows(2).map(|ends| &text[ends[0]..ends[1]]).collect();
    // As the drawing library does with what is not a list of fonts.
    let families = families(block.font).unwrap_or_else(|| vec!["Times New Roman".to_owned()]);
    let wish = FontQuery { families, weight: block.weight, ..FontQuery::default() };
    let width = |text: &str| Some(Line::new(text, &wish, choice)?.width(MEASURED));
    let space = width("n n")? - width("nn")?;
    let pieces = parts.iter().map(|part| {
        let text = part.trim_end();
        let spaces = part[text.len()..].chars().filter(|c| c.is_whitespace()).count().min(1);
        let width = if text.is_empty() { 0.0 } else { width(text)? };
        Some(Piece { text, width, space: space * spaces as f32 })
    });
    Some((pieces.collect::<Option<_>>()?, width(CUT)?))
}

fn set(block: &Block<'_>, pieces: &[Piece<'_>], cut: f32) -> Fitted {
    let at = |size: f32| block.width * MEASURED / size;
    let widest = pieces.iter().map(|piece| piece.width).fold(0.0, f32::max);
    let has_room = |size: &f32| widest <= at(*size) && lines(pieces, at(*size)).len() <= block.lines(*size);
    if let Some(size) = block.sizes.iter().copied().find(has_room) {
        return Fitted { size, lines: joined(pieces, &even(pieces, at(size))) };
    }
    // A single word may be too long for any of the sizes; one that is twice too long is broken.
    let last = block.sizes.last().copied().unwrap_or(MEASURED);
    let pieces = &*broken(pieces, at(last));
    let widest = pieces.iter().map(|piece| piece.width).fold(0.0, f32::max);
    let size = last.min(block.width * MEASURED / widest.max(1.0));
    let mut ranges = lines(pieces, at(size));
    if ranges.len() <= block.lines(size) {
        return Fitted { size, lines: joined(pieces, &ranges) };
    }
    ranges.truncate(block.lines(size));
    if let Some(range) = ranges.last_mut() {
        while range.len() > 1 && width(&pieces[range.clone()]) + cut > at(size) {
            range.end -= 1;
        }
    }
    let mut lines = joined(pieces, &ranges);
    if let Some(line) = lines.last_mut() {
        line.truncate(line.trim_end_matches(|c: char| c.is_ascii_punctuation()).len());
        line.push_str(CUT);
    }
    Fitted { size, lines }
}

/// The pieces, of which those that take twice the room or more are divided so that each has room.
fn broken<'a>(pieces: &[Piece<'a>], room: f32) -> Vec<Piece<'a>> {
    let mut all = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if piece.width < room * 2.0 {
            all.push(*piece);
            continue;
        }
        let letters = piece.text.chars().count();
        let parts = ((piece.width / room).ceil() as usize + 1).min(letters.max(1));
        let mut rest = piece.text;
        for part in 0..parts {
            let count = letters * (part + 1) / parts - letters * part / parts;
            let end = rest.char_indices().nth(count).map_or(rest.len(), |(end, _)| end);
            let end = whole_letters(rest, end);
            let (text, after) = rest.split_at(end);
            let space = if after.is_empty() { piece.space } else { 0.0 };
            all.push(Piece { text, width: piece.width * count as f32 / letters as f32, space });
            rest = after;
        }
    }
    all
}

type Range = std::ops::Range<usize>;

fn width(pieces: &[Piece<'_>]) -> f32 {
    let all: f32 = pieces.iter().map(|piece| piece.width + piece.space).sum();
    all - pieces.last().map_or(0.0, |piece| piece.space)
}

/// As many pieces in each line as there is room for.
fn lines(pieces: &[Piece<'_>], room: f32) -> Vec<Range> {
    let mut lines: Vec<Range> = Vec::new();
    for number in 0..pieces.len() {
        match lines.last_mut() {
            Some(line) if width(&pieces[line.start..=number]) <= room => line.end = number + 1,
            _ => lines.push(number..number + 1),
        }
    }
    lines
}

/// No more lines than there need be, and these as even as possible: in the narrowest room that holds them.
fn even(pieces: &[Piece<'_>], room: f32) -> Vec<Range> {
    let count = lines(pieces, room).len();
    let widest = pieces.iter().map(|piece| piece.width).fold(0.0, f32::max);
    let (mut low, mut high) = (widest.min(room), room);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        if lines(pieces, middle).len() <= count { high = middle } else { low = middle }
    }
    lines(pieces, high)
}

fn joined(pieces: &[Piece<'_>], lines: &[Range]) -> Vec<String> {
    let line = |range: &Range| {
        let mut line = String::new();
        for piece in &pieces[range.clone()] {
            line.push_str(piece.text);
            if piece.space > 0.0 {
                line.push(' ');
            }
        }
        line.trim_end().to_owned()
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fonts::tests_fonts;

    fn block<'a>(text: &'a str, sizes: &'a [f32]) -> Block<'a> {
        let height = Some(300.0);
        Block { text, width: 600.0, height, leading: 1.0, sizes, font: "Noto Serif Display", weight: 700 }
    }

    fn fitted(text: &str, sizes: &[f32]) -> Fitted {
        let (fitted, asked_machine) = fit(&block(text, sizes), &tests_fonts());
        assert!(!asked_machine, "the theme has all letters of {text}");
        fitted.expect("it can be set")
    }

    #[test]
    fn the_first_size_with_room_is_taken_and_lines_are_even() {
        let Fitted { size, lines } = fitted("Harbour tunnel opens a year early", &[90.0, 60.0]);
        assert_eq!((size, lines.len()), (90.0, 3));
        assert_eq!(lines.join(" "), "Harbour tunnel opens a year early");
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert!(lengths.iter().max() < lengths.iter().min().map(|least| least * 2).as_ref(), "{lines:?}");
        assert_eq!(fitted("Fire", &[90.0]).lines, ["Fire"]);
    }

    #[test]
    fn a_long_headline_gets_smaller_letters_and_is_cut_at_last() {
        let long = "Council votes again, after nine hours and a cold supper, on the price of herring at Quay Three";
        assert_eq!(fitted(long, &[90.0, 60.0, 40.0]).size, 40.0);
        let cut = fitted(long, &[90.0]);
        assert_eq!((cut.size, cut.lines.len()), (90.0, 3));
        assert!(cut.lines[2].ends_with('…'), "{cut:?}");
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_makes_all_letters_smaller() {
        let Fitted { size, lines } = fitted("Dampfschifffahrtsgesellschaft", &[90.0, 60.0]);
        assert_eq!(lines.len(), 1);
        assert!(size < 60.0 && size > 10.0, "{size}");
    }

    #[test]
    fn a_word_without_end_is_broken_and_cut() {
        let Fitted { size, lines } = fitted(&"x".repeat(10_000), &[90.0]);
        assert_eq!((size, lines.len()), (90.0, 3));
        assert!(lines[2].ends_with('…') && lines.iter().all(|line| line.len() > 5), "{lines:?}");
    }

    #[test]
    fn of_a_book_only_the_beginning_is_looked_at() {
        let book = "word ".repeat(2_000_000);
        assert_eq!(fitted(&book, &[90.0]), fitted(&book[..1000], &[90.0]));
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(fit(&block("  ", &[90.0]), &tests_fonts()), (None, false));
    }
}
