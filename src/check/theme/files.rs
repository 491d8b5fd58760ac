//! Files, texts and settings of a theme that nothing reads, and HTML that a strict host does not run.
//!
//! An override with a slip in its name is no error to the engine: it is a file that nobody asks for.

use std::collections::BTreeSet;
use std::path::Path;

use super::names::Names;
use crate::config::key_place;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::render::{Renderer, SIZES_SETTING};
use crate::theme::interface::PAGE_TEMPLATES;
use crate::theme::manifest::{API, Manifest};
use crate::theme::own_files;
use crate::theme::tokens::{self, Piece, References};
use crate::theme::{self, Theme};
use crate::yaml;

/// The built-in theme whose words are those that the program itself asks for.
const WORDS_OF: &str = "broadsheet";

/// What files in `fonts/` end with.
const FONTS: [&str; 4] = [".ttf", ".otf", ".ttc", ".txt"];

/// Files beside the theme's own that are for people.
const FOR_PEOPLE: [&str; 5] = ["readme", "license", "licence", "changelog", "screenshot"];

/// Looks at the files that the site has of the theme.
pub(super) fn check(root: &Path, renderer: &Renderer, names: &Names) -> Vec<Diagnostic> {
    let mut look = Look { root, theme: &renderer.theme, names, problems: Vec::new() };
    for layer in &renderer.theme.layers {
        let files = own_files(root, layer);
        for path in &files {
            look.file(layer, path, &files);
        }
    }
    look.problems
}

struct Look<'a> {
    root: &'a Path,
    theme: &'a Theme,
    names: &'a Names,
    problems: Vec<Diagnostic>,
}

