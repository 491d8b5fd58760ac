//! Site paths: where in the site something is published, and how people write that.
//!
//! A *site path* begins with `/`, is not percent-encoded and knows no base path. What authors write is decoded once, when
//! it is read ([`read`]), and encoded once, when it becomes an [address](crate::config::address::encode).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::html;
use crate::original::Format;

/// What must be encoded in the path of an address (RFC 3986, section 3.3).
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Bytes that the name of a file or folder may have: 255 on the file systems in use, less the ending of a
/// compressed copy.
pub const MOST_IN_NAME: usize = 255 - 4;

/// A path that a source gives for itself, as people write it or copy it from a browser (`/gr%C3%B6%C3%9Fe/`),
/// decoded.
///
/// # Errors
/// What is wrong with it, without the path.
pub fn read(path: &str) -> Result<Cow<'_, str>, &'static str> {
    if path.contains("://") || path.starts_with("//") || path.starts_with("mailto:") {
        return Err("an address of another site");
    }
    if path.contains(['?', '#', '"', '<', '>']) {
        return Err(FOREIGN_CHARACTER);
    }
    let path = decode(path)?;
    if is_encoded_twice(&path) {
        return Err("a path that is encoded twice");
    }
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return Err(FOREIGN_CHARACTER);
    }
    let trimmed = path.trim_matches('/');
    if trimmed.split('/').any(|part| part == ".." || part == ".") {
        return Err("a path that leaves its folder");
    }
    if trimmed.split('/').any(|part| part.len() > MOST_IN_NAME) {
        return Err("a path with a part that is longer than a file name may be");
    }
    if !trimmed.is_empty() && trimmed.split('/').any(|part| part.trim().is_empty()) {
        return Err("a path with an empty part");
    }
    let first = trimmed.split('/').next().unwrap_or_default();
    if first.starts_with(".courant") || first == ".git" {
        return Err("a path that courant needs for itself");
    }
    Ok(path)
}

const FOREIGN_CHARACTER: &str = "a path with a character that addresses cannot have";

/// A part of an address without its percent-encoding. A `%` that encodes nothing stays as it is.
///
/// # Errors
/// What is wrong with it, without the text: it encodes a slash, or bytes that are not text.
pub fn decode(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if memchr::memmem::find_iter(text.as_bytes(), "%2")
        .any(|at| matches!(text.as_bytes().get(at + 2), Some(b'F' | b'f')))
    {
        return Err("a path with an encoded slash");
    }
    percent_encoding::percent_decode_str(text).decode_utf8().map_err(|_| "encoded in another way than UTF-8")
}

/// Whether a decoded path would be another one if it were decoded once more, as some hosts do.
pub fn is_encoded_twice(plain: &str) -> bool {
    let leads_elsewhere = |at: usize| {
        let escape = plain.as_bytes().get(at + 1..at + 3);
        escape.is_some_and(|escape| ["2e", "2f", "5c"].iter().any(|one| escape.eq_ignore_ascii_case(one.as_bytes())))
    };
    memchr::memchr_iter(b'%', plain.as_bytes()).any(leads_elsewhere)
}

/// A path as the site path of a page: a slash in front, and one behind unless it names a file.
pub fn page_path(path: &str) -> String {
    let trimmed = path.trim_matches('/');
    if trimmed.is_empty() {
        return "/".into();
    }
    let is_file = !path.ends_with('/')
        && trimmed.rsplit('/').next().is_some_and(|name| name.ends_with(".html") || name.ends_with(".htm"));
    if is_file { format!("/{trimmed}") } else { format!("/{trimmed}/") }
}

/// Whether a permalink is the name of a file that is no page: `/feed.xml`, `/report.pdf`, `/.htaccess`. What pages of
/// servers are called (`/old.php`) becomes a folder, and so does whatever has a slash behind it.
pub fn names_no_page(permalink: &str) -> bool {
    const OF_SERVERS: [&str; 9] = ["php", "asp", "aspx", "jsp", "cgi", "cfm", "do", "shtml", "com"];
    let name = permalink.rsplit('/').next().unwrap_or_default();
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    let is_one_of = |all: &[&str]| all.iter().any(|one| ending.eq_ignore_ascii_case(one));
    let is_known = || mime_guess::from_ext(ending).first().is_some();
    name.starts_with('.') || !is_one_of(&["html", "htm"]) && !is_one_of(&OF_SERVERS) && is_known()
}

