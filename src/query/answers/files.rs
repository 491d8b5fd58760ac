//! Files: images, data, profiles and comments, by what a source calls them.

use super::{Answer, Plain};
use crate::article::record::{Comment, Image, Record};
use crate::article::{Row, comments};
use crate::config::{LanguageId, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Article, ArticleId, ImageRef, Role, file_address, image_row, nearest_image};
use crate::markdown::{Byline, FileInfo};
use crate::plan::PlannedImage;
use crate::query::answers::TermName;
use crate::query::{Question, Seen, Site, View};
use crate::site_path;

/// The file that something means in a source.
pub(super) struct Named<'a> {
    from: &'a str,
    src: &'a str,
    row: Option<Seen<Row>>,
}

/// What a file is; of one in a bundle of several languages, also beside which text it is published.
impl Answer for Named<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let Some(row) = self.row else {
            // What may have been meant is told.
            return site.nearest_image(self.from, self.src).fingerprint(site);
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
        // Some may be still to come.
        fingerprint.part(&Fingerprint::of(&site.index.rows[row.number()].record)).number(self.all.len() as u64);
        fingerprint.finish()
    }
}

impl Site {
    /// The file that `src` means in the source `path`, if it is published.
    pub(super) fn file<'a>(&self, path: &'a str, src: &'a str) -> Named<'a> {
        Named { from: path, src, row: self.file_row(path, src).map(Seen::new) }
    }

    pub(super) fn file_row(&self, path: &str, src: &str) -> Option<u32> {
        let row = image_row(&self.index.rows, path, site_path::without_base(&self.config.base_path, src))?;
        let file = &*self.index.rows[row as usize].path;
        let is_withheld = matches!(self.index.bundle_of(file), Some((Role::Withheld | Role::Other, _)));
        (!is_withheld && self.index.role(row) != Role::Hidden).then_some(row)
    }

    /// What `src`, which is no file of the source `path`, was probably meant to be.
    fn nearest_image(&self, path: &str, src: &str) -> Option<String> {
        let base = &*self.config.base_path;
        let plain = site_path::without_base(base, src);
        // The base path may be the name of a folder, too.
        if plain.len() < src.len() && image_row(&self.index.rows, path, src).is_some() {
            return Some(format!("{}{src}", base.trim_end_matches('/')));
        }
        nearest_image(&self.index.rows, path, plain)
    }

    /// The row of the data file `name`: `data/<name>.yaml`, `.yml` or `.json`.
    pub(super) fn data_row(&self, name: &str) -> Option<u32> {
        ["yaml", "yml", "json"].iter().find_map(|ending| self.index.row_of(&format!("data/{name}.{ending}")))
    }

    /// The row of the file of a profile or a list, unless it is withheld.
    pub(super) fn profile_row(&self, path: &str) -> Option<u32> {
        self.index.row_of(path).filter(|row| self.index.role(*row) != Role::Hidden)
    }
    /// The account in the Fediverse of the author with this slug; none without a profile that may be seen.
    pub(super) fn account(&self, language: LanguageId, author: &str) -> Option<String> {
        let row = self.index.terms.get(language, Taxonomy::Authors, author)?.row?;
        match self.index.rows[row as usize].record() {
            Record::Author(file) => file.fediverse.map(|account| account.to_string()),
            _ => None,
        }
    }

    /// The author whom an update of live coverage names, or what was probably meant.
    pub(super) fn byline(&self, language: LanguageId, name: &str) -> Result<Byline, Option<String>> {
        let terms = &self.index.terms;
        let byline =
            terms.byline(language, name).map(|(name, url)| Byline { name: name.into(), url: url.map(Into::into) });
        byline.ok_or_else(|| terms.nearest_author(language, name).map(Into::into))
    }

    /// The comments on an article.
    pub(super) fn comments(&self, id: ArticleId) -> Comments<'_> {
        let row = self.index.row_of(&comments::path_of(self.path_of(id)));
        let mut all = match row.map(|row| self.index.rows[row as usize].record()) {
            Some(Record::Comments(_, comments)) => comments,
            _ => Vec::new(),
        };
        self.index.keep_what_may_be_seen(&mut all);
        Comments { row: row.map(Seen::new), all }
    }
}

impl View {
    /// The file that `src` means in the source `path`, if it is published.
    pub(crate) fn file(&self, path: &str, src: &str) -> Option<Seen<Row>> {
        self.ask(Question::File(Box::new((path.into(), src.into()))), self.site.file(path, src)).row
    }

    /// What `src`, which is no file of the source `path`, was probably meant to be.
    pub(crate) fn nearest_image(&self, path: &str, src: &str) -> Option<String> {
        self.file(path, src);
        self.site.nearest_image(path, src)
    }

    /// A file that is published as it is, as seen from the source `from` at `url`.
    pub(crate) fn file_info(&self, row: Seen<Row>, from: &str, url: &str) -> Option<FileInfo> {
        let (row, index) = (self.get(row), &self.site.index);
        let file = match row.record() {
            Record::Unread(_) => None,
            Record::File(file) => file,
            _ => return None,
        };
        let address = file_address(&row.path, from, index.beside(from, url), &self.site.config);
        let mut info = FileInfo { address, ..FileInfo::default() };
        if let Some(file) = file {
            info.size = Some((file.width, file.height));
            info.caption = file.caption.map(|caption| caption.0.into_owned());
            info.credit = file.credit.map(|credit| credit.0.into_owned());
            info.alt = file.alt.map(|alt| alt.0.into_owned());
        }
        Some(info)
    }

    /// An image of a record in `row` as pages show it; none if its file may not be seen.
    pub(crate) fn image<'a>(&'a self, image: &'a Image<'_>, row: Seen<Row>, url: &str) -> Option<ImageRef<'a>> {
        self.site.index.image(image, &self.get(row).path, url, &self.site.config)
    }

    /// The image in a row, if there are variants of it.
    pub(crate) fn planned_image(&self, row: Seen<Row>) -> Option<Seen<PlannedImage>> {
        self.site.plan.images.place_of_row(row.at).map(Seen::new)
    }

    /// The image with a name, which an answer has: the name holds the hash of its bytes.
    pub(crate) fn image_named(&self, name: &str) -> Option<Seen<PlannedImage>> {
        self.site.plan.images.place_of_name(name).map(Seen::new)
    }

    /// The file of a profile or a list, unless it is withheld.
    pub(crate) fn profile(&self, path: &str) -> Option<Seen<Row>> {
        let row = self.site.profile_row(path);
        self.ask(Question::Profile(path.into()), self.site.content(row));
        row.map(Seen::new)
    }

    /// The data file `name`.
    pub(crate) fn data(&self, name: &str) -> Option<Seen<Row>> {
        let row = self.site.data_row(name);
        self.ask(Question::Data(name.into()), self.site.content(row));
        row.map(Seen::new)
    }

    /// The comments on an article, and the path of their file.
    pub(crate) fn comments(&self, id: Seen<Article>) -> Comments<'_> {
        self.ask(Question::Comments(self.source_of(id)), self.site.comments(id.at))
    }

    /// The account in the Fediverse of an author.
    pub(crate) fn account(&self, author: &TermName<'_>) -> Option<String> {
        let account = Plain(self.site.account(author.language, author.slug));
        self.ask(Question::Account(author.language, author.slug.into()), account).0
    }

    /// The author whom an update of live coverage names, or what was probably meant.
    pub(crate) fn byline(&self, language: LanguageId, name: &str) -> Result<Byline, Option<String>> {
        self.ask(Question::Byline(language, name.into()), Plain(self.site.byline(language, name))).0
    }
}