impl Look<'_> {
    fn file(&mut self, layer: &str, path: &str, all: &[String]) {
        let file = format!("themes/{layer}/{path}");
        if path == "theme.yaml" {
            self.manifest(layer, &file);
        } else if let Some(name) = path.strip_prefix("templates/") {
            self.template(layer, name, &file);
        } else if let Some(name) = path.strip_prefix("static/") {
            self.asset(layer, name, &file, all);
        } else if path.starts_with("fonts/") && FONTS.iter().any(|ending| path.to_lowercase().ends_with(ending)) {
            // Fonts of social cards, and what their makers want to stand beside them.
        } else if path.starts_with("i18n/") && path.ends_with(".yaml") {
            self.texts(&file);
        } else if path.contains('/') && !path.starts_with("screenshots/")
            || !FOR_PEOPLE.iter().any(|name| path.to_lowercase().starts_with(name))
        {
            let hint = match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
                "html" => format!("move it to `themes/{layer}/templates/{path}`"),
                "ttf" | "otf" | "ttc" => {
                    format!("move it to `themes/{layer}/fonts/{path}` for social cards, or to `static/`")
                }
                "css" | "js" | "svg" | "png" | "woff2" => format!("move it to `themes/{layer}/static/{path}`"),
                "yml" => "files of a theme end with `.yaml`".into(),
                _ => "a theme is `theme.yaml`, `templates/`, `static/`, `fonts/` and `i18n/`".into(),
            };
            self.unread(&file, "nothing reads this file", hint);
        }
    }

    fn unread(&mut self, file: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Diagnostic::warning(message).at(Place::file(file)).hint(hint));
    }

    fn text(&self, file: &str) -> Option<String> {
        std::fs::read_to_string(self.root.join(file)).ok()
    }

    fn manifest(&mut self, layer: &str, file: &str) {
        let Some(text) = self.text(file) else { return };
        let Ok(manifest) = Manifest::read(file, &text) else { return };
        if manifest.api.is_none() {
            let problem = Diagnostic::warning("the theme does not say for which version of the interface it is made");
            let hint = format!("write `api: {API}` into it, so that a later courant can tell what has changed");
            self.problems.push(problem.at(Place::file(file)).hint(hint));
        }
        let others: BTreeSet<String> = self
            .theme
            .layers
            .iter()
            .filter(|other| *other != layer)
            .flat_map(|other| self.settings_of(other))
            .collect();
        for name in manifest.settings.keys().map(String::as_str) {
            let is_read = self.names.settings.contains(name) || name == SIZES_SETTING;
            if !is_read && !others.contains(name) {
                let known = self.names.settings.iter().chain(&others).map(String::as_str);
                let problem = Diagnostic::warning(format!("no template reads the setting `{name}`"));
                let hint =
                    did_you_mean(name, known).unwrap_or_else(|| "read it as `site.settings.…`, or remove it".into());
                self.problems.push(problem.at(key_place(file, &text, name)).hint(hint));
            }
        }
    }

    fn settings_of(&self, layer: &str) -> Vec<String> {
        let manifest = theme::manifest(self.root, layer).ok().flatten().unwrap_or_default();
        manifest.settings.keys().cloned().collect()
    }

    fn template(&mut self, layer: &str, name: &str, file: &str) {
        let Some(text) = self.text(file) else { return };
        self.strict_html(file, &text);
        let is_named = |name: &str| self.names.literals.contains(name);
        let fragment = name.strip_prefix("fragments/").and_then(|name| name.strip_suffix(".html"));
        let has_component = self.theme.templates.iter().any(|template| {
            template.name == format!("{layer}/{name}") && !References::of(&template.source).definitions.is_empty()
        });
        if PAGE_TEMPLATES.contains(&name)
            || has_component
            || is_named(name)
            || is_named(&format!("{layer}/{name}"))
            || fragment.is_some_and(is_named)
        {
            return;
        }
        let others = self.theme.templates.iter().filter(|other| other.name != format!("{layer}/{name}"));
        let others = others.filter_map(|other| other.name.split_once('/').map(|(_, name)| name));
        // What all files of a folder begin and end with says nothing of how alike they are.
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let stem = |name: &str| {
            let rest = name.strip_prefix(folder)?.trim_start_matches('/');
            Some(rest.rsplit_once('.').map_or(rest, |(stem, _)| stem).to_owned())
        };
        let stems: Vec<String> = others.chain(PAGE_TEMPLATES).filter_map(stem).collect();
        let meant = did_you_mean(&stem(name).unwrap_or_default(), stems.iter().map(String::as_str));
        if name.starts_with("components/") {
            let stem = name.trim_start_matches("components/").trim_end_matches(".html");
            let hint = format!("write `{{% component {stem}(…) %}} … {{% endcomponent {stem} %}}`");
            self.unread(file, "no component is defined here", meant.unwrap_or(hint));
        } else if let Some(fragment) = fragment {
            let hint = format!("show it with `{{{{ fragment(name=\"{fragment}\") }}}}`");
            self.unread(file, "no template shows this fragment", meant.unwrap_or(hint));
        } else {
            let hint = format!(
                "pages begin with {}; others are read where one extends or includes them",
                PAGE_TEMPLATES.join(", ")
            );
            let hint = match name.contains('/') || !name.ends_with(".css") {
                true => hint,
                false => {
                    format!("name it with `{{{{ asset(path=\"{name}\") }}}}` in the block `extra_head` of `base.html`")
                }
            };
            self.unread(file, "no template extends or includes this one", meant.unwrap_or(hint));
        }
    }

    fn asset(&mut self, layer: &str, name: &str, file: &str, all: &[String]) {
        let is_text = |path: &str| ["css", "js", "mjs"].iter().any(|ending| path.ends_with(&format!(".{ending}")));
        if !is_text(name)
            || self.names.literals.contains(name)
            || self.names.literals.contains(name.trim_start_matches("inline/"))
        {
            return;
        }
        let last = name.rsplit('/').next().unwrap_or(name);
        let others = all
            .iter()
            .filter(|path| path.starts_with("static/") && is_text(path) && !path.ends_with(&format!("/{name}")));
        let is_mentioned =
            others.filter_map(|path| self.text(&format!("themes/{layer}/{path}"))).any(|text| text.contains(last));
        if !is_mentioned {
            let hint = match name.ends_with(".css") {
                true => format!(
                    "add `<link rel=\"stylesheet\" href=\"{{{{ asset(path=\"{name}\") }}}}\">` in the block `extra_head` of `base.html`"
                ),
                false => {
                    format!("add `<script src=\"{{{{ asset(path=\"{name}\") }}}}\" defer></script>` where it is needed")
                }
            };
            self.unread(file, "no template names this file", hint);
        }
    }

    fn texts(&mut self, file: &str) {
        let Some(text) = self.text(file) else { return };
        let Ok(map) = yaml::Node::parse(&text, 0) else { return };
        let words = theme::built_in_file(WORDS_OF, "i18n/en.yaml").unwrap_or_default();
        let words = yaml::Node::parse(&String::from_utf8_lossy(&words), 0).unwrap_or_else(|_| yaml::Node::null());
        let words: BTreeSet<&str> = words.entries().unwrap_or_default().iter().map(yaml::Entry::name).collect();
        for key in map.entries().unwrap_or_default().iter().map(yaml::Entry::name) {
            let is_read = words.contains(key)
                || self.names.texts.contains(key)
                || self.names.text_beginnings.iter().any(|beginning| key.starts_with(beginning.as_str()));
            if !is_read {
                let known = words.iter().copied().chain(self.names.texts.iter().map(String::as_str));
                let hint = did_you_mean(key, known)
                    .unwrap_or_else(|| format!("write `{{{{ t(key=\"{key}\") }}}}` in a template, or remove it"));
                let problem = Diagnostic::warning(format!("no template reads the text `{key}`"));
                self.problems.push(problem.at(key_place(file, &text, key)).hint(hint));
            }
        }
    }

    /// A site's `Content-Security-Policy` allows no script or style that stands in a page, unless courant put
    /// it there.
    fn strict_html(&mut self, file: &str, source: &str) {
        for piece in tokens::read(source) {
            let Piece::Text(text, start) = piece else { continue };
            for (at, what, hint) in loose_html(text) {
                let place = Place::span(file, source, start + at..start + at + what.len());
                let problem =
                    Diagnostic::warning(format!("`{what}` does not run under a strict Content-Security-Policy"));
                self.problems.push(problem.at(place).hint(hint));
            }
        }
    }
}

