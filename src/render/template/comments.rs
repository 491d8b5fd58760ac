//! Approved comments as template values: threads, and the HTML of what readers wrote.
//!
//! Readers write a subset of Markdown: paragraphs, emphasis, links, quotations, lists, code. Their headings
//! become paragraphs, their images the words that stand for them, and their HTML is shown as text. What comes out is sanitised as if
//! none of this were so.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html as push};
use rustc_hash::{FxHashMap, FxHashSet};
use tera::Value;

use crate::article::record::Comment;
use crate::config::{Config, address};
use crate::index::{Article, address_key};
use crate::markdown::bare_addresses;
use crate::query::{Seen, ask};
use crate::render::template::map_of;
use crate::render::{PageRenderer, dead};

/// Answers deeper than this stand at this depth, one after the other: a phone is only so wide.
const DEEPEST: usize = 5;

/// Quotations, lists and emphasis stand within each other at most so deep; what is deeper stands at this depth.
const MOST_NESTED: usize = 10;

/// Marks of quotations and lists with which one line may begin. No person writes more, and the parser takes time for
/// each of them in each line.
const MOST_MARKS: usize = 100;

/// What may stand in a comment. Links of readers are vouched for by nobody.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(["p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"].into())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into())].into())
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

/// What a reader wrote, as HTML. Takes time in proportion to its length, whatever it is.
pub(crate) fn html(text: &str) -> String {
    html_without_links(text, &mut |_| false)
}

/// The same; a link for which `is_withheld` says so is its words.
fn html_without_links(text: &str, is_withheld: &mut dyn FnMut(&str) -> bool) -> String {
    let text = &*shallow(text);
    let mut events: Vec<Event<'_>> = Vec::new();
    // How many links and blocks of code are open: no bare address is a link in there.
    let mut closed = 0_usize;
    let mut nesting = Nesting::default();
    for event in TextMergeStream::new(Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH)) {
        if !nesting.keeps(&event) {
            // What stands in different items stays apart.
            if matches!(event, Event::Start(Tag::Item)) && matches!(events.last(), Some(Event::Text(_))) {
                events.push(Event::HardBreak);
            }
            continue;
        }
        match event {
            Event::Start(Tag::Heading { .. } | Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::Heading(_) | TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) | Event::Rule => {}
            Event::Html(html) | Event::InlineHtml(html) => events.push(Event::Text(html)),
            // People press the return key where they want a new line.
            Event::SoftBreak => events.push(Event::HardBreak),
            Event::Text(text) if closed == 0 => link(text, &mut events),
            other => {
                match &other {
                    Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => closed += 1,
                    Event::End(TagEnd::Link | TagEnd::CodeBlock) => closed -= 1,
                    _ => {}
                }
                events.push(other);
            }
        }
    }
    // Links stand in no links, so the next end is that of the one which is left out.
    let mut left_out: Option<CowStr<'_>> = None;
    events.retain_mut(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            left_out = is_withheld(dest_url).then(|| dest_url.clone());
            left_out.is_none()
        }
        Event::End(TagEnd::Link) => left_out.take().is_none(),
        // The words of a link stay, unless they are its address.
        Event::Text(words) if left_out.as_ref().is_some_and(|dest| is_address_of(words, dest)) => {
            *words = "…".into();
            true
        }
        _ => true,
    });
    let mut html = String::with_capacity(text.len() + text.len() / 4);
    push::push_html(&mut html, events.into_iter());
    let html = SANITISER.clean(&html).to_string();
    // A character reference (`&#3;`) is the other way to write what no document may contain.
    if crate::text::has_forbidden(&html) { html.replace(crate::text::is_forbidden, "\u{FFFD}") } else { html }
}

/// Which elements stand too deep.
#[derive(Default)]
struct Nesting {
    /// The open elements that hold others, and whether they are kept.
    open: Vec<bool>,
    depth: usize,
}

impl Nesting {
    /// Whether an event is kept: an element that stands too deep loses its beginning and its end.
    fn keeps(&mut self, event: &Event<'_>) -> bool {
        match event {
            // With its list.
            Event::Start(Tag::Item) => {
                let is_kept = self.open.last().is_none_or(|list| *list);
                self.open.push(is_kept);
                is_kept
            }
            Event::End(TagEnd::Item) => self.open.pop().is_none_or(|is_kept| is_kept),
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {
                let is_kept = self.depth < MOST_NESTED;
                self.depth += usize::from(is_kept);
                self.open.push(is_kept);
                is_kept
            }
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough,
            ) => {
                let is_kept = self.open.pop().is_none_or(|is_kept| is_kept);
                self.depth -= usize::from(is_kept);
                is_kept
            }
            _ => true,
        }
    }
}

