//! Which copies there are of which photographs.
//!
//! The addresses follow from the name of the file, its bytes, the recipe and the width, so a page can name
//! a copy before there is one. Nothing is planned of a photograph that no visible text shows.

use crate::article::Row;
use crate::article::record::{PictureFile, Record};
use crate::article::slug::slugify;
use crate::config::address;
use crate::config::{Config, Originals, PictureFormat, Slugs};
use crate::fingerprint::Fingerprinter;
use crate::index::{Index, PictureRole};
use crate::original::Format;
use crate::variant::{Cut, Derivative, Focus, LONGEST_SIDE, MIDDLE, Ratio};
use rustc_hash::FxHashMap;

/// Narrower pictures are drawings, icons and portraits the size of a stamp: they stay as they are.
const NARROWEST: u32 = 200;

/// The widest cut, in pixels: what Google asks for
/// (<https://developers.google.com/search/docs/appearance/structured-data/article>).
const CUT_WIDTH: u32 = 1200;

/// The fewest pixels of a cut, from the same page.
const CUT_PIXELS: u64 = 50_000;

/// Widths closer to each other than this (in percent) are one.
const CLOSE: u32 = 105;

/// A photograph with its copies.
#[derive(Debug)]
pub struct Photograph {
    /// The row of its file.
    pub row: u32,
    /// What the names of its copies begin with.
    pub name: Box<str>,
    /// The copies: whole ones by format, then by width; then cuts.
    pub derivatives: Vec<Derivative>,
}

impl Photograph {
    /// The site path of a copy.
    pub fn site_path(&self, derivative: Derivative) -> String {
        site_path(&self.name, derivative)
    }

    /// The whole copies in a format, the narrowest first.
    pub fn copies(&self, format: Format) -> impl Iterator<Item = Derivative> + '_ {
        self.derivatives.iter().copied().filter(move |one| one.cut.is_none() && one.format == format)
    }

    /// The formats of the whole copies, in the order in which browsers are offered them.
    pub fn formats(&self) -> Vec<Format> {
        let mut formats: Vec<Format> =
            self.derivatives.iter().filter(|one| one.cut.is_none()).map(|one| one.format).collect();
        formats.dedup();
        formats
    }

    /// The cuts around a point.
    pub fn cuts(&self, focus: Focus) -> impl Iterator<Item = Derivative> + '_ {
        self.derivatives.iter().copied().filter(move |one| one.cut.is_some_and(|cut| cut.focus == focus))
    }
}

/// All photographs of which there are copies.
#[derive(Debug, Default)]
pub struct Photographs {
    /// Each once, by its row.
    pub all: Vec<Photograph>,
    by_row: FxHashMap<u32, u32>,
    by_name: FxHashMap<Box<str>, u32>,
    /// Rows of originals that are not published.
    unpublished: Vec<u32>,
}

impl Photographs {
    /// Plans the copies of everything that is shown.
    pub(super) fn of(index: &Index, config: &Config) -> Self {
        let mut this = Self::default();
        let mut linked = Vec::new();
        for one in &index.pictures {
            let row = &index.rows[one.row as usize];
            if one.role == PictureRole::Linked {
                linked.push(one.row);
                continue;
            }
            let Record::File(Some(file)) = row.record() else { continue };
            let Some(name) = name(row, &file, config) else { continue };
            let at = match this.by_name.get(&*name) {
                Some(at) => *at,
                None => {
                    let at = this.all.len() as u32;
                    let name: Box<str> = name.into();
                    let derivatives = copies(&file, config);
                    this.by_name.insert(name.clone(), at);
                    this.all.push(Photograph { row: one.row, name, derivatives });
                    at
                }
            };
            this.by_row.insert(one.row, at);
            if let PictureRole::Lead(focus) = one.role
                && config.settings.pictures.crops
            {
                let photograph = &mut this.all[at as usize];
                if photograph.cuts(focus).next().is_none() {
                    photograph.derivatives.extend(cuts(&file, focus));
                }
            }
        }
        if config.settings.pictures.originals == Originals::Linked {
            this.unpublished = this.by_row.keys().copied().filter(|row| !linked.contains(row)).collect();
            this.unpublished.sort_unstable();
        }
        this
    }

    /// The photograph in a row.
    pub fn of_row(&self, row: u32) -> Option<&Photograph> {
        self.by_row.get(&row).map(|at| &self.all[*at as usize])
    }

