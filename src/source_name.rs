//! What the name of a source says: whether it is read, is left out, or withholds what is in it.
//!
//! Pure: no file is looked at. [`scan`](crate::source::scan) asks here, and so does everybody who checks a name.

mod marks;

use crate::file_kind::MARKDOWN;
use crate::text::compatible;
pub use marks::{FOREIGN, is_locale, is_mark, is_marked, is_marked_headline};
use marks::{in_brackets, is_marked_ending, is_marked_index, is_number, without_language, words};

/// The folder of house advertisements, in the site's folder.
pub const FOLDER_OF_ADS: &str = "includes/ads/";

/// The folders of sources, in the site's folder.
pub const FOLDERS: [&str; 5] = ["content", "static", "data", "includes", "themes"];

/// Whether a path in a folder of sources, or a folder above it, is left out.
pub fn is_ignored_source(path: &str) -> bool {
    let slashes = path.match_indices('/').map(|(at, _)| at);
    is_below(path)
        && slashes
            .clone()
            .zip(slashes.skip(1).chain([path.len()]))
            .any(|(from, to)| is_ignored(&path[..from], &path[from + 1..to]))
}

/// Whether a path is in a folder of sources.
pub fn is_below(path: &str) -> bool {
    FOLDERS.contains(&path.split('/').next().unwrap_or_default())
}

/// Files that editors, version control and desktops leave behind.
///
/// Under `static/` dot files are the owner's (`.well-known/`, `.nojekyll`); elsewhere they are nobody's.
/// Folders of such names are the tools' (`.git`, `.stversions`, `.trash`), with old versions by the thousand: what texts in
/// them name is not looked at.
pub fn is_ignored(folder: &str, name: &str) -> bool {
    let is_static = folder == "static" || folder.starts_with("static/");
    is_of_editor(name) && !(has_texts(folder) && unread(folder, name).is_some())
        || (name.starts_with('.') && (name.ends_with(".swp") || name.ends_with(".swx")))
        || matches!(name, ".DS_Store" | "Thumbs.db" | ".git" | ".gitkeep" | ".gitignore" | "4913")
        || (name.starts_with('.') && !is_static && !is_hidden_text(folder, name))
}

/// Whether an editor keeps a file beside another one: `x.md~`, `#x.md#`. In the content folder it is a text: a photograph
/// that nothing else names is not for readers.
pub fn is_of_editor(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with('~') || name.starts_with('#') && name.ends_with('#')
}

/// Whether a Markdown file is hidden by a dot in front of its name. macOS (`._x.md`) and Emacs (`.#x.md`) put other files
/// beside a text.
fn is_hidden_text(folder: &str, name: &str) -> bool {
    has_texts(folder)
        && name.strip_prefix('.').is_some_and(|name| name.starts_with(char::is_alphanumeric) && is_markdown_name(name))
}

fn is_in_content(folder: &str) -> bool {
    folder == "content" || folder.starts_with("content/")
}

/// The folder of texts in which a folder is.
pub fn folder_of_texts(folder: &str) -> &'static str {
    if is_in_content(folder) { "content/" } else { FOLDER_OF_ADS }
}

