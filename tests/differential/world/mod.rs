//! A random site, and random edits of it: everything that may ever happen to the sources of a build.
//!
//! A new kind of input gets an edit here before it gets a feature.

#![allow(unreachable_pub, reason = "a part of a test")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use fastrand::Rng;

use crate::fixture::{TestSite, keep as fixture_keep, symlink as fixture_symlink};

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

/// Takes the times from headings where they are errors: in all that is not live coverage.
fn fitting(mut article: String) -> String {
    if !article.contains("kind: live") {
        while let Some(start) = article.find(" {time=") {
            let end = article[start..].find('}').expect("it is closed");
            article.replace_range(start..=start + end, "");
        }
    }
    article
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

    fn front_matter(&mut self) -> String {
        let words = ["storm", "ferry", "harbour", "budget"];
        let mut front = format!("title: Title {} {} {}\n", self.rng.u32(..1000), self.one(&words), self.one(&words));
        // Most in the past, some embargoed, some at the very same moment.
        let minute = self.rng.i64(0..25 * 24 * 60) / 60 * 60;
        let _ = writeln!(front, "date: {}", date(minute));
        if self.rng.u8(..4) > 0 {
            let (a, b) = (self.one(&TAGS), self.one(&TAGS));
            let _ = writeln!(front, "tags: [{a}, {b}]");
        }
        if self.rng.u8(..4) > 0 {
            let _ = writeln!(front, "authors: [{}]", self.one(&AUTHORS));
        }
        if self.rng.u8(..6) == 0
            && let (Some(one), Some(other)) = (self.any_article(), self.any_article())
        {
            let _ = writeln!(front, "related: ['{one}', '{}']", other.trim_start_matches("content/"));
        }
        match self.rng.u8(..19) {
            0 => front.push_str("draft: true\n"),
            1 => {
                let end = self.rng.i64(10 * 24 * 60..30 * 24 * 60);
                let _ = writeln!(front, "expires: {}", date(end));
            }
            2 => {
                // Mostly in the future.
                let updated = self.rng.i64(15 * 24 * 60..35 * 24 * 60);
                let _ = writeln!(front, "featured: true\nupdated: {}", date(updated));
            }
            3 => front.push_str("series: The long story\n"),
            4 => front.push_str("image: {src: /map.svg, alt: A map, credit: Us}\n"),
            5 | 12 => {
                let (day, other) = (self.rng.u8(10..29), self.any_article().unwrap_or_default());
                let link = other.trim_start_matches("content");
                let waits = date(self.rng.i64(15 * 24 * 60..28 * 24 * 60));
                let _ = writeln!(
                    front,
                    "corrections: [{{date: 2026-11-{day}, text: 'It was [*two*]({link}), ![o](own.svg) [n](story-1.md).'}}, 'Undated [gone](/nowhere/).', \
                     {{date: 2026-11-02, embargo: {waits}, text: 'It waits. ![Own](own.jpg)'}}, \
                     {{date: 2026-11-{day}, time: '18:00', text: '![Own](own.svg)'}}, {{draft: true, text: Never said.}}]"
                );
            }
            6 => {
                self.aliases += 1;
                let number = self.aliases;
                let _ = writeln!(
                    front,
                    "aliases: [/old/{number}/, /old/{number}, '/gr%C3%B6%C3%9Fe/{number}/', old-{number}, /blog/of/{number}/]"
                );
            }
            17 | 18 => {
                let focus = self.one(&["", ", focus: 0.2 0.9", ", crop: false"]);
                let _ = writeln!(front, "image: {{src: {}{focus}}}", self.one(&["/photo.jpg", "own.jpg"]));
            }
            7 => front.push_str("source: {name: The Gazette, url: \"https://gazette.example\"}\nkind: opinion\n"),
            8 => {
                let kind = self.one(&["analysis", "sponsored", "satire", "review", "background"]);
                let _ = writeln!(front, "kind: {kind}\naccess: {}", self.one(&["free", "subscribers"]));
            }
            9 => {
                let address = self.one(&["https://elsewhere.example/first/", "/local/story-1/"]);
                let _ = writeln!(front, "canonical: {address}\ndateline: Port {}", self.rng.u8(..9));
            }
            10 => front.push_str(
                "source: [The Gazette, {name: The Post, url: /post/}, {name: We, url: /blog/local/story-2/}]\n",
            ),
            11 => {
                let end = self.rng.i64(15 * 24 * 60..28 * 24 * 60);
                let start = end - self.rng.i64(0..4 * 24 * 60);
                let _ = writeln!(front, "kind: live\ncoverage: {{start: {}, end: {}}}", date(start), date(end));
            }
            _ => {}
        }
        front
    }

    /// When something stands on a page: mostly always.
    fn window(&mut self) -> String {
        let from = self.rng.i64(15 * 24 * 60..24 * 24 * 60);
        let until = from + self.rng.i64(60..5 * 24 * 60);
        match self.rng.u8(..5) {
            0 => format!(", from: {}", date(from)),
            1 => format!(", until: {}", date(until)),
            2 => format!(", from: {}, until: {}", date(from), date(until)),
            _ => String::new(),
        }
    }

    /// An article that an editor places: by its path in one of its forms, perhaps with words and an image of its own.
    fn placed(&mut self) -> String {
        let path = self.any_article().unwrap_or_else(|| "content/local/story-1.md".into());
        let path = match self.rng.u8(..6) {
            0 => path.clone(),
            1 => path.trim_start_matches("content").replace("/index.md", "/"),
            2 => format!("local/story-{}", self.rng.u8(1..8)),
            _ => path.trim_start_matches("content/").to_owned(),
        };
        if self.rng.bool() {
            return format!("'{path}'");
        }
        let title = self.one(&["", "", ", title: Short"]);
        let image =
            self.one(&["", "", ", image: /photo.jpg", ", image: {src: own.jpg, alt: Own}", ", image: local/own.jpg"]);
        format!("{{article: '{path}'{title}{image}{}}}", self.window())
    }

    /// What an editor places on a page; often nothing.
    fn front(&mut self) -> String {
        let mut front = String::new();
        if self.rng.u8(..3) == 0 {
            return front;
        }
        front.push_str("front:\n  top: [");
        let places = self.rng.u8(..4);
        (0..places).for_each(|_| front += &format!("{}, ", self.placed()));
        front.push_str("]\n");
        if self.rng.bool() {
            let _ = writeln!(front, "  lead: {}", self.placed());
        }
        if self.rng.u8(..3) == 0 {
            let (lead, one, other, window) = (self.placed(), self.placed(), self.placed(), self.window());
            let _ =
                writeln!(front, "  packages: [{{title: Package, lead: {lead}, articles: [{one}, {other}]{window}}}]");
        }
        if self.rng.u8(..3) == 0 {
            let (section, tag) = (self.one(&SECTIONS), self.one(&TAGS));
            let layout = self.one(&["lead", "list", "grid", "opinion", "pictures"]);
            let kind = self.one(&["opinion", "report", "live"]);
            let count = self.rng.u8(1..5);
            let _ = writeln!(
                front,
                "  blocks: [{{section: {section}, layout: {layout}, count: {count}}}, {{tag: {tag}, title: Tagged}}, {{kind: {kind}}}]"
            );
        }
        if self.rng.u8(..3) == 0 {
            let until = date(self.rng.i64(18 * 24 * 60..26 * 24 * 60));
            let kind = self.one(&["", ", kind: live", ", kind: breaking"]);
            let url = self.one(&["", ", url: /local/story-2/", ", url: /nowhere/", ", url: /extra/a.txt"]);
            let _ = writeln!(front, "  notice: {{text: Notice {}{url}{kind}, until: {until}}}", self.rng.u8(..9));
        }
        front
    }

    /// A line of front matter that withholds a section or a profile, now or at some time; mostly none.
    fn withholding(&mut self) -> String {
        let at = date(self.rng.i64(15 * 24 * 60..28 * 24 * 60));
        match self.rng.u8(..12) {
            0 => "Draft: true\n".into(),
            1 => format!("date: {at}\n"),
            2 => format!("expires: {at}\n"),
            3 => format!("schedule: {{start: {at}}}\n"),
            4 => format!("press_embargo: {at}\n"),
            5 => format!("publish: {{until: {at}}}\n"),
            6 => format!("embargo: {{until: {at}}}\n"),
            7 => format!("embargo: {}\nembargo_time: \"18:00\"\n", &at[..10]),
            _ => String::new(),
        }
    }

    fn body(&mut self) -> String {
        let mut body = format!("First paragraph {}.\n\n", self.rng.u32(..1000));
        if let (true, Some(other)) = (self.rng.bool(), self.any_article()) {
            let path = other.trim_start_matches("content/");
            let _ = writeln!(body, "See [that](/{path}).\n");
        }
        if self.rng.u8(..3) == 0 {
            // By address, plain or as HTML: it may be withheld, now or later.
            let number = self.rng.u32(1..8);
            let place = self.one(&["", "#head", "#costs", "#update-3", "#fn-1"]);
            let _ =
                writeln!(body, "[Old](/local/story-{number}/{place}) <a href=\"/world/story-{number}/\">older</a>.\n");
            if self.rng.bool() {
                body.push_str("<img srcset=\"/map.svg 1x,/extra/%23.svg 2x\" src=\"/map.svg\" alt=\"\">\n\n");
            }
        }
        for _ in 0..if self.rng.u8(..3) == 0 { self.rng.u8(1..4) } else { 0 } {
            body += &self.update();
        }
        match self.rng.u8(..12) {
            // A film, a recording of the site that comes and goes, and a card that the theme may have of its own.
            5 => body.push_str("https://youtu.be/a1B2c3D4-_5\n\n"),
            6 => body.push_str("/extra/talk.mp3\n\nown.mp4\n\n"),
            0 => body.push_str("![Map](/map.svg \"A map | Us\")\n\n"),
            7 => body.push_str("![Photo](/photo.jpg) ![Own](own.jpg) [all of it](/photo.jpg)\n\n"),
            1 => body.push_str("{{ <box text=\"hello\" /> }}\n\n"),
            2 => body.push_str("A note[^1].\n\n[^1]: The note.\n\n"),
            10 => body.push_str(
                "{{ <audio src=\"own.mp3\" title=\"A\" /> }}\n\nWords <!-- a note --> here.\n\n## Costs {CDU}\n\n",
            ),
            4 => body.push_str("# One\n\n## Two\n\n> [!NOTE]\n> Look.\n\n```\ncode\n```\n\n"),
            // HTML that is not closed, ids that collide, what leads nowhere or will.
            8 => body.push_str("<div id=\"head\">\n\n## Head\n\n<b>bold\n\n</section>\n\n"),
            9 => body.push_str("<p>One <a href=\"/nowhere/\">way</a><textarea>\n\n## Related {#head}\n\n"),
            11 => body.push_str(
                "https://test.example/local/story-3/\n\nSee https://test.example/blog/local/story-4/, [here](#head) [there](#gone) [both](/blog/local/story-5/) ![m](/blog/map.svg)\n\n<img src=\"mapp.svg\" alt=\"\">\n\n",
            ),
            3 => body.push_str("## Head\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n"),
            _ => {}
        }
        body
    }

    /// A heading with a time: an update of live coverage, perhaps in the future.
    fn update(&mut self) -> String {
        let at = date(self.rng.i64(18 * 24 * 60..26 * 24 * 60));
        let names = ["", "![Own](own.jpg)", "[drawn](own.svg) ![Photo](/photo.jpg)", "<img src=\"own.svg\" alt=\"\">"];
        let names = self.one(&names);
        let number = self.rng.u8(..9);
        let more = self.one(&["", "", " .key", " author=ann-lee", " .key author=guest"]);
        format!("## Update {number} {{time={at}{more}}}\n\nSomething [happens](https://x.example/). {names}\n\n")
    }

    fn new_article(&mut self) {
        self.made += 1;
        let section = self.one(&SECTIONS);
        let path = match self.rng.u8(..8) {
            0 => format!("content/{section}/bundle-{}/index.md", self.made),
            1 => format!("content/{section}/deep/story-{}.md", self.made),
            2 => format!("content/top-{}.md", self.made),
            _ => format!("content/{section}/story-{}.md", self.made),
        };
        if let Some(folder) = path.strip_suffix("/index.md") {
            self.site.write(&format!("{folder}/own.svg"), "<svg width=\"3\" height=\"2\"/>");
            self.site.write(&format!("{folder}/own.jpg"), photo(self.rng.u8(..3)));
        }
        let (mut front, mut body) = (self.front_matter(), self.body());
        // Files of a bundle go with the updates that name them.
        if path.ends_with("/index.md") && !front.contains("kind:") && self.rng.bool() {
            front.push_str("kind: live\n");
            body += &self.update();
            body += &self.update();
        }
        self.site.write(&path, fitting(format!("---\n{front}---\n\n{body}")));
        self.articles.push(path);
        self.keep_aliases_apart();
    }

    fn rewrite(&mut self, path: &str, change: impl Fn(&mut Self, String) -> String) {
        let text = self.site.read(path);
        let text = change(self, text);
        self.site.write(path, text);
    }

    /// Keys of `site.yaml` about how pages reach their readers.
    fn delivery(&mut self) -> String {
        let embeds = self.one(&["true", "true", "false"]);
        let hosting = self.one(&["", "netlify", "cloudflare, github", "netlify, cloudflare", "github"]);
        let source = self.one(&["a", "b"]);
        let precompress = self.one(&["off", "fast", "fast", "balanced"]);
        let rights =
            self.one(&["", "rights: {license: /terms/}\n", "rights: {training: true, contact: a@b.example}\n"]);
        let robots = self.one(&["", "robots: {deny: [ai_training]}\n", "robots: {deny: [ABot]}\n"]);
        let hub = self.one(&["", "deploy: {live: {to: 'folder:out', ping: {websub: 'https://hub.example/'}}}\n"]);
        format!(
            "embeds: {{enabled: {embeds}}}\nhosting: [{hosting}]\nheaders: {{policy: {{img-src: ['https://{source}.example']}}}}\nprecompress: {precompress}\n{rights}{robots}{hub}"
        )
    }

    /// Keys of `site.yaml` with which owners set up their paper.
    fn owner(&mut self) -> String {
        let code = self.one(&[
            "",
            "code: {head: includes/head.html}\n",
            "code: {head: includes/head.html, end: includes/end.html}\n",
        ]);
        let analytics = self.one(&[
            "",
            "",
            "analytics: {goatcounter: {code: test}}\n",
            "analytics: {matomo: {server: 'https://m.example', site: 2}}\n",
        ]);
        let menu = self.one(&[
            "",
            "menus: {main: [{title: L, url: /local/, children: [{title: S, url: /local/story-2/}, {title: G, url: /nowhere/}]}, {title: O, url: /local/story-3/}], footer: [{title: F, url: /about/}]}\n",
        ]);
        let footer = self.one(&[
            "",
            "footer: {text: 'By [us](/about/).', imprint: /local/story-1/}\nsocial: ['https://s.example/@a']\n",
        ]);
        let newsletter = self.one(&["", "newsletter: {action: 'https://mail.example/'}\nshare: [email, x]\n"]);
        let looks = self.one(&["", "theme_settings: {paper: '#fff8ee', text_font: /map.svg}\n"]);
        let ads = self.one(&[
            "",
            "ad_slots: {a: {place: lead}, b: {place: text, after: 1}, c: {place: beside, sections: [local]}}\n",
        ]);
        format!("{code}{analytics}{menu}{footer}{newsletter}{looks}{ads}")
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

    /// What writers, editors and owners do.
    fn usual(&mut self) -> String {
        let article = self.any_article();
        if self.rng.u8(..8) == 0 {
            let front = self.front();
            self.site.write("content/_index.md", format!("---\ntitle: Desk\n{front}---\n"));
            return format!("the front page is\n{front}");
        }
        match (self.rng.u8(..if self.languages.is_empty() { 31 } else { 39 }), article) {
            (0 | 1, _) | (_, None) => {
                self.new_article();
                format!("new article {:?}", self.articles.last())
            }
            (2 | 3, Some(path)) => {
                let body = self.body();
                self.rewrite(&path, |_, text| fitting(text + &body));
                format!("body of {path}")
            }
            (4, Some(path)) if self.rng.bool() => {
                let line = self.one(&[
                    "noindex: true",
                    "canonical: https://elsewhere.example/one/",
                    "dateline: Lowen",
                    "featured: true",
                    "access: subscribers",
                    "comments: false",
                ]);
                let key = &line[..=line.find(':').expect("a key")];
                self.rewrite(&path, |_, text| {
                    let others = text.split_inclusive('\n').filter(|one| !one.starts_with(key)).collect::<String>();
                    fitting(if others == text { text.replacen("---\n", &format!("---\n{line}\n"), 1) } else { others })
                });
                format!("{key} alone comes or goes in {path}")
            }
            (4, Some(path)) => {
                self.rewrite(&path, |world, text| {
                    text.replacen("title: ", &format!("title: New{} ", world.rng.u32(..100)), 1)
                });
                format!("title of {path}")
            }
            (5 | 6, Some(path)) => {
                let (front, body) = (self.front_matter(), self.body());
                self.site.write(&path, fitting(format!("---\n{front}---\n\n{body}")));
                format!("everything of {path}")
            }
            (7 | 8, Some(path)) => {
                self.articles.retain(|other| *other != path);
                self.site.remove(&path);
                format!("deleted {path}")
            }
            (9, Some(path)) if self.rng.bool() => self.move_and_keep_address(&path),
            (9, Some(path)) => {
                self.made += 1;
                let to = format!("content/{}/moved-{}.md", self.one(&SECTIONS), self.made);
                fs::create_dir_all(self.site.path(&to).parent().expect("a parent")).expect("a folder");
                fs::rename(self.site.path(&path), self.site.path(&to)).expect("renamed");
                self.articles.retain(|other| *other != path);
                self.articles.push(to.clone());
                format!("moved {path} to {to}")
            }
            (10, _) => {
                let text = ["{{ article.title }} {% extends 1", "<p>{{ article.content | safe }}</p>{{ head() }}", ""];
                let which = self.rng.usize(1..3);
                let file = "themes/child/templates/article.html";
                if which == 2 {
                    if self.site.has(file) {
                        self.site.remove(file);
                    }
                } else {
                    self.site.write(file, format!("{} {}", text[which], self.rng.u32(..100)));
                }
                "the article template".into()
            }
            (11, _) if self.rng.bool() => {
                let file = "themes/child/templates/components/embed.html";
                if self.rng.bool() && self.site.has(file) {
                    self.site.remove(file);
                } else {
                    let n = self.rng.u32(..100);
                    self.site.write(
                        file,
                        format!(
                            "{{% component embed(url, title) %}}<i>{n} {{{{ title }}}}</i>{{% endcomponent embed %}}"
                        ),
                    );
                }
                "the card of addresses".into()
            }
            (11, _) => {
                let n = self.rng.u32(..100);
                self.site.write(
                    "themes/child/templates/components/box.html",
                    format!("{{% component box(text) %}}<i>{n} {{{{ text }}}}</i>{{% endcomponent box %}}"),
                );
                "a component".into()
            }
            (12, _) if self.rng.bool() => {
                self.site.write("themes/child/static/inline/early.js", format!("early({})", self.rng.u32(..100)));
                self.site.write(
                    "themes/child/templates/page.html",
                    "{% extends \"broadsheet/page.html\" %}{% block extra_head %}{{ inline_script(path=\"early.js\") }}{% endblock extra_head %}",
                );
                "the early script".into()
            }
            (12, _) => {
                let margin = self.rng.u32(..100);
                match self.rng.u32(..4) {
                    0 => self.site.write("themes/child/static/site.css", format!("body {{ margin: {margin}px }}")),
                    1 => self.site.write(
                        "themes/child/templates/site.css",
                        format!("{{% extends \"broadsheet/site.css\" %}}{{% block own %}}p {{ margin: {margin}px }}{{% endblock own %}}"),
                    ),
                    2 => self.site.write("themes/child/templates/styles/print.css", format!("p {{ top: {margin}px }}")),
                    _ => {
                        for file in ["static/site.css", "templates/site.css", "templates/styles/print.css"] {
                            let file = format!("themes/child/{file}");
                            if self.site.has(&file) {
                                self.site.remove(&file);
                            }
                        }
                    }
                }
                "the stylesheet".into()
            }
            (13, _) => {
                let theme = self.one(&["child", "grandchild"]);
                let size = self.rng.u32(2..5);
                let latest = self.one(&["inline", "inline", "client", "ssi"]);
                let words = self.one(&["0", "0.5", "9"]);
                let originals = self.one(&["clean", "raw", "linked"]);
                let widths = self.one(&["[60]", "[60, 130]", "[130]"]);
                let action = self.one(&["", "/replies/", "/_courant/comments"]);
                let minify = self.rng.bool();
                let cards = self.one(&["true", "false", "all", "1", "2", "3", "0"]);
                let search = self.one(&["true", "false", "{since: 2026}", "{since: 2027}"]);
                let delivery = self.delivery() + &self.owner();
                let base = self.one(&["", "", "/blog", "/gr%C3%B6%C3%9Fe/"]);
                let slugs = self.one(&["transliterate", "transliterate", "keep"]);
                let remark = self.one(&["", "", "# A remark.\n"]);
                let masthead = self.one(&["/about/", "/local/story-2/", "/nowhere/"]);
                self.site.write("site.yaml", format!("{remark}title: Test\npublisher: {{name: P, masthead: {masthead}}}\nbase_url: https://test.example{base}\nslugs: {slugs}\npage_size: {size}\nfeeds: {{limit: 4}}\ntheme: {theme}\nfragments: {{latest: {latest}}}\nrelated: {{words: {words}}}\ncomments: {{action: '{action}'}}\ncards: {cards}\nminify_html: {minify}\nsearch: {search}\nimages: {{widths: {widths}, originals: {originals}}}\n{delivery}{}", self.languages));
                "site.yaml".into()
            }
            (14, _) if self.rng.bool() => self.card(),
            (14, _) if self.rng.bool() => {
                let (file, number) = (self.one(&["head", "end"]), self.rng.u32(..100));
                self.site.write(
                    &format!("includes/{file}.html"),
                    format!(
                        "<script>{file}({number})</script>\n<img src=\"https://h{number}.example/x.png\" alt=\"\">"
                    ),
                );
                format!("includes/{file}.html")
            }
            (14, _) if self.rng.bool() => {
                let (file, slot) = (self.one(&["one", "two", "three.de"]), self.one(&["a", "b", "c"]));
                let at = date(self.rng.i64(15 * 24 * 60..28 * 24 * 60));
                let withholding = match self.rng.u8(..5) {
                    0 => "draft: true\n".to_owned(),
                    1 => format!("date: {at}\n"),
                    2 => format!("expires: {at}\n"),
                    _ => String::new(),
                };
                let number = self.rng.u32(..100);
                let file = format!("includes/ads/{file}.md");
                if self.rng.u8(..4) == 0 && self.site.has(&file) {
                    self.site.remove(&file);
                    return format!("removed {file}");
                }
                let text =
                    format!("---\nslot: {slot}\n{withholding}---\n\nBuy {number} [of](/local/story-{number}/).\n");
                self.site.write(&file, text);
                file
            }
            (14, _) => {
                self.site.write("data/facts.yaml", format!("a: {}\n", self.rng.u32(..100)));
                "data".into()
            }
            (15, Some(path)) => {
                let file = path.replace(".md", ".comments.yaml");
                let number = self.rng.u32(..100);
                if self.is_inside_build || self.rng.bool() {
                    let parent = self.one(&["a", "b", "gone"]);
                    let waits = date(self.rng.i64(15 * 24 * 60..28 * 24 * 60));
                    self.site.write(
                        &file,
                        format!("- id: a\n  name: Reader {number}\n  text: Well *said*.\n- {{id: b, name: B, text: '# x', in_reply_to: {parent}}}\n- {{id: c, name: C, date: {waits}, text: Later.}}\n"),
                    );
                    return format!("comments {file}");
                }
                self.site.write(
                    "comments/inbox/w.yaml",
                    format!("id: w\narticle: /x/\nsource: {path}\nname: W\nemail: w@x.example\ndate: {}\nin_reply_to: a\ntext: Reply {number}\n", date(self.minutes)),
                );
                let run = self.site.run(&["comments", "approve", "w"]);
                assert_eq!(run.code, 0, "{}", run.stderr);
                format!("approved {file}")
            }
            (16, _) if self.rng.bool() => {
                let file = self.one(&["static/photo.jpg", "static/photo.jpg", "content/local/own.jpg"]);
                if self.rng.u8(..3) == 0 && self.site.has(file) {
                    self.site.remove(file);
                    return format!("removed {file}");
                }
                self.site.write(file, photo(self.rng.u8(..3)));
                format!("a photograph in {file}")
            }
            (16, _) => {
                let (w, h) = (self.rng.u32(1..100), self.rng.u32(1..100));
                self.site.write("static/map.svg", format!("<svg width=\"{w}\" height=\"{h}\"/>"));
                "an image".into()
            }
            (17, _) => {
                let (number, withholding, front) = (self.rng.u32(..10), self.withholding(), self.front());
                self.site.write(
                    "content/local/_index.md",
                    format!("---\ntitle: Local {number}\norder: 1\n{withholding}{front}---\n\nIntro.\n"),
                );
                "a section".into()
            }
            (18, _) => {
                let (name, bio, withholding) = (self.rng.u32(..3), self.rng.u32(..9), self.withholding());
                self.site.write(
                    "content/authors/ann-lee.md",
                    format!(
                        "---\nname: Ann {name}\nfediverse: \"@ann@h{}.example\"\n{withholding}---\n\nBio {bio}.\n",
                        bio % 3
                    ),
                );
                "an author".into()
            }
            (19 | 20, _) if self.tampers && !self.is_inside_build => {
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
            (21, _) if self.is_inside_build => "nothing".into(),
            (21, _) => {
                if self.site.has(".courant") {
                    self.site.remove(".courant");
                }
                "deleted .courant".into()
            }
            (22, _) if self.is_inside_build => "nothing".into(),
            (22, _) => {
                self.kill_a_build();
                "a killed build".into()
            }
            (23, _) => {
                let (accent, latest) = (self.one(&["red", "teal"]), self.rng.u32(1..5));
                self.site.write(
                    "themes/child/theme.yaml",
                    format!("name: child\napi: 1\nextends: broadsheet\nsettings: {{accent: {accent}, latest_count: {latest}}}\n"),
                );
                "the settings of the theme".into()
            }
            (24, _) => {
                let n = self.rng.u32(..9);
                self.site
                    .write("themes/child/i18n/en.yaml", format!("latest_posts: Latest {n}\nalert_note: Note {n}\n"));
                "the words of the theme".into()
            }
            (25, _) => {
                let folder = self.one(&["world", "local", "culture", "corrections"]);
                let file = format!("content/{folder}/_index.md");
                if self.rng.bool() && self.site.has(&file) {
                    self.site.remove(&file);
                    return format!("removed {file}");
                }
                // Without a title the section is called what it was called before there was a file.
                let front = self.one(&["", "description: A sentence.\n", "description: Another sentence.\n"]);
                let withholding = self.withholding();
                self.site.write(&file, format!("---\n{front}{withholding}---\n\nIntro {}.\n", self.rng.u32(..9)));
                format!("the description of {file}")
            }
            (26, _) => {
                let file = "content/_index.md";
                if self.rng.bool() && self.site.has(file) {
                    self.site.remove(file);
                } else {
                    // Now and then it withholds the whole site.
                    let withholding = if self.rng.u8(..3) == 0 { self.withholding() } else { String::new() };
                    let keys = withholding.lines().collect::<Vec<_>>().join(", ");
                    let cascade = if keys.is_empty() { keys } else { format!("cascade: {{{keys}}}\n") };
                    let number = self.rng.u32(..9);
                    let front = self.front();
                    self.site.write(file, format!("---\ntitle: Front {number}\n{cascade}{front}---\n\nIntro.\n"));
                }
                "the front page's file".into()
            }
            (27, _) => {
                let file = "content/authors/bo-kern.md";
                if self.rng.bool() && self.site.has(file) {
                    self.site.remove(file);
                } else {
                    let name = self.one(&["Bo Kern", "Bo K.", "Bo Kern\nfediverse: bo@social.example"]);
                    self.site.write(file, format!("---\nname: {name}\nimage: {{src: /map.svg}}\n---\n\n# Bio\n"));
                }
                "a profile comes or goes".into()
            }
            (28, _) => {
                // A text that is long enough for companions, and files with the names of these.
                let file = self.one(&["static/extra/long.txt", "static/extra/long.txt.gz", "static/extra/long.txt.br"]);
                if self.rng.u8(..3) == 0 {
                    if self.site.has(file) {
                        self.site.remove(file);
                    } else {
                        self.site.write(file, format!("{} ", self.rng.u32(..100)).repeat(900));
                    }
                    return format!("{file} comes or goes");
                }
                let file = self.one(&[
                    "static/robots.txt",
                    "static/404.html",
                    "static/_headers",
                    "static/assets/icon.svg",
                    "content/README.md",
                    "content/Local/_index.md",
                    "static/extra/talk.mp3",
                    "static/extra/c.txt",
                    "static/extra/a.txt",
                    "static/extra/b.txt",
                ]);
                if self.site.has(file) {
                    self.site.remove(file);
                } else if file == "static/404.html" && self.site.has("content/404.md") {
                    // Both want one address.
                    return "nothing".into();
                } else {
                    self.site.write(file, format!("{}", self.rng.u32(..100)));
                }
                format!("{file} comes or goes")
            }
            (31..=33, Some(path)) => self.translate(&path),
            (34, Some(path)) => {
                let Some(stem) = path.strip_suffix(".de.md").or_else(|| path.strip_suffix(".ar.md")) else {
                    return "nothing".into();
                };
                let to = self.one(&[".de.md", ".ar.md", ".md"]);
                let to = format!("{stem}{to}");
                // Where Arabic is no language of the site, two bundles would want one address.
                if self.site.has(&to) || to.ends_with("index.ar.md") {
                    return "nothing".into();
                }
                fs::rename(self.site.path(&path), self.site.path(&to)).expect("renamed");
                self.articles.retain(|other| *other != path);
                self.articles.push(to.clone());
                format!("renamed {path} to {to}")
            }
            (35, Some(path)) => {
                self.rewrite(&path, |_, text| match text.contains("\ndraft: true\n") {
                    true => text.replacen("draft: true\n", "", 1),
                    false => text.replacen("---\n", "---\ndraft: true\n", 1),
                });
                format!("draft or not: {path}")
            }
            (36, _) => {
                self.made += 1;
                let path = format!("content/{}/solo-{}.md", self.one(&SECTIONS), self.made);
                let text = fitting(format!("---\nlanguage: de\n{}---\n\n{}", self.front_matter(), self.body()));
                self.site.write(&path, text);
                self.articles.push(path);
                "an article in German".into()
            }
            (37, _) => {
                let old = self.languages;
                self.languages = LANGUAGES[self.rng.usize(..LANGUAGES.len())];
                let settings = self.site.read("site.yaml").replace(old, self.languages);
                self.site.write("site.yaml", settings);
                self.languages.into()
            }
            (38, _) => {
                let file = self.one(&[
                    "content/_index.de.md",
                    "content/local/_index.de.md",
                    "content/world/_index.ar.md",
                    "content/world/_index.fr.md",
                    "content/corrections/_index.de.md",
                    "content/about.de.md",
                    "content/authors/ann-lee.de.md",
                    "content/authors/bo-kern.ar.md",
                    "themes/child/i18n/de.yaml",
                ]);
                if self.site.has(file) && self.rng.bool() {
                    self.site.remove(file);
                } else if file.ends_with(".yaml") {
                    self.site.write(file, format!("latest_posts: Neues {}\n", self.rng.u32(..9)));
                } else {
                    let withholding = self.withholding();
                    let front = if file.contains("/_index.") { self.front() } else { String::new() };
                    let text = format!(
                        "---\ntitle: T{}\norder: {}\n{withholding}{front}---\n\nText {}.\n",
                        self.rng.u32(..9),
                        self.rng.u32(..9),
                        self.rng.u32(..9)
                    );
                    self.site.write(file, text);
                }
                format!("{file} comes, goes or changes")
            }
            (_, _) => {
                self.minutes += self.rng.i64(-2 * 24 * 60..3 * 24 * 60);
                self.site.set_now(&date(self.minutes));
                format!("time passes to {}", date(self.minutes))
            }
        }
    }

    /// What comes from elsewhere: links, other formats, other spellings of names, what other programs leave out.
    fn stranger(&mut self) -> String {
        let number = self.rng.u32(..100);
        match (self.rng.u8(..10), self.any_article()) {
            (8, _) => {
                // What wins over something generated, what is left out, and what players name.
                let (file, text) = self
                    .rng
                    .choice([
                        ("static/social-card.png", "own"),
                        ("content/404.md", "---\ntitle: Gone\n---\n\nNothing here. <!-- a note -->\n"),
                        (
                            "content/local/_aside/more.md",
                            "---\ntitle: Aside\ndate: 2026-11-01\n---\n\n![Own](../own.jpg)\n",
                        ),
                        ("content/world/plan.draft.md", "---\ntitle: Plan\ndate: 2026-11-01\n---\n\nText.\n"),
                        (
                            "content/world/HOLD plan.md",
                            "---\ntitle: Plan\ndate: 2026-11-01\n---\n\n![Own](../local/own.jpg)\n",
                        ),
                        ("content/world/2026-11-23 dated.md", "---\ntitle: Dated\n---\n\nText.\n"),
                        ("content/culture/notes.rst", "Notes\n=====\n"),
                        ("content/local/local.json", "{\"layout\": \"x\"}"),
                        ("content/local/own.mp3", "sound"),
                        ("static/logo.png", "logo"),
                        ("static/HOLD map.svg", "<svg width=\"3\" height=\"2\"/>"),
                        ("static/extra/plan (draft).txt", "A plan."),
                        ("content/local/nobody.comments.yaml", "- {id: a, name: A, date: 2026-11-24, text: Hello.}\n"),
                        ("content/local/story-3.comments.yaml", "- {id: a, name: A, date: 2026-11-24, text: Hello.}\n"),
                    ])
                    .expect("one of them");
                if self.site.has(file) {
                    self.site.remove(file);
                } else if file == "content/404.md" && self.site.has("static/404.html") {
                    return "nothing".into();
                } else {
                    self.site.write(file, text);
                }
                format!("{file} comes or goes")
            }
            (0, _) => {
                let link = self.one(&["linked.md", "other-name.md", "plain.svg", "linked.de.md"]);
                let target = self.one(&["../world/target.md", "../world/target.mdx", "../local/own.jpg"]);
                self.link(&format!("content/culture/{link}"), target)
            }
            (1, _) => {
                let link = self.one(&["static/extra/linked.svg", "static/extra/linked.jpg", "static/extra/linked.txt"]);
                let target = self.one(&["../photo.jpg", "../map.svg", "talk.mp3", "../robots.txt", "nothing"]);
                self.link(link, target)
            }
            (2, other) => {
                let folder = other.and_then(|path| Some(path.strip_suffix("/index.md")?.replacen("content", "..", 1)));
                let folder = folder.unwrap_or_else(|| self.one(&["../../static/extra", "../local/deep"]).into());
                self.link("content/culture/behind", &folder)
            }
            (3, _) => {
                let file = self.one(&["content/world/target.md", "content/world/target.mdx"]);
                if self.rng.u8(..4) == 0 && self.site.has(file) {
                    self.site.remove(file);
                    return format!("removed {file}");
                }
                // One of them at a time: both want one address.
                let other = if file.ends_with('x') { "content/world/target.md" } else { "content/world/target.mdx" };
                if self.site.has(other) {
                    self.site.remove(other);
                }
                let (at, withholding) = (self.rng.i64(15 * 24 * 60..26 * 24 * 60), self.withholding());
                let front = if withholding.starts_with("date") {
                    withholding
                } else {
                    format!("date: {}\n{withholding}", date(at))
                };
                self.site.write(
                    file,
                    format!("---\ntitle: Target {number}\n{front}---\n\nimport A from './a.js'\n\nText <b>{number}</b> ![Own](own.jpg).\n"),
                );
                format!("{file} says {front:?}")
            }
            (4, Some(path)) => {
                let Some(folder) = path.strip_suffix("index.md") else { return "nothing".into() };
                let name =
                    self.one(&["Index.md", "index.md.bak", "index.html", "_drafts/more.md", "more.svg", "part.html"]);
                let file = format!("{folder}{name}");
                if self.site.has(&file) {
                    self.site.remove(&file);
                } else {
                    self.site.write(&file, format!("---\ntitle: Unread {number}\n---\n\n![Own](own.svg)\n"));
                }
                format!("{file} comes or goes")
            }
            (5, _) => {
                let file = self.one(&["static/extra/größe.svg", "static/extra/gro\u{308}ße.svg"]);
                for other in ["static/extra/größe.svg", "static/extra/gro\u{308}ße.svg"] {
                    if self.site.has(other) {
                        self.site.remove(other);
                    }
                }
                if self.rng.u8(..3) > 0 {
                    self.site.write(file, format!("<svg width=\"{}\" height=\"2\"/>", number + 1));
                }
                format!("{file:?} comes or goes")
            }
            (6, Some(path)) => {
                let key =
                    self.one(&["status: draft\n", "published: false\n", "params: {draft: true}\n", "Hidden: yes\n"]);
                self.rewrite(&path, |_, text| match text.contains(key) {
                    true => text.replacen(key, "", 1),
                    false => text.replacen("---\n", &format!("---\n{key}"), 1),
                });
                format!("{key:?} of {path}, or not")
            }
            (7, Some(path)) => {
                let image = format!(
                    "data:image/svg+xml,%3Csvg width='{number}' height='2'%3E%3Cmetadata%3Ex%3C/metadata%3E%3C/svg%3E"
                );
                let names = format!(
                    "![G](/extra/größe.svg) [g](/extra/gr%C3%B6%C3%9Fe.svg) ![D](<{image}>) [T](/culture/linked/)\n\n<img src=\"{image}\" alt=\"\">\n\n"
                );
                self.rewrite(&path, |_, text| format!("{text}{names}"));
                format!("names in {path}")
            }
            (9, Some(path)) => {
                // Withdrawn with a reason, with another one, or not any more.
                let at = date(self.rng.i64(15 * 24 * 60..26 * 24 * 60));
                let line = format!("withdrawn: {{ date: {at}, reason: \"We *erred* {number}.\" }}\n");
                let is_lifted = self.rng.u8(..3) == 0;
                self.rewrite(&path, |_, text| {
                    let old = text.split_inclusive('\n').find(|line| line.starts_with("withdrawn:")).map(str::to_owned);
                    match old {
                        Some(old) => text.replacen(&old, if is_lifted { "" } else { &line }, 1),
                        None => text.replacen("---\n", &format!("---\n{line}"), 1),
                    }
                });
                format!("{path} is withdrawn, or not any more: {line:?}")
            }
            (_, None) => "nothing".into(),
            (_, Some(_)) => unreachable!("all numbers are there"),
        }
    }

    /// Moves an article, or a page, to another file of the same address.
    fn move_and_keep_address(&mut self, path: &str) -> String {
        let page = ["content/crew.md", "content/crew/index.md"];
        let to = match page.iter().position(|page| self.site.has(page)) {
            Some(at) if self.rng.u8(..3) == 0 => return self.rename(page[at], page[1 - at]),
            None if self.rng.u8(..3) == 0 => {
                self.site.write(
                    page[0],
                    format!("---\ntitle: Crew\n---\n\n[That]({}) ![m](map.svg)\n", &path["content/".len()..]),
                );
                return format!("{} is there", page[0]);
            }
            _ => {
                let (folder, name) = path.rsplit_once('/').expect("a folder");
                match (name, folder.strip_suffix("/2026")) {
                    ("index.md", _) => format!("{folder}.md"),
                    (_, Some(folder)) => format!("{folder}/{name}"),
                    _ if folder == "content" => return "nothing".into(),
                    _ if name.starts_with("2026-") => format!("{folder}/{}", &name["2026-11-02-".len()..]),
                    _ => match self.rng.u8(..3) {
                        0 => format!("{folder}/2026/{name}"),
                        1 => format!("{folder}/2026-11-02-{name}"),
                        _ => format!("{folder}/{}/index.md", name.trim_end_matches(".md")),
                    },
                }
            }
        };
        self.articles.retain(|other| other != path);
        self.articles.push(to.clone());
        self.rename(path, &to)
    }

    fn rename(&self, from: &str, to: &str) -> String {
        fs::create_dir_all(self.site.path(to).parent().expect("a parent")).expect("a folder");
        fs::rename(self.site.path(from), self.site.path(to)).expect("renamed");
        format!("moved {from} to {to}, at the same address")
    }

    /// A symbolic link comes, goes, or leads elsewhere.
    fn link(&self, link: &str, target: &str) -> String {
        let path = self.site.path(link);
        if fs::symlink_metadata(&path).is_ok() {
            fs::remove_file(&path).expect("removed");
            if self.made.is_multiple_of(2) {
                return format!("removed {link}");
            }
        }
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fixture_symlink(target.as_ref(), &path);
        format!("{link} leads to {target}")
    }

    /// Another drawing of social cards, or another font for them.
    fn card(&mut self) -> String {
        let file = self.one(&["templates/card.svg", "templates/card.svg", "fonts/other.ttf"]);
        let file = format!("themes/child/{file}");
        if self.rng.u8(..3) == 0 && self.site.has(&file) {
            self.site.remove(&file);
            return format!("removed {file}");
        }
        if file.ends_with(".ttf") {
            let font = self.one(&["NotoSans-Bold.ttf", "NotoSerifDisplay-Bold.ttf"]);
            let font = courant::theme::built_in_file("broadsheet", &format!("fonts/{font}"));
            self.site.write(&file, font.expect("a font"));
        } else {
            let shown = self.one(&[
                "{% set card = article or listing %}{{ card.title }}",
                "{{ t(key=\"latest_posts\") }}",
                "{% for one in articles(limit=1) %}{{ one.title }}{% endfor %}",
                "{% if article %}{{ article.date | date }}{% endif %} \u{645}",
            ]);
            let text = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\"><text x=\"9\" y=\"{}\" font-size=\"40\" font-family=\"Noto Sans\">{shown}</text><image href=\"/map.svg\" width=\"99\" height=\"99\"/></svg>",
                self.rng.u32(50..600)
            );
            self.site.write(&file, text);
        }
        format!("{file} changes")
    }

    /// Writes an article in another language beside it.
    fn translate(&mut self, path: &str) -> String {
        let stem = path.trim_end_matches(".md").trim_end_matches(".de").trim_end_matches(".ar").to_owned();
        let tag = if stem.ends_with("/index") { "de" } else { self.one(&["de", "de", "ar"]) };
        let file = format!("{stem}.{tag}.md");
        // An article that has moved may have left a translation behind, at the same address.
        let address = |file: &str| {
            let stem = file.trim_end_matches(&format!(".{tag}.md"));
            stem.trim_end_matches("/index").replace("/2026/", "/").replace("/2026-11-02-", "/")
        };
        let is_other = |other: &&String| other.ends_with(&format!(".{tag}.md")) && address(other) == address(&file);
        let is_there = self.site.has(&file) || self.articles.iter().any(|other| is_other(&other));
        if is_there || self.site.read(path).contains("\nlanguage: de") {
            return "nothing".into();
        }
        self.made += 1;
        let text = fitting(format!("---\n{}---\n\n{}![Own](own.svg)\n", self.front_matter(), self.body()));
        self.site.write(&file, text);
        self.articles.push(file.clone());
        format!("translated {path} to {tag}")
    }

    /// Keeps log and output folder for later, or puts back what was kept: both, or one without the other, as a
    /// cache that was restored does.
    pub fn restore_or_keep(&mut self) -> String {
        let which = self.rng.u8(..4);
        let (Some(kept), true) = (&self.kept, which > 0) else {
            let kept = crate::fixture::folder();
            for name in ["public", ".courant"] {
                fixture_keep(&self.site.path(name), &kept.path().join(name));
            }
            self.kept = Some(kept);
            return "kept log and folder".into();
        };
        let names: &[&str] = match which {
            1 => &["public", ".courant"],
            2 => &[".courant"],
            _ => &["public"],
        };
        names.iter().for_each(|name| fixture_keep(&kept.path().join(name), &self.site.path(name)));
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
