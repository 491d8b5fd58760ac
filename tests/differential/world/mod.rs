//! A random site, and random edits of it: everything that may ever happen to the sources of a build.
//!
//! A new kind of input gets an edit here before it gets a feature. `text` makes what files say; who edits has a file of
//! their own; what happens to the machine is here.

#![allow(unreachable_pub, reason = "a part of a test")]

mod editors;
mod owners;
mod strangers;
mod text;
mod writers;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use fastrand::Rng;

use crate::fixture::{TestSite, keep};

const SECTIONS: [&str; 3] = ["world", "local", "culture"];
/// Some are one term, and some only have one slug.
const TAGS: [&str; 11] =
    ["ships", "Harbour", "trade", "harbour", "Größe", "Gro\u{308}ße", "Grosse", "C++", "C#", "黎明", "李明"];
const AUTHORS: [&str; 7] = ["ann-lee", "Bo Kern", "Cy Marsh", "Ann Lee", "李明", "黎明", "Bo K."];

/// What the next edit may touch.
pub struct World {
    pub site: TestSite,
    pub rng: Rng,
    pub articles: Vec<String>,
    pub made: u32,
    /// How many old addresses were given: none twice.
    aliases: u32,
    /// Minutes after 2026-11-01.
    pub minutes: i64,
    pub log: String,
    /// How many edits there were.
    pub edits: usize,
    /// Whether files of the output folder are edited, too.
    pub tampers: bool,
    /// What `site.yaml` says of languages; empty in most worlds.
    pub languages: &'static str,
    /// Whether edits come from within a build, which must not wait for one.
    pub is_inside_build: bool,
    /// Log and output folder of some earlier moment.
    kept: Option<tempfile::TempDir>,
}

/// The languages of a site that has several: German is always there, since files name it.
const LANGUAGES: [&str; 4] = [
    "languages: {en: {}, de: {title: Der Test, menu: [{title: Hier, url: /local/}, {title: Wir, url: /about/, footer: true}]}, ar: {}}\n",
    "languages: {de: {prefix: deutsch}, en: {}, ar: {prefix: ar/news, title: Ar}}\n",
    "languages: {en: {prefix: en}, de: {}, ar: {}}\n",
    "languages: {en: {}, de: {}}\n",
];

/// One of three photographs, large enough for cuts, with details that another way of shrinking would show.
fn photo(which: u8) -> &'static [u8] {
    static PHOTOS: std::sync::LazyLock<[Vec<u8>; 3]> = std::sync::LazyLock::new(|| {
        [40, 120, 200].map(|shade| {
            let image = image::RgbImage::from_fn(320, 240, |x, y| image::Rgb([shade, (x * 7) as u8, (x * y) as u8]));
            let mut out = std::io::Cursor::new(Vec::new());
            image.write_to(&mut out, image::ImageFormat::Jpeg).expect("it can be encoded");
            // One is as phones make them: a film follows the image.
            let film: &[u8] = if shade == 200 { b"a film, and where it was taken" } else { b"" };
            [&out.into_inner(), film].concat()
        })
    });
    &PHOTOS[usize::from(which)]
}

pub fn date(minutes: i64) -> String {
    let start: jiff::Timestamp = "2026-11-01T00:00:00Z".parse().expect("a moment");
    (start + jiff::SignedDuration::from_mins(minutes)).to_string()
}

