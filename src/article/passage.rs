//! Passages in another language: `[mot juste]{lang=fr}`.
//!
//! Not a general syntax for attributes. The one idea: a reader that speaks, a hyphenation and a choice of glyphs all need
//! to know the language of a passage (WCAG 2.2, success criterion 3.1.2), and reporters should not have to
//! write HTML for it. The words stand as they are for whoever wants plain text.

/// What may stand around the tag: straight quotes become typographic ones before the text is looked at.
const QUOTES: [char; 3] = ['"', '“', '”'];

/// Bytes of a tag with its quotes and brace. RFC 5646 (section 4.4.1) has no tag longer than 35 without private use.
const LONGEST_TAG: usize = 128;

/// What a text says where it may change its language.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words in the language of the article.
    Plain(&'a str),
    /// Words in another language, and its tag (RFC 5646).
    Foreign {
        /// The words.
        words: &'a str,
        /// The tag, as in `pt-BR`.
        language: &'a str,
    },
}

impl Part<'_> {
    /// How its script is written, for the attribute `dir`; none where it runs as most do.
    pub fn direction(language: &str) -> Option<&'static str> {
        let is_rtl = crate::locale::is_right_to_left(language);
        is_rtl.then_some("rtl")
    }
}

/// Whether a text may have such passages: a quick look.
pub fn may_have(text: &str) -> bool {
    text.contains("]{lang=")
}

/// The parts of a text, in order. Takes time in proportion to the text, whatever stands in it: each bracket is
/// looked at once, and a tag is never longer than [`LONGEST_TAG`].
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    // What stands before `plain` is told already; `open` is the last `[` behind it, `seen` is where to look for more.
    let (mut plain, mut seen, mut open) = (0, 0, None);
    for (at, mark) in text.match_indices("]{lang=") {
        if at < plain {
            continue;
        }
        open = text[seen..at].rfind('[').map(|bracket| seen + bracket).or(open);
        seen = at;
        let tag = &text[at + mark.len()..];
        let end = tag.bytes().take(LONGEST_TAG).position(|byte| byte == b'}');
        let language = end.map(|end| (end, tag[..end].trim_matches(QUOTES))).filter(|(_, tag)| is_tag(tag));
        if let (Some(start), Some((end, language))) = (open, language)
            && start + 1 < at
        {
            if plain < start {
                parts.push(Part::Plain(&text[plain..start]));
            }
            parts.push(Part::Foreign { words: &text[start + 1..at], language });
            plain = at + mark.len() + end + 1;
            (seen, open) = (plain, None);
        }
    }
    if plain < text.len() {
        parts.push(Part::Plain(&text[plain..]));
    }
    parts
}

/// The words alone.
pub fn words(text: &str) -> String {
    parts(text)
        .iter()
        .map(|part| match part {
            Part::Plain(words) | Part::Foreign { words, .. } => *words,
        })
        .collect()
}

/// Whether it has the form of a language tag: subtags of letters and digits.
fn is_tag(tag: &str) -> bool {
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.len() >= 2 && tag.split('-').all(is_subtag) && tag.as_bytes()[0].is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_names_its_language() {
        let foreign = |words, language| Part::Foreign { words, language };
        assert_eq!(
            parts("The [mot juste]{lang=fr} and [سلام]{lang=\"ar-EG\"}."),
            [
                Part::Plain("The "),
                foreign("mot juste", "fr"),
                Part::Plain(" and "),
                foreign("سلام", "ar-EG"),
                Part::Plain(".")
            ]
        );
        assert_eq!(words("[A]{lang=la} B [C]{lang=fr}"), "A B C");
        assert_eq!((Part::direction("ar-EG"), Part::direction("arn")), (Some("rtl"), None));
    }

    #[test]
    fn what_has_not_the_form_stays_as_it_is() {
        for text in [
            "x]{lang=fr}",
            "[x]{lang=}",
            "[x]{lang=a b}",
            "[]{lang=fr}",
            "[x]{lang=fr",
            "[x] {lang=fr}",
            "[x]{lang=\"><b>}",
        ] {
            assert_eq!(parts(text), [Part::Plain(text)], "{text}");
            assert_eq!(words(text), text);
        }
        assert_eq!(words("[x]{lang=?} [y]{lang=de}"), "[x]{lang=?} y");
    }
}
