//! Addresses: what an `href` says of a site path, root-relative, percent-encoded, with the base path.

use std::borrow::Cow;

use super::Config;
use crate::site_path::{
    behind_base, behind_origin, below, decode, is_oddly_written, is_plain_path, is_same_host, output_path, page_path,
    path_and_rest, push_encoded, without_base,
};

/// A site path as an address.
pub fn encode(config: &Config, site_path: &str) -> String {
    below(&config.base_path, site_path)
}

/// The site path of the page that `href` leads to from the page at `from` (root-relative, with base path);
/// none if it leads out of the site or to a file.
pub fn site_path_of(config: &Config, from: &str, href: &str) -> Option<String> {
    if is_plainly_elsewhere(config, href) {
        return None;
    }
    let href = &href[..href.find(['?', '#']).unwrap_or(href.len())];
    if is_oddly_written(href) {
        let own = url::Url::parse(&config.absolute(if from.is_empty() { &config.base_path } else { from })).ok()?;
        let plain = own.join(href).ok().map(String::from).filter(|plain| !is_oddly_written(plain))?;
        return site_path_of(config, from, &plain);
    }
    let path = match within_site(config, href) {
        Some("") => "/",
        Some(rest) => rest,
        None => href,
    };
    let is_rooted = path.starts_with('/') && !path.starts_with("//");
    let is_elsewhere = !is_rooted && (path.starts_with("//") || path.contains(':') || path.is_empty());
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file =
        last.contains('.') && !matches!(last, "." | "..") && !last.ends_with(".html") && !last.ends_with(".htm");
    if is_elsewhere || is_file {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    let folder = if is_rooted { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let whole = format!("/{}", parts.join("/"));
    let inside = format!("{whole}/");
    let relative = inside.strip_prefix(&*config.base_path)?;
    let decoded = percent_encoding::percent_decode_str(relative.trim_end_matches('/')).decode_utf8_lossy();
    let decoded = decoded.strip_suffix("/index.html").unwrap_or(&decoded);
    Some(page_path(decoded))
}

/// The files of the output folder, of which one is served for `href` on the page at `from` (root-relative, with base
/// path); none if it leads out of the site.
pub fn served_files(config: &Config, from: &str, href: &str) -> Option<Vec<String>> {
    if is_plainly_elsewhere(config, href) {
        return None;
    }
    let base = &*config.base_path;
    let leads;
    let path = if is_plain_path(href) {
        href
    } else {
        let own = url::Url::parse(&config.absolute(if from.is_empty() { base } else { from })).ok()?;
        leads = own.join(href).ok()?;
        let is_of_web = matches!(leads.scheme(), "http" | "https");
        if !is_of_web || leads.host_str() != own.host_str() || leads.port() != own.port() {
            return None;
        }
        leads.path()
    };
    let path = path.strip_prefix(base).or_else(|| (path == base.trim_end_matches('/')).then_some(""))?;
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let folder = output_path(&format!("{}/", path.trim_end_matches('/')));
    let is_folder = path.is_empty() || path.ends_with('/');
    Some(if is_folder { vec![folder] } else { vec![path.into_owned(), folder] })
}

/// Whether an address is that of another host without a need to parse it, as most links are.
pub(crate) fn is_plainly_elsewhere(config: &Config, href: &str) -> bool {
    let Some(rest) = href.strip_prefix("https://").or_else(|| href.strip_prefix("http://")) else { return false };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let own = config.origin.split_once("//").map_or("", |(_, host)| host);
    is_plain && !is_same_host(host, own.split(':').next().unwrap_or_default())
}

/// What stands behind the host in an absolute address of the site itself: with any scheme of the web, or
/// none (`//host/`), and in any case of the host, as a browser reads it.
pub fn within_origin<'h>(config: &Config, href: &'h str) -> Option<&'h str> {
    behind_origin(&config.origin, href)
}

