//! Addresses: where in the site something is published.
//!
//! A *site path* begins with `/`, is not percent-encoded and knows no base path. An *address* is what an `href` says:
//! root-relative, percent-encoded, with the base path. What authors write is decoded once, when it is read
//! ([`read`]), and encoded once, when it becomes an address ([`encode`]).

use std::borrow::Cow;

use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::article::record::{Format, Story};
use crate::article::slug::slugify;
use crate::config::{Config, Slugs};
use crate::html;

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

/// A site path as an address.
pub fn encode(config: &Config, site_path: &str) -> String {
    below(&config.base_path, site_path)
}

/// The same below the base path `base`, which has a slash at both ends.
pub fn below(base: &str, site_path: &str) -> String {
    let path = site_path.trim_start_matches('/');
    let mut address = String::with_capacity(base.len() + path.len());
    address.push_str(base);
    address.extend(utf8_percent_encode(path, PATH));
    address
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

/// Whether an address is a path that a browser reads as it stands.
fn is_plain_path(href: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    href.starts_with('/') && href.bytes().all(is_plain) && !href.contains("//") && !href.contains("/.")
}

/// What stands behind the host in an absolute address of the site itself: with any scheme of the web, or
/// none (`//host/`), and in any case of the host, as a browser reads it.
pub fn within_origin<'h>(config: &Config, href: &'h str) -> Option<&'h str> {
    behind_origin(&config.origin, href)
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