/// The site path of an old address of the page at the site path `own`: from the front page if it has a slash in front,
/// else from the folder in which the page stands, as in Hugo.
pub fn of_alias(own: &str, alias: &str) -> String {
    if alias.starts_with('/') {
        return page_path(alias);
    }
    let mut folders: Vec<&str> = own.split('/').filter(|part| !part.is_empty()).collect();
    folders.pop();
    for part in alias.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = folders.pop(),
            part => folders.push(part),
        }
    }
    page_path(&format!("{}{}", folders.join("/"), if alias.ends_with('/') { "/" } else { "" }))
}

/// The file in the output folder that a site path is served from.
pub fn output_path(site_path: &str) -> String {
    let trimmed = site_path.trim_start_matches('/');
    if trimmed.is_empty() || trimmed.ends_with('/') { format!("{trimmed}index.html") } else { trimmed.to_owned() }
}

/// The same below the base path `base`, which has a slash at both ends.
pub fn below(base: &str, site_path: &str) -> String {
    let path = site_path.trim_start_matches('/');
    let mut address = String::with_capacity(base.len() + path.len());
    address.push_str(base);
    address.extend(utf8_percent_encode(path, PATH));
    address
}

/// Characters that no part of an address can have (RFC 3986, section 2). A browser turns `\` into a slash.
const NEVER: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// The same with the brackets that only a host can have.
const NEVER_BEHIND_HOST: &AsciiSet = &NEVER.add(b'[').add(b']');

/// An address with what no address can have encoded, as a browser would encode it. What is encoded stays as it is.
pub fn encoded(address: &str) -> Cow<'_, str> {
    let is_odd = |byte: u8| b" \"<>^`{|}[]%".contains(&byte) || byte.is_ascii_control();
    if !address.bytes().any(is_odd) || address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:")) {
        return Cow::Borrowed(address);
    }
    let host = address.find("//").map_or(0, |at| at + 2);
    let behind = address[host..].find(['/', '?', '#']).map_or(address.len(), |at| host + at);
    let (host, rest) = address.split_at(if host == 0 { 0 } else { behind });
    let mut whole: String = utf8_percent_encode(host, NEVER).collect();
    let is_escape =
        |at: usize| rest.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let mut from = 0;
    for at in memchr::memchr_iter(b'%', rest.as_bytes()).filter(|at| !is_escape(*at)) {
        whole.extend(utf8_percent_encode(&rest[from..at], NEVER_BEHIND_HOST));
        whole.push_str("%25");
        from = at + 1;
    }
    whole.extend(utf8_percent_encode(&rest[from..], NEVER_BEHIND_HOST));
    if whole == address { Cow::Borrowed(address) } else { Cow::Owned(whole) }
}

/// What is wrong with an address that leads out of the site and to no host of the web; none if it is a path, the name
/// of a file, or fine.
pub fn wrong_address(address: &str) -> Option<&'static str> {
    let (scheme, rest) = address.split_once(':').unwrap_or(("", address));
    if scheme.eq_ignore_ascii_case("file") {
        return Some("a file of your own computer, which readers do not have");
    }
    let is_of_web = ["http", "https"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
    if !(is_of_web || scheme.is_empty()) || !rest.starts_with("//") {
        return None;
    }
    let host = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = !host.is_empty() && url::Url::parse(&format!("https://{host}")).is_ok();
    (!is_host).then_some("an address without a host")
}

/// The scheme with which an address begins, and what is behind its colon (RFC 3986, section 3.1).
pub(crate) fn scheme(address: &str) -> Option<(&str, &str)> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    address.split_once(':').filter(|(scheme, _)| is_scheme(scheme))
}

