//! WordPress's rule for paragraphs: in posts from before blocks, an empty line ends a paragraph and a line break is one.
//!
//! The rule as its effect, not as WordPress's chain of replacements: text in a block that holds blocks becomes
//! paragraphs; text in one that holds text gets line breaks.

use std::fmt::Write as _;

/// HTML with paragraphs for empty lines and `<br>` for line breaks.
pub(crate) fn autop(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut this = Paragraphs { html: String::with_capacity(text.len() + 64), run: String::new(), open: Vec::new() };
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            this.run.push_str(rest);
            break;
        };
        this.run.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = end_of_tag(rest);
        let tag = &rest[..end];
        rest = &rest[end..];
        let name = name_of(tag);
        if is_verbatim(&name) && !tag.starts_with("</") && !tag.ends_with("/>") {
            // Line breaks in it are its own.
            let close = format!("</{name}");
            let length = find_ignoring_case(rest, &close).map_or(rest.len(), |at| at + end_of_tag(&rest[at..]));
            let (inside, after) = rest.split_at(length);
            this.block(tag, &name);
            this.html.push_str(inside);
            this.open.pop();
            rest = after;
        } else if is_block(&name) {
            this.block(tag, &name);
        } else {
            this.run.push_str(tag);
        }
    }
    this.end_run();
    this.html
}

struct Paragraphs {
    html: String,
    /// Text and elements of a sentence that has not ended.
    run: String,
    /// Blocks that are open.
    open: Vec<String>,
}

impl Paragraphs {
    /// A tag of a block: what is before it is another one.
    fn block(&mut self, tag: &str, name: &str) {
        self.end_run();
        self.html.push_str(tag);
        if tag.starts_with("</") {
            if let Some(at) = self.open.iter().rposition(|open| open == name) {
                self.open.truncate(at);
            }
        } else if !tag.ends_with("/>") && !matches!(name, "hr" | "courant-more" | "!--") && self.open.len() < 512 {
            self.open.push(name.to_owned());
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.trim().is_empty() {
            return;
        }
        let inside = self.open.last().map_or("", String::as_str);
        let parts: Vec<&str> = paragraphs(&run).collect();
        let holds_text = matches!(
            inside,
            "p" | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "li"
                | "td"
                | "th"
                | "dt"
                | "dd"
                | "caption"
                | "figcaption"
                | "summary"
                | "figure"
                | "legend"
                | "option"
                | "button"
        );
        // Nothing but rows stands in a table, and nothing but items in a list.
        let holds_none =
            matches!(inside, "ul" | "ol" | "table" | "tbody" | "thead" | "tfoot" | "tr" | "dl" | "colgroup" | "select");
        if holds_none || holds_text && parts.len() == 1 {
            let broken = parts.iter().map(|part| broken(part)).collect::<Vec<String>>().join("<br>");
            self.html.push_str(&broken);
            return;
        }
        for part in parts {
            let _ = write!(self.html, "<p>{}</p>", broken(part));
        }
    }
}

/// The parts of a text between its empty lines.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let next = move || {
        if rest.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(at) = rest[from..].find('\n') {
            let at = from + at;
            let behind = rest[at + 1..].trim_start_matches([' ', '\t']);
            if behind.starts_with('\n') {
                let part = &rest[..at];
                rest = behind.trim_start();
                return Some(part);
            }
            from = at + 1;
        }
        Some(std::mem::take(&mut rest))
    };
    std::iter::from_fn(next).filter(|part| !part.trim().is_empty())
}

/// Line breaks as elements, but for those within a tag.
fn broken(text: &str) -> String {
    let text = text.trim();
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with('<') {
            let end = end_of_tag(rest);
            html.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let end = rest.find('<').unwrap_or(rest.len());
        for (number, line) in rest[..end].split('\n').enumerate() {
            if number > 0 {
                let is_broken = html.trim_end().ends_with("<br>")
                    || html.trim_end().ends_with("<br />")
                    || html.trim_end().ends_with("<br/>");
                html.push_str(if is_broken { "\n" } else { "<br>\n" });
            }
            html.push_str(line);
        }
        rest = &rest[end..];
    }
    html
}

/// Where a tag or comment at the beginning of a text ends; a `<` that begins none is one character.
fn end_of_tag(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + 3);
    }
    if !text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        return 1;
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed: the tag ends at the next `>`.
    text.find('>').map_or(text.len(), |at| at + 1)
}

fn name_of(tag: &str) -> String {
    if tag.starts_with("<!--") {
        return "!--".into();
    }
    let name = tag.trim_start_matches(['<', '/']);
    name[..name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(name.len())].to_ascii_lowercase()
}

fn find_ignoring_case(text: &str, lower: &str) -> Option<usize> {
    let (bytes, wanted) = (text.as_bytes(), lower.as_bytes());
    memchr::memchr_iter(b'<', bytes)
        .find(|at| bytes.get(*at..at + wanted.len()).is_some_and(|part| part.eq_ignore_ascii_case(wanted)))
}

fn is_verbatim(name: &str) -> bool {
    matches!(name, "pre" | "script" | "style" | "textarea" | "svg")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "table"
            | "thead"
            | "tfoot"
            | "caption"
            | "col"
            | "colgroup"
            | "tbody"
            | "tr"
            | "td"
            | "th"
            | "div"
            | "dl"
            | "dd"
            | "dt"
            | "ul"
            | "ol"
            | "li"
            | "pre"
            | "form"
            | "map"
            | "area"
            | "blockquote"
            | "address"
            | "style"
            | "p"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "fieldset"
            | "legend"
            | "section"
            | "article"
            | "aside"
            | "hgroup"
            | "header"
            | "footer"
            | "nav"
            | "figure"
            | "figcaption"
            | "details"
            | "menu"
            | "summary"
            | "script"
            | "iframe"
            | "audio"
            | "video"
            | "object"
            | "center"
            | "main"
            | "courant-embed"
            | "courant-more"
            | "select"
            | "option"
            | "button"
            | "!--"
    )
}

#[cfg(test)]
mod tests {
    use super::autop;

    #[test]
    fn empty_lines_part_paragraphs_and_line_breaks_break_lines() {
        for (text, expected) in [
            ("a\n\nb", "<p>a</p><p>b</p>"),
            ("a\nb", "<p>a<br>\nb</p>"),
            ("a\r\n \r\nb", "<p>a</p><p>b</p>"),
            ("<b>a</b>\n\n<h2>c</h2>\nd", "<p><b>a</b></p><h2>c</h2><p>d</p>"),
            ("<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>", "<ul><li>a</li><li>b<br>\nc</li></ul>"),
            ("<pre>a\n\nb</pre>\nc", "<pre>a\n\nb</pre><p>c</p>"),
            ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
            ("<a\nhref=x>a</a>", "<p><a\nhref=x>a</a></p>"),
            ("a<br />\nb", "<p>a<br />\nb</p>"),
            ("1 < 2\n3", "<p>1 < 2<br>\n3</p>"),
            ("<div>a</div>", "<div><p>a</p></div>"),
            ("<p>a</p>\n\n<p>b</p>", "<p>a</p><p>b</p>"),
            ("<td>a\n\nb</td>", "<td><p>a</p><p>b</p></td>"),
        ] {
            assert_eq!(autop(text), expected, "{text}");
        }
    }
}
