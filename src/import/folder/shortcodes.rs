//! Liquid, Hugo's and Zola's shortcodes, and Kramdown's attributes, as Markdown.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::import::Door;

/// A text with what has a meaning here translated. What has none is told by its line and name, and comments that
/// readers did not see are left out and counted.
pub(super) fn translated(door: Door, text: &str, unknown: &mut Vec<(u64, String)>, silent: &mut usize) -> String {
    let text = if door == Door::Zola { hoisted(text) } else { text.to_owned() };
    let text = without_comments(door, &text, silent);
    let mut result = String::with_capacity(text.len());
    let mut fence: Option<String> = None;
    let mut is_raw = false;
    let mut is_comment = false;
    // Elements whose Markdown Kramdown is told to read.
    let mut inside: Vec<String> = Vec::new();
    let mut lines = (1..).zip(text.split_inclusive('\n'));
    // Whether what was written last needs a blank line behind it.
    let mut is_block = false;
    while let Some((number, line)) = lines.next() {
        let is_kramdown = door == Door::Jekyll && fence.is_none();
        let said = if is_kramdown { spoken(line, &mut is_comment, silent) } else { line.into() };
        if said.is_empty() {
            continue;
        }
        let line = &*said;
        if std::mem::take(&mut is_block) && !line.trim().is_empty() {
            result.push('\n');
        }
        let trimmed = line.trim_start();
        let mark: String = trimmed.chars().take_while(|c| matches!(c, '`' | '~')).collect();
        let is_fence = mark.len() >= 3;
        match &fence {
            Some(open) if is_fence && mark.starts_with(open.as_str()) && trimmed.trim() == mark => fence = None,
            None if is_fence => fence = Some(mark),
            None if door == Door::Jekyll && is_contents(line) => {
                // Kramdown makes a list of headings of the list item in front of it.
                let kept = result.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
                if is_item(&result[kept..]) {
                    result.truncate(kept);
                }
                continue;
            }
            None if door == Door::Jekyll && is_abbreviation(trimmed) => {
                unknown.push((number, "an abbreviation of Kramdown (`*[…]: …`), which is left out".into()));
                continue;
            }
            None => {
                let line = &*of_kramdown(door, line, &mut inside, &mut result);
                if is_definition(door, line, &result) {
                    unknown.push((number, "a definition list (`: …`)".into()));
                }
                let whole = joined(door, line, &mut lines);
                let (made, has_block) = one(door, &whole, number, &mut is_raw, unknown);
                if has_block && !result.is_empty() && !result.ends_with("\n\n") {
                    result.push('\n');
                }
                is_block = has_block;
                result.push_str(&made);
                continue;
            }
            // In code, too, a shortcode can only be written like this.
            Some(_) => {
                result.push_str(&shown(door, line));
                continue;
            }
        }
        result.push_str(line);
    }
    result
}

/// Whether a line says what an abbreviation is short for.
fn is_abbreviation(line: &str) -> bool {
    line.strip_prefix("*[").and_then(|rest| rest.split_once("]:")).is_some_and(|(word, _)| !word.is_empty())
}

/// Whether a line explains the one before it, as Kramdown and Hugo read it.
fn is_definition(door: Door, line: &str, before: &str) -> bool {
    let term = before.trim_end().rsplit('\n').next().unwrap_or_default().trim_start();
    let is_text = !term.is_empty() && !term.starts_with(['#', '<', '|', '>', '{', '!', '-', '+']);
    matches!(door, Door::Jekyll | Door::Hugo) && line.starts_with(": ") && is_text && !before.ends_with("\n\n\n")
}

