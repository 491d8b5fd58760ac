//! What the tool of a folder does not publish: what its configuration excludes, and what is not public by default.
//!
//! It fails closed. A pattern that is not understood whole leaves out more than the tool did, never less, and all that
//! is left out is told.

use serde_json::Value;

use super::Settings;
use super::settings::list;
use crate::import::Door;

/// What is left out of a site, and what of it is withheld.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Patterns of paths that are not part of the site.
    excluded: Vec<String>,
    /// The same, for paths in small letters.
    excluded_in_any_case: Vec<String>,
    /// Patterns of names that Jekyll reads although they begin with `_`.
    included: Vec<String>,
    /// Patterns of paths whose pages are not published unless they say so.
    pub(super) withheld: Vec<String>,
}

impl Left {
    pub(super) fn of(door: Door, settings: &Settings, dates: &[String]) -> Self {
        let texts = |key: &str| settings.get(key).map(list).unwrap_or_default();
        match door {
            Door::Jekyll => {
                let withheld = defaults(settings.get("defaults"));
                Self { excluded: texts("exclude"), included: texts("include"), withheld, ..Self::default() }
            }
            Door::Hugo => Self {
                included: Vec::new(),
                excluded_in_any_case: texts("ignoreFiles").iter().flat_map(|one| of_regex(one)).collect(),
                excluded: mounts(settings.get("module")),
                withheld: cascades(settings.get("cascade"), dates),
            },
            _ => {
                let below = |folder: &'static str, key: &str| {
                    texts(key).into_iter().map(move |one| format!("{folder}/{}", one.trim_start_matches('/')))
                };
                let mut excluded: Vec<String> = below("content", "ignored_content").collect();
                excluded.extend(below("static", "ignored_static"));
                // Without a slash a pattern is meant for names in all folders.
                let names: Vec<String> = excluded
                    .iter()
                    .filter_map(|one| one.split_once('/'))
                    .filter(|(_, rest)| !rest.contains('/'))
                    .map(|(folder, rest)| format!("{folder}/*/{rest}"))
                    .collect();
                excluded.extend(names);
                Self { excluded, ..Self::default() }
            }
        }
    }

    /// Whether a path is no part of the site.
    pub(super) fn excludes(&self, door: Door, path: &str) -> bool {
        let is_hidden = |part: &str| {
            part.starts_with('#')
                || part.ends_with('~')
                || part.starts_with('_') && !matches!(part, "_posts" | "_drafts" | "_data")
        };
        let small = || path.to_lowercase();
        door == Door::Jekyll && path.split('/').any(is_hidden) && !self.includes(path)
            || self.excluded.iter().any(|one| covers(one, path))
            || self.excluded_in_any_case.iter().any(|one| covers(one, &small()))
    }

    /// Whether all folders of a path that begin with `_` are read because the configuration names them.
    pub(super) fn includes(&self, path: &str) -> bool {
        let mut parts = path.split('/').filter(|part| part.starts_with(['_', '#']) || part.ends_with('~')).peekable();
        let is_named = |part: &str| self.included.iter().any(|one| covers(one, part));
        parts.peek().is_some() && parts.all(is_named)
    }

    /// Whether a page is not published. `says_published` is what it says of itself.
    pub(super) fn withholds(&self, door: Door, path: &str, says_published: bool) -> bool {
        // Jekyll reads posts by the day in their names, and no others.
        let is_of_posts = door == Door::Jekyll && path.split('/').any(|part| part == "_posts");
        let is_published = says_published && door == Door::Jekyll;
        let is_covered = || self.withheld.iter().any(|one| one.is_empty() || covers(one, path));
        is_of_posts && !has_day(path) || !is_published && is_covered()
    }
}

