//! WordPress's shortcodes: `[name key="value"]`, alone or around a text.
//!
//! Those that have a meaning here become HTML. Wrappers of page builders go, and what stands in them stays. All others
//! stay visible, and are told.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::Expansion;
use crate::import::addresses::Links;
use crate::import::body::{EMBED, escaped, escaped_attribute};
use crate::import::loss::Counts;

/// A shortcode's tag.
struct Tag<'t> {
    name: &'t str,
    /// Keys in lower case with their values; values without a key have an empty one.
    attributes: Vec<(String, String)>,
    is_end: bool,
    /// Bytes of the tag.
    length: usize,
}

impl Tag<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, value)| name == key && !value.trim().is_empty())
            .map(|(_, value)| value.trim())
    }
}

/// The tag at the beginning of a text, if one is there.
fn tag(text: &str) -> Option<Tag<'_>> {
    const LONGEST: usize = 16 << 10;
    let inside = text.strip_prefix('[')?;
    let is_end = inside.starts_with('/');
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let end = named.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))?;
    let name = &named[..end];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = &named[end..];
    if !rest.starts_with([']', ' ', '\t', '\n', '/', '=', '\u{a0}']) {
        return None;
    }
    let mut quote = None;
    let mut close = None;
    for (at, c) in rest.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match (quote, c) {
            (None, ']') => {
                close = Some(at);
                break;
            }
            (None, '[') => return None,
            (None, '"' | '\'' | '“' | '”' | '″') => quote = Some(c),
            (Some(open), c) if is_closing(open, c) => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed.
    let close = close.or_else(|| rest.find(']').filter(|at| *at < LONGEST))?;
    let length = text.len() - rest.len() + close + 1;
    let attributes = attributes(rest[..close].trim_end_matches('/').trim_start_matches('='));
    Some(Tag { name, attributes, is_end, length })
}

fn is_closing(open: char, c: char) -> bool {
    match open {
        '“' | '”' | '″' => matches!(c, '”' | '″' | '“'),
        open => c == open,
    }
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && all.len() < 200 {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match after.trim_start().strip_prefix('=') {
            Some(value) if !word.is_empty() && !word.starts_with(['"', '\'']) && word.len() < 64 => {
                let (value, after) = quoted(value.trim_start());
                all.push((word.to_ascii_lowercase(), decoded(value)));
                rest = after.trim_start();
            }
            _ => {
                let (value, after) = quoted(rest);
                all.push((String::new(), decoded(value)));
                rest = if after.len() < rest.len() { after.trim_start() } else { "" };
            }
        }
    }
    all
}

fn decoded(value: &str) -> String {
    html_escape::decode_html_entities(value).into_owned()
}

/// A value at the beginning of a text, and what is behind it.
fn quoted(text: &str) -> (&str, &str) {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '“' | '”' | '″')) else {
        return text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    };
    let inside = &text[quote.len_utf8()..];
    match inside.char_indices().find(|(_, c)| is_closing(quote, *c)) {
        Some((end, c)) => (&inside[..end], &inside[end + c.len_utf8()..]),
        None => (inside, ""),
    }
}

/// What a shortcode of a page builder begins with.
const BUILDERS: [(&str, &str); 6] = [
    ("vc_", "WPBakery"),
    ("et_pb_", "Divi"),
    ("fusion_", "Avada"),
    ("av_", "Enfold"),
    ("cs_", "Cornerstone"),
    ("mk_", "Jupiter"),
];

/// Shortcodes that are known, for counting what the source says: their tags are no words.
pub(super) fn is_known(name: &str) -> bool {
    matches!(
        name,
        "caption"
            | "wp_caption"
            | "gallery"
            | "embed"
            | "audio"
            | "video"
            | "playlist"
            | "youtube"
            | "vimeo"
            | "soundcloud"
            | "dailymotion"
            | "instagram"
            | "tweet"
            | "sourcecode"
            | "code"
            | "media-credit"
            | "efn_note"
            | "ref"
            | "footnote"
            | "googlemaps"
            | "nextpage"
            | "row"
            | "column"
    ) || BUILDERS.iter().any(|(start, _)| name.starts_with(start))
}

