//! A new theme: the smallest child of another one that already does something.

use std::fs;
use std::path::Path;

use super::Failure;
use crate::config::FILE;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::theme;
use crate::theme::manifest::API;
use crate::write;

/// Writes the theme `name`, which extends `parent`, into the site in `root`. Returns the paths of its files.
///
/// # Errors
/// The name cannot be that of a theme, there is such a theme, there is no such parent, or the machine failed.
pub fn start(root: &Path, name: &str, parent: &str) -> Result<Vec<String>, Failure> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_plain) || name.starts_with(['-', '_']) {
        let hint = "use small letters, digits and `-`, as in `courant theme new evening-post`";
        return Err(Failure::usage(format!("`{name}` cannot be the name of a theme"), hint));
    }
    if theme::is_built_in(name) {
        let hint = format!("choose another name; to change single files of `{name}`, use `courant theme eject FILE`");
        return Err(Failure::wrong(format!("the theme `{name}` is built into the program"), hint));
    }
    if root.join("themes").join(name).exists() {
        let hint = "choose another name, or edit that theme";
        return Err(Failure::wrong(format!("there is a theme `{name}` in themes/{name}"), hint));
    }
    let known = theme::available(root);
    if !known.iter().any(|theme| theme == parent) {
        let hint = did_you_mean(parent, known.iter().map(String::as_str))
            .unwrap_or_else(|| format!("the themes here are {}", known.join(", ")));
        return Err(Failure::usage(format!("there is no theme `{parent}` to extend"), hint));
    }
    // What it inherits must be sound, or nobody could tell what is wrong.
    let layers = theme::layers(root, parent)?;
    let mut written = Vec::new();
    // What is overridden must have the places for it.
    let has = |path: &str, text: &str| {
        let files = layers.iter().filter_map(|layer| theme::file(root, layer, path));
        files.into_iter().any(|bytes| String::from_utf8_lossy(&bytes).contains(text))
    };
    let mut files = vec![MANIFEST];
    if has("templates/site.css", "block own") {
        files.push(STYLESHEET);
    } else if has("templates/base.html", "block extra_head") {
        files.extend(STYLESHEET_BESIDE);
    }
    if has("templates/article.html", "block after_text") {
        files.push(ARTICLE);
    }
    for (path, text) in files {
        let fill = |text: &str| {
            let text = text.replace("{name}", name).replace("{parent}", parent).replace("{api}", &API.to_string());
            text.replace("{layers}", &layers.join(" → "))
        };
        let path = format!("themes/{name}/{}", fill(path));
        write(root, &path, fill(text).as_bytes(), false)?;
        written.push(path);
    }
    Ok(written)
}

/// Writes a file below `root`; one that is there is replaced only if `replaces` says so.
pub(super) fn write(root: &Path, path: &str, bytes: &[u8], replaces: bool) -> Result<(), Failure> {
    let target = root.join(path);
    let result = if replaces && target.exists() {
        write::replace(&target, bytes)
    } else {
        write::create(&target, bytes).map(drop)
    };
    result.map_err(|error| Failure::machine(path, &error))
}

/// Makes `site.yaml` say `theme: NAME`, and leaves everything else in it as it is.
///
/// # Errors
/// The file cannot be read or written, or says `theme` in a way that only a person can change.
pub fn activate(root: &Path, name: &str) -> Result<(), Failure> {
    let path = root.join(FILE);
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::machine(FILE, &error)),
    };
    let new = with_theme(&old, name).ok_or_else(|| {
        Diagnostic::error("cannot tell where site.yaml says which theme is used")
            .hint(format!("write the line `theme: {name}` into it"))
    })?;
    write::replace(&path, new.as_bytes()).map_err(|error| Failure::machine(FILE, &error))
}