/// A line of Kramdown without `markdown="1"`, which has it read Markdown within HTML: here blank lines do that. `inside`
/// are the elements that it was told of.
fn of_kramdown<'l>(door: Door, line: &'l str, inside: &mut Vec<String>, before: &mut String) -> Cow<'l, str> {
    const MARKS: [&str; 6] = [
        " markdown=\"1\"",
        " markdown='1'",
        " markdown=1",
        " markdown=\"block\"",
        " markdown=\"span\"",
        " markdown=\"true\"",
    ];
    if door != Door::Jekyll {
        return line.into();
    }
    let trimmed = line.trim();
    if let Some(name) = inside.last()
        && trimmed.eq_ignore_ascii_case(&format!("</{name}>"))
    {
        inside.pop();
        if !before.ends_with("\n\n") {
            before.push('\n');
        }
        return line.into();
    }
    let Some(mark) = MARKS.iter().find(|mark| trimmed.starts_with('<') && trimmed.contains(**mark)) else {
        return line.into();
    };
    let plain = line.replacen(mark, "", 1);
    let name: String = trimmed[1..].chars().take_while(char::is_ascii_alphanumeric).collect();
    let (tag, text) = plain.trim().split_once('>').unwrap_or((plain.trim(), ""));
    match text.split_once(&format!("</{name}>")) {
        // All of it in one line.
        Some((text, behind)) => format!("{tag}>\n\n{text}\n\n</{name}>{behind}\n").into(),
        None => {
            inside.push(name);
            format!("{tag}>\n\n{}", if text.is_empty() { String::new() } else { format!("{text}\n") }).into()
        }
    }
}

/// Marks of what a tool reads in texts.
fn pairs(door: Door) -> &'static [(&'static str, &'static str)] {
    match door {
        Door::Jekyll => &[("{%", "%}"), ("{{", "}}")],
        Door::Hugo => &[("{{<", ">}}"), ("{{%", "%}}")],
        _ => &[("{{", "}}"), ("{%", "%}")],
    }
}

/// A line with those behind it up to the end of the tag that it opens.
fn joined<'t>(door: Door, line: &str, lines: &mut (impl Iterator<Item = (u64, &'t str)> + Clone)) -> String {
    const MOST: usize = 40;
    let is_open = |text: &str| {
        pairs(door).iter().any(|(open, close)| text.rfind(open).is_some_and(|at| !text[at..].contains(close)))
    };
    let mut whole = line.to_owned();
    if !is_open(&whole) {
        return whole;
    }
    let mut ahead = lines.clone();
    for taken in 1..=MOST {
        let Some((_, next)) = ahead.next() else { break };
        if next.trim().is_empty() {
            break;
        }
        whole.push_str(next);
        if !is_open(&whole) {
            (0..taken).for_each(|_| _ = lines.next());
            return whole.replace('\n', " ").trim_end().to_owned() + "\n";
        }
    }
    line.to_owned()
}

/// A text without what its tool takes for a comment: `{% comment %}` of Liquid, and shortcodes of that name.
fn without_comments(door: Door, text: &str, silent: &mut usize) -> String {
    let (word, end) = match door {
        Door::Jekyll | Door::Hugo => ("comment", if door == Door::Jekyll { "endcomment" } else { "/comment" }),
        _ => return text.to_owned(),
    };
    // The first tag that is one of these words: which, and where it stands.
    let find = |text: &str, words: &[&str]| {
        let marks = pairs(door).iter().filter(|(open, _)| *open != "{{");
        let found = marks.flat_map(|(open, close)| {
            text.match_indices(open).filter_map(move |(at, _)| {
                let length = text[at..].find(close)? + close.len();
                let said = text[at + open.len()..at + length - close.len()].trim().trim_matches('-').trim();
                Some((at, at + length, said.to_owned()))
            })
        });
        found.filter(|(.., said)| words.contains(&&**said)).min()
    };
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((from, open, _)) = find(rest, &[word]) {
        let (mut to, mut depth) = (open, 1);
        while depth > 0 {
            // Without an end all behind it is a comment.
            let Some((_, behind, said)) = find(&rest[to..], &[word, end]) else {
                to = rest.len();
                break;
            };
            to += behind;
            depth = if said == word { depth + 1 } else { depth - 1 };
        }
        result.push_str(&rest[..from]);
        *silent += 1;
        rest = &rest[to..];
    }
    result + rest
}

