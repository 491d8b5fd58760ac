//! Rules about what is placed: files that do not exist, articles that are withheld, blocks that have no articles.

use super::{Findings, Piece, Rule, Site};
use crate::article::front::{Front, Selected};
use crate::article::language;
use crate::article::record::Record;
use crate::config::{LanguageId, Taxonomy};
use crate::diagnostic::did_you_mean;
use crate::index::{Role, edition, front};

/// Looks at the key `front` of a section's file, and at the key `related` of an article.
pub(super) fn check(site: &Site<'_>, piece: &Piece<'_>, findings: &mut Findings<'_>) {
    if !findings.wants(Rule::DeadPlace) && !findings.wants(Rule::WithheldPlace) {
        return;
    }
    match piece.record {
        Record::Section(file) => {
            let Some(front) = &file.front else { return };
            let language = language::of_name(piece.path, site.config);
            for (placed, _) in front.placed() {
                check_place(site, piece, ("front", &placed.article), language, findings);
            }
            check_blocks(site, piece, front, language, findings);
        }
        Record::Entry(entry) => {
            for written in &entry.related {
                check_place(site, piece, ("related", written), entry.language, findings);
            }
        }
        _ => {}
    }
}

fn check_place(
    site: &Site<'_>,
    piece: &Piece<'_>,
    (key, written): (&str, &str),
    language: LanguageId,
    findings: &mut Findings<'_>,
) {
    let index = site.index;
    let place = || piece.lines.value_among(&[key], written);
    let dead = |findings: &mut Findings<'_>, message: String, hint: String| {
        findings.add(Rule::DeadPlace, place, message, hint);
    };
    if findings.is_full(Rule::DeadPlace) {
        return;
    }
    let Some(row) = front::row_placed(index, written, language, site.config) else {
        let files = index.rows.iter().filter(|row| crate::article::is_markdown(&row.path));
        let named = files.filter_map(|row| row.path.strip_prefix("content/"));
        let hint = did_you_mean(written, named)
            .unwrap_or_else(|| "write the path of its file from `content/` on, such as `local/tunnel.md`".into());
        return dead(findings, format!("there is no article `{written}`"), hint);
    };
    match index.role(row) {
        Role::Article(id) if index.language_of(id) == language => {}
        Role::Article(_) => dead(
            findings,
            format!("`{written}` is not there in the language of this page"),
            "translate it, or remove it here".into(),
        ),
        Role::Page(_) => dead(
            findings,
            format!("`{written}` is a page, and only articles are placed"),
            "give it a `date`, or lead to it in a `notice` or a menu".into(),
        ),
        Role::Withheld => {
            let message = format!("`{written}` is withheld, so its place goes to another article");
            let hint = "nothing needs to be done if it is yet to be published: then it takes its place; else remove it";
            findings.add(Rule::WithheldPlace, place, message, hint);
        }
        // What cannot be read is told where it stands.
        Role::Hidden | Role::Other if index.is_broken(&index.rows[row as usize].path) => {}
        Role::Hidden | Role::Other => {
            dead(findings, format!("`{written}` is not an article"), "write the path of an article's file".into());
        }
    }
}

fn check_blocks(
    site: &Site<'_>,
    piece: &Piece<'_>,
    front: &Front<'_>,
    language: LanguageId,
    findings: &mut Findings<'_>,
) {
    for block in front.blocks.iter().flatten() {
        let (what, name, hint) = match &block.of {
            Selected::Section(name) if edition::section(site.index, language, name).is_none() => (
                "section",
                name,
                did_you_mean(name, edition::sections_of(site.index, language).map(|(_, one)| &*one.name)),
            ),
            Selected::Tag(name) if site.index.terms.find(language, Taxonomy::Tags, name).is_none() => {
                let tags = site.index.terms.of(language, Taxonomy::Tags);
                ("tag", name, did_you_mean(name, tags.iter().map(|term| &*term.name)))
            }
            _ => continue,
        };
        let place = || piece.lines.value_among(&["front"], name);
        let hint = hint.unwrap_or_else(|| format!("remove the block, or give an article that {what}"));
        findings.add(Rule::DeadPlace, place, format!("there is no {what} `{}`", &**name), hint);
    }
}
