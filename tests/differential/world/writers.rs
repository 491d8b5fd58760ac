//! What writers do: articles and their comments come, change, move and go.

use std::fs;

use super::text::fitting;
use super::{SECTIONS, World, date};

impl World {
    /// An edit of the article in `path`, or of one beside it.
    pub(super) fn writer(&mut self, number: u8, path: String) -> String {
        match number {
            2 | 3 if self.rng.u8(..3) == 0 => {
                self.rewrite(&path, |_, mut text| {
                    if let Some(at) = text.find("paragraph ").map(|at| at + "paragraph ".len()) {
                        let digit = if text[at..].starts_with('1') { "2" } else { "1" };
                        text.replace_range(at..=at, digit);
                    }
                    text
                });
                format!("another body of {path}, as long as before")
            }
            2 | 3 => {
                let body = self.body();
                self.rewrite(&path, |_, text| fitting(text + &body));
                format!("body of {path}")
            }
            4 if self.rng.bool() => {
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
            4 => {
                self.rewrite(&path, |world, text| {
                    text.replacen("title: ", &format!("title: New{} ", world.rng.u32(..100)), 1)
                });
                format!("title of {path}")
            }
            5 | 6 => {
                let (front, body) = (self.front_matter(), self.body());
                self.site.write(&path, fitting(format!("---\n{front}---\n\n{body}")));
                format!("everything of {path}")
            }
            7 | 8 => {
                self.articles.retain(|other| *other != path);
                self.site.remove(&path);
                format!("deleted {path}")
            }
            9 if self.rng.bool() => self.move_and_keep_address(&path),
            9 => {
                self.made += 1;
                let to = format!("content/{}/moved-{}.md", self.one(&SECTIONS), self.made);
                fs::create_dir_all(self.site.path(&to).parent().expect("a parent")).expect("a folder");
                fs::rename(self.site.path(&path), self.site.path(&to)).expect("renamed");
                self.articles.retain(|other| *other != path);
                self.articles.push(to.clone());
                format!("moved {path} to {to}")
            }
            15 => {
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
            31..=33 => self.translate(&path),
            34 => {
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
            35 => {
                self.rewrite(&path, |_, text| match text.contains("\ndraft: true\n") {
                    true => text.replacen("draft: true\n", "", 1),
                    false => text.replacen("---\n", "---\ndraft: true\n", 1),
                });
                format!("draft or not: {path}")
            }
            36 => {
                self.made += 1;
                let path = format!("content/{}/solo-{}.md", self.one(&SECTIONS), self.made);
                let text = fitting(format!("---\nlanguage: de\n{}---\n\n{}", self.front_matter(), self.body()));
                self.site.write(&path, text);
                self.articles.push(path);
                "an article in German".into()
            }
            _ => unreachable!("this is no edit of writers"),
        }
    }

    /// Moves an article, or a page, to another file of the same address.
    pub(super) fn move_and_keep_address(&mut self, path: &str) -> String {
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

    pub(super) fn rename(&self, from: &str, to: &str) -> String {
        fs::create_dir_all(self.site.path(to).parent().expect("a parent")).expect("a folder");
        fs::rename(self.site.path(from), self.site.path(to)).expect("renamed");
        format!("moved {from} to {to}, at the same address")
    }

    /// Writes an article in another language beside it.
    pub(super) fn translate(&mut self, path: &str) -> String {
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
}
