//! Plain text from Markdown: the first paragraph as a summary, the first heading as a title.
//!
//! Only the head of a body is parsed: a summary never needs the rest.

use html5ever::LocalName;
use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use unicode_segmentation::GraphemeCursor;

use super::passage;
use crate::html::{Token, is_void, tokens};
use crate::text::plain_line;

/// How much of a body is looked at for its first paragraph.
const HEAD_BYTES: usize = 16 * 1024;

/// Characters of a summary made from a paragraph; it ends at a sentence or a word.
const SUMMARY_CHARACTERS: usize = 300;

/// The summary of a body as plain text: what stands before `<!--more-->`, or else the first paragraph, cut at a sentence
/// or word; empty if there is none.
pub fn first_paragraph(markdown: &str) -> String {
    let most = &markdown[..markdown.floor_char_boundary(2 * HEAD_BYTES)];
    if let Some(raised) = with_superscripts(most) {
        return first_paragraph_of(&raised);
    }
    first_paragraph_of(markdown)
}

/// The text with the signs of Unicode for raised numbers, as plain text has no other: `10<sup>6</sup>` is not 106. None
/// if there are none in it.
fn with_superscripts(text: &str) -> Option<String> {
    let begins = memchr::memchr_iter(b'<', text.as_bytes()).filter(|at| is_of_superscript(&text[at + 1..]));
    let mut raised: Option<String> = None;
    let mut from = 0;
    for at in begins {
        let inside = at + text[at..].find('>').map_or(0, |end| end + 1);
        let mut ends = text[inside..].match_indices("</").map(|(end, _)| inside + end);
        let Some(end) = ends.find(|end| is_of_superscript(&text[end + 2..])).filter(|_| at >= from) else { continue };
        let behind = end + text[end..].find('>').map_or(2, |length| length + 1);
        let number = plain_line(&without_tags(&text[inside..end]));
        let kept = raised.get_or_insert_default();
        kept.push_str(&text[from..at]);
        kept.push_str(&superscripts(number.trim_matches(['*', '_'])));
        from = behind;
    }
    raised.map(|raised| raised + &text[from..])
}

/// Whether this is the rest of a tag `sup`.
fn is_of_superscript(tag: &str) -> bool {
    let (name, rest) = tag.split_at_checked(3).unwrap_or_default();
    name.eq_ignore_ascii_case("sup") && rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace())
}

/// What stands raised, in plain text: `10⁶`, `10^2.5`. Letters stay, as in 1st, and so do marks of notes.
pub fn superscripts(raised: &str) -> String {
    let signs: Option<String> = raised.chars().map(superscript).collect();
    let is_number = raised.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '\u{2212}'));
    let is_plain = || raised.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '-'));
    match signs {
        Some(signs) => signs,
        None if !is_number || raised.ends_with([')', ']']) => raised.to_owned(),
        None if is_plain() => format!("^{raised}"),
        None => format!("^({raised})"),
    }
}

fn superscript(c: char) -> Option<char> {
    const SIGNS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match c {
        '+' => Some('⁺'),
        '-' | '\u{2212}' | '\u{2013}' => Some('⁻'),
        _ => c.to_digit(10).map(|digit| SIGNS[digit as usize]),
    }
}

fn first_paragraph_of(markdown: &str) -> String {
    if let Some(excerpt) = excerpt(markdown) {
        return excerpt;
    }
    let first = |markdown| {
        let mut first = String::new();
        Reader::new(false).read(markdown, |paragraph| {
            let is_text = !is_template(&paragraph);
            first = if is_text { paragraph } else { String::new() };
            is_text
        });
        first
    };
    let within = &markdown[..markdown.floor_char_boundary(HEAD_BYTES)];
    let head = head(markdown);
    let mut found = first(head);
    // What the text begins with is a heading, a table or code.
    if found.is_empty() && head.len() < within.len() {
        found = first(within);
    }
    cut(&found)
}

/// Whether a paragraph is nothing but tags of a template language (Liquid, Jinja): `{% include x %}`.
fn is_template(paragraph: &str) -> bool {
    let mut rest = paragraph.trim();
    while let Some(behind) = rest.strip_prefix("{%").and_then(|tag| tag.split_once("%}")) {
        rest = behind.1.trim_start();
    }
    rest.is_empty() && !paragraph.is_empty()
}

