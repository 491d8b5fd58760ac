//! What editors do: sections, profiles and the front page come, change and go.

use super::World;

impl World {
    /// An edit of what stands around articles.
    pub(super) fn editor(&mut self, number: u8) -> String {
        match number {
            17 => {
                let (number, withholding, front) = (self.rng.u32(..10), self.withholding(), self.front());
                self.site.write(
                    "content/local/_index.md",
                    format!("---\ntitle: Local {number}\norder: 1\n{withholding}{front}---\n\nIntro.\n"),
                );
                "a section".into()
            }
            18 => {
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
            25 => {
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
            26 => {
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
            27 => {
                let file = "content/authors/bo-kern.md";
                if self.rng.bool() && self.site.has(file) {
                    self.site.remove(file);
                } else {
                    let name = self.one(&["Bo Kern", "Bo K.", "Bo Kern\nfediverse: bo@social.example"]);
                    self.site.write(file, format!("---\nname: {name}\nimage: {{src: /map.svg}}\n---\n\n# Bio\n"));
                }
                "a profile comes or goes".into()
            }
            38 => {
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
            _ => unreachable!("this is no edit of editors"),
        }
    }
}
