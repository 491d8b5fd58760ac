//! Questions, all of them in one list: what a trace stores, what the answer depends on, and how a reason is worded.
//!
//! A question names things by what stays the same between builds (paths, slugs), never by their place in a list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::{LanguageId, Taxonomy};
use crate::plan::HostFile;
use crate::theme::code::Spot;

/// A source, by the hash of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u64);

impl SourceId {
    /// The id of the source `path`.
    pub fn of(path: &str) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(path.as_bytes()))
    }
}

/// Which articles a template asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selection {
    /// In this language.
    pub language: LanguageId,
    /// Of this section.
    pub section: Option<String>,
    /// Of the terms with these names or slugs.
    pub terms: Vec<(Taxonomy, String)>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Featured or not.
    pub featured: Option<bool>,
    /// So many.
    pub limit: u32,
    /// After so many.
    pub offset: u32,
}

/// What the answer to a question is made from, beside the configuration. As long as that is the same as a whole, nobody
/// needs to compute the answer in order to compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dependence {
    /// The index.
    Index,
    /// Of the index this article and older ones.
    Older(SourceId),
    /// The index, and files that are neither articles nor the theme's.
    Files,
    /// Which files are planned.
    Planned,
    /// Anything: a withheld target, the theme, the moment.
    Anything,
}

/// Who keeps the answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    /// Hardly any other page asks it, so it stands in the trace of the page.
    Page,
    /// Many pages ask it, so it is numbered, and answered once a build.
    Site,
}

/// Makes of the list of questions what is stored and what is known of each.
macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident$(($($field:ident: $type:ty),+))?: $dependence:expr, $asker:expr,
        $wording:literal$(, $value:expr)*;)+) => {
        /// A question about the rest of the site.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Question {
            $($(#[$doc])* $name$(($($type),+))?,)+
        }

        #[allow(unused_variables, reason = "hardly any question needs all of its fields")]
        impl Question {
            /// What the answer is made from.
            pub(crate) fn depends_on(&self) -> Dependence {
                match self {
                    $(Self::$name$(($($field),+))? => $dependence,)+
                }
            }

            fn asker(&self) -> Asker {
                match self {
                    $(Self::$name$(($($field),+))? => $asker,)+
                }
            }
        }

        #[allow(unused_variables, reason = "hardly any question shows all of its fields")]
        impl fmt::Display for Question {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name$(($($field),+))? => write!(f, $wording$(, $value)*),)+
                }
            }
        }
    };
}

use Asker::{Page, Site};
use Dependence::{Anything, Files, Index, Older, Planned};

