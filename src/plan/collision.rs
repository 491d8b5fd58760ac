//! Two outputs that want one address: what is said about it.
//!
//! The plan knows no files, so it hands on what collides; who reports it reads the line that says so.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{CORRECTIONS, Output, Plan, Scope, address};
use crate::article::{Lines, body_text, is_markdown};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::index::Index;
use crate::render::theme::Theme;
use crate::render::trace::file_id;

/// Two outputs that want one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// What they are.
    pub(super) names: [String; 2],
    /// The file in the output folder that both want.
    pub(super) path: String,
    /// The source that is to change.
    pub(super) source: Option<String>,
    /// Whether it wants the address as an old one of its own.
    pub(super) is_alias: bool,
    /// What to do.
    pub(super) hint: &'static str,
}

impl Collision {
    /// The error, at the line of the key that asks for the address. `root` is the site's folder.
    pub fn diagnostic(&self, root: &Path) -> Diagnostic {
        let [a, b] = &self.names;
        let address = self.path.strip_suffix("index.html").unwrap_or(&self.path);
        Diagnostic::error(format!("{a} and {b} both want the address /{address}")).at(self.place(root)).hint(self.hint)
    }

    fn place(&self, root: &Path) -> Place {
        let Some(source) = &self.source else { return Place::file(crate::config::FILE) };
        let Some(text) = is_markdown(source).then(|| body_text(root, source).ok()).flatten() else {
            return Place::file(source);
        };
        let lines = Lines::of(source, &text);
        if !self.is_alias {
            return lines.value(&["permalink", "url", "slug"]);
        }
        let keys = ["aliases", "alias", "redirect_from"];
        let asks = |alias: &&String| {
            let path = address::output_path(&address::page_path(alias));
            // It may be the folder of that name that is asked for.
            path.strip_prefix(&*self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match lines.texts(&keys).iter().find(asks) {
            Some(alias) => lines.value_among(&keys, alias),
            None => lines.value(&keys),
        }
    }
}

impl Plan {
    /// Every pair of outputs that want one address.
    pub(super) fn collisions(&self, index: &Index, config: &Config, theme: &Theme) -> Vec<Collision> {
        let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
        seen.reserve(self.outputs.len());
        let mut problems = Vec::new();
        let path_of = |output: Output| self.path(output, index, config, theme);
        // What stands beside an article has no folder of its own, and meets what another one has only where the articles
        // meet.
        let is_beside = |output: Output| matches!(output, Output::Card(_) | Output::Live(_));
        for (number, (output, file)) in self.outputs.iter().zip(&self.files).enumerate() {
            if let Some(other) = seen.insert(*file, number as u32) {
                let other = self.outputs[other as usize];
                let path = path_of(*output);
                if path_of(other) == path && !(is_beside(other) && is_beside(*output)) {
                    problems.push(self.collision(&path, other, *output, index, config, theme));
                }
            }
        }
        // A file and a folder of the same name: one would remove the other.
        let others = self.outputs.par_iter().with_min_len(256).filter(|output| !is_beside(**output));
        let both = others.flat_map_iter(|output| {
            let path = path_of(*output);
            let folders = memchr::memchr_iter(b'/', path.as_bytes()).map(|end| &path[..end]);
            let files = folders.filter_map(|folder| {
                let file = self.outputs[*seen.get(&file_id(folder))? as usize];
                (path_of(file) == folder).then(|| self.collision(folder, file, *output, index, config, theme))
            });
            files.collect::<Vec<_>>()
        });
        problems.extend(both.collect::<Vec<_>>());
        problems
    }

    fn collision(&self, path: &str, a: Output, b: Output, index: &Index, config: &Config, theme: &Theme) -> Collision {
        let source = |output: Output| match output {
            Output::Alias(at) => self.aliases[at as usize].row.map(|row| (row, true)),
            output => self.own_row(output, index).map(|row| (row, false)),
        };
        let blamed = source(b).or_else(|| source(a));
        let is = |wanted: fn(&Output) -> bool| wanted(&a) || wanted(&b);
        let is_below_prefix = |output: &Output| match output {
            Output::Listing(at, 0) => {
                let listing = &self.listings[*at as usize];
                listing.scope == Scope::Front && &*listing.path != "/"
            }
            _ => false,
        };
        let hint = if is_below_prefix(&a) || is_below_prefix(&b) {
            "give the language another `prefix` in site.yaml, or rename the folder"
        } else if is(|output| matches!(output, Output::Alias(_))) {
            "remove the alias, or give it another address"
        } else if path.starts_with(&CORRECTIONS[1..]) {
            "what stands above the list of corrections is content/corrections/_index.md; anything else needs another address"
        } else if is(|output| matches!(output, Output::Card(_))) {
            "rename the file, or write `cards: false` in site.yaml"
        } else if is(|output| matches!(output, Output::Search(_))) {
            "the search has this address: choose another one, or write `search: false` in site.yaml"
        } else if is(|output| matches!(output, Output::Story(_) | Output::Page(_))) {
            "give one of them another `slug` or `permalink`, or remove one"
        } else {
            "rename or remove the file"
        };
        Collision {
            names: [self.describe(a, index, config, theme), self.describe(b, index, config, theme)],
            path: path.to_owned(),
            source: blamed.map(|(row, _)| index.rows[row as usize].path.to_string()),
            is_alias: blamed.is_some_and(|(_, is_alias)| is_alias),
            hint,
        }
    }

    fn describe(&self, output: Output, index: &Index, config: &Config, theme: &Theme) -> String {
        if let Output::Asset(at) = output {
            return format!("the theme's file {}", theme.assets[at as usize].path);
        }
        if let Output::Derivative(at, _) = output {
            let row = self.photographs.all[at as usize].row;
            return format!("a copy of {}", index.rows[row as usize].path);
        }
        if let Output::Card(id) = output {
            return format!("the social card of {}", index.rows[index.entry(id).row as usize].path);
        }
        if let Output::Live(id) = output {
            return format!("the live data of {}", index.rows[index.entry(id).row as usize].path);
        }
        if let Output::Alias(at) = output {
            return match self.aliases[at as usize].row {
                Some(row) => format!("the alias of {}", index.rows[row as usize].path),
                None => "the way to the front page".into(),
            };
        }
        if let Output::Listing(at, 0) = output {
            let listing = &self.listings[at as usize];
            match &listing.scope {
                Scope::Front if &*listing.path != "/" => {
                    return format!("the front page in the language `{}`", config.language(listing.language).tag);
                }
                Scope::Section(section) if config.is_multilingual() => {
                    return format!("the section `{}`", index.sections[*section as usize].name);
                }
                _ => {}
            }
        }
        match self.own_row(output, index) {
            Some(row) => index.rows[row as usize].path.to_string(),
            None => format!("the generated {}", address::output_path(&self.site_path(output, config))),
        }
    }

    /// What a published page is called when a reason is told: its source, or its own path.
    pub fn name(&self, output: Output, index: &Index, config: &Config, theme: &Theme) -> String {
        self.describe(output, index, config, theme)
    }
}