/// The shortcode of a text that only some readers were shown, by what the names of such shortcodes have in them; none
/// if all of it was for everybody.
pub(super) fn for_some_only(text: &str) -> Option<&str> {
    const WORDS: [&str; 14] = [
        "restrict",
        "member",
        "logged",
        "loggedin",
        "login_required",
        "private",
        "paywall",
        "premium",
        "protected",
        "s2if",
        "ihc-hide",
        "mepr-",
        "hide_content",
        "hide-content",
    ];
    let ends = Ends::of(text);
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        rest = &rest[at..];
        let Some(found) = tag(rest) else {
            rest = &rest[1..];
            continue;
        };
        let name = found.name.to_ascii_lowercase();
        if WORDS.iter().any(|word| name.contains(word)) && ends.behind(text.len() - rest.len(), found.name).is_some() {
            return Some(found.name);
        }
        rest = &rest[found.length..];
    }
    None
}

/// Where shortcodes of a text end, found in one pass: to search the rest of the text for each tag would take the square
/// of its length.
#[derive(Debug, Default)]
struct Ends<'t>(FxHashMap<&'t str, Vec<usize>>);

impl<'t> Ends<'t> {
    fn of(text: &'t str) -> Self {
        const LONGEST: usize = 200;
        let mut ends = Self::default();
        for (at, start) in text.match_indices("[/") {
            let name = &text[at + start.len()..];
            if let Some(length) = name.bytes().take(LONGEST).position(|byte| byte == b']') {
                ends.0.entry(&name[..length]).or_default().push(at);
            }
        }
        ends
    }

    /// The first end of a shortcode from a place on.
    fn behind(&self, place: usize, name: &str) -> Option<usize> {
        let all = self.0.get(name)?;
        all.get(all.partition_point(|at| *at < place)).copied()
    }
}

/// A text without the tags of shortcodes that are known.
pub(super) fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '<']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let length = verbatim(rest);
            plain.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        if let Some((shown, length)) = escaped_tag(rest) {
            plain.push_str(shown);
            rest = &rest[length..];
            continue;
        }
        match tag(rest).filter(|tag| is_known(tag.name)) {
            Some(tag) => {
                plain.push(' ');
                rest = &rest[tag.length..];
            }
            None => {
                plain.push('[');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

/// Puts HTML where shortcodes are.
pub(super) fn expand(text: &str, to: &mut Expansion<'_>) -> String {
    expand_within(text, to, 0)
}

fn expand_within(text: &str, to: &mut Expansion<'_>, depth: usize) -> String {
    if !text.contains('[') || depth > 8 {
        return text.to_owned();
    }
    let ends = Ends::of(text);
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '<']) {
        html.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            // What is shown as it is written has no shortcodes, and tags have none either.
            let length = verbatim(rest);
            html.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        if let Some((shown, length)) = escaped_tag(rest) {
            html.push_str(shown);
            rest = &rest[length..];
            continue;
        }
        let Some(found) = tag(rest) else {
            html.push('[');
            rest = &rest[1..];
            continue;
        };
        let behind = &rest[found.length..];
        let inside = (!found.is_end).then(|| {
            let place = text.len() - behind.len();
            let end = ends.behind(place, found.name)? - place;
            // Another one in between has the end: this one stands alone.
            let is_alone = matches!(found.name, "audio" | "video")
                && behind[..end].match_indices(found.name).any(|(at, _)| behind[..at].ends_with('['));
            (!is_alone).then(|| (&behind[..end], &behind[end + "[/]".len() + found.name.len()..]))
        });
        let inside = inside.flatten();
        match one(&found, inside.map(|(inside, _)| inside), to, depth) {
            Some((made, takes_inside)) => {
                html.push_str(&made);
                rest = inside.filter(|_| takes_inside).map_or(behind, |(_, after)| after);
            }
            None => {
                html.push_str(&rest[..found.length]);
                rest = behind;
            }
        }
    }
    html + rest
}

