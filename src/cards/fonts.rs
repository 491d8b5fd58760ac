//! Which font a letter is drawn with: one of the theme's, or, where these do not have it, one of the machine.
//!
//! The folders in which systems keep fonts are listed in a fixed order, so that the same fonts give the same
//! card. They are read when the first letter needs them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::UNIX_EPOCH;

use resvg::usvg::fontdb::{Database, Family, ID, Query, Source, Stretch, Style, Weight};
use resvg::usvg::{self, FontFamily, FontResolver};
use rustc_hash::FxHashMap;
use skrifa::{FontRef, MetadataProvider};
use walkdir::WalkDir;

use super::line::Face;
use crate::fingerprint::{Fingerprint, Fingerprinter};

/// Where systems keep the fonts of all users.
const FOLDERS: [&str; 5] =
    ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];

/// Where they keep those of one user, below the home folder.
const HOME_FOLDERS: [&str; 4] =
    [".fonts", ".local/share/fonts", "Library/Fonts", "AppData\\Local\\Microsoft\\Windows\\Fonts"];

/// The endings of files with fonts.
const ENDINGS: [&str; 3] = ["ttf", "otf", "ttc"];

type Faces = FxHashMap<(ID, u16, Style), Option<Arc<Face>>>;

/// The fonts for cards.
#[derive(Debug)]
pub(super) struct Fonts {
    own: Arc<Database>,
    machine: OnceLock<Arc<Database>>,
    listed: OnceLock<(Vec<PathBuf>, Fingerprint)>,
    /// The font that has a letter, by the families that were wished for, the weight and the letter.
    found: Mutex<FxHashMap<(String, u16, char), Option<ID>>>,
    /// Parsed fonts, by weight and style.
    faces: Mutex<Faces>,
}

impl Fonts {
    /// The fonts of a theme, given as the bytes of their files.
    pub(super) fn new(files: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut own = Database::new();
        for bytes in files {
            own.load_font_source(Source::Binary(Arc::new(bytes)));
        }
        Self {
            own: Arc::new(own),
            machine: OnceLock::new(),
            listed: OnceLock::new(),
            found: Mutex::default(),
            faces: Mutex::default(),
        }
    }

    /// As [`machine`], listed once.
    pub(super) fn machine(&self) -> Fingerprint {
        self.listed().1
    }

    fn listed(&self) -> &(Vec<PathBuf>, Fingerprint) {
        self.listed.get_or_init(list_machine)
    }

    /// The theme's fonts and the machine's. Those of the theme have the same ids as without the others.
    fn all(&self) -> &Arc<Database> {
        self.machine.get_or_init(|| {
            let mut all = Database::clone(&self.own);
            for path in &self.listed().0 {
                // What is no font is passed over.
                let _ = all.load_font_file(path);
            }
            Arc::new(all)
        })
    }
}

/// The fingerprint of the fonts of this machine: names, lengths and times of their files.
pub fn machine() -> Fingerprint {
    list_machine().1
}

fn list_machine() -> (Vec<PathBuf>, Fingerprint) {
    let home = std::env::home_dir();
    let of_user = HOME_FOLDERS.iter().filter_map(|folder| Some(home.as_ref()?.join(folder)));
    list(FOLDERS.iter().map(PathBuf::from).chain(of_user))
}

/// The fonts below some folders, in order, and their fingerprint.
fn list(folders: impl Iterator<Item = PathBuf>) -> (Vec<PathBuf>, Fingerprint) {
    let is_font = |path: &Path| {
        let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
    };
    let mut paths = Vec::new();
    let mut fingerprint = Fingerprinter::new("fonts");
    for folder in folders {
        let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().flatten();
        for entry in entries.filter(|entry| entry.file_type().is_file() && is_font(entry.path())) {
            let Ok(metadata) = entry.metadata() else { continue };
            let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            fingerprint.text(&entry.path().to_string_lossy()).number(metadata.len());
            fingerprint.number(modified.map_or(0, |at| at.as_nanos() as u64));
            paths.push(entry.into_path());
        }
    }
    (paths, fingerprint.finish())
}

/// The choice of fonts for one drawing.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    fonts: &'a Fonts,
    wish: Mutex<FontQuery>,
    asked_machine: AtomicBool,
    misses_letters: AtomicBool,
}

/// What a text is to be set in.
#[derive(Clone, Debug, Default)]
pub(super) struct FontQuery {
    pub(super) families: Vec<String>,
    pub(super) weight: u16,
    pub(super) style: Style,
}

