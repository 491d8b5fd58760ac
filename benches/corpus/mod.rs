//! The benchmark's own news archive, invented from a seed: the same bytes on every machine.
//!
//! Article number *i* depends on the seed, the size of the corpus and *i* alone, so any number of
//! threads may write it in any order. Numbers are ages: the last is the newest. courant and Hugo
//! read the very same Markdown files; only the configuration and the templates beside them differ
//! (`equal/`).

mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};

use words::{Random, Vocabulary, capitalised};

/// Folder, title, and how many of a hundred articles it gets.
pub(crate) const SECTIONS: [(&str, &str, usize); 8] = [
    ("world", "World", 19),
    ("politics", "Politics", 17),
    ("economy", "Economy", 15),
    ("science", "Science", 12),
    ("culture", "Culture", 11),
    ("sport", "Sport", 11),
    ("health", "Health", 8),
    ("local", "Local", 7),
];

/// Images that the articles share; their files are the same for both programs.
const IMAGES: usize = 24;
/// 1 January 2016 and 1 January 2025, in seconds since 1970: every article has been published
/// whenever the benchmark runs.
const FIRST_SECOND: u64 = 1_451_606_400;
const END_SECOND: u64 = 1_735_689_600;
/// Articles that one thread takes at a time.
const BATCH: usize = 200;

/// A news archive of a certain size. It holds the vocabulary only; articles are made when asked for.
pub(crate) struct Corpus {
    articles: usize,
    seed: u64,
    has_images: bool,
    vocabulary: Vocabulary,
}

/// One Markdown file.
pub(crate) struct Article {
    /// Below the content folder: `world/2021/some-words-0012345.md`.
    pub(crate) path: PathBuf,
    pub(crate) markdown: String,
    /// Words of the body.
    pub(crate) words: usize,
}

/// What was written.
pub(crate) struct Written {
    /// Of all Markdown files of articles.
    pub(crate) bytes: u64,
    /// Words in the shortest and in the longest body.
    pub(crate) words: (usize, usize),
}

impl Corpus {
    pub(crate) fn new(articles: usize, seed: u64, has_images: bool) -> Corpus {
        Corpus { articles, seed, has_images, vocabulary: Vocabulary::invent(seed) }
    }

    /// Article `number`. A number beyond the size of the corpus gives a newer article than all in it.
    pub(crate) fn article(&self, number: usize) -> Article {
        let mut random = Random::new(self.seed, number as u64);
        let v = &self.vocabulary;
        let cell = (END_SECOND - FIRST_SECOND) / self.articles as u64;
        let second = FIRST_SECOND + number as u64 * cell + random.below(cell.max(1) as usize) as u64;
        let date = jiff::Timestamp::from_second(second as i64).map_or_else(|_| String::new(), |t| t.to_string());
        let section = section(random.below(100));
        let mut text = Text { random, vocabulary: v, out: String::with_capacity(8 << 10), words: 0, notes: Vec::new() };

        let title = text.headline();
        // 7,368,787 has no factor of ten million, so this is one number for each article, out of order.
        let mark = (number as u64 * 7_368_787 + 1_414_213) % 10_000_000;
        let slug = format!("{}-{mark:07}", address(&title));
        let mut authors = vec![&v.authors[text.random.skewed(v.authors.len())]];
        if text.random.chance(15) {
            authors.push(text.random.pick(&v.authors));
            authors.dedup();
        }
        let mut tags: Vec<&String> = Vec::new();
        for _ in 0..text.random.between(2, 5) {
            let tag = &v.tags[text.random.below(v.tags.len())];
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let (paper, host) = text.random.pick(&v.papers);
        let image = text.random.below(IMAGES);
        let alt = text.words(5, 9);
        let credit = format!("{} image desk", text.random.pick(&v.places));
        text.sentence(false);
        text.out.push(' ');
        text.sentence(false);
        let summary = std::mem::take(&mut text.out);

        let mut markdown = String::with_capacity(8 << 10);
        let list = |names: &[&String]| names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", ");
        let _ = write!(
            markdown,
            "---\ntitle: {}\ndate: {date}\nauthors: [{}]\ntags: [{}]\nsummary: {}\n",
            quoted(&title),
            list(&authors),
            list(&tags),
            quoted(&summary),
        );
        if self.has_images {
            let (alt, credit) = (quoted(&capitalised(&alt)), quoted(&credit));
            let src = format!("/images/image-{image:02}.svg");
            let _ = write!(markdown, "image:\n  src: {src}\n  alt: {alt}\n  credit: {credit}\n");
        }
        let _ = write!(markdown, "source:\n  name: {}\n  url: {host}/{mark:07}\n---\n\n", quoted(paper));
        text.words = 0;
        text.body();
        markdown.push_str(&text.out);
        Article { path: PathBuf::from(format!("{section}/{}/{slug}.md", &date[..4])), markdown, words: text.words }
    }

