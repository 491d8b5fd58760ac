//! The keys of front matter, as data: names, other spellings, what is written behind them, what they mean.
//!
//! The reader (`front_matter`) is code and stays so; this table is what others need to know of it: the
//! checker, which keys are unknown and what was probably meant; the schema, what an editor may offer.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::slug::is_invisible;
use super::withholding;
use crate::diagnostic::did_you_mean;
use crate::text::compatible;

/// What stands behind a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line of text; numbers are fine.
    Text,
    /// A date, with or without a time.
    Date,
    /// The end of an embargo, or of the time in which it is shown: a date, a map of dates, or a word that there is none.
    Until,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// One name, several with commas, or a list of names or of maps with a `name`.
    Names,
    /// The path of an image, or a map with `src`.
    Image,
    /// A name, a map with `name` and `url`, or a list of these.
    Sources,
    /// A text, a map with `date` and `text`, or a list of these.
    Corrections,
    /// One of the kinds of article.
    Kind,
    /// A map with `start` and `end`, both dates.
    Coverage,
    /// A date, or a map with `date` and `reason`.
    Withdrawal,
    /// Who may read the article.
    Access,
    /// Addresses: a list, a list of maps with `title` and `url`, or a map of titles to addresses.
    Links,
    /// The files of articles: one, or a list.
    Articles,
    /// What is placed on a page ([`Front`](super::front::Front)).
    Front,
    /// Anything: it is ignored.
    Anything,
}

/// A key that courant reads.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Other spellings.
    pub also: &'static [&'static str],
    /// What stands behind it.
    pub shape: Shape,
    /// What it means, one sentence.
    pub meaning: &'static str,
}