/// Whether an address is a path that a browser reads as it stands.
pub(crate) fn is_plain_path(href: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    href.starts_with('/') && href.bytes().all(is_plain) && !href.contains("//") && !href.contains("/.")
}

/// An absolute address of the site whose front page is at `base_url`, or one that begins with its base path, as a path
/// of the site.
pub(crate) fn own_path<'h>(base_url: &str, href: &'h str) -> Option<&'h str> {
    let host = base_url.find("//")? + 2;
    let (origin, base) = base_url.split_at(base_url[host..].find('/').map_or(base_url.len(), |end| host + end));
    if href.starts_with('/') && !href.starts_with("//") {
        return behind_base(base, href).filter(|rest| rest.starts_with('/'));
    }
    behind_origin(origin, href)?.strip_prefix(base).filter(|path| path.starts_with('/'))
}

pub(crate) fn behind_origin<'h>(origin: &str, href: &'h str) -> Option<&'h str> {
    let (_, host) = origin.split_once("//")?;
    let (scheme, rest) = href.split_once("//")?;
    let is_of_web = ["", "http:", "https:"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
    let (given, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let is_own = given.eq_ignore_ascii_case(host) || is_otherwise_spelled(given, origin);
    (is_of_web && is_own).then_some(path)
}

/// Whether people take two hosts for one: in any case and script, with or without `www.`, a dot at the end, a user or
/// a port that addresses of the web have anyway.
pub fn is_same_host(one: &str, other: &str) -> bool {
    fn ascii(host: &str) -> Cow<'_, str> {
        if host.is_ascii() && !host.contains(['%', '@']) {
            return Cow::Borrowed(host);
        }
        let Ok(url) = url::Url::parse(&format!("http://{host}")) else { return Cow::Borrowed(host) };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Cow::Owned(format!("{}{port}", url.host_str().unwrap_or_default()))
    }
    fn parts(host: &str) -> (&str, &str) {
        let (name, port) = host.split_once(':').unwrap_or((host, ""));
        let name = name.trim_end_matches('.');
        let has_www = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
        (if has_www { &name[4..] } else { name }, if matches!(port, "80" | "443") { "" } else { port })
    }
    if one.is_empty() {
        return false;
    }
    let (one, other) = (ascii(one), ascii(other));
    let (one, other) = (parts(&one), parts(&other));
    one.0.eq_ignore_ascii_case(other.0) && one.1 == other.1
}

/// Whether only a browser makes of it what it is: `https:\\host\x`, or `https:x` without slashes.
pub(crate) fn is_oddly_written(href: &str) -> bool {
    let has_web_scheme = || {
        ["http:", "https:"].iter().any(|one| href.get(..one.len()).is_some_and(|start| start.eq_ignore_ascii_case(one)))
    };
    href.contains(['\\', '\t', '\n', '\r']) || !href.contains("//") && has_web_scheme()
}

/// Whether a host is that of `origin` in letters outside ASCII, or with the port that its scheme has anyway.
fn is_otherwise_spelled(host: &str, origin: &str) -> bool {
    let scheme = origin.split("//").next().unwrap_or_default();
    (!host.is_ascii() || host.contains([':', '%']))
        && url::Url::parse(&format!("{scheme}//{host}")).is_ok_and(|url| url.origin().ascii_serialization() == origin)
}

/// Whether following an address would run a script in the page that has it, as browsers read addresses: whatever the
/// case, with entities, and with blanks and control characters anywhere (URL Standard, section 4.4). Of `data:` those
/// types that are documents; images and films are data, too.
pub fn is_script(address: &str) -> bool {
    if !address.contains([':', '&']) {
        return false;
    }
    let plain = head(address);
    if let Some(kind) = kind_of_data(&plain) {
        return !kind.starts_with("image/") && ["html", "xml", "script"].iter().any(|part| kind.contains(part));
    }
    ["javascript:", "vbscript:", "livescript:"].iter().any(|scheme| plain.starts_with(scheme))
}