    /// Writes all articles and the section files below `content`, with `threads` threads.
    pub(crate) fn write(&self, content: &Path, threads: usize) -> io::Result<Written> {
        for (order, (folder, title, _)) in SECTIONS.iter().enumerate() {
            for year in 2016..=2025 {
                fs::create_dir_all(content.join(format!("{folder}/{year}")))?;
            }
            let head =
                format!("---\ntitle: {title}\ndescription: {title} in the invented news\norder: {}\n---\n", order + 1);
            fs::write(content.join(folder).join("_index.md"), head)?;
        }
        let next = AtomicUsize::new(0);
        let work = || -> io::Result<Written> {
            let mut written = Written { bytes: 0, words: (usize::MAX, 0) };
            loop {
                let start = next.fetch_add(BATCH, Ordering::Relaxed);
                if start >= self.articles {
                    return Ok(written);
                }
                for number in start..(start + BATCH).min(self.articles) {
                    let article = self.article(number);
                    fs::write(content.join(&article.path), &article.markdown)?;
                    written.bytes += article.markdown.len() as u64;
                    written.words = (written.words.0.min(article.words), written.words.1.max(article.words));
                }
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let mut all = Written { bytes: 0, words: (usize::MAX, 0) };
            for worker in workers {
                let part = worker.join().expect("a worker does not panic")?;
                all.bytes += part.bytes;
                all.words = (all.words.0.min(part.words.0), all.words.1.max(part.words.1));
            }
            Ok(all)
        })
    }

    /// Writes the shared images below `folder`, the site's folder of static files.
    pub(crate) fn write_images(folder: &Path) -> io::Result<()> {
        let folder = folder.join("images");
        fs::create_dir_all(&folder)?;
        for image in 0..IMAGES {
            let hue = image * 360 / IMAGES;
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"675\" viewBox=\"0 0 1200 675\">\
                 <rect width=\"1200\" height=\"675\" fill=\"hsl({hue} 30% 82%)\"/>\
                 <path d=\"M0 675 L{} 260 L760 500 L1200 180 V675Z\" fill=\"hsl({hue} 35% 45%)\"/></svg>\n",
                200 + image * 20
            );
            fs::write(folder.join(format!("image-{image:02}.svg")), svg)?;
        }
        Ok(())
    }

    /// Appends a paragraph to article `number`: its body changes, and nothing that others show of it.
    pub(crate) fn edit_body(&self, content: &Path, number: usize) -> io::Result<()> {
        let article = self.article(number);
        let path = content.join(&article.path);
        let addition = self.article(self.articles * 2 + number).path;
        let markdown = fs::read_to_string(&path)? + &format!("\nAdded later: {}.\n", addition.display());
        fs::write(path, markdown)
    }

    /// Writes a new newest article, the `count`-th after the corpus.
    pub(crate) fn add_newest(&self, content: &Path, count: usize) -> io::Result<()> {
        let article = self.article(self.articles + count);
        let path = content.join(&article.path);
        fs::create_dir_all(path.parent().unwrap_or(content))?;
        fs::write(path, &article.markdown)
    }
}

/// The section that `percentile` of the articles falls into.
fn section(percentile: usize) -> &'static str {
    let mut upto = 0;
    for (folder, _, weight) in SECTIONS {
        upto += weight;
        if percentile < upto {
            return folder;
        }
    }
    SECTIONS[0].0
}

/// A title as part of an address: ASCII letters and hyphens, at most 48 bytes.
fn address(title: &str) -> String {
    let plain: String = title.to_lowercase().chars().filter(|c| c.is_ascii_alphabetic() || *c == ' ').collect();
    let mut slug = String::new();
    for word in plain.split_whitespace() {
        if slug.len() + word.len() > 47 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug
}

/// A YAML string in double quotes, so that no invented word is read as a number, a date or `null`.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Markdown in the making.
struct Text<'a> {
    random: Random,
    vocabulary: &'a Vocabulary,
    out: String,
    words: usize,
    notes: Vec<String>,
}

