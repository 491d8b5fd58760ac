//! The import type: what a site is made of, wherever it comes from.
//!
//! Every reader gives records of this one type, and one writer makes files of them. As JSON Lines it is the door for
//! programs that have no reader here (`courant import json`); `courant schema import` prints its schema, made from
//! these comments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A line of an import: a part of the site, by its `type`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Record {
    /// The site itself; at most one.
    Site(Site),
    /// What a section is called.
    Section(Section),
    /// An author's profile.
    Author(Author),
    /// A file that articles show or name.
    Media(Media),
    /// Dated content.
    Article(Box<Item>),
    /// Undated content.
    Page(Box<Item>),
}

/// The site: what stands in `site.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// One sentence about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The address of its front page, with scheme and host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Its language, a BCP 47 tag.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// An IANA time zone name. Dates without an offset are read in it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub timezone: String,
    /// The pattern of its articles' addresses, if it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub permalink: String,
    /// The entries of its navigation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<MenuEntry>,
}

/// An entry of the navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuEntry {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Entries that unfold below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<MenuEntry>,
}

/// A section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Section {
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// One sentence about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Old addresses that lead to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// An author.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Author {
    /// The id that articles name.
    pub id: String,
    /// What readers see.
    pub name: String,
    /// What they do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// About them, as HTML or text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub biography: String,
    /// A portrait.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// Their pages elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// A file that articles show or name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// Its number there, by which texts may name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The address of the file.
    pub url: String,
    /// The address of a page of its own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// What it is called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it shows, for people who do not see it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// The line below it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub caption: String,
    /// Who made it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub credit: String,
    /// The number of the article to which it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<u64>,
    /// Where it stands among the files of that article.
    #[serde(skip_serializing_if = "is_zero")]
    pub order: i64,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The language of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// HTML.
    #[default]
    Html,
    /// Markdown.
    Markdown,
    /// What WordPress keeps in its database: blocks, shortcodes, line breaks.
    Wordpress,
}

/// An article or page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Item {
    /// The headline.
    pub title: String,
    /// The text.
    pub body: String,
    /// The language of the text.
    #[serde(skip_serializing_if = "is_html")]
    pub format: Format,
    /// When it was published, RFC 3339 or without an offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// `publish` or `published` shows it, `future` until its date comes withholds it, and anything else, or nothing,
    /// makes it a draft.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// When it stops being shown, RFC 3339 or without an offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Any password makes it a draft. It is written nowhere.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub password: String,
    /// The type it had there (`recipe`). Types besides `post` and `page` are drafts unless `--types` names them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind_there: String,
    /// The full address it had.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Other addresses it had: paths, or addresses on the same host.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The last part of its address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub slug: String,
    /// Its number there (`/?p=12`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The permanent id in its feeds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Its section.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its series.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// Ids of authors, or names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// One sentence about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The image above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Whether it leads the front page.
    #[serde(skip_serializing_if = "is_false")]
    pub featured: bool,
    /// The kind of article, a value of `kind` in front matter.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Where it was published first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub canonical: String,
    /// Who published it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Whether search engines were asked not to list it.
    #[serde(skip_serializing_if = "is_false")]
    pub noindex: bool,
    /// What was wrong and has been put right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Its language, if it is not that of the site.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// Whether readers may comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments_open: Option<bool>,
    /// What readers replied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
    /// The footnotes that a body in WordPress's format refers to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Anything else, kept for themes.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// Where it stands in its source; filled in by the reader.
    #[serde(skip_serializing_if = "Origin::is_unknown")]
    #[schemars(skip)]
    pub origin: Origin,
}

fn is_html(format: &Format) -> bool {
    *format == Format::Html
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Where something stands in its source.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// The file.
    pub file: String,
    /// Its line; 0 if it is a file of its own.
    pub line: u64,
}

impl Origin {
    fn is_unknown(&self) -> bool {
        self.file.is_empty()
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line > 0 { write!(f, "{}:{}", self.file, self.line) } else { f.write_str(&self.file) }
    }
}

/// The image above an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Image {
    /// Its address.
    pub src: String,
    /// What it shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// The line below it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub caption: String,
    /// Who made it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub credit: String,
}

/// Who published an article first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// Their name.
    pub name: String,
    /// Where it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// A correction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Correction {
    /// When it was made.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// What it says, as HTML or text.
    pub text: String,
}

/// A footnote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// What it says, as HTML.
    #[serde(alias = "content")]
    pub text: String,
}

/// A reader's comment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Comment {
    /// Its id, unique within the site.
    pub id: String,
    /// The id of the comment it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who wrote it.
    pub name: String,
    /// For the inbox only; it is never published.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Their page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What they wrote, as HTML with line breaks.
    pub text: String,
    /// `approved` publishes it, `pending` puts it into the inbox, anything else leaves it out.
    pub status: String,
}
