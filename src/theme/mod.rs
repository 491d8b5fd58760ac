//! Themes: templates, static files, texts and settings, in layers.
//!
//! A theme may extend another one, and the site's own files stand before the embedded ones. Templates are
//! named `<theme>/<path>`; a plain `<path>` means the first layer that has it. What a template can
//! reach is read from its tags (`tokens`): `extends`, `include` and component calls take literals, so every
//! string literal that names a template and every `<name` that names a component counts.
//!
//! Files in `static/` are published, but for the scripts in `static/inline/`, which stand in the pages. The fonts
//! in `fonts/` are those of social cards.

pub mod code;
pub(crate) mod compile;
pub(crate) mod errors;
pub mod inline;
pub mod interface;
mod load;
pub mod manifest;
pub mod settings;
pub(crate) mod site;
mod stylesheet;
pub mod texts;
pub(crate) mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rust_embed::RustEmbed;

use crate::article::Row;
use crate::config::{self, LanguageId, key_place, read_regular};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::Reader;
use inline::InlineScript;
use manifest::{API, Manifest};
use settings::Layer;
use stylesheet::Stylesheet;
use texts::Texts;
use tokens::References;

/// The themes inside the program.
#[derive(RustEmbed)]
#[folder = "themes/"]
#[include = "broadsheet/*"]
#[include = "broadsheet/**/*"]
#[include = "wire/*"]
#[include = "wire/**/*"]
#[exclude = "broadsheet/screenshots/*"]
#[exclude = "wire/screenshots/*"]
struct Embedded;

/// The folder of a theme with the fonts of social cards, which are not published.
const FONTS: &str = "fonts/";

/// What their names end with.
const FONT_ENDINGS: [&str; 3] = [".ttf", ".otf", ".ttc"];

/// What the name of an embedded file ends with in messages.
pub const BUILT_IN: &str = " (built in)";

/// A template.
#[derive(Debug)]
pub struct Template {
    /// `<theme>/<path>`, as in `broadsheet/article.html`.
    pub name: String,
    /// Its text.
    pub source: String,
    /// Where it is, for messages.
    pub file: String,
}

impl Template {
    /// Whether it is a file of the site, not of the program.
    pub fn is_own(&self) -> bool {
        !self.file.ends_with(BUILT_IN)
    }

    /// Whether it is (a part of) a stylesheet, which knows less than a page: see `theme::stylesheet`.
    pub fn is_stylesheet(&self) -> bool {
        self.name.ends_with(".css")
    }
}

/// A static file of a theme.
#[derive(Debug)]
pub struct Asset {
    /// The path below the theme's `static/`.
    pub path: String,
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// The row of the site's own file; none when it is embedded.
    pub row: Option<u32>,
    /// Its address as a site path.
    pub site_path: String,
    /// The place of its layer in [`Theme::layers`].
    layer: usize,
    bytes: Bytes,
}

/// Where the bytes of an asset are, other than in a file of the site.
#[derive(Debug)]
enum Bytes {
    /// In the file of this name inside the program.
    Embedded(String),
    /// Here: a stylesheet made from templates.
    Rendered(Box<str>),
}

impl Asset {
    /// Where it is published. Stylesheets and scripts carry their fingerprint in the name, so they may be
    /// cached for ever; other files keep their name, since stylesheets refer to them.
    pub fn output_path(&self) -> String {
        match self.path.rsplit_once('.') {
            Some((name, ending @ ("css" | "js"))) => format!("assets/{name}.{}.{ending}", self.fingerprint.short()),
            _ => format!("assets/{}", self.path),
        }
    }

    fn new(path: &str, fingerprint: Fingerprint, row: Option<u32>, layer: usize, bytes: Bytes) -> Self {
        let mut asset = Self { path: path.to_owned(), fingerprint, row, site_path: String::new(), layer, bytes };
        asset.site_path = match asset.path.rsplit_once('.') {
            Some((_, "css" | "js")) => format!("/{}", asset.output_path()),
            _ => format!("/{}?v={}", asset.output_path(), fingerprint.short()),
        };
        asset
    }

