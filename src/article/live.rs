//! Live coverage: its updates are headings of the body with a time,
//! `## The bridge reopens {time=2026-11-23T14:05}`.
//!
//! Only the headings are read here, so that the timeline and the date of the last change are known
//! without the bodies; the Markdown renderer finds the same headings again, with the same two functions.

use std::ops::Range;

use jiff::tz::TimeZone;
use pulldown_cmark::{CowStr, Event, Options, Tag, TagEnd};

use super::fields::Fields;
use super::front_matter::Reading;
use super::headings;
use super::mentions;
use super::passage;
use super::record::{LiveUpdate, Mention, Text, Withheld};
use super::slug::slugify;
use super::time::{Timestamp, clock, is_like_day};
use super::withholding::{self, is_relative};
use crate::diagnostic::{Diagnostic, MOST_OF_FILE, Place};
use crate::source_name::is_mark;
use crate::text::plain_line;
use crate::yaml::{Entry, Mark, Node};

/// The attribute `time` of a heading, if it is there.
pub fn time_attribute<'a>(attributes: &'a [(CowStr<'_>, Option<CowStr<'_>>)]) -> Option<&'a str> {
    let (_, value) = attributes.iter().find(|(name, _)| &**name == "time")?;
    Some(value.as_deref().unwrap_or_default().trim_matches(['"', '\'']))
}

/// Who wrote an update, the attribute `author` of its heading: the name of a profile, such as `ines-vale`.
pub fn author_attribute<'a>(attributes: &'a [(CowStr<'_>, Option<CowStr<'_>>)]) -> Option<&'a str> {
    let (_, value) = attributes.iter().find(|(name, _)| &**name == "author")?;
    value.as_deref().map(|name| name.trim_matches(['"', '\''])).filter(|name| !name.is_empty())
}

/// The class of the heading of an update that is one of the key events.
pub const KEY_EVENT: &str = "key";

/// The moment that a heading's `time` means.
///
/// # Errors
/// A sentence for the user.
pub fn time_of(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    if text.is_empty() { Err("the update has no time".into()) } else { Timestamp::beginning(text, zone) }
}

/// Whether an attribute is the rest of a time: `14:05`.
fn is_hour(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit()) && name.contains(':')
}

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_GFM);