/// `[[name]]` and `[[name]…[/name]]`: how WordPress writes a shortcode that is only shown. What is shown, and the bytes
/// of all of it. Names of no shortcode are words in brackets, as in `[[wiki]]`.
fn escaped_tag(text: &str) -> Option<(&str, usize)> {
    /// So far away the end of one may be.
    const LONGEST: usize = 1 << 10;
    let inside = text.strip_prefix('[').filter(|inside| inside.starts_with('['))?;
    let found = tag(inside).filter(|found| is_known(found.name))?;
    let behind = &inside[found.length..];
    let length = if behind.starts_with(']') {
        found.length
    } else {
        let end = format!("[/{}]]", found.name);
        let near = &behind[..behind.floor_char_boundary(LONGEST)];
        found.length + near.find(&end)? + end.len() - 1
    };
    Some((&inside[..length], length + 2))
}

/// How much of a text stands as it is: a tag, or an element that shows its source.
fn verbatim(text: &str) -> usize {
    for name in ["<pre", "<code", "<script", "<style", "<textarea"] {
        if text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && !text[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
        {
            let close = format!("</{}", &name[1..]);
            return text.find(&close).map_or(text.len(), |at| at + close.len());
        }
    }
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + 3);
    }
    if !text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
        return 1;
    }
    text.find('>').map_or(text.len(), |at| at + 1)
}

/// What a shortcode becomes, and whether that stands for the text in it as well; none if it is not known.
fn one(tag: &Tag<'_>, inside: Option<&str>, to: &mut Expansion<'_>, depth: usize) -> Option<(String, bool)> {
    if let Some((_, builder)) = BUILDERS.iter().find(|(start, _)| tag.name.starts_with(start)) {
        return Some((of_builder(tag, inside, builder, to), matches!(tag.name, "vc_raw_html")));
    }
    let first = || tag.attributes.iter().find(|(key, _)| key.is_empty()).map(|(_, value)| value.as_str());
    if tag.is_end {
        return is_known(tag.name).then(|| (String::new(), false));
    }
    Some(match tag.name {
        "caption" | "wp_caption" => {
            let inside = expand_within(inside?, to, depth + 1);
            let (image, text) = image_and_text(&inside);
            let given = tag.get("caption").unwrap_or_default();
            let text = if text.trim().is_empty() {
                to.explain("captions in attributes", Counts::of_text(given));
                given.to_owned()
            } else {
                text.to_owned()
            };
            (format!("<figure>{image}<figcaption>{}</figcaption></figure>\n", text.trim()), true)
        }
        "media-credit" => {
            let name = tag.get("name").unwrap_or_default().to_owned();
            to.explain("credits in attributes", Counts::of_text(&name));
            (
                format!("{}<span class=\"credit\">{}</span>", inside.unwrap_or_default(), escaped(&name)),
                inside.is_some(),
            )
        }
        "gallery" => (gallery(tag, to), false),
        "playlist" => (playlist(tag, to), false),
        "audio" | "video" => (player(tag, inside.or_else(first), to)?, inside.is_some()),
        "embed" => (embed(inside.or_else(first)?, inside.is_some(), to), inside.is_some()),
        "youtube" | "vimeo" | "soundcloud" | "dailymotion" | "instagram" | "tweet" | "googlemaps" => {
            let given = ["url", "id", "src"].iter().find_map(|key| tag.get(key)).map(str::to_owned);
            let given = inside.map(str::to_owned).or(given).or_else(|| first().map(str::to_owned))?;
            let given = given.trim().trim_matches(['"', '\'']);
            let url = if given.starts_with("http") || given.starts_with("//") {
                given.to_owned()
            } else {
                match tag.name {
                    "youtube" => format!("https://www.youtube.com/watch?v={given}"),
                    "vimeo" => format!("https://vimeo.com/{given}"),
                    "dailymotion" => format!("https://www.dailymotion.com/video/{given}"),
                    "tweet" => format!("https://twitter.com/i/status/{given}"),
                    _ => return None,
                }
            };
            (embed(&url, inside.is_some(), to), inside.is_some())
        }
        "sourcecode" | "code" => {
            let code = inside?;
            let language = tag.get("language").or_else(|| tag.get("lang")).unwrap_or_default();
            let class = if language.is_empty() {
                String::new()
            } else {
                format!(" class=\"language-{}\"", escaped_attribute(language))
            };
            let code = html_escape::decode_html_entities(code.trim_matches('\n'));
            (format!("<pre><code{class}>{}</code></pre>\n", escaped(&code)), true)
        }
        "efn_note" | "ref" | "footnote" => (to.note(inside?), true),
        "row" | "column" => (String::new(), false),
        _ => {
            let is_one = inside.is_some()
                || tag.name.contains(['_', '-'])
                || tag.attributes.iter().any(|(key, _)| !key.is_empty());
            if is_one {
                to.unknown.push(format!("[{}]", tag.name));
            }
            return None;
        }
    })
}