    /// A stylesheet made from templates.
    pub(super) fn stylesheet(path: &str, text: String) -> Self {
        Self::new(path, Fingerprint::of(text.as_bytes()), None, 0, Bytes::Rendered(text.into()))
    }

    /// Whether another version of it has another name.
    pub(crate) fn has_fingerprint_in_name(&self) -> bool {
        matches!(self.path.rsplit_once('.'), Some((_, "css" | "js")))
    }

    /// The bytes of an asset that is no file of the site.
    pub fn built_in(&self) -> Vec<u8> {
        match &self.bytes {
            Bytes::Embedded(name) => Embedded::get(name).map(|file| file.data.into_owned()).unwrap_or_default(),
            Bytes::Rendered(text) => text.as_bytes().to_vec(),
        }
    }
}

/// A theme, all layers put together.
#[derive(Debug, Default)]
pub struct Theme {
    /// The names of the layers, the site's choice first.
    pub layers: Vec<String>,
    /// All templates of all layers.
    pub templates: Vec<Template>,
    /// Static files; of files with one path, that of the first layer.
    pub assets: Vec<Asset>,
    /// The fonts of social cards, in the order of their paths; of those with one path, that of the first layer.
    pub fonts: Vec<Asset>,
    /// Scripts that stand in the pages themselves, by path; of those with one path, that of the first layer.
    pub inline_scripts: BTreeMap<String, InlineScript>,
    /// The owner's own HTML in every page.
    pub code: code::Code,
    /// The texts in each language of the site, completed from English.
    pub texts: Vec<Texts>,
    /// What each language of the site calls itself.
    names: Vec<String>,
    /// The theme's settings with those of `site.yaml` on top.
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// The fingerprint of what every template can see: its settings, what languages are called, which fragments there are.
    pub fingerprint: Fingerprint,
    /// The fingerprint of all its templates and settings.
    pub source: Fingerprint,
    by_name: BTreeMap<String, usize>,
    reach: Vec<Fingerprint>,
    components: BTreeMap<String, usize>,
}

/// The names of the layers of the theme `name`, itself first.
///
/// # Errors
/// A theme that does not exist, cannot be read, or extends itself.
pub fn layers(root: &Path, name: &str) -> Result<Vec<String>, Diagnostic> {
    let mut layers: Vec<String> = Vec::new();
    let own = || {
        let bytes = read_regular(&root.join(config::FILE)).unwrap_or_default();
        key_place(config::FILE, &String::from_utf8_lossy(&bytes), "theme")
    };
    let mut next = Some((name.to_owned(), own()));
    while let Some((name, place)) = next.take() {
        if layers.contains(&name) {
            return Err(Diagnostic::error(format!("the theme `{name}` extends itself"))
                .at(place)
                .hint("remove `extends` from one of the themes"));
        }
        let Some((text, file)) = manifest_text(root, &name)? else {
            let known: Vec<String> = available(root);
            return Err(Diagnostic::error(format!("there is no theme `{name}`"))
                .at(place)
                .hint(format!("the themes here are {}", known.join(", ")))
                .maybe_hint(did_you_mean(&name, known.iter().map(String::as_str))));
        };
        let manifest = Manifest::read(&file, &text)?;
        next = manifest.extends.map(|parent| (parent, key_place(&file, &text, "extends")));
        layers.push(name);
    }
    Ok(layers)
}

