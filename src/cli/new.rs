//! `courant new "Headline"`: an article with its front matter filled in.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::output::Output;
use super::{Exit, Global};
use crate::article::language;
use crate::article::slug::slugify;
use crate::article::time::Timestamp;
use crate::config::{Config, LanguageId, Overrides};
use crate::diagnostic::{self, Diagnostic, did_you_mean};
use crate::write;

/// Flags of `courant new`.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The headline
    headline: String,
    /// The section: a folder of `content/` (default: the first by name, or `news`)
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// Who writes it: the id of a profile, or a name; may be given several times (default: the only author there is)
    #[arg(long = "author", value_name = "ID")]
    authors: Vec<String>,
    /// The language it is written in, one of `languages` in site.yaml (default: the site's own)
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// The article that it is a translation of: it is put beside it
    #[arg(long, value_name = "FILE", requires = "language", conflicts_with_all = ["section", "bundle"])]
    translates: Option<PathBuf>,
    /// Publish it with the next build, instead of writing a draft
    #[arg(long)]
    publish: bool,
    /// Make a folder for the article and its pictures
    #[arg(long)]
    bundle: bool,
}

impl New {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let config = match Config::load(&global.site, &Overrides::default()) {
            Ok(config) => config,
            Err(problems) => {
                output.diagnostics(&problems);
                return Exit::SiteHasErrors;
            }
        };
        let title = crate::article::plain_line(&self.headline);
        if title.is_empty() {
            output.diagnostic(&Diagnostic::error("the headline is empty").hint("write `courant new \"A headline\"`"));
            return Exit::WrongUsage;
        }
        let declared = language::declared(&config);
        let language = match self.language.as_deref() {
            Some(tag) => match declared.iter().position(|one| one.tag.eq_ignore_ascii_case(tag)) {
                Some(at) => LanguageId(at as u8),
                None if declared.is_empty() && tag.eq_ignore_ascii_case(&config.settings.language) => LanguageId::MAIN,
                None => {
                    let tags = || declared.iter().map(|language| language.tag.as_str());
                    let hint = did_you_mean(tag, tags())
                        .unwrap_or_else(|| format!("add `{tag}: {{}}` to `languages` in site.yaml"));
                    output.diagnostic(&Diagnostic::error(format!("the site has no language `{tag}`")).hint(hint));
                    return Exit::WrongUsage;
                }
            },
            None => LanguageId::MAIN,
        };
        // The site's own language needs no tag in names.
        let tag = match language {
            LanguageId::MAIN => String::new(),
            other => format!(".{}", config.language(other).tag),
        };
        let known = sections(global);
        let section = match &self.section {
            Some(name) => {
                if name.contains(['/', '\\']) || name.starts_with(['.', '_']) || name.is_empty() {
                    output.diagnostic(
                        &Diagnostic::error(format!("`{name}` cannot be a section"))
                            .hint("a section is the name of a folder of `content/`"),
                    );
                    return Exit::WrongUsage;
                }
                if !known.contains(name) && !known.is_empty() {
                    let hint = did_you_mean(name, known.iter().map(String::as_str))
                        .unwrap_or_else(|| format!("the sections are {}", known.join(", ")));
                    output.diagnostic(&Diagnostic::warning(format!("the section `{name}` is a new one")).hint(hint));
                }
                name.clone()
            }
            None => known.into_iter().next().unwrap_or_else(|| "news".into()),
        };
        let slug = file_name(&slugify(&title, config.settings.slugs));
        let relative = match &self.translates {
            Some(original) => match original_of(global, original) {
                Some(original) => format!("{}{tag}.md", language::stem(&original, &config).0),
                None => {
                    output.diagnostic(
                        &Diagnostic::error(format!("{} is no article of this site", original.display()))
                            .hint("name the Markdown file that is translated, such as `content/local/tunnel.md`"),
                    );
                    return Exit::WrongUsage;
                }
            },
            None if self.bundle => format!("content/{section}/{slug}/index{tag}.md"),
            None => format!("content/{section}/{slug}{tag}.md"),
        };
        let path = global.site.join(&relative);
        let text = self.text(&title, global, &config);
        match write::create(&path, text.as_bytes()) {
            Ok(_) => {
                output.result(&relative, json!({ "event": "created", "path": relative }));
                if !self.publish {
                    output.remark(
                        "a draft: `courant serve --drafts` shows it, and without `draft: true` it is published",
                    );
                }
                Exit::Fine
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                output.diagnostic(
                    &Diagnostic::error(format!("{relative} exists already"))
                        .hint("choose another headline, or edit that file"),
                );
                Exit::SiteHasErrors
            }
            Err(error) => {
                output.diagnostic(&diagnostic::machine("write", &relative, &error));
                Exit::MachineFailed
            }
        }
    }
}

impl New {
    /// The new file.
    fn text(&self, title: &str, global: &Global, config: &Config) -> String {
        let quoted = |text: &str| serde_json::to_string(text).expect("text serialises");
        let authors = if self.authors.is_empty() { only_author(global) } else { self.authors.clone() };
        let authors: Vec<String> = authors.iter().map(|name| quoted(name)).collect();
        format!(
            "---\ntitle: {}\ndate: {}\nauthors: [{}]\ntags: []\nsummary: \"\"\n# image: {{ src: picture.jpg, alt: What it shows, credit: Who made it }}\n# source: {{ name: Where it comes from, url: \"https://…\" }}\ndraft: {}\n---\n\n",
            quoted(title),
            Timestamp(jiff::Timestamp::now().as_second()).rfc3339(&config.time_zone),
            authors.join(", "),
            !self.publish,
        )
    }
}

/// Bytes of the longest name that is given to a file; what stands beside it has a longer one.
const LONGEST_NAME: usize = 120;

/// A slug as the name of a file that is an article: no section, no bundle, no read-me.
fn file_name(slug: &str) -> String {
    let slug = slug.trim_start_matches('_');
    let slug = slug[..slug.floor_char_boundary(LONGEST_NAME)].trim_end_matches('-');
    match slug {
        "" | "index" | "readme" => format!("story-{slug}").trim_end_matches('-').to_owned(),
        _ => slug.to_owned(),
    }
}

/// The path of an original in the site's folder; none if it is not there.
fn original_of(global: &Global, given: &Path) -> Option<String> {
    let root = global.site.canonicalize().ok()?;
    let file = given.canonicalize().or_else(|_| root.join(given).canonicalize()).ok()?;
    let path = file.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
    crate::article::is_markdown(&path).then_some(path)
}

/// The id of the only author who has a profile.
fn only_author(global: &Global) -> Vec<String> {
    let entries = fs::read_dir(global.site.join("content/authors")).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    // Others are translations, and what says something of all authors.
    let ids = names.filter_map(|name| Some(name.strip_suffix(".md")?.to_owned()));
    let ids: Vec<String> = ids.filter(|id| !id.contains('.') && !id.starts_with('_')).collect();
    if ids.len() == 1 { ids } else { Vec::new() }
}

/// The sections there are, by name.
fn sections(global: &Global) -> Vec<String> {
    let Ok(entries) = fs::read_dir(global.site.join("content")) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != "authors" && !name.starts_with(['.', '_']))
        .collect();
    names.sort();
    names
}
