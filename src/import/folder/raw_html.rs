//! Raw HTML in Markdown that Hugo does not render: without `unsafe` in its configuration, readers never saw it.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::settings::Settings;
use crate::import::Door;

/// What an import counts it under.
pub(super) const LEFT_OUT: &str = "pieces of raw HTML that Hugo did not show";

/// Whether the tool of a site leaves out the raw HTML of its texts.
pub(super) fn is_unseen(door: Door, settings: &Settings) -> bool {
    door == Door::Hugo && !settings.is_set("markup.goldmark.renderer.unsafe")
}

/// A Markdown text without its raw HTML, and how many pieces that were. Comments are not counted.
pub(super) fn without(text: &str) -> (String, usize) {
    let within = within_shortcodes(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let (mut kept, mut pieces, mut from) = (String::with_capacity(text.len()), 0, 0);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        if !matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) || range.start < from {
            continue;
        }
        let piece = &text[range.clone()];
        let is_of_shortcode =
            text[..range.start].ends_with("{{") || within.iter().any(|one| one.contains(&range.start));
        let is_divider = piece.trim().eq_ignore_ascii_case("<!--more-->");
        if is_of_shortcode || is_divider {
            continue;
        }
        pieces += usize::from(!piece.trim_start().starts_with("<!--"));
        kept.push_str(&text[from..range.start]);
        // A block ends with its line.
        kept.push_str(if piece.ends_with('\n') { "\n" } else { "" });
        from = range.end;
    }
    kept.push_str(&text[from..]);
    (kept, pieces)
}

/// What stands between `{{< name >}}` and `{{< /name >}}`: a shortcode is given it as it is.
fn within_shortcodes(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (at, _) in text.match_indices("{{<") {
        let Some(end) = text[at..].find(">}}").map(|end| at + end) else { break };
        let call = text[at + 3..end].trim();
        let name = call.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        if !call.starts_with('/') {
            open.push((name, at));
        } else if let Some(which) = open.iter().rposition(|(known, _)| *known == name) {
            ranges.push(open[which].1..end);
            open.truncate(which);
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn only_raw_html_goes() {
        for (text, expected, pieces) in [
            ("a\n\n<div>\nsecret\n</div>\n\nb", "a\n\n\n\nb", 1),
            ("a <b>c</b> <!-- d --> e", "a c  e", 2),
            ("`<b>` <https://a.example/> 1 < 2\n\n    <div>\n", "`<b>` <https://a.example/> 1 < 2\n\n    <div>\n", 0),
            ("a\n\n<!--more-->\n\nb", "a\n\n<!--more-->\n\nb", 0),
            ("{{<figure src=\"a\">}} {{</b>}}", "{{<figure src=\"a\">}} {{</b>}}", 0),
            ("{{< box >}}\n<div>x</div>\n{{< /box >}}\n\n<i>y</i>", "{{< box >}}\n<div>x</div>\n{{< /box >}}\n\ny", 2),
        ] {
            assert_eq!(without(text), (expected.to_owned(), pieces));
        }
    }
}
