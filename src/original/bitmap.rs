//! BMP and ICO: they have no place for metadata, but room for more than pixels.

use super::{Doubt, is_clean_image};

/// Length of what stands in front of the header of a BMP.
const FILE_HEADER: usize = 14;

fn little32(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}

fn little16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Sees whether a BMP is headers, palette and pixels.
pub(super) fn bmp(bytes: &[u8]) -> Result<(), Doubt> {
    match pixels(bytes) {
        Some((header, pixels)) if header == pixels.start && pixels.end + 3 >= bytes.len() => Ok(()),
        _ => Err(Doubt::Format("BMP with more than pixels")),
    }
}

/// Where the headers end, and where the pixels stand.
fn pixels(bytes: &[u8]) -> Option<(usize, std::ops::Range<usize>)> {
    let start = little32(bytes, 10)?;
    let header = little32(bytes, 14)?;
    let is_old = header == 12;
    let (width, height, depth) = if is_old {
        (little16(bytes, 18)?, little16(bytes, 20)?, little16(bytes, 24)?)
    } else {
        let height = little32(bytes, 22)? as u32 as i32;
        (little32(bytes, 18)?, height.unsigned_abs() as usize, little16(bytes, 28)?)
    };
    let (compression, length, colours) =
        if is_old { (0, 0, 0) } else { (little32(bytes, 30)?, little32(bytes, 34)?, little32(bytes, 46)?) };
    // A profile may be the path of a file.
    if header >= 124 && bytes.get(70..74) == Some(b"KNIL") {
        return None;
    }
    let colours = if depth <= 8 && colours == 0 { 1 << depth } else { colours };
    let masks = match (header, compression) {
        (40, 3) => 12,
        (40, 6) => 16,
        _ => 0,
    };
    let palette = colours.checked_mul(if is_old { 3 } else { 4 })?;
    let stride = width.checked_mul(depth)?.checked_add(31)? / 32 * 4;
    let length = if matches!(compression, 0 | 3 | 6) { stride.checked_mul(height)? } else { length };
    let head = FILE_HEADER.checked_add(header)?.checked_add(masks)?.checked_add(palette)?;
    Some((head, start..start.checked_add(length)?))
}

/// Sees whether an icon is images that say nothing else. Without offsets between them nothing can be taken out.
pub(super) fn icon(bytes: &[u8]) -> Result<(), Doubt> {
    const ENTRY: usize = 16;
    let is_clean = || {
        let count = little16(bytes, 4)?;
        let mut end = 6 + count * ENTRY;
        for entry in 0..count {
            let at = 6 + entry * ENTRY;
            let (length, start) = (little32(bytes, at + 8)?, little32(bytes, at + 12)?);
            let image = bytes.get(start..start.checked_add(length)?)?;
            if image.starts_with(b"\x89PNG") && !is_clean_image(image) {
                return None;
            }
            end = end.max(start + length);
        }
        (end == bytes.len()).then_some(())
    };
    is_clean().ok_or(Doubt::Format("icon with more than pixels"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap() -> Vec<u8> {
        let numbers = |all: &[u32]| all.iter().flat_map(|one| one.to_le_bytes()).collect::<Vec<u8>>();
        let head = [b"BM".to_vec(), numbers(&[78, 0, 54, 40, 3, 2])].concat();
        [head, vec![1, 0, 24, 0], numbers(&[0, 24, 0, 0, 0, 0]), vec![7; 24]].concat()
    }

    #[test]
    fn a_bitmap_with_more_than_pixels_is_named() {
        assert_eq!(bmp(&bitmap()), Ok(()));
        assert!(bmp(&[bitmap(), b"54.1 north".to_vec()].concat()).is_err());
        assert!(bmp(b"BM54.1 north").is_err());
    }

    #[test]
    fn an_icon_with_an_image_that_says_more_is_named() {
        let mut png = Vec::new();
        let image = image::RgbImage::new(3, 2);
        image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).expect("encoded");
        let with = |png: &[u8]| {
            let head = [0, 0, 1, 0, 1, 0, 3, 2, 0, 0, 1, 0, 24, 0];
            [&head[..], &(png.len() as u32).to_le_bytes(), &22u32.to_le_bytes(), png].concat()
        };
        assert_eq!(icon(&with(&png)), Ok(()));
        assert!(icon(&[with(&png), b"54.1".to_vec()].concat()).is_err());
        png.splice(33..33, *b"\0\0\0\x06tEXta\x0054.1\0\0\0\0");
        assert!(icon(&with(&png)).is_err());
    }
}
