//! What comes from elsewhere: links, other formats, other spellings of names, what other programs leave behind.

use std::fs;

use super::{World, date};
use crate::fixture::symlink;

impl World {
    /// What comes from elsewhere: links, other formats, other spellings of names, what other programs leave behind.
    pub(super) fn stranger(&mut self) -> String {
        let number = self.rng.u32(..100);
        match (self.rng.u8(..11), self.any_article()) {
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
                        ("content/local/index.html", "---\ntitle: Old\n---\n<p>Old</p>\n"),
                        ("data/facts.json", "{\"a\": \"json\"}"),
                        ("site.yml", "title: Other\n"),
                        ("content/local/local.json", "{\"layout\": \"x\"}"),
                        ("content/local/own.mp3", "sound"),
                        ("content/local/film.m3u8", "#EXTM3U\n#EXTINF:4,\nlow.m3u8\n#EXTINF:4,\npart.ts\n"),
                        ("content/local/low.m3u8", "#EXTM3U\n#EXTINF:4,\nlow.ts\n"),
                        ("content/local/part.ts", "film"),
                        ("content/local/low.ts", "film"),
                        ("content/local/model.gltf", "{\"buffers\": [{\"uri\": \"part.bin\"}]}"),
                        ("content/local/part.bin", "model"),
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
            (10, Some(path)) => {
                // Somebody quotes a headline, which may be withheld, now or later.
                let text = self.site.read(&path);
                let title = text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or("Nothing at all");
                self.site.write("static/extra/says.txt", format!("They say: {title}."));
                format!("a quotation of {path}")
            }
            (_, None) => "nothing".into(),
            (_, Some(_)) => unreachable!("all numbers are there"),
        }
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
        symlink(target.as_ref(), &path);
        format!("{link} leads to {target}")
    }
}
