//! Formats of images.

use serde::{Deserialize, Serialize};

/// The format of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
    /// Drawn: SVG.
    Svg,
    /// GIF.
    Gif,
    /// Any other.
    Other,
}

impl Format {
    /// The ending of files of this format.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Svg => "svg",
            Self::Gif => "gif",
            Self::Other => "",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Avif => "AVIF",
            Self::Svg => "SVG",
            Self::Gif => "GIF",
            Self::Other => "another format",
        }
    }

    /// The format that the name of a file promises.
    pub fn of_name(path: &str) -> Option<Self> {
        let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
        Some(match ending.as_str() {
            "jpg" | "jpeg" | "jpe" | "jfif" => Self::Jpeg,
            "png" => Self::Png,
            "webp" => Self::Webp,
            "avif" => Self::Avif,
            "svg" => Self::Svg,
            "gif" => Self::Gif,
            "bmp" | "tif" | "tiff" | "jxl" | "heic" | "heif" => Self::Other,
            _ => return None,
        })
    }

    /// Whether it is one of photographs, of which copies can be made.
    pub fn is_photographic(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}