/// The text with a backslash before the first of the marks with which a line begins that is one too many.
fn shallow(text: &str) -> Cow<'_, str> {
    let mut shallow = String::new();
    let mut from = 0;
    let mut begin = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if line.len() > MOST_MARKS
            && let Some(at) = surplus_mark(line.as_bytes())
        {
            shallow.push_str(&text[from..begin + at]);
            shallow.push('\\');
            from = begin + at;
        }
        begin += line.len();
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    shallow.push_str(&text[from..]);
    Cow::Owned(shallow)
}

/// Where the first mark too many stands in a line.
fn surplus_mark(line: &[u8]) -> Option<usize> {
    let (mut at, mut marks) = (0, 0);
    loop {
        at += line[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = &line[at..];
        let digits = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
        let is_spaced = |at: usize| rest.get(at).is_none_or(|byte| byte.is_ascii_whitespace());
        let length = match rest.get(digits)? {
            b'>' if digits == 0 => 1,
            b'-' | b'+' | b'*' if digits == 0 && is_spaced(1) => 1,
            b'.' | b')' if digits > 0 && is_spaced(digits + 1) => digits + 1,
            _ => return None,
        };
        marks += 1;
        if marks > MOST_MARKS {
            return Some(at);
        }
        at += length;
    }
}

/// Whether the words of a link say where it leads.
fn is_address_of(words: &str, dest: &str) -> bool {
    let plain = |text: &str| text.trim_end_matches('/').split("://").last().unwrap_or_default().to_ascii_lowercase();
    plain(words) == plain(dest)
}

/// Makes links of the bare addresses in `text`.
fn link<'t>(text: CowStr<'t>, events: &mut Vec<Event<'t>>) {
    if !text.contains("://") {
        events.push(Event::Text(text));
        return;
    }
    let mut from = 0;
    let part = |range: Range<usize>| CowStr::from(text[range].to_owned());
    for (range, dest) in bare_addresses(&text).into_iter().filter(|(range, _)| text[range.clone()].starts_with("http"))
    {
        if from < range.start {
            events.push(Event::Text(part(from..range.start)));
        }
        from = range.end;
        let (dest_url, title, id) = (dest.into(), "".into(), "".into());
        let link = Tag::Link { link_type: LinkType::Autolink, dest_url, title, id };
        events.extend([Event::Start(link), Event::Text(part(range)), Event::End(TagEnd::Link)]);
    }
    if from < text.len() {
        events.push(Event::Text(part(from..text.len())));
    }
}

/// The approved comments on an article, threaded; asked for by the page in work.
pub(in crate::render) fn comments(renderer: &PageRenderer, id: Seen<Article>) -> Value {
    let url = &*renderer.view.get(id).url;
    let (mut addresses, mut seen): (Vec<u64>, FxHashSet<u64>) = Default::default();
    let mut dead: Vec<String> = Vec::new();
    let comments = ask::comments(&renderer.view, id);
    let threads = thread(&comments.all, &renderer.config, &mut |href| {
        let key = address::site_path_of(&renderer.config, url, href).map(|path| address_key(&path));
        addresses.extend(key.filter(|key| seen.insert(*key)));
        let is_withheld = key.is_some_and(|key| ask::is_withheld(&renderer.view, key));
        if !is_withheld && dead::is_dead(renderer, url, href) {
            dead.push(href.to_owned());
        }
        is_withheld
    });
    if !addresses.is_empty() {
        ask::withheld(&renderer.view, &addresses);
    }
    if let Some(row) = comments.row {
        dead::tell_of_dead(renderer, row, &dead.iter().map(String::as_str).collect::<Vec<_>>(), str::to_owned);
    }
    threads
}

/// Comments as a tree of values, each level in the order of the file.
///
/// Every comment is in it exactly once: one that answers nothing that is there stands at the top, and so
/// does the first of comments that answer each other in a circle.
fn thread(comments: &[Comment<'_>], config: &Config, is_withheld: &mut dyn FnMut(&str) -> bool) -> Value {
    let by_id: FxHashMap<&str, usize> =
        comments.iter().enumerate().map(|(number, comment)| (&*comment.id, number)).collect();
    let parents: Vec<Option<usize>> =
        comments.iter().map(|comment| by_id.get(comment.in_reply_to.as_deref()?).copied()).collect();
    let opens_circle = first_in_circles(&parents);
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); comments.len()];
    let mut top = Vec::new();
    for (number, parent) in parents.iter().enumerate() {
        match parent {
            Some(above) if !opens_circle[number] => answers[*above].push(number),
            _ => top.push(number),
        }
    }
    let texts = comments.iter().map(|comment| html_without_links(&comment.text, is_withheld)).collect();
    let shown = |comment: &Comment<'_>| comment.url.as_deref().filter(|url| !is_withheld(url)).map(str::to_owned);
    let urls = comments.iter().map(shown).collect();
    level(&Forest { comments, texts, urls, answers, config }, &top, 1)
}