impl<'a> Choice<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            wish: Mutex::default(),
            asked_machine: AtomicBool::new(false),
            misses_letters: AtomicBool::new(false),
        }
    }

    /// Whether a font of the machine was looked for.
    pub(super) fn asked_machine(&self) -> bool {
        self.asked_machine.load(Ordering::Relaxed)
    }

    /// Whether no font has one of the letters.
    pub(super) fn misses_letters(&self) -> bool {
        self.misses_letters.load(Ordering::Relaxed)
    }

    pub(super) fn options(&self) -> usvg::Options<'_> {
        usvg::Options {
            fontdb: Arc::clone(&self.fonts.own),
            font_resolver: FontResolver {
                select_font: Box::new(|font, database| self.font(font, database)),
                select_fallback: Box::new(|letter, used, database| self.font_with(letter, used, database)),
            },
            ..usvg::Options::default()
        }
    }

    fn font(&self, font: &usvg::Font, database: &mut Arc<Database>) -> Option<ID> {
        let named = font.families().iter().filter_map(|family| match family {
            FontFamily::Named(name) => Some(name.clone()),
            _ => None,
        });
        let style = match font.style() {
            usvg::FontStyle::Normal => Style::Normal,
            usvg::FontStyle::Italic => Style::Italic,
            usvg::FontStyle::Oblique => Style::Oblique,
        };
        self.select(&FontQuery { families: named.collect(), weight: font.weight(), style }, database)
    }

    /// The fonts of the theme.
    pub(super) fn database(&self) -> Arc<Database> {
        Arc::clone(&self.fonts.own)
    }

    /// The first of the families that the theme has; else the first that the machine has; else any.
    pub(super) fn select(&self, wish: &FontQuery, database: &mut Arc<Database>) -> Option<ID> {
        let families: Vec<Family<'_>> = wish.families.iter().map(|name| Family::Name(name)).collect();
        let query = |families: &[Family<'_>], database: &Database| {
            database.query(&Query {
                families,
                weight: Weight(wish.weight),
                stretch: Stretch::Normal,
                style: wish.style,
            })
        };
        let any = |database: &Database| database.faces().next().map(|face| face.id);
        let found = match query(&families, &self.fonts.own) {
            Some(id) => Some(id),
            None => {
                let all = self.all(database);
                query(&families, all).or_else(|| any(&self.fonts.own)).or_else(|| any(all))
            }
        };
        self.wish.lock().expect("no panic while locked").clone_from(wish);
        found
    }

    /// What a font of a database says of itself, at the weight and in the style of a wish.
    pub(super) fn face(&self, database: &Database, id: ID, wish: &FontQuery) -> Option<Arc<Face>> {
        let mut faces = self.fonts.faces.lock().expect("no panic while locked");
        let read = || Face::new(database, id, wish).map(Arc::new);
        faces.entry((id, wish.weight, wish.style)).or_insert_with(read).clone()
    }

    /// A font that has a letter, and is none of those that have been tried.
    pub(super) fn font_with(&self, letter: char, used: &[ID], database: &mut Arc<Database>) -> Option<ID> {
        let wish = self.wish.lock().expect("no panic while locked").clone();
        let key = (wish.families.join("\n"), wish.weight, letter);
        let known = self.fonts.found.lock().expect("no panic while locked").get(&key).copied();
        let is_own = |id: ID| self.fonts.own.face(id).is_some();
        let found = match known {
            Some(found) => found,
            None => {
                let found = best(&self.fonts.own, &wish, letter, used).or_else(|| {
                    let all = self.all(database);
                    best(all, &wish, letter, used)
                });
                self.fonts.found.lock().expect("no panic while locked").insert(key, found);
                found
            }
        };
        // Also for what another drawing has found there: the answer depends on what the machine has.
        if !found.is_some_and(is_own) {
            self.all(database);
        }
        if found.is_none() && !is_invisible(letter) {
            self.misses_letters.store(true, Ordering::Relaxed);
        }
        found.filter(|id| !used.contains(id))
    }

    fn all(&self, database: &mut Arc<Database>) -> &'a Database {
        self.asked_machine.store(true, Ordering::Relaxed);
        let all = self.fonts.all();
        *database = Arc::clone(all);
        all
    }
}

/// Marks of direction and the like have no shape in any font, and need none.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || letter.is_whitespace()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The font with a letter that comes closest to a wish: the earliest of the families, then upright, then the
/// nearest weight, then by name.
fn best(database: &Database, wish: &FontQuery, letter: char, used: &[ID]) -> Option<ID> {
    let has_letter = |id: ID| {
        database.with_face_data(id, |bytes, index| {
            FontRef::from_index(bytes, index).is_ok_and(|font| font.charmap().map(letter).is_some())
        })
    };
    let mut faces: Vec<_> = database
        .faces()
        .filter(|face| !used.contains(&face.id))
        .map(|face| {
            let name = face.families.first().map_or("", |(name, _)| name.as_str());
            let place = wish.families.iter().position(|wished| wished == name).unwrap_or(usize::MAX);
            (place, face.style != Style::Normal, face.weight.0.abs_diff(wish.weight), name, face.index, face.id)
        })
        .collect();
    faces.sort_by(|a, b| (a.0, a.1, a.2, a.3, a.4).cmp(&(b.0, b.1, b.2, b.3, b.4)));
    faces.into_iter().map(|(.., id)| id).find(|id| has_letter(*id).unwrap_or(false))
}

/// Those of the built-in theme.
#[cfg(test)]
pub(super) fn tests_fonts() -> Fonts {
    let file = |name: &&str| crate::theme::built_in_file("broadsheet", &format!("fonts/{name}"));
    Fonts::new(["NotoSans-Bold.ttf", "NotoSerifDisplay-Bold.ttf"].iter().filter_map(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_known_by_name_length_and_time_in_any_order_of_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let here = || list(std::iter::once(folder.path().to_path_buf()));
        let empty = here().1;
        for name in ["b.ttf", "a.otf", "notes.txt"] {
            std::fs::write(folder.path().join(name), name).expect("it can be written");
        }
        let (paths, two) = here();
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()).collect();
        assert_eq!(names, ["a.otf", "b.ttf"]);
        std::fs::write(folder.path().join("b.ttf"), "another").expect("it can be written");
        assert!(empty != two && two != here().1);
    }
}
