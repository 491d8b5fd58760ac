//! What stage 2 knows of a source: the front matter in one fixed form, whatever spelling the file had.
//!
//! A record is kept encoded (Postcard) in memory and in the build log, and is decoded by borrowing from
//! those bytes, so a million of them cost what their text costs.

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::front::Front;
use super::time::Timestamp;
pub use super::withholding::Withheld;
use crate::config::LanguageId;
use crate::original::Format;

/// Text that is borrowed from an encoded record, or owned while one is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

/// What a content file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record<'a> {
    /// An article, or a page if it has no date.
    #[serde(borrow)]
    Entry(Box<Entry<'a>>),
    /// `_index.md` of the front page or a section.
    Section(SectionFile<'a>),
    /// `authors/<id>.md`.
    Author(AuthorFile<'a>),
    /// `<slug>.comments.yaml`.
    /// The latest moment from which one of them may be seen, and the comments.
    Comments(Option<Timestamp>, Vec<Comment<'a>>),
    /// A file that is published as it is; what is known of it if it is an image.
    File(Option<ImageFile<'a>>),
    /// An article or page whose name says that it is not to be published, whatever the options are.
    LeftOut(Box<Entry<'a>>),
    /// A text that is not read: its name says so, it is HTML with front matter, or of another markup. The files that it
    /// names.
    Unread(Vec<Mention<'a>>),
    /// `includes/ads/<name>.md`, a house advertisement.
    Ad(Ad<'a>),
    /// A file that lists the parts of a film or model, which are published and held back with it: their addresses, or
    /// patterns in which `*` is anything.
    List(Vec<Text<'a>>),
}

impl Record<'_> {
    /// Where the body of a text begins in its file. `None` for what has no body.
    pub fn body_start(&self) -> Option<u32> {
        match self {
            Self::Entry(entry) => Some(entry.body.0),
            Self::Section(file) => Some(file.body.0),
            Self::Author(file) => Some(file.body.0),
            Self::Ad(ad) => Some(ad.body.0),
            Self::Comments(..) | Self::File(_) | Self::List(_) | Self::LeftOut(_) | Self::Unread(_) => None,
        }
    }
}

/// The front matter of a house advertisement.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ad<'a> {
    /// What it is called, for those who look at the timeline.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// The slot of `ad_slots` in which it stands.
    pub slot: Text<'a>,
    /// The language whose articles show it.
    pub language: LanguageId,
    /// When it may be seen.
    pub withheld: Withheld,
    /// Where its text begins: byte and line.
    pub body: (u32, u32),
    /// Files that it names: as long as it is withheld, they are.
    pub mentions: Vec<Mention<'a>>,
}

/// The front matter of an article or page.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry<'a> {
    /// What teasers show as it is.
    #[serde(borrow)]
    pub core: TeaserCore<'a>,
    /// The language it is in.
    pub language: LanguageId,
    /// The section's folder name; none at the top of `content/`.
    pub section: Option<Text<'a>>,
    /// The category that is the section, if its name has more than the words of its address.
    pub category: Option<Text<'a>>,
    /// Ids of profiles, or plain names.
    pub authors: Vec<Text<'a>>,
    /// Names of tags.
    pub tags: Vec<Text<'a>>,
    /// The name of the series.
    pub series: Option<Text<'a>>,
    /// The image.
    pub image: Option<Image<'a>>,
    /// Files that the source names; of live coverage, not those of its updates.
    pub mentions: Vec<Mention<'a>>,
    /// Where the news comes from.
    pub sources: Vec<Attribution<'a>>,
    /// What was wrong and has been put right.
    pub corrections: Vec<Correction<'a>>,
    /// Where it was published first, when it is republished here: an address, or a path of the site.
    pub canonical: Option<Text<'a>>,
    /// The place that it is reported from.
    pub dateline: Option<Text<'a>>,
    /// The updates of live coverage, in the order of the file.
    pub updates: Vec<LiveUpdate<'a>>,
    /// In which time it may be seen.
    pub withheld: Withheld,
    /// What readers are told at its address once it is withdrawn.
    pub withdrawal: Option<Withdrawal<'a>>,
    /// Whether the front matter says that it is meant to be a page, without a date.
    pub is_meant_as_page: bool,
    /// Whether something in the front matter deserves a warning ([`Lines::doubts`](super::Lines::doubts)).
    pub has_doubts: bool,
    /// Old addresses.
    pub aliases: Vec<Text<'a>>,
    /// The last part of the address.
    pub slug: Text<'a>,
    /// The whole address, when the front matter gives it.
    pub permalink: Option<Text<'a>>,
    /// Whether there may be comments; the theme's default when not said.
    pub comments: Option<bool>,
    /// Whether search engines are asked not to list it.
    pub noindex: bool,
    /// The permanent id for feeds, when the front matter gives one.
    pub id: Option<Text<'a>>,
    /// Files of articles that are related to it, as the editor says: they come before those that are found.
    pub related: Vec<Text<'a>>,
    /// Keys that courant does not know, as a JSON object; empty when there are none.
    pub extra: Text<'a>,
    /// Whether the summary is the first paragraph, since the front matter gives none.
    pub summary_derived: bool,
    /// Whether the file is the `index.md` of a bundle.
    pub is_bundle: bool,
    /// Where the Markdown begins: byte and line (from 0) of the file.
    pub body: (u32, u32),
}

impl<'a> Entry<'a> {
    /// Who wrote it. What an advertiser paid for has nobody of the newsroom as author.
    pub fn writers(&self) -> &[Text<'a>] {
        if self.core.kind == Kind::Sponsored { &[] } else { &self.authors }
    }

    /// Who paid for it: of a sponsored article, those whom it names as its authors.
    pub fn sponsors(&self) -> &[Text<'a>] {
        if self.core.kind == Kind::Sponsored { &self.authors } else { &[] }
    }
}

/// A withdrawal that readers are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal<'a> {
    /// From when on the article is withdrawn.
    pub date: Timestamp,
    /// Why, as the editor tells readers; short Markdown.
    #[serde(borrow)]
    pub reason: Text<'a>,
}

/// The part of a teaser that depends on nothing but its own source.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TeaserCore<'a> {
    /// The headline, plain text.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// When it was published; none makes it a page.
    pub date: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// One sentence or the first paragraph, plain text.
    pub summary: Text<'a>,
    /// What kind of article it is.
    pub kind: Kind,
    /// Whether it is to lead.
    pub featured: bool,
    /// Who may read it.
    pub access: Access,
    /// When live coverage begins and ends.
    pub coverage: Option<Coverage>,
}

/// Who may read an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Access {
    /// Everybody.
    #[default]
    Free,
    /// Who pays for it.
    Subscribers,
}

impl Access {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Free, Self::Subscribers];

    /// The word in front matter and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Subscribers => "subscribers",
        }
    }
}

