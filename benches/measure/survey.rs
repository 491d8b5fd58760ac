//! What a generator wrote: how many files of which kind and size, and where two of them differ.

use std::collections::BTreeMap;
use std::path::Path;

use walkdir::WalkDir;

use crate::corpus::SECTIONS;

/// A kind of output file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// An article's page: `/section/year/slug/index.html`, or with the default pattern `/section/slug/index.html`.
    Article,
    /// Any other HTML page: the front page, sections, tags, authors and their further pages.
    Listing,
    Feed,
    /// Sitemaps, robots.txt, 404.html, style sheet, images, fragments.
    Other,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Article, Kind::Listing, Kind::Feed, Kind::Other];

    pub(crate) fn plural(self) -> &'static str {
        match self {
            Kind::Article => "article pages",
            Kind::Listing => "listings",
            Kind::Feed => "feeds",
            Kind::Other => "other files",
        }
    }

    fn of(path: &str) -> Kind {
        let parts: Vec<&str> = path.split('/').collect();
        let name = parts[parts.len() - 1];
        let section = SECTIONS.iter().any(|(folder, ..)| *folder == parts[0]);
        // The slug of an article ends with its number.
        let is_numbered = |slug: &str| slug.len() > 8 && slug[slug.len() - 7..].bytes().all(|b| b.is_ascii_digit());
        let is_article = match parts[..] {
            [_, year, _, "index.html"] => year.bytes().all(|b| b.is_ascii_digit()),
            [_, slug, "index.html"] => slug.is_ascii() && is_numbered(slug),
            _ => false,
        };
        if section && is_article {
            Kind::Article
        } else if name == "index.html" {
            Kind::Listing
        } else if name == "feed.xml" {
            Kind::Feed
        } else {
            Kind::Other
        }
    }
}

/// All files below one output folder.
pub(crate) struct Survey {
    files: BTreeMap<String, (Kind, u64)>,
}

impl Survey {
    pub(crate) fn of(output: &Path) -> Result<Survey, walkdir::Error> {
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(output).min_depth(1) {
            let entry = entry?;
            if let (true, Ok(path)) = (entry.file_type().is_file(), entry.path().strip_prefix(output)) {
                let path = path.to_string_lossy().replace('\\', "/");
                files.insert(path.clone(), (Kind::of(&path), entry.metadata()?.len()));
            }
        }
        Ok(Survey { files })
    }

    /// Number and bytes of the files of `kind`.
    pub(crate) fn size(&self, kind: Kind) -> (u64, u64) {
        self.files.values().filter(|(k, _)| *k == kind).fold((0, 0), |(n, sum), (_, bytes)| (n + 1, sum + bytes))
    }

    /// Number and bytes of all files.
    pub(crate) fn total(&self) -> (u64, u64) {
        self.files.values().fold((0, 0), |(n, sum), (_, bytes)| (n + 1, sum + bytes))
    }

    /// Mean bytes of an article's page.
    pub(crate) fn bytes_per_article(&self) -> f64 {
        let (count, bytes) = self.size(Kind::Article);
        bytes as f64 / count.max(1) as f64
    }

    /// How many files of `kind` are here and not in `other`, and the first three of them.
    pub(crate) fn missing_in(&self, other: &Survey, kind: Kind) -> (usize, Vec<&str>) {
        let mut missing = self.files.iter().filter(|(path, (k, _))| *k == kind && !other.files.contains_key(*path));
        let first: Vec<&str> = missing.by_ref().take(3).map(|(path, _)| path.as_str()).collect();
        (first.len() + missing.count(), first)
    }
}
