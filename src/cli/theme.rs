//! `courant theme …`: for those who make themes.

use clap::{Args, Subcommand};
use serde_json::json;

use super::build::count;
use super::output::Output;
use super::{Exit, Global, refused};
use crate::check::theme as check;
use crate::scaffold::{eject, list, theme as start};
use crate::theme::manifest::API;

/// Flags of `courant theme`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant theme list                       the themes that there are
  courant theme new harbour --use          a theme of your own, and the site uses it
  courant theme eject article.html         one template, to change it
  courant theme check                      does it work on all kinds of pages?")]
pub(super) struct Theme {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the themes: those in the program, and those in `themes/`
    List,
    /// Begin a theme of your own, which extends another one
    New(New),
    /// Copy a file of the site's theme, or of one that it extends, into the site, where you can change it
    Eject(Eject),
    /// Try a theme on articles and listings of all kinds, and look for names that do not exist
    Check(Check),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant theme new harbour --use
  courant theme new harbour --extends wire")]
struct New {
    /// What it is called in `site.yaml`: small letters, digits and `-`
    name: String,
    /// The parent theme, which supplies every file that the new one lacks
    #[arg(long, value_name = "NAME", default_value = "broadsheet")]
    extends: String,
    /// Make it the theme of the site: writes `theme: NAME` into site.yaml
    #[arg(long = "use")]
    activates: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant theme eject --list
  courant theme eject components/byline.html")]
struct Eject {
    /// The file, such as `article.html`, `components/byline.html`, `site.css` or `i18n/en.yaml`
    #[arg(required_unless_present = "list")]
    file: Option<String>,
    /// The theme that gets the file (default: the site's)
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// Replace a file that the site has already; what was changed in it is lost
    #[arg(long, conflicts_with = "list")]
    force: bool,
    /// List the files that can be taken over, and where each is from
    #[arg(long, conflicts_with = "file")]
    list: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant theme check
  courant theme check harbour --strict")]
struct Check {
    /// The theme (default: the site's)
    name: Option<String>,
    /// Warnings make the exit code 1, too
    #[arg(long)]
    strict: bool,
}

impl Theme {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        match self.command {
            Command::List => themes(global, output),
            Command::New(new) => new.run(global, output),
            Command::Eject(eject) => eject.run(global, output),
            Command::Check(check) => check.run(global, output),
        }
    }
}

/// The name that was given, or that of the site's theme.
fn chosen(name: Option<String>, global: &Global) -> String {
    name.or_else(|| list::active(&global.site)).unwrap_or_else(|| "broadsheet".into())
}

fn themes(global: &Global, output: &Output) -> Exit {
    let themes = list::list(&global.site);
    let width = themes.iter().map(|theme| theme.name.chars().count()).max().unwrap_or(0);
    for theme in &themes {
        let manifest = theme.manifest.as_ref().ok();
        let place = match (theme.is_built_in, theme.own_files) {
            (true, 0) => "built in".to_owned(),
            (true, own) => format!("built in, {} of your own in themes/{}", count(own, "file"), theme.name),
            (false, _) => format!("themes/{}", theme.name),
        };
        let extends = manifest.and_then(|manifest| manifest.extends.as_deref());
        let about = match &theme.manifest {
            Ok(manifest) => {
                let version = manifest.version.as_deref().map(|version| format!("version {version}, "));
                let extends = extends.map(|extends| format!(", extends {extends}"));
                let api = manifest.api.unwrap_or(API);
                let facts = format!("{}api {api}{}; {place}", version.unwrap_or_default(), extends.unwrap_or_default());
                let description = &manifest.description;
                if description.is_empty() { facts } else { format!("{description} ({facts})") }
            }
            Err(problem) => format!("cannot be used: {}", problem.message),
        };
        let mark = if theme.is_active { '*' } else { ' ' };
        output.result(
            &format!("{mark} {:width$}  {about}", theme.name),
            json!({
                "event": "theme",
                "name": theme.name,
                "active": theme.is_active,
                "built_in": theme.is_built_in,
                "own_files": theme.own_files,
                "api": manifest.map(|manifest| manifest.api.unwrap_or(API)),
                "version": manifest.and_then(|manifest| manifest.version.as_deref()),
                "author": manifest.and_then(|manifest| manifest.author.as_deref()),
                "description": manifest.map(|manifest| &manifest.description),
                "extends": extends,
                "problem": theme.manifest.as_ref().err().map(|problem| &problem.message),
            }),
        );
    }
    Exit::Fine
}

impl New {
    fn run(self, global: &Global, output: &Output) -> Exit {
        let name = &self.name;
        let files = match start::start(&global.site, name, &self.extends) {
            Ok(files) => files,
            Err(failure) => return refused(&failure, output),
        };
        let is_active = self.activates;
        if is_active && let Err(failure) = start::activate(&global.site, name) {
            return refused(&failure, output);
        }
        let next = if is_active {
            format!("site.yaml says `theme: {name}` now; see it with `courant serve`")
        } else {
            format!("write `theme: {name}` into site.yaml, and see it with `courant serve`")
        };
        output.result(
            &format!("{}\n\n{next}", files.join("\n")),
            json!({ "event": "created", "theme": name, "extends": self.extends, "files": files, "active": is_active }),
        );
        Exit::Fine
    }
}

impl Eject {
    fn run(self, global: &Global, output: &Output) -> Exit {
        let name = chosen(self.theme, global);
        let Some(wanted) = self.file else { return list_files(&name, global, output) };
        match eject::eject(&global.site, &name, &wanted, self.force) {
            Ok(copied) => {
                output.result(
                    &format!("{} (from {})", copied.path, copied.layer),
                    json!({ "event": "created", "path": copied.path, "theme": name, "from": copied.layer }),
                );
                Exit::Fine
            }
            Err(failure) => refused(&failure, output),
        }
    }
}

fn list_files(name: &str, global: &Global, output: &Output) -> Exit {
    let files = match eject::files(&global.site, name) {
        Ok(files) => files,
        Err(failure) => return refused(&failure, output),
    };
    let width = files.iter().map(|file| file.path.chars().count()).max().unwrap_or(0);
    for file in &files {
        let place = if file.is_own { format!("themes/{}", file.layer) } else { format!("{} (built in)", file.layer) };
        let object = json!({ "event": "file", "path": file.path, "theme": file.layer, "own": file.is_own });
        output.result(&format!("{:width$}  {place}", file.path), object);
    }
    Exit::Fine
}

impl Check {
    fn run(self, global: &Global, output: &Output) -> Exit {
        let name = chosen(self.name, global);
        let report = check::check(&global.site, &name);
        output.diagnostics(&report.findings);
        let (errors, warnings) = report.count();
        let seconds = report.took.as_secs_f64();
        let text = format!(
            "{name}: {}, {}, {} tried: {}, {} in {seconds:.2} s",
            count(report.templates, "template"),
            count(report.components, "component"),
            count(report.pages, "page"),
            count(errors, "error"),
            count(warnings, "warning"),
        );
        output.result(
            &text,
            json!({
                "event": "theme_checked",
                "theme": name,
                "layers": report.layers,
                "templates": report.templates,
                "components": report.components,
                "pages": report.pages,
                "errors": errors,
                "warnings": warnings,
                "seconds": seconds,
            }),
        );
        if errors > 0 || self.strict && warnings > 0 { Exit::SiteHasErrors } else { Exit::Fine }
    }
}
