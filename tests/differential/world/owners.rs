//! What owners do: `site.yaml`, the theme, photographs and other files of the site change.

use super::{LANGUAGES, World, date, photo};

impl World {
    /// An edit of the settings, of the theme, or of files for all pages.
    pub(super) fn owner(&mut self, number: u8) -> String {
        match number {
            10 => {
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
            11 if self.rng.bool() => {
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
            11 => {
                let n = self.rng.u32(..100);
                self.site.write(
                    "themes/child/templates/components/box.html",
                    format!("{{% component box(text) %}}<i>{n} {{{{ text }}}}</i>{{% endcomponent box %}}"),
                );
                "a component".into()
            }
            12 if self.rng.bool() => {
                self.site.write("themes/child/static/inline/early.js", format!("early({})", self.rng.u32(..100)));
                self.site.write(
                    "themes/child/templates/page.html",
                    "{% extends \"broadsheet/page.html\" %}{% block extra_head %}{{ inline_script(path=\"early.js\") }}{% endblock extra_head %}",
                );
                "the early script".into()
            }
            12 => {
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
            13 => {
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
                let delivery = self.delivery() + &self.paper();
                let base = self.one(&["", "", "/blog", "/gr%C3%B6%C3%9Fe/"]);
                let slugs = self.one(&["transliterate", "transliterate", "keep"]);
                let remark = self.one(&["", "", "# A remark.\n"]);
                let masthead = self.one(&["/about/", "/local/story-2/", "/nowhere/"]);
                self.site.write("site.yaml", format!("{remark}title: Test\npublisher: {{name: P, masthead: {masthead}}}\nbase_url: https://test.example{base}\nslugs: {slugs}\npage_size: {size}\nfeeds: {{limit: 4}}\ntheme: {theme}\nfragments: {{latest: {latest}}}\nrelated: {{words: {words}}}\ncomments: {{action: '{action}'}}\ncards: {cards}\nminify_html: {minify}\nsearch: {search}\nimages: {{widths: {widths}, originals: {originals}}}\n{delivery}{}", self.languages));
                "site.yaml".into()
            }
            14 if self.rng.bool() => self.card(),
            14 if self.rng.bool() => {
                let (file, number) = (self.one(&["head", "end"]), self.rng.u32(..100));
                // Empty for now, it is filled later.
                let text = format!(
                    "<script>{file}({number})</script>\n<img src=\"https://h{number}.example/x.png\" alt=\"\">"
                );
                let text = if number % 4 == 0 { String::new() } else { text };
                self.site.write(&format!("includes/{file}.html"), text);
                format!("includes/{file}.html")
            }
            14 if self.rng.bool() => {
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
            14 => {
                self.site.write("data/facts.yaml", format!("a: {}\n", self.rng.u32(..100)));
                "data".into()
            }
            16 if self.rng.bool() => {
                let file = self.one(&["static/photo.jpg", "static/photo.jpg", "content/local/own.jpg"]);
                if self.rng.u8(..3) == 0 && self.site.has(file) {
                    self.site.remove(file);
                    return format!("removed {file}");
                }
                self.site.write(file, photo(self.rng.u8(..3)));
                format!("a photograph in {file}")
            }
            16 => {
                let (w, h) = (self.rng.u32(1..100), self.rng.u32(1..100));
                self.site.write("static/map.svg", format!("<svg width=\"{w}\" height=\"{h}\"/>"));
                "an image".into()
            }
            23 => {
                let (accent, latest) = (self.one(&["red", "teal"]), self.rng.u32(1..5));
                self.site.write(
                    "themes/child/theme.yaml",
                    format!("name: child\napi: 1\nextends: broadsheet\nsettings: {{accent: {accent}, latest_count: {latest}}}\n"),
                );
                "the settings of the theme".into()
            }
            24 => {
                let n = self.rng.u32(..9);
                let file = format!("themes/child/i18n/{}.yaml", self.one(&["en", "en", "de"]));
                self.site.write(
                    &file,
                    format!("language_name: L{}\nlatest_posts: Latest {n}\nalert_note: Note {n}\n", n % 2),
                );
                file
            }
            28 => {
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
            37 => {
                let old = self.languages;
                self.languages = LANGUAGES[self.rng.usize(..LANGUAGES.len())];
                let settings = self.site.read("site.yaml").replace(old, self.languages);
                self.site.write("site.yaml", settings);
                self.languages.into()
            }
            _ => unreachable!("this is no edit of owners"),
        }
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
    fn paper(&mut self) -> String {
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
            "footer: {text: 'By [us](/about.md), [them](local/story-2.md).', imprint: /about.md}\n",
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
}