/// The same with what people take for the host of the site: with or without `www.`, and with a dot at its end.
pub fn within_site<'h>(config: &Config, href: &'h str) -> Option<&'h str> {
    within_origin(config, href).or_else(|| {
        let (_, host) = config.origin.split_once("//")?;
        let (scheme, rest) = href.split_once("//")?;
        let is_of_web = ["", "http:", "https:"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
        let (given, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        (is_of_web && is_same_host(given, host)).then_some(path)
    })
}

/// A link that the configuration or a profile gives: a path of the site as an address, with its query and
/// fragment as they are; anything else as it is.
pub fn of_link(config: &Config, link: &str) -> String {
    match behind_base(&config.base_path, link) {
        Some(rest) => of_site_link(config, rest),
        None if !link.starts_with('/') || link.starts_with("//") => link.to_owned(),
        None => of_site_link(config, link),
    }
}

/// The same of a path of the site that never has the base path.
pub fn of_site_link(config: &Config, link: &str) -> String {
    let (path, rest) = path_and_rest(link);
    let mut address = config.base_path.clone();
    push_encoded(&mut address, path.trim_start_matches('/'));
    address + rest
}

/// The file that such a link names, as its path below the front page: decoded, without query and fragment.
pub fn file_of_link<'l>(config: &Config, link: &'l str) -> Cow<'l, str> {
    let (path, _) = path_and_rest(without_base(&config.base_path, link));
    let path = path.trim_start_matches('/');
    decode(path).unwrap_or(Cow::Borrowed(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use crate::site_path::read;

    #[test]
    fn a_path_is_decoded_once_and_encoded_once() {
        let config = Config::from_text("base_url: https://a.example/b", &Overrides::default()).expect("good");
        for (written, path, address) in [
            ("/2019/%e6%97%a5/", "/2019/日/", "/b/2019/%E6%97%A5/"),
            ("/100%/", "/100%/", "/b/100%25/"),
            ("/100%25/", "/100%/", "/b/100%25/"),
            ("/a%2520b/", "/a%20b/", "/b/a%2520b/"),
            ("/c%23 d%3F/", "/c# d?/", "/b/c%23%20d%3F/"),
        ] {
            assert_eq!(read(written).as_deref(), Ok(path));
            assert_eq!(encode(&config, path), address);
            assert_eq!(site_path_of(&config, "/b/", address).as_deref(), Some(path));
        }
        assert_eq!(of_link(&config, "/gr%C3%B6%C3%9Fe/ä?q=%20"), "/b/gr%C3%B6%C3%9Fe/%C3%A4?q=%20");
        assert_eq!(of_link(&config, "/100%/"), "/b/100%25/");
    }

    #[test]
    fn a_link_leads_to_a_site_path() {
        let config = Config::from_text("base_url: https://a.example/b", &Overrides::default()).expect("good");
        let lead = |href: &str| site_path_of(&config, "/b/local/x/", href);
        for (href, path) in [
            ("/b/local/y/", "/local/y/"),
            ("/b/local/y", "/local/y/"),
            ("/b/local/y/#z", "/local/y/"),
            ("/b/gr%C3%B6%C3%9Fe/?q", "/größe/"),
            ("https://a.example/b/local/y/", "/local/y/"),
            ("http://a.example/b/local/y/", "/local/y/"),
            ("//a.example/b/local/y/", "/local/y/"),
            ("HTTPS://A.example/b/local/y/", "/local/y/"),
            ("https://a.example:443/b/local/y/", "/local/y/"),
            ("https://www.a.example/b/local/y/", "/local/y/"),
            ("http://WWW.A.example./b/local/y/", "/local/y/"),
            ("//www.a.example:80/b/local/y/", "/local/y/"),
            ("https://me@a.example/b/local/y/", "/local/y/"),
            ("https:\\\\a.example\\b\\local/y/", "/local/y/"),
            ("https:../y/", "/local/y/"),
            ("../y/", "/local/y/"),
            ("../../y/index.html", "/y/"),
            ("/b/old.html", "/old.html"),
            ("/b/", "/"),
        ] {
            assert_eq!(lead(href).as_deref(), Some(path), "{href}");
        }
        for href in [
            "/c/",
            "https://c.example/b/x/",
            "//a.example:81/b/",
            "//ww.a.example/b/",
            "https://www.c.example/b/x/",
            "ftp://a.example/b/x/",
            "mailto:a@a.example",
            "https://a.example.org/b/x/",
            "/b/a.jpg",
            "#z",
            "",
        ] {
            assert_eq!(lead(href), None, "{href}");
        }
    }

    #[test]
    fn an_address_is_served_from_a_file_or_the_page_of_a_folder() {
        let config = Config::from_text("base_url: https://a.example/b", &Overrides::default()).expect("good");
        let served = |href: &str| served_files(&config, "/b/local/x/", href).map(|files| files.join(" "));
        for (href, files) in [
            ("/b/local/y/", "local/y/index.html"),
            ("/b/local/y", "local/y local/y/index.html"),
            ("/b/gr%C3%B6%C3%9Fe.jpg?x#y", "größe.jpg größe.jpg/index.html"),
            ("../y/", "local/y/index.html"),
            ("a.jpg", "local/x/a.jpg local/x/a.jpg/index.html"),
            ("http://A.example/b/", "index.html"),
            ("/b", "index.html"),
        ] {
            assert_eq!(served(href).as_deref(), Some(files), "{href}");
        }
        for href in [
            "/c/",
            "https://c.example/b/",
            "mailto:a@a.example",
            "https://a.example:81/b/",
            "data:,x",
            "ftp://a.example/b/",
        ] {
            assert_eq!(served(href), None, "{href}");
        }
    }

    #[test]
    fn addresses_are_encoded_and_files_are_not() {
        let config = Config::from_text("base_url: https://a.example/b", &Overrides::default()).expect("good");
        assert_eq!(encode(&config, "/größe x/"), "/b/gr%C3%B6%C3%9Fe%20x/");
        assert_eq!(of_link(&config, "/größe/?q=ä b#c"), "/b/gr%C3%B6%C3%9Fe/?q=ä b#c");
        assert_eq!(of_link(&config, "//c.example/"), "//c.example/");
        assert_eq!(of_link(&config, "https://c.example/?q"), "https://c.example/?q");
        assert_eq!(output_path("/größe x/"), "größe x/index.html");
        assert_eq!(output_path("/"), "index.html");
        assert_eq!(output_path("/a.html"), "a.html");
    }
}
