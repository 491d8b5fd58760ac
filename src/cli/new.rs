//! `courant new "Headline"`: an article with its front matter filled in.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::newsroom::Newsroom;
use super::output::Output;
use super::{Exit, Global, Refusal};
use crate::article::slug::slugify;
use crate::article::time::Timestamp;
use crate::article::{can_be_section, language};
use crate::config::{Config, LanguageId, Overrides};
use crate::diagnostic::{self, Diagnostic, did_you_mean};
use crate::write;

/// Flags of `courant new`.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The headline
    headline: String,
    /// The section, by its name or its folder in `content/` (default: `default_section` of site.yaml, or that of the newest article)
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// Who writes it: the id of a profile, or a name; may be given several times (default: the only author there is, or you are asked)
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

fn wrong(message: impl Into<String>, hint: impl Into<String>) -> Refusal {
    (Box::new(Diagnostic::error(message).hint(hint)), Exit::WrongUsage)
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
        match self.write(global, &config, output) {
            Ok(()) => Exit::Fine,
            Err((problem, exit)) => {
                output.diagnostic(&problem);
                exit
            }
        }
    }

    fn write(&self, global: &Global, config: &Config, output: &Output) -> Result<(), Refusal> {
        let title = crate::text::plain_line(&self.headline);
        if title.is_empty() {
            return Err(wrong("the headline is empty", "write `courant new \"A headline\"`"));
        }
        // The site's own language needs no tag in names.
        let tag = match self.language(config)? {
            LanguageId::MAIN => String::new(),
            other => format!(".{}", config.language(other).tag),
        };
        let newsroom = Newsroom::read(&global.site, config);
        let relative = match &self.translates {
            Some(original) => format!("{}{tag}.md", language::stem(&original_of(global, original)?, config).0),
            None => {
                let folder = self.folder(&newsroom, global, config, output)?;
                let slug = file_name(&slugify(&title, config.settings.slugs));
                let name = if self.bundle { format!("{slug}/index") } else { slug };
                format!("{folder}{name}{tag}.md")
            }
        };
        let path = global.site.join(&relative);
        let exists = || {
            let hint = match self.translates {
                Some(_) => "edit that file: it is the translation",
                None => "choose another headline, or edit that file",
            };
            let problem = Diagnostic::error(format!("{relative} already exists")).hint(hint);
            (Box::new(problem), Exit::SiteHasErrors)
        };
        if path.exists() {
            return Err(exists());
        }
        let text = self.text(&title, &self.authors(&newsroom, output), config);
        write::create(&path, text.as_bytes()).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(),
            _ => (Box::new(diagnostic::machine("write", &relative, &error)), Exit::MachineFailed),
        })?;
        output.result(&relative, json!({ "event": "created", "path": relative }));
        if !self.publish {
            output.remark(
                "It is a draft: `courant serve --open --drafts` shows it, and `draft: false` in the file publishes it.",
            );
        }
        Ok(())
    }

    fn language(&self, config: &Config) -> Result<LanguageId, Refusal> {
        let Some(tag) = self.language.as_deref() else { return Ok(LanguageId::MAIN) };
        let declared = language::declared(config);
        match declared.iter().position(|one| one.tag.eq_ignore_ascii_case(tag)) {
            Some(at) => Ok(LanguageId(at as u8)),
            None if declared.is_empty() && tag.eq_ignore_ascii_case(&config.settings.language) => Ok(LanguageId::MAIN),
            None => {
                let hint =
                    did_you_mean(tag, declared.iter().map(|language| language.tag.as_str())).unwrap_or_else(|| {
                        match &config.settings.language {
                            own if declared.is_empty() => {
                                format!("write `languages: {{ {own}: {{}}, {tag}: {{}} }}` into site.yaml")
                            }
                            _ => format!("add `{tag}: {{}}` to `languages` in site.yaml"),
                        }
                    });
                Err(wrong(format!("the site has no language `{tag}`"), hint))
            }
        }
    }

    /// The folder that the article goes into, with a slash at the end.
    fn folder(
        &self,
        newsroom: &Newsroom,
        global: &Global,
        config: &Config,
        output: &Output,
    ) -> Result<String, Refusal> {
        let section = match self.section.as_ref().or(config.settings.default_section.as_ref()) {
            Some(name) => {
                let (folder, is_there) = newsroom.section(name, &global.site, config);
                if !can_be_section(name) || !can_be_section(&folder) {
                    let hint = "a section is the name of a folder of `content/`";
                    return Err(wrong(format!("`{name}` cannot be a section"), hint));
                }
                if !is_there && !newsroom.sections.is_empty() {
                    let known = || newsroom.sections.iter().map(String::as_str);
                    let hint = did_you_mean(&folder, known())
                        .unwrap_or_else(|| format!("there are {}", known().collect::<Vec<_>>().join(", ")));
                    let message = format!("new section: `{folder}`");
                    output.diagnostic(&Diagnostic::warning(message).hint(hint));
                }
                Some(folder)
            }
            None => {
                let first = || newsroom.sections.first().cloned().unwrap_or_else(|| "news".into());
                newsroom.newest.clone().unwrap_or_else(|| Some(first()))
            }
        };
        Ok(section.map_or_else(|| "content/".into(), |section| format!("content/{section}/")))
    }

    /// Who writes it, as far as that is known or somebody can be asked.
    fn authors(&self, newsroom: &Newsroom, output: &Output) -> Vec<String> {
        let ids = || newsroom.authors.iter().map(|author| author.id.as_str());
        for author in self.authors.iter().filter(|author| !newsroom.authors.is_empty() && !newsroom.knows(author)) {
            let hint = did_you_mean(author, ids()).unwrap_or_else(|| {
                "a profile is a file of content/authors/, such as content/authors/ann-lee.md".into()
            });
            output.diagnostic(&Diagnostic::warning(format!("new author: `{author}`")).hint(hint));
        }
        match &*newsroom.authors {
            _ if !self.authors.is_empty() => self.authors.clone(),
            [] => Vec::new(),
            [only] => vec![only.id.clone()],
            several if output.can_ask() => {
                let names: Vec<&str> = several.iter().map(|author| author.name.as_str()).collect();
                let chosen = output.choose("Who writes it?", &names);
                chosen.map(|at| several[at].id.clone()).into_iter().collect()
            }
            _ => {
                let some: Vec<&str> = ids().take(MOST_NAMED).collect();
                let hint = format!("write one into the file, or give `--author`: {}", some.join(", "));
                output.diagnostic(&Diagnostic::warning("the article has no author yet").hint(hint));
                Vec::new()
            }
        }
    }

    /// The new file.
    fn text(&self, title: &str, authors: &[String], config: &Config) -> String {
        let quoted = |text: &str| serde_json::to_string(text).expect("text serialises");
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

/// So many authors are named in a message.
const MOST_NAMED: usize = 12;

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

/// The path of an original in the site's folder.
fn original_of(global: &Global, given: &Path) -> Result<String, Refusal> {
    let find = || {
        let root = global.site.canonicalize().ok()?;
        let file = given.canonicalize().or_else(|_| root.join(given).canonicalize()).ok()?;
        let path = file.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
        crate::article::is_markdown(&path).then_some(path)
    };
    find().ok_or_else(|| {
        let hint = "name the Markdown file that is translated, such as `content/local/tunnel.md`";
        wrong(format!("{} is no article of this site", given.display()), hint)
    })
}
