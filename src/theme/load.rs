//! Reads the files of all layers and makes one [`Theme`] of them.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Code;
use super::inline::{self, InlineScript};
use super::interface::{OPTIONAL_TEMPLATES, PAGE_TEMPLATES};
use super::settings::{self, Files};
use super::texts::{self, Forms, Texts};
use super::{
    Asset, BUILT_IN, Bytes, Embedded, FONT_ENDINGS, FONTS, Template, Theme, compare_manifests, manifests, stylesheet,
};
use crate::article::Row;
use crate::config::{Config, key_place};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::Reader;
use crate::yaml;

/// Where a file of a layer is.
enum File {
    Own(u32),
    Embedded(String),
}

/// A file of a layer.
struct LayerFile<'a> {
    layer: &'a str,
    /// The place of the layer in [`Theme::layers`].
    number: usize,
    /// The path below the folder of the layer.
    path: &'a str,
    /// What it is called in messages.
    name: String,
    file: &'a File,
}

impl LayerFile<'_> {
    fn text(&self, reader: &Reader, rows: &[Row]) -> Result<String, Vec<Diagnostic>> {
        let bytes = match self.file {
            File::Own(row) => {
                let row = &rows[*row as usize];
                reader.read(&row.path, &row.content).map_err(|problem| vec![problem])?
            }
            File::Embedded(key) => Embedded::get(key).map(|file| file.data.into_owned()).unwrap_or_default(),
        };
        crate::text::part_of(&self.name, &bytes)
    }
}

/// Texts with the language of their file, those of nearer layers first.
type TextsOfLayers = Vec<(String, Forms)>;

impl Theme {
    /// Puts the layers together. `rows` are all sources of the site.
    ///
    /// # Errors
    /// Everything that is wrong with the theme's own files, apart from the syntax of templates.
    pub fn load(reader: &Reader, layers: Vec<String>, rows: &[Row], config: &Config) -> Result<Self, Vec<Diagnostic>> {
        let root = reader.root();
        let manifests = manifests(root, &layers).map_err(|problem| vec![problem])?;
        compare_manifests(reader, &layers, &manifests, rows);
        let mut theme = Self { layers, settings: settings::defaults(&manifests), ..Self::default() };
        settings::lay(&mut theme.settings, &config.settings.theme_settings);
        let (texts, mut problems) = theme.add_files(reader, rows, config);
        match Code::load(reader, rows, config) {
            Ok(code) => theme.code = code,
            Err(found) => problems.extend(found),
        }
        theme.set_texts(&texts, config);
        let fragments =
            theme.templates.iter().map(|template| &*template.name).filter(|name| name.contains("/fragments/"));
        theme.fingerprint = Fingerprint::of_value(&(&theme.settings, &theme.names, fragments.collect::<Vec<_>>()));
        if problems.is_empty() {
            let all = || rows.iter().map(|row| row.path.to_string()).collect();
            let files = Files { has: &|path| rows.binary_search_by(|row| (*row.path).cmp(path)).is_ok(), all: &all };
            problems.extend(settings::check_site(root, config, &manifests, files));
            problems.extend(settings::check_layers(&manifests, files));
        }
        let mut source = Fingerprinter::new("templates");
        source.part(&theme.fingerprint);
        for template in &theme.templates {
            source.text(&template.name).text(&template.source);
        }
        theme.source = source.finish();
        theme.find_reach();
        if problems.is_empty() {
            match stylesheet::render(&theme, config) {
                Ok(stylesheets) => theme.add_stylesheets(stylesheets),
                Err(found) => problems.extend(found),
            }
        }
        theme.assets.sort_by(|a, b| a.path.cmp(&b.path));
        theme.fonts.sort_by(|a, b| a.path.cmp(&b.path));
        problems.extend(theme.missing_templates());
        if problems.is_empty() { Ok(theme) } else { Err(problems) }
    }

    /// Adds the files of all layers, the nearest first. Returns the texts, and what is wrong.
    fn add_files(&mut self, reader: &Reader, rows: &[Row], config: &Config) -> (TextsOfLayers, Vec<Diagnostic>) {
        let wanted: BTreeSet<&str> = config.languages.iter().flat_map(|language| texts::chain(&language.tag)).collect();
        let (mut texts, mut problems) = (Vec::new(), Vec::new());
        for (number, layer) in self.layers.clone().iter().enumerate() {
            for (path, file) in &files_of(layer, rows) {
                let built_in = if matches!(file, File::Own(_)) { "" } else { BUILT_IN };
                let name = format!("themes/{layer}/{path}{built_in}");
                let file = LayerFile { layer, number, path, name, file };
                let tag = path.strip_prefix("i18n/").and_then(|file| file.strip_suffix(".yaml"));
                let added = match tag {
                    Some(tag) if wanted.contains(tag) => add_texts(&mut texts, tag, &file, reader, rows),
                    Some(_) => Ok(()),
                    None => self.add(&file, reader, rows),
                };
                problems.extend(added.err().into_iter().flatten());
            }
        }
        (texts, problems)
    }