/// Whether names of files in a folder may say that a text is not for readers: in the content folder, and among house
/// advertisements.
fn has_texts(folder: &str) -> bool {
    is_in_content(folder)
        || folder
            .strip_prefix(FOLDER_OF_ADS.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is written for those who look at a folder of articles, or for the tools that they use.
const NOTES: [&str; 18] = [
    "AGENTS",
    "AUTHORS",
    "CHANGELOG",
    "CLAUDE",
    "CODE_OF_CONDUCT",
    "CONTRIBUTING",
    "CONTRIBUTORS",
    "COPYING",
    "GEMINI",
    "HISTORY",
    "INSTALL",
    "LICENCE",
    "LICENSE",
    "MAINTAINERS",
    "NOTICE",
    "README",
    "SECURITY",
    "TODO",
];

/// Whether a file is one of [`NOTES`]: `README.md`, `Readme.de.markdown`, `LICENSE.md`. An article or page with such a
/// name has it in lower case like all others.
fn is_readme(folder: &str, name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    has_texts(folder)
        && (NOTES.contains(&stem) || stem.eq_ignore_ascii_case("readme") && stem != "readme")
        && is_markdown_name(name)
}

/// Whether a path is in a folder that is left out.
pub fn is_in_left_out(path: &str) -> bool {
    set_aside(path).or_else(|| marked_folder(path)).is_some()
}

/// Whether a folder of `content/` is left out with all that is in it; its texts withhold what only they name. A name that begins with `_` says so to Jekyll, Astro
/// and Docusaurus; articles are in Jekyll's `_posts` and `_drafts` only.
fn is_set_aside(folder: &str, name: &str) -> bool {
    let has_articles =
        || name == "_posts" || ["_drafts", "_draft"].iter().any(|drafts| name.eq_ignore_ascii_case(drafts));
    name.starts_with('_') && has_texts(folder) && !(is_in_content(folder) && has_articles())
}

/// The first folder of a path that is left out.
pub fn set_aside(path: &str) -> Option<&str> {
    if !path.contains("/_") {
        return None;
    }
    let mut slashes = path.match_indices('/').map(|(at, _)| at).peekable();
    while let (Some(from), Some(to)) = (slashes.next(), slashes.peek()) {
        if is_set_aside(&path[..from], &path[from + 1..*to]) {
            return Some(&path[..*to]);
        }
    }
    None
}

/// The first folder of a path whose name says that what is in it is not to be published: `HOLD`, `DRAFT x`, `x (draft)`.
/// Texts in it are left out like those of such a name, and other files with them.
pub fn marked_folder(path: &str) -> Option<&str> {
    let within = ["content/", FOLDER_OF_ADS].into_iter().find(|within| path.starts_with(within))?;
    let rest = &path[within.len()..];
    let folders = &rest[..rest.rfind('/')?];
    // Hardly a folder has a name that may say so.
    let may_be = |byte: u8| byte.is_ascii_uppercase() || !byte.is_ascii() || matches!(byte, b'.' | b'(' | b'[' | b'{');
    if !folders.bytes().any(may_be) {
        return None;
    }
    let mut end = within.len() - 1;
    folders.split('/').find_map(|name| {
        end += 1 + name.len();
        (!name.starts_with('_') && is_marked(name)).then(|| &path[..end])
    })
}

/// Whether the name of a Markdown file, without its ending, is that of a copy which an editor, a synchronised folder or
/// a version control made.
fn is_second_copy(stem: &str) -> bool {
    // macOS takes accents apart, and Japanese names may have brackets of full width.
    let stem = &*compatible(stem);
    let lower = stem.to_lowercase();
    let last = lower.rsplit_once('.').map_or("", |(_, last)| last);
    // Git calls the sides of a conflict so, for tools in which people merge them, in capitals.
    let of_merge = |dividers: &[char], stem: &str| {
        let mut parts = stem.rsplit(dividers);
        let number = parts.next().unwrap_or_default();
        number.bytes().all(|byte| byte.is_ascii_digit())
            && parts.next().is_some_and(|kind| matches!(kind, "LOCAL" | "REMOTE" | "BASE" | "BACKUP"))
    };
    matches!(last, "bak" | "backup" | "old" | "orig" | "tmp" | "rej" | "save")
        || is_conflict(last)
        || of_merge(&['.'], &stem.to_ascii_uppercase())
        || of_merge(&['_'], stem)
        || lower.starts_with('~')
        || lower.ends_with('~')
        || is_numbered(&lower)
        || is_called_copy(&lower)
        || has_moment_of_conflict(&lower)
        || lower.contains(".sync-conflict-")
        || is_of_conflict(&lower)
}

/// Words for a copy, in the languages of desktops.
const COPIES: &str = "copy,kopie,copie,copia,c\u{f3}pia,c\u{f2}pia,kopia,kopio,kopija,копия,のコピー,副本,拷贝,拷貝";

/// Words that may end a headline, too.
const APART: &str = "kopi,kopya,k\u{f3}pia,koopia,m\u{e1}solat,m\u{e1}solata,копія,копие,αντιγραφή,αντίγραφο,コピー,複製,複本,복사본,사본,\
     עותק,نسخة,b\u{1ea3}n sao,salinan,ส\u{e4d}\u{e32}เนา";

/// Whether a name in lower case is one that folders give which several people share (Dropbox, Nextcloud, Syncthing,
/// Seafile, pCloud) to what two of them changed at once: a word for a conflict and one for a copy, in brackets or side by
/// side, or in brackets nothing else than the conflict, with its kind and its day.
fn is_of_conflict(stem: &str) -> bool {
    const CONFLICTS: [&str; 15] = [
        "conflict",
        "conflit",
        "conflito",
        "konflikt",
        "çakış",
        "ütköz",
        "ristirii",
        "motstrid",
        "modstrid",
        "конфлік",
        "конфлик",
        "충돌",
        "競合",
        "冲突",
        "衝突",
    ];
    const KINDS: [&str; 6] = ["case", "encoding", "file", "pcloud", "unicode", "whitespace"];
    let is_conflict = |word: &&str| CONFLICTS.iter().any(|one| word.starts_with(one));
    let is_copy = |word: &&str| {
        let mut names = COPIES.split(',').chain(APART.split(','));
        // In some languages both are one word.
        names.any(|one| *word == one || is_conflict(word) && word.ends_with(one))
    };
    let is_alone = |words: &[&str]| {
        let numbers: Vec<&str> = words.iter().filter(|word| is_number(word)).copied().collect();
        let is_kind =
            |word: &&str| KINDS.contains(word) || matches!(*word, "conflict" | "conflicted") || is_number(word);
        // A day, or which one it is; in a headline it would be years.
        let is_day = numbers.len() > 2 || numbers.iter().all(|number| number.len() < 3 || number.len() > 7);
        words.iter().all(is_kind) && words.iter().any(is_conflict) && is_day
    };
    let speaks = |words: &[&str]| words.iter().any(is_conflict) && words.iter().any(is_copy);
    let is_within = |inside: &str| {
        let words = words(inside);
        words.first() == Some(&"sfconflict") || speaks(&words) || is_alone(&words)
    };
    let all = words(stem);
    in_brackets(stem).any(is_within) || all.windows(2).chain(all.windows(3)).any(speaks)
}

/// Whether the last word of a name says so: `x.Conflict` and `x.Conflict(1)` of Resilio.
fn is_conflict(last: &str) -> bool {
    last.strip_prefix("conflict").is_some_and(|rest| rest.bytes().all(|byte| !byte.is_ascii_alphabetic()))
}

/// Whether a name ends as ownCloud and Nextcloud once called it: `x_conflict-20261122-101010`.
fn has_moment_of_conflict(stem: &str) -> bool {
    let moment = stem.rsplit_once("_conflict-").map_or("", |(_, moment)| moment);
    moment.len() >= 8 && moment.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// A name without the number of a copy behind it: `x` of `x 2` and `x (2)`, and whether it had one.
fn without_count(stem: &str) -> (&str, bool) {
    let bare = stem.strip_suffix(')').unwrap_or(stem);
    let counted = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    match bare.len() - counted.len() {
        1..=2 if counted.ends_with([' ', '(']) => (counted.trim_end_matches([' ', '(']), true),
        _ => (bare, false),
    }
}

/// Whether a name in lower case is that which a desktop gives to a copy: `Copy of x`, `Copy (2) of x`, `x - Copy (2)`,
/// `x copy 2`, `x Kopie`, `x (copie)`, `x のコピー`. A headline may begin with `Copy of`, too, so what follows is the
/// plain name of a file.
fn is_called_copy(stem: &str) -> bool {
    let (plain, _) = without_count(stem);
    let is_behind = |words: &str, between: &[&str]| {
        let before =
            |word: &str| plain.strip_suffix(word).filter(|before| between.iter().any(|end| before.ends_with(end)));
        words.split(',').any(|word| before(word).is_some())
    };
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    behind_copy_of(stem).is_some_and(|(name, is_numbered)| is_numbered || is_name(without_count(name).0))
        || is_behind(COPIES, &[" ", " ("])
        || is_behind(APART, &[" - ", " \u{2013} ", " \u{2014} ", " ("])
}

/// What stands behind `Copy of ` in a name in lower case, and whether the copy has a number: `Copy (2) of `.
fn behind_copy_of(stem: &str) -> Option<(&str, bool)> {
    const OF: [&str; 7] = ["of ", "von ", "van ", "de ", "di ", "av ", "af "];
    let (copy, rest) = stem.split_once(' ')?;
    if !COPIES.split(',').chain(["kopi"]).any(|word| word == copy) {
        return None;
    }
    let numbered =
        rest.strip_prefix('(').and_then(|rest| rest.split_once(") ")).filter(|(number, _)| is_number(number));
    let rest = numbered.map_or(rest, |(_, rest)| rest);
    OF.iter().find_map(|of| rest.strip_prefix(of)).map(|name| (name, numbered.is_some()))
}

/// The names of which a name may be that of a copy, if they are there; else it is a headline: `Kopia x`, `Copy of x`,
/// `x másolata`, `x (1)`.
pub fn originals(name: &str) -> Vec<String> {
    const BEFORE: [&str; 9] =
        ["kopia ", "kopija ", "копия ", "копія ", "نسخة من ", "עותק של ", "b\u{1ea3}n sao ", "salinan ", "αντίγραφο "];
    let name = &*compatible(name);
    let lower = name.to_lowercase();
    // Hardly a letter has another length in lower case; of a name with one nothing is said.
    if lower.len() != name.len() || !lower.contains([' ', '(']) && lower.is_ascii() {
        return Vec::new();
    }
    let (plain, is_counted) = without_count(&lower);
    let of = behind_copy_of(&lower).map(|(rest, _)| rest);
    let behind = of.into_iter().chain(BEFORE.iter().filter_map(|word| lower.strip_prefix(word)));
    let behind = behind.map(|rest| &name[name.len() - rest.len()..]);
    let before = COPIES.split(',').chain(APART.split(',')).filter_map(|word| plain.strip_suffix(word));
    let before = before.chain((is_counted && lower.ends_with(')')).then_some(plain)).map(|rest| &name[..rest.len()]);
    let is_between = |c: char| matches!(c, ' ' | '-' | '\u{2013}' | '\u{2014}' | '(');
    let all = behind.chain(before.map(|rest| rest.trim_end_matches(is_between)));
    all.filter(|rest| !rest.is_empty()).map(str::to_owned).collect()
}

/// Whether a name ends as that of a file which was downloaded or copied again: `x (1)`, `x(1)`.
fn is_numbered(stem: &str) -> bool {
    let number = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once('(')).map_or("", |(_, number)| number);
    (1..=2).contains(&number.len()) && is_number(number)
}

/// The ending by which a text of the content folder is known: that of Markdown, of MDX, which is read in another way, or
/// of comments. Another file has none.
pub fn text_kind(path: &str) -> Option<&'static str> {
    let kinds = [MARKDOWN[0], MARKDOWN[0], MARKDOWN[2], COMMENTS];
    let endings = MARKDOWN.into_iter().chain([COMMENTS]);
    endings.zip(kinds).find(|(ending, _)| path.ends_with(ending)).map(|(_, kind)| kind)
}

/// The ending of a file with the comments on an article.
pub const COMMENTS: &str = ".comments.yaml";

/// Whether a name or path is that of a Markdown file.
pub fn is_markdown_name(name: &str) -> bool {
    without_markdown_ending(name).is_some()
}

/// The name or path of a Markdown file without its ending.
pub fn without_markdown_ending(name: &str) -> Option<&str> {
    MARKDOWN.iter().find_map(|ending| name.strip_suffix(ending))
}

/// Whether a file may be the text of a bundle, by its name: `index.md`, `Index.de.md`, `index.md.bak`, `HOLD index.md`.
pub fn is_index(name: &str) -> bool {
    let stem = name.trim_start_matches('#').split('.').next().unwrap_or_default();
    stem.eq_ignore_ascii_case("index") || without_markdown_ending(name).is_some() && is_marked_index(stem)
}

/// What the name of a file, or of a folder above it, says of a text that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It is not to be published, as a draft.
    Marked,
    /// It is a copy, for somebody else, or of a kind that is not read.
    Other,
}