/// When live coverage begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// When it begins; with the article, when not said.
    pub start: Option<Timestamp>,
    /// When it ends; it goes on, when not said.
    pub end: Option<Timestamp>,
}

/// An update of live coverage: a heading with a time, and what stands below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveUpdate<'a> {
    /// When it is published.
    pub time: Timestamp,
    /// Its heading, plain text.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// Its place in the page, unless something else has that already.
    pub id: Text<'a>,
    /// Files that it names.
    pub mentions: Vec<Mention<'a>>,
}

/// A kind of article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Kind {
    /// News.
    #[default]
    Report,
    /// What it means.
    Analysis,
    /// What somebody thinks of it.
    Opinion,
    /// Of a work.
    Review,
    /// How it came to it.
    Background,
    /// Updated while it happens.
    Live,
    /// Paid for.
    Sponsored,
    /// Not meant seriously.
    Satire,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Report,
        Self::Analysis,
        Self::Opinion,
        Self::Review,
        Self::Background,
        Self::Live,
        Self::Sponsored,
        Self::Satire,
    ];

    /// The word in front matter and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Analysis => "analysis",
            Self::Opinion => "opinion",
            Self::Review => "review",
            Self::Background => "background",
            Self::Live => "live",
            Self::Sponsored => "sponsored",
            Self::Satire => "satire",
        }
    }

    /// The type at schema.org: the subtypes of `NewsArticle` where there is one.
    pub fn schema_type(self) -> &'static str {
        match self {
            Self::Report => "ReportageNewsArticle",
            Self::Analysis => "AnalysisNewsArticle",
            Self::Opinion => "OpinionNewsArticle",
            Self::Review => "ReviewNewsArticle",
            Self::Background => "BackgroundNewsArticle",
            Self::Live => "LiveBlogPosting",
            Self::Sponsored => "AdvertiserContentArticle",
            Self::Satire => "SatiricalArticle",
        }
    }
}

