//! MDX: Markdown with JSX and JavaScript in it (<https://mdxjs.com>), read as Markdown.
//!
//! Nothing in it is run. Imports, exports, expressions and the tags of components are left out, what stands between
//! the tags stays. The text keeps its lines, so that places in it are those of the file.

use std::borrow::Cow;
use std::ops::Range;

use super::front_matter;
use super::withholding;
use crate::diagnostic::{Diagnostic, Place};

/// Whether a source is MDX.
pub(super) fn is_mdx(path: &str) -> bool {
    path.ends_with(".mdx")
}

/// An MDX file as Markdown.
#[derive(Debug)]
pub(super) struct Mdx {
    /// The file without what only MDX knows.
    pub(super) text: String,
    /// What was left out, in its order.
    lost: Vec<Lost>,
}

#[derive(Debug)]
struct Lost {
    range: Range<usize>,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Import,
    Export,
    Expression,
    Component(String),
    /// A comment without an end.
    Unclosed,
}

impl Mdx {
    /// Reads the file `path` with the text `text`.
    pub(super) fn read(path: &str, text: &str) -> Self {
        // What is wrong with the front matter is told by those who read it.
        let start = front_matter::split(path, text).map_or(text.len(), |parts| parts.body);
        let mut scanner =
            Scanner { text, out: text[..start].to_owned(), lost: Vec::new(), open: Vec::new(), budget: BUDGET };
        scanner.scan(start);
        Self { text: scanner.out, lost: scanner.lost }
    }

    /// What is left out of the file `path` with the text `text`, as a warning.
    pub(super) fn warning(&self, path: &str, text: &str) -> Option<Diagnostic> {
        let first = self.lost.first()?;
        let count = |what: &What, one: &str| match self.lost.iter().filter(|lost| lost.what == *what).count() {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {one}s")),
        };
        let mut parts: Vec<String> =
            [(What::Import, "import"), (What::Export, "export"), (What::Expression, "expression")]
                .iter()
                .filter_map(|(what, one)| count(what, one))
                .collect();
        let mut names: Vec<String> = Vec::new();
        for lost in &self.lost {
            if let What::Component(name) = &lost.what
                && names.len() < 5
                && !names.iter().any(|known| known.trim_matches('`') == name)
            {
                names.push(format!("`{name}`"));
            }
        }
        if !names.is_empty() {
            parts.push(format!("the tags of {}", names.join(", ")));
        }
        let message = format!("this MDX file is read as Markdown without {}", parts.join(", "));
        let hint = "write them in Markdown, or as components of the theme: `{{ <video src=\"…\" /> }}`";
        Some(Diagnostic::warning(message).at(Place::span(path, text, first.range.clone())).hint(hint))
    }

    /// What would withhold the file, or some of it, if its JavaScript were run: whoever wrote it relies on it.
    pub(super) fn problems(&self, path: &str, text: &str) -> Vec<Diagnostic> {
        let error = |lost: &Lost| {
            let start = lost.range.start;
            let (range, message, hint) = match lost.what {
                What::Export => {
                    let (at, name) = names(&text[lost.range.clone()]).find(|(at, name)| {
                        let behind = &text[start + at + name.len()..];
                        withholding::may_withhold(name, value(behind.trim_start_matches(['"', '\'', '`', ']'])))
                    })?;
                    let message = format!("`{name}` in the JavaScript of an MDX file withholds nothing: it is not run");
                    let hint = format!("write `{name}: …` in front matter, between two lines `---`");
                    (start + at..start + at + name.len(), message, hint)
                }
                What::Unclosed => {
                    (lost.range.clone(), "this comment is never closed".to_owned(), "end it with `*/}`".to_owned())
                }
                _ => return None,
            };
            Some(Diagnostic::error(message).at(Place::span(path, text, range)).hint(hint))
        };
        self.lost.iter().filter_map(error).collect()
    }
}

/// The word or text behind a name in JavaScript and `=` or `:`.
fn value(behind: &str) -> Option<&str> {
    let value = behind.trim_start().strip_prefix([':', '='])?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'' | '`') => value[1..].split_once(quote).map(|(text, _)| text),
        _ => Some(&value[..value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len())]),
    }
}

