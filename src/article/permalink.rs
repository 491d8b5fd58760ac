//! Permalinks: the site path of an article or page, by the pattern of the site or its own.

use jiff::tz::TimeZone;

use super::record::Entry;
use super::slug::slugify;
use crate::config::{Config, Slugs};
use crate::site_path::page_path;

/// The site path of an entry: below the prefix of its language, unless the front matter gives all of it.
pub fn of_entry(config: &Config, source: &str, entry: &Entry<'_>) -> String {
    let prefix = &config.language(entry.language).prefix;
    let path = match &entry.permalink {
        Some(whole) if !whole.contains([':', '{']) && !JEKYLL_STYLES.iter().any(|(name, _)| **whole == **name) => {
            return page_path(whole);
        }
        _ => without_prefix(config, source, entry),
    };
    if prefix == "/" { path } else { format!("{}{path}", prefix.trim_end_matches('/')) }
}

/// Jekyll's names for patterns.
const JEKYLL_STYLES: [(&str, &str); 4] = [
    ("date", "/:categories/:year/:month/:day/:title.html"),
    ("pretty", "/:categories/:year/:month/:day/:title/"),
    ("ordinal", "/:categories/:year/:y_day/:title.html"),
    ("none", "/:categories/:title.html"),
];

/// The pattern that Jekyll calls by a name, or the pattern itself.
pub fn pattern_of_jekyll(given: &str) -> &str {
    JEKYLL_STYLES.iter().find(|(name, _)| given == *name).map_or(given, |(_, pattern)| pattern)
}

fn without_prefix(config: &Config, source: &str, entry: &Entry<'_>) -> String {
    let of_site = || config.settings.permalink.as_str();
    let own = entry.permalink.as_deref();
    if let Some(permalink) = own.filter(|own| !own.contains('{')) {
        return page_path(&jekyll_pattern(pattern_of_jekyll(permalink), entry, &config.time_zone));
    }
    let Some(date) = entry.core.date else { return of_page(source, entry) };
    let mut path = String::with_capacity(64);
    let mut rest = own.unwrap_or_else(of_site);
    let needs_day = rest.contains("{yyyy}") || rest.contains("{mm}") || rest.contains("{dd}");
    let (year, month, day) = if needs_day { date.day(&config.time_zone) } else { (0, 0, 0) };
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "section" => path.push_str(entry.section.as_deref().unwrap_or("")),
            "slug" => path.push_str(&entry.slug),
            "yyyy" => path.push_str(&format!("{year:04}")),
            "mm" => path.push_str(&format!("{month:02}")),
            _ => path.push_str(&format!("{day:02}")),
        }
        rest = after;
    }
    path.push_str(rest);
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    page_path(&path)
}

/// The site path of a page: that of its file, with its own slug.
fn of_page(source: &str, entry: &Entry<'_>) -> String {
    let mut folders: Vec<&str> = source.split('/').skip(1).collect();
    folders.pop();
    if entry.is_bundle {
        folders.pop();
    }
    if folders.is_empty() && &*entry.slug == "404" {
        // Hosts look for it under this name.
        return "/404.html".into();
    }
    folders.push(&entry.slug);
    page_path(&folders.join("/"))
}

/// The first part of a pattern of an address that nothing is put in for, as in `/{year}/` and `/:y/`.
pub fn unknown_part(pattern: &str) -> Option<&str> {
    const OWN: [&str; 5] = ["{section}", "{slug}", "{yyyy}", "{mm}", "{dd}"];
    let own = pattern.match_indices('{').map(|(at, _)| {
        let end = pattern[at..].find('}').map_or(pattern.len(), |end| at + end + 1);
        &pattern[at..end]
    });
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let of_jekyll = pattern.match_indices("/:").map(|(at, _)| {
        let name = &pattern[at + 2..];
        &pattern[at + 1..at + 2 + name.find(|c| !is_part(c)).unwrap_or(name.len())]
    });
    own.filter(|part| !OWN.contains(part)).chain(of_jekyll.filter(|part| !JEKYLL_PARTS.contains(part))).next()
}

const JEKYLL_PARTS: [&str; 13] = [
    ":categories",
    ":slugified_categories",
    ":section",
    ":year",
    ":month",
    ":day",
    ":i_month",
    ":i_day",
    ":y_day",
    ":short_year",
    ":title",
    ":slug",
    ":output_ext",
];