/// The scripts for the pages themselves of some layers as they are on disk now, for whoever has no [`Theme`].
pub fn inline_scripts(root: &Path, layers: &[String]) -> Vec<InlineScript> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for layer in layers {
        let folder = root.join("themes").join(layer).join(inline::FOLDER);
        let own = walkdir::WalkDir::new(&folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
        for entry in own {
            let path = entry.path().strip_prefix(&folder).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
            if let Ok(bytes) = fs::read(entry.path()) {
                texts.entry(path).or_insert_with(|| String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        let inside = format!("{layer}/{}", inline::FOLDER);
        for name in Embedded::iter() {
            if let (Some(path), Some(file)) = (name.strip_prefix(&inside), Embedded::get(&name)) {
                texts.entry(path.to_owned()).or_insert_with(|| String::from_utf8_lossy(&file.data).into_owned());
            }
        }
    }
    texts.iter().filter_map(|(path, text)| InlineScript::new(path, text).ok()).collect()
}

/// The text of a theme's manifest and the file it is in; a theme folder may do without.
fn manifest_text(root: &Path, name: &str) -> Result<Option<(String, String)>, Diagnostic> {
    let file = format!("themes/{name}/theme.yaml");
    match read_regular(&root.join(&file)) {
        Ok(bytes) => match crate::text::text_of(&file, &bytes) {
            Ok(text) => return Ok(Some((text.to_owned(), file))),
            Err(mut problems) => return Err(problems.remove(0)),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Diagnostic::error(format!("cannot read this file: {error}")).at(Place::file(file))),
    }
    if let Some(embedded) = Embedded::get(&format!("{name}/theme.yaml")) {
        return Ok(Some((String::from_utf8_lossy(&embedded.data).into_owned(), file)));
    }
    Ok(root.join("themes").join(name).is_dir().then(|| (format!("name: {name:?}\napi: {API}\n"), file)))
}

/// The manifest of the theme `name`; none if there is no such theme.
///
/// # Errors
/// It cannot be read, or is for another version of the theme interface.
pub fn manifest(root: &Path, name: &str) -> Result<Option<Manifest>, Diagnostic> {
    manifest_text(root, name)?.map(|(text, file)| Manifest::read(&file, &text)).transpose()
}

/// The manifests of some layers, with the places where they were read.
///
/// # Errors
/// One cannot be read, or is for another version of the theme interface.
pub fn manifests(root: &Path, layers: &[String]) -> Result<Vec<Layer>, Diagnostic> {
    let layer = |name: &String| {
        let (text, file) = manifest_text(root, name)?.unwrap_or_default();
        Manifest::read(&file, &text).map(|manifest| Layer { file, text, manifest })
    };
    layers.iter().map(layer).collect()
}

/// The layers were found before the sources were listed: a manifest that changed since is noted.
fn compare_manifests(reader: &Reader, layers: &[String], manifests: &[Layer], rows: &[Row]) {
    for (at, layer) in manifests.iter().enumerate() {
        let row = rows.binary_search_by(|row| (*row.path).cmp(&layer.file)).ok().map(|at| &rows[at]);
        if let Some(row) = row {
            reader.compare(&row.path, layer.text.as_bytes(), &row.content);
        }
        if layer.manifest.extends.as_ref() != layers.get(at + 1) {
            reader.note(&layer.file);
        }
    }
}

/// Whether the program has the theme `name` in it.
pub fn is_built_in(name: &str) -> bool {
    Embedded::iter().any(|path| path.split_once('/').is_some_and(|(theme, _)| theme == name))
}

/// The paths of the files of the built-in theme `name`, in order.
pub fn built_in_files(name: &str) -> Vec<String> {
    let inside = format!("{name}/");
    let mut files: Vec<String> =
        Embedded::iter().filter_map(|path| path.strip_prefix(&inside).map(str::to_owned)).collect();
    files.sort();
    files
}

/// A file of a built-in theme.
pub fn built_in_file(name: &str, path: &str) -> Option<Vec<u8>> {
    Embedded::get(&format!("{name}/{path}")).map(|file| file.data.into_owned())
}

/// The bytes of a file of the theme `layer`: the site's own file before the one in the program.
pub(crate) fn file(root: &Path, layer: &str, path: &str) -> Option<Vec<u8>> {
    let own = read_regular(&root.join(format!("themes/{layer}/{path}")));
    own.ok().or_else(|| built_in_file(layer, path))
}

/// The paths of the files that the site has of the theme `layer`, in order.
pub(crate) fn own_files(root: &Path, layer: &str) -> Vec<String> {
    files_in(&root.join("themes").join(layer))
}

/// The paths of the files below `folder`, in order; hidden ones are left out.
pub(crate) fn files_in(folder: &Path) -> Vec<String> {
    let is_shown = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| name.starts_with('.'))
    };
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_shown);
    let files = entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let path = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).ok()?.to_str()?;
        Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
    };
    files.filter_map(path).collect()
}

