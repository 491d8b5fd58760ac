//! Addresses in a text: what may be one, where it ends, and whether it can be relative.

/// An address in a text.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) text: &'t [u8],
    pub(super) stands: Stands,
}

/// Where an address stands, or what may be one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stands {
    /// In a place for addresses: an attribute, or a link in Markdown.
    ForAddresses,
    /// In an attribute that says of what type something is, as `text/css` does.
    ForTypes,
    /// In another attribute.
    InAttribute,
    /// In the text.
    InText,
}

/// Attributes that hold addresses (HTML, section "Attributes"; SVG); and `url=` in `http-equiv="refresh"`.
const OF_ADDRESSES: [&str; 15] = [
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "url",
    "imagesrcset",
    "ping",
    "manifest",
    "longdesc",
    "background",
    "xlink:href",
];

/// Attributes that hold types of media, which look like relative addresses.
const OF_TYPES: [&str; 3] = ["type", "accept", "enctype"];

impl Stands {
    /// Where something stands in front of which there is `before`.
    fn behind(before: &[u8]) -> Self {
        if before.ends_with(b"](") {
            return Self::ForAddresses;
        }
        let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
        let Some(before) = before.trim_ascii_end().strip_suffix(b"=") else { return Self::InText };
        let before = before.trim_ascii_end();
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.' | b'@');
        let start = before.iter().rposition(|byte| !is_of_name(byte)).map_or(0, |before| before + 1);
        let is_one_of = |names: &[&str]| names.iter().any(|name| before[start..].eq_ignore_ascii_case(name.as_bytes()));
        match before[..start].last() {
            // A parameter of a query has the name of an attribute at times.
            Some(b'?' | b'&') => Self::InText,
            _ if is_one_of(&OF_ADDRESSES) => Self::ForAddresses,
            _ if is_one_of(&OF_TYPES) => Self::ForTypes,
            _ => Self::InAttribute,
        }
    }

    /// Whether an address without a slash in front can be meant. A single word is mostly a class, an id or a name.
    pub(super) fn may_be_relative(self, address: &str) -> bool {
        match self {
            Self::ForAddresses => true,
            Self::ForTypes => false,
            Self::InAttribute => address.contains(['/', '.']),
            Self::InText => address.contains('/'),
        }
    }
}

/// Everything around `at` that can be of one address, up to a query or fragment.
pub(super) fn token_around(text: &[u8], at: usize) -> Token<'_> {
    let start = text[..at].iter().rposition(|byte| !is_of_token(*byte)).map_or(0, |before| before + 1);
    let end = text[at..].iter().position(|byte| !is_of_token(*byte)).map_or(text.len(), |length| at + length);
    let end = end - text[start..end].iter().rev().take_while(|byte| matches!(byte, b'.' | b',' | b':' | b'!')).count();
    Token { text: &text[start..end.max(start)], stands: Stands::behind(&text[..start]) }
}

/// Whether an address below the base path can begin behind `before`: no longer name ends there.
pub(in crate::publish) fn is_start_of_address(before: &str) -> bool {
    before.bytes().next_back().is_none_or(|byte| byte == b'/' || !is_of_token(byte))
}

/// Whether an address ends before `rest`: neither a longer name nor something below it follows.
pub(in crate::publish) fn is_end_of_address(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let rest = rest.strip_prefix("index.html").unwrap_or(rest).trim_start_matches(['.', ',', ':', '!']);
    rest.bytes().next().is_none_or(|byte| !is_of_token(byte))
}

/// What may stand in an address as people write it (RFC 3986, section 2), and letters of all scripts.
pub(super) fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b'%' | b':' | b'@' | b'!' | b'$' | b'+' | b',')
}
