//! What an editor places on the front page, or on the page of a section: the key `front` of its `_index.md`.
//!
//! The record says what was written; which of it readers see at a moment is for the [index](crate::index) to tell.
//! Whatever is not understood here is an error: a pin without its end would stand there for ever.

use serde::{Deserialize, Serialize};

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::keys;
use super::record::{Image, Kind, Text, Withheld};
use super::time::Timestamp;
use super::values::{image, moment};
use crate::diagnostic::did_you_mean;
use crate::file_kind::MARKDOWN;
use crate::site_path;
use crate::source_name::without_markdown_ending;
use crate::yaml::Entry;

/// A page as the editor arranged it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Front<'a> {
    /// What leads the page.
    #[serde(borrow)]
    pub lead: Option<Placed<'a>>,
    /// The top stories.
    pub top: Vec<Placed<'a>>,
    /// Articles that belong together.
    pub packages: Vec<Package<'a>>,
    /// The blocks below. `None` leaves the choice to the theme, and an empty list shows no blocks.
    pub blocks: Option<Vec<Block<'a>>>,
    /// The notice at the top of the page.
    pub notice: Option<Announcement<'a>>,
}

/// A span of time, open at either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    /// When it begins; `None` if it always has.
    pub from: Option<Timestamp>,
    /// When it ends; `None` if it never does.
    pub until: Option<Timestamp>,
}

impl Window {
    /// Whether it is open. What is yet to come may be shown on demand.
    pub fn is_open(self, now: Timestamp, future: bool) -> bool {
        !Withheld { draft: false, publish: self.from, expires: self.until }.holds(now, false, future)
    }
}

impl Window {
    /// The same without the moments at which nothing happens, because a window around it is closed then.
    pub fn within(self, around: Self) -> Self {
        let is_after_begin = |at: &Timestamp| around.from.is_none_or(|from| from < *at);
        let from = self.from.filter(|at| is_after_begin(at) && around.until.is_none_or(|until| *at < until));
        let until = self.until.filter(|at| is_after_begin(at) && around.until.is_none_or(|until| *at <= until));
        Self { from, until }
    }
}

/// An article that is placed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Placed<'a> {
    /// Its file, as written.
    #[serde(borrow)]
    pub article: Text<'a>,
    /// Another headline for this place.
    pub title: Option<Text<'a>>,
    /// Another image for this place.
    pub image: Option<Image<'a>>,
    /// When it stands there.
    pub window: Window,
}

/// Articles that belong together, under a title.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Package<'a> {
    /// What they are about.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// The first of them.
    pub lead: Option<Placed<'a>>,
    /// The others.
    pub articles: Vec<Placed<'a>>,
    /// When it stands there.
    pub window: Window,
}

/// The newest articles of a section, of a kind or with a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block<'a> {
    /// Of which.
    #[serde(borrow)]
    pub of: Selected<'a>,
    /// What stands above it, if it is not the name.
    pub title: Option<Text<'a>>,
    /// At most so many.
    pub count: u8,
    /// How the theme shows them.
    pub layout: Layout,
}

/// Which articles a block has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selected<'a> {
    /// Those of a section, by its folder.
    #[serde(borrow)]
    Section(Text<'a>),
    /// Those of a kind.
    Kind(Kind),
    /// Those with a tag, by its name.
    Tag(Text<'a>),
}

impl Selected<'_> {
    /// The key that says it, and its value.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Section(name) => ("section", name),
            Self::Kind(kind) => ("kind", kind.name()),
            Self::Tag(name) => ("tag", name),
        }
    }
}

/// How a theme shows a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Layout {
    /// The first one large, the others beside it.
    #[default]
    Lead,
    /// Headlines.
    List,
    /// Cards of one size.
    Grid,
    /// Who says what.
    Opinion,
    /// Pictures with headlines.
    Pictures,
}

impl Layout {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Lead, Self::List, Self::Grid, Self::Opinion, Self::Pictures];

    /// The word in front matter and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::List => "list",
            Self::Grid => "grid",
            Self::Opinion => "opinion",
            Self::Pictures => "pictures",
        }
    }
}

/// A notice at the top of a page.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Announcement<'a> {
    /// One sentence.
    #[serde(borrow)]
    pub text: Text<'a>,
    /// Where it leads.
    pub url: Option<Text<'a>>,
    /// What kind of notice it is.
    pub kind: Tone,
    /// When it stands there.
    pub window: Window,
}