/// The image at the beginning of a caption's text, with the link around it, and the text.
fn image_and_text(inside: &str) -> (&str, &str) {
    let Some(image) = inside.find("<img") else { return ("", inside) };
    let end = inside[image..].find('>').map_or(inside.len(), |end| image + end + 1);
    let has_link = inside[..image].contains("<a ");
    let end = if has_link { inside[end..].find("</a>").map_or(end, |at| end + at + 4) } else { end };
    inside.split_at(end)
}

/// An address that becomes a card.
pub(super) fn embed(url: &str, was_text: bool, to: &mut Expansion<'_>) -> String {
    let url = html_escape::decode_html_entities(url.trim()).into_owned();
    let url = if url.contains('<') {
        url.split('>').nth(1).and_then(|text| text.split('<').next()).unwrap_or_default().to_owned()
    } else {
        url
    };
    if url.is_empty() {
        return String::new();
    }
    let words = if was_text { Counts::default() - Counts::of_text(&url) } else { Counts::default() };
    to.explain("addresses that become players", words + Counts { players: 1, ..Counts::default() });
    format!("<{EMBED} url=\"{}\"></{EMBED}>", escaped_attribute(&url))
}

fn numbers(text: &str) -> Vec<u64> {
    text.split([',', ' ']).filter_map(|number| number.trim().parse().ok()).collect()
}

/// The files that a gallery or playlist shows: those that it names, or those of the post in their order.
fn files(tag: &Tag<'_>, to: &Expansion<'_>, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let of_numbers = |text: &str| -> Vec<String> {
        numbers(text).iter().filter_map(|number| to.links.media_by_number.get(number).cloned()).collect()
    };
    let by_ids = tag.get("ids");
    let mut files = match by_ids.or_else(|| tag.get("include")) {
        Some(named) => of_numbers(named),
        None => {
            let post = tag.get("id").and_then(|id| id.parse().ok()).or(to.number);
            let without = tag.get("exclude").map(of_numbers).unwrap_or_default();
            // The files of another post are shown only if that post is.
            let post = post.filter(|post| Some(*post) == to.number || !to.shared.withheld.contains(post));
            let mut all: Vec<String> = post.and_then(|post| to.shared.children.get(&post)).cloned().unwrap_or_default();
            all.retain(|file| !without.contains(file));
            all
        }
    };
    files.retain(|file| is_wanted(file));
    // Files that `ids` names stand as it names them, and `order` says nothing about them.
    let by = tag.get("orderby").unwrap_or(if by_ids.is_some() { "post__in" } else { "menu_order" });
    let number = |file: &String| to.links.about(file).and_then(|media| media.number);
    match by.split_whitespace().next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "post__in" | "rand" | "none" => return files,
        "title" => files.sort_by_key(|file| to.links.about(file).map(|media| media.title.to_lowercase())),
        // Numbers grow with the days.
        "id" | "date" | "post_date" | "modified" => files.sort_by_key(number),
        _ => files.sort_by_key(|file| (to.links.about(file).map(|media| media.order), number(file))),
    }
    if tag.get("order").is_some_and(|order| order.eq_ignore_ascii_case("desc")) {
        files.reverse();
    }
    files
}