/// The text of `site.yaml` with another theme; none if the line is not a plain one.
pub(crate) fn with_theme(text: &str, name: &str) -> Option<String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut found = false;
    let mut new = String::with_capacity(text.len() + 32);
    for line in text.split_inclusive('\n') {
        let Some(rest) = line.strip_prefix("theme:").filter(|_| !found) else {
            new.push_str(line);
            continue;
        };
        found = true;
        let value = rest.trim_start().split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
        if value.is_empty() || value.starts_with(['#', '|', '>', '&', '*', '{', '[', '!']) {
            return None;
        }
        let after = &rest[rest.find(value)? + value.len()..];
        // What stood in a column stays in it where there is room.
        let room = after.len() - after.trim_start_matches(' ').len();
        let width = value.len() + room;
        let filler = if after.trim_start().starts_with('#') { width.saturating_sub(name.len()).max(1) } else { 0 };
        new.push_str(&format!("theme: {name}{}{}", " ".repeat(filler), after.trim_start_matches(' ')));
    }
    if !found {
        if !new.is_empty() && !new.ends_with('\n') {
            new.push_str(end);
        }
        new.push_str(&format!("theme: {name}{end}"));
    }
    Some(new)
}

/// A file of a new theme: its path, and its text.
type Start = (&'static str, &'static str);

const MANIFEST: Start = (
    "theme.yaml",
    "# A theme of your own. Whatever is missing here comes from the themes that it extends ({layers}).
name: {name}
description: Our own look.
# The version of the theme interface that it is made for; `courant theme check {name}` says when it is too old.
api: {api}
extends: {parent}

# Settings and their defaults: those of `{parent}` that are to be different here, and new ones.
# Templates see them as `site.settings`; `theme_settings:` in site.yaml has the last word.
settings: {}
",
);

/// For a parent whose stylesheet is a template.
const STYLESHEET: Start = (
    "templates/site.css",
    "{#- The stylesheet of `{parent}`, and after it what is your own: it wins, however plain its selector.
    Colours, faces and sizes are custom properties, so a line here changes them on all pages. -#}
{% extends \"{parent}/site.css\" %}
{% block own %}
{{ super() }}
/* of `{name}` */
:root {
  /* On paper, and in the dark. */
  --paper: light-dark(#fdfdfb, #15171a);
  --tint: light-dark(#f1f3f4, #20242a);
}

/* The name of the paper in the masthead. */
.nameplate {
  letter-spacing: .01em;
}
{% endblock own %}
",
);

/// For a parent whose stylesheet is a file.
const STYLESHEET_BESIDE: [Start; 2] = [
    (
        "static/{name}.css",
        "/* Loaded after the stylesheet of `{parent}`, so what is said here wins. */
:root {
  --{name}-colour: #14507a;
}

h1 {
  color: var(--{name}-colour);
}
",
    ),
    (
        "templates/base.html",
        "{#- The frame of every page is that of `{parent}`, with one more stylesheet in its head. -#}
{% extends \"{parent}/base.html\" %}
{%- block extra_head %}
{{ super() }}
<link rel=\"stylesheet\" href=\"{{ asset(path=\"{name}.css\") }}\">
{%- endblock extra_head %}
",
    ),
];

const ARTICLE: Start = (
    "templates/article.html",
    "{#- The article of `{parent}`, with room for something of your own between its text and what follows.
    Take away the comment signs around the paragraph to see it. `courant theme eject article.html --force`
    puts the whole template here instead, for another order of things. -#}
{% extends \"{parent}/article.html\" %}
{%- block after_text %}
{{ super() }}
{#- <p class=\"ours\">You have read {{ article.words }} words from {{ site.title }}.</p> -#}
{%- endblock after_text %}
",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_theme_is_changed_and_nothing_else() {
        let with = |text: &str| with_theme(text, "mine");
        assert_eq!(with("title: T\ntheme: broadsheet\nx: y\n").as_deref(), Some("title: T\ntheme: mine\nx: y\n"));
        assert_eq!(with("theme: broadsheet   # the look\n").as_deref(), Some("theme: mine         # the look\n"));
        assert_eq!(with("theme: \"a\"\r\nx: y\r\n").as_deref(), Some("theme: mine\r\nx: y\r\n"));
        assert_eq!(with("title: T").as_deref(), Some("title: T\ntheme: mine\n"));
        assert_eq!(with("").as_deref(), Some("theme: mine\n"));
        assert_eq!(
            with("theme_settings:\n  theme: x\n").as_deref(),
            Some("theme_settings:\n  theme: x\ntheme: mine\n")
        );
        assert_eq!(with("theme: &anchor x\n"), None);
    }
}