/// A kind of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Tone {
    /// Something to know.
    #[default]
    Notice,
    /// News that breaks; it must have an end.
    Breaking,
    /// Something happens at this moment.
    Live,
}

impl Tone {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Notice, Self::Breaking, Self::Live];

    /// The word in front matter and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Breaking => "breaking",
            Self::Live => "live",
        }
    }
}

impl<'a> Front<'a> {
    /// Everything that is placed.
    pub(super) fn placed_mut(&mut self) -> impl Iterator<Item = &mut Placed<'a>> {
        let packages =
            self.packages.iter_mut().flat_map(|package| package.lead.iter_mut().chain(&mut package.articles));
        self.lead.iter_mut().chain(&mut self.top).chain(packages)
    }

    /// Everything that is placed, with the window around its own: that of its package.
    pub fn placed(&self) -> impl Iterator<Item = (&Placed<'a>, Window)> {
        let own = self.lead.iter().chain(&self.top).map(|placed| (placed, Window::default()));
        own.chain(
            self.packages.iter().flat_map(|package| {
                package.lead.iter().chain(&package.articles).map(|placed| (placed, package.window))
            }),
        )
    }
}

/// So many articles a block has that does not say it.
pub const USUAL_COUNT: u8 = 4;

/// More than anybody reads in one block.
pub const MOST_IN_BLOCK: u8 = 24;

/// The sources that a path of front matter may mean, the likeliest first: `local/tunnel.md`, from `content/` on, or the
/// folder of a bundle.
pub fn sources_of(written: &str) -> Vec<String> {
    let path = written.trim().trim_start_matches("./").trim_start_matches('/');
    let path = path.strip_prefix("content/").unwrap_or(path).trim_end_matches('/');
    if without_markdown_ending(path).is_some() {
        return vec![format!("content/{path}")];
    }
    let named = |infix: &str| MARKDOWN.map(|ending| format!("content/{path}{infix}{ending}"));
    [named(""), named("/index")].concat()
}

/// The key `front`; none if it says nothing.
pub(super) fn front(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Box<Front<'static>>> {
    if field.value.is_null() {
        return None;
    }
    let mut front = Front::default();
    for (name, part) in map(fields, field, &["lead", "top", "packages", "blocks", "notice"])? {
        match name {
            "lead" => front.lead = placed(fields, &part, reading),
            "top" => front.top = list(fields, &part, |fields, item| placed(fields, item, reading)),
            "packages" => front.packages = list(fields, &part, |fields, item| package(fields, item, reading)),
            "blocks" if part.value.is_null() => {}
            "blocks" => front.blocks = Some(list(fields, &part, block)),
            _ => front.notice = notice(fields, &part, reading),
        }
    }
    Some(Box::new(front))
}

/// The key `related` of an article, and whether it is one: in other programs it may be a switch, or a map.
pub(super) fn related(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<Vec<Text<'static>>> {
    let is_path = |text: &str| without_markdown_ending(text).is_some() || text.contains('/') && !text.contains("://");
    let items = field.value.items().unwrap_or(std::slice::from_ref(field.value));
    if field.value.is_null() || !items.iter().all(|item| item.text().is_some_and(|text| is_path(text.trim()))) {
        return None;
    }
    fields.are_few(field, items.len()).then(|| items.iter().filter_map(|item| fields.word(&field.item(item))).collect())
}

/// The entries of a map that may have these keys, each key once.
fn map<'f>(
    fields: &mut Fields<'_>,
    field: &'f Field<'_>,
    known: &[&'static str],
) -> Option<Vec<(&'static str, Field<'f>)>> {
    let Some(entries) = field.value.entries() else {
        let hint = format!("its keys are {}", known.join(", "));
        fields.problem(field, format!("`{}` must be a map", field.name), &hint);
        return None;
    };
    let mut found: Vec<(&'static str, Field<'f>)> = Vec::new();
    for entry in entries {
        let folded = keys::fold(entry.name());
        match known.iter().find(|name| **name == folded) {
            Some(name) if found.iter().any(|(other, _)| other == name) => {
                let message = format!("`{}` has the key `{name}` twice", field.name);
                fields.problem_at(entry.key.mark, message, "remove one of the two");
            }
            Some(name) => found.push((name, field.within(entry))),
            None => unknown(fields, field, entry, known),
        }
    }
    Some(found)
}

