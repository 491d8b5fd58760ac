//! SVG: elements and attributes of SVG itself stay as they are; metadata, what editors write beside it, comments and
//! instructions for programs go. Images that are embedded as `data:` are originals themselves.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use quick_xml::events::Event;
use rustc_hash::FxHashMap;

use super::{Container, Doubt, Edits, MOST_NESTED, Metadata};

/// The vocabularies that browsers show in drawings. What Illustrator declares as an entity counts, too.
const SHOWN: [&str; 5] = [
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1998/Math/MathML",
    "&ns_svg;",
];

/// Prefixes that need no declaration, or are always meant so.
const PREFIXES: [&str; 3] = ["xml", "xmlns", "xlink"];

/// True if a file is a drawing: by its name and its root, or by its first bytes.
pub(super) fn is_one(bytes: &[u8], start: &[u8], is_named: bool) -> bool {
    let has_root = |bytes| memchr::memmem::find(bytes, b"<svg").is_some();
    if is_named {
        // In UTF-16 it is one that is not understood.
        return has_root(bytes) || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    }
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    text.starts_with(b"<svg") || (text.starts_with(b"<?xml") || text.starts_with(b"<!DOCTYPE svg")) && has_root(start)
}

pub(super) fn edits(bytes: &[u8], nested: u8) -> Result<Edits, Doubt> {
    let text = std::str::from_utf8(bytes).map_err(|_| Doubt::Damaged)?;
    let mut edits = elements(text)?;
    let gone: Vec<Range<usize>> = edits.0.iter().map(|(range, _)| range.clone()).collect();
    embedded(text, nested, &gone, &mut edits)?;
    Ok(edits)
}

/// Goes through the elements.
fn elements(text: &str) -> Result<Edits, Doubt> {
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let mut reader = quick_xml::Reader::from_str(&text[start..]);
    let mut edits = Edits::default();
    let mut prefixes: FxHashMap<&str, bool> = PREFIXES.into_iter().map(|prefix| (prefix, true)).collect();
    let mut depth = 0_usize;
    // Where an element begins that goes, and in how many others it lies.
    let mut gone: Option<(usize, usize)> = None;
    let mut at = start;
    loop {
        let event = reader.read_event().map_err(|_| Doubt::Damaged)?;
        let range = at..start + reader.buffer_position() as usize;
        at = range.end;
        let goes = match &event {
            Event::Start(_) | Event::Empty(_) if gone.is_none() => {
                attributes(text, &range, &mut prefixes, depth > 0, &mut edits)
            }
            Event::DocType(_) => {
                doctype(text, &range, &mut edits);
                false
            }
            Event::Comment(_) => !is_licence(&text[range.clone()]),
            Event::PI(_) => !text[range.clone()].starts_with("<?xml-stylesheet"),
            _ => false,
        };
        let is_start = matches!(event, Event::Start(_));
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.checked_sub(1).ok_or(Doubt::Damaged)?,
            Event::Eof if depth > 0 => return Err(Doubt::Damaged),
            Event::Eof => return Ok(edits),
            _ => {}
        }
        match gone {
            None if goes && is_start => gone = Some((range.start, depth - 1)),
            None if goes => remove(text, range, &mut edits),
            Some((start, outside)) if outside == depth => {
                remove(text, start..range.end, &mut edits);
                gone = None;
            }
            _ => {}
        }
    }
}

/// Takes something out; of metadata caption, credit and copyright stay.
fn remove(text: &str, range: Range<usize>, edits: &mut Edits) {
    let removed = &text[range.clone()];
    let mut metadata = Metadata::default();
    if removed.starts_with("<metadata") {
        metadata.add_xmp(&removed.as_bytes()[..removed.len().min(super::MOST_METADATA)]);
    }
    match metadata.xmp_element() {
        Some(xmp) => edits.replace(text.as_bytes(), range, format!("<metadata>{xmp}</metadata>").into_bytes()),
        None => edits.drop(range),
    }
}