/// The names in a piece of JavaScript, those of keys in quotation marks among them; words in other texts are none.
fn names(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < code.len() {
            let rest = &code[at..];
            let start = at;
            let first = rest.chars().next()?;
            if matches!(first, '"' | '\'' | '`') {
                let length = quoted(rest.as_bytes(), first as u8).map_or(1, |end| end + 1);
                at += length;
                if length > 2 && code[at..].trim_start().starts_with([':', ']']) {
                    return Some((start + 1, &code[start + 1..at - 1]));
                }
            } else if is_part(first) {
                let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
                at += name.len();
                return Some((start, name));
            } else {
                at += first.len_utf8();
            }
        }
        None
    })
}

struct Scanner<'t> {
    text: &'t str,
    out: String,
    lost: Vec<Lost>,
    /// For each open component, how far what stands in it is indented; none until that is seen.
    open: Vec<Option<usize>>,
    /// Bytes that may still be looked at in vain.
    budget: usize,
}

/// So many bytes of a file are looked at for ends that are not there: brackets that never close would cost the square
/// of their number.
const BUDGET: usize = 4 << 20;

impl<'t> Scanner<'t> {
    fn scan(&mut self, start: usize) {
        let mut at = start;
        let mut fence: Option<&str> = None;
        while at < self.text.len() {
            at += self.outdent(at, fence.is_some());
            let end = line_end(self.text, at);
            let line = &self.text[at..end];
            if let Some(mark) = fence {
                if line.trim_start().starts_with(mark) && line.trim().chars().all(|c| mark.starts_with(c)) {
                    fence = None;
                }
                self.out.push_str(line);
                at = end;
            } else if let Some(mark) = fence_of(line) {
                fence = Some(mark);
                self.out.push_str(line);
                at = end;
            } else if let Some(what) = module(line) {
                let end = self.module_end(at);
                self.leave_out(at..end, what);
                at = end;
            } else {
                at = self.line(at, end);
            }
        }
    }

    /// Passes a line on, and what begins in it. Returns where the next line begins.
    fn line(&mut self, mut at: usize, mut end: usize) -> usize {
        let text = self.text;
        while at < end {
            let rest = &text[at..end];
            let plain = rest.find(['`', '\\', '{', '<']).unwrap_or(rest.len());
            self.out.push_str(&rest[..plain]);
            at += plain;
            if at >= end {
                break;
            }
            let rest = &text[at..];
            let length = match rest.as_bytes()[0] {
                b'`' => code_length(rest),
                b'\\' => 1 + rest[1..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8),
                b'{' => match self.expression(at) {
                    Some(next) => {
                        at = next;
                        end = line_end(text, at);
                        continue;
                    }
                    None => 1,
                },
                _ => match self.tag(at) {
                    Some(next) => {
                        at = next;
                        end = line_end(text, at);
                        continue;
                    }
                    None => 1,
                },
            };
            self.out.push_str(&rest[..length]);
            at += length;
            end = line_end(text, at.max(end - 1));
        }
        at
    }