impl World {
    pub fn new(seed: u64) -> Self {
        let site = TestSite::empty();
        site.write(
            "site.yaml",
            "title: Test\nbase_url: https://test.example\npage_size: 3\nfeeds: {limit: 4}\ntheme: child\nimages: {widths: [60]}\n",
        );
        site.write("content/about.md", "---\ntitle: About\n---\n\nWho we are.\n");
        site.write("content/authors/ann-lee.md", "---\nname: Ann Lee\nrole: Editor\n---\n\nShe writes.\n");
        site.write("content/local/_index.md", "---\ntitle: Local news\norder: 1\n---\n\nFrom here.\n");
        site.write("static/map.svg", "<svg width=\"30\" height=\"20\"/>");
        site.write("data/facts.yaml", "a: 1\n");
        site.write("includes/head.html", "<script>head(1)</script>");
        site.write("includes/end.html", "<p>The end.</p>");
        site.write("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\n");
        site.write("themes/grandchild/theme.yaml", "name: grandchild\nextends: child\n");
        site.write("themes/grandchild/templates/page.html", "{% extends \"broadsheet/page.html\" %}");
        site.write(
            "themes/child/templates/404.html",
            "{% set facts = data(name=\"facts\") %}<p>gone {{ facts.a }}</p>",
        );
        site.write(
            "themes/child/templates/components/box.html",
            "{% component box(text) %}<b>{{ text }}</b>{% endcomponent box %}",
        );
        let mut world = Self {
            site,
            rng: Rng::with_seed(seed),
            articles: Vec::new(),
            made: 0,
            aliases: 0,
            minutes: 20 * 24 * 60,
            log: String::new(),
            edits: 0,
            tampers: true,
            languages: "",
            is_inside_build: false,
            kept: None,
        };
        if world.rng.u8(..2) == 0 {
            world.languages = LANGUAGES[world.rng.usize(..LANGUAGES.len())];
            let settings = world.site.read("site.yaml");
            world.site.write("site.yaml", settings + world.languages);
        }
        for _ in 0..world.rng.usize(1..12) {
            world.new_article();
        }
        world.site.set_now(&date(world.minutes));
        world
    }

    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.rng.usize(..of.len())]
    }

    fn any_article(&mut self) -> Option<String> {
        (!self.articles.is_empty()).then(|| self.articles[self.rng.usize(..self.articles.len())].clone())
    }

    fn rewrite(&mut self, path: &str, change: impl Fn(&mut Self, String) -> String) {
        let text = self.site.read(path);
        let text = change(self, text);
        self.site.write(path, text);
    }

    /// One random edit; says what it did.
    pub fn edit(&mut self) -> String {
        self.edits += 1;
        let what = if self.rng.u8(..6) == 0 { self.stranger() } else { self.usual() };
        self.keep_aliases_apart();
        what
    }

    /// Two articles cannot have one alias, and behind a link each article is there twice.
    fn keep_aliases_apart(&self) {
        let link = self.site.path("content/culture/behind");
        let files = fs::read_dir(&link).into_iter().flatten().flatten().map(|file| file.path());
        let has_alias = |file: PathBuf| fs::read_to_string(file).is_ok_and(|text| text.contains("\naliases:"));
        if files.into_iter().any(has_alias) {
            fs::remove_file(&link).expect("removed");
        }
    }

    /// What writers, editors and owners do, and what happens to the machine.
    fn usual(&mut self) -> String {
        let article = self.any_article();
        if self.rng.u8(..8) == 0 {
            let front = self.front();
            self.site.write("content/_index.md", format!("---\ntitle: Desk\n{front}---\n"));
            return format!("the front page is\n{front}");
        }
        let number = self.rng.u8(..if self.languages.is_empty() { 31 } else { 39 });
        let Some(path) = article.filter(|_| number > 1) else {
            self.new_article();
            return format!("new article {:?}", self.articles.last());
        };
        match number {
            2..=9 | 15 | 31..=36 => self.writer(number, path),
            17 | 18 | 25..=27 | 38 => self.editor(number),
            10..=14 | 16 | 23 | 24 | 28 | 37 => self.owner(number),
            _ => self.machine(number),
        }
    }

    /// What happens to the output folder, to the log, and to builds; and time passes.
    fn machine(&mut self, number: u8) -> String {
        match number {
            19 | 20 if self.tampers && !self.is_inside_build => {
                let files: Vec<String> =
                    self.site.output().into_keys().filter(|path| !path.starts_with(".courant")).collect();
                let Some(file) = (!files.is_empty()).then(|| files[self.rng.usize(..files.len())].clone()) else {
                    return "nothing".into();
                };
                let path = format!("public/{file}");
                match self.rng.u8(..3) {
                    0 => self.site.remove(&path),
                    1 => {
                        // As long as it was.
                        let length = fs::metadata(self.site.path(&path)).expect("there").len() as usize;
                        self.site.write(&path, "x".repeat(length));
                    }
                    _ => self.site.write(&path, "tampered"),
                }
                format!("tampered with {path}")
            }
            21 if self.is_inside_build => "nothing".into(),
            21 => {
                if self.site.has(".courant") {
                    self.site.remove(".courant");
                }
                "deleted .courant".into()
            }
            22 if self.is_inside_build => "nothing".into(),
            22 => {
                self.kill_a_build();
                "a killed build".into()
            }
            _ => {
                self.minutes += self.rng.i64(-2 * 24 * 60..3 * 24 * 60);
                self.site.set_now(&date(self.minutes));
                format!("time passes to {}", date(self.minutes))
            }
        }
    }

    /// Keeps log and output folder for later, or puts back what was kept: both, or one without the other, as a
    /// cache that was restored does.
    pub fn restore_or_keep(&mut self) -> String {
        let which = self.rng.u8(..4);
        let (Some(kept), true) = (&self.kept, which > 0) else {
            let kept = crate::fixture::folder();
            for name in ["public", ".courant"] {
                keep(&self.site.path(name), &kept.path().join(name));
            }
            self.kept = Some(kept);
            return "kept log and folder".into();
        };
        let names: &[&str] = match which {
            1 => &["public", ".courant"],
            2 => &[".courant"],
            _ => &["public"],
        };
        names.iter().for_each(|name| keep(&kept.path().join(name), &self.site.path(name)));
        format!("restored {names:?}")
    }

    /// Starts a build of an edit and kills it at some moment.
    pub fn kill_a_build(&mut self) {
        self.new_article();
        let now = date(self.minutes);
        let mut child = self.site.command().args(["build", "--quiet", "--at", &now]).spawn().expect("the program runs");
        std::thread::sleep(Duration::from_micros(self.rng.u64(..60_000)));
        let _ = child.kill();
        let _ = child.wait();
        // Withdrawn before anybody builds again: what the killed build published must go too.
        if self.rng.bool()
            && let Some(path) = self.articles.pop()
        {
            self.site.remove(&path);
        }
    }
}