/// A pattern of Jekyll, or the name of one, with the categories in it: one folder for each, in small letters. None if it
/// has no place for them.
pub fn with_categories<'c>(pattern: &str, categories: impl Iterator<Item = &'c str>) -> Option<String> {
    let pattern = pattern_of_jekyll(pattern);
    if !pattern.contains(":categories") && !pattern.contains(":slugified_categories") {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for part in categories.flat_map(|name| name.split(['/', '\\'])) {
        let name = part.trim().to_lowercase();
        let is_folder =
            !matches!(&*name, "" | "." | "..") && !name.contains([':', '{', '}']) && !name.contains(char::is_control);
        if is_folder && !names.contains(&name) {
            names.push(name);
        }
    }
    let slugs: Vec<String> = names.iter().map(|name| slugify(name, Slugs::Keep)).collect();
    let mut filled =
        pattern.replace(":slugified_categories", &slugs.join("/")).replace(":categories", &names.join("/"));
    while filled.contains("//") {
        filled = filled.replace("//", "/");
    }
    Some(filled)
}

/// Jekyll's permalink patterns, `/:categories/:year/:month/:day/:title/`
/// (<https://jekyllrb.com/docs/permalinks/>).
fn jekyll_pattern(pattern: &str, entry: &Entry<'_>, zone: &TimeZone) -> String {
    let date = entry.core.date.unwrap_or_default();
    let (year, month, day) = date.day(zone);
    let day_of_year = zone.to_datetime(date.to_jiff()).day_of_year();
    let filled = pattern
        .replace(":section", entry.section.as_deref().unwrap_or(""))
        .replace(":year", &format!("{year:04}"))
        .replace(":month", &format!("{month:02}"))
        .replace(":day", &format!("{day:02}"))
        .replace(":i_month", &month.to_string())
        .replace(":i_day", &day.to_string())
        .replace(":y_day", &format!("{day_of_year:03}"))
        .replace(":short_year", &format!("{:02}", year.rem_euclid(100)))
        .replace(":title", &entry.slug)
        .replace(":slug", &entry.slug)
        .replace(":output_ext", ".html");
    let slash = if filled.ends_with('/') { "/" } else { "" };
    filled.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/") + slash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::record::{TeaserCore, Text};
    use crate::article::time::Timestamp;
    use crate::config::Overrides;

    fn entry(section: &str, slug: &str) -> Entry<'static> {
        Entry {
            core: TeaserCore { date: Some(Timestamp(1_763_629_200)), ..TeaserCore::default() },
            section: (!section.is_empty()).then(|| Text::from(section.to_owned())),
            slug: Text::from(slug.to_owned()),
            ..Entry::default()
        }
    }

    #[test]
    fn an_article_has_the_address_of_the_pattern() {
        let plain = Config::from_text("", &Overrides::default()).expect("good");
        assert_eq!(of_entry(&plain, "content/local/x.md", &entry("local", "x")), "/local/x/");
        assert_eq!(of_entry(&plain, "content/x.md", &entry("", "x")), "/x/");
        let dated = Config::from_text("permalink: /{yyyy}/{mm}/{dd}/{slug}.html", &Overrides::default()).expect("good");
        assert_eq!(of_entry(&dated, "content/local/x.md", &entry("local", "x")), "/2025/11/20/x.html");
        let mut own = entry("local", "x");
        own.permalink = Some(Text::from("/:section/:year/:title".to_owned()));
        assert_eq!(of_entry(&plain, "content/local/x.md", &own), "/local/2025/x/");
    }

    #[test]
    fn categories_of_jekyll_are_folders_in_small_letters() {
        let with = |pattern, names: &[&str]| with_categories(pattern, names.iter().copied());
        assert_eq!(
            with("none", &["News", "Local Affairs", "news"]).as_deref(),
            Some("/news/local affairs/:title.html")
        );
        assert_eq!(with("/:slugified_categories/:title", &["Local Affairs"]).as_deref(), Some("/local-affairs/:title"));
        assert_eq!(with("pretty", &["../..", ""]).as_deref(), Some("/:year/:month/:day/:title/"));
        assert_eq!(with("/:year/:title", &["News"]), None);
    }
}
