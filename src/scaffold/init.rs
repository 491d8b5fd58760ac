//! A site that looks like a paper, to be written over. Its files are in `init/`.

use std::borrow::Cow;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use jiff::tz::TimeZone;
use rust_embed::RustEmbed;

use super::Failure;
use super::theme::with_theme;
use crate::article::time::Timestamp;
use crate::diagnostic::{self, Diagnostic, Place, did_you_mean};
use crate::schema;
use crate::theme;
use crate::write;

/// The site; `vscode/` is only for those who have that editor.
#[derive(RustEmbed)]
#[folder = "src/scaffold/init/"]
struct Embedded;

/// Its photographs, which it shares with the sample site.
const IMAGES: [(&str, &[u8]); 3] = [
    ("content/images/apples.jpg", include_bytes!("../../content/images/apples.jpg")),
    ("content/images/books.jpg", include_bytes!("../../content/images/books.jpg")),
    ("content/images/pier.jpg", include_bytes!("../../content/images/pier.jpg")),
];

/// A site to be made.
#[derive(Debug)]
pub struct NewSite {
    /// The name of its theme.
    pub theme: String,
    /// With what helps Visual Studio Code with front matter and `site.yaml`.
    pub for_vscode: bool,
}

impl NewSite {
    /// Makes the site in a folder that is empty but for hidden files, or is not there. Gives the names of files that were
    /// there and are as they were.
    ///
    /// # Errors
    /// There is no such theme, or the folder is not free. Then nothing was written.
    pub fn write(&self, dir: &Path) -> Result<Vec<String>, Failure> {
        self.is_possible(dir)?;
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
                    return Err(Failure::machine(path.display(), &error));
                }
            }
        }
        Ok(kept)
    }

    fn is_possible(&self, dir: &Path) -> Result<(), Failure> {
        let themes = theme::available(dir);
        if !themes.contains(&self.theme) {
            let themes = themes.iter().map(String::as_str);
            let hint = did_you_mean(&self.theme, themes.clone())
                .unwrap_or_else(|| format!("the themes are {}", themes.collect::<Vec<_>>().join(" and ")));
            return Err(Failure::usage(format!("there is no theme `{}`", self.theme), hint));
        }
        let wrong = |message: String, hint: &str| {
            Err(Diagnostic::error(message).at(Place::file(dir.display().to_string())).hint(hint).into())
        };
        match fs::read_dir(dir) {
            Ok(entries) => {
                let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
                match names.filter(|name| !name.starts_with('.')).min() {
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
            Err(error) => Err(Failure::Machine(Box::new(diagnostic::machine("list", dir.display(), &error)))),
        }
    }

    /// The files of the site: path and content.
    fn files(&self) -> Vec<(String, Cow<'static, [u8]>)> {
        let now = jiff::Timestamp::now().as_second();
        let mut files = Vec::new();
        for name in Embedded::iter() {
            let Some(file) = Embedded::get(&name) else { continue };
            let path = match name.strip_prefix("vscode/") {
                Some(name) if self.for_vscode => format!(".vscode/{name}"),
                Some(_) => continue,
                None if name == "gitignore" => ".gitignore".into(),
                None => name.clone().into_owned(),
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
        files.extend(IMAGES.map(|(path, bytes)| (path.to_owned(), Cow::Borrowed(bytes))));
        if self.for_vscode {
            let schemas = schema::File::ALL.iter();
            files.extend(schemas.map(|one| (format!(".vscode/{}", one.schema_name()), one.text().into_bytes().into())));
        }
        files
    }

    /// `site.yaml`, with the theme that is wanted.
    fn configuration(&self, text: &str) -> String {
        let text = with_theme(text, &self.theme).expect("the line of the theme is a plain one");
        if self.for_vscode {
            return format!("# yaml-language-server: $schema=.vscode/site.schema.json\n{text}");
        }
        text
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