fn unknown(fields: &mut Fields<'_>, field: &Field<'_>, entry: &Entry, known: &[&'static str]) {
    let hint = did_you_mean(&keys::fold(entry.name()), known.iter().copied());
    let hint = hint.unwrap_or_else(|| format!("its keys are {}", known.join(", ")));
    fields.problem_at(entry.key.mark, format!("unknown key `{}` of `{}`", entry.name(), field.name), &hint);
}

/// The items of a list; one item may stand alone.
fn list<T>(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    one: impl Fn(&mut Fields<'_>, &Field<'_>) -> Option<T>,
) -> Vec<T> {
    let items = match field.value.items() {
        Some(items) => items,
        None if field.value.is_null() => &[],
        None => std::slice::from_ref(field.value),
    };
    if !fields.are_few(field, items.len()) {
        return Vec::new();
    }
    items.iter().filter_map(|item| one(fields, &field.item(item))).collect()
}

/// One of the words of a list.
fn word<T: Copy>(fields: &mut Fields<'_>, field: &Field<'_>, all: &[(&'static str, T)]) -> Option<T> {
    let given = fields.line(field)?;
    let found = all.iter().find(|(name, _)| *name == keys::fold(&given)).map(|(_, value)| *value);
    if found.is_none() {
        let names = || all.iter().map(|(name, _)| *name);
        let hint = did_you_mean(&given, names())
            .unwrap_or_else(|| format!("it is one of {}", names().collect::<Vec<_>>().join(", ")));
        fields.problem(field, format!("`{}` cannot be `{}`", field.name, &*given), &hint);
    }
    found
}

/// Ends a window; nothing can stand somewhere until before it came there.
fn checked(fields: &mut Fields<'_>, field: &Field<'_>, window: Window) -> Window {
    if let (Some(from), Some(until)) = (window.from, window.until)
        && until <= from
    {
        fields.problem(field, format!("`{}` ends before it begins", field.name), "put the later moment behind `until`");
    }
    window
}

fn placed(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Placed<'static>> {
    const FORM: &str = "write the file of the article, such as `local/tunnel.md`, or \
                        `{ article: local/tunnel.md, until: 2026-11-28T06:00 }`";
    if field.value.is_null() {
        return None;
    }
    if field.value.entries().is_none() {
        if field.value.items().is_some() {
            fields.problem(field, format!("`{}` is one article", field.name), FORM);
            return None;
        }
        return fields.word(field).map(|article| Placed { article, ..Placed::default() });
    }
    let mut placed = Placed::default();
    for (name, part) in map(fields, field, &["article", "title", "image", "from", "until"])? {
        match name {
            "article" => placed.article = fields.word(&part).unwrap_or_default(),
            "title" => placed.title = fields.line(&part),
            "image" => placed.image = image(fields, &part),
            "from" => placed.window.from = moment(fields, &part, reading),
            _ => placed.window.until = moment(fields, &part, reading),
        }
    }
    if placed.article.is_empty() {
        fields.problem(field, format!("`{}` has no `article`", field.name), FORM);
    }
    placed.window = checked(fields, field, placed.window);
    Some(placed)
}

fn package(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Package<'static>> {
    let mut package = Package::default();
    for (name, part) in map(fields, field, &["title", "lead", "articles", "from", "until"])? {
        match name {
            "title" => package.title = fields.line(&part).unwrap_or_default(),
            "lead" => package.lead = placed(fields, &part, reading),
            "articles" => package.articles = list(fields, &part, |fields, item| placed(fields, item, reading)),
            "from" => package.window.from = moment(fields, &part, reading),
            _ => package.window.until = moment(fields, &part, reading),
        }
    }
    if package.lead.is_none() && package.articles.is_empty() {
        let hint = "add its articles: `lead: local/tunnel.md`, or `articles: [local/ferry.md]`";
        fields.problem(field, format!("`{}` has no article", field.name), hint);
    }
    if package.title.is_empty() {
        let hint = "write what its articles are about, such as `title: Storm Hedda`";
        fields.problem(field, format!("`{}` has no `title`", field.name), hint);
    }
    package.window = checked(fields, field, package.window);
    Some(package)
}

fn block(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<Block<'static>> {
    const FORM: &str = "write one of `section: local`, `kind: opinion` and `tag: harbour`";
    let mut all = Vec::new();
    let mut given = 0;
    let mut block =
        Block { of: Selected::Kind(Kind::default()), title: None, count: USUAL_COUNT, layout: Layout::default() };
    for (name, part) in map(fields, field, &["section", "kind", "tag", "title", "count", "layout"])? {
        given += usize::from(matches!(name, "section" | "kind" | "tag") && !part.value.is_null());
        match name {
            "section" => all.extend(fields.word(&part).map(Selected::Section)),
            "kind" => all.extend(word(fields, &part, &Kind::ALL.map(|kind| (kind.name(), kind))).map(Selected::Kind)),
            "tag" => all.extend(fields.word(&part).map(Selected::Tag)),
            "title" => block.title = fields.line(&part),
            "count" => block.count = count(fields, &part),
            _ => {
                let layouts = Layout::ALL.map(|layout| (layout.name(), layout));
                block.layout = word(fields, &part, &layouts).unwrap_or_default();
            }
        }
    }
    match given {
        // A mistake in the one that is given has been reported already.
        1 => block.of = all.pop().unwrap_or(block.of),
        0 => fields.problem(field, format!("`{}` does not say which articles it has", field.name), FORM),
        _ => fields.problem(field, format!("`{}` names more than one selection", field.name), FORM),
    }
    Some(block)
}

fn count(fields: &mut Fields<'_>, field: &Field<'_>) -> u8 {
    let number = fields.integer(field).unwrap_or(USUAL_COUNT.into());
    match u8::try_from(number) {
        Ok(number) if (1..=MOST_IN_BLOCK).contains(&number) => number,
        _ => {
            let hint = format!("write a number from 1 to {MOST_IN_BLOCK}");
            fields.problem(field, format!("`{}` cannot be {number}", field.name), &hint);
            USUAL_COUNT
        }
    }
}

fn notice(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Announcement<'static>> {
    if field.value.is_null() {
        return None;
    }
    let mut notice = Announcement::default();
    for (name, part) in map(fields, field, &["text", "url", "kind", "from", "until"])? {
        match name {
            "text" => notice.text = fields.line(&part).unwrap_or_default(),
            "url" => {
                notice.url = fields.word(&part);
                if notice.url.as_deref().is_some_and(site_path::is_script) {
                    let message = format!("the address of `{}` would run a script", part.name);
                    fields.problem(&part, message, "begin with https://, or with a slash on this site");
                }
            }
            "kind" => {
                notice.kind = word(fields, &part, &Tone::ALL.map(|tone| (tone.name(), tone))).unwrap_or_default();
            }
            "from" => notice.window.from = moment(fields, &part, reading),
            _ => notice.window.until = moment(fields, &part, reading),
        }
    }
    if notice.text.is_empty() {
        fields.problem(field, format!("`{}` has no `text`", field.name), "write one sentence behind `text`");
    }
    if notice.kind == Tone::Breaking && notice.window.until.is_none() {
        let message = format!("`{}` is breaking and has no end", field.name);
        fields.problem(field, message, "add `until: 2026-11-28T12:00`: nothing breaks for ever");
    }
    notice.window = checked(fields, field, notice.window);
    Some(notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_file_or_the_folder_of_a_bundle() {
        for written in ["local/tunnel.md", "/local/tunnel.md", "content/local/tunnel.md", "./local/tunnel.md "] {
            assert_eq!(sources_of(written), ["content/local/tunnel.md"], "{written}");
        }
        for written in ["local/lighthouse", "/local/lighthouse/"] {
            let all = sources_of(written);
            assert_eq!((&*all[0], &*all[3]), ("content/local/lighthouse.md", "content/local/lighthouse/index.md"));
        }
    }

    #[test]
    fn a_window_is_open_from_its_beginning_to_its_end() {
        let window = Window { from: Some(Timestamp(5)), until: Some(Timestamp(9)) };
        let open: Vec<i64> = (3..12).filter(|now| window.is_open(Timestamp(*now), false)).collect();
        assert_eq!(open, [5, 6, 7, 8]);
        assert!(window.is_open(Timestamp(3), true) && !window.is_open(Timestamp(9), true));
    }

    #[test]
    fn nothing_happens_in_a_window_while_the_one_around_it_is_closed() {
        let window = |from: i64, until: i64| Window { from: Some(Timestamp(from)), until: Some(Timestamp(until)) };
        let nothing = Window::default();
        assert_eq!(window(5, 9).within(nothing), window(5, 9));
        assert_eq!(window(5, 9).within(window(1, 9)), window(5, 9));
        assert_eq!(window(5, 9).within(window(6, 8)), nothing);
        assert_eq!(window(5, 9).within(window(9, 12)), nothing);
        assert_eq!(window(5, 9).within(window(7, 12)), Window { from: None, until: Some(Timestamp(9)) });
    }
}
