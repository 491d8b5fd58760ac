//! The head of an image file: format, size, whether it is animated, and what its maker wrote into it. Pixels are
//! not decoded.

use super::record::ImageFile;
use crate::original::Format;

/// Reads the head of an image file, and all of an SVG. `None` if its name or its bytes are not those of an image. A broken
/// SVG has the size 0.
pub(super) fn read(path: &str, bytes: &[u8]) -> Option<ImageFile<'static>> {
    let promised = Format::of_name(path)?;
    if promised == Format::Svg {
        let size =
            if is_broken_svg(bytes) { Some((0, 0)) } else { svg_dimensions(&bytes[..bytes.len().min(64 * 1024)]) };
        return size.map(|(width, height)| plain(Format::Svg, width, height));
    }
    let format = match imagesize::image_type(bytes).ok()? {
        imagesize::ImageType::Jpeg => Format::Jpeg,
        imagesize::ImageType::Png => Format::Png,
        imagesize::ImageType::Webp => Format::Webp,
        imagesize::ImageType::Gif => Format::Gif,
        imagesize::ImageType::Heif(imagesize::Compression::Av1) => Format::Avif,
        _ => Format::Other,
    };
    let size = imagesize::blob_size(bytes).ok()?;
    let image = plain(format, u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let image = ImageFile { is_animated: is_animated(format, bytes), ..image };
    Some(with_metadata(image, bytes))
}

fn plain(format: Format, width: u32, height: u32) -> ImageFile<'static> {
    ImageFile { format, width, height, is_animated: false, caption: None, credit: None, alt: None }
}

fn with_metadata(image: ImageFile<'static>, bytes: &[u8]) -> ImageFile<'static> {
    let (metadata, orientation) = crate::original::head(bytes);
    let (width, height) = (image.width, image.height);
    // From five on it is turned by a quarter.
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    let credit = metadata.credit_line().map(|credit| credit.to_owned().into());
    ImageFile {
        width,
        height,
        credit,
        caption: metadata.caption.map(Into::into),
        alt: metadata.alt.map(Into::into),
        ..image
    }
}

/// Whether an image has more than one frame: GIF always counts (nobody makes still ones of photographs),
/// WebP says so in its header, PNG by a chunk in front of the pixels.
fn is_animated(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Gif => true,
        // <https://developers.google.com/speed/webp/docs/riff_container>: bit 1 of the flags of `VP8X`.
        Format::Webp => bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0),
        // <https://www.w3.org/TR/png-3/#acTL-chunk>: it stands before the first `IDAT`.
        Format::Png => {
            let mut rest = bytes.get(8..).unwrap_or_default();
            while let [a, b, c, d, kind @ ..] = rest {
                match kind.get(..4) {
                    Some(b"acTL") => return true,
                    Some(b"IDAT") | None => return false,
                    Some(_) => {}
                }
                let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
                rest = kind.get(length.saturating_add(8)..).unwrap_or_default();
            }
            false
        }
        _ => false,
    }
}

/// Whether an SVG is truncated or malformed, so that browsers show nothing of it. Files that are not UTF-8, such as
/// compressed ones, are not checked.
fn is_broken_svg(bytes: &[u8]) -> bool {
    use quick_xml::events::Event;
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut reader = quick_xml::Reader::from_str(text.trim_start_matches('\u{FEFF}'));
    let (mut depth, mut is_drawing) = (0usize, false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return depth > 0 || !is_drawing,
            Ok(Event::Empty(_)) => {}
            Ok(_) => continue,
            Err(_) => return true,
        }
        is_drawing = true;
    }
}

/// Width and height of a drawing: those of its root element count, else its `viewBox`.
fn svg_dimensions(head: &[u8]) -> Option<(u32, u32)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(head);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) => {
                if element.local_name().as_ref() != "svg" {
                    return None;
                }
                let value = |name: &str| {
                    let attribute = element.try_get_attribute(name).ok()??;
                    Some(attribute.value.into_owned())
                };
                let pixels = |text: String| {
                    let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
                    (1.0..1e6).contains(&number).then_some(number.round() as u32)
                };
                if let (Some(width), Some(height)) = (value("width").and_then(pixels), value("height").and_then(pixels))
                {
                    return Some((width, height));
                }
                let view_box = value("viewBox")?;
                let mut numbers = view_box.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
                let width = pixels(numbers.next()?.to_owned())?;
                return Some((width, pixels(numbers.next()?.to_owned())?));
            }
            Event::Eof => return None,
            _ => buffer.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_has_the_size_it_says() {
        let whole = [
            "<svg><g/></svg>",
            "\u{FEFF}<?xml version=\"1.0\"?>\n<!DOCTYPE svg [<!ENTITY a \"b\">]>\n<svg>&a;<![CDATA[<]]></svg>\n",
        ];
        assert!(!whole.iter().any(|svg| is_broken_svg(svg.as_bytes())));
        let broken = ["", "no drawing", "<svg><g>", "<svg><g></svg>", "<svg", "<svg/><!-- "];
        assert!(broken.iter().all(|svg| is_broken_svg(svg.as_bytes())));
        assert_eq!(svg_dimensions(br#"<?xml version="1.0"?><!-- x --><svg width="12px" height="8"/>"#), Some((12, 8)));
        assert_eq!(svg_dimensions(br#"<svg viewBox="0 0 30.4 20"><g/></svg>"#), Some((30, 20)));
        assert_eq!(svg_dimensions(b"<html/>"), None);
    }

    #[test]
    fn a_moving_png_is_known_by_its_chunk() {
        let still = b"\x89PNG\r\n\x1a\n\0\0\0\x02IHDRxx\0\0\0\0\0\0\0\x02IDATxx\0\0\0\0\0\0\0\x02acTLxx\0\0\0\0";
        let moving = b"\x89PNG\r\n\x1a\n\0\0\0\x02IHDRxx\0\0\0\0\0\0\0\x02acTLxx\0\0\0\0";
        assert!(!is_animated(Format::Png, still) && is_animated(Format::Png, moving));
    }
}