/// Whether an address is a drawing in itself: in a frame it is a document, with scripts.
pub(crate) fn is_drawing(address: &str) -> bool {
    kind_of_data(&head(address)).is_some_and(|kind| kind.contains("svg"))
}

fn kind_of_data(head: &str) -> Option<&str> {
    head.strip_prefix("data:")?.split([',', ';']).next()
}

/// How an address begins, without what browsers skip in it, in lower case.
fn head(address: &str) -> String {
    let is_read =
        |c: &char| !c.is_whitespace() && !c.is_control() && !matches!(u32::from(*c), 0xAD | 0x200B..=0x200F | 0xFEFF);
    html::decoded(address).chars().filter(is_read).take(64).collect::<String>().to_ascii_lowercase()
}

/// The address of a file that goes with the page at `url`.
pub fn beside(url: &str, name: &str) -> String {
    if url.ends_with('/') { format!("{url}{name}") } else { format!("{url}.{name}") }
}

/// The folder of the files that belong to the page at a path or address, without a slash at its end: that of the page,
/// or one of its name where the page is a file itself (`/2026/a.html`), since others may stand beside it.
pub fn folder_of(page: &str) -> &str {
    [".html", ".htm"].iter().find_map(|ending| page.strip_suffix(ending)).unwrap_or_else(|| page.trim_end_matches('/'))
}

/// The pages whose files lie in a folder, as [`folder_of`] says it.
pub(crate) fn pages_of(folder: &str) -> impl Iterator<Item = String> {
    ["/index.html", ".html", ".htm"].into_iter().map(move |ending| format!("{folder}{ending}"))
}

/// Whether a file of the output folder is a page.
pub(crate) fn is_page(path: &str) -> bool {
    [".html", ".htm"].iter().any(|ending| path.ends_with(ending))
}

/// The path in a link, and its query or fragment. Neither is called as images are, so the name of an image may have
/// a `#` or `?`.
pub(crate) fn path_and_rest(link: &str) -> (&str, &str) {
    let (path, rest) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
    let is_image = |name: &str| Format::of_name(name).is_some();
    if !rest.contains('=') && is_image(rest) && !is_image(path) { (link, "") } else { (path, rest) }
}

/// What stands behind the base path in an address that begins with it, encoded or not: nothing, or something that
/// begins with `/`, `?` or `#`. None if there is no base path.
pub(crate) fn behind_base<'h>(base: &str, href: &'h str) -> Option<&'h str> {
    let base = base.trim_end_matches('/');
    if base.is_empty() || !href.starts_with('/') {
        return None;
    }
    let as_written = || {
        let plain = percent_encoding::percent_decode_str(base).decode_utf8().ok()?;
        href.strip_prefix(&*plain)
    };
    let rest = href.strip_prefix(base).or_else(as_written)?;
    (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
}

/// The path of a file of the site: without the base path, if it begins with that.
pub(crate) fn without_base<'h>(base: &str, path: &'h str) -> &'h str {
    behind_base(base, path).filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// Appends a path, encoded where it is not.
pub(crate) fn push_encoded(address: &mut String, path: &str) {
    for (number, part) in path.split('%').enumerate() {
        if number > 0 {
            let is_code = part.len() >= 2 && part.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
            address.push_str(if is_code { "%" } else { "%25" });
        }
        address.extend(utf8_percent_encode(part, PATH));
    }
}