/// The place of the first heading with a time.
fn first_update(markdown: &str) -> Option<Range<usize>> {
    let mut depth = 0usize;
    for (event, range) in headings::events(markdown, OPTIONS) {
        match event {
            Event::Start(Tag::Heading { attrs, .. }) if depth == 0 && time_attribute(&attrs).is_some() => {
                return Some(range);
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Refuses a body with an update that is not live coverage: whoever wrote the time relies on it. `start` is where the
/// Markdown begins in the file.
pub(super) fn refuse_updates(fields: &mut Fields<'_>, markdown: &str, start: usize) {
    // Hardly a body has these words, and none is read twice without need.
    let may_have = markdown.contains("time=") || markdown.contains("{time");
    let Some(heading) = may_have.then(|| first_update(markdown)).flatten() else { return };
    fields.problems.push(
        Diagnostic::error("only live coverage has headings with a time")
            .at(Place::span(fields.path, fields.text, start + heading.start..start + heading.end))
            .hint("add `kind: live`, and a `date` if there is none, to the front matter: as it is, what stands below would be published before its time"),
    );
}

/// Names behind which a time is meant to withhold what stands below.
const NAMES: [&str; 11] =
    ["time", "tiem", "times", "tme", "at", "when", "date", "datetime", "publish", "embargo", "draft"];

/// Refuses what looks like the time of an update and is not read as one: in a list or a quotation, with a slip of the
/// pen, or on a line that is no heading. What stands below it would be published before its time. `headings` are the
/// places of the updates, `comments` those of what is taken out.
fn refuse_unread_times(
    fields: &mut Fields<'_>,
    markdown: &str,
    start: usize,
    headings: &[Range<usize>],
    comments: &[Range<usize>],
    reading: &Reading<'_>,
) {
    // The places are in the order of the file.
    let is_read = |part: Range<usize>| {
        let before = headings.partition_point(|heading| heading.start < part.end);
        before.checked_sub(1).is_some_and(|last| headings[last].end > part.start)
    };
    let in_braces = in_braces(markdown).filter(|range| !is_read(range.start..range.start + 1));
    let mut found: Vec<Range<usize>> = in_braces.take(MOST_OF_FILE).collect();
    let mut at = 0;
    let mut lines = markdown.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let row = line.trim_end();
        let next = lines.peek().map_or("", |next| next.trim());
        let is_underlined = !next.is_empty() && (next.bytes().all(|c| c == b'=') || next.bytes().all(|c| c == b'-'));
        let is_html = || {
            row.match_indices('<').any(|(tag, _)| matches!(row.as_bytes()[tag..], [_, b'h' | b'H', b'1'..=b'6', ..]))
        };
        let is_heading = is_underlined
            || row.trim_start_matches(|c: char| c.is_whitespace() || ">-*+".contains(c)).starts_with('#')
            || is_html();
        let is_told = found.iter().any(|one| (at..at + line.len()).contains(&one.start));
        if found.len() == 2 * MOST_OF_FILE {
            break;
        }
        // An update has one time; what else looks like one is not read.
        let is_update = is_read(at..at + line.len());
        let in_list = || list_that_withholds(row, reading).filter(|_| is_heading && !is_update);
        let unread = marks(row, is_heading).nth(usize::from(is_update)).or_else(in_list);
        found.extend(unread.filter(|_| !is_told).map(|mark| at + mark.start..at + mark.end));
        at += line.len();
    }
    found.retain(|one| !comments.iter().any(|comment| comment.contains(&one.start)));
    found.sort_unstable_by_key(|range| range.start);
    for range in found {
        if !fields.has_room() {
            return;
        }
        let shown = &markdown[range.clone()];
        fields.problems.push(
            Diagnostic::error(format!("`{shown}` is not read as the time of an update"))
                .at(Place::span(fields.path, fields.text, start + range.start..start + range.end))
                .hint("an update begins with a line of its own, outside of lists, quotations and code: `## What happened {time=2026-11-23T14:05}`"),
        );
    }
}

/// What in braces may be meant as a time, whatever it is.
fn in_braces(markdown: &str) -> impl Iterator<Item = Range<usize>> {
    markdown.match_indices('{').filter_map(|(at, _)| {
        let line = markdown[at + 1..].lines().next().unwrap_or_default();
        let inside = line.split('}').next().unwrap_or_default();
        let names =
            inside.split(|c: char| c.is_whitespace() || c == ',').filter_map(|word| word.split(['=', ':']).next());
        let is_time =
            inside.len() < line.len() && (inside.contains(['=', ':']) || inside.trim() == "time") && { names }
                .any(|name| NAMES.contains(&&*name.trim_matches('.').to_lowercase()));
        // Braces within braces call a component.
        let is_call = markdown[..at].ends_with('{') || line.starts_with('{');
        // In code, and not in that of a heading, it is what the text is about.
        let is_code = markdown[..at].ends_with('`') && line[inside.len()..].starts_with("}`");
        let row = markdown[..at].rsplit('\n').next().unwrap_or_default();
        let is_shown = is_code && !row.trim_start().starts_with(['#', '>', '-', '*', '+']);
        (is_time && !is_call && !is_shown).then(|| at..at + 1 + inside.len() + 1)
    })
}

/// What in the braces of a heading is meant to withhold what stands below, and has no name of a time: a moment
/// (`{2026-11-27T18:00}`, `{6pm}`, `{zeit=18h}`), a word or class that says so (`{draft}`, `{.hold}`), or a key that would
/// withhold an article (`{status=draft}`).
fn list_that_withholds(row: &str, reading: &Reading<'_>) -> Option<Range<usize>> {
    let end = row.rfind('}')?;
    let open = row[..end].rfind('{')?;
    let is_moment = |word: &str| {
        let is_written = word.len() >= 8 && word.as_bytes()[..4].iter().all(u8::is_ascii_digit);
        // `16:9` is a ratio.
        let is_ratio = word.split_once(':').is_some_and(|(_, minute)| minute.len() < 2);
        let is_time = || !is_ratio && clock(word).is_some();
        is_like_day(word)
            || is_time()
            || is_relative(word)
            || is_written && Timestamp::parse(word, reading.zone).is_ok()
    };
    let says_no = |name: &str, value: &str| {
        let entry = Entry { key: Node::text_of(name, Mark::default()), value: Node::text_of(value, Mark::default()) };
        let mut doubts = Fields::new("", "");
        let said = withholding::said(&mut doubts, &entry, &[], reading);
        said != Withheld::default() || !doubts.problems.is_empty()
    };
    let withholds = |word: &str| {
        // In `2026-11-27T18:00` the colon separates hours and minutes, and not a name and its value.
        let pair = word.split_once(['=', ':']).filter(|(name, _)| !name.ends_with(|c: char| c.is_ascii_digit()));
        let (name, value) = pair.unwrap_or(("", word));
        let value = value.trim_matches(['"', '\'', '@']);
        is_moment(value.strip_prefix('T').unwrap_or(value))
            || if name.is_empty() {
                is_class_that_withholds(value.trim_start_matches('.'))
            } else {
                says_no(name, value)
            }
    };
    row[open + 1..end].split(|c: char| c.is_whitespace() || c == ',').any(withholds).then_some(open..end + 1)
}

/// Whether a word is one of those that withhold, and not merely begins with it: `draft-law` does not.
fn is_class_that_withholds(word: &str) -> bool {
    is_mark(word) || withholding::is_word_that_hides(word)
}

/// What in a line is a name and a time behind it: in a heading wherever it stands, else behind a bracket.
fn marks(row: &str, is_heading: bool) -> impl Iterator<Item = Range<usize>> {
    row.char_indices().filter(|(_, c)| matches!(c, '=' | ':' | '\u{FF1D}' | '\u{FF1A}')).filter_map(
        move |(at, sign)| {
            let before = row[..at].trim_end();
            let start = before.trim_end_matches(char::is_alphabetic).len();
            let name = before[start..].to_lowercase();
            let value = row[at + sign.len_utf8()..].trim_start_matches([' ', '"', '\'']);
            if !value.starts_with(|c: char| c.is_ascii_digit()) || !NAMES.contains(&&*name) {
                return None;
            }
            let digits = value.split(|c: char| !c.is_ascii_digit()).map(str::len);
            let is_score = value.as_bytes().get(1) == Some(&b':') && digits.take(2).eq([1, 1]);
            if is_score {
                return None;
            }
            let around = before[..start].trim_end_matches([':', '.', ' ']);
            let is_in_brackets = around.ends_with(['{', '[', '(', '\u{FF5B}', '\u{FF08}', '\u{FF3B}', '\u{3010}']);
            let is_code = !is_heading && around.trim_end_matches('{').ends_with('`') && value.contains("}`");
            let is_equal = matches!(sign, '=' | '\u{FF1D}');
            // `Full time: 2-1` is text; `<time datetime="…">` marks up a word.
            let counts = if is_heading { is_equal || is_in_brackets } else { is_equal && is_in_brackets };
            let is_markup = around
                .len()
                .checked_sub(5)
                .and_then(|tag| around.get(tag..))
                .is_some_and(|tag| tag.eq_ignore_ascii_case("<time"));
            let end = value.find(|c: char| c.is_whitespace() || "}])\"'>\u{FF5D}".contains(c)).unwrap_or(value.len());
            (counts && !is_markup && !is_code).then(|| start..row.len() - value.len() + end)
        },
    )
}

/// The body of live coverage.
pub(super) struct Coverage<'m> {
    /// What stands above the first update.
    pub(super) introduction: &'m str,
    /// The files that the introduction names.
    pub(super) mentions: Vec<Mention<'static>>,
    /// The updates, in the order of the file.
    pub(super) updates: Vec<LiveUpdate<'static>>,
    /// Where they begin in the file.
    pub(super) starts: Vec<usize>,
}

/// Reads the body of live coverage. `start` is where the Markdown begins in the file.
pub(super) fn coverage<'m>(
    fields: &mut Fields<'_>,
    markdown: &'m str,
    start: usize,
    reading: &Reading<'_>,
) -> Coverage<'m> {
    let mut updates = Vec::new();
    let mut starts = Vec::new();
    let mut depth = 0usize;
    // The heading that is being read: its moment, and its words so far.
    let mut heading: Option<(Timestamp, Option<String>, String)> = None;
    let mut headings: Vec<Range<usize>> = Vec::new();
    // Readers do not see comments.
    let mut comments: Vec<Range<usize>> = Vec::new();
    let events = passage::resolve(headings::events(markdown, OPTIONS).collect(), markdown);
    for (event, range) in events {
        match event {
            Event::Start(Tag::Heading { attrs, classes, id, .. }) if depth == 0 => {
                depth += 1;
                let Some(text) = time_attribute(&attrs) else { continue };
                headings.push(range.clone());
                // A blank ends an attribute, so `2026-11-23 14:05` would be midnight.
                let time = match attrs.iter().find(|(name, value)| value.is_none() && is_hour(name)) {
                    Some((hour, _)) => Err(format!("there is a blank in the time `{text} {hour}`")),
                    None => match attrs.iter().find(|(name, _)| !matches!(&**name, "time" | "author" | "lang" | "dir"))
                    {
                        Some((name, _)) => Err(format!("`{name}` beside the time of the update is not known")),
                        None => match classes.iter().find(|class| is_class_that_withholds(class)) {
                            Some(class) => Err(format!("`.{class}` does not withhold an update")),
                            None => time_of(text, reading.zone),
                        },
                    },
                };
                match time {
                    Ok(time) => heading = Some((time, id.map(|id| id.to_string()), String::new())),
                    Err(message) if fields.has_room() => fields.problems.push(
                        Diagnostic::error(message)
                            .at(Place::span(fields.path, fields.text, start + range.start..start + range.end))
                            .hint("write the time of the update as `{time=2026-11-23T14:05}`; one in the future withholds it until then"),
                    ),
                    Err(_) => {}
                }
            }
            Event::InlineHtml(_) if markdown[range.clone()].starts_with("<!--") => comments.push(range),
            Event::Start(Tag::HtmlBlock) => {
                depth += 1;
                let block = &markdown[range.clone()];
                let closed =
                    |(at, _): (usize, &str)| Some(range.start + at..range.start + at + block[at..].find("-->")?);
                comments.extend(block.match_indices("<!--").filter_map(closed));
            }
            Event::Start(_) => depth += 1,
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if let (TagEnd::Heading(_), Some((time, id, title))) = (end, heading.take_if(|_| depth == 0)) {
                    let id = Text::from(id.unwrap_or_else(|| slugify(&title, reading.slugs)));
                    updates.push(LiveUpdate { time, title: Text::from(plain_line(&title)), id, mentions: Vec::new() });
                    starts.push(range.start);
                }
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some((.., title)) = &mut heading {
                    title.push_str(&part);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((.., title)) = &mut heading {
                    title.push(' ');
                }
            }
            _ => {}
        }
    }
    refuse_unread_times(fields, markdown, start, &headings, &comments, reading);
    let mentions = mentions::of_coverage(markdown, &mut updates, &starts, reading.base_url);
    let introduction = &markdown[..starts.first().copied().unwrap_or(markdown.len())];
    starts.iter_mut().for_each(|at| *at += start);
    Coverage { introduction, mentions, updates, starts }
}