/// Where a text of HTML has a style, script or handler of its own.
fn loose_html(text: &str) -> Vec<(usize, &str, &'static str)> {
    const CLASS: &str = "give the element a class, and say the rest in the stylesheet";
    const FILE: &str = "put the script into a file of `static/`, and name it with `asset(path=…)`";
    let mut found = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = &text[at..];
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = &rest[..end];
        if tag.starts_with("<style") {
            found.push((at, "<style", "put it into a stylesheet of `static/`"));
        } else if tag == "<script"
            || tag.starts_with("<script ") && !tag.contains(" src=") && !tag.contains("ld+json") && end < rest.len()
        {
            found.push((at, "<script", FILE));
        }
    }
    for (at, _) in text.match_indices('=') {
        let name_at = text[..at].rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |before| before + 1);
        let name = &text[name_at..at];
        let is_attribute =
            text[..name_at].ends_with([' ', '\n']) && text[at + 1..].starts_with(['"', '\'']) || text.len() == at + 1;
        if is_attribute && name == "style" {
            found.push((name_at, name, CLASS));
        } else if is_attribute && name.len() > 3 && name.starts_with("on") {
            found.push((name_at, name, FILE));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_scripts_and_handlers_in_pages_are_found() {
        let names = |text| loose_html(text).into_iter().map(|(_, what, _)| what).collect::<Vec<_>>();
        assert_eq!(names("<p style=\"x\" onclick='y'>"), ["style", "onclick"]);
        assert_eq!(names("<style>a</style><script>b</script>"), ["<style", "<script"]);
        assert!(names("<script src=\"/a.js\"></script><script type=\"application/ld+json\">{}</script>").is_empty());
        assert!(names("<p class=\"style\" data-on=\"x\">style = \"one=two\" on=1</p>").is_empty());
    }
}