    /// What `find` finds behind `at`, as long as not too much was looked at in vain.
    fn found(&mut self, at: usize, find: fn(&str) -> Option<usize>) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let rest = &self.text[at..self.text.floor_char_boundary(at + LONGEST)];
        let found = find(rest);
        if found.is_none() {
            self.budget = self.budget.saturating_sub(rest.len());
        }
        found
    }

    /// Where a module's statements end: before the first blank line that stands in no bracket. A bracket that never
    /// closes, as one in a quote, does not take the text with it.
    fn module_end(&mut self, at: usize) -> usize {
        let first = self.text[at..].find("\n\n").map_or(self.text.len(), |end| at + end + 1);
        self.found(at, module_length).map_or(first, |length| at + length)
    }

    /// Leaves an expression out. Returns where it ends; none if there is none.
    fn expression(&mut self, at: usize) -> Option<usize> {
        // `{#id}` gives a heading its id, in Docusaurus, too; `{{` calls a component.
        let inside = &self.text[at + 1..];
        if inside.starts_with(['#', '{']) {
            return None;
        }
        let Some(length) = self.found(at, braces) else {
            if inside.trim_start().starts_with("/*") {
                self.lost.push(Lost { range: at..at + 1, what: What::Unclosed });
            }
            return None;
        };
        let end = at + length;
        // A heading may have a list of attributes: `## The bridge reopens {time=2026-11-23T14:05}`.
        if is_list_of_attributes(&self.text[at..end]) && self.text[end..line_end(self.text, end)].trim().is_empty() {
            return None;
        }
        let code = self.text[at + 1..end - 1].trim();
        if let Some(words) = literal(code) {
            self.out.push_str(&words);
            self.keep_lines(at..end);
        } else if code.is_empty() || code.starts_with("/*") && code.ends_with("*/") {
            self.keep_lines(at..end);
        } else {
            self.leave_out(at..end, What::Expression);
        }
        Some(end)
    }

    /// Leaves the tag of a component out, and what JSX adds to one of HTML. Returns where it ends; none if none begins
    /// here.
    fn tag(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let is_end = rest.starts_with("</");
        let inside = &rest[1 + usize::from(is_end)..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '$' | ':');
        let name = &inside[..inside.find(|c| !is_part(c)).unwrap_or(inside.len())];
        let is_fragment = name.is_empty() && inside.starts_with('>');
        if !is_fragment && !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let attributes = at + 1 + usize::from(is_end) + name.len();
        // `<https://…>` is an address.
        if name.ends_with(':') && self.text[attributes..].starts_with('/') {
            return None;
        }
        let is_component = name.starts_with(|c: char| c.is_ascii_uppercase()) || name.contains('.');
        let length = if is_component { component_length } else { tag_length };
        let end = attributes + self.found(attributes, length)?;
        if !is_fragment && !is_component {
            self.out.push_str(&self.text[at..attributes]);
            self.attributes(attributes..end);
            return Some(end);
        }
        if is_end {
            self.open.pop();
        } else if !self.text[at..end].ends_with("/>") {
            self.open.push(None);
        }
        if is_fragment || is_end {
            self.keep_lines(at..end);
        } else {
            self.leave_out(at..end, What::Component(name.to_owned()));
        }
        Some(end)
    }

    /// Passes the attributes of an element on, up to the end of its tag: as HTML, without those that are computed.
    fn attributes(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.text[at..range.end];
            let Some(brace) = rest.find('{') else {
                self.out.push_str(&html_names(rest));
                return;
            };
            let Some(length) = braces(&rest[brace..]) else { break };
            let before = &rest[..brace];
            let whole = at + brace..at + brace + length;
            let code = self.text[whole.start + 1..whole.end - 1].trim();
            match (before.trim_end().strip_suffix('='), literal(code)) {
                (Some(_), Some(value)) => {
                    self.out.push_str(&html_names(before));
                    self.out.push_str(&format!("\"{}\"", value.replace('"', "&quot;")));
                    self.keep_lines(whole.clone());
                }
                (name, _) => {
                    let name = name.map_or(before, |named| {
                        named.trim_end().trim_end_matches(|c: char| !c.is_whitespace() && c != '"' && c != '\'')
                    });
                    self.out.push_str(&html_names(name));
                    self.leave_out(whole.clone(), What::Expression);
                }
            }
            at = whole.end;
        }
        self.out.push_str(&self.text[at..range.end]);
    }

    /// The blanks that a line has because it stands in a component: in MDX they make no block of code.
    fn outdent(&mut self, at: usize, is_code: bool) -> usize {
        let line = &self.text[at..line_end(self.text, at)];
        let Some(known) = self.open.last_mut() else { return 0 };
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.trim().is_empty() {
            return 0;
        }
        let usual = if is_code { known.unwrap_or(0) } else { *known.get_or_insert(indent) };
        usual.min(indent)
    }

    fn leave_out(&mut self, range: Range<usize>, what: What) {
        self.keep_lines(range.clone());
        self.lost.push(Lost { range, what });
    }

    fn keep_lines(&mut self, range: Range<usize>) {
        let lines = memchr::memchr_iter(b'\n', &self.text.as_bytes()[range]).count();
        self.out.extend(std::iter::repeat_n('\n', lines));
    }
}

/// Where the line ends in which `at` stands, behind its line break.
fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1)
}

/// The mark with which a line begins a block of code.
fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let first = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(first).len();
    (length >= 3 && !(first == '`' && line[length..].contains('`'))).then(|| &line[..length])
}

/// The bytes of a span of code, or of the marks if it never ends.
fn code_length(text: &str) -> usize {
    let marks = text.len() - text.trim_start_matches('`').len();
    let mut at = marks;
    // A span ends at the latest with its paragraph.
    while let Some(found) = memchr::memchr2(b'`', b'\n', &text.as_bytes()[at..]) {
        let rest = &text[at + found..];
        if rest.starts_with("\n\n") {
            break;
        }
        let length = rest.len() - rest.trim_start_matches('`').len();
        at += found + length.max(1);
        if length == marks {
            return at;
        }
    }
    marks
}