/// Whether a file holds a text that is not read, by its path.
pub fn left_out_text(path: &str) -> Option<LeftOut> {
    let (folder, name) = path.rsplit_once('/')?;
    let of_folder = || marked_folder(path).filter(|_| text_kind(name).is_some()).map(|_| LeftOut::Marked);
    let aside = set_aside(path).filter(|_| is_markdown_name(name)).map(|_| LeftOut::Other);
    aside.or_else(of_folder).or_else(|| unread(folder, name).map(|unread| unread.kind.unwrap_or(LeftOut::Other)))
}

/// Whether a file was meant to be that of a section, and is not read: `_Index.md`, `_index.MD`.
pub fn is_wrong_section(folder: &str, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(stem) = [".md", ".markdown", ".mdx", ".mdown", ".mkd"].iter().find_map(|end| lower.strip_suffix(end))
    else {
        return false;
    };
    let is_read = name.starts_with("_index.") && is_markdown_name(name);
    (stem == "_index" || stem.starts_with("_index.")) && !is_read && is_in_content(folder)
}

/// Whether a file has a name as most articles have, which says nothing else: `harbour-tunnel-2.md`.
fn is_plain(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.strip_suffix(".md").is_some_and(|stem| stem.bytes().all(is_letter))
}

/// Why a file that holds the text of an article, or comments on one, is not read.
pub struct Unread {
    /// What is told of it.
    pub reason: &'static str,
    /// What would have to be done to its name.
    pub cure: &'static str,
    /// What its name says of the text; none of comments.
    pub kind: Option<LeftOut>,
}