/// Looks at the tag of an element, and takes attributes out of it that are not of SVG; whether the element itself goes.
fn attributes<'t>(
    text: &'t str,
    range: &Range<usize>,
    prefixes: &mut FxHashMap<&'t str, bool>,
    is_inside: bool,
    edits: &mut Edits,
) -> bool {
    let tag = &text[range.clone()];
    let name_end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
    let name = tag[..name_end].trim_start_matches('<');
    let mut found = Vec::new();
    let mut is_foreign = false;
    let mut at = name_end;
    while let Some((attribute, end)) = next_attribute(tag, at) {
        let Attribute { name, value, .. } = &attribute;
        if let Some(prefix) = name.strip_prefix("xmlns:") {
            prefixes.insert(prefix, SHOWN.contains(value) || PREFIXES.contains(&prefix));
        } else if *name == "xmlns" && is_inside {
            is_foreign = !SHOWN.contains(value);
        }
        at = end;
        found.push(attribute);
    }
    let is_shown = |name: &str| name.split_once(':').is_none_or(|(prefix, _)| prefixes.get(prefix) == Some(&true));
    let local = name.rsplit(':').next().unwrap_or_default();
    if is_foreign || !is_shown(name) || local == "metadata" {
        return true;
    }
    // Only scripts and styles look at `data-`.
    let is_said = |name: &str| name.starts_with("data-") && !is_used(text, name);
    for attribute in found.iter().filter(|attribute| !is_shown(attribute.name) || is_said(attribute.name)) {
        edits.drop(range.start + attribute.range.start..range.start + attribute.range.end);
    }
    false
}

/// Whether a script or a style of the drawing may look at an attribute.
fn is_used(text: &str, name: &str) -> bool {
    let has = |part: &str| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some();
    has("<script") || has(&format!("[{name}"))
}

/// Takes comments out of the document type, and entities that nothing refers to.
fn doctype(text: &str, range: &Range<usize>, edits: &mut Edits) {
    let declared = &text[range.clone()];
    let mut at = "<!DOCTYPE".len();
    while let Some(found) = declared.get(at..).and_then(|rest| rest.find("<!")).map(|found| at + found) {
        let part = &declared[found..];
        let length = if part.starts_with("<!--") {
            part.find("-->").map(|end| end + 3)
        } else {
            let mut quote = None;
            let end = part.char_indices().find(|(_, c)| match (quote, *c) {
                (None, '>') => true,
                (None, '"' | '\'') => {
                    quote = Some(*c);
                    false
                }
                (Some(open), c) => {
                    quote = quote.filter(|_| open != c);
                    false
                }
                _ => false,
            });
            end.map(|(end, _)| end + 1)
        };
        let Some(length) = length else { return };
        let name = part.strip_prefix("<!ENTITY").and_then(|rest| rest.split_whitespace().next());
        let is_gone = match name {
            Some(name) => !text.contains(&format!("&{name};")),
            None => part.starts_with("<!--") && !is_licence(&part[..length]),
        };
        if is_gone {
            edits.drop(range.start + found..range.start + found + length);
        }
        at = found + length;
    }
}

struct Attribute<'t> {
    name: &'t str,
    value: &'t str,
    /// In the tag, with the space in front.
    range: Range<usize>,
}

/// The attribute behind a place in a tag, and where it ends.
fn next_attribute(tag: &str, at: usize) -> Option<(Attribute<'_>, usize)> {
    let rest = &tag[at..];
    let space = rest.len() - rest.trim_ascii_start().len();
    let equals = rest.find('=')?;
    let name = rest.get(space..equals)?.trim_ascii_end();
    let after = &rest[equals + 1..];
    let quote = equals + 1 + (after.len() - after.trim_ascii_start().len());
    let mark = rest[quote..].chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let end = quote + 1 + rest[quote + 1..].find(mark)?;
    Some((Attribute { name, value: &rest[quote + 1..end], range: at..at + end + 1 }, at + end + 1))
}

/// True if a comment states a licence or a copyright.
fn is_licence(comment: &str) -> bool {
    let comment = comment.to_lowercase();
    ["licen", "copyright", "©", "(c)"].iter().any(|word| comment.contains(word))
}

