//! `base_url`: the address of the front page, in the one spelling that browsers and search engines use.
//!
//! Host names are lower case and in ASCII (`xn--…`), the port of the scheme is left out, and the path is
//! percent-encoded like every other address of the site.

use url::{Host, Url};

use crate::plan::address;

/// The address of the front page, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BaseUrl {
    /// Scheme, host and port.
    pub(super) origin: String,
    /// The path, percent-encoded, with a slash at both ends.
    pub(super) path: String,
    /// Whether it leads to the machine that builds the site.
    pub(super) is_local: bool,
}

impl BaseUrl {
    /// Reads an address with scheme and host; none if it is not one, or has more than a path.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("://")?;
        let is_foreign =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '?' | '#' | '\\' | '@');
        if text.contains(is_foreign) || rest.starts_with('/') || rest.split('/').any(|part| part == "..") {
            return None;
        }
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let is_local = match url.host()? {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback() || address.is_unspecified(),
            Host::Ipv6(address) => address.is_loopback() || address.is_unspecified(),
        };
        let decoded = address::decode(url.path()).ok()?;
        let folders: String =
            decoded.split('/').filter(|part| !part.is_empty()).map(|part| format!("{part}/")).collect();
        Some(Self { origin: url.origin().ascii_serialization(), path: address::below("/", &folders), is_local })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_spelling() {
        for (text, origin, path) in [
            ("https://news.example", "https://news.example", "/"),
            ("HTTPS://News.Example:443/", "https://news.example", "/"),
            ("http://news.example:80/Blog", "http://news.example", "/Blog/"),
            ("http://news.example:8080/a/", "http://news.example:8080", "/a/"),
            ("https://größe.example/größe//x", "https://xn--gre-6ka8i.example", "/gr%C3%B6%C3%9Fe/x/"),
            ("https://news.example/gr%c3%b6%C3%9Fe/", "https://news.example", "/gr%C3%B6%C3%9Fe/"),
            ("https://news.example/%7Ejane", "https://news.example", "/~jane/"),
            ("http://[::1]:4000", "http://[::1]:4000", "/"),
        ] {
            let base = BaseUrl::parse(text).expect(text);
            assert_eq!((&*base.origin, &*base.path), (origin, path), "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_an_address_is_refused() {
        for text in [
            "news.example",
            "https://",
            "https:///x",
            "ftp://news.example",
            "https://a b.example",
            "https://jane:secret@news.example",
            "https://news.example/?q",
            "https://news.example/#a",
            "https://news.example/a/../b",
            "https://news.example/a%2Fb",
            "https://news.example/%FC",
        ] {
            assert_eq!(BaseUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_own_machine_is_known() {
        let is_local = |text: &str| BaseUrl::parse(text).is_some_and(|base| base.is_local);
        for text in
            ["http://localhost:4000", "http://LOCALHOST", "http://127.0.0.1", "http://[::1]/", "http://0.0.0.0:1"]
        {
            assert!(is_local(text), "{text}");
        }
        for text in ["https://localhost.example", "https://10.0.0.1", "https://news.example"] {
            assert!(!is_local(text), "{text}");
        }
    }
}