fn gallery(tag: &Tag<'_>, to: &mut Expansion<'_>) -> String {
    let files = files(tag, to, |file| crate::original::Format::of_name(file).is_some());
    if files.is_empty() {
        to.unknown.push("[gallery] whose images are not in the export".into());
    }
    let columns = tag.get("columns").and_then(|number| number.parse::<u8>().ok()).unwrap_or_default();
    let mut html = format!("<figure class=\"gallery columns-{columns}\">");
    for file in files {
        let media = to.links.about(&file).cloned().unwrap_or_default();
        let caption = super::plain_html(&media.caption);
        to.explain("images of galleries", Counts { images: 1, ..Counts::of_text(&strip(&caption)) });
        let _ = write!(
            html,
            "<figure><img src=\"{}\" alt=\"{}\">",
            escaped_attribute(&file),
            escaped_attribute(&media.alt)
        );
        if !caption.trim().is_empty() {
            let _ = write!(html, "<figcaption>{caption}</figcaption>");
        }
        html.push_str("</figure>");
    }
    html + "</figure>\n"
}

/// The text of a piece of HTML.
fn strip(html: &str) -> String {
    crate::html::tokens(html)
        .into_iter()
        .filter_map(|token| match token {
            crate::html::Token::Text(text) => Some(text),
            _ => None,
        })
        .collect()
}

fn playlist(tag: &Tag<'_>, to: &mut Expansion<'_>) -> String {
    let kind = if tag.get("type") == Some("video") { "video" } else { "audio" };
    let is_film = kind == "video";
    let endings: &[&str] = if is_film {
        &["mp4", "webm", "m4v", "mov", "ogv"]
    } else {
        &["mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac"]
    };
    let files =
        files(tag, to, |file| endings.iter().any(|ending| file.to_ascii_lowercase().ends_with(&format!(".{ending}"))));
    let mut html = String::new();
    for file in files {
        to.explain("recordings of playlists", Counts { players: 1, ..Counts::default() });
        let _ = write!(html, "<{kind} src=\"{}\"></{kind}>", escaped_attribute(&file));
    }
    html
}

fn player(tag: &Tag<'_>, given: Option<&str>, to: &mut Expansion<'_>) -> Option<String> {
    let keys = ["src", "mp3", "m4a", "ogg", "wav", "flac", "mp4", "m4v", "webm", "ogv", "wmv", "flv", "mov"];
    let named = keys.iter().find_map(|key| tag.get(key)).map(str::to_owned);
    let url =
        named.clone().or_else(|| given.map(|given| strip(given).trim().to_owned())).filter(|url| !url.is_empty())?;
    let by_text = named.is_none() && given.is_some_and(|given| !tag.attributes.iter().any(|(_, value)| value == given));
    if tag.name == "video"
        && crate::file_kind::medium_of_file(url.split(['?', '#']).next().unwrap_or_default()).is_none()
    {
        return Some(embed(&url, by_text, to));
    }
    let words = if by_text { Counts::default() - Counts::of_text(&url) } else { Counts::default() };
    to.explain("shortcodes that become players", words + Counts { players: 1, ..Counts::default() });
    let poster =
        tag.get("poster").map(|poster| format!(" poster=\"{}\"", escaped_attribute(poster))).unwrap_or_default();
    Some(format!("<{0} src=\"{1}\"{poster}></{0}>", tag.name, escaped_attribute(&url)))
}