/// An image and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Image<'a> {
    /// An address, a path of the site, or a path from the article.
    #[serde(borrow)]
    pub src: Text<'a>,
    /// What it shows, for those who do not see it.
    pub alt: Text<'a>,
    /// What is said below it.
    pub caption: Option<Text<'a>>,
    /// Who made it.
    pub credit: Option<Text<'a>>,
    /// The point that must be seen when it is cut, in hundredths of its width and height.
    pub focus: Option<(u8, u8)>,
    /// Whether nothing of it may be cut off: a chart, a map, a page.
    pub is_whole: bool,
}

/// A file that a text names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention<'a> {
    /// A path of the site, or a path from the text's file.
    #[serde(borrow)]
    pub src: Text<'a>,
    /// How it is named.
    pub how: Naming,
}

/// How a text names a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Naming {
    /// It is shown.
    Shown,
    /// There is a link to it.
    Linked,
    /// No reader sees it; `src` is a piece of the source that ends like the path of a file. As long as the text is
    /// withheld, the file is.
    Written,
    /// Only a part of the text that is withheld names it.
    Withheld,
}

/// What an image file says of itself before its pixels are decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFile<'a> {
    /// What its bytes are, whatever its name says.
    pub format: Format,
    /// Pixels, as it is to be shown.
    pub width: u32,
    /// Pixels, as it is to be shown.
    pub height: u32,
    /// Whether it moves.
    pub is_animated: bool,
    /// What it shows, as the file says.
    #[serde(borrow)]
    pub caption: Option<Text<'a>>,
    /// Who is to be named, as the file says.
    pub credit: Option<Text<'a>>,
    /// What it shows for those who do not see it, as the file says.
    pub alt: Option<Text<'a>>,
}

/// Where the news comes from.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attribution<'a> {
    /// Who published it.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Where.
    pub url: Option<Text<'a>>,
}

/// What was wrong and has been put right.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Correction<'a> {
    /// When it was put right.
    pub date: Option<Timestamp>,
    /// What was wrong, short Markdown.
    #[serde(borrow)]
    pub text: Text<'a>,
    /// Whether it is not to be published; such a correction is in no record.
    #[serde(skip)]
    pub is_draft: bool,
    /// Files that it names, if it has a date: until then they are withheld with it. Those of others are its article's.
    pub mentions: Vec<Mention<'a>>,
}

/// `_index.md` of the front page or a section.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SectionFile<'a> {
    /// The title.
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    /// One sentence, plain text.
    pub description: Text<'a>,
    /// Sections with a lower number come first; those without one last.
    pub order: Option<i64>,
    /// In which time it and everything in its folder may be seen; of the front page, its own text.
    pub withheld: Withheld,
    /// Of the front page: in which time the whole site may be seen.
    pub cascade: Withheld,
    /// Where the Markdown begins: byte and line (from 0) of the file.
    pub body: (u32, u32),
    /// Whether there is any Markdown.
    pub has_body: bool,
    /// Whether a key is there twice, or YAML takes words for something else.
    pub has_doubts: bool,
    /// Files that the Markdown names.
    pub mentions: Vec<Mention<'a>>,
    /// Old addresses.
    pub aliases: Vec<Text<'a>>,
    /// What is placed on its page.
    pub front: Option<Box<Front<'a>>>,
}