    /// The photograph with a name.
    pub fn named(&self, name: &str) -> Option<&Photograph> {
        self.by_name.get(name).map(|at| &self.all[*at as usize])
    }

    /// Whether the file in a row is published itself.
    pub fn publishes(&self, row: u32) -> bool {
        self.unpublished.binary_search(&row).is_err()
    }
}

/// Why a file whose name promises a photograph is none that can be shown.
pub fn fault(path: &str, file: Option<&PictureFile<'_>>, config: &Config) -> Option<(String, String)> {
    let settings = &config.settings.pictures;
    if let Some(format) = unseen(path) {
        return Some((format!("most browsers cannot show {format}"), "export it as JPEG".to_owned()));
    }
    let promised = Format::of_name(path)?;
    if let Some(file) = file
        && file.format == Format::Other
        && promised != Format::Other
    {
        let message = format!("its name says {}, and it is {}", promised.name(), file.format.name());
        return Some((message, "export it as JPEG".to_owned()));
    }
    if !promised.is_photographic() || !cfg!(feature = "pictures") || !settings.resize {
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
        let hint = "make it smaller: nobody sees more than 4,000 pixels of width; or raise `pictures.megapixels`";
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
pub fn name(row: &Row, file: &PictureFile<'_>, config: &Config) -> Option<String> {
    let settings = &config.settings.pictures;
    let has_copies = cfg!(feature = "pictures")
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
    hash.part(&row.content).number(crate::pictures::recipe(settings.quality));
    let hash = hash.finish().to_string();
    Some(format!("{stem}-{}", &hash[..12]))
}

/// The copy that stands for the picture where only one address is possible: its site path, and its size.
pub fn standing_copy(name: &str, file: &PictureFile<'_>, config: &Config) -> Option<(String, u32, u32)> {
    let all = copies(file, config);
    let format = all.last()?.format;
    let copy = all.into_iter().rfind(|one| one.format == format)?;
    Some((site_path(name, copy), copy.width, copy.height))
}

fn site_path(name: &str, derivative: Derivative) -> String {
    let Derivative { cut, width, format, .. } = derivative;
    let ending = format.ending();
    match cut {
        None => format!("/pictures/{name}-{width}.{ending}"),
        Some(Cut { ratio, focus: MIDDLE }) => format!("/pictures/{name}-{}-{width}.{ending}", ratio.name()),
        Some(Cut { ratio, focus: (x, y) }) => {
            format!("/pictures/{name}-{}-at{x}x{y}-{width}.{ending}", ratio.name())
        }
    }
}

fn copies(file: &PictureFile<'_>, config: &Config) -> Vec<Derivative> {
    let settings = &config.settings.pictures;
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
            PictureFormat::Avif => Format::Avif,
            PictureFormat::Webp => Format::Webp,
            PictureFormat::Original => file.format,
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
        widths.iter().map(move |width| Derivative { cut: None, width: *width, height: height(*width), format })
    };
    formats.into_iter().flat_map(of_format).collect()
}

/// The cuts of a picture around a point that are large enough.
pub fn cuts(file: &PictureFile<'_>, focus: Focus) -> Vec<Derivative> {
    let cut = |ratio: Ratio| {
        let cut = Cut { ratio, focus };
        let (across, down) = ratio.parts();
        let width = cut.size(file.width, file.height).0.min(CUT_WIDTH);
        let height = width * down / across;
        let is_large = u64::from(width) * u64::from(height) >= CUT_PIXELS;
        is_large.then_some(Derivative { cut: Some(cut), width, height, format: file.format })
    };
    Ratio::ALL.into_iter().filter_map(cut).collect()
}

/// The address of a site path of a copy.
pub fn address_of(config: &Config, site_path: &str) -> String {
    address::encode(config, site_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_keeps_the_point_and_stays_inside() {
        let cut = |ratio, focus| Cut { ratio, focus }.place(400, 300);
        assert_eq!(cut(Ratio::Square, MIDDLE), (50, 0, 300, 300));
        assert_eq!(cut(Ratio::Square, (0, 0)), (0, 0, 300, 300));
        assert_eq!(cut(Ratio::Square, (100, 0)), (100, 0, 300, 300));
        assert_eq!(cut(Ratio::Wide, (50, 100)), (0, 75, 400, 225));
        assert_eq!(cut(Ratio::Classic, (10, 90)), (0, 0, 400, 300));
    }
}
