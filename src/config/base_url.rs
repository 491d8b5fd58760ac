//! `base_url`: the address of the front page, in the one spelling that browsers and search engines use.
//!
//! Host names are lower case and in ASCII (`xn--…`), the port of the scheme is left out, and the path is
//! percent-encoded like every other address of the site.

use std::net::Ipv4Addr;

use crate::site_path;
use url::{Host, Url};

/// The address of the front page, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BaseUrl {
    /// Scheme, host and port.
    pub(super) origin: String,
    /// The path, percent-encoded, with a slash at both ends.
    pub(super) path: String,
    /// Whether readers cannot reach it: it leads to the machine that builds the site, or to its network.
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
        let is_local = is_local(&url.host()?);
        let decoded = site_path::decode(url.path()).ok()?;
        let folders: String =
            decoded.split('/').filter(|part| !part.is_empty()).map(|part| format!("{part}/")).collect();
        Some(Self { origin: url.origin().ascii_serialization(), path: site_path::below("/", &folders), is_local })
    }
}

/// Whether a host is that of no reader: a name for the own machine or network, or one that is reserved so that it never
/// exists (RFC 2606, 6761, 6762, 8375, 9476), or an address of the own machine or link. `.example` is for examples.
fn is_local(host: &Host<&str>) -> bool {
    #[rustfmt::skip]
    const NAMES: [&str; 15] = [
        "localhost", "localdomain", "local", "internal", "invalid", "test", "alt", "home.arpa",
        "example.com", "example.net", "example.org", "localhost4", "localhost6", "ip6-localhost",
        "ip6-loopback",
    ];
    let is_local_v4 = |address: &Ipv4Addr| {
        address.is_loopback() || address.is_unspecified() || address.is_link_local() || address.octets()[0] == 0
    };
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            let is_within =
                |wanted: &&str| name.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            NAMES.iter().any(is_within)
        }
        Host::Ipv4(address) => is_local_v4(address),
        Host::Ipv6(address) => {
            let mapped = address.to_ipv4_mapped().or_else(|| address.to_ipv4());
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unicast_link_local()
                || mapped.is_some_and(|address| is_local_v4(&address))
        }
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
    fn hosts_that_no_reader_reaches_are_known() {
        let is_local = |text: &str| BaseUrl::parse(text).expect(text).is_local;
        for text in [
            "http://localhost:4000",
            "http://LOCALHOST",
            "http://127.0.0.1",
            "http://[::1]/",
            "http://0.0.0.0:1",
            "http://app.localhost",
            "http://localhost.",
            "https://a.localhost./x",
            "http://localhost.localdomain",
            "http://localhost6",
            "http://ip6-localhost",
            "http://[::ffff:127.0.0.1]",
            "http://169.254.1.1",
            "http://[fe80::1]",
            "http://paper.local",
            "https://x.invalid",
            "https://my.test",
            "https://example.com",
            "https://www.example.com",
            "https://example.org",
            "http://host.docker.internal",
        ] {
            assert!(is_local(text), "{text}");
        }
        for text in [
            "https://localhost.example",
            "https://10.0.0.1",
            "https://news.example",
            "https://news.example.",
            "https://myexample.com",
            "https://latest.news",
            "https://mylocal",
        ] {
            assert!(!is_local(text), "{text}");
        }
    }
}
