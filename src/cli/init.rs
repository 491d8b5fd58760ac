//! `courant init [DIR]`: a site that looks like a paper, to be written over. Its files are in `init/`.

use std::borrow::Cow;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use rust_embed::RustEmbed;
use serde_json::json;

use super::output::{Output, Tone};
use super::{Exit, Global, Refusal};
use crate::article::time::Timestamp;
use crate::diagnostic::{self, Diagnostic, Place, did_you_mean};
use crate::render::theme;
use crate::schema;
use crate::theme::start::with_theme;
use crate::write;

/// Flags of `courant init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make; it may exist if it is empty but for hidden files (default: this one)
    dir: Option<PathBuf>,
    /// The look of the site: one of the themes that `courant theme list` shows
    #[arg(long, value_name = "NAME", default_value = "broadsheet")]
    theme: String,
    /// Write what helps this editor with front matter and site.yaml, too
    #[arg(long, value_name = "NAME")]
    editor: Option<Editor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Editor {
    /// `.vscode/`: schemas, settings and a snippet
    Vscode,
}

/// The site; `vscode/` is only for those who have that editor.
#[derive(RustEmbed)]
#[folder = "src/cli/init/"]
struct Embedded;

/// Its photographs, which it shares with the sample site.
const PICTURES: [(&str, &[u8]); 3] = [
    ("content/images/apples.jpg", include_bytes!("../../content/images/apples.jpg")),
    ("content/images/books.jpg", include_bytes!("../../content/images/books.jpg")),
    ("content/images/pier.jpg", include_bytes!("../../content/images/pier.jpg")),
];

impl Init {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let dir = self.dir.as_deref().unwrap_or(&global.site);
        if let Err((problem, exit)) = self.refusal(dir) {
            output.diagnostic(&problem);
            return exit;
        }
        let (mut made, mut kept) = (Vec::new(), Vec::new());
        for (name, bytes) in self.files() {
            let path = dir.join(&name);
            match write::create(&path, &bytes) {
                Ok(new) => made.extend(new),
                // Only hidden files can be there.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_file() => kept.push(name),
                Err(error) => {
                    // The command may be given again, and then the folder must be as it was.
                    write::remove(&made);
                    output.diagnostic(&diagnostic::machine("write", path.display(), &error));
                    return Exit::MachineFailed;
                }
            }
        }
        for name in kept {
            let hint = if name == ".gitignore" {
                "it should name `/public/`, `/.courant/` and `/comments/inbox/`, which are not to be shared"
            } else {
                "to see what courant would write, run `courant init` in a new folder"
            };
            output.diagnostic(
                &Diagnostic::warning("this file was here, and is as it was").at(Place::file(name)).hint(hint),
            );
        }
        self.tell(dir, output);
        Exit::Fine
    }

    /// # Errors
    /// There is no such theme, or the folder is not free.
    fn refusal(&self, dir: &Path) -> Result<(), Refusal> {
        let themes = theme::available(dir);
        if !themes.contains(&self.theme) {
            let themes = themes.iter().map(String::as_str);
            let hint = did_you_mean(&self.theme, themes.clone())
                .unwrap_or_else(|| format!("the themes are {}", themes.collect::<Vec<_>>().join(" and ")));
            let problem = Diagnostic::error(format!("there is no theme `{}`", self.theme)).hint(hint);
            return Err((Box::new(problem), Exit::WrongUsage));
        }
        let is_hidden = |name: &str| name.starts_with('.');
        let wrong = |message: String, hint: &str| {
            let problem = Diagnostic::error(message).at(Place::file(dir.display().to_string())).hint(hint);
            Err((Box::new(problem), Exit::SiteHasErrors))
        };
        match fs::read_dir(dir) {
            Ok(entries) => {
                let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
                match names.filter(|name| !is_hidden(name)).min() {
                    Some(name) => {
                        let hint = "name a new folder: `courant init my-news`";
                        wrong(format!("this folder is not empty: it has `{name}`"), hint)
                    }
                    None => Ok(()),
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                wrong("this is a file, where the site's folder is to be".into(), "name a new folder")
            }
            Err(error) => Err((Box::new(diagnostic::machine("list", dir.display(), &error)), Exit::MachineFailed)),
        }
    }

    /// The files of the site: path and content.
    fn files(&self) -> Vec<(String, Cow<'static, [u8]>)> {
        let now = jiff::Timestamp::now().as_second();
        let mut files = Vec::new();
        for name in Embedded::iter() {
            let Some(file) = Embedded::get(&name) else { continue };
            let path = match (name.strip_prefix("vscode/"), self.editor) {
                (Some(name), Some(Editor::Vscode)) => format!(".vscode/{name}"),
                (Some(_), None) => continue,
                (None, _) if name == "gitignore" => ".gitignore".into(),
                (None, _) => name.clone().into_owned(),
            };
            let content = match &*name {
                "site.yaml" => Cow::Owned(self.configuration(&String::from_utf8_lossy(&file.data)).into_bytes()),
                name if name.ends_with(".md") => {
                    Cow::Owned(with_date(&String::from_utf8_lossy(&file.data), now).into_bytes())
                }
                _ => file.data,
            };
            files.push((path, content));
        }
        files.extend(PICTURES.map(|(path, bytes)| (path.to_owned(), Cow::Borrowed(bytes))));
        if self.editor == Some(Editor::Vscode) {
            let schemas = schema::File::ALL.iter();
            files.extend(schemas.map(|one| (format!(".vscode/{}", one.schema_name()), one.text().into_bytes().into())));
        }
        files
    }

    /// `site.yaml`, with the theme that is wanted.
    fn configuration(&self, text: &str) -> String {
        let text = with_theme(text, &self.theme).expect("the line of the theme is a plain one");
        match self.editor {
            Some(Editor::Vscode) => format!("# yaml-language-server: $schema=.vscode/site.schema.json\n{text}"),
            None => text,
        }
    }

    /// Says what was made and what comes next.
    fn tell(&self, dir: &Path, output: &Output) {
        let shown = dir.display().to_string();
        let made = if dir == Path::new(".") { "A new site, here".to_owned() } else { format!("A new site in {shown}") };
        output.line(&[(Tone::Good, &made)], json!({ "event": "created", "path": shown }));
        if output.json {
            return;
        }
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '\\' | '.' | '-' | '_' | ':' | '~');
        let quoted = if shown.chars().all(is_plain) { shown } else { format!("\"{shown}\"") };
        let enter = if dir == Path::new(".") { String::new() } else { format!("\n  cd {quoted}") };
        let next = format!(
            "{enter}\n  courant serve --open         # shows it in the browser, and every change at once\n  courant new \"A headline\"     # writes your first article, a draft\n  courant build                # makes the site for readers, in public/"
        );
        output.result(&next, json!({}));
    }
}

/// The text with the hours before now in its line `date: -5h` as a date.
fn with_date(text: &str, now: i64) -> String {
    let Some((before, rest)) = text.split_once("\ndate: -") else { return text.to_owned() };
    let (hours, after) = rest.split_once("h\n").expect("our own files have hours");
    let hours: i64 = hours.parse().expect("our own files have numbers");
    // Nothing is published at a second.
    let date = Timestamp((now - hours * 3600) / 60 * 60).rfc3339(&TimeZone::UTC);
    format!("{before}\ndate: {date}\n{after}")
}