/// Whether an address is an image itself (RFC 2397). Neither copies nor sizes are made of those, and every list would
/// carry them again.
pub(crate) fn is_embedded(src: &str) -> bool {
    src.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_address_can_have_is_encoded_once() {
        for (written, address) in [
            ("https://cdn.example/my photo.jpg", "https://cdn.example/my%20photo.jpg"),
            (
                "https://cdn.example/my%20photo.jpg?a=[1]&b=50%#\"x\"",
                "https://cdn.example/my%20photo.jpg?a=%5B1%5D&b=50%25#%22x%22",
            ),
            ("https://[2001:db8::1]/a|b", "https://[2001:db8::1]/a%7Cb"),
            ("//cdn.example/{a}", "//cdn.example/%7Ba%7D"),
            ("https://größe.example/ä?x='y'", "https://größe.example/ä?x='y'"),
            ("my photo.jpg", "my%20photo.jpg"),
            ("data:image/svg+xml,<svg />", "data:image/svg+xml,<svg />"),
        ] {
            assert_eq!(encoded(written), address);
            assert_eq!(encoded(address), address, "once");
        }
    }

    #[test]
    fn an_address_without_a_host_is_wrong() {
        for wrong in
            ["http://", "https://", "https:///", "//", "file:///home/x.jpg", "FILE:x.jpg", "https://a b.example/"]
        {
            assert!(wrong_address(wrong).is_some(), "{wrong}");
        }
        for fine in [
            "https://a.example",
            "//a.example/x y",
            "/a.jpg",
            "a.jpg",
            "mailto:a@b.example",
            "Figure:1.png",
            "http://[::1]/",
            "",
        ] {
            assert_eq!(wrong_address(fine), None, "{fine}");
        }
    }

    #[test]
    fn an_address_that_runs_a_script_is_one_however_it_is_written() {
        for script in [
            "javascript:alert(1)",
            " \u{1}JavaScript:alert(1)",
            "java\tscr\nipt\r:alert(1)",
            "javascript&colon;alert(1)",
            "&#106;avascript&#x3A;alert(1)",
            "jav&Tab;ascript:alert(1)",
            "&#106avascript:alert(1)",
            "jav&#x61script:alert(1)",
            "javascript&#58alert(1)",
            "VBScript:msgbox",
            "data:text/html,<script>",
            "DATA:text/html;base64,PHN",
            "data: application/xhtml+xml,x",
            "data:text/xml,x",
        ] {
            assert!(is_script(script), "{script:?}");
        }
        for other in [
            "/javascript:alert",
            "https://a.example/javascript:x",
            "mailto:a@b.example",
            "data:image/png;base64,x",
            "data:image/svg+xml,x",
            "data:,x",
            "javascript/",
            "#javascript:x",
            "a?javascript:x&colon;",
        ] {
            assert!(!is_script(other), "{other:?}");
        }
    }

    #[test]
    fn an_old_address_without_a_slash_is_beside_the_page() {
        for (own, alias, path) in [
            ("/local/x/", "old", "/local/old/"),
            ("/local/x/", "a/old.html", "/local/a/old.html"),
            ("/local/x/", "../old/", "/old/"),
            ("/local/x/", "../../../old", "/old/"),
            ("/2019/x.html", "old", "/2019/old/"),
            ("/x/", "old", "/old/"),
            ("/local/x/", "/old", "/old/"),
        ] {
            assert_eq!(of_alias(own, alias), path, "{own} {alias}");
        }
    }

    #[test]
    fn paths_that_leave_the_site_are_refused() {
        for bad in ["../x", "/a/../../b", "https://a.example/", "//a.example", "a\\b", "/a?b", "a//b", "/.courant/x"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        for bad in ["/a%2Fb/", "/%2e%2e/x", "/a%5Cb", "/a%00b", "/gr%FC%DFe/"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        for twice in ["/%252e%252e/x/", "a%252Fb", "%255C"] {
            assert_eq!(read(twice), Err("a path that is encoded twice"), "{twice}");
        }
        assert_eq!(read("100%25").as_deref(), Ok("100%"));
        for good in ["/a/", "/a", "/a.html", "/b.HTM", "/old.php", "/v1.5", "/node.js/", "/{slug}.html", "/.x/"] {
            assert!(!names_no_page(good), "{good}");
        }
        for bad in ["/feed.xml", "/a/report.PDF", "/{slug}.txt", "/.htaccess", "/favicon.ico", "/a.xhtml"] {
            assert!(names_no_page(bad), "{bad}");
        }
        for good in ["/2026/x/", "old", "/", "/größe/", "/a/b.html"] {
            assert_eq!(read(good).as_deref(), Ok(good));
        }
    }
}