fn behind_origin<'h>(origin: &str, href: &'h str) -> Option<&'h str> {
    let (_, host) = origin.split_once("//")?;
    let (scheme, rest) = href.split_once("//")?;
    let is_of_web = ["", "http:", "https:"].iter().any(|one| scheme.eq_ignore_ascii_case(one));
    let (given, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let is_own = given.eq_ignore_ascii_case(host) || is_otherwise_spelled(given, origin);
    (is_of_web && is_own).then_some(path)
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
fn is_oddly_written(href: &str) -> bool {
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
/// types that are documents; pictures and films are data, too.
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

/// The path in a link, and its query or fragment. Neither is called as pictures are, so the name of a picture may have
/// a `#` or `?`.
fn path_and_rest(link: &str) -> (&str, &str) {
    let (path, rest) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
    let is_picture = |name: &str| Format::of_name(name).is_some();
    if !rest.contains('=') && is_picture(rest) && !is_picture(path) { (link, "") } else { (path, rest) }
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
fn push_encoded(address: &mut String, path: &str) {
    for (number, part) in path.split('%').enumerate() {
        if number > 0 {
            let is_code = part.len() >= 2 && part.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
            address.push_str(if is_code { "%" } else { "%25" });
        }
        address.extend(utf8_percent_encode(part, PATH));
    }
}

/// The site path of a story: below the prefix of its language, unless the front matter gives all of it.
pub fn of_story(config: &Config, source: &str, story: &Story<'_>) -> String {
    let prefix = &config.language(story.language).prefix;
    let path = match &story.permalink {
        Some(whole) if !whole.contains([':', '{']) && !JEKYLL_STYLES.iter().any(|(name, _)| **whole == **name) => {
            return page_path(whole);
        }
        _ => without_prefix(config, source, story),
    };
    if prefix == "/" { path } else { format!("{}{path}", prefix.trim_end_matches('/')) }
}

/// Jekyll's names for patterns.
const JEKYLL_STYLES: [(&str, &str); 4] = [
    ("date", "/:categories/:year/:month/:day/:title.html"),
    ("pretty", "/:categories/:year/:month/:day/:title/"),
    ("ordinal", "/:categories/:year/:y_day/:title.html"),
    ("none", "/:categories/:title.html"),
];

fn without_prefix(config: &Config, source: &str, story: &Story<'_>) -> String {
    let of_site = || config.settings.permalink.as_str();
    let own = story.permalink.as_deref();
    if let Some(permalink) = own.filter(|own| !own.contains('{')) {
        let style = JEKYLL_STYLES.iter().find(|(name, _)| permalink == *name);
        let pattern = style.map_or(permalink, |(_, pattern)| pattern);
        return page_path(&jekyll_pattern(pattern, story, &config.time_zone));
    }
    let Some(date) = story.core.date else { return of_page(source, story) };
    let mut path = String::with_capacity(64);
    let mut rest = own.unwrap_or_else(of_site);
    let needs_day = rest.contains("{yyyy}") || rest.contains("{mm}") || rest.contains("{dd}");
    let (year, month, day) = if needs_day { date.day(&config.time_zone) } else { (0, 0, 0) };
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "section" => path.push_str(story.section.as_deref().unwrap_or("")),
            "slug" => path.push_str(&story.slug),
            "yyyy" => path.push_str(&format!("{year:04}")),
            "mm" => path.push_str(&format!("{month:02}")),
            _ => path.push_str(&format!("{day:02}")),
        }
        rest = after;
    }
    path.push_str(rest);
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    page_path(&path)
}

/// The site path of a page: that of its file, with its own slug.
fn of_page(source: &str, story: &Story<'_>) -> String {
    let mut folders: Vec<&str> = source.split('/').skip(1).collect();
    folders.pop();
    if story.is_bundle {
        folders.pop();
    }
    if folders.is_empty() && &*story.slug == "404" {
        // Hosts look for it under this name.
        return "/404.html".into();
    }
    folders.push(&story.slug);
    page_path(&folders.join("/"))
}

/// The first part of a pattern of an address that nothing is put in for, as in `/{year}/` and `/:y/`.
pub fn unknown_part(pattern: &str) -> Option<&str> {
    const OWN: [&str; 5] = ["{section}", "{slug}", "{yyyy}", "{mm}", "{dd}"];
    let own = pattern.match_indices('{').map(|(at, _)| {
        let end = pattern[at..].find('}').map_or(pattern.len(), |end| at + end + 1);
        &pattern[at..end]
    });
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let of_jekyll = pattern.match_indices("/:").map(|(at, _)| {
        let name = &pattern[at + 2..];
        &pattern[at + 1..at + 2 + name.find(|c| !is_part(c)).unwrap_or(name.len())]
    });
    own.filter(|part| !OWN.contains(part)).chain(of_jekyll.filter(|part| !JEKYLL_PARTS.contains(part))).next()
}

const JEKYLL_PARTS: [&str; 13] = [
    ":categories",
    ":slugified_categories",
    ":section",
    ":year",
    ":month",
    ":day",
    ":i_month",
    ":i_day",
    ":y_day",
    ":short_year",
    ":title",
    ":slug",
    ":output_ext",
];

/// A pattern of Jekyll, or the name of one, with the categories in it: one folder for each, in small letters. None if it
/// has no place for them.
pub fn with_categories<'c>(pattern: &str, categories: impl Iterator<Item = &'c str>) -> Option<String> {
    let style = JEKYLL_STYLES.iter().find(|(name, _)| pattern == *name);
    let pattern = style.map_or(pattern, |(_, pattern)| *pattern);
    if !pattern.contains(":categories") && !pattern.contains(":slugified_categories") {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for part in categories.flat_map(|name| name.split(['/', '\\'])) {
        let name = part.trim().to_lowercase();
        let is_folder =
            !matches!(&*name, "" | "." | "..") && !name.contains([':', '{', '}']) && !name.contains(char::is_control);
        if is_folder && !names.contains(&name) {
            names.push(name);
        }
    }
    let slugs: Vec<String> = names.iter().map(|name| slugify(name, Slugs::Keep)).collect();
    let mut filled =
        pattern.replace(":slugified_categories", &slugs.join("/")).replace(":categories", &names.join("/"));
    while filled.contains("//") {
        filled = filled.replace("//", "/");
    }
    Some(filled)
}

/// Jekyll's permalink patterns, `/:categories/:year/:month/:day/:title/`
/// (<https://jekyllrb.com/docs/permalinks/>).
fn jekyll_pattern(pattern: &str, story: &Story<'_>, zone: &TimeZone) -> String {
    let date = story.core.date.unwrap_or_default();
    let (year, month, day) = date.day(zone);
    let day_of_year = zone.to_datetime(date.to_jiff()).day_of_year();
    let filled = pattern
        .replace(":section", story.section.as_deref().unwrap_or(""))
        .replace(":year", &format!("{year:04}"))
        .replace(":month", &format!("{month:02}"))
        .replace(":day", &format!("{day:02}"))
        .replace(":i_month", &month.to_string())
        .replace(":i_day", &day.to_string())
        .replace(":y_day", &format!("{day_of_year:03}"))
        .replace(":short_year", &format!("{:02}", year.rem_euclid(100)))
        .replace(":title", &story.slug)
        .replace(":slug", &story.slug)
        .replace(":output_ext", ".html");
    let slash = if filled.ends_with('/') { "/" } else { "" };
    filled.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/") + slash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::record::{TeaserCore, Text};
    use crate::article::time::Timestamp;
    use crate::config::Overrides;

    fn story(section: &str, slug: &str) -> Story<'static> {
        Story {
            core: TeaserCore { date: Some(Timestamp(1_763_629_200)), ..TeaserCore::default() },
            section: (!section.is_empty()).then(|| Text::from(section.to_owned())),
            slug: Text::from(slug.to_owned()),
            ..Story::default()
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
    fn an_article_has_the_address_of_the_pattern() {
        let plain = Config::from_text("", &Overrides::default()).expect("good");
        assert_eq!(of_story(&plain, "content/local/x.md", &story("local", "x")), "/local/x/");
        assert_eq!(of_story(&plain, "content/x.md", &story("", "x")), "/x/");
        let dated = Config::from_text("permalink: /{yyyy}/{mm}/{dd}/{slug}.html", &Overrides::default()).expect("good");
        assert_eq!(of_story(&dated, "content/local/x.md", &story("local", "x")), "/2025/11/20/x.html");
        let mut own = story("local", "x");
        own.permalink = Some(Text::from("/:section/:year/:title".to_owned()));
        assert_eq!(of_story(&plain, "content/local/x.md", &own), "/local/2025/x/");
    }

    #[test]
    fn categories_of_jekyll_are_folders_in_small_letters() {
        let with = |pattern, names: &[&str]| with_categories(pattern, names.iter().copied());
        assert_eq!(
            with("none", &["News", "Local Affairs", "news"]).as_deref(),
            Some("/news/local affairs/:title.html")
        );
        assert_eq!(with("/:slugified_categories/:title", &["Local Affairs"]).as_deref(), Some("/local-affairs/:title"));
        assert_eq!(with("pretty", &["../..", ""]).as_deref(), Some("/:year/:month/:day/:title/"));
        assert_eq!(with("/:year/:title", &["News"]), None);
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
