//! A photograph as it was, without the position at which it was taken.
//!
//! The pixels are not touched. Of everything beside them only the colour profile, the orientation, caption,
//! credit and copyright stay: a position hides in Exif, in XMP, in thumbnails, in makers' notes, and in the
//! film that some phones append.

use std::io::Cursor;

use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};

use super::{decode, encode};
use crate::article::record::Format;

/// The file without the position; none if the format cannot be taken apart.
pub fn without_position(format: Format, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let (metadata, orientation) = decode::metadata(format, &bytes)?;
    let exif = orientation_exif(orientation);
    let xmp = metadata.xmp();
    match format {
        Format::Jpeg => clean_jpeg(bytes, exif, xmp),
        Format::Png => {
            let mut file = Png::from_bytes(Bytes::from(bytes)).ok()?;
            for kind in [b"tEXt", b"zTXt", b"iTXt", b"eXIf"] {
                file.remove_chunks_by_type(*kind);
            }
            file.set_exif(exif.map(Bytes::from));
            if let Some(xmp) = xmp {
                file.chunks_mut().insert(1, encode::xmp_chunk(&xmp));
            }
            Some(file.encoder().bytes().to_vec())
        }
        Format::Webp => {
            let mut file = WebP::from_bytes(Bytes::from(bytes)).ok()?;
            file.remove_chunks_by_id(*b"XMP ");
            if let Some(xmp) = xmp {
                file.chunks_mut().push(RiffChunk::new(*b"XMP ", RiffContent::Data(xmp.into())));
            }
            file.set_exif(exif.map(Bytes::from));
            Some(file.encoder().bytes().to_vec())
        }
        _ => None,
    }
}

fn clean_jpeg(mut bytes: Vec<u8>, exif: Option<Vec<u8>>, xmp: Option<Vec<u8>>) -> Option<Vec<u8>> {
    bytes.truncate(end_of_jpeg(&bytes)?);
    let mut file = Jpeg::from_bytes(Bytes::from(bytes)).ok()?;
    // JFIF, the colour profile and Adobe's note on colours are needed to show it.
    let is_needed = |segment: &JpegSegment| match segment.marker() {
        markers::APP2 => segment.contents().starts_with(b"ICC_PROFILE\0"),
        markers::APP0 | markers::APP14 => true,
        marker => !(markers::APP1..=markers::APP15).contains(&marker) && marker != markers::COM,
    };
    file.segments_mut().retain(is_needed);
    file.set_exif(exif.map(Bytes::from));
    if let Some(xmp) = xmp {
        let at = file.segments().iter().take_while(|one| matches!(one.marker(), markers::APP0 | markers::APP1)).count();
        let segment = JpegSegment::new_with_contents(markers::APP1, [encode::JPEG_XMP, &xmp].concat().into());
        file.segments_mut().insert(at, segment);
    }
    Some(file.encoder().bytes().to_vec())
}

/// Where the first picture in the file ends (ISO/IEC 10918-1, annex B).
fn end_of_jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xD9 => return Some(at + 2),
            0xFF => at += 1,
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
        }
    }
}

/// Exif that says nothing but how the picture is to be turned; none if it stands upright.
fn orientation_exif(orientation: u8) -> Option<Vec<u8>> {
    if orientation == 1 {
        return None;
    }
    let field = exif::Field {
        tag: exif::Tag::Orientation,
        ifd_num: exif::In::PRIMARY,
        value: exif::Value::Short(vec![orientation.into()]),
    };
    let mut writer = exif::experimental::Writer::new();
    writer.push_field(&field);
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).ok()?;
    Some(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::end_of_jpeg;

    #[test]
    fn what_is_appended_is_not_part_of_the_picture() {
        let picture = b"\xFF\xD8\xFF\xE0\0\x04\xFF\xD9\xFF\xDA\0\x02abc\xFF\0\xFF\xD0def\xFF\xD9";
        let film = [&picture[..], b"film with GPS \xFF\xD9"].concat();
        assert_eq!(end_of_jpeg(&film), Some(picture.len()));
        assert_eq!(end_of_jpeg(&film[..picture.len() - 2]), None);
    }
}
