//! What files say: front matter, bodies, and what an editor places on a page; mostly right, sometimes withheld, some of
//! it leading nowhere.

use std::fmt::Write as _;

use super::{AUTHORS, SECTIONS, TAGS, World, date, photo};

/// Takes the times from headings where they are errors: in all that is not live coverage.
pub(super) fn fitting(mut article: String) -> String {
    if !article.contains("kind: live") {
        while let Some(start) = article.find(" {time=") {
            let end = article[start..].find('}').expect("it is closed");
            article.replace_range(start..=start + end, "");
        }
    }
    article
}

impl World {
    pub(super) fn front_matter(&mut self) -> String {
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
    pub(super) fn window(&mut self) -> String {
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
    pub(super) fn placed(&mut self) -> String {
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
    pub(super) fn front(&mut self) -> String {
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
    pub(super) fn withholding(&mut self) -> String {
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

    pub(super) fn body(&mut self) -> String {
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
            1 => body.push_str(self.one(&[
                "{{ <box text=\"hello\" /> }}\n\n",
                "{{ <video src=\"/local/film.m3u8\" title=\"Film\" /> }}\n\n",
                "Words\n{{ < box text=\"hello\" /> }}\n{{ <photo src=\"own.jpg\" alt=\"Own\" /> }}\nmore.\n\n",
                "- one\n  {{ <photo src=\"/photo.jpg\" alt=\"P\" caption=\"Of [us](/about/)\" /> }}\n\n",
            ])),
            2 => body.push_str("A note[^1].\n\n[^1]: The note.\n\n"),
            10 => body.push_str(
                "{{ <audio src=\"own.mp3\" title=\"A\" /> }}\n\nWords <!-- a note --> here.\n\n## Costs {CDU}\n\n",
            ),
            4 => body.push_str("# One\n\n## Two\n\n> [!NOTE]\n> Look.\n\n```\ncode\n```\n\n"),
            // HTML that is not closed, ids that collide, what leads nowhere or will.
            8 => body.push_str("<div id=\"head\">\n\n## Head\n\n<b>bold\n\n</section>\n\n"),
            9 => body.push_str("<p>One <a href=\"/nowhere/\">way</a><textarea>\n\n## Related {#head}\n\n"),
            11 => body.push_str(
                "https://test.example/local/story-3/\n\n[Next](/local/story-1/#update-5) and <a href=\"/local/story-2/#update-6\">last</a>.\n\nSee https://test.example/blog/local/story-4/, [here](#head) [there](#gone) [both](/blog/local/story-5/) ![m](/blog/map.svg)\n\n<img src=\"mapp.svg\" alt=\"\">\n\n",
            ),
            3 => body.push_str("## Head\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n"),
            _ => {}
        }
        body
    }

    /// A heading with a time: an update of live coverage, perhaps in the future.
    pub(super) fn update(&mut self) -> String {
        let at = date(self.rng.i64(18 * 24 * 60..26 * 24 * 60));
        let names = [
            "",
            "![Own](own.jpg)",
            "[drawn](own.svg) ![Photo](/photo.jpg)",
            "<img src=\"own.svg\" alt=\"\">",
            "[Then](#update-2) and [there](/local/story-2/#update-3) or <a href=\"#update-4\">here</a>.",
        ];
        let names = self.one(&names);
        let number = self.rng.u8(..9);
        let more = self.one(&["", "", " .key", " author=ann-lee", " .key author=guest"]);
        format!("## Update {number} {{time={at}{more}}}\n\nSomething [happens](https://x.example/). {names}\n\n")
    }

    pub(super) fn new_article(&mut self) {
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
}