/// Whether the text of a file of a theme stands in pages: in those that its templates make, not by itself.
pub fn is_in_pages(path: &str) -> bool {
    path == "theme.yaml" || ["templates/", "i18n/", inline::FOLDER].iter().any(|folder| path.starts_with(folder))
}

/// The names of all themes: built in, and in the site's `themes/`.
pub fn available(root: &Path) -> Vec<String> {
    let mut names: BTreeSet<String> =
        Embedded::iter().filter_map(|path| path.split_once('/').map(|(name, _)| name.to_owned())).collect();
    if let Ok(folder) = fs::read_dir(root.join("themes")) {
        names.extend(
            folder
                .flatten()
                .filter(|entry| entry.path().is_dir())
                .filter_map(|entry| entry.file_name().into_string().ok()),
        );
    }
    names.into_iter().collect()
}

impl Theme {
    /// The built-in texts of its layers that stand in pages.
    pub fn built_in_texts(&self) -> impl Iterator<Item = String> {
        let of_layer = |layer: &String| {
            let paths = built_in_files(layer).into_iter().filter(|path| is_in_pages(path));
            let files = paths.filter_map(|path| built_in_file(layer, &path));
            files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect::<Vec<_>>()
        };
        self.layers.iter().flat_map(of_layer)
    }

    /// What a language calls itself.
    pub fn language_name(&self, language: LanguageId) -> &str {
        &self.names[language.0 as usize]
    }

    /// Of a static file and a stylesheet of one path, that of the nearer layer counts; in one layer the site's
    /// own before the embedded, and then the stylesheet.
    fn add_stylesheets(&mut self, stylesheets: Vec<Stylesheet>) {
        for Stylesheet { asset, template } in stylesheets {
            let layer =
                template.split_once('/').and_then(|(name, _)| self.layers.iter().position(|layer| layer == name));
            let is_built_in = self.template(&template).is_some_and(|template| template.file.ends_with(BUILT_IN));
            match self.assets.iter_mut().find(|other| other.path == asset.path) {
                Some(other) if (Some(other.layer), other.row.is_none()) < (layer, is_built_in) => {}
                Some(other) => *other = asset,
                None => self.assets.push(asset),
            }
        }
    }

    /// Whether the plan of a site with the other theme is that with this one: its templates and settings name files that
    /// are published for it.
    pub fn is_same_to_plan(&self, other: &Self) -> bool {
        let files = |theme: &Self| theme.assets.iter().map(Asset::output_path).collect::<Vec<_>>();
        self.source == other.source && files(self) == files(other)
    }

