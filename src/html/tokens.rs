//! HTML in Markdown as tokens: what a browser's tokenizer makes of a piece of it, and what the piece leaves open.
//!
//! Not a tree: which element stands in which is the business of `markdown::balance`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

use html5ever::LocalName;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{TagKind, Token as Parsed, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// A token of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A start tag with its attributes, values decoded.
    Start(LocalName, Vec<(LocalName, String)>),
    /// An end tag.
    End(LocalName),
    /// Text, decoded.
    Text(String),
}

/// A construct that a piece of HTML opens and does not close, so that it swallows what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What closes it: `-->`, `</style>`, `">` …
    pub closing: String,
    /// Where it begins.
    pub at: usize,
    /// How messages call it.
    pub name: String,
}

/// Attributes that a tag may have: a browser's tokenizer compares each with all before it.
const MOST_ATTRIBUTES: usize = 1000;

/// Where a tag begins that has more attributes than are read, if there is one.
pub fn monstrous_tag(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    if bytes.len() < 2 * MOST_ATTRIBUTES {
        return None;
    }
    let mut end = 0;
    memchr::memchr_iter(b'<', bytes).find(|start| {
        // What stands in a tag begins none.
        if *start < end || !bytes.get(start + 1).is_some_and(u8::is_ascii_alphabetic) {
            return false;
        }
        end = memchr::memchr(b'>', &bytes[*start..]).map_or(bytes.len(), |at| start + at);
        let tag = &bytes[*start..end];
        tag.len() > 2 * MOST_ATTRIBUTES
            && tag.iter().filter(|byte| byte.is_ascii_whitespace() || **byte == b'/').nth(MOST_ATTRIBUTES).is_some()
    })
}

/// The tokens of a piece of HTML; of one with a [`monstrous_tag`] its text alone.
pub fn tokens(html: &str) -> Vec<Token> {
    if monstrous_tag(html).is_some() {
        return vec![Token::Text(html.to_owned())];
    }
    let reader = read(html, "");
    reader.tokens.into_inner()
}

/// The value of an attribute with its references decoded as browsers do it, with and without `;`.
pub fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    match tokens(&format!("<a b=\"{}\">", value.replace('"', "&quot;"))).pop() {
        Some(Token::Start(_, mut attributes)) if attributes.len() == 1 => Cow::Owned(attributes.remove(0).1),
        _ => Cow::Borrowed(value),
    }
}

/// What a piece of HTML leaves open: a comment, a quote or tag, or an element such as `style` whose content is no HTML.
pub fn open(html: &str) -> Option<Open> {
    let reader = read(html, "");
    if reader.is_at_rest.take() {
        return None;
    }
    // The tokenizer does not tell its state, but it tells which ending brings it to rest.
    let is_ending = |closing: &String| read(html, closing).is_at_rest.take();
    let raw = reader.raw.take();
    let of_element = raw.iter().flat_map(|name| [format!("</{name}>"), format!("--></{name}>")]);
    // The tag that a quote ends may be one whose content is no HTML.
    let of_tag = [">", "\">", "'>"].into_iter().filter_map(|ending| {
        let name = read(html, ending).raw.take()?;
        Some(format!("{ending}</{name}>"))
    });
    if let Some(closing) = [">", "\">", "'>", "-->"].map(str::to_owned).into_iter().find(is_ending) {
        return Some(Open::of(html, closing, None));
    }
    if let Some(closing) = of_element.into_iter().find(is_ending) {
        return Some(Open::of(html, closing, raw.as_deref()));
    }
    of_tag.into_iter().find(is_ending).map(|closing| Open::of(html, closing, None))
}

impl Open {
    /// What `closing` closes: the content of the element `of`, or else a comment, a quote or a tag.
    fn of(html: &str, closing: String, of: Option<&str>) -> Self {
        let last = |mark: &str| html.to_ascii_lowercase().rfind(mark).unwrap_or(0);
        let (at, name) = match (&*closing, of) {
            (_, Some(name)) => (last(&format!("<{name}")), format!("`<{name}>`")),
            ("-->", _) => (last("<!--"), "the comment".to_owned()),
            (quote, _) if quote.starts_with(['"', '\'']) => (last("<"), "a quote in this tag".to_owned()),
            _ => (last("<"), "this tag".to_owned()),
        };
        Self { closing, at, name }
    }
}

/// Elements whose content the tokenizer takes for text (HTML, section 13.2.6.2 and following).
pub fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Where what a browser takes for this comment ends to its writer, if that is later: for the browser an instruction
/// (`<?php … ?>`) and character data end at their first `>`.
pub fn later_end(comment: &str) -> Option<&'static str> {
    if comment.starts_with('?') && !comment.ends_with('?') {
        return Some("?>");
    }
    (comment.starts_with("[CDATA[") && !comment.ends_with("]]")).then_some("]]>")
}