/// A line without Kramdown's comments, `{::comment}…{:/comment}`, which may go on over many; empty if it has nothing
/// else. Without an end all behind it is one.
fn spoken<'t>(line: &'t str, is_comment: &mut bool, silent: &mut usize) -> Cow<'t, str> {
    const START: &str = "{::comment";
    const ENDS: [&str; 2] = ["{:/comment}", "{:/}"];
    if !*is_comment && !line.contains(START) {
        return line.into();
    }
    let (mut kept, mut rest) = (String::new(), line);
    loop {
        if *is_comment {
            let ends = ENDS.iter().filter_map(|end| Some(rest.find(end)? + end.len()));
            let Some(end) = ends.min() else { break };
            *is_comment = false;
            rest = &rest[end..];
            continue;
        }
        // In code it is only shown.
        let is_code = |at: usize| (kept.matches('`').count() + rest[..at].matches('`').count()) % 2 == 1;
        let Some(at) = rest.match_indices(START).map(|(at, _)| at).find(|at| !is_code(*at)) else {
            kept.push_str(rest);
            break;
        };
        let open = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
        kept.push_str(&rest[..at]);
        *silent += 1;
        *is_comment = !rest[..open].ends_with("/}");
        rest = &rest[open..];
    }
    if kept.trim().is_empty() {
        return Cow::Borrowed("");
    }
    if line.ends_with('\n') && !kept.ends_with('\n') {
        kept.push('\n');
    }
    kept.into()
}

/// A line of code as readers see it: without what only keeps the tool from reading it.
fn shown(door: Door, line: &str) -> String {
    match door {
        Door::Jekyll => line
            .replace("{% raw %}", "")
            .replace("{% endraw %}", "")
            .replace("{%- raw -%}", "")
            .replace("{%- endraw -%}", ""),
        Door::Hugo => {
            line.replace("{{</*", "{{<").replace("*/>}}", ">}}").replace("{{%/*", "{{%").replace("*/%}}", "%}}")
        }
        _ => line.replace("{{/*", "{{").replace("*/}}", "}}").replace("{%/*", "{%").replace("*/%}", "%}"),
    }
}

/// Whether a line is Kramdown's mark of a table of contents.
fn is_contents(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("{:")
        && line.ends_with('}')
        && line[2..line.len() - 1].split_whitespace().any(|word| word == "toc")
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['*', '-', '+']) || line.starts_with(|c: char| c.is_ascii_digit())
}

/// Zola's taxonomies, one level higher: there `tags` is a key as everywhere.
fn hoisted(text: &str) -> String {
    let Some((head, body)) = text.strip_prefix("+++").and_then(|rest| rest.split_once("\n+++")) else {
        return text.to_owned();
    };
    let (mut plain, mut tables, mut in_terms) = (String::new(), String::new(), false);
    let mut in_table = false;
    for line in head.lines().filter(|line| !line.trim().is_empty()) {
        if line.trim_start().starts_with('[') && !line.contains('=') {
            in_terms = line.trim() == "[taxonomies]";
            in_table = true;
            if in_terms {
                continue;
            }
        }
        let to = if in_terms || !in_table { &mut plain } else { &mut tables };
        let _ = writeln!(to, "{line}");
    }
    format!("+++\n{plain}{tables}+++{body}")
}