    /// The fingerprint of the fonts of social cards.
    pub fn fonts_fingerprint(&self) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("fonts");
        for font in &self.fonts {
            fingerprint.text(&font.path).part(&font.fingerprint);
        }
        fingerprint.finish()
    }

    /// The template that a plain name means.
    pub fn template(&self, name: &str) -> Option<&Template> {
        self.resolve(name).map(|at| &self.templates[at])
    }

    fn resolve(&self, name: &str) -> Option<usize> {
        let exact = self.by_name.get(name);
        exact.or_else(|| self.layers.iter().find_map(|layer| self.by_name.get(&format!("{layer}/{name}")))).copied()
    }

    /// The fingerprint of everything that a template can reach, itself included.
    pub fn reach(&self, name: &str) -> Fingerprint {
        self.resolve(name).map_or_else(Fingerprint::default, |at| self.reach[at])
    }

    /// The fingerprint of everything that a component can reach; none if there is no such component.
    pub fn component_reach(&self, name: &str) -> Option<Fingerprint> {
        self.components.get(name).map(|at| self.reach[*at])
    }

    /// The template that defines a component.
    pub fn component(&self, name: &str) -> Option<&Template> {
        self.components.get(name).map(|at| &self.templates[*at])
    }

    /// The names of the components.
    pub fn component_names(&self) -> impl Iterator<Item = &str> {
        self.components.keys().map(String::as_str)
    }

    /// A static file.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        let path = path.trim_start_matches('/');
        self.assets.binary_search_by(|asset| asset.path.as_str().cmp(path)).ok().map(|at| &self.assets[at])
    }

    /// Components of the site's own that call themselves, if only by way of others: the template, the name, which one they
    /// call, and where the call stands. (Built-in ones come to an end.)
    pub fn endless_components(&self) -> impl Iterator<Item = (&Template, &str, &str, usize)> {
        let own = self.templates.iter().filter(|template| !template.file.ends_with(BUILT_IN));
        own.flat_map(move |template| {
            let names = References::of(&template.source).definitions.into_iter();
            names.filter_map(move |name| {
                let others = self.component_names().filter(move |other| *other != name && self.leads_to(other, name));
                let mut calls = std::iter::once(name).chain(others);
                calls.find_map(|called| Some((template, name, called, call_in(&template.source, name, called)?)))
            })
        })
    }

    /// Whether a component calls another one, if only by way of others.
    fn leads_to(&self, from: &str, to: &str) -> bool {
        let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
        while let Some(name) = open.pop() {
            let Some(source) = self.components.get(name).map(|at| &*self.templates[*at].source) else { continue };
            if call_in(source, name, to).is_some() {
                return true;
            }
            let called = self.component_names().filter(|other| call_in(source, name, other).is_some());
            open.extend(called.filter(|other| seen.insert(*other)));
        }
        false
    }

    fn find_reach(&mut self) {
        self.by_name = self.templates.iter().enumerate().map(|(at, template)| (template.name.clone(), at)).collect();
        let references: Vec<References<'_>> =
            self.templates.iter().map(|template| References::of(&template.source)).collect();
        // Layers stand in the order of their priority, so the first definition is the one in force.
        for (at, own) in references.iter().enumerate() {
            for name in &own.definitions {
                self.components.entry((*name).to_owned()).or_insert(at);
            }
        }
        let direct: Vec<BTreeSet<usize>> = references
            .iter()
            .map(|own| {
                let templates = own.literals.iter().filter_map(|name| self.resolve(name));
                let components = own.calls.iter().filter_map(|name| self.components.get(*name).copied());
                templates.chain(components).collect()
            })
            .collect();
        self.reach = (0..self.templates.len())
            .map(|start| {
                let mut seen = BTreeSet::from([start]);
                let mut open = vec![start];
                while let Some(at) = open.pop() {
                    open.extend(direct[at].iter().filter(|next| seen.insert(**next)));
                }
                let mut fingerprint = Fingerprinter::new("reach");
                fingerprint.part(&self.fingerprint);
                let mut names: Vec<usize> = seen.into_iter().collect();
                names.sort_by(|a, b| self.templates[*a].name.cmp(&self.templates[*b].name));
                for at in names {
                    fingerprint.text(&self.templates[at].name).text(&self.templates[at].source);
                }
                fingerprint.finish()
            })
            .collect();
    }
}

/// Where the body of a component calls a component; an HTML element of its name is no call.
fn call_in(source: &str, of: &str, name: &str) -> Option<usize> {
    let begin = source.find(&format!("component {of}"))?;
    let end = source[begin..].find("endcomponent").map_or(source.len(), |length| begin + length);
    let call = format!("<{name}");
    let mut calls = source[begin..end].match_indices(&call).map(|(at, _)| begin + at);
    calls.find(|at| {
        let before = source[..*at].trim_end().trim_end_matches('-');
        let after = source[at + 1 + name.len()..].chars().next();
        (before.ends_with("{{") || before.ends_with("{%")) && after.is_none_or(|c| c.is_whitespace() || c == '/')
    })
}