#[cfg(test)]
mod tests {
    use super::super::front_matter::READING;
    use super::*;

    fn read(text: &str) -> (Vec<(String, String)>, Vec<Diagnostic>) {
        let mut fields = Fields::new("content/a.md", text);
        let found = coverage(&mut fields, text, 0, &READING).updates;
        (found.into_iter().map(|one| (one.time.to_string(), one.title.to_string())).collect(), fields.problems)
    }

    #[test]
    fn headings_with_a_time_are_updates() {
        let (found, problems) = read(
            "Intro.\n\n## The *bridge* reopens {time=2026-11-23T14:05}\n\nText.\n\n## Plain {#plain}\n\n{{ <video src=\"a.mp4\" time=\"3\" /> }} {x}\n\n### Second {#own time=2026-11-23T16:05+01:00}\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
        let expected = [("2026-11-23T14:05:00Z", "The bridge reopens"), ("2026-11-23T15:05:00Z", "Second")];
        assert_eq!(found, expected.map(|(time, title)| (time.to_owned(), title.to_owned())));
    }

    #[test]
    fn a_time_that_is_not_read_is_an_error() {
        for update in [
            "> ## Z {time=2027-01-01T00:00}",
            "- ## Z {time=2027-01-01T00:00}",
            "[^1]: ## Z {time=2027-01-01T00:00}",
            "    ## Z {time=2027-01-01T00:00}",
            "```\n## Z {time=2027-01-01T00:00}\n```",
            "## Z `{time=2027-01-01T00:00}`",
            "## Z {Time=2027-01-01T00:00}",
            "## Z {time: 2027-01-01T00:00}",
            "## Z {tiem=2027-01-01T00:00}",
            "## Z {date=2027-01-01}",
            "## Z {publish=2027-01-01}",
            "## Z {draft=true}",
            "## Z {time=2027-01-01T00:00} ##",
            "## Z {time=2027-01-01T00:00}{#x}",
            "## Z {time=2027-01-01T00:00 embargo}",
            "## Z {time=2027-01-01T00:00 draft=true}",
            "## Z {time=2026-01-01T00:00 .draft}",
            "## Z {time=2027-01-01T00:00} x",
            "##Z {time=2027-01-01T00:00}",
            "**Z** {time=2027-01-01T00:00}",
            "<div>\n## Z {time=2027-01-01T00:00}",
            "## *Z {time=2027-01-01T00:00}*",
            "## Z {time=2027-01-01T00:00",
            "## Z time=2027-01-01T00:00}",
            "## Z {:time=2027-01-01T00:00}",
            "## Z {at=2027-01-01T00:00}",
            "## Z (time=2027-01-01T00:00)",
            "## Z [time=2027-01-01T00:00]",
            "## Z {{time=2027-01-01T00:00}}",
            "{{time=2027-01-01T00:00}}",
            "## Z \u{FF5B}time=2027-01-01T00:00\u{FF5D}",
            "<h2 time=\"2027-01-01T00:00\">Z</h2>",
            "## Z (at: 2027-01-01)",
            "Z time = 2027-01-01T00:00\n---",
            "## Z {2027-01-01T18:00}",
            "## Z {published=2027-01-01T18:00}",
            "## Z {uhrzeit=18:00}",
            "## Z {18:00}",
            "## Z {.draft}",
            "## Z {#z .embargo}",
            "> ## Z {.draft}",
            "## Z {draft}",
            "## Z {hold}",
            "## Z {embargo}",
            "## Z {hidden}",
            "## Z {27.11.2026}",
            "## Z {27/11/2026}",
            "## Z {6pm}",
            "## Z {18h30}",
            "## Z {T18:00}",
            "## Z {@18:00}",
            "## Z {20261127T1800}",
            "## Z {tomorrow}",
            "## Z {status=draft}",
            "## Z {published=false}",
            "## Z {hold=true}",
            "## Z {embargo=Monday}",
            "## Z {zeit=18h}",
            "`<!--`\n\n## Z {draft=true}\n\n`-->`",
        ] {
            let (found, problems) = read(&format!("Intro.\n\n{update}\n\nText.\n"));
            assert!(found.len() + problems.len() == 1, "{update}: {found:?} {problems:?}");
        }
    }

    #[test]
    fn an_update_has_one_time() {
        for update in [
            "## Z {time=2026-01-01 time=2027-01-01T00:00}",
            "## Z {time=2026-01-01T00:00} {time=2027-01-01T00:00}",
            "## Z (time=2027-01-01T00:00) {time=2026-01-01T00:00}",
        ] {
            let (_, problems) = read(&format!("{update}\n\nText.\n"));
            assert_eq!(problems.len(), 1, "{update}: {problems:?}");
        }
        let (_, problems) = read(
            "  ## Full time: 2-1 {time=2026-01-01T00:00}\n\n### Kickoff at 15:00\n\nWe met (date: 2026-11-20).\n\n\
             ## Half time = 1:0\n\n## Plan {.draft-law}\n\n## Film {ratio=16:9 .wide}\n\nWrite `{time=2026-11-27T18:00}` there.\n\n\
             {{ <chart at=\"5\" time=\"3\" /> }}\n\n<h3>At <time datetime=\"2026-01-01\">noon</time></h3>\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn an_update_in_a_comment_is_taken_out() {
        for text in [
            "<!--\n## Z {time=2027-01-01T00:00}\n\nText.\n-->\n",
            "<!-- ## Z {time=2027-01-01T00:00} -->\n",
            "Text <!-- {time=2027-01-01T00:00} --> and text.\n",
            "<div>\n<!--\n## Z {.draft}\n-->\n</div>\n",
        ] {
            let (found, problems) = read(&format!("{text}\n## A {{time=2026-01-01T00:00}}\n\nText.\n"));
            assert!(problems.is_empty() && found.len() == 1, "{text}: {found:?} {problems:?}");
        }
    }

    #[test]
    fn files_belong_to_the_update_in_which_they_stand() {
        let text = "![A](a.jpg) [far](https://x.example/b.pdf)\n\n## One {time=2026-11-23T14:05}\n\n![B][b] ![A](a.jpg)\n\n\
                    ## Two {time=2026-11-23T15:05}\n\n{{ <video src=\"c.mp4\" title=\"Sea\" /> }}\n\n<img src='d.gif'>\n\n[b]: b.svg\n";
        let mut fields = Fields::new("content/a.md", text);
        let found = coverage(&mut fields, text, 0, &READING);
        let named = |mentions: &[Mention<'_>]| mentions.iter().map(|one| one.src.to_string()).collect::<Vec<_>>();
        assert_eq!(named(&found.mentions), ["a.jpg"]);
        assert_eq!(found.introduction, "![A](a.jpg) [far](https://x.example/b.pdf)\n\n");
        assert_eq!(
            found.updates.iter().map(|one| named(&one.mentions)).collect::<Vec<_>>(),
            [vec!["b.svg", "a.jpg"], vec!["d.gif", "c.mp4"]]
        );
    }

    #[test]
    fn a_wrong_time_is_named_at_its_line() {
        let (found, problems) = read("Intro.\n\n## A {time=14:05}\n\n## B {time}\n");
        assert!(found.is_empty());
        let lines: Vec<u32> = problems.iter().filter_map(|one| Some(one.place.as_ref()?.line)).collect();
        assert_eq!(lines, [3, 5]);
    }

    #[test]
    fn a_blank_between_day_and_hour_is_no_midnight() {
        let (found, problems) = read("## A {time=2026-11-23 14:05}\n\n## B {time=\"2026-11-23 14:05\"}\n");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(problems.len(), 2);
        assert_eq!(problems[0].message, "there is a blank in the time `2026-11-23 14:05`");
    }
}