/// Base64 as browsers read it (WHATWG, "forgiving-base64 decode").
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Cleans what is embedded as `data:`, however that is written, but for what goes with its element. One that cannot be
/// cleaned stays, and the others are cleaned.
pub(super) fn embedded(text: &str, nested: u8, gone: &[Range<usize>], edits: &mut Edits) -> Result<(), Doubt> {
    let mut doubt = None;
    for one in Embedded::all(text) {
        let before = gone.partition_point(|range| range.end <= one.range.start);
        if gone.get(before).is_some_and(|range| range.start < one.range.end) {
            continue;
        }
        let Some(bytes) = one.bytes() else {
            // Less says nothing.
            if one.is_media() && one.payload.len() > LEAST {
                doubt.get_or_insert(Doubt::Damaged);
            }
            continue;
        };
        let Some(container) = Container::of("", &bytes) else { continue };
        if nested == MOST_NESTED {
            doubt.get_or_insert(Doubt::Format("drawing in drawings in drawings"));
            continue;
        }
        let clean = container.clean(bytes.clone(), nested + 1);
        if let Some(found) = clean.doubt {
            doubt.get_or_insert(found);
            continue;
        }
        if clean.bytes != bytes {
            let address = format!("data:{};base64,{}", one.media_type(), BASE64_STANDARD.encode(clean.bytes));
            edits.replace(text.as_bytes(), one.range, address.into_bytes());
        }
    }
    doubt.map_or(Ok(()), Err)
}

/// So many characters hold no metadata.
const LEAST: usize = 64;

/// Whether a text may have addresses with `data:`: a quick look.
pub(super) fn may_embed(text: &[u8]) -> bool {
    starts(text).next().is_some()
}

/// Where `data:` stands in a text, in whatever case.
fn starts(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b':', text).filter_map(|colon| {
        let start = colon.checked_sub(4)?;
        let is_word = start > 0 && (text[start - 1].is_ascii_alphanumeric() || text[start - 1] == b'-');
        (text[start..colon].eq_ignore_ascii_case(b"data") && !is_word).then_some(start)
    })
}

/// An address with `data:` (RFC 2397) in a text.
struct Embedded<'t> {
    range: Range<usize>,
    /// What stands before the comma, without entities.
    head: Cow<'t, str>,
    /// What stands behind it.
    payload: &'t str,
}

impl<'t> Embedded<'t> {
    /// All of them, in their order.
    fn all(text: &'t str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let mut ends = Ends::default();
        for start in starts(text.as_bytes()) {
            if found.last().is_none_or(|last| last.range.end <= start) {
                found.extend(Self::at(text, start, ends.of(text, start)));
            }
        }
        found
    }

    /// The one that begins and ends here, at the latest.
    fn at(text: &'t str, start: usize, end: usize) -> Option<Self> {
        const COMMAS: [&str; 4] = [",", "&#44;", "&#x2c;", "&comma;"];
        let value = &text[start + "data:".len()..end];
        let head = &value[..value.floor_char_boundary(200)];
        let lower = head.to_ascii_lowercase();
        let (comma, length) = COMMAS.iter().filter_map(|comma| Some((lower.find(comma)?, comma.len()))).min()?;
        let head = html_escape::decode_html_entities(&head[..comma]);
        let mut payload = &value[comma + length..];
        if is_base64(&head) {
            payload = &payload[..payload.find([',', '"', '\'', '<', '>', ')']).unwrap_or(payload.len())];
            payload = payload.trim_ascii_end();
            // In `srcset` the density or the width stands behind the address.
            if let Some((address, descriptor)) = payload.rsplit_once(|c: char| c.is_ascii_whitespace())
                && descriptor.strip_suffix(['x', 'w']).is_some_and(|number| number.parse::<f32>().is_ok())
            {
                payload = address.trim_ascii_end();
            }
        } else if !payload.contains('<') {
            payload = &payload[..payload.find(|c: char| c.is_ascii_whitespace()).unwrap_or(payload.len())];
        }
        let end = start + "data:".len() + comma + length + payload.len();
        Some(Self { range: start..end, head, payload })
    }