/// `authors/<id>.md`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuthorFile<'a> {
    /// The name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// What they do.
    pub role: Text<'a>,
    /// One sentence, plain text.
    pub description: Text<'a>,
    /// In which time it may be seen.
    pub withheld: Withheld,
    /// The language it is in.
    pub language: LanguageId,
    /// Their pages elsewhere.
    pub links: Vec<(Text<'a>, Text<'a>)>,
    /// Their account in the Fediverse: `@name@host`.
    pub fediverse: Option<Text<'a>>,
    /// A portrait.
    pub image: Option<Image<'a>>,
    /// Where the Markdown begins: byte and line (from 0) of the file.
    pub body: (u32, u32),
    /// Whether a key is there twice, or YAML takes words for something else.
    pub has_doubts: bool,
    /// Files that the Markdown names.
    pub mentions: Vec<Mention<'a>>,
}

/// A reader's comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment<'a> {
    /// Unique within its file.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Who wrote it.
    pub name: Text<'a>,
    /// Their page.
    pub url: Option<Text<'a>>,
    /// When.
    pub date: Option<Timestamp>,
    /// Not to be seen before.
    pub publish: Option<Timestamp>,
    /// What, as plain text.
    pub text: Text<'a>,
    /// The id of the comment it answers.
    pub in_reply_to: Option<Text<'a>>,
    /// Whether somebody has marked it so that readers do not see it; such a comment is in no record.
    #[serde(skip)]
    pub is_withheld: bool,
}

impl Record<'_> {
    /// The record as bytes.
    pub fn encode(&self) -> Box<[u8]> {
        // A copy of the exact length: what a growing vector leaves over would stay allocated, and there
        // may be a million records.
        Box::from(&*postcard::to_stdvec(self).expect("a record of ours serialises"))
    }
}

/// Whether the record in `bytes` is [`Record::Unread`], without decoding it.
pub fn is_unread(bytes: &[u8]) -> bool {
    // Postcard begins an enum with the number of its variant.
    bytes.first() == Some(&6)
}

/// The latest moment in [`Record::Comments`], without decoding the comments.
pub fn latest_of_comments(bytes: &[u8]) -> Option<Timestamp> {
    postcard::take_from_bytes::<(u8, Option<Timestamp>)>(bytes).ok().and_then(|((_, latest), _)| latest)
}

/// The record in `bytes`, which `Record::encode` made.
pub fn decode(bytes: &[u8]) -> Record<'_> {
    postcard::from_bytes(bytes).expect("encoded by this program, and the log's checksum is right")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unread_text_is_told_by_its_first_byte() {
        assert!(is_unread(&Record::Unread(Vec::new()).encode()));
        assert!(!is_unread(&Record::File(None).encode()));
    }

    #[test]
    fn the_latest_moment_of_comments_is_told_without_them() {
        for latest in [None, Some(Timestamp(-5)), Some(Timestamp(1_795_392_000))] {
            assert_eq!(latest_of_comments(&Record::Comments(latest, Vec::new()).encode()), latest);
        }
    }

    #[test]
    fn a_record_comes_back_from_its_bytes_and_borrows() {
        let entry = Entry {
            core: TeaserCore {
                title: Text::from("Häuser".to_owned()),
                date: Some(Timestamp(-5)),
                ..TeaserCore::default()
            },
            tags: vec![Text::from("a".to_owned())],
            ..Entry::default()
        };
        let record = Record::Entry(Box::new(entry));
        let bytes = record.encode();
        let back = decode(&bytes);
        assert_eq!(back, record);
        let Record::Entry(entry) = back else { panic!("an entry") };
        assert!(matches!(entry.core.title.0, Cow::Borrowed(_)));
    }
}