    /// Adds a file that holds no texts, unless a nearer layer has it.
    fn add(&mut self, file: &LayerFile<'_>, reader: &Reader, rows: &[Row]) -> Result<(), Vec<Diagnostic>> {
        if let Some(template) = file.path.strip_prefix("templates/") {
            let source = file.text(reader, rows)?;
            let name = format!("{}/{template}", file.layer);
            self.templates.push(Template { name, source, file: file.name.clone() });
        } else if let Some(path) = file.path.strip_prefix(inline::FOLDER) {
            if !self.inline_scripts.contains_key(path) {
                let script = InlineScript::new(&file.name, &file.text(reader, rows)?)?;
                self.inline_scripts.insert(path.to_owned(), script);
            }
        } else if let Some(path) = file.path.strip_prefix("static/") {
            add_file(&mut self.assets, path, file.file, rows, file.number);
        } else if let Some(path) = file.path.strip_prefix(FONTS)
            && FONT_ENDINGS.iter().any(|ending| path.ends_with(ending))
        {
            add_file(&mut self.fonts, path, file.file, rows, file.number);
        }
        Ok(())
    }

    /// The texts of each language. Nearer languages win, and in each of them nearer layers.
    fn set_texts(&mut self, texts: &TextsOfLayers, config: &Config) {
        for language in &config.languages {
            let nearest = texts::chain(&language.tag).into_iter().flat_map(|tag| {
                texts.iter().filter(move |(known, _)| known == tag).map(|(tag, forms)| (tag.as_str(), forms))
            });
            self.texts.push(Texts::of(nearest));
            let own = |(tag, forms): &(String, Forms)| {
                let is_own = language.tag == *tag || language.tag.split('-').next() == Some(tag);
                is_own.then(|| forms.name()).flatten()
            };
            let known = texts.iter().find_map(own);
            self.names.push(language.name.clone().or(known).unwrap_or_else(|| language.tag.clone()));
        }
    }

    /// The pages for which there is no template.
    fn missing_templates(&self) -> Vec<Diagnostic> {
        let is_missing = |name: &&str| !OPTIONAL_TEMPLATES.contains(name) && self.template(name).is_none();
        let problem = |name: &str| {
            let theme = &self.layers[0];
            Diagnostic::error(format!("the theme `{theme}` has no template `{name}`"))
                .at(Place::file(format!("themes/{theme}/templates")))
                .hint("add it, or write `extends: broadsheet` in theme.yaml")
        };
        PAGE_TEMPLATES.into_iter().filter(is_missing).map(problem).collect()
    }
}

/// Adds the texts of a language.
fn add_texts(
    texts: &mut TextsOfLayers,
    tag: &str,
    file: &LayerFile<'_>,
    reader: &Reader,
    rows: &[Row],
) -> Result<(), Vec<Diagnostic>> {
    let text = file.text(reader, rows)?;
    let forms: Forms = yaml::from_str(&text).map_err(|error| vec![error.diagnostic(&file.name, &text)])?;
    let problem = |(key, message): (&str, String)| {
        let hint = "the categories are zero, one, two, few, many and other; `other` is needed";
        Diagnostic::error(message).at(key_place(&file.name, &text, key)).hint(hint)
    };
    let wrong: Vec<Diagnostic> = forms.wrong_plurals().map(problem).collect();
    texts.push((tag.to_owned(), forms));
    // A file of the site's own needs only what it changes.
    if let (File::Own(_), Some(built_in)) = (file.file, Embedded::get(&format!("{}/{}", file.layer, file.path))) {
        let forms = yaml::from_str(&String::from_utf8_lossy(&built_in.data)).expect("ours, and tested");
        texts.push((tag.to_owned(), forms));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Adds a file, unless a nearer layer has one of its path.
fn add_file(files: &mut Vec<Asset>, path: &str, file: &File, rows: &[Row], layer: usize) {
    // Within a layer paths are distinct, and there may be very many.
    if files.iter().take_while(|known| known.layer != layer).any(|known| known.path == path) {
        return;
    }
    let mut asset = match file {
        File::Own(row) => {
            let bytes = Bytes::Embedded(String::new());
            Asset::new(path, rows[*row as usize].content, Some(*row), layer, bytes)
        }
        File::Embedded(key) => {
            let fingerprint = Fingerprint::of(&Embedded::get(key).map(|file| file.data).unwrap_or_default());
            Asset::new(path, fingerprint, None, layer, Bytes::Embedded(key.clone()))
        }
    };
    // A file of the site is published in its place, and browsers are told when that changes.
    let replaced_by = format!("static/{}", asset.output_path());
    if let Ok(row) = rows.binary_search_by(|row| (*row.path).cmp(&replaced_by)) {
        asset.site_path = format!("/{}?v={}", asset.output_path(), rows[row].content.short());
    }
    files.push(asset);
}

/// The files of a layer by path, the site's own before the embedded ones.
fn files_of(layer: &str, rows: &[Row]) -> BTreeMap<String, File> {
    let mut files = BTreeMap::new();
    let inside = format!("{layer}/");
    for path in Embedded::iter() {
        if let Some(rest) = path.strip_prefix(&inside) {
            files.insert(rest.to_owned(), File::Embedded(path.to_string()));
        }
    }
    let folder = format!("themes/{layer}/");
    let start = rows.partition_point(|row| *row.path < *folder);
    for (number, row) in rows.iter().enumerate().skip(start) {
        match row.path.strip_prefix(&folder) {
            Some(rest) => files.insert(rest.to_owned(), File::Own(number as u32)),
            None => break,
        };
    }
    files
}