    fn media_type(&self) -> &str {
        self.head.split(';').next().unwrap_or_default().trim()
    }

    /// Whether it says that it is an image, a film or a recording.
    fn is_media(&self) -> bool {
        let kind = self.media_type().split(['/', '\\']).next().unwrap_or_default();
        ["image", "video", "audio"].iter().any(|known| kind.eq_ignore_ascii_case(known))
    }

    /// What it holds; none if that cannot be read.
    fn bytes(&self) -> Option<Vec<u8>> {
        let text = html_escape::decode_html_entities(self.payload);
        let mut bytes: Vec<u8> = percent_encoding::percent_decode_str(&text).collect();
        if !is_base64(&self.head) {
            return Some(bytes);
        }
        // JSON may have backslashes before slashes.
        bytes.retain(|byte| !byte.is_ascii_whitespace() && *byte != b'\\');
        FORGIVING.decode(bytes).ok()
    }
}

/// Whether the head of the address ends with `;base64`.
fn is_base64(head: &str) -> bool {
    head.rsplit_once(';').is_some_and(|(_, last)| last.trim().eq_ignore_ascii_case("base64"))
}

/// Where addresses end, as what stands before each says. A place that was found is kept, so each text is read once.
#[derive(Default)]
struct Ends([Option<usize>; 10]);

impl Ends {
    const MARKS: [(&str, &str); 9] = [
        ("\\\"", "\\\""),
        ("\"", "\""),
        ("'", "'"),
        ("&quot;", "&quot;"),
        ("&#34;", "&#34;"),
        ("&#39;", "&#39;"),
        ("&apos;", "&apos;"),
        ("(", ")"),
        ("`", "`"),
    ];

    fn of(&mut self, text: &str, start: usize) -> usize {
        let before = text[..start].trim_ascii_end();
        let mark = Self::MARKS.iter().position(|(open, _)| before.ends_with(open)).unwrap_or(Self::MARKS.len());
        if let Some(end) = self.0[mark].filter(|end| *end >= start) {
            return end;
        }
        let length = match Self::MARKS.get(mark) {
            Some((_, close)) => text[start..].find(close),
            None => text[start..].find(['"', '\'', '<', '>', ')']),
        };
        let end = length.map_or(text.len(), |length| start + length);
        self.0[mark] = Some(end);
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(svg: &str) -> String {
        let mut bytes = svg.as_bytes().to_vec();
        edits(&bytes, 0).expect("a drawing").apply(&mut bytes);
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn what_is_drawn_stays_byte_for_byte() {
        let svg = "<?xml version=\"1.0\"?>\n<!-- Copyright Ines Vale -->\n<!DOCTYPE svg [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]>\n<svg xmlns=\"&ns_svg;\" xmlns:xlink='http://www.w3.org/1999/xlink'\n  xmlns:s=\"http://www.w3.org/2000/svg\" width = \"3\" viewBox='0 0 3 2'><title>A &amp; B</title><style><![CDATA[a > b { fill: red }]]></style>\n<s:rect width=\"1\"/><use xlink:href=\"#x\" xml:space=\"preserve\"/><foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x = \"y\"</p></foreignObject></svg>\n";
        assert_eq!(cleaned(svg), svg);
        let marked = format!("\u{FEFF}{svg}");
        assert_eq!(cleaned(&marked), marked);
    }

    #[test]
    fn metadata_editors_and_comments_go() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:i=\"http://ns.adobe.com/x\" i:place=\"54.1\" width=\"3\"><!-- 54.1 --><?xpacket 54.1?><metadata a=\"/>\"><rdf xmlns=\"x\"><metadata/>54.1</rdf></metadata><i:pgf><g>54.1</g></i:pgf><i:ref/><g i:a='54.1' id=\"a\"/><rdf xmlns=\"http://x\">54.1</rdf></svg>";
        let expected = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:i=\"http://ns.adobe.com/x\" width=\"3\"><g id=\"a\"/></svg>";
        assert_eq!(cleaned(svg), expected);
        assert_eq!(edits(b"<svg><g></svg>", 0).err(), Some(Doubt::Damaged));
        assert_eq!(edits(b"<svg><g>", 0).err(), Some(Doubt::Damaged));
    }

    #[test]
    fn paths_in_data_attributes_and_in_the_document_type_go() {
        let svg = "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd' [<!-- 54.1 --><!ENTITY a \"/home/54.1 > b\"><!ENTITY b \"3\">]>\n<svg width=\"&b;\"><g data-path=\"/home/54.1\" id=\"a\"/></svg>";
        let expected = "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd' [<!ENTITY b \"3\">]>\n<svg width=\"&b;\"><g id=\"a\"/></svg>";
        assert_eq!(cleaned(svg), expected);
        let used = "<svg><style>[data-on] { fill: red }</style><g data-on=\"1\"/></svg>";
        assert_eq!(cleaned(used), used);
    }

    #[test]
    fn of_metadata_the_credit_stays() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><cc:Work exif:GPSLatitude=\"54.1\"><dc:creator><cc:Agent><dc:title>Ines &amp; Bo</dc:title></cc:Agent></dc:creator></cc:Work></rdf:RDF></metadata></svg>";
        let clean = cleaned(svg);
        assert!(
            clean.contains("<dc:creator><rdf:Seq><rdf:li>Ines &amp; Bo</rdf:li>") && !clean.contains("54.1"),
            "{clean}"
        );
        assert_eq!(cleaned(&clean), clean);
    }