/// A line outside of code, and whether it has what must stand in paragraphs of its own: players and figures.
fn one(door: Door, line: &str, number: u64, is_raw: &mut bool, unknown: &mut Vec<(u64, String)>) -> (String, bool) {
    // In a list, a quotation or a table a player is a link, whatever stands around it.
    let may_have_blocks = line
        .starts_with(|c: char| c.is_alphabetic() || matches!(c, '{' | '[' | '(' | '"' | '*' | '_'))
        && !line.starts_with("* ");
    let mut has_block = false;
    let line = match door {
        Door::Jekyll => attributes(line),
        Door::Zola => line.replace("](@/", "](/"),
        _ => line.to_owned(),
    };
    let pairs = pairs(door);
    let mut result = String::with_capacity(line.len());
    let mut rest = line.as_str();
    loop {
        let next =
            pairs.iter().filter_map(|(open, close)| Some((rest.find(open)?, *open, *close))).min_by_key(|(at, ..)| *at);
        let Some((at, open, close)) = next else { break };
        let Some(end) = end_of_call(&rest[at + open.len()..], close).map(|end| at + open.len() + end) else { break };
        result.push_str(&rest[..at]);
        let whole = &rest[at..end];
        let inside = whole[open.len()..whole.len() - close.len()].trim().trim_matches('-').trim();
        rest = &rest[end..];
        if *is_raw && inside != "endraw" {
            result.push_str(whole);
            continue;
        }
        // Only shown.
        let shown = shown(door, whole);
        if door != Door::Jekyll && shown != whole {
            result.push_str(&shown);
            continue;
        }
        if matches!(inside, "raw" | "endraw") && door == Door::Jekyll {
            *is_raw = inside == "raw";
            continue;
        }
        let name = inside.split([' ', '(', '|']).next().unwrap_or_default().trim_end_matches('/');
        let mut tell = || unknown.push((number, format!("{open} {name} {close}")));
        match meaning(door, inside) {
            Some(Made::Words(made)) => result.push_str(&made),
            Some(Made::Block(made)) if may_have_blocks => {
                let before = result.trim_end().len();
                result.truncate(before);
                result.push_str(if before > 0 { "\n\n" } else { "" });
                result.push_str(&made);
                if !rest.trim().is_empty() {
                    result.push_str("\n\n");
                    rest = rest.trim_start();
                }
                has_block = true;
            }
            Some(Made::Block(made)) => {
                tell();
                result.push_str(&made);
            }
            // The address of a link.
            Some(Made::Address(made)) if result.ends_with(['(', '<', '"', '\'', '=']) || result.ends_with("]: ") => {
                result.push_str(&made);
            }
            Some(Made::Address(made)) => {
                tell();
                let _ = write!(result, "[{}]({made})", made.trim_end_matches(".md"));
            }
            None => {
                tell();
                result.push_str(whole);
            }
        }
    }
    (result + rest, has_block)
}

/// What a call becomes.
enum Made {
    /// A part of a line.
    Words(String),
    /// What stands in a paragraph of its own: an address that becomes a player, or a figure.
    Block(String),
    /// The address of a file, for a link.
    Address(String),
}

/// Where a call ends, behind its mark; a mark in quotes is none, unless the quotes do not end.
fn end_of_call(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            None if text[at..].starts_with(close) => return Some(at + close.len()),
            None => quote = Some(c).filter(|c| matches!(c, '"' | '`')),
            Some(open) if c == open && !is_escaped => quote = None,
            Some(_) => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    text.find(close).map(|at| at + close.len())
}

/// The words of a call, quotes respected: `figure src="a b" c` is `figure`, `src=a b`, `c`. In quotes `\"` is one.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(open @ ('"' | '\'')), '\\') if matches!(characters.peek(), Some(next) if *next == open || *next == '\\') =>
            {
                word.extend(characters.next());
            }
            (None, '"' | '\'' | '`') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, c) if c.is_whitespace() || matches!(c, ',' | '(' | ')') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (_, c) => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A figure whose image, or whose credit, is a link: Markdown has none with a caption.
fn linked_figure(src: &str, alt: &str, caption: &str, credit: &str, [link, of_credit]: &[Option<String>; 2]) -> String {
    use html_escape::{encode_double_quoted_attribute as attribute, encode_text as text};

    let within = |href: &Option<String>, html: String| match href {
        Some(href) => format!("<a href=\"{}\">{html}</a>", attribute(href)),
        None => html,
    };
    let image = within(link, format!("<img src=\"{}\" alt=\"{}\">", attribute(src), attribute(alt)));
    let credit =
        if credit.is_empty() && of_credit.is_some() { of_credit.as_deref().unwrap_or_default() } else { credit };
    let credit = (!credit.is_empty())
        .then(|| format!("<span class=\"credit\">{}</span>", within(of_credit, text(credit).into_owned())));
    let said: Vec<String> =
        Some(text(caption).into_owned()).filter(|caption| !caption.is_empty()).into_iter().chain(credit).collect();
    match &*said.join(" ") {
        "" => format!("<figure>{image}</figure>"),
        said => format!("<figure>{image}<figcaption>{said}</figcaption></figure>"),
    }
}