const fn key(name: &'static str, also: &'static [&'static str], shape: Shape, meaning: &'static str) -> Key {
    Key { name, also, shape, meaning }
}

/// The keys of articles and pages.
pub static ENTRY: &[Key] = &[
    key("title", &[], Shape::Text, "The headline."),
    key(
        "date",
        &["publishDate", "publish_date", "embargo", "embargo_until"],
        Shape::Date,
        "When it is published; read in the `timezone` of site.yaml unless it has an offset.",
    ),
    key("updated", &["lastmod", "last_modified_at", "modified"], Shape::Date, "When it was last changed."),
    key("authors", &["author"], Shape::Names, "Ids of profiles in content/authors/, or plain names."),
    key("tags", &["tag"], Shape::Names, "Subjects."),
    key(
        "categories",
        &["category"],
        Shape::Names,
        "The first one is the section where the folder says nothing; all others become tags.",
    ),
    key("series", &[], Shape::Names, "The series it belongs to."),
    key("summary", &["description", "excerpt"], Shape::Text, "One sentence for lists, feeds and search engines."),
    key("image", &["images", "featured_image", "featuredImage"], Shape::Image, "The image: src, alt, caption, credit."),
    key("source", &["sources"], Shape::Sources, "Where the news comes from."),
    key("corrections", &["correction"], Shape::Corrections, "What was wrong and has been put right."),
    key(
        "canonical",
        &["canonical_url", "canonicalURL", "canonicalUrl"],
        Shape::Text,
        "Where the article was published first: an address, or a path of the site.",
    ),
    key("dateline", &[], Shape::Text, "The place from which it reports."),
    key("coverage", &[], Shape::Coverage, "When live coverage begins and ends: `{ start, end }`."),
    key("access", &[], Shape::Access, "Who may read it all."),
    key("kind", &[], Shape::Kind, "What kind of article it is."),
    key("featured", &[], Shape::Boolean, "Whether it leads the front page."),
    key(
        "related",
        &[],
        Shape::Articles,
        "Files of articles that stand first among the related ones, such as `local/tunnel.md`.",
    ),
    key("draft", &["private", "hidden", "unlisted", "unpublished"], Shape::Boolean, "`true` withholds it."),
    key("published", &["publish"], Shape::Anything, "`false` withholds it; so does a date in the future."),
    key("password", &[], Shape::Anything, "Any password withholds it."),
    key(
        "status",
        &["post_status", "visibility"],
        Shape::Anything,
        "`draft`, `pending`, `private`, `embargoed` and their like withhold it; `published`, `public`, `live`, `final` and `updated` show it.",
    ),
    key(
        "expires",
        &["expiryDate", "expiry_date", "unpublishDate"],
        Shape::Until,
        "From this moment on it is withheld.",
    ),
    key(
        "withdrawn",
        &[],
        Shape::Withdrawal,
        "From this moment on it is withheld; with a `reason`, a notice stands at its address.",
    ),
    key("expired", &[], Shape::Anything, "`true`, or a date: from that moment on it is withheld."),
    key(
        "aliases",
        &["alias", "redirect_from"],
        Shape::Names,
        "Old addresses; each becomes a page that leads to the new one.",
    ),
    key("slug", &[], Shape::Text, "The last part of the address."),
    key("permalink", &["url", "path"], Shape::Text, "The whole address, as a path of the site."),
    key("comments", &[], Shape::Boolean, "Whether there may be comments."),
    key("noindex", &["robotsNoIndex"], Shape::Boolean, "`true` asks search engines not to list it."),
    key("id", &[], Shape::Text, "The permanent id in feeds."),
    key(
        "language",
        &["lang"],
        Shape::Text,
        "The language it is in, one of `languages` in site.yaml; needed only where the file name does not say it.",
    ),
    key("layout", &[], Shape::Anything, "Ignored."),
    key("type", &[], Shape::Anything, "Ignored."),
];

/// The keys of `_index.md`.
pub static SECTION: &[Key] = &[
    key("title", &[], Shape::Text, "The title of the section."),
    key("description", &["summary", "intro"], Shape::Text, "One sentence about it."),
    key("order", &["weight"], Shape::Integer, "Where it stands among the sections; small numbers come first."),
    key(
        "front",
        &[],
        Shape::Front,
        "What stands on its page, and until when: `lead`, `top`, `packages`, `blocks` and `notice`.",
    ),
    key(
        "aliases",
        &["alias", "redirect_from", "permalink", "url", "path"],
        Shape::Names,
        "Old addresses; each becomes a page that leads to the section.",
    ),
    key("layout", &[], Shape::Anything, "Ignored."),
    key("type", &[], Shape::Anything, "Ignored."),
];

/// The keys of a house advertisement, `includes/ads/<name>.md`.
pub static AD: &[Key] = &[
    key("title", &[], Shape::Text, "What it is called, for those who look at the timeline."),
    key("slot", &[], Shape::Text, "The slot of `ad_slots` in which it stands."),
];

/// The keys of `authors/<id>.md`.
pub static AUTHOR: &[Key] = &[
    key("name", &["title"], Shape::Text, "The author's name."),
    key("role", &["position"], Shape::Text, "What they do."),
    key("description", &["summary", "bio"], Shape::Text, "One sentence about them."),
    key("image", &["picture", "photo", "avatar"], Shape::Image, "A portrait."),
    key("links", &[], Shape::Links, "Their pages elsewhere."),
    key(
        "fediverse",
        &["mastodon"],
        Shape::Text,
        "Their account in the Fediverse, `@name@host`: Mastodon names it below links to their articles.",
    ),
    key("layout", &[], Shape::Anything, "Ignored."),
    key("type", &[], Shape::Anything, "Ignored."),
];

/// The keys of an image.
pub static IMAGE: &[Key] = &[
    key(
        "src",
        &["url", "path", "file"],
        Shape::Text,
        "A file beside the article or in static/, a path with a slash in front, or an address.",
    ),
    key("alt", &[], Shape::Text, "What it shows, for those who do not see it."),
    key("caption", &[], Shape::Text, "What is said below it."),
    key("credit", &[], Shape::Text, "Who made it."),
    key(
        "focus",
        &[],
        Shape::Text,
        "The point that must be seen when it is cut: from the left and from the top, as in 0.3 0.4.",
    ),
    key("crop", &[], Shape::Boolean, "false: nothing of it is cut off, as of a chart or a map."),
];

/// The keys of an item of a list, such as a correction, a comment or a source.
pub static ITEM: &[Key] = &[
    key("name", &["title", "label", "slug", "id"], Shape::Text, "What it is called."),
    key("text", &["in_reply_to"], Shape::Text, "What it says."),
    key("url", &["src", "alt", "caption", "credit"], Shape::Text, "Where it is."),
    key("date", &[], Shape::Date, "When it was written."),
];

/// The names of the keys, with all spellings.
pub fn names(keys: &'static [Key]) -> impl Iterator<Item = &'static str> {
    keys.iter().flat_map(|key| std::iter::once(key.name).chain(key.also.iter().copied()))
}

/// A key without regard to case, `-`, `_`, blanks, what nobody sees, and the width of letters: `publishDate`,
/// `publish-date` and `Publish_Date` are one key.
pub fn fold(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if name.bytes().all(is_plain) {
        return Cow::Borrowed(name);
    }
    let name = compatible(name);
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_') && !c.is_whitespace() && !is_unseen(*c));
    Cow::Owned(letters.flat_map(char::to_lowercase).collect())
}

/// The words of a key: `publishDate`, `publish-date` and `publish_date` have two.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in compatible(name).chars().filter(|c| !is_unseen(*c)) {
        let is_break = !c.is_alphanumeric();
        if is_break || c.is_uppercase() && was_lower {
            words.push(String::new());
        }
        if !is_break {
            words.last_mut().expect("there is one").extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What nobody sees in a key, joiners and fillers included.
fn is_unseen(c: char) -> bool {
    is_invisible(c)
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{180E}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

/// Whether one of the keys has this name.
pub fn is_known(keys: &'static [Key], name: &str) -> bool {
    /// The tables, each with its names, folded: every key of every file is looked for.
    type Folded = FxHashSet<Cow<'static, str>>;
    static FOLDED: LazyLock<[(&[Key], Folded); 5]> =
        LazyLock::new(|| [ENTRY, SECTION, AUTHOR, IMAGE, ITEM].map(|keys| (keys, names(keys).map(fold).collect())));
    let name = fold(name);
    let is_of = |(table, known): &(&[Key], Folded)| std::ptr::eq(*table, keys).then(|| known.contains(&*name));
    let is_known = FOLDED.iter().find_map(is_of);
    withholding::how(&name).is_some() || is_known.unwrap_or_else(|| names(keys).any(|known| fold(known) == name))
}

/// Whether a key that is in no table is read beside others of these names, since it may withhold.
pub fn is_read<'n>(name: &str, others: impl Iterator<Item = &'n str>) -> bool {
    withholding::is_wish_by_name(name) || withholding::is_read_beside(name, others)
}

/// Keys of Hugo, Jekyll, WordPress exports and their themes, and other words of their own, that are a
/// letter away from a key of ours and yet no slip of the pen.
const WORDS: [&str; 25] = [
    "comment",
    "covers",
    "data",
    "dated",
    "features",
    "format",
    "image2",
    "imagealt",
    "kicker",
    "languages",
    "link_title",
    "menu",
    "output",
    "publisher",
    "stats",
    "statue",
    "subtitle",
    "subtitles",
    "tagged",
    "titles",
    "tile",
    "typed",
    "updates",
    "urls",
    "weight",
];

/// The key that was surely meant: `summary` for `sumary`.
///
/// Meant for a build, which keeps silent about keys that it does not know. One edit away (a letter missing,
/// too many, another one, or two that changed places), the same first letter, and in short words only
/// letters that are missing or changed places: `data` is not `date`. A difference in case, `-` and `_` does
/// not count as an edit.
pub fn slip(keys: &'static [Key], given: &str) -> Option<&'static str> {
    // A build asks this of every key that it does not know: most are told by their first letter and length.
    let resembles = |known: &&str| {
        known.len().abs_diff(given.len()) <= 3 && known.as_bytes()[0].eq_ignore_ascii_case(&given.as_bytes()[0])
    };
    if given.len() < 4 || !names(keys).any(|known| resembles(&known)) {
        return None;
    }
    if WORDS.contains(&given) || is_known(keys, given) {
        return None;
    }
    let wanted = fold(given);
    let near = names(keys).filter(resembles).find(|known| {
        let known = fold(known);
        let is_substitution = || strsim::hamming(&known, &wanted) == Ok(1);
        known.len() >= 4
            && strsim::osa_distance(&known, &wanted) == 1
            && (wanted.len() >= 6 || wanted.len() < known.len() || wanted.len() == known.len() && !is_substitution())
    });
    near.or_else(|| withholding::meant(&wanted))
}

/// A hint for a key that nobody reads: what was probably meant.
pub fn suggestion(keys: &'static [Key], given: &str) -> Option<String> {
    match slip(keys, given) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None if given.len() < 4 || WORDS.contains(&given) => None,
        None => did_you_mean(given, names(keys)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_told_from_a_word() {
        for (given, meant) in [
            ("sumary", "summary"),
            ("titel", "title"),
            ("authros", "authors"),
            ("publish-dte", "publishDate"),
            ("expirse", "expires"),
            ("desciption", "description"),
            ("tgas", "tags"),
        ] {
            assert_eq!(slip(ENTRY, given), Some(meant), "{given}");
        }
        for word in ["data", "rate", "weight", "cover", "toc", "updates", "publisher", "math", "ids", "étiquette"] {
            assert_eq!(slip(ENTRY, word), None, "{word}");
        }
        for known in names(ENTRY) {
            assert_eq!(slip(ENTRY, known), None, "{known}");
        }
        for folded in ["Title", "publish-date", "LASTMOD", "Featured Image"] {
            assert!(is_known(ENTRY, folded) && slip(ENTRY, folded).is_none(), "{folded}");
        }
    }
}
