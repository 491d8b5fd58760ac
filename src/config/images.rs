//! `images` of `site.yaml`: what is made of photographs.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Location;
use super::settings::Problem;

/// What is made of the photographs (JPEG, PNG, WebP) that articles and pages show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Images {
    /// Whether smaller copies are made; when false, images are published as they are.
    pub resize: bool,
    /// The widths of the copies in pixels. No copy is wider than its original.
    pub widths: Vec<u32>,
    /// The formats of the copies; the browser takes the first one that it knows.
    pub formats: Vec<ImageFormat>,
    /// How much of the detail is kept, by format.
    pub quality: Quality,
    /// Whether a blurred miniature stands in the page until the image is there.
    pub placeholder: bool,
    /// Whether the image of an article is also cut to 16:9, 4:3 and 1:1, for search engines and cards.
    pub crops: bool,
    /// What is published of the original.
    pub originals: Originals,
    /// The largest image that is read, in megapixels; a larger one is an error.
    pub megapixels: u32,
    /// Where machines keep for each other what they made of images, and social cards: `s3://BUCKET/PREFIX` or
    /// `folder:///FOLDER`. `courant build` takes from there what it does not have, and adds what it makes.
    pub store: Option<String>,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            resize: true,
            widths: vec![480, 800, 1200, 1600],
            formats: vec![ImageFormat::Avif, ImageFormat::Webp, ImageFormat::Original],
            quality: Quality::default(),
            placeholder: true,
            crops: true,
            originals: Originals::Clean,
            megapixels: 80,
            store: None,
        }
    }
}

/// A format of copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// AVIF: the smallest, and the slowest to make.
    Avif,
    /// WebP: known to all browsers of the last years.
    Webp,
    /// That of the original: known to every browser.
    Original,
}

/// How much of the detail is kept, from 1 (little) to 100 (all).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Quality {
    /// The quality of AVIF copies, from 1 to 100.
    pub avif: u8,
    /// The quality of WebP copies, from 1 to 100.
    pub webp: u8,
    /// The quality of JPEG copies, from 1 to 100.
    pub jpeg: u8,
}

impl Default for Quality {
    fn default() -> Self {
        Self { avif: 55, webp: 78, jpeg: 80 }
    }
}

/// What is published of an original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Originals {
    /// What is needed to show the file, and its credit: not where it was taken, nor what the camera wrote beside it.
    #[default]
    Clean,
    /// The file as it is, with everything that the camera wrote.
    Raw,
    /// Nothing, unless a text links to the file: the copies are enough.
    Linked,
}

impl Images {
    /// Values that have the right type and no sense.
    pub(super) fn problems(&self, problem: &mut dyn FnMut(Problem)) {
        if self.widths.is_empty() || self.widths.iter().any(|width| !(16..=8192).contains(width)) {
            let message = format!("`images.widths` is {:?}", self.widths);
            problem(Problem::of("widths", message, "name widths from 16 to 8192 pixels"));
        }
        let quality = self.quality;
        for (key, value) in [("avif", quality.avif), ("webp", quality.webp), ("jpeg", quality.jpeg)] {
            if !(1..=100).contains(&value) {
                let message = format!("`images.quality.{key}` is {value}");
                problem(Problem::of(key, message, "use a number from 1 to 100"));
            }
        }
        if !(1..=500).contains(&self.megapixels) {
            let message = format!("`images.megapixels` is {}", self.megapixels);
            problem(Problem::of("megapixels", message, "use a number from 1 to 500"));
        }
        let is_place = |store: &str| {
            matches!(Location::parse(store, Path::new("")), Some(Location::Folder(_) | Location::S3 { .. }))
        };
        if let Some(store) = self.store.as_deref().filter(|store| !is_place(store)) {
            let message = format!("`images.store` is `{store}`");
            let hint = "write `s3://BUCKET/PREFIX` or `folder:///FOLDER`";
            problem(Problem::of("store", message, hint));
        }
    }
}
