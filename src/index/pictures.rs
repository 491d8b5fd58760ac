//! Which photographs visible texts show, and as what.

use super::{Role, bundle_of, picture_row};
use crate::article::Row;
use crate::article::record::{Mention, Picture, Record, Story};
use crate::plan::{Focus, MIDDLE};

/// A photograph that a visible text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PictureUse {
    /// The row of its file.
    pub row: u32,
    /// As what.
    pub role: PictureRole,
}

/// As what a photograph is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureRole {
    /// It is shown.
    Shown,
    /// It is the picture of an article, to be cut around this point.
    Lead(Focus),
    /// There is a link to the file.
    Linked,
}

/// What a story in the source `path` names.
pub(super) fn of_story(story: &Story<'_>, path: &str, rows: &[Row]) -> Box<[PictureUse]> {
    if story.image.is_none() && story.mentions.is_empty() {
        return Box::default();
    }
    let lead = story.image.as_ref().map(|image| (image, PictureRole::Lead(image.focus.unwrap_or(MIDDLE))));
    of(lead, &story.mentions, path, rows).into()
}

/// What the files of sections and authors name.
pub(super) fn of_others(rows: &[Row], roles: &[Role]) -> Vec<PictureUse> {
    let mut all = Vec::new();
    for (row, role) in rows.iter().zip(roles) {
        if *role != Role::Other || !crate::article::is_markdown(&row.path) {
            continue;
        }
        match row.record() {
            Record::Section(file) => all.extend(of(None, &file.mentions, &row.path, rows)),
            Record::Author(file) => {
                let portrait = file.image.as_ref().map(|image| (image, PictureRole::Shown));
                all.extend(of(portrait, &file.mentions, &row.path, rows));
            }
            _ => {}
        }
    }
    all
}

/// Puts them in order, each once, without what belongs to something withheld.
pub(super) fn sorted(
    mut all: Vec<PictureUse>,
    rows: &[Row],
    roles: &[Role],
    bundle_names: &[String],
) -> Vec<PictureUse> {
    all.sort_unstable();
    all.dedup();
    all.retain(|one| !is_hidden(one.row, rows, roles, bundle_names));
    all
}

/// Whether a file belongs to the bundle of something that is not visible.
pub(super) fn is_hidden(row: u32, rows: &[Row], roles: &[Role], bundle_names: &[String]) -> bool {
    let bundle = bundle_of(rows, roles, bundle_names, &rows[row as usize].path);
    matches!(bundle, Some((Role::Withheld | Role::Other, _)))
}

fn of(
    image: Option<(&Picture<'_>, PictureRole)>,
    mentions: &[Mention<'_>],
    path: &str,
    rows: &[Row],
) -> Vec<PictureUse> {
    let image = image.map(|(image, role)| (&*image.src, role));
    let role = |mention: &Mention<'_>| if mention.is_shown { PictureRole::Shown } else { PictureRole::Linked };
    let named = image.into_iter().chain(mentions.iter().map(|mention| (&*mention.src, role(mention))));
    named.filter_map(|(src, role)| Some(PictureUse { row: picture_row(rows, path, src)?, role })).collect()
}