/// Whether a line begins an import or an export of JavaScript.
fn module(line: &str) -> Option<What> {
    if let Some(rest) = line.strip_prefix("import") {
        let rest = rest.trim_start();
        let is_import = rest.starts_with(['{', '*', '"', '\'']) && rest.len() < line.len()
            || line.starts_with("import ") && [" from '", " from \""].iter().any(|from| rest.contains(from));
        return is_import.then_some(What::Import);
    }
    let rest = line.strip_prefix("export ")?.trim_start();
    let word = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_export = rest.starts_with(['{', '*'])
        || matches!(word, "default" | "const" | "let" | "var" | "function" | "class" | "async" | "type" | "interface");
    is_export.then_some(What::Export)
}

/// The bytes of a module's statements, up to a blank line that stands in no bracket or to the end of the text.
fn module_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0i32;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth -= 1,
            b'\n' if depth <= 0 && text[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') => {
                return Some(at + 1);
            }
            _ => at += skipped(&bytes[at..]),
        }
        at += 1;
    }
    (depth <= 0 && at < LONGEST).then_some(at.min(text.len()))
}

/// The bytes up to the last one of a text or a comment of JavaScript that begins here; 0 if none does.
fn skipped(code: &[u8]) -> usize {
    match *code {
        [b'/', b'*', ..] => memchr::memmem::find(&code[2..], b"*/").map_or(0, |end| end + 3),
        [b'/', b'/', ..] => memchr::memchr(b'\n', code).unwrap_or(code.len()) - 1,
        [quote @ (b'"' | b'\'' | b'`'), ..] => quoted(code, quote).unwrap_or(0),
        _ => 0,
    }
}

/// Whether braces hold attributes: `{#id .class key=value}`.
fn is_list_of_attributes(braces: &str) -> bool {
    let mut words = braces[1..braces.len() - 1].split_whitespace().peekable();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_:.+\"'".contains(c);
    let is_attribute = |word: &str| match word.split_once('=') {
        Some((key, value)) => !key.is_empty() && key.chars().chain(value.chars()).all(is_plain),
        None => word.starts_with(['#', '.']) && word[1..].chars().all(is_plain),
    };
    words.peek().is_some() && words.all(is_attribute)
}

/// The bytes of what stands between braces, with them; none if they never close.
fn braces(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => at += text[at + 2..].find("*/")? + 3,
            _ => at += skipped(&bytes[at..]),
        }
        at += 1;
    }
    None
}

/// So many bytes of a tag or an expression are looked at.
const LONGEST: usize = 1 << 20;

/// The bytes to the closing quote.
fn quoted(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return None,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The bytes of the rest of a tag from behind its name, up to and with `>`; none if a blank line comes before.
fn tag_length(text: &str) -> Option<usize> {
    component_length(text).filter(|length| !text[..*length].contains("\n\n"))
}

/// The same of the tag of a component, which may have blank lines.
fn component_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return Some(at + 1),
            b'<' => return None,
            b'{' => at += braces(&text[at..])? - 1,
            quote @ (b'"' | b'\'') => at += text[at + 1..].find(quote as char)? + 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The words of an expression that is nothing but them: `{" "}`.
fn literal(code: &str) -> Option<Cow<'_, str>> {
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inside = code.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inside.contains([quote, '\\', '\n']) && !inside.contains("${")).then_some(Cow::Borrowed(inside))
}

