//! Files: images, data, profiles and comments, by what a source calls them.

use super::Answer;
use crate::article::record::{Comment, Record};
use crate::article::{Row, comments};
use crate::config::{LanguageId, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{self, ArticleId, Role, image_row};
use crate::markdown::Byline;
use crate::query::{Seen, Site};
use crate::site_path;

/// The file that something means in a source.
pub(in crate::query) struct Named<'a> {
    from: &'a str,
    src: &'a str,
    pub(in crate::query) row: Option<Seen<Row>>,
}

/// What a file is; of one in a bundle of several languages, also beside which text it is published.
impl Answer for Named<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let Some(row) = self.row else {
            // What may have been meant is told, unless the file is there and cannot be read.
            let nearest = nearest_image(site, self.from, self.src).fingerprint(site);
            let is_unreadable = is_unreadable(site, self.from, self.src);
            return Fingerprinter::new("no file").part(&nearest).number(is_unreadable.into()).finish();
        };
        let (number, row) = (row.at, &site.index.rows[row.number()]);
        let mut fingerprint = Fingerprinter::new("file");
        fingerprint.text(&row.path).part(&Fingerprint::of(&row.record)).text(site.index.beside(self.from, ""));
        if let Some(photograph) = site.plan.images.of_row(number) {
            // The name holds the hash of the bytes.
            fingerprint.text(&photograph.name);
        }
        fingerprint.finish()
    }
}

/// The comments on an article that may be seen.
pub(crate) struct Comments<'a> {
    /// Their file.
    pub(crate) row: Option<Seen<Row>>,
    /// As the file has them.
    pub(crate) all: Vec<Comment<'a>>,
}

impl Answer for Comments<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let Some(row) = self.row else { return Fingerprint::default() };
        let mut fingerprint = Fingerprinter::new("replies");
        // Some may be still to come. The bytes have the places of warnings.
        fingerprint.part(&site.index.rows[row.number()].content).number(self.all.len() as u64);
        fingerprint.finish()
    }
}

/// The file that `src` means in the source `path`, if it is published.
pub(in crate::query) fn file<'a>(site: &Site, path: &'a str, src: &'a str) -> Named<'a> {
    Named { from: path, src, row: file_row(site, path, src).map(Seen::new) }
}

pub(in crate::query) fn file_row(site: &Site, path: &str, src: &str) -> Option<u32> {
    let row = image_row(&site.index.rows, path, site_path::without_base(&site.config.base_path, src))?;
    let file = &*site.index.rows[row as usize].path;
    let is_withheld = matches!(site.index.bundle_of(file), Some((Role::Withheld | Role::Other, _)));
    (!is_withheld && site.index.role(row) != Role::Hidden).then_some(row)
}

/// Whether `src` means a file in the source `path` that is there and cannot be read.
pub(in crate::query) fn is_unreadable(site: &Site, path: &str, src: &str) -> bool {
    let src = site_path::without_base(&site.config.base_path, src);
    let decoded = percent_encoding::percent_decode_str(&src[..src.find(['?', '#']).unwrap_or(src.len())]);
    let is_broken = |src: &str| {
        let rooted = src.strip_prefix('/');
        let beside = rooted.map_or_else(|| index::resolve(path, src), |rooted| Some(format!("content/{rooted}")));
        beside.is_some_and(|file| site.index.is_broken(&file))
            || site.index.is_broken(&format!("static/{}", rooted.unwrap_or(src)))
    };
    !site.index.broken.is_empty() && (is_broken(src) || is_broken(&decoded.decode_utf8_lossy()))
}

/// What `src`, which is no file of the source `path`, was probably meant to be.
pub(in crate::query) fn nearest_image(site: &Site, path: &str, src: &str) -> Option<String> {
    let base = &*site.config.base_path;
    let plain = site_path::without_base(base, src);
    // The base path may be the name of a folder, too.
    if plain.len() < src.len() && image_row(&site.index.rows, path, src).is_some() {
        return Some(format!("{}{src}", base.trim_end_matches('/')));
    }
    index::nearest_image(&site.index.rows, path, plain)
}

/// The row of the data file `name`: `data/<name>.yaml`, `.yml` or `.json`.
pub(crate) fn data_row(site: &Site, name: &str) -> Option<u32> {
    ["yaml", "yml", "json"].iter().find_map(|ending| site.index.row_of(&format!("data/{name}.{ending}")))
}

/// The row of the file of a profile or a list, unless it is withheld.
pub(in crate::query) fn profile_row(site: &Site, path: &str) -> Option<u32> {
    site.index.row_of(path).filter(|row| site.index.role(*row) != Role::Hidden)
}

/// The account in the Fediverse of the author with this slug; none without a profile that may be seen.
pub(in crate::query) fn account(site: &Site, language: LanguageId, author: &str) -> Option<String> {
    let row = site.index.terms.get(language, Taxonomy::Authors, author)?.row?;
    match site.index.rows[row as usize].record() {
        Record::Author(file) => file.fediverse.map(|account| account.to_string()),
        _ => None,
    }
}

/// The author whom an update of live coverage names, or what was probably meant.
pub(in crate::query) fn byline(site: &Site, language: LanguageId, name: &str) -> Result<Byline, Option<String>> {
    let terms = &site.index.terms;
    let byline = terms.byline(language, name).map(|(name, url)| Byline { name: name.into(), url: url.map(Into::into) });
    byline.ok_or_else(|| terms.nearest_author(language, name).map(Into::into))
}

/// The comments on an article.
pub(in crate::query) fn comments(site: &Site, id: ArticleId) -> Comments<'_> {
    let row = site.index.row_of(&comments::path_of(site.path_of(id)));
    let mut all = match row.map(|row| site.index.rows[row as usize].record()) {
        Some(Record::Comments(_, comments)) => comments,
        _ => Vec::new(),
    };
    site.index.keep_what_may_be_seen(&mut all);
    Comments { row: row.map(Seen::new), all }
}