    #[test]
    fn embedded_images_are_cleaned() {
        let gif = |more: &[u8]| [b"GIF89a\x01\0\x01\0\0\0\0", more, b";"].concat();
        let comment = gif(b"!\xFE\x0454.1\0");
        let mut packed = BASE64_STANDARD.encode(&comment);
        packed.insert_str(8, "&#10;\n ");
        let drawing = |data: &str| format!("<svg><image href=\"data:image/gif;base64,{data}\"/></svg>");
        let clean = drawing(&BASE64_STANDARD.encode(gif(b"")));
        assert_eq!(cleaned(&drawing(&packed)), clean);
        let nested = |svg: &str| drawing(&BASE64_STANDARD.encode(svg));
        assert_eq!(cleaned(&nested(&drawing(&packed))), nested(&clean));
        assert_eq!(cleaned(&clean), clean);
        // However the address is written.
        let data = BASE64_STANDARD.encode(&comment);
        let escaped: String = comment.iter().map(|byte| format!("%{byte:02x}")).collect();
        for address in [
            format!("DATA:image/gif;BASE64,{data}"),
            format!("data:image/gif&#59;base64&#44;{data}"),
            format!("data:image/gif;base64 ,{data}"),
            format!("data:image/gif,{escaped}"),
        ] {
            assert_eq!(cleaned(&format!("<svg><image href=\"{address}\"/></svg>")), clean, "{address}");
        }
        for inner in ["<svg><metadata>54.1</metadata></svg>", "%3Csvg%3E%3Cmetadata%3E54.1%3C/metadata%3E%3C/svg%3E"] {
            let text = format!("<svg><image href=\"data:image/svg+xml;utf8,{inner}\"/></svg>");
            let clean = BASE64_STANDARD.encode("<svg></svg>");
            assert_eq!(cleaned(&text), format!("<svg><image href=\"data:image/svg+xml;base64,{clean}\"/></svg>"));
        }
        let set =
            |data: &str| format!("<img srcset=\"data:image/gif;base64,{data} 1x, data:image/gif;base64,{data} 2x\">");
        let mut html = set(&data);
        assert_eq!(super::super::clean_embedded(&mut html), None);
        assert_eq!(html, set(&BASE64_STANDARD.encode(gif(b""))));
        let deep = (0..4).fold(drawing(&packed), |svg, _| nested(&svg));
        assert!(edits(deep.as_bytes(), 0).is_err());
    }
}
