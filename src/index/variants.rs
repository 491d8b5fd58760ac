//! The variants of an image: their names, sizes and formats, and why there are none.

use crate::article::Row;
use crate::article::record::ImageFile;
use crate::article::slug::slugify;
use crate::config::{Config, ImageFormat, Slugs};
use crate::fingerprint::Fingerprinter;
use crate::original::Format;
use crate::variant::{Cut, Focus, LONGEST_SIDE, MIDDLE, Ratio, Variant};

/// Narrower images are drawings, icons and portraits the size of a stamp: they stay as they are.
const NARROWEST: u32 = 200;

/// The widest cut, in pixels: what Google asks for
/// (<https://developers.google.com/search/docs/appearance/structured-data/article>).
const CUT_WIDTH: u32 = 1200;

/// The fewest pixels of a cut, from the same page.
const CUT_PIXELS: u64 = 50_000;

/// Widths closer to each other than this (in percent) are one.
const CLOSE: u32 = 105;

/// Why a file whose name promises a photograph is none that can be shown.
pub fn fault(path: &str, file: Option<&ImageFile<'_>>, config: &Config) -> Option<(String, String)> {
    let settings = &config.settings.images;
    if let Some(format) = unseen(path) {
        return Some((format!("most browsers cannot show {format}"), "export it as JPEG".to_owned()));
    }
    let promised = Format::of_name(path)?;
    if file.is_some_and(|file| file.width == 0 || file.height == 0) {
        let message = match promised {
            Format::Svg => "browsers show nothing of it: it is cut off, is not well-formed, or has no size",
            _ => "it is broken: it says that it has no width or no height",
        };
        return Some((message.to_owned(), format!("save it anew as {}", promised.name())));
    }
    if let Some(file) = file
        && file.format == Format::Other
        && promised != Format::Other
    {
        let message = format!("its name says {}, and it is {}", promised.name(), file.format.name());
        return Some((message, "export it as JPEG".to_owned()));
    }
    if !promised.is_photographic() || !cfg!(feature = "images") || !settings.resize {
        return None;
    }
    let Some(file) = file else {
        let message = "it is empty or broken: nothing in it says how large it is".to_owned();
        return Some((message, format!("save it anew as {}", promised.name())));
    };
    if file.format != promised {
        let message = format!("its name says {}, and it is {}", promised.name(), file.format.name());
        let hint = match file.format.ending() {
            "" => format!("save it as {}", promised.name()),
            ending => format!("rename it so that it ends with .{ending}"),
        };
        return Some((message, hint));
    }
    let (width, height) = (file.width, file.height);
    if width.max(height) > LONGEST_SIDE {
        let message = format!("it is {width} × {height} pixels large, and no side may be longer than {LONGEST_SIDE}");
        return Some((message, "make it smaller: nobody sees more than 4,000 pixels of width".to_owned()));
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > u64::from(settings.megapixels) * 1_000_000 {
        let message = format!(
            "it has {} megapixels ({} × {}), and the limit is {}",
            pixels.div_ceil(1_000_000),
            width,
            height,
            settings.megapixels
        );
        let hint = "make it smaller: nobody sees more than 4,000 pixels of width; or raise `images.megapixels`";
        return Some((message, hint.to_owned()));
    }
    None
}

/// The format that the name of a file promises, if most browsers do not show it.
fn unseen(path: &str) -> Option<&'static str> {
    let ending = path.rsplit('/').next()?.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match &*ending {
        "heic" | "heif" | "hif" => "HEIC",
        "tif" | "tiff" => "TIFF",
        "jxl" => "JPEG XL",
        "jp2" | "j2k" | "jpf" | "jpx" => "JPEG 2000",
        "psd" | "psb" => "Photoshop files",
        "ai" | "eps" => "PostScript",
        "svgz" => "compressed SVG",
        "arw" | "cr2" | "cr3" | "dng" | "nef" | "orf" | "raf" | "rw2" => "raw files of cameras",
        _ => return None,
    })
}

/// What the names of a photograph's copies begin with; none if there are no copies of it.
pub fn name(row: &Row, file: &ImageFile<'_>, config: &Config) -> Option<String> {
    let settings = &config.settings.images;
    let has_copies = cfg!(feature = "images")
        && settings.resize
        && file.format.is_photographic()
        && !file.is_animated
        && file.width >= NARROWEST
        && file.height > 0
        && !settings.formats.is_empty()
        && fault(&row.path, Some(file), config).is_none();
    if !has_copies {
        return None;
    }
    let stem = row.path.rsplit('/').next().unwrap_or_default();
    let stem = slugify(stem.rsplit_once('.').map_or(stem, |(stem, _)| stem), Slugs::Transliterate);
    let mut hash = Fingerprinter::new("photograph");
    hash.part(&row.content).number(crate::images::recipe(settings.quality));
    let hash = hash.finish().to_string();
    Some(format!("{stem}-{}", &hash[..12]))
}

/// The copy that stands for the image where only one address is possible: its site path, and its size.
pub fn standing_copy(name: &str, file: &ImageFile<'_>, config: &Config) -> Option<(String, u32, u32)> {
    let all = copies(file, config);
    let format = all.last()?.format;
    let copy = all.into_iter().rfind(|one| one.format == format)?;
    Some((site_path(name, copy), copy.width, copy.height))
}

pub(crate) fn site_path(name: &str, variant: Variant) -> String {
    let Variant { cut, width, format, .. } = variant;
    let ending = format.ending();
    match cut {
        None => format!("/pictures/{name}-{width}.{ending}"),
        Some(Cut { ratio, focus: MIDDLE }) => format!("/pictures/{name}-{}-{width}.{ending}", ratio.name()),
        Some(Cut { ratio, focus: (x, y) }) => {
            format!("/pictures/{name}-{}-at{x}x{y}-{width}.{ending}", ratio.name())
        }
    }
}

pub(crate) fn copies(file: &ImageFile<'_>, config: &Config) -> Vec<Variant> {
    let settings = &config.settings.images;
    let mut widths: Vec<u32> = settings.widths.iter().copied().filter(|width| *width <= file.width).collect();
    widths.sort_unstable();
    widths.dedup();
    let widest = settings.widths.iter().copied().max().unwrap_or(0);
    let last = widths.last().copied().unwrap_or(0);
    if file.width < widest && file.width * 100 > last * CLOSE {
        widths.push(file.width);
    }
    let mut formats: Vec<Format> = Vec::new();
    for format in &settings.formats {
        let format = match format {
            ImageFormat::Avif => Format::Avif,
            ImageFormat::Webp => Format::Webp,
            ImageFormat::Original => file.format,
        };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    let height = |width: u32| {
        let height = (u64::from(width) * u64::from(file.height) + u64::from(file.width) / 2) / u64::from(file.width);
        height.max(1) as u32
    };
    let of_format = |format: Format| {
        widths.iter().map(move |width| Variant { cut: None, width: *width, height: height(*width), format })
    };
    formats.into_iter().flat_map(of_format).collect()
}

/// The cuts of an image around a point that are large enough.
pub fn cuts(file: &ImageFile<'_>, focus: Focus) -> Vec<Variant> {
    let cut = |ratio: Ratio| {
        let cut = Cut { ratio, focus };
        let (across, down) = ratio.parts();
        let width = cut.size(file.width, file.height).0.min(CUT_WIDTH);
        let height = width * down / across;
        let is_large = u64::from(width) * u64::from(height) >= CUT_PIXELS;
        is_large.then_some(Variant { cut: Some(cut), width, height, format: file.format })
    };
    Ratio::ALL.into_iter().filter_map(cut).collect()
}
