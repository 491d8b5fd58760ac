//! Files, images, profiles, data and comments.

use crate::article::Row;
use crate::article::record::{Image, Record};
use crate::config::LanguageId;
use crate::index::{Article, ImageRef, file_address, teaser};
use crate::markdown::{Byline, FileInfo};
use crate::plan::PlannedImage;
use crate::query::answers::{Comments, Plain, TermName};
use crate::query::{Question, Seen, View, answers};

/// The file that `src` means in the source `path`, if it is published.
pub(crate) fn file(view: &View, path: &str, src: &str) -> Option<Seen<Row>> {
    view.ask(Question::File(Box::new((path.into(), src.into()))), answers::file(&view.site, path, src)).row
}

/// Whether `src` means a file in the source `path` that is there and cannot be read.
pub(crate) fn is_unreadable(view: &View, path: &str, src: &str) -> bool {
    file(view, path, src);
    answers::is_unreadable(&view.site, path, src)
}

/// What `src`, which is no file of the source `path`, was probably meant to be.
pub(crate) fn nearest_image(view: &View, path: &str, src: &str) -> Option<String> {
    file(view, path, src);
    answers::nearest_image(&view.site, path, src)
}

/// A file that is published as it is, as seen from the source `from` at `url`.
pub(crate) fn file_info(view: &View, row: Seen<Row>, from: &str, url: &str) -> Option<FileInfo> {
    let (row, index) = (view.get(row), &view.site.index);
    let file = match row.record() {
        Record::Unread(_) | Record::List(_) => None,
        Record::File(file) => file,
        _ => return None,
    };
    let address = file_address(&row.path, from, index.beside(from, url), &view.site.config);
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
pub(crate) fn image<'a>(view: &'a View, image: &'a Image<'_>, row: Seen<Row>, url: &str) -> Option<ImageRef<'a>> {
    teaser::image(&view.site.index, image, &view.get(row).path, url, &view.site.config)
}

/// The image in a row, if there are variants of it.
pub(crate) fn planned_image(view: &View, row: Seen<Row>) -> Option<Seen<PlannedImage>> {
    view.site.plan.images.place_of_row(row.at).map(Seen::new)
}

/// The image with a name, which an answer has: the name holds the hash of its bytes.
pub(crate) fn image_named(view: &View, name: &str) -> Option<Seen<PlannedImage>> {
    view.site.plan.images.place_of_name(name).map(Seen::new)
}

/// The file of a profile or a list, unless it is withheld.
pub(crate) fn profile(view: &View, path: &str) -> Option<Seen<Row>> {
    let row = answers::profile_row(&view.site, path);
    view.ask(Question::Profile(path.into()), view.site.content(row));
    row.map(Seen::new)
}

/// The data file `name`.
pub(crate) fn data(view: &View, name: &str) -> Option<Seen<Row>> {
    let row = answers::data_row(&view.site, name);
    view.ask(Question::Data(name.into()), view.site.content(row));
    row.map(Seen::new)
}

/// The comments on an article, and the path of their file.
pub(crate) fn comments(view: &View, id: Seen<Article>) -> Comments<'_> {
    view.ask(Question::Comments(view.source_of(id)), answers::comments(&view.site, id.at))
}

/// The account in the Fediverse of an author.
pub(crate) fn account(view: &View, author: &TermName<'_>) -> Option<String> {
    let account = Plain(answers::account(&view.site, author.language, author.slug));
    view.ask(Question::Account(author.language, author.slug.into()), account).0
}

/// The author whom an update of live coverage names, or what was probably meant.
pub(crate) fn byline(view: &View, language: LanguageId, name: &str) -> Result<Byline, Option<String>> {
    view.ask(Question::Byline(language, name.into()), Plain(answers::byline(&view.site, language, name))).0
}
