//! Rules about images: that they are there, have words and a credit, and are large enough.

use super::{Findings, Piece, Rule, Site, Where};
use crate::article::record::{Image, ImageFile, Record};
use crate::diagnostic::Place;
use crate::index::{Role, image_row};
use crate::site_path;

/// The width from which on Google Discover shows an image large
/// (<https://developers.google.com/search/docs/appearance/google-discover>).
const DISCOVER_WIDTH: u32 = 1200;

/// The spellings of the front matter's key.
pub(super) const KEYS: [&str; 7] = ["image", "images", "featured_image", "featuredImage", "picture", "photo", "avatar"];

/// Looks at the images of one file.
pub(super) fn check(site: &Site<'_>, piece: &Piece<'_>, findings: &mut Findings<'_>) {
    match piece.record {
        Record::Entry(entry) => {
            if let Some(image) = &entry.image {
                check_front(site, piece, image, entry.core.date.is_some(), findings);
            }
        }
        Record::Author(author) => {
            if let Some(image) = &author.image {
                let place = || piece.lines.value_among(&KEYS, &image.src);
                find(site, piece, &image.src, place, findings);
            }
        }
        _ => {}
    }
    for shown in &piece.prose.images {
        let place = || Place::span(piece.path, piece.text, shown.range.clone());
        let file = find(site, piece, &shown.src, place, findings);
        if !shown.has_alt && file.as_ref().is_none_or(|file| file.alt.is_none()) {
            findings.add(
                Rule::MissingAlt,
                place,
                "the image has no words for those who do not see it",
                "say in the brackets what it shows: `![A tram in the tunnel](…)`",
            );
        }
        let has_credit = shown.title.split_once('|').is_some_and(|(_, credit)| !credit.trim().is_empty())
            || file.is_some_and(|file| file.credit.is_some());
        if shown.is_figure && !has_credit {
            findings.add(
                Rule::MissingCredit,
                place,
                "the image does not say who made it",
                "write the credit behind a bar: `![…](a.jpg \"Caption | Ines Vale\")`",
            );
        }
    }
}

/// The image in the front matter of an article or page.
fn check_front(site: &Site<'_>, piece: &Piece<'_>, image: &Image<'_>, is_article: bool, findings: &mut Findings<'_>) {
    let place = || piece.lines.value_among(&KEYS, &image.src);
    let file = find(site, piece, &image.src, place, findings);
    if image.alt.is_empty() && file.as_ref().is_none_or(|file| file.alt.is_none()) {
        findings.add(
            Rule::MissingAlt,
            place,
            "the image has no words for those who do not see it",
            "write `image: { src: …, alt: … }` with what it shows",
        );
    }
    if image.credit.is_none() && file.as_ref().is_none_or(|file| file.credit.is_none()) {
        findings.add(Rule::MissingCredit, place, "the image does not say who made it", "add `credit: …` to `image`");
    }
    let is_drawn = image.src.to_ascii_lowercase().ends_with(".svg");
    if let Some(width) = file.map(|file| file.width)
        && is_article
        && !is_drawn
        && width < DISCOVER_WIDTH
    {
        findings.add(
            Rule::SmallImage,
            place,
            format!("the image is {width} pixels wide"),
            "use one of at least 1,200 pixels, so that Google Discover shows it large",
        );
    }
}

/// The head of an image that is a file of the site. Notes a finding if there is no such file.
fn find<'s>(
    site: &'s Site<'_>,
    piece: &Piece<'_>,
    src: &str,
    place: impl Where,
    findings: &mut Findings<'_>,
) -> Option<ImageFile<'s>> {
    let is_elsewhere = src.contains("://") || src.starts_with("//") || src.starts_with("data:");
    if is_elsewhere || src.is_empty() {
        return None;
    }
    let Some(row) = image_row(&site.index.rows, piece.path, site_path::without_base(&site.config.base_path, src))
    else {
        if findings.is_full(Rule::MissingImage) {
            return None;
        }
        let hint = nearest(site, src).map_or_else(
            || "put the file beside the article, or write its path in `static/` with a slash in front".to_owned(),
            |path| format!("did you mean `{path}`?"),
        );
        findings.add(Rule::MissingImage, place, format!("there is no image `{src}`"), hint);
        return None;
    };
    let row = &site.index.rows[row as usize];
    let bundle = site.index.bundle_of(&row.path);
    let is_own = |rest: &str| row.path.strip_suffix(rest).is_some_and(|folder| piece.path.starts_with(folder));
    if matches!(bundle, Some((Role::Withheld, rest)) if !is_own(rest)) {
        findings.add(
            Rule::MissingImage,
            place,
            format!("the image `{src}` belongs to an article that is withheld"),
            "copy it beside this article, or into `static/`",
        );
    }
    match row.record() {
        Record::File(file) => file,
        _ => None,
    }
}

/// The image of the site whose name is the same but for its case, ending or one letter.
fn nearest(site: &Site<'_>, src: &str) -> Option<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let stem = |name: &str| name.rsplit_once('.').map_or_else(|| name.to_owned(), |(stem, _)| stem.to_owned());
    let wanted = name(src);
    let images = site.index.rows.iter().filter(|row| matches!(row.record(), Record::File(Some(_))));
    images
        .filter_map(|row| {
            let given = name(&row.path);
            let distance = if stem(&given) == stem(&wanted) { 0 } else { strsim::osa_distance(&given, &wanted) };
            (distance <= 1).then_some((distance, &row.path))
        })
        .min()
        .map(|(_, path)| {
            path.strip_prefix("static").or_else(|| path.strip_prefix("content")).unwrap_or(path).to_owned()
        })
}