/// The words before `<!--more-->`, with which archives mark an excerpt: all of them, as the writer wants it.
fn excerpt(markdown: &str) -> Option<String> {
    let within = &markdown[..markdown.floor_char_boundary(HEAD_BYTES)];
    // In code it is no mark.
    within.match_indices("<!--").find_map(|(at, _)| {
        let end = at + markdown[at..].find("-->")? + "-->".len();
        if !is_more(&markdown[at..end]) {
            return None;
        }
        let mut all = Vec::new();
        let paragraph = markdown[end..].find("\n\n").map_or(markdown.len(), |length| end + length);
        let paragraph = markdown.floor_char_boundary(paragraph.min(end + HEAD_BYTES));
        let is_marked = Reader::new(true).read(&markdown[..paragraph], |paragraph| {
            all.push(paragraph);
            false
        });
        (is_marked && !all.is_empty()).then(|| all.join(" "))
    })
}

/// Reads the paragraphs of a body as plain text.
struct Reader {
    /// Whether lists and quotations count.
    wants_all: bool,
    /// The paragraphs and list items that are open, and what is open whose words do not count.
    open: usize,
    skipped: usize,
    /// The elements of HTML that are open and whose words do not count.
    unsaid: Vec<LocalName>,
    text: String,
    /// The block of HTML that is being read.
    html: String,
}

impl Reader {
    fn new(wants_all: bool) -> Self {
        Self { wants_all, open: 0, skipped: 0, unsaid: Vec::new(), text: String::new(), html: String::new() }
    }

