//! From the bytes of a photograph to pixels: upright, in sRGB, not much larger than needed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageResult, Limits, Pixel};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::{ImageRequest, Problem};
use crate::original::Format;
use crate::original::{self, MOST_PROFILE, Metadata};
use crate::variant::{Cut, LONGEST_SIDE};

/// What decoders may take beside the pixels: the colour profile, and their tables.
const MOST_BESIDE: u64 = MOST_PROFILE as u64 + (16 << 20);

/// Copies are never so much smaller than this that another pass would show.
const LANCZOS: ResizeAlg = ResizeAlg::Convolution(FilterType::Lanczos3);

/// A decoder with limits: of its memory, and of the sides of the image. `bytes` have passed [`original::clean`], so
/// what stands beside the pixels is short.
fn decoder<'b>(format: Format, bytes: &'b [u8], limits: Limits) -> ImageResult<Option<Box<dyn ImageDecoder + 'b>>> {
    let cursor = Cursor::new(bytes);
    let mut decoder: Box<dyn ImageDecoder> = match format {
        Format::Jpeg => Box::new(JpegDecoder::new(cursor)?),
        Format::Png => Box::new(PngDecoder::with_limits(cursor, limits.clone())?),
        Format::Webp => Box::new(WebPDecoder::new(cursor)?),
        _ => return Ok(None),
    };
    decoder.set_limits(limits)?;
    Ok(Some(decoder))
}

/// The size of an image as its decoder has it; none if it has none. `bytes` have passed [`original::clean`].
pub fn size(format: Format, bytes: &[u8]) -> Option<(u32, u32)> {
    decoder(format, bytes, Limits::default()).ok()?.map(|decoder| decoder.dimensions())
}

/// Decodes a photograph: upright, in sRGB, and halved each of so many times.
pub(super) fn halved(
    order: &ImageRequest<'_>,
    bytes: Vec<u8>,
    times: BTreeSet<u32>,
) -> Result<(Metadata, BTreeMap<u32, DynamicImage>), Problem> {
    let broken = |error: ImageError| Problem {
        message: match error {
            ImageError::Decoding(error) => format!("it is broken: {error}"),
            ImageError::IoError(_) => "it is broken: its end is missing".to_owned(),
            other => format!("it cannot be decoded: {other}"),
        },
        hint: "save it anew, or take another copy of it",
    };
    if order.format == Format::Jpeg && !is_whole_jpeg(&bytes) {
        return Err(Problem { message: "it is broken: its end is missing".into(), hint: "copy the file again" });
    }
    let (metadata, orientation) = original::head(&bytes);
    let orientation = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
    let bytes = original::clean(order.path, bytes).bytes;
    let Some(mut decoder) = decoder(order.format, &bytes, limits(order)).map_err(broken)? else {
        return Err(Problem { message: "it is of a format that is not read".into(), hint: "save it as JPEG" });
    };
    let (width, height) = decoder.dimensions();
    if order.size != (width, height) && order.size != (height, width) {
        return Err(Problem {
            message: format!("it is broken: it says two sizes, one of them {width} × {height}"),
            hint: "save it anew, or take another copy of it",
        });
    }
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    drop(bytes);
    // Eight bits and three or four channels are what all encoders take.
    let image = match image {
        image @ (DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_)) => image,
        image if image.color().has_alpha() => image.into_rgba8().into(),
        image => image.into_rgb8().into(),
    };
    let finish = |mut image: DynamicImage| {
        if let Some(profile) = &profile {
            to_srgb(&mut image, profile);
        }
        image.apply_orientation(orientation);
        image
    };
    // What is halved is finished when it is a quarter of the work, and always then.
    let most = times.last().copied().unwrap_or_default();
    let half = (most > 0).then(|| halve(&image));
    let mut halved = BTreeMap::new();
    if times.contains(&0) {
        halved.insert(0, finish(image));
    } else {
        drop(image);
    }
    let mut next = half.map(finish);
    for time in 1..=most {
        let Some(image) = next.take() else { break };
        next = (time < most).then(|| halve(&image));
        if times.contains(&time) {
            halved.insert(time, image);
        }
    }
    Ok((metadata, halved))
}

/// What decoding may take: eight bytes for each pixel are four channels of 16 bits, and as much again is what decoders
/// keep beside them.
fn limits(order: &ImageRequest<'_>) -> Limits {
    let mut limits = Limits::default();
    let (width, height) = order.size;
    limits.max_alloc = Some(u64::from(width) * u64::from(height) * 16 + MOST_BESIDE);
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits
}

fn halve(image: &DynamicImage) -> DynamicImage {
    cut(image, None, image.width().div_ceil(2), image.height().div_ceil(2))
}

/// Whether the end of a JPEG is there: decoders fill what is missing with grey. In the scans every `FF` is
/// followed by a zero (ISO/IEC 10918-1, B.1.1.5), so the end is where it seems to be.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let scan = memchr::memmem::rfind(bytes, b"\xFF\xDA");
    let end = memchr::memmem::rfind(bytes, b"\xFF\xD9");
    scan.is_some() && end > scan
}

/// A part of an image in another size.
pub(super) fn cut(master: &DynamicImage, cut: Option<Cut>, width: u32, height: u32) -> DynamicImage {
    let part = cut.map(|cut| {
        let (from_left, from_top, width, height) = cut.place(master.width(), master.height());
        (f64::from(from_left), f64::from(from_top), f64::from(width), f64::from(height))
    });
    let mut small = like(master, width.max(1), height.max(1));
    let mut options = ResizeOptions::new().resize_alg(LANCZOS);
    if let Some((left, top, width, height)) = part {
        options = options.crop(left, top, width, height);
    }
    // `Resizer::resize` would compile all 13 kinds of pixels: a seventh of the code that the compiler optimises here.
    match (master, &mut small) {
        (DynamicImage::ImageRgb8(from), DynamicImage::ImageRgb8(to)) => resize::<U8x3, _>(from, to, &options),
        (DynamicImage::ImageRgba8(from), DynamicImage::ImageRgba8(to)) => resize::<U8x4, _>(from, to, &options),
        _ => unreachable!("photographs are decoded to eight bits and three or four channels"),
    }
    small
}

fn resize<P: PixelTrait, I: Pixel<Subpixel = u8>>(
    from: &ImageBuffer<I, Vec<u8>>,
    to: &mut ImageBuffer<I, Vec<u8>>,
    options: &ResizeOptions,
) {
    let (width, height) = to.dimensions();
    let fits = "as many bytes as pixels, of one byte each channel";
    let from = TypedImageRef::<P>::from_buffer(from.width(), from.height(), from).expect(fits);
    let mut to = TypedImage::<P>::from_buffer(width, height, to).expect(fits);
    Resizer::new().resize_typed(&from, &mut to, options).expect("the part lies within the image");
}

fn like(image: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    DynamicImage::new(width, height, image.color())
}

/// Colours as every browser shows them. A profile that cannot be read is left out, as browsers do.
fn to_srgb(image: &mut DynamicImage, profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let layout = if image.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let srgb = ColorProfile::new_srgb();
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()) else {
        return;
    };
    let mut converted = vec![0; image.as_bytes().len()];
    if transform.transform(image.as_bytes(), &mut converted).is_err() {
        return;
    }
    match image {
        DynamicImage::ImageRgb8(pixels) => pixels.copy_from_slice(&converted),
        DynamicImage::ImageRgba8(pixels) => pixels.copy_from_slice(&converted),
        _ => {}
    }
}
