//! An article with its front matter filled in.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Failure;
use super::newsroom::Newsroom;
use crate::article::language;
use crate::article::slug::slugify;
use crate::article::time::Timestamp;
use crate::config::{Config, LanguageId};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source_name::can_be_section;
use crate::write;

/// An article to be written.
#[derive(Debug)]
pub struct NewArticle {
    /// The headline.
    pub headline: String,
    /// The section, by its name or its folder.
    pub section: Option<String>,
    /// Who writes it: ids of profiles, or names.
    pub authors: Vec<String>,
    /// The tag of its language.
    pub language: Option<String>,
    /// The file that it is a translation of.
    pub translates: Option<PathBuf>,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// Whether it gets a folder of its own.
    pub is_bundle: bool,
    /// Its date.
    pub now: Timestamp,
}

/// Has somebody choose one of several; none if they choose nothing.
pub type Ask<'a> = &'a dyn Fn(&str, &[&str]) -> Option<usize>;

/// Whoever writes the article.
pub struct Editor<'a> {
    /// If somebody can be asked.
    pub ask: Option<Ask<'a>>,
    /// Is told what may be a mistake.
    pub warn: &'a dyn Fn(Diagnostic),
}

impl std::fmt::Debug for Editor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").field("can_ask", &self.ask.is_some()).finish_non_exhaustive()
    }
}

impl NewArticle {
    /// Writes the article into the site in `root`, and gives its path there.
    ///
    /// # Errors
    /// The file is there already, or what it is to belong to cannot be.
    pub fn write(&self, root: &Path, config: &Config, editor: &Editor<'_>) -> Result<String, Failure> {
        let title = crate::text::plain_line(&self.headline);
        if title.is_empty() {
            return Err(Failure::usage("the headline is empty", "write `courant new \"A headline\"`"));
        }
        // The site's own language needs no tag in names.
        let tag = match self.language(config)? {
            LanguageId::MAIN => String::new(),
            other => format!(".{}", config.language(other).tag),
        };
        let newsroom = Newsroom::read(root, config);
        let relative = match &self.translates {
            Some(original) => format!("{}{tag}.md", language::stem(&original_of(root, original)?, config).0),
            None => {
                let folder = self.folder(&newsroom, root, config, editor)?;
                let slug = file_name(&slugify(&title, config.settings.slugs));
                let name = if self.is_bundle { format!("{slug}/index") } else { slug };
                format!("{folder}{name}{tag}.md")
            }
        };
        let path = root.join(&relative);
        let exists = || {
            let hint = match self.translates {
                Some(_) => "edit that file: it is the translation",
                None => "choose another headline, or edit that file",
            };
            Failure::wrong(format!("{relative} already exists"), hint)
        };
        if path.exists() {
            return Err(exists());
        }
        let text = self.text(&title, &self.authors(&newsroom, editor), config);
        write::create(&path, text.as_bytes()).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(),
            _ => Failure::machine(&relative, &error),
        })?;
        Ok(relative)
    }

    fn language(&self, config: &Config) -> Result<LanguageId, Failure> {
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
                Err(Failure::usage(format!("the site has no language `{tag}`"), hint))
            }
        }
    }

    /// The folder that the article goes into, with a slash at the end.
    fn folder(
        &self,
        newsroom: &Newsroom,
        root: &Path,
        config: &Config,
        editor: &Editor<'_>,
    ) -> Result<String, Failure> {
        let section = match self.section.as_ref().or(config.settings.default_section.as_ref()) {
            Some(name) => {
                let (folder, is_there) = newsroom.section(name, root, config);
                if !can_be_section(name) || !can_be_section(&folder) {
                    let hint = "a section is the name of a folder of `content/`";
                    return Err(Failure::usage(format!("`{name}` cannot be a section"), hint));
                }
                if !is_there && !newsroom.sections.is_empty() {
                    let known = || newsroom.sections.iter().map(String::as_str);
                    let hint = did_you_mean(&folder, known())
                        .unwrap_or_else(|| format!("there are {}", known().collect::<Vec<_>>().join(", ")));
                    let message = format!("new section: `{folder}`");
                    (editor.warn)(Diagnostic::warning(message).hint(hint));
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
    fn authors(&self, newsroom: &Newsroom, editor: &Editor<'_>) -> Vec<String> {
        let ids = || newsroom.authors.iter().map(|author| author.id.as_str());
        for author in self.authors.iter().filter(|author| !newsroom.authors.is_empty() && !newsroom.knows(author)) {
            let hint = did_you_mean(author, ids()).unwrap_or_else(|| {
                "a profile is a file of content/authors/, such as content/authors/ann-lee.md".into()
            });
            (editor.warn)(Diagnostic::warning(format!("new author: `{author}`")).hint(hint));
        }
        match (&*newsroom.authors, editor.ask) {
            _ if !self.authors.is_empty() => self.authors.clone(),
            ([], _) => Vec::new(),
            ([only], _) => vec![only.id.clone()],
            (several, Some(ask)) => {
                let names: Vec<&str> = several.iter().map(|author| author.name.as_str()).collect();
                let chosen = ask("Who writes it?", &names);
                chosen.map(|at| several[at].id.clone()).into_iter().collect()
            }
            _ => {
                let some: Vec<&str> = ids().take(MOST_NAMED).collect();
                let hint = format!("write one into the file, or give `--author`: {}", some.join(", "));
                (editor.warn)(Diagnostic::warning("the article has no author yet").hint(hint));
                Vec::new()
            }
        }
    }

    /// The new file.
    fn text(&self, title: &str, authors: &[String], config: &Config) -> String {
        let quoted = |text: &str| serde_json::to_string(text).expect("text serialises");
        let authors: Vec<String> = authors.iter().map(|name| quoted(name)).collect();
        format!(
            "---\ntitle: {}\ndate: {}\nauthors: [{}]\ntags: []\nsummary: \"\"\n# image: {{ src: image.jpg, alt: What it shows, credit: Who made it }}\n# source: {{ name: Where it comes from, url: \"https://…\" }}\ndraft: {}\n---\n\n",
            quoted(title),
            self.now.rfc3339(&config.time_zone),
            authors.join(", "),
            self.is_draft,
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
fn original_of(root: &Path, given: &Path) -> Result<String, Failure> {
    let find = || {
        let root = root.canonicalize().ok()?;
        let file = given.canonicalize().or_else(|_| root.join(given).canonicalize()).ok()?;
        let path = file.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
        crate::article::is_markdown(&path).then_some(path)
    };
    find().ok_or_else(|| {
        let hint = "name the Markdown file that is translated, such as `content/local/tunnel.md`";
        Failure::usage(format!("{} is no article of this site", given.display()), hint)
    })
}