/// What of a page builder's shortcode is said.
fn of_builder(tag: &Tag<'_>, inside: Option<&str>, builder: &str, to: &mut Expansion<'_>) -> String {
    let name = format!("page builder {builder}");
    if !to.unknown.contains(&name) {
        to.unknown.push(name);
    }
    if tag.is_end {
        return "\n\n".into();
    }
    let said = |to: &mut Expansion<'_>, text: &str| {
        to.explain("texts in attributes of a page builder", Counts::of_text(text));
        escaped(text)
    };
    match tag.name {
        "vc_single_image" => {
            let file = tag.get("image").and_then(|number| to.links.media_by_number.get(&number.parse().ok()?).cloned());
            file.map_or_else(String::new, |file| {
                to.explain("images of a page builder", Counts { images: 1, ..Counts::default() });
                let alt = to.links.about(&file).map(|media| media.alt.clone()).unwrap_or_default();
                format!("<img src=\"{}\" alt=\"{}\">\n\n", escaped_attribute(&file), escaped_attribute(&alt))
            })
        }
        "et_pb_image" | "fusion_imageframe" => tag.get("src").map(str::to_owned).map_or_else(String::new, |src| {
            to.explain("images of a page builder", Counts { images: 1, ..Counts::default() });
            format!(
                "<img src=\"{}\" alt=\"{}\">\n\n",
                escaped_attribute(&src),
                escaped_attribute(tag.get("alt").unwrap_or_default())
            )
        }),
        "vc_video" | "et_pb_video" => {
            let url = tag.get("link").or_else(|| tag.get("src")).map(str::to_owned);
            url.map_or_else(String::new, |url| embed(&url, false, to))
        }
        "vc_custom_heading" => tag.get("text").map(str::to_owned).map_or_else(String::new, |text| {
            to.explain("headings of a page builder", Counts { headings: 1, ..Counts::default() });
            format!("<h2>{}</h2>\n\n", said(to, &text))
        }),
        "vc_btn" | "vc_button" | "et_pb_button" => {
            let text = tag.get("title").or_else(|| tag.get("button_text")).unwrap_or_default().to_owned();
            let url = tag.get("button_url").or_else(|| tag.get("href")).map(str::to_owned);
            let url = url.or_else(|| {
                let link = tag.get("link")?.split('|').find_map(|part| part.strip_prefix("url:"))?;
                Some(percent_encoding::percent_decode_str(link).decode_utf8_lossy().into_owned())
            });
            let text = said(to, &text);
            url.map_or_else(
                || text.clone(),
                |url| {
                    to.explain("buttons of a page builder", Counts { links: 1, ..Counts::default() });
                    format!("<p><a href=\"{}\">{text}</a></p>\n\n", escaped_attribute(&url))
                },
            )
        }
        "et_pb_toggle" | "et_pb_tab" | "et_pb_blurb" | "et_pb_cta" | "et_pb_slide" | "vc_tta_section" | "vc_tab" => {
            let title = tag.get("title").or_else(|| tag.get("heading")).unwrap_or_default().to_owned();
            if title.is_empty() {
                "\n\n".into()
            } else {
                to.explain("headings of a page builder", Counts { headings: 1, ..Counts::default() });
                format!("\n\n<h3>{}</h3>\n\n", said(to, &title))
            }
        }
        "vc_raw_html" => {
            use base64::Engine as _;
            let inside = inside.unwrap_or_default().trim();
            let decoded = base64::engine::general_purpose::STANDARD.decode(inside).unwrap_or_default();
            let html = percent_encoding::percent_decode(&decoded).decode_utf8_lossy().into_owned();
            let there = crate::import::loss::Wording::of_html(inside).counts;
            to.explain("encoded HTML of a page builder", crate::import::loss::Wording::of_html(&html).counts - there);
            html
        }
        _ => "\n\n".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_some_readers_saw_is_known_by_its_name() {
        for text in ["a [restrict paid=1]b[/restrict]", "[x] [um_loggedin]b[/um_loggedin]", "[Private]b[/Private]"] {
            assert!(for_some_only(text).is_some(), "{text}");
        }
        for text in ["[gallery] [member_count]", "we [restrict] this", "[caption]a private[/caption]"] {
            assert_eq!(for_some_only(text), None, "{text}");
        }
    }

    #[test]
    fn tags_are_read_as_wordpress_reads_them() {
        let tag = tag("[gallery ids=\"1,2\" Link=file 'x y' columns = 3]rest").expect("a tag");
        assert_eq!(
            (tag.name, tag.get("ids"), tag.get("link"), tag.get("columns")),
            ("gallery", Some("1,2"), Some("file"), Some("3"))
        );
        assert_eq!(tag.length, "[gallery ids=\"1,2\" Link=file 'x y' columns = 3]".len());
        for other in ["[1]", "[sic", "[ x]", "[x[y]", "[é]"] {
            assert!(super::tag(other).is_none(), "{other}");
        }
        assert_eq!(without_tags("a [caption id=x]b[/caption] [sic] [x]"), "a  b  [sic] [x]");
    }
}
