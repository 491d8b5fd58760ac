//! From pixels to files. Every setting that has an influence on the bytes is said here, and none depends on
//! the machine: the same pixels are the same file, with one hand or with eight.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageEncoder};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};
use rgb::FromSlice;

use super::Problem;
use crate::config::Quality;
use crate::original::Format;
use crate::original::Metadata;

/// How hard AVIF is compressed, from 1 (slow) to 10. At equal quality 9 takes 1.4 times as long and saves 10 % of
/// the bytes, 8 takes 2.6 times as long and saves 16 %.
const AVIF_SPEED: u8 = 10;

/// How hard WebP is compressed, from 0 (fast) to 6: its own default.
const WEBP_METHOD: i32 = 4;

/// What a JPEG segment with XMP begins with (XMP specification, part 3, 1.1.3).
const JPEG_XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The largest XMP packet that a JPEG segment takes.
const JPEG_XMP_LIMIT: usize = 65_000;

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem { message: format!("no copy can be made of it: {error}"), hint: "save it anew as JPEG" }
}

/// A copy in a format, with what is kept of the original's metadata.
pub(super) fn copy(
    image: &DynamicImage,
    format: Format,
    quality: Quality,
    metadata: &Metadata,
) -> Result<Vec<u8>, Problem> {
    match format {
        Format::Avif => avif(image, quality.avif, metadata),
        Format::Webp => webp(image, quality.webp.into(), metadata),
        Format::Png => png(image, metadata),
        _ => jpeg(image, quality.jpeg, metadata),
    }
}

fn jpeg(image: &DynamicImage, quality: u8, metadata: &Metadata) -> Result<Vec<u8>, Problem> {
    let (width, height) = (image.width(), image.height());
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else {
        return Err(failed("it is more than 65,535 pixels high"));
    };
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_2_0);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    if let Some(xmp) = metadata.xmp().filter(|xmp| xmp.len() <= JPEG_XMP_LIMIT) {
        encoder.add_app_segment(1, [JPEG_XMP, &xmp].concat()).map_err(failed)?;
    }
    let pixels = match image {
        DynamicImage::ImageRgb8(pixels) => std::borrow::Cow::Borrowed(pixels),
        other => std::borrow::Cow::Owned(other.to_rgb8()),
    };
    encoder.encode(pixels.as_raw(), width, height, jpeg_encoder::ColorType::Rgb).map_err(failed)?;
    Ok(bytes)
}

fn webp(image: &DynamicImage, quality: f32, metadata: &Metadata) -> Result<Vec<u8>, Problem> {
    let bytes = plain_webp(image, quality, WEBP_METHOD)?;
    let Some(xmp) = metadata.xmp() else { return Ok(bytes) };
    let mut file = WebP::from_bytes(Bytes::from(bytes)).map_err(failed)?;
    file.chunks_mut().push(RiffChunk::new(*b"XMP ", RiffContent::Data(xmp.into())));
    // Puts the header in front that says so.
    file.set_exif(None);
    Ok(file.encoder().bytes().to_vec())
}

fn plain_webp(image: &DynamicImage, quality: f32, method: i32) -> Result<Vec<u8>, Problem> {
    let mut config = webp::WebPConfig::new().map_err(|()| failed("WebP has no settings"))?;
    config.quality = quality;
    config.method = method;
    config.thread_level = 0;
    let (width, height) = (image.width(), image.height());
    let encoder = match image {
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels.as_raw(), width, height),
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels.as_raw(), width, height),
        other => return Err(failed(format!("its pixels are {:?}", other.color()))),
    };
    let memory = encoder.encode_advanced(&config).map_err(|error| failed(format!("{error:?}")))?;
    Ok(memory.to_vec())
}

fn avif(image: &DynamicImage, quality: u8, metadata: &Metadata) -> Result<Vec<u8>, Problem> {
    // One hand for each file: with more, what comes out would depend on how many there are.
    let mut encoder = ravif::Encoder::new()
        .with_quality(quality.into())
        .with_alpha_quality(quality.into())
        .with_speed(AVIF_SPEED)
        .with_bit_depth(ravif::BitDepth::Eight)
        .with_num_threads(Some(1));
    if let Some(exif) = metadata.exif() {
        encoder = encoder.with_exif(exif);
    }
    let (width, height) = (image.width() as usize, image.height() as usize);
    // `encode_rgb` would be compiled as a part of this crate, so in builds for tests without optimisation;
    // this one writes the same for images without alpha.
    let pixels = image.to_rgba8();
    let made = encoder.encode_rgba(ravif::Img::new(pixels.as_rgba(), width, height));
    Ok(made.map_err(failed)?.avif_file)
}

fn png(image: &DynamicImage, metadata: &Metadata) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
        .write_image(image.as_bytes(), image.width(), image.height(), image.color().into())
        .map_err(failed)?;
    let Some(xmp) = metadata.xmp() else { return Ok(bytes) };
    let mut file = Png::from_bytes(Bytes::from(bytes)).map_err(failed)?;
    file.chunks_mut().insert(1, xmp_chunk(&xmp));
    Ok(file.encoder().bytes().to_vec())
}

/// XMP in a PNG (XMP specification, part 3, 1.1.5): an `iTXt` chunk, uncompressed.
fn xmp_chunk(xmp: &[u8]) -> PngChunk {
    PngChunk::new(*b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0", xmp].concat().into())
}

/// A miniature as a `data:` address; empty where something behind it would show through.
pub(super) fn placeholder(image: &DynamicImage) -> Result<Vec<u8>, Problem> {
    use base64::Engine as _;
    if let DynamicImage::ImageRgba8(pixels) = image
        && pixels.pixels().any(|pixel| pixel.0[3] < 250)
    {
        return Ok(Vec::new());
    }
    let image = DynamicImage::from(image.to_rgb8());
    let bytes = plain_webp(&image, 20.0, 6)?;
    Ok(format!("data:image/webp;base64,{}", base64::prelude::BASE64_STANDARD.encode(bytes)).into_bytes())
}