impl Text<'_> {
    fn word(&mut self) -> &str {
        self.words += 1;
        &self.vocabulary.words[self.random.skewed(self.vocabulary.words.len())]
    }

    fn words(&mut self, low: usize, high: usize) -> String {
        let count = self.random.between(low, high);
        (0..count).map(|_| self.word().to_owned()).collect::<Vec<_>>().join(" ")
    }

    /// Five to nine words, now and then with a name, quotation marks, an ampersand or an accent.
    fn headline(&mut self) -> String {
        let mut title = capitalised(&self.words(3, 6));
        match self.random.below(20) {
            0 => title = format!("\"{title}\""),
            1 => title.push_str(" & more"),
            2 => title.push_str(" à l’étape"),
            3..=9 => title = format!("{title} in {}", self.random.pick(&self.vocabulary.places)),
            _ => {}
        }
        format!("{title} {}", self.words(2, 3))
    }

    /// One sentence at the end of `out`; with `marks` it may carry a link, emphasis, code or a quotation.
    fn sentence(&mut self, marks: bool) {
        let count = self.random.between(7, 22);
        let (mut open, mut close, at, mut length) =
            (String::new(), String::new(), self.random.between(1, count - 5), 0);
        if marks {
            match self.random.below(100) {
                0..6 => (open, close, length) = ("**".into(), "**".into(), 2),
                6..13 => (open, close, length) = ("*".into(), "*".into(), 1),
                13..15 => (open, close, length) = ("`".into(), "`".into(), 1),
                15..19 => (open, close, length) = ("“".into(), "”".into(), 3),
                19..22 => (open, close, length) = ("[".into(), format!("](/{}/)", self.random.pick(&SECTIONS).0), 2),
                22..27 => {
                    let host = &self.random.pick(&self.vocabulary.papers).1;
                    let page = self.random.below(1_000_000);
                    (open, close, length) = ("[".into(), format!("]({host}/stories/{page})"), 3);
                }
                _ => {}
            }
        }
        for i in 0..count {
            if i > 0 {
                self.out.push(' ');
            }
            if length > 0 && i == at {
                self.out.push_str(&open);
            }
            let name = i > 0 && self.random.chance(4);
            if name {
                self.words += 1;
                let place = self.random.pick(&self.vocabulary.places);
                self.out.push_str(place);
            } else if i == 0 {
                let first = capitalised(self.word());
                self.out.push_str(&first);
            } else {
                let word = self.vocabulary.words[self.random.skewed(self.vocabulary.words.len())].as_str();
                self.words += 1;
                self.out.push_str(word);
            }
            let inside = length > 0 && i >= at && i + 1 < at + length;
            if length > 0 && i + 1 == at + length {
                self.out.push_str(&close);
            }
            if !inside && i + 1 < count && self.random.chance(8) {
                self.out.push(',');
            }
        }
        self.out.push('.');
    }

    fn paragraph(&mut self, low: usize, high: usize, target: usize) {
        for i in 0..self.random.between(low, high) {
            if i > 0 {
                if self.words >= target {
                    break;
                }
                self.out.push(' ');
            }
            self.sentence(true);
        }
        self.out.push_str("\n\n");
    }

    fn body(&mut self) {
        let target = self.random.between(360, 865);
        let headings = self.random.between(2, 4);
        let mut extras = Vec::new();
        for (extra, percent) in [(Extra::Quotation, 45), (Extra::List, 40), (Extra::Table, 14)] {
            if self.random.chance(percent) {
                extras.push((self.random.below(headings + 1), extra));
            }
        }
        let note = self.random.chance(15).then(|| self.random.below(headings + 1));
        for part in 0..=headings {
            let until = target * (part + 1) / (headings + 1);
            if part > 0 {
                let heading = capitalised(&self.words(2, 5));
                let _ = write!(self.out, "## {heading}\n\n");
            }
            for (_, extra) in extras.iter().filter(|(place, _)| *place == part) {
                self.paragraph(1, 2, until);
                self.extra(extra);
            }
            while self.words < until {
                self.paragraph(2, 5, until);
            }
            if note == Some(part) {
                self.out.truncate(self.out.trim_end().len());
                self.out.push_str("[^1]\n\n");
                let text = self.words(4, 12);
                self.notes.push(capitalised(&text));
            }
        }
        for (i, note) in std::mem::take(&mut self.notes).iter().enumerate() {
            let _ = write!(self.out, "[^{}]: {note}.\n\n", i + 1);
        }
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
    }

    fn extra(&mut self, extra: &Extra) {
        match extra {
            Extra::Quotation => {
                self.out.push_str("> ");
                self.sentence(false);
                let speaker = self.random.pick(&self.vocabulary.authors);
                let _ = write!(self.out, "\n>\n> — {speaker}\n\n");
            }
            Extra::List => {
                let mark = if self.random.chance(30) { "1." } else { "-" };
                for _ in 0..self.random.between(3, 5) {
                    let item = self.words(3, 8);
                    let _ = writeln!(self.out, "{mark} {item}");
                }
                self.out.push('\n');
            }
            Extra::Table => {
                let (first, second) = (self.words(1, 2), self.words(1, 1));
                let _ = write!(self.out, "| {first} | {second} |\n|---|---:|\n");
                for _ in 0..self.random.between(3, 6) {
                    let (name, number) = (self.words(1, 1), self.random.below(10_000));
                    let _ = writeln!(self.out, "| {name} | {number} |");
                }
                self.out.push('\n');
            }
        }
    }
}

enum Extra {
    Quotation,
    List,
    Table,
}