/// What a call means here.
fn meaning(door: Door, inside: &str) -> Option<Made> {
    use Made::{Address, Block, Words};

    let words = words(inside);
    let (name, arguments) = words.split_first()?;
    let get =
        |key: &str| arguments.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('=')).map(str::to_owned);
    let first = || arguments.iter().find(|word| !word.contains('=')).cloned();
    let id = || get("id").or_else(first);
    let figure = || {
        let src = get("src").or_else(|| get("url")).or_else(|| get("path")).or_else(|| get("file"))?;
        let alt = get("alt").unwrap_or_default();
        let caption = match (get("title"), get("caption")) {
            (Some(title), Some(caption)) => format!("{}. {caption}", title.trim_end_matches('.')),
            (title, caption) => caption.or(title).unwrap_or_default(),
        };
        let credit = get("attr").or_else(|| get("credit"));
        let links = [get("link"), get("attrlink")];
        if links.iter().any(Option::is_some) {
            return Some(Block(linked_figure(&src, &alt, &caption, &credit.unwrap_or_default(), &links)));
        }
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let title = match (caption.is_empty(), credit) {
            (true, None) => String::new(),
            (_, Some(credit)) => format!(" \"{} | {}\"", quoted(&caption), quoted(&credit)),
            (false, None) => format!(" \"{}\"", quoted(&caption)),
        };
        let src = if src.contains(' ') { format!("<{src}>") } else { src };
        Some(Block(format!("![{}]({src}{title})", alt.replace(['[', ']'], ""))))
    };
    let start = || get("start").filter(|start| start != "0").map(|start| format!("&t={start}")).unwrap_or_default();
    match (door, name.as_str()) {
        (_, "youtube" | "youtubeplayer") => {
            Some(Block(format!("https://www.youtube.com/watch?v={}{}", id()?, start())))
        }
        (_, "vimeo") => Some(Block(format!("https://vimeo.com/{}", id()?))),
        (Door::Hugo | Door::Zola, "figure" | "image" | "img") => figure(),
        (Door::Hugo, "tweet" | "x" | "x_simple" | "tweet_simple") => {
            Some(Block(format!("https://x.com/{}/status/{}", get("user")?, id()?)))
        }
        (Door::Hugo | Door::Jekyll, "highlight") => Some(Words(format!("```{}", first().unwrap_or_default()))),
        (Door::Hugo, "/highlight") | (Door::Jekyll, "endhighlight") => Some(Words("```".into())),
        (Door::Hugo, "details") => {
            let said = get("summary").or_else(first).unwrap_or_else(|| "Details".into());
            Some(Words(format!("<details><summary>{}</summary>\n\n", html_escape::encode_text(&said))))
        }
        (Door::Hugo, "/details") => Some(Words("\n\n</details>".into())),
        (Door::Hugo, "ref" | "relref") => {
            let to = get("path").or_else(first)?;
            let (path, place) =
                to.split_once('#').map_or((to.as_str(), String::new()), |(path, place)| (path, format!("#{place}")));
            if path.is_empty() {
                return Some(Words(place));
            }
            Some(Address(format!("{path}{}{place}", if path.ends_with(".md") { "" } else { ".md" })))
        }
        (Door::Jekyll, "post_url") => Some(Address(format!("/_posts/{}.md", first()?.trim_end_matches(".md")))),
        (Door::Jekyll, "link") => Some(Address(format!("/{}", first()?.trim_start_matches('/')))),
        (Door::Jekyll, "site.baseurl" | "site.url") if arguments.is_empty() => Some(Words(String::new())),
        (Door::Jekyll, path)
            if path.starts_with('/')
                && arguments.iter().all(|word| {
                    matches!(
                        word.as_str(),
                        "|" | "relative_url" | "absolute_url" | "prepend:" | "site.baseurl" | "site.url"
                    )
                }) =>
        {
            Some(Words(path.to_owned()))
        }
        (Door::Jekyll, "include") => {
            let file = first()?;
            if file.contains("youtube") {
                let id = get("id").or_else(|| get("video_id"))?;
                return Some(Block(format!("https://www.youtube.com/watch?v={id}")));
            }
            if file.contains("vimeo") {
                return Some(Block(format!("https://vimeo.com/{}", get("id")?)));
            }
            ["image", "figure", "img", "picture", "photo"].iter().any(|word| file.contains(word)).then(figure).flatten()
        }
        _ => None,
    }
}

