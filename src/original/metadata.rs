//! What is written into a photograph beside its pixels: who made it, and what it shows.
//!
//! Caption, credit and copyright are read from XMP, else from IPTC IIM, else from Exif, and are written as XMP (Exif in
//! AVIF) into originals and copies. Nothing else that a camera wrote is ever published.

use quick_xml::events::{BytesStart, Event};

use super::tiff;

/// The longest text that is taken from a file, in bytes. IPTC has room for 2,000 in a caption.
const MOST_TEXT: usize = 4000;

/// How deep elements of XMP may nest. In what programs write they nest ten deep.
const MOST_DEPTH: usize = 64;

/// What an image says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// What it shows.
    pub caption: Option<String>,
    /// What it shows, for those who do not see it.
    pub alt: Option<String>,
    /// Who made it.
    pub creator: Option<String>,
    /// Who is to be named beside it.
    pub credit: Option<String>,
    /// Whose it is.
    pub copyright: Option<String>,
}

impl Metadata {
    /// Who is to be named beside the image.
    pub fn credit_line(&self) -> Option<&str> {
        self.credit.as_deref().or(self.creator.as_deref()).or(self.copyright.as_deref())
    }

    /// Whether there is nothing to be kept.
    fn is_empty(&self) -> bool {
        let texts = [&self.caption, &self.alt, &self.creator, &self.credit, &self.copyright];
        texts.iter().all(|text| text.is_none())
    }

    /// Exif (CIPA DC-008). The orientation, if it is told.
    pub(super) fn add_exif(&mut self, exif: &[u8]) -> Option<u8> {
        let exif = tiff::Texts::read(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))?;
        let text = |text: Option<&[u8]>| clean(&String::from_utf8_lossy(text?));
        self.creator = self.creator.take().or_else(|| text(exif.artist));
        // Some write the editor's copyright behind the photographer's, with a zero between them.
        let copyright = exif.copyright.and_then(|text| text.split(|byte| *byte == 0).next());
        self.copyright = self.copyright.take().or_else(|| text(copyright));
        exif.orientation
    }

    /// XMP (ISO 16684-1): properties are attributes or elements; their names are told by the standard.
    pub(super) fn add_xmp(&mut self, xmp: &[u8]) {
        let text = String::from_utf8_lossy(xmp);
        let mut reader = quick_xml::Reader::from_str(text.trim_matches(['\0', '\u{FEFF}']));
        let mut inside: Vec<String> = Vec::new();
        let mut found = String::new();
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(_) if inside.len() == MOST_DEPTH => break,
                Event::Start(element) => {
                    self.add_attributes(&element);
                    inside.push(element.local_name().as_ref().to_owned());
                }
                Event::Empty(element) => self.add_attributes(&element),
                Event::Text(text) => found.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    found.push_str(&html_escape::decode_html_entities(&format!("&{name};")));
                }
                Event::End(_) => {
                    // The innermost property that is no container of RDF, nor of Creative Commons.
                    let is_property =
                        |name: &&String| !matches!(name.as_str(), "li" | "Alt" | "Seq" | "Bag" | "Agent" | "title");
                    if let Some(property) = inside.iter().rev().find(is_property) {
                        self.set(&property.clone(), &found);
                    }
                    found.clear();
                    inside.pop();
                }
                Event::Eof => break,
                _ => {}
            }
        }
    }

    fn add_attributes(&mut self, element: &BytesStart<'_>) {
        for attribute in element.attributes().with_checks(false).flatten() {
            let name = attribute.key.local_name().as_ref().to_owned();
            self.set(&name, &html_escape::decode_html_entities(&*attribute.value));
        }
    }

    fn set(&mut self, property: &str, value: &str) {
        let Some(value) = clean(value) else { return };
        let place = match property {
            "description" => &mut self.caption,
            "AltTextAccessibility" => &mut self.alt,
            "Credit" => &mut self.credit,
            "rights" => &mut self.copyright,
            "creator" => match &mut self.creator {
                Some(creator) => {
                    if creator.len() + value.len() < MOST_TEXT {
                        creator.push_str(", ");
                        creator.push_str(&value);
                    }
                    return;
                }
                none => none,
            },
            _ => return,
        };
        // Of several languages the first one is the default.
        place.get_or_insert(value);
    }

    /// IPTC IIM 4.2 in a Photoshop resource block, as newspapers have written it since 1991.
    pub(super) fn add_iptc(&mut self, block: &[u8]) {
        let mut rest = block.strip_prefix(b"Photoshop 3.0\0").unwrap_or(block);
        if rest.first() == Some(&0x1c) {
            self.add_iim(rest);
        }
        while let Some(resource) = rest.strip_prefix(b"8BIM") {
            let Some((id, after)) = resource.split_at_checked(2) else { return };
            let name = usize::from(after.first().copied().unwrap_or(0)) + 1;
            let Some(after) = after.get(name + name % 2..) else { return };
            let Some((length, data)) = after.split_at_checked(4) else { return };
            let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
            if id == [0x04, 0x04] {
                self.add_iim(&data[..length.min(data.len())]);
            }
            let Some(next) = data.get(length + length % 2..) else { return };
            rest = next;
        }
    }

    fn add_iim(&mut self, mut rest: &[u8]) {
        let mut iim = Self::default();
        while let [0x1c, record, dataset, high, low, data @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let Some((value, next)) = data.split_at_checked(length) else { break };
            rest = next;
            if *record != 2 {
                continue;
            }
            let property = match dataset {
                80 => "creator",
                110 => "Credit",
                116 => "rights",
                120 => "description",
                _ => continue,
            };
            match std::str::from_utf8(value) {
                Ok(text) => iim.set(property, text),
                // Without a declaration it is what the machine of the time wrote: Latin 1 at best.
                Err(_) => iim.set(property, &value.iter().map(|byte| char::from(*byte)).collect::<String>()),
            }
        }
        self.caption = self.caption.take().or(iim.caption);
        self.creator = self.creator.take().or(iim.creator);
        self.credit = self.credit.take().or(iim.credit);
        self.copyright = self.copyright.take().or(iim.copyright);
    }

    /// The same as an XMP packet; none if there is nothing to say.
    pub(crate) fn xmp(&self) -> Option<Vec<u8>> {
        let element = self.xmp_element()?;
        let packet =
            format!("<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>{element}<?xpacket end=\"r\"?>");
        Some(packet.into_bytes())
    }

    /// What stands in an XMP packet.
    pub(super) fn xmp_element(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let escape = |text: &str| html_escape::encode_text(text).into_owned();
        let mut xmp = String::from(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">",
        );
        let alternatives = [
            ("dc:description", &self.caption),
            ("dc:rights", &self.copyright),
            ("Iptc4xmpCore:AltTextAccessibility", &self.alt),
        ];
        for (name, value) in alternatives {
            if let Some(value) = value {
                let value = escape(value);
                xmp += &format!("<{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{value}</rdf:li></rdf:Alt></{name}>");
            }
        }
        if let Some(creator) = &self.creator {
            xmp += &format!("<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>", escape(creator));
        }
        if let Some(credit) = &self.credit {
            xmp += &format!("<photoshop:Credit>{}</photoshop:Credit>", escape(credit));
        }
        xmp += "</rdf:Description></rdf:RDF></x:xmpmeta>";
        Some(xmp)
    }

    /// A packet of the same length with what is kept of it; none if there is nothing to say or no room.
    pub(super) fn rewritten(packet: &[u8]) -> Option<Vec<u8>> {
        let mut metadata = Self::default();
        metadata.add_xmp(packet);
        let mut xmp = metadata.xmp().filter(|xmp| xmp.len() <= packet.len())?;
        xmp.resize(packet.len(), b' ');
        Some(xmp)
    }

    /// The same as Exif; none if there is nothing to say.
    #[cfg(feature = "images")]
    pub(crate) fn exif(&self) -> Option<Vec<u8>> {
        let credit = self.creator.as_ref().or(self.credit.as_ref());
        let fields = [
            (tiff::IMAGE_DESCRIPTION, self.caption.as_ref()),
            (tiff::ARTIST, credit),
            (tiff::COPYRIGHT, self.copyright.as_ref()),
        ];
        let fields: Vec<_> = fields.into_iter().filter_map(|(tag, text)| Some((tag, text?.as_str()))).collect();
        (!fields.is_empty()).then(|| tiff::texts(&fields))
    }
}