/// Attributes as HTML calls them.
fn html_names(attributes: &str) -> Cow<'_, str> {
    if attributes.contains("className") || attributes.contains("htmlFor") {
        return Cow::Owned(attributes.replace("className=", "class=").replace("htmlFor=", "for="));
    }
    Cow::Borrowed(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(text: &str) -> String {
        let read = Mdx::read("content/a.mdx", text);
        assert_eq!(read.text.matches('\n').count(), text.matches('\n').count(), "{text}");
        read.text
    }

    #[test]
    fn what_only_mdx_knows_is_left_out_and_words_stay() {
        for (text, plain) in [
            ("import A from 'a'\nimport {\n  B,\n} from \"b\"\n\nText.\n", "\n\n\n\n\nText.\n"),
            ("export const a = {\n  b: 1,\n\n  c: [2],\n}\n\nText.\n", "\n\n\n\n\n\nText.\n"),
            ("import duties rose.\n", "import duties rose.\n"),
            ("export of grain fell.\n", "export of grain fell.\n"),
            ("A {1 + 1} b {/* remark\n{ */} c{\" \"}d.\n", "A  b \n c d.\n"),
            ("A <Chart data={[1, {a: '}'}]} x=\">\" />b.\n", "A b.\n"),
            ("<Note kind=\"x\">\n  **Words**\n\n  - one\n    - two\n</Note>\n", "\n**Words**\n\n- one\n  - two\n\n"),
            (
                "<Tabs>\n  <Tabs.Tab\n    a={1}\n  >\n    Text\n    ```js\n    {a}\n    ```\n  </Tabs.Tab>\n</Tabs>\n",
                "\n\n\n\nText\n```js\n{a}\n```\n\n\n",
            ),
            ("<>\nText\n</>\n", "\nText\n\n"),
            ("<p className=\"a\" style={{b: 1}} id={\"c\"} {...d}>x</p>\n", "<p class=\"a\"  id=\"c\" >x</p>\n"),
            ("`<A/>` and ``{b}`` and \\{c} and \\<D>\n", "`<A/>` and ``{b}`` and \\{c} and \\<D>\n"),
            ("```\nimport a from 'a'\n<B/>{c}\n```\n", "```\nimport a from 'a'\n<B/>{c}\n```\n"),
            ("## Now {time=2026-11-23T14:05}\n{1}\n", "## Now {time=2026-11-23T14:05}\n\n"),
            ("export const a = `\nb\n\nc\n`\n\nText.\n", "\n\n\n\n\n\nText.\n"),
            ("export const a = {\n  b: \":-}\", // }\n\n  c: 1,\n}\n\nText.\n", "\n\n\n\n\n\nText.\n"),
            ("a { // don't } b\n} c\n", "a \n c\n"),
            ("<Note\n\n  text=\"a\"/>\nb\n", "\n\n\nb\n"),
            (
                "## Costs {#costs}\n<https://a.example> 1 < 2 {open\n",
                "## Costs {#costs}\n<https://a.example> 1 < 2 {open\n",
            ),
            ("---\ntitle: \"{a} <B/>\"\n---\n{c}\n", "---\ntitle: \"{a} <B/>\"\n---\n\n"),
        ] {
            assert_eq!(markdown(text), plain, "{text}");
        }
    }

    #[test]
    fn the_warning_says_what_is_lost() {
        let text = "import A from 'a'\n\n<A/> <B>x</B> {1} <A/>\n";
        let warning = Mdx::read("content/a.mdx", text).warning("content/a.mdx", text).expect("a warning");
        assert_eq!(
            warning.message,
            "this MDX file is read as Markdown without 1 import, 1 expression, the tags of `A`, `B`"
        );
        let plain = "Text, {/* a remark */} <b>x</b>.\n";
        assert!(Mdx::read("content/a.mdx", plain).warning("content/a.mdx", plain).is_none());
    }

    #[test]
    fn a_wish_to_withhold_in_javascript_is_an_error() {
        for code in [
            "export const draft = true",
            "export const metadata = { 'draft': true }",
            "export const meta = {\n  title: 'x',\n  publishedAt: '2030-01-01',\n}",
            "export const frontmatter = { published: false };",
            "export let published = false",
            "export const metadata = {'status': \"in review\"}",
            "export const metadata = {listed: false}",
            "export const draft = process.env.DRAFT",
            "export default { draft: !0 }",
            "# H\nexport const meta = {draft}",
            "{/* a */}\nexport const meta = { ['draft']: true }",
            "Words. {/* SECRET",
        ] {
            let text = format!("{code}\n\nText.\n");
            assert_eq!(Mdx::read("content/a.mdx", &text).problems("content/a.mdx", &text).len(), 1, "{text}");
        }
        let plain = [
            "export const size = 3",
            "export const meta = {published: true, status: 'Published'}",
            "export const meta = {draft: false, title: 'Draft law'}",
        ];
        for code in plain {
            let text = format!("{code}\n\nText.\n");
            assert!(Mdx::read("content/a.mdx", &text).problems("content/a.mdx", &text).is_empty(), "{code}");
        }
    }

    #[test]
    fn monstrous_text_is_read_in_time() {
        for part in ["{", "<A", "<A>", "`", "{`", "<a b={", "export {\n\n", "</A>"] {
            markdown(&part.repeat(50_000));
        }
    }
}