/// A line without Kramdown's attributes; the id of a heading stays.
fn attributes(line: &str) -> String {
    let Some(at) = line.find("{:") else { return line.to_owned() };
    let Some(end) = line[at..].find('}').map(|end| at + end + 1) else { return line.to_owned() };
    let inside = &line[at + 2..end - 1];
    if !inside.starts_with([' ', '.', '#', 't']) {
        return line.to_owned();
    }
    let id = inside.split_whitespace().find_map(|word| word.strip_prefix('#'));
    let is_heading = line.trim_start().starts_with('#');
    let mut rest = format!("{}{}", line[..at].trim_end(), line[end..].trim_end_matches('\n'));
    if let Some(id) = id.filter(|_| is_heading) {
        let _ = write!(rest, " {{#{id}}}");
    }
    if line.ends_with('\n') {
        rest.push('\n');
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(door: Door, text: &str) -> (String, Vec<(u64, String)>) {
        let mut unknown = Vec::new();
        (translated(door, text, &mut unknown, &mut 0), unknown)
    }

    #[test]
    fn what_has_a_meaning_is_translated_and_the_rest_is_told() {
        for (door, text, expected) in [
            (Door::Jekyll, "{% highlight rust %}\nx\n{% endhighlight %}\n", "```rust\nx\n```\n"),
            (
                Door::Jekyll,
                "[a]({{ site.baseurl }}/b/) [c]({% post_url 2019-01-02-d %})",
                "[a](/b/) [c](/_posts/2019-01-02-d.md)",
            ),
            (Door::Jekyll, "![x]({{ \"/a.jpg\" | relative_url }}){: .left }", "![x](/a.jpg)"),
            (Door::Jekyll, "## One {: #two .three}\n", "## One {#two}\n"),
            (
                Door::Jekyll,
                "{% include figure.html src=\"/a b.jpg\" alt=\"A\" caption=\"C\" %}",
                "![A](</a b.jpg> \"C\")",
            ),
            (Door::Jekyll, "{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
            (Door::Jekyll, "```\n{% raw %}{{ x }}{% endraw %}\n```\n", "```\n{{ x }}\n```\n"),
            (Door::Jekyll, "a {% comment %}\nfor editors\n{% endcomment %} b", "a  b"),
            (Door::Jekyll, "a {%- comment -%} for editors", "a "),
            (Door::Jekyll, "a {% comment %}b{% comment %}c{% endcomment %}d{% endcomment %} e", "a  e"),
            (Door::Jekyll, "<div class=\"x\" markdown=\"1\">\n*a*\n</div>\n", "<div class=\"x\">\n\n*a*\n\n</div>\n"),
            (
                Door::Hugo,
                r#"{{< figure src="a.jpg" alt="The \"Hedda\" at sea" caption="\"C\" >}} \\ d" >}}"#,
                r#"![The "Hedda" at sea](a.jpg "\"C\" >}} \\ d")"#,
            ),
            (Door::Jekyll, "One\n\n* TOC\n{:toc}\n\nTwo\n", "One\n\n\nTwo\n"),
            (Door::Jekyll, "{% include figure.html\n   src=\"/a.jpg\"\n   alt=\"A\"\n%}\nx", "![A](/a.jpg)\n\nx"),
            (Door::Hugo, "{{< figure\n  src=\"a.jpg\"\n  alt=\"A\"\n>}}\nx", "![A](a.jpg)\n\nx"),
            (Door::Hugo, "{{</* ref x */>}} `{{%/* y */%}}`", "{{< ref x >}} `{{% y %}}`"),
            (Door::Hugo, "```\n{{</* ref x */>}}\n```\n", "```\n{{< ref x >}}\n```\n"),
            (Door::Jekyll, "a {::comment}for editors{:/comment} b\n", "a  b\n"),
            (
                Door::Jekyll,
                "a\n\n{::comment}\nfor\n\n```\neditors\n{:/}\n\nb `{::comment}`\n",
                "a\n\n\nb `{::comment}`\n",
            ),
            (Door::Hugo, "a {{< comment >}}for editors{{< /comment >}} b", "a  b"),
            (
                Door::Hugo,
                "{{< details summary=\"More\" >}}\nx\n{{< /details >}}",
                "<details><summary>More</summary>\n\n\nx\n\n\n</details>",
            ),
            (Door::Zola, "{{/* youtube(id=\"a1\") */}}", "{{ youtube(id=\"a1\") }}"),
            (
                Door::Hugo,
                "{{< figure src=\"a.jpg\" alt=\"A\" caption=\"C\" attr=\"By B\" >}}",
                "![A](a.jpg \"C | By B\")",
            ),
            (
                Door::Hugo,
                "{{< figure src=\"a.jpg\" alt=\"A\" title=\"T\" caption=\"C\" link=\"/b/\" attr=\"By B\" attrlink=\"https://b.example/\" >}}",
                "<figure><a href=\"/b/\"><img src=\"a.jpg\" alt=\"A\"></a><figcaption>T. C <span class=\"credit\"><a href=\"https://b.example/\">By B</a></span></figcaption></figure>",
            ),
            (Door::Hugo, "{{< youtube id=a1 start=90 >}}", "https://www.youtube.com/watch?v=a1&t=90"),
            (Door::Hugo, "{{< youtube a1B2c3D4e5_ >}}", "https://www.youtube.com/watch?v=a1B2c3D4e5_"),
            (Door::Hugo, "[x]({{< ref \"posts/y\" >}})", "[x](posts/y.md)"),
            (Door::Hugo, "```\n{{< youtube x >}}\n```\n", "```\n{{< youtube x >}}\n```\n"),
            (
                Door::Zola,
                "[x](@/blog/y.md) {{ youtube(id=\"a1\") }}",
                "[x](/blog/y.md)\n\nhttps://www.youtube.com/watch?v=a1",
            ),
            (
                Door::Zola,
                "+++\ntitle = \"A\"\n[taxonomies]\ntags = [\"b\"]\n[extra]\nc = 1\n+++\nx",
                "+++\ntitle = \"A\"\ntags = [\"b\"]\n[extra]\nc = 1\n+++\nx",
            ),
        ] {
            let (found, unknown) = of(door, text);
            assert_eq!(found, expected);
            assert!(unknown.is_empty(), "{unknown:?}");
        }
        let figure = "{{< figure src=\"a.jpg\" alt=\"A\" >}}";
        for (text, expected) in [
            (
                "Watch:\n{{< youtube a1 >}}\n{{< vimeo 2 >}}\nRead on.\n".to_owned(),
                "Watch:\n\nhttps://www.youtube.com/watch?v=a1\n\nhttps://vimeo.com/2\n\nRead on.\n",
            ),
            (format!("{figure} {figure}\n\nx"), "![A](a.jpg)\n\n![A](a.jpg)\n\nx"),
            (format!("See {figure} there"), "See\n\n![A](a.jpg)\n\nthere"),
        ] {
            assert_eq!(of(Door::Hugo, &text), (expected.to_owned(), Vec::new()), "players and figures stand alone");
        }
        assert_eq!(
            of(Door::Hugo, "- {{< vimeo 2 >}}"),
            ("- https://vimeo.com/2".into(), vec![(1, "{{< vimeo >}}".into())])
        );
        let (bare, told) = of(Door::Hugo, "See {{< relref \"b.md\" >}}.");
        assert_eq!((&*bare, told.len()), ("See [b](b.md).", 1));
        assert_eq!(of(Door::Hugo, "a\n{{< weather town=x >}}").1, [(2, "{{< weather >}}".to_owned())]);
        assert_eq!(of(Door::Jekyll, "{% unknown %}").0, "{% unknown %}");
        let (text, told) = of(Door::Jekyll, "HTML\n: a language\n\n*[HTML]: words\n");
        assert_eq!((&*text, told.len()), ("HTML\n: a language\n\n", 2), "{told:?}");
    }
}