    /// Whether the words in something do not count: those of notes and tables, and what is struck out.
    fn skips(&self, tag: &TagEnd) -> bool {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) => !self.wants_all,
            TagEnd::FootnoteDefinition
            | TagEnd::Table
            | TagEnd::Image
            | TagEnd::Strikethrough
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock => true,
            _ => false,
        }
    }

    /// Calls `found` with each paragraph until it answers with true; whether the mark behind an excerpt was found.
    fn read(&mut self, markdown: &str, mut found: impl FnMut(String) -> bool) -> bool {
        for event in events(markdown) {
            match event {
                Event::Start(tag) if self.skips(&tag.to_end()) => self.skipped += 1,
                Event::End(tag) if self.skips(&tag) => self.skipped = self.skipped.saturating_sub(1),
                Event::Start(Tag::Paragraph | Tag::Item) if self.skipped == 0 => {
                    if self.take(&mut found) {
                        return false;
                    }
                    self.open += 1;
                }
                Event::End(TagEnd::Paragraph | TagEnd::Item) if self.open > 0 => {
                    self.open -= 1;
                    if self.take(&mut found) {
                        return false;
                    }
                }
                Event::InlineHtml(html) if self.wants_all && is_more(&html) => {
                    self.take(&mut found);
                    return true;
                }
                Event::InlineHtml(html) if self.open > 0 => self.inline_tag(&html),
                Event::Html(html) => {
                    let marks = html.match_indices("<!--").map(|(at, _)| at).filter(|_| self.wants_all);
                    let mark = marks.into_iter().find(|at| is_more(&html[*at..]));
                    self.html.push_str(&html[..mark.unwrap_or(html.len())]);
                    if mark.is_some() {
                        self.block(&mut found);
                        return true;
                    }
                }
                Event::End(TagEnd::HtmlBlock) if self.block(&mut found) => return false,
                Event::Text(part) | Event::Code(part)
                    if self.open > 0 && self.skipped == 0 && self.unsaid.is_empty() =>
                {
                    self.text.push_str(&part)
                }
                Event::SoftBreak | Event::HardBreak if self.open > 0 => self.text.push(' '),
                _ => {}
            }
        }
        false
    }

    /// Ends a paragraph.
    fn take(&mut self, found: &mut impl FnMut(String) -> bool) -> bool {
        self.unsaid.clear();
        let line = plain_line(&without_notes(&std::mem::take(&mut self.text)));
        !line.is_empty() && !line.starts_with("{{") && !is_address(&line) && found(line)
    }

    /// A tag within a paragraph.
    fn inline_tag(&mut self, html: &str) {
        for token in tokens(html) {
            match token {
                _ if self.is_unsaid(&token) => {}
                Token::Start(name, _) | Token::End(name) if !is_of_line(&name) => self.text.push(' '),
                _ => {}
            }
        }
    }

    /// Whether a token begins or ends an element whose words do not count, or stands in one.
    fn is_unsaid(&mut self, token: &Token) -> bool {
        let is_reading = |name: &LocalName| matches!(&**name, "rt" | "rp" | "rtc");
        match token {
            Token::Start(name, attributes) => {
                let is_hidden = attributes.iter().any(|(name, _)| &**name == "hidden") && !is_void(name);
                if is_reading(name) {
                    self.unsaid.pop_if(|open| is_reading(open));
                }
                if is_hidden || is_reading(name) || self.skips_element(name) {
                    self.unsaid.push(name.clone());
                }
                !self.unsaid.is_empty()
            }
            Token::End(name) => {
                let was_unsaid = !self.unsaid.is_empty();
                if let Some(at) = self.unsaid.iter().rposition(|open| open == name) {
                    self.unsaid.truncate(at);
                } else if &**name == "ruby" {
                    self.unsaid.pop_if(|open| is_reading(open));
                }
                was_unsaid
            }
            Token::Text(_) => !self.unsaid.is_empty(),
        }
    }

    /// Ends a block of HTML: the words in its paragraphs count.
    fn block(&mut self, found: &mut impl FnMut(String) -> bool) -> bool {
        let mut in_paragraph = true;
        for token in tokens(&std::mem::take(&mut self.html)) {
            match token {
                _ if self.is_unsaid(&token) || self.skipped > 0 => {}
                Token::Text(text) if in_paragraph => self.text.push_str(&text),
                Token::Start(name, _) | Token::End(name) if &*name == "br" => self.text.push(' '),
                Token::Start(name, _) | Token::End(name) if is_of_line(&name) => {}
                Token::Start(name, _) => {
                    if self.take(found) {
                        return true;
                    }
                    in_paragraph = matches!(&*name, "p" | "div" | "section" | "article" | "main" | "center")
                        || self.wants_all && matches!(&*name, "li" | "blockquote");
                }
                Token::End(_) => {
                    in_paragraph = false;
                    if self.take(found) {
                        return true;
                    }
                }
                Token::Text(_) => {}
            }
        }
        self.take(found)
    }

    /// Whether the words in an element do not count: those that are struck out, and those of what is no text.
    fn skips_element(&self, name: &str) -> bool {
        match name {
            "ul" | "ol" | "blockquote" => !self.wants_all,
            "audio" | "canvas" | "figure" | "iframe" | "math" | "noembed" | "noframes" | "noscript" | "object"
            | "pre" | "script" | "select" | "style" | "svg" | "table" | "template" | "textarea" | "title" | "video"
            | "xmp" => true,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => true,
            "del" | "s" | "strike" => true,
            _ => false,
        }
    }
}

/// Whether an element stands within a line, so that it parts no words: all that are no blocks (HTML, section 15.3.3).
fn is_of_line(name: &str) -> bool {
    const BLOCKS: [&str; 54] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "xmp",
    ];
    !BLOCKS.contains(&name)
}

/// Whether a paragraph is an address alone: that of a film, which says nothing about the article.
fn is_address(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(' ')
}

/// The text of a heading of level 1 that the body begins with.
pub fn first_heading(markdown: &str) -> Option<String> {
    let mut text = None;
    let raised = with_superscripts(head(markdown));
    for event in events(raised.as_deref().unwrap_or(head(markdown))) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => text = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(part) | Event::Code(part) => text.as_mut()?.push_str(&part),
            Event::Start(_) if text.is_none() => return None,
            _ => {}
        }
    }
    text.map(|text| plain_line(&text)).filter(|text| !text.is_empty())
}