/// Which comments are the first of those that answer each other in a circle. Each is walked over twice at most.
fn first_in_circles(parents: &[Option<usize>]) -> Vec<bool> {
    let mut is_first = vec![false; parents.len()];
    // The walk on which each was reached; 0: none yet.
    let mut walks = vec![0; parents.len()];
    for start in 0..parents.len() {
        let walk = start + 1;
        let mut at = start;
        while walks[at] == 0 {
            walks[at] = walk;
            let Some(above) = parents[at] else { break };
            at = above;
        }
        // Where a walk comes back to itself there is a circle, which no walk before has reached.
        if walks[at] == walk && parents[at].is_some() {
            let (mut first, mut next) = (at, parents[at]);
            while let Some(number) = next.filter(|number| *number != at) {
                first = first.min(number);
                next = parents[number];
            }
            is_first[first] = true;
        }
    }
    is_first
}

struct Forest<'a> {
    comments: &'a [Comment<'a>],
    /// The text of each as HTML.
    texts: Vec<String>,
    /// The address that each reader gave of themselves, if it may be seen.
    urls: Vec<Option<String>>,
    answers: Vec<Vec<usize>>,
    config: &'a Config,
}

fn level(forest: &Forest<'_>, numbers: &[usize], depth: usize) -> Value {
    let mut values = Vec::with_capacity(numbers.len());
    for number in numbers {
        if depth < DEEPEST {
            let answers = level(forest, &forest.answers[*number], depth + 1);
            values.push(forest.value(*number, answers));
            continue;
        }
        // The deepest level: answers, and answers to them, follow what they answer.
        let mut next = vec![*number];
        while let Some(number) = next.pop() {
            values.push(forest.value(number, Value::from(Vec::<Value>::new())));
            next.extend(forest.answers[number].iter().rev());
        }
    }
    Value::from(values)
}

