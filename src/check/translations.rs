//! Translations without an original: `name.de.md` where there is no `name.md`; and languages that the site does not have.

use rustc_hash::FxHashSet;

use super::{Findings, Rule, Site};
use crate::article::{Lines, is_markdown, language};
use crate::config::LanguageId;
use crate::source_name::without_markdown_ending;

/// The two-letter codes of ISO 639-1. `name.js.md` is an article about `name.js`.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv \
cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii \
ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt \
my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so \
sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The language in the name of a content file, and the path without it and its ending.
fn parts(path: &str) -> Option<(&str, &str)> {
    let stem = without_markdown_ending(path)?;
    let (name, tag) = stem.rsplit_once('.')?;
    let (language, region) = tag.split_once('-').map_or((tag, None), |(language, region)| (language, Some(region)));
    let is_language = language.len() == 2 && LANGUAGES.split(' ').any(|code| code == language);
    let is_region = region
        .is_none_or(|region| (2..=4).contains(&region.len()) && region.chars().all(|c| c.is_ascii_alphanumeric()));
    (is_language && is_region && !name.is_empty() && !name.ends_with('/')).then_some((name, tag))
}

/// The language in the name of a content file.
pub(super) fn language_of(path: &str) -> Option<&str> {
    parts(path).map(|(_, language)| language)
}

/// Looks at the names of all content files.
pub(super) fn check(site: &Site<'_>, findings: &mut Findings<'_>) {
    let markdown = || site.index.rows.iter().map(|row| &*row.path).filter(|path| is_markdown(path));
    let stem = |path: &'_ str| path.trim_end_matches(".markdown").trim_end_matches(".md").to_owned();
    let mut stems: Option<FxHashSet<String>> = None;
    let declared = language::declared(site.config);
    for path in markdown() {
        let (name, language) = match (language::stem(path, site.config), parts(path)) {
            ((_, Some(LanguageId::MAIN)), _) => continue,
            ((name, Some(language)), _) => (name, site.config.language(language).tag.as_str()),
            (_, Some((name, language))) => (name, language),
            _ => continue,
        };
        let stems = stems.get_or_insert_with(|| markdown().map(stem).collect());
        if language::place(language, declared).is_none() {
            // The site's own language needs no tag in names.
            let main = site.config.settings.language.split('-').next().unwrap_or_default();
            if language == site.config.settings.language || language == main {
                continue;
            }
            if !declared.is_empty() {
                let Some(text) = site.text(path) else { continue };
                findings.add(
                    Rule::OrphanTranslation,
                    Lines::of(path, &text).value(&["title"]),
                    format!("the name of the file ends with `.{language}`, and the site has no such language"),
                    format!("add `{language}: {{}}` to `languages` in site.yaml, or rename the file"),
                );
                continue;
            }
        }
        let is_translation = match declared.is_empty() {
            true => stems.contains(name),
            false => language::siblings(&site.index.rows, path, site.config).nth(1).is_some(),
        };
        if is_translation {
            continue;
        }
        let Some(text) = site.text(path) else { continue };
        // Who says the language twice means an article in that language alone.
        if text.lines().any(|line| line.starts_with("language:") || line.starts_with("lang:")) {
            continue;
        }
        let near = stems.iter().filter(|other| parts(&format!("{other}.md")).is_none());
        let folder = |path: &str| path.rsplit_once('/').map_or(0, |(folder, _)| folder.len());
        // A third of the name may be a slip of the pen, not more.
        let most = (name[folder(name)..].trim_start_matches('/').chars().count() / 3).clamp(1, 3);
        let nearest = near
            .filter(|other| folder(other) == folder(name) && other.get(..folder(name)) == name.get(..folder(name)))
            .map(|other| (strsim::osa_distance(other, name), other))
            .filter(|(distance, _)| *distance <= most)
            .min();
        let hint = match nearest {
            Some((_, other)) => format!("did you mean `{other}.{language}.md`?"),
            None if declared.is_empty() => format!("the article it translates would be `{name}.md`"),
            None => format!(
                "the article it translates would be `{name}.md`; `language: {language}` in its front matter says that there is none"
            ),
        };
        findings.add(
            Rule::OrphanTranslation,
            Lines::of(path, &text).value(&["title"]),
            "a translation without the article that it translates",
            hint,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_from_the_rest_of_a_name() {
        assert_eq!(parts("content/local/tunnel.de.md"), Some(("content/local/tunnel", "de")));
        assert_eq!(parts("content/local/tunnel/index.de-AT.md"), Some(("content/local/tunnel/index", "de-AT")));
        for other in
            ["content/a/node.js.md", "content/a/v1.2.md", "content/a/tunnel.md", "content/a/.de.md", "a.de.txt"]
        {
            assert_eq!(parts(other), None, "{other}");
        }
    }
}