/// An excerpt of a WordPress or Hugo archive may hold HTML or Markdown: its words.
pub fn without_markup(text: &str) -> String {
    if !text.contains(['<', '*', '_', '`', '[']) {
        return text.to_owned();
    }
    let raised = with_superscripts(text);
    let mut words = String::new();
    for event in events(raised.as_deref().unwrap_or(text)) {
        match event {
            Event::Text(part) | Event::Code(part) => words.push_str(&part),
            Event::Html(html) => words.push_str(&without_tags(&html)),
            Event::InlineHtml(html) => {
                let name = html.trim_start_matches(['<', '/']).split([' ', '\n', '/', '>']).next().unwrap_or_default();
                words.push_str(if is_of_line(&name.to_ascii_lowercase()) { "" } else { " " });
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => words.push(' '),
            _ => {}
        }
    }
    plain_line(&words)
}

/// Whether some HTML is the mark behind an excerpt: `<!--more-->`, in WordPress also `<!--more Read on-->`.
pub fn is_more(html: &str) -> bool {
    let inside = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inside
        .and_then(|inside| inside.split_ascii_whitespace().next())
        .is_some_and(|word| word.eq_ignore_ascii_case("more"))
}

/// HTML without its tags; a line break in it is a blank, and so is the end of a cell of a table.
pub fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for (at, c) in html.char_indices() {
        match c {
            '<' => {
                inside = true;
                let begins = |name: &[u8]| {
                    html.as_bytes()[at + 1..].get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
                };
                if begins(b"br") || begins(b"/td") || begins(b"/th") {
                    text.push(' ');
                }
            }
            '>' if inside => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

/// Without references to footnotes, which are text where their definition is cut off.
fn without_notes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("[^") {
        let Some(end) = rest[at..].find(']').filter(|end| !rest[at..at + end].contains(char::is_whitespace)) else {
            break;
        };
        kept.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    kept + rest
}

fn head(markdown: &str) -> &str {
    let mut end = markdown.len().min(HEAD_BYTES);
    // Most first paragraphs end early: a blank line behind some text is a good place to stop.
    if let Some(start) = markdown.find(|c: char| c.is_alphanumeric()) {
        let near = markdown[start..].find("\n\n").map_or(end, |at| start + at);
        if near < end
            && !markdown[..near]
                .trim_start()
                .starts_with(['#', '>', '<', '!', '|', '-', '*', '+', '`', '~', '{', '[', '='])
            && !markdown[..near].trim_start().starts_with("http")
        {
            end = near;
        }
    }
    while !markdown.is_char_boundary(end) {
        end -= 1;
    }
    &markdown[..end]
}

/// Events of Markdown in which every link with a reference is a link: the definitions may be cut off.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let any = |link: BrokenLink<'_>| match link.link_type {
        LinkType::Reference | LinkType::Collapsed => Some((CowStr::from(""), CowStr::from(""))),
        _ => None,
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_with_broken_link_callback(markdown, options, Some(any)).into_offset_iter();
    let (plain, marked) = match passage::may_have(markdown) {
        true => (None, Some(passage::resolve(parser.collect(), markdown))),
        false => (Some(parser), None),
    };
    let events = plain.into_iter().flatten().chain(marked.into_iter().flatten());
    events.map(|(event, _)| event)
}

fn cut(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(SUMMARY_CHARACTERS) else { return line.to_owned() };
    let head = &line[..whole_letters(line, end)];
    let is_late = |at: &usize| *at > head.len() / 2;
    let sentence =
        head.char_indices().rev().find(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '।'));
    if let Some((at, c)) = sentence.filter(|(at, _)| is_late(at))
        && whole_letters(line, at + c.len_utf8()) == at + c.len_utf8()
    {
        return head[..at + c.len_utf8()].to_owned();
    }
    // Chinese, Japanese and Thai have no blanks between words.
    let stop = head.rfind(' ').filter(is_late).unwrap_or(head.len());
    format!("{}…", head[..stop].trim_end_matches([',', ';', ':', ' ']))
}

/// The last place up to `at` at which a text can be cut: not between a letter and its marks, nor within a flag, a
/// syllable of Hangul or an emoji of several parts (Unicode Standard Annex 29).
pub fn whole_letters(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(true) | Err(_) => at,
        Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raised_numbers_stay_raised_in_plain_text() {
        for (text, plain) in [
            ("It cost 10<sup>6</sup> euros.", "It cost 10⁶ euros."),
            ("10<sup>-12</sup> and the 1<sup>st</sup>.", "10⁻¹² and the 1st."),
            ("Never <sup>closed.", "Never closed."),
            ("10<SUP>6</SUP> and 10<sup class=\"x\">6</sup >.", "10⁶ and 10⁶."),
            ("10<sup>**6**</sup>, 10<sup><b>6</b></sup>, 10<sup>&#54;</sup>.", "10⁶, 10⁶, 10⁶."),
            ("10<sup>2.5</sup> and 10<sup>1/2</sup>.", "10^2.5 and 10^(1/2)."),
            ("A note<sup>[1]</sup>, <support>10</support>.", "A note[1], 10."),
        ] {
            assert_eq!(first_paragraph(text), plain);
            assert_eq!(without_markup(text), plain);
            assert_eq!(first_heading(&format!("# {text}\n")).as_deref(), Some(plain));
        }
    }

    #[test]
    fn a_paragraph_of_template_tags_is_no_summary() {
        assert_eq!(first_paragraph("{% include toc.html %}\n\nThe text.\n"), "The text.");
        assert_eq!(first_paragraph("{% a %} {%- b -%}\n{% c %}\n\nThe text.\n"), "The text.");
        assert_eq!(first_paragraph("{% include toc.html %}\n"), "");
        assert_eq!(first_paragraph("In Liquid, {% if x %} begins a block.\n"), "In Liquid, {% if x %} begins a block.");
    }

    #[test]
    fn the_summary_is_the_first_paragraph_in_plain_words() {
        assert_eq!(
            first_paragraph("## Head\n\n![x](a.jpg)\n\nOne *two* [three][3] `four`\nfive.[^1]\n\nSix."),
            "One two three four five."
        );
        assert_eq!(first_paragraph("Intro.<!--more-->\n\nRest."), "Intro.");
        assert_eq!(first_paragraph("[Le *mot*]{lang=fr} \\[x\\]{lang=de}"), "Le mot [x]{lang=de}");
        assert_eq!(first_paragraph("https://a.example/film\n\nText.\n\nMore."), "Text.");
        assert_eq!(first_paragraph("https://a.example/film shows it.\n\nText."), "https://a.example/film shows it.");
        assert_eq!(first_paragraph("{{ <video src=\"x\" /> }}\n\nText."), "Text.");
        assert_eq!(first_paragraph(""), "");
        for before in
            ["Title\n=====", "Title\n---", "&nbsp;", "a | b\n- | -\n1 | 2", "    code", "```\ncode\n\nmore\n```"]
        {
            assert_eq!(first_paragraph(&format!("{before}\n\nOne.\n\nTwo.")), "One.", "{before}");
        }
    }

    #[test]
    fn all_that_stands_before_the_mark_of_an_excerpt_is_the_summary() {
        for (text, summary) in [
            ("One.\n\nTwo *three*.\n\n<!--more-->\n\nFour.", "One. Two three."),
            ("One.\n\n- two\n- three\n\n> four\n\n<!-- more -->\nFive.", "One. two three four"),
            ("One.\n\nTwo.<!--more Read on-->Three.", "One. Two."),
            ("<p>One.</p>\n<p>Two.</p>\n<!--more-->\n<p>Three.</p>", "One. Two."),
            ("## Head\n\nOne.\n\n![a](b.jpg)\n\nTwo.\n\n<!--MORE-->\n", "One. Two."),
            ("One.\n\n```\n<!--more-->\n```\n\nTwo.", "One."),
            ("One.\n\n<!-- more on this later, and not a mark -->\n\nTwo.", "One."),
            ("<!--more-->\n\nOne.\n\nTwo.", "One."),
            ("First `<!--more-->` code.\n\nTwo.", "First <!--more--> code."),
            ("First `<!--more-->` code.\n\nTwo.\n\n<!--more-->\n", "First <!--more--> code. Two."),
        ] {
            assert_eq!(first_paragraph(text), summary, "{text}");
        }
        let long = format!("{}\n\nEnd.<!--more-->", "word ".repeat(200));
        assert!(first_paragraph(&long).ends_with("word End."));
    }

    #[test]
    fn html_counts_as_readers_see_it() {
        for (text, summary) in [
            ("A<br>B<br/>C", "A B C"),
            ("A<b>B</b>", "AB"),
            ("<p>One <b>two</b><br>three &amp; four.</p>\n\nFive.", "One two three & four."),
            ("<div class=\"x\">\n<p class=\"y\">One.</p>\n<p>Two.</p>\n</div>", "One."),
            ("<figure><img src=a><figcaption><p>No.</p></figcaption></figure>\n\nOne.", "One."),
            ("<style>p { a: b }</style>\n\n<h2>No</h2>\n<ul><li><p>No</p></ul>\n<p>One.</p>", "One."),
            ("~~No.~~\n\nOne ~~not~~ two.", "One two."),
            ("One <del>not</del> two <s>no</s>.", "One two ."),
            ("<p>One <strike>not</strike> two.</p>", "One two."),
            ("<script>no</script>\n\nOne.", "One."),
            ("One <script>no()</script><style>no</style>two.", "One two."),
            ("One <span hidden>no</span>two <input hidden> three.", "One two three."),
            ("<p hidden>No</p>\n<p>One <b hidden>no</b>two.</p>", "One two."),
            ("漢<rp>(</rp><rt>kan</rt><rp>)</rp>字", "漢字"),
            ("<ruby>漢<rt>kan</ruby>字", "漢字"),
            ("<p><ruby>漢<rp>(<rt>kan<rp>)</ruby>字</p>", "漢字"),
            ("<div>First</div>\n\nSecond.", "First"),
            ("<span>\nFirst\n</span>\n\nSecond.", "First"),
            ("<p>aa <audio src=x>no</audio> cc</p>", "aa cc"),
            ("<p>aa <noscript>no</noscript> cc</p>", "aa cc"),
            ("<p>aa <picture><img src=x></picture> <input> cc</p>", "aa cc"),
        ] {
            assert_eq!(first_paragraph(text), summary, "{text}");
        }
        for name in ["ruby", "data", "big", "nobr", "label", "acronym", "button", "output", "o:p", "my-own", "map"] {
            let text = format!("<p>aa <{name}>bb</{name}> cc</p>");
            assert_eq!(first_paragraph(&text), "aa bb cc", "{name}");
        }
        assert_eq!(without_markup("Said<br>so <b>now</b>."), "Said so now.");
        assert_eq!(without_markup("Said<BR class=x>so <b class=x>n</b>ow."), "Said so now.");
    }

    #[test]
    fn cuts_fall_between_letters() {
        for letter in ["🇫🇷", "👩‍👩‍👧", "e\u{301}", "กำ", "\u{1112}\u{1161}\u{11ab}", "क्षि"]
        {
            for before in 0..8 {
                let text = format!("{}{}", "x".repeat(before), letter.repeat(200));
                let summary = first_paragraph(&text);
                let kept = summary.strip_suffix('…').expect("cut");
                assert!(kept[before..].replace(letter, "").is_empty(), "{letter} {before}: {summary}");
            }
        }
        let thai = format!("คำ {}", "ภาษาไทย".repeat(100));
        assert!(first_paragraph(&thai).chars().count() > SUMMARY_CHARACTERS / 2);
    }

    #[test]
    fn a_long_paragraph_ends_at_a_sentence_or_a_word() {
        let sentence = format!("{} end. {}", "word ".repeat(45), "more ".repeat(40));
        assert!(first_paragraph(&sentence).ends_with("end."));
        let words = "word ".repeat(100);
        let summary = first_paragraph(&words);
        assert!(summary.ends_with("word…") && summary.chars().count() <= SUMMARY_CHARACTERS + 1);
    }

    #[test]
    fn only_a_leading_heading_is_a_title() {
        assert_eq!(first_heading("# A `b` c\n\nText"), Some("A b c".into()));
        assert_eq!(first_heading("Text\n\n# A"), None);
    }
}
