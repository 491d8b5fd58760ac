//! Which copies there are of which photographs.
//!
//! The addresses follow from the name of the file, its bytes, the recipe and the width, so a page can name
//! a copy before there is one. Nothing is planned of a photograph that no visible text shows.

use crate::article::record::Record;
use crate::config::address;
use crate::config::{Config, Originals};
use crate::index::variants::{copies, cuts, name, site_path};
use crate::index::{ImageRole, Index};
use crate::original::Format;
use crate::variant::{Focus, Variant};
use rustc_hash::FxHashMap;

/// A photograph with its copies.
#[derive(Debug)]
pub struct PlannedImage {
    /// The row of its file.
    pub row: u32,
    /// What the names of its copies begin with.
    pub name: Box<str>,
    /// The copies: whole ones by format, then by width; then cuts.
    pub variants: Vec<Variant>,
}

impl PlannedImage {
    /// The site path of a copy.
    pub fn site_path(&self, variant: Variant) -> String {
        site_path(&self.name, variant)
    }

    /// The whole copies in a format, the narrowest first.
    pub fn copies(&self, format: Format) -> impl Iterator<Item = Variant> + '_ {
        self.variants.iter().copied().filter(move |one| one.cut.is_none() && one.format == format)
    }

    /// The formats of the whole copies, in the order in which browsers are offered them.
    pub fn formats(&self) -> Vec<Format> {
        let mut formats: Vec<Format> =
            self.variants.iter().filter(|one| one.cut.is_none()).map(|one| one.format).collect();
        formats.dedup();
        formats
    }

    /// The cuts around a point.
    pub fn cuts(&self, focus: Focus) -> impl Iterator<Item = Variant> + '_ {
        self.variants.iter().copied().filter(move |one| one.cut.is_some_and(|cut| cut.focus == focus))
    }
}

/// All photographs of which there are copies.
#[derive(Debug, Default)]
pub struct Images {
    /// Each once, by its row.
    pub all: Vec<PlannedImage>,
    by_row: FxHashMap<u32, u32>,
    by_name: FxHashMap<Box<str>, u32>,
    /// Rows of originals that are not published.
    unpublished: Vec<u32>,
}

impl Images {
    /// Plans the copies of everything that is shown.
    pub(super) fn of(index: &Index, config: &Config) -> Self {
        let mut this = Self::default();
        let mut linked = Vec::new();
        for one in &index.images {
            let row = &index.rows[one.row as usize];
            if one.role == ImageRole::Linked {
                linked.push(one.row);
                continue;
            }
            let Record::File(Some(file)) = row.record() else { continue };
            let Some(name) = name(row, &file, config) else { continue };
            let at = match this.by_name.get(&*name) {
                Some(at) => *at,
                None => {
                    let at = this.all.len() as u32;
                    let name: Box<str> = name.into();
                    let variants = copies(&file, config);
                    this.by_name.insert(name.clone(), at);
                    this.all.push(PlannedImage { row: one.row, name, variants });
                    at
                }
            };
            this.by_row.insert(one.row, at);
            if let ImageRole::Lead(focus) = one.role
                && config.settings.images.crops
            {
                let photograph = &mut this.all[at as usize];
                if photograph.cuts(focus).next().is_none() {
                    photograph.variants.extend(cuts(&file, focus));
                }
            }
        }
        if config.settings.images.originals == Originals::Linked {
            this.unpublished = this.by_row.keys().copied().filter(|row| !linked.contains(row)).collect();
            this.unpublished.sort_unstable();
        }
        this
    }

    /// The photograph in a row.
    pub fn of_row(&self, row: u32) -> Option<&PlannedImage> {
        self.place_of_row(row).map(|at| &self.all[at as usize])
    }

    /// The place of the photograph in a row.
    pub fn place_of_row(&self, row: u32) -> Option<u32> {
        self.by_row.get(&row).copied()
    }

    /// The place of the photograph with a name.
    pub fn place_of_name(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Whether the file in a row is published itself.
    pub fn publishes(&self, row: u32) -> bool {
        self.unpublished.binary_search(&row).is_err()
    }
}

/// The address of a site path of a copy.
pub fn address_of(config: &Config, site_path: &str) -> String {
    address::encode(config, site_path)
}