/// Text without what is invisible, and not longer than [`MOST_TEXT`]; none if nothing is left.
fn clean(text: &str) -> Option<String> {
    let line = crate::text::plain_line(&text[..text.floor_char_boundary(MOST_TEXT)]);
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let metadata = Metadata {
            caption: Some("Trams & gulls <at> the quay".into()),
            alt: Some("A tram".into()),
            creator: Some("Ines Vale".into()),
            credit: Some("Harbour Gazette".into()),
            copyright: Some("© Ines Vale".into()),
        };
        let mut read = Metadata::default();
        read.add_xmp(&metadata.xmp().expect("there is something to say"));
        assert_eq!(read, metadata);
        #[cfg(feature = "images")]
        {
            let mut read = Metadata::default();
            read.add_exif(&metadata.exif().expect("there is something to say"));
            assert_eq!((read.creator.as_deref(), read.copyright.as_deref()), (Some("Ines Vale"), Some("© Ines Vale")));
        }
        assert_eq!(Metadata::default().xmp(), None);
    }

    #[test]
    fn xmp_may_be_attributes() {
        let mut read = Metadata::default();
        read.add_xmp(br#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description exif:GPSLatitude="54,1N" photoshop:Credit="A &amp; B"/></rdf:RDF></x:xmpmeta>"#);
        assert_eq!(read.credit_line(), Some("A & B"));
        assert!(!String::from_utf8_lossy(&read.xmp().expect("there is something to say")).contains("54"));
    }

    #[test]
    fn iptc_is_read_in_utf8_and_latin1() {
        let mut block = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0".to_vec();
        let data = [&b"\x1c\x02\x78\0\x05Kai \xfc"[..], &b"\x1c\x02\x50\0\x05\xc3\x98yda"[..]].concat();
        block.push(data.len() as u8);
        block.extend(data);
        let mut read = Metadata::default();
        read.add_iptc(&block);
        assert_eq!((read.caption.as_deref(), read.credit_line()), (Some("Kai ü"), Some("Øyda")));
    }
    #[test]
    fn thousands_of_creators_and_deep_elements_are_not_gathered() {
        let many = "<rdf:li>Ines Vale</rdf:li>".repeat(60_000);
        let mut read = Metadata::default();
        read.add_xmp(format!("<x><dc:creator><rdf:Seq>{many}</rdf:Seq></dc:creator></x>").as_bytes());
        let creator = read.creator.expect("there are creators");
        assert!(creator.starts_with("Ines Vale, Ines Vale, ") && creator.len() <= MOST_TEXT, "{}", creator.len());
        let mut read = Metadata::default();
        read.add_xmp(("<rdf:li>".repeat(100_000) + "x</rdf:li>").as_bytes());
        read.add_xmp(format!("<x><dc:description>{}</dc:description></x>", "a ".repeat(100_000)).as_bytes());
        assert_eq!(read.caption.map(|caption| caption.len()), Some(MOST_TEXT - 1));
    }
}