impl Forest<'_> {
    fn value(&self, number: usize, answers: Value) -> Value {
        let comment = &self.comments[number];
        map_of([
            ("id", (&*comment.id).into()),
            ("name", (&*comment.name).into()),
            ("url", self.urls[number].as_deref().into()),
            ("date", comment.date.map(|date| date.rfc3339(&self.config.time_zone)).into()),
            ("in_reply_to", comment.in_reply_to.as_deref().into()),
            ("html", Value::safe_string(&self.texts[number])),
            ("replies", answers),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::record::Text;
    use crate::config::Overrides;

    #[test]
    fn readers_write_a_subset_of_markdown() {
        assert_eq!(
            html("One *two*\nthree\n\n> four"),
            "<p>One <em>two</em><br>\nthree</p>\n<blockquote>\n<p>four</p>\n</blockquote>\n"
        );
        assert_eq!(html("# Loud"), "<p>Loud</p>\n");
        assert_eq!(html("![a cat](https://x.example/c.png)"), "<p>a cat</p>\n");
        assert_eq!(html("1. a\n2. b"), "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n");
    }

    #[test]
    fn links_are_vouched_for_by_nobody() {
        let rel = "rel=\"nofollow ugc noopener\"";
        assert_eq!(html("[x](https://a.example)"), format!("<p><a href=\"https://a.example\" {rel}>x</a></p>\n"));
        let bare = html("See https://a.example/b?c=1&d, and `https://no.example`.");
        assert_eq!(
            bare,
            format!(
                "<p>See <a href=\"https://a.example/b?c=1&amp;d\" {rel}>https://a.example/b?c=1&amp;d</a>, and <code>https://no.example</code>.</p>\n"
            )
        );
    }

    #[test]
    fn nothing_that_runs_comes_through() {
        for (text, forbidden) in [
            ("<script>alert(1)</script>", "<script"),
            ("<img src=x onerror=alert(1)>", "<img"),
            ("a <b onclick=x>b</b>", "<b"),
            ("[x](javascript:alert(1))", "javascript:"),
            ("[x](data:text/html,x)", "data:"),
            ("<javascript:alert(1)>", "href"),
            ("[x](/local/)", "href"),
            ("<div style=position:fixed>\n\n*a*\n\n</div>", "<div"),
        ] {
            assert!(!html(text).contains(forbidden), "{text} became {}", html(text));
        }
    }

    #[test]
    fn what_is_nested_without_end_stands_at_a_bounded_depth() {
        let emphasis = format!("{}b{}", "*a ".repeat(3000), " a*".repeat(3000));
        let backwards = (0..200).map(|depth| format!("{}- a\n", " ".repeat(2 * depth))).collect::<String>();
        for text in [
            ">".repeat(20_000),
            "> ".repeat(10_000) + "a",
            "- ".repeat(10_000) + "a",
            "1. ".repeat(6_000) + "a",
            "> - ".repeat(5_000) + "a",
            "+ > 1) ".repeat(2_000) + "a",
            ">".repeat(10_000) + &"a\n".repeat(5_000),
            "- ".repeat(5_000) + "a" + &"\n".repeat(10_000) + "b",
            emphasis,
            backwards,
        ] {
            let html = html(&text);
            let (mut depth, mut deepest) = (0_usize, 0);
            for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with("br")) {
                depth = if tag.starts_with('/') { depth - 1 } else { depth + 1 };
                deepest = deepest.max(depth);
            }
            // A list and its item are two elements.
            assert!(depth == 0 && deepest <= 2 * MOST_NESTED + 1, "{deepest} deep: {}", &html[..html.len().min(300)]);
            assert!(html.len() <= 8 * text.len() + 1000, "{} bytes became {}", text.len(), html.len());
        }
        let quoted = "> ".repeat(MOST_NESTED) + "deep";
        assert_eq!(html(&quoted).matches("<blockquote>").count(), MOST_NESTED, "who answers by quoting may go on");
        assert_eq!(html(&format!("> {quoted}")).matches("<blockquote>").count(), MOST_NESTED);
    }

    #[test]
    fn only_marks_without_end_are_changed() {
        let marks = |number: usize| "> ".repeat(number) + "x";
        assert_eq!(shallow(&marks(MOST_MARKS)), marks(MOST_MARKS));
        assert_eq!(shallow(&marks(MOST_MARKS + 1)), "> ".repeat(MOST_MARKS) + "\\> x");
        for (text, mark) in [("- 1. > + 2) * ".repeat(50), "\\2) "), ("\t>".repeat(101), "\\>")] {
            let changed = shallow(&format!("a\r{text}\nb")).into_owned();
            assert!(changed.contains(mark) && changed.matches('\\').count() == 1, "{changed}");
        }
        for text in ["*".repeat(500), "-".repeat(500), "1".repeat(500), "a > b ".repeat(90), "1234567890. ".repeat(90)]
        {
            assert_eq!(shallow(&text), text);
        }
    }

    #[test]
    fn circles_of_any_shape_are_opened_at_their_first() {
        assert_eq!(threads(&[("a", "c"), ("b", "a"), ("c", "b"), ("d", "c")]), "(a(b(c(d))))");
        assert_eq!(threads(&[("a", "b"), ("b", "c"), ("c", "a")]), "(a(c(b)))");
        assert_eq!(threads(&[("d", "c"), ("b", "c"), ("c", "b"), ("e", "e"), ("f", "e")]), "(b(c(d)) e(f))");
    }

    fn threads(pairs: &[(&str, &str)]) -> String {
        let text = |text: &str| Text::from(text.to_owned());
        let comments: Vec<Comment<'_>> = pairs
            .iter()
            .map(|(id, parent)| Comment {
                id: text(id),
                name: text("n"),
                url: None,
                date: None,
                text: text("t"),
                in_reply_to: (!parent.is_empty()).then(|| text(parent)),
                is_withheld: false,
                publish: None,
            })
            .collect();
        fn shape(value: &Value) -> String {
            let comments = value.as_array().expect("a list").iter();
            let one = |comment: &Value| {
                let part = |name: &'static str| comment.get_from_path(name).expect("there").clone();
                format!("{}{}", part("id"), shape(&part("replies")))
            };
            let all: Vec<String> = comments.map(one).collect();
            if all.is_empty() { String::new() } else { format!("({})", all.join(" ")) }
        }
        let config = Config::from_text("title: x", &Overrides::default()).expect("a configuration");
        shape(&thread(&comments, &config, &mut |_| false))
    }

    #[test]
    fn every_comment_stands_in_its_thread_once() {
        assert_eq!(threads(&[("a", ""), ("b", "a"), ("c", ""), ("d", "a"), ("e", "b")]), "(a(b(e) d) c)");
        assert_eq!(threads(&[("a", "gone"), ("b", "b")]), "(a b)");
        assert_eq!(threads(&[("b", "a"), ("a", "")]), "(a(b))", "an answer may stand before what it answers");
        assert_eq!(threads(&[("a", "b"), ("b", "a"), ("c", "b")]), "(a(b(c)))", "a circle is opened at its first");
        let deep = [("1", ""), ("2", "1"), ("3", "2"), ("4", "3"), ("5", "4"), ("6", "5"), ("7", "6"), ("8", "5")];
        assert_eq!(threads(&deep), "(1(2(3(4(5 6 7 8)))))");
    }
}