/// Whether the name of a file begins with a day, as Jekyll reads it: `2019-1-2-name.md`.
fn has_day(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut parts = name.splitn(4, '-');
    let mut number = |lengths: std::ops::RangeInclusive<usize>| {
        parts.next().is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    number(2..=4) && number(1..=2) && number(1..=2) && parts.next().is_some()
}

/// Paths for which Jekyll's configuration says `published: false`.
fn defaults(defaults: Option<&Value>) -> Vec<String> {
    let all = defaults.and_then(Value::as_array).into_iter().flatten();
    let withholds = |one: &&Value| {
        let values = &one["values"];
        let says =
            |value: &Value, word: bool| value.as_bool() == Some(word) || value.as_str() == Some(&word.to_string());
        says(&values["published"], false) || says(&values["draft"], true)
    };
    all.filter(withholds).map(|one| one["scope"]["path"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Paths for which Hugo's configuration has a `cascade` that withholds. Of a target only the path is read: whichever
/// pages of it are meant, all are withheld. `dates` are keys that the site has for dates.
pub(super) fn cascades(cascade: Option<&Value>, dates: &[String]) -> Vec<String> {
    const WORDS: [&str; 7] = ["draft", "headless", "_build", "build", "expirydate", "publishdate", "unpublishdate"];
    let all: Vec<&Value> = match cascade {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let withholds = |one: &Value| {
        let names = |map: &serde_json::Map<String, Value>| {
            let is_meant = |key: String| WORDS.contains(&&*key) || dates.contains(&key);
            map.iter().any(|(key, value)| is_meant(key.to_lowercase()) && value != &Value::Bool(false))
        };
        // Newer versions have the values one level deeper.
        let deeper = ["params", "values"].iter().filter_map(|key| one[*key].as_object()).any(names);
        one.as_object().is_some_and(names) || deeper
    };
    let target = |one: &Value| {
        let path = ["target", "_target"].iter().find_map(|key| one[*key]["path"].as_str());
        path.map(|path| format!("content/{}", path.replace("{/**,}", "*").trim_start_matches('/'))).unwrap_or_default()
    };
    all.into_iter().filter(|one| withholds(one)).map(target).collect()
}

/// Patterns of files that Hugo's mounts leave out. A mount that names the files that it takes leaves out all others;
/// which these are is not read, so nothing of it is taken.
fn mounts(module: Option<&Value>) -> Vec<String> {
    let mut patterns = Vec::new();
    for mount in module.and_then(|module| module["mounts"].as_array()).into_iter().flatten() {
        let source = mount["source"].as_str().unwrap_or_default().trim_matches('/');
        let (files, included) = (list(&mount["files"]), list(&mount["includeFiles"]));
        let excluded = files.iter().filter_map(|one| one.trim().strip_prefix('!')).map(str::to_owned);
        for one in excluded.chain(list(&mount["excludeFiles"])) {
            let one = one.trim().trim_start_matches('/').to_owned();
            patterns.push(format!("{source}/{one}"));
            if let Some(anywhere) = one.strip_prefix("**/") {
                patterns.push(format!("{source}/{anywhere}"));
            }
        }
        let is_picked = !included.is_empty() || files.iter().any(|one| !one.trim().starts_with(['!', '*']));
        patterns.extend(is_picked.then(|| source.to_owned()));
    }
    patterns
}

/// A regular expression (RE2) as patterns that cover all that it covers, and whatever the case: alternatives are a
/// pattern each, and a group, a class of characters or a repetition is anything.
fn of_regex(regex: &str) -> Vec<String> {
    let mut patterns = vec!["*".to_owned()];
    let mut characters = regex.trim_start_matches('^').chars().peekable();
    while let Some(character) = characters.next() {
        let plain = match character {
            '\\' => characters.next().filter(|next| !next.is_alphanumeric()),
            '|' => {
                patterns.push(String::new());
                None
            }
            '(' | '[' | '{' => {
                skip_group(character, &mut characters);
                None
            }
            '/' | '-' | '_' | ' ' => Some(character),
            _ => Some(character).filter(|character| character.is_alphanumeric()),
        };
        // What may be there many times, or not at all, is anything.
        let repeats = matches!(characters.peek(), Some('*' | '+' | '?' | '{'));
        let pattern = patterns.last_mut().expect("it begins with one");
        match plain.filter(|_| !repeats) {
            Some(letter) => pattern.extend(letter.to_lowercase()),
            None => pattern.push('*'),
        }
    }
    patterns.into_iter().map(|pattern| pattern + "*").collect()
}

/// Goes on to the end of a group, a class or a number of repetitions, or to the end of all if it does not end.
fn skip_group(opening: char, characters: &mut impl Iterator<Item = char>) {
    let closing = match opening {
        '(' => ')',
        '[' => ']',
        _ => '}',
    };
    let mut depth = 1;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            _ if character == closing => depth -= 1,
            _ if character == opening && opening == '(' => depth += 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

/// Whether a pattern covers a path or a folder in which it lies.
fn covers(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    // Groups of characters and alternatives are anything.
    let mut plain = String::new();
    let mut depth = 0_u32;
    for character in pattern.chars() {
        match character {
            '[' | '{' => {
                plain.push('*');
                depth += 1;
            }
            ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    let plain = plain.replace("**/", "*").replace("**", "*");
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    !plain.is_empty() && folders.chain([path]).any(|one| matches(plain.as_bytes(), one.as_bytes()))
}

/// Whether a text is one of a pattern: `*` stands for anything, `?` for one character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((before, taken)) = star else { return false };
                star = Some((before, taken + 1));
                (at, from) = (before + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_paths_and_what_is_below_them() {
        for (pattern, path) in [
            ("internal", "internal/plan.md"),
            ("internal/", "internal/deep/plan.md"),
            ("*.bak", "a/b.bak"),
            ("docs/**/*.md", "docs/a/b.md"),
            ("a?c.txt", "abc.txt"),
            ("*.{ign,old}.md", "x.old.md"),
        ] {
            assert!(covers(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("internal", "internally.md"), ("*.bak", "a.bak.md"), ("", "a")] {
            assert!(!covers(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn names_of_posts_begin_with_a_day() {
        for name in ["_posts/2019-01-02-a.md", "2019-1-2-a-b.md", "_posts/x/19-01-02-a.md"] {
            assert!(has_day(name), "{name}");
        }
        for name in ["_posts/a.md", "2019-01-a.md", "2019-01-02.md", "20191-01-02-a.md"] {
            assert!(!has_day(name), "{name}");
        }
    }

    #[test]
    fn a_regular_expression_covers_no_less_than_it_says() {
        let covered = |regex: &str, path: &str| of_regex(regex).iter().any(|one| covers(one, &path.to_lowercase()));
        for (regex, path) in [
            (r"\.foo$", "content/a.foo"),
            ("^content/(secret|hidden)/", "content/hidden/a.md"),
            (r"notes?\.md", "content/note.md"),
            (r"(?i)draft", "content/DRAFT/a.md"),
            (r"^a\.md|^b\.md", "b.md"),
            ("a{2}b", "content/aab.md"),
            ("[ab]c(d(e|f))", "bcdf.md"),
            (r"(\)x|y)z", "content/yz"),
            (r"\d+-old", "content/17-old.md"),
            ("open(", "content/open.md"),
        ] {
            assert!(covered(regex, path), "{regex} {path}");
        }
        assert!(!covered(r"\.foo$", "content/a.md") && !covered("^secret/|^hidden/", "content/plan.md"));
    }
}