questions! {
    /// Teasers chosen by a template.
    Articles(selection: Box<Selection>): Index, Site, "a selection of articles";
    /// The contents of a listing's page.
    Listing(path: Box<str>, number: u32): Index, Page, "{}the listing {path}", page_of(*number);
    /// The next newer and next older article.
    Neighbours(article: SourceId): Index, Page, "a neighbour";
    /// The parts of its series before and behind an article.
    SeriesNeighbours(article: SourceId): Index, Page, "a part of its series";
    /// Related articles, at most so many.
    Related(article: SourceId, limit: u32): Older(*article), Page, "a related article";
    /// Those that an editor related to it by hand.
    RelatedByHand(article: SourceId): Anything, Page, "an article that is related by hand";
    /// What is placed on the page of a listing, by its site path.
    Front(path: Box<str>): Anything, Page, "what is placed on {path}";
    /// All sections.
    Sections(language: LanguageId): Index, Site, "the list of sections";
    /// The navigation.
    Menu(language: LanguageId): Anything, Site, "the menu";
    /// The terms of a taxonomy with their counts, at most so many.
    Terms(language: LanguageId, taxonomy: Taxonomy, limit: u32): Index, Site, "the list of {}", taxonomy.name();
    /// The months of a year with their counts.
    Year(language: LanguageId, year: i16): Index, Page, "the months of {year}";
    /// The years and months with their counts.
    Archive(language: LanguageId): Index, Site, "the calendar";
    /// Where a content file is published: in this language, if there is one and it is published in it.
    Target(path: Box<str>, language: Option<LanguageId>): Anything, Page, "the address of {path}";
    /// The languages in which something is published: an article or page by its source, a listing by its site path
    /// without the prefix of the language.
    Versions(of: Box<str>): Index, Page, "the languages in which it is published";
    /// The address that a site path has in this language.
    Address(language: LanguageId, path: Box<str>): Anything, Site, "the address of {path}";
    /// Whether addresses, each by its key ([`address_key`](crate::index::address_key)), are those of
    /// withheld articles.
    Withheld(addresses: Box<[u64]>): Anything, Page, "whether a linked article is withheld";
    /// Whether files of the output folder, by [`file_id`](crate::fingerprint::file_id), are published.
    Published(files: Box<[u64]>): Planned, Site, "whether there is something at a linked address";
    /// The file, such as an image, that something means (second) in a source (first).
    File(named: Box<(String, String)>): Files, Page, "the file {}", named.1;
    /// An asset of the theme.
    Asset(path: Box<str>): Anything, Site, "the theme's {path}";
    /// A script of the theme that stands in the page.
    InlineScript(path: Box<str>): Anything, Site, "the theme's inline/{path}";
    /// The owner's HTML at a spot of every page.
    Code(spot: Spot): Anything, Site, "the HTML of `code.{}`", spot.name();
    /// A data file.
    Data(name: Box<str>): Files, Site, "data/{name}";
    /// The theme's texts.
    Texts(language: LanguageId): Anything, Site, "a text of the theme";
    /// The ids in the theme's templates.
    ReservedIds: Anything, Site, "an id in the theme's templates";
    /// A shared fragment.
    Fragment(language: LanguageId, name: Box<str>): Anything, Site, "the fragment {name}";
    /// A component used in Markdown.
    Component(name: Box<str>): Anything, Site, "the component {name}";
    /// The approved comments on an article.
    Comments(article: SourceId): Files, Page, "the comments";
    /// The rendered body of an article.
    Body(article: SourceId): Anything, Site, "the body of an article";
    /// The body of a file that is neither article nor page: a section's introduction, an author's profile.
    Profile(path: Box<str>): Files, Site, "{path}";
    /// The account in the Fediverse of the author with this slug.
    Account(language: LanguageId, author: Box<str>): Files, Site, "the account of {author} in the Fediverse";
    /// The author whom an update of live coverage names.
    Byline(language: LanguageId, name: Box<str>): Anything, Site, "the author {name} of an update";
    /// The articles of a listing's feed.
    Feed(path: Box<str>): Index, Site, "the feed of {path}";
    /// The newest so many corrections.
    Corrections(language: LanguageId, limit: u32): Index, Site, "the newest corrections";
    /// Whether there is a search.
    HasSearch: Anything, Site, "whether there is a search";
    /// What a reader can choose from on the search page.
    SearchFilters(language: LanguageId): Index, Site, "what a reader can choose from";
    /// The segments of the search and what they are made from.
    SearchCatalogue(language: LanguageId): Anything, Site, "what can be searched";
    /// The sources of the articles of a segment of the search.
    Segment(language: LanguageId, name: Box<str>): Anything, Site, "an article in the segment {name} of the search";
    /// The addresses of a sitemap.
    Sitemap(number: u32): Index, Page, "the list of addresses";
    /// The articles of a news sitemap.
    NewsSitemap(number: u32): Anything, Site, "the news of the last two days";
    /// The text of a file for hosts.
    HostFile(file: HostFile): Anything, Page, "what {} says", file.name();
    /// Whether there are social cards, and what they are drawn with.
    Card: Anything, Site, "how social cards are drawn";
    /// The social card of a listing, by its site path.
    ListingCard(path: Box<str>): Anything, Site, "the social card of {path}";
    /// The bytes of a file that a social card shows.
    Bytes(path: Box<str>): Anything, Site, "the file {path}";
    /// The fonts of the machine.
    MachineFonts: Anything, Site, "a font of this machine";
    /// The article whose page is a file of the output folder, by [`file_id`](crate::fingerprint::file_id).
    ArticleAt(file: u64): Anything, Site, "which article is at a linked address";
}

impl Question {
    /// Whether the answer stands in the trace of the page that asks.
    pub(crate) fn is_own(&self) -> bool {
        self.asker() == Page
    }
}

/// What stands before the name of a listing.
fn page_of(number: u32) -> String {
    if number == 0 { String::new() } else { format!("page {number} of ") }
}