/// Why a file is not read, by its name. Copied to the output as it is, it would show what its front matter withholds, or
/// the e-mail addresses of readers.
pub fn unread(folder: &str, name: &str) -> Option<Unread> {
    const MARKDOWN_CURE: &str = "let its name end with `.md`";
    const COMMENTS_CURE: &str = "let its name end with `.comments.yaml`";
    const COPIES: [&str; 9] = ["bak", "backup", "old", "orig", "rej", "save", "tmp", "new", "txt"];
    if !has_texts(folder) || is_plain(name) {
        return None;
    }
    let text = |reason, cure| Some(Unread { reason, cure, kind: Some(LeftOut::Other) });
    let comments = |reason| Unread { reason, cure: COMMENTS_CURE, kind: None };
    let lower = name.to_ascii_lowercase();
    let is_copy = |ending: &str| {
        COPIES.contains(&ending) || ending.bytes().all(|c| c.is_ascii_digit()) || is_marked_ending(ending)
    };
    // `x.md.bak`, `x.md.HOLD`, `x.md.1`, and what editors keep: `x.md~`, `#x.md#`.
    let copied = lower.rsplit_once('.').filter(|(_, ending)| is_copy(ending)).map_or(&*lower, |(before, _)| before);
    let copied = copied.trim_start_matches('#').trim_end_matches(['~', '#']);
    let is_copy_of = |kind: &dyn Fn(&str) -> bool| copied.len() < lower.len() && kind(copied);
    let is_of = |name: &str, endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_markdown = |name: &str| is_of(name, &[".md", ".markdown", ".mdown", ".mkd", ".mdx"]);
    if let Some(stem) = without_markdown_ending(name) {
        if is_readme(folder, name) {
            let reason = "a file of this name is for those who look at the files, not for readers";
            return text(reason, "to publish it, give it another name (lower case will do)");
        }
        if stem.starts_with('.') {
            return text("a Markdown file whose name hides it", "give it a name without a dot in front");
        }
        if stem.starts_with('_') && !(stem.starts_with("_index") && is_in_content(folder)) {
            let reason = "a Markdown file that is part of others: its name says so";
            return text(reason, "give it a name without `_` in front");
        }
        if stem.starts_with('#') {
            return text(
                "a Markdown file whose name begins like the copies of an editor",
                "give it a name without `#` in front",
            );
        }
        if is_second_copy(stem) || is_second_copy(without_language(stem)) {
            return text("a second copy of a Markdown file", "give it a name of its own");
        }
        if is_marked(stem) {
            let reason = "a Markdown file whose name says that it is not to be published";
            let cure = "write `draft: true` into its front matter and give it a plain name";
            return Some(Unread { reason, cure, kind: Some(LeftOut::Marked) });
        }
    }
    if is_copy_of(&is_markdown) {
        return text("a copy of a Markdown file", MARKDOWN_CURE);
    }
    if is_markdown(&lower) && !is_markdown_name(name) {
        return text("a Markdown file whose ending is not read", MARKDOWN_CURE);
    }
    let are_comments = |name: &str| {
        is_of(name, &[".comments.yaml", ".comments.yml", ".comments.json"])
            || matches!(name, "comments.yaml" | "comments.yml" | "comments.json")
    };
    if is_copy_of(&are_comments) {
        return Some(comments("a copy of a file of comments"));
    }
    let is_read = name.ends_with(".comments.yaml");
    (are_comments(&lower) && !is_read).then(|| comments("a file of comments whose name is not read"))
}

/// Whether a folder of `content/` can have this name and be a section.
pub fn can_be_section(name: &str) -> bool {
    let is_folder = !name.is_empty() && !name.starts_with(['.', '_']) && !name.contains(['/', '\\']);
    let path = format!("content/{name}/article.md");
    is_folder && name != "authors" && !is_year(name) && !is_ignored_source(&path) && marked_folder(&path).is_none()
}

/// Whether a folder or a category is a year.
pub fn is_year(name: &str) -> bool {
    name.len() == 4 && name.starts_with(['1', '2']) && name.bytes().all(|byte| byte.is_ascii_digit())
}