/// The range of an attribute's value in the HTML, whether it is written plainly or escaped.
pub fn place_of(html: &str, value: &str) -> Option<Range<usize>> {
    let at = html.find(value).or_else(|| html.find(&*html_escape::encode_double_quoted_attribute(value)))?;
    Some(at..at + value.len())
}

/// The tag that is read behind a piece of HTML, to see whether tags are read there.
const REST: &str = "courant-rest";

#[derive(Default)]
struct Reader {
    tokens: RefCell<Vec<Token>>,
    /// The last element whose content is text.
    raw: RefCell<Option<LocalName>>,
    is_at_rest: RefCell<bool>,
    /// What ends the comment to which text still belongs.
    comment_end: Cell<Option<&'static str>>,
}

fn read(html: &str, ending: &str) -> Reader {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(format!("{html}{ending}<{REST}>")));
    let _ = tokenizer.feed(&input);
    tokenizer.sink
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Parsed, _: u64) -> TokenSinkResult<()> {
        let mut tokens = self.tokens.borrow_mut();
        match token {
            Parsed::TagToken(tag) if &*tag.name == REST => *self.is_at_rest.borrow_mut() = true,
            Parsed::TagToken(tag) if tag.kind == TagKind::EndTag => tokens.push(Token::End(tag.name)),
            Parsed::TagToken(tag) => {
                let attributes = tag.attrs.into_iter().map(|one| (one.name.local, one.value.to_string()));
                tokens.push(Token::Start(tag.name.clone(), attributes.collect()));
                // Only elements of SVG and MathML end with their start tag.
                if tag.self_closing && matches!(&*tag.name, "svg" | "math") {
                    tokens.push(Token::End(tag.name.clone()));
                }
                if let Some(kind) = raw_kind(&tag.name) {
                    *self.raw.borrow_mut() = Some(tag.name);
                    return TokenSinkResult::RawData(kind);
                }
                if &*tag.name == "plaintext" {
                    return TokenSinkResult::Plaintext;
                }
            }
            Parsed::CharacterTokens(text) => {
                let mut text = &*text;
                if let Some(end) = self.comment_end.get() {
                    let behind = text.split_once(end).map(|(_, behind)| behind);
                    self.comment_end.set(behind.is_none().then_some(end));
                    text = behind.unwrap_or_default();
                }
                match tokens.last_mut() {
                    Some(Token::Text(before)) => before.push_str(text),
                    _ if text.is_empty() => {}
                    _ => tokens.push(Token::Text(text.to_owned())),
                }
            }
            Parsed::CommentToken(text) => self.comment_end.set(later_end(&text)),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_says_what_closes_it() {
        for (html, closing) in [
            ("<div>\n<p>text", None),
            ("<!-- a --><style>b</style><br>", None),
            ("text <!-- a\n", Some("-->")),
            ("<style>p {", Some("</style>")),
            ("<SCRIPT>a", Some("</script>")),
            ("<script><!-- <script>", Some("--></script>")),
            ("<title>a</titl>", Some("</title>")),
            ("<textarea>a<b>", Some("</textarea>")),
            ("<iframe src='x'>", Some("</iframe>")),
            ("<div class=\"a>\n<b>x\n", Some("\">")),
            ("<div class='a>\n", Some("'>")),
            ("<div class=a\n", Some(">")),
            ("<![CDATA[ x", Some(">")),
            ("<?php echo 1", Some(">")),
            ("<iframe src=\"x></iframe>", Some("\"></iframe>")),
            ("<iframe src='x></iframe>", Some("'></iframe>")),
            ("<iframe src=x title=\"a></iframe>\n<p class='b'>c", Some("\"></iframe>")),
            ("<IFRAME title=\"a>", Some("\"></iframe>")),
            ("<script src=\"x>", Some("\"></script>")),
            ("<style media=\"x>", Some("\"></style>")),
            ("<textarea name=\"x>", Some("\"></textarea>")),
            ("<title x=\"", Some("\"></title>")),
            ("<plaintext>", None),
        ] {
            assert_eq!(open(html).map(|open| open.closing).as_deref(), closing, "{html}");
        }
        assert_eq!(open("<p>x</p><!-- y").map(|open| open.at), Some(8));
    }

    #[test]
    fn tokens_are_those_of_a_browser() {
        let found = tokens("a<B title='x &amp; y'>c</B><!-- <i> --><script><i></script>");
        let name = |name: &str| LocalName::from(name);
        assert_eq!(
            found,
            [
                Token::Text("a".into()),
                Token::Start(name("b"), vec![(name("title"), "x & y".into())]),
                Token::Text("c".into()),
                Token::End(name("b")),
                Token::Start(name("script"), Vec::new()),
                Token::Text("<i>".into()),
                Token::End(name("script")),
            ]
        );
    }
}
