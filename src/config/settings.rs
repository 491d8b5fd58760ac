//! The keys of `site.yaml`, each documented; the table in docs/configuration.md is made from these comments.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ads::{self, AdSlots};
use super::cards::{Cards, CardsOr};
use super::code::{Analytics, Code};
use super::deploy::Deploy;
use super::embeds::Embeds;
use super::headers::{Headers, Host};
use super::images::Images;
use super::languages::{LANGUAGE_CURE, Languages, is_language};
use super::menus::{self, Footer, InText, MenuItem, Menus};
use super::newsletter::{self, Newsletter, Share};
use super::rights::{Rights, Robots};
use crate::config::checks::Checks;
use crate::source_name;

/// The keys of `site.yaml`. All are optional.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The name of the site.
    pub title: String,
    /// One sentence about the site, for feeds and search engines.
    pub description: String,
    /// The address of the front page, with scheme and host; a path is allowed.
    pub base_url: Option<String>,
    /// The language of the site, a BCP 47 tag such as `en` or `de-AT`.
    pub language: String,
    /// All languages of the site, its own among them: title, menu and address prefix of each, by tag.
    pub languages: Languages,
    /// An IANA time zone name; dates without an offset are read in it.
    pub timezone: String,
    /// The theme: a folder of `themes/`, or an embedded one.
    pub theme: String,
    /// Settings of the theme; they override those of its `theme.yaml`.
    pub theme_settings: serde_json::Map<String, serde_json::Value>,
    /// The output folder, relative to the site's folder.
    pub output: String,
    /// The address of an article: a pattern with `{section} {slug} {yyyy} {mm} {dd}`.
    pub permalink: String,
    /// Articles on a page of a listing.
    pub page_size: usize,
    /// How titles and names become addresses.
    pub slugs: Slugs,
    /// The section into which `courant new` puts an article; that of the newest article when not given.
    pub default_section: Option<String>,
    /// The entries of the navigation; the sections when it is empty.
    pub menu: Vec<MenuItem>,
    /// The menus of the bar and of the foot of each page.
    pub menus: Menus,
    /// The paper's pages elsewhere, by their addresses; the foot of each page shows them as icons.
    pub social: Vec<String>,
    /// What stands at the foot of each page.
    pub footer: Footer,
    /// The box with which readers subscribe to the newsletter: below articles and on the front page.
    pub newsletter: Newsletter,
    /// The ways to pass an article on that stand below it, as links without scripts.
    pub share: Vec<Share>,
    /// The taxonomies that have listings.
    pub taxonomies: Vec<Taxonomy>,
    /// Whether there are calendar archives (`/2026/`, `/2026/11/`, `/archive/`).
    pub archives: bool,
    /// How shared fragments reach the pages.
    pub fragments: Fragments,
    /// Which feeds there are, and what is in them.
    pub feeds: Feeds,
    /// Files and folders (with a slash at the end) in the output folder that courant leaves alone.
    pub keep: Vec<String>,
    /// What relates articles to one another, and how much.
    pub related: Related,
    /// How Markdown is read.
    pub markdown: Markdown,
    /// Which addresses, alone in a paragraph, become cards with a player.
    pub embeds: Embeds,
    /// The hosts for which there are files that tell them how to serve the site.
    pub hosting: Vec<Host>,
    /// Headers with which the site is to be served.
    pub headers: Headers,
    /// Whether pages are written without the white space between their elements.
    pub minify_html: bool,
    /// Whether files of text get compressed copies (`.gz`, `.br`) beside them, and how small.
    pub precompress: Precompress,
    /// Pieces of HTML of the owner's own for every page, files of `includes/`.
    pub code: Code,
    /// The places for house advertisements in articles, by their names. What stands there, the files in `includes/ads/`
    /// say.
    pub ad_slots: AdSlots,
    /// The services that count readers; each page has their scripts, and the security policy lets them in.
    pub analytics: Analytics,
    /// Who publishes the site.
    pub publisher: Option<Publisher>,
    /// Readers' comments.
    pub comments: Comments,
    /// What is made of photographs.
    pub images: Images,
    /// Social cards: `true` draws one for each of the newest 200 articles without a photograph, a number for that many,
    /// `all` for every one, `false` for none. Other pages use the card of their section or of the front page.
    #[schemars(with = "CardsOr")]
    pub cards: Cards,
    /// The search: `true`, `false`, or what it searches.
    #[serde(deserialize_with = "switch_or_settings")]
    #[schemars(with = "SwitchOr<Search>")]
    pub search: Search,
    /// What `courant check` looks for, and how bad it is.
    pub check: Checks,
    /// Which crawlers are to stay away.
    pub robots: Robots,
    /// What may be done with the texts. It goes into `robots.txt`, `license.xml` (RSL) and the head of each page (TDMRep).
    pub rights: Option<Rights>,
    /// Where `courant deploy` brings the site, by the names of the targets.
    pub deploy: Deploy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "News".into(),
            description: String::new(),
            base_url: None,
            language: "en".into(),
            languages: Languages::default(),
            timezone: "UTC".into(),
            theme: "broadsheet".into(),
            theme_settings: serde_json::Map::new(),
            output: "public".into(),
            permalink: "/{section}/{slug}/".into(),
            page_size: 10,
            slugs: Slugs::Transliterate,
            default_section: None,
            menu: Vec::new(),
            menus: Menus::default(),
            social: Vec::new(),
            footer: Footer::default(),
            newsletter: Newsletter::default(),
            share: Vec::new(),
            taxonomies: vec![Taxonomy::Tags, Taxonomy::Authors, Taxonomy::Series],
            archives: true,
            fragments: Fragments::default(),
            feeds: Feeds::default(),
            keep: vec!["CNAME".into(), ".well-known/".into()],
            related: Related::default(),
            markdown: Markdown::default(),
            embeds: Embeds::default(),
            hosting: Vec::new(),
            headers: Headers::default(),
            minify_html: false,
            precompress: Precompress::Off,
            code: Code::default(),
            ad_slots: AdSlots::new(),
            analytics: Analytics::default(),
            publisher: None,
            comments: Comments::default(),
            images: Images::default(),
            cards: Cards::default(),
            search: Search::default(),
            check: Checks::default(),
            robots: Robots::default(),
            rights: None,
            deploy: Deploy::default(),
        }
    }
}

/// A value that has the right type and no sense.
pub(super) struct Problem {
    pub(super) key: String,
    /// What is wrong within the value of the key, where it is not all of it.
    pub(super) part: Option<String>,
    pub(super) message: String,
    pub(super) hint: String,
}

impl Problem {
    pub(super) fn of(key: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { key: key.to_owned(), part: None, message: message.into(), hint: hint.into() }
    }

    /// With the entry that is wrong among those of the key.
    pub(super) fn about(self, part: &str) -> Self {
        Self { part: Some(part.to_owned()), ..self }
    }
}

/// Whether a link is relative to the page on which it stands.
pub(crate) fn is_relative(link: &str) -> bool {
    !link.starts_with(['/', '#', '?']) && !link.split(['/', '?', '#']).next().unwrap_or_default().contains(':')
}

impl Settings {
    /// Everything that becomes a link in pages, each with its key.
    fn links(&self) -> Vec<(&'static str, &str)> {
        fn walk<'a>(value: &'a serde_json::Value, all: &mut Vec<(&'static str, &'a str)>) {
            match value {
                // A text for readers has blanks.
                serde_json::Value::String(text) if !text.contains(' ') => all.push(("theme_settings", text)),
                serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, all)),
                serde_json::Value::Object(map) => map.values().for_each(|item| walk(item, all)),
                _ => {}
            }
        }
        let mut links: Vec<(&'static str, &str)> = Vec::new();
        let languages = || self.languages.0.iter().map(|(_, language)| language);
        let menus = languages().filter_map(|language| language.menu.as_ref()).flatten().chain(&self.menu);
        links.extend(menus.flat_map(MenuItem::urls).map(|url| ("menu", url)));
        let menus = languages().filter_map(|language| language.menus.as_ref()).chain([&self.menus]);
        links.extend(menus.flat_map(Menus::urls).map(|url| ("menus", url)));
        let forms = languages().filter_map(|language| language.newsletter.as_ref()).chain([&self.newsletter]);
        links.extend(forms.filter_map(|form| Some(("newsletter", form.action.as_deref()?))));
        links.extend(self.social.iter().map(|url| ("social", url.as_str())));
        let footers = languages().filter_map(|language| language.footer.as_ref()).chain([&self.footer]);
        links.extend(footers.filter_map(|footer| Some(("imprint", footer.imprint.as_deref()?))));
        if let Some(publisher) = &self.publisher {
            links.extend(publisher.links().map(|link| ("publisher", link)));
        }
        links.extend(self.comments.action.iter().map(|action| ("action", action.as_str())));
        self.theme_settings.values().for_each(|value| walk(value, &mut links));
        links
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |one| problems.push(one);
        self.problems_of_links(&mut tell);
        if !(1..=1000).contains(&self.page_size) {
            let message = format!("`page_size` is {}", self.page_size);
            tell(Problem::of("page_size", message, "use a number from 1 to 1000"));
        }
        self.problems_of_permalink(&mut tell);
        self.problems_of_names(&mut tell);
        self.feeds.problems(&mut tell);
        self.related.problems(&mut tell);
        self.embeds.problems(&mut tell);
        self.headers.problems(&mut tell);
        self.code.problems(&mut tell);
        menus::problems(self, &mut tell);
        newsletter::problems(self, &mut tell);
        self.analytics.problems(&mut tell);
        ads::problems(&self.ad_slots, &mut tell);
        if !is_language(&self.language) {
            let message = format!("`{}` is not the tag of a language", self.language);
            tell(Problem::of("language", message, LANGUAGE_CURE));
        }
        if let Some(action) = self.comments.action.as_deref().filter(|action| !newsletter::takes_forms(action)) {
            let message = format!("`comments.action` is `{action}`, which is not an address");
            let hint = "write the address to which the form of comments is sent, such as `/_courant/comments`";
            tell(Problem::of("comments", message, hint).about(action));
        }
        self.comments.fields.problems(&mut tell);
        self.images.problems(&mut tell);
        self.robots.problems(&mut tell);
        self.rights.iter().for_each(|rights| rights.problems(&mut tell));
        self.deploy.problems(&mut tell);
        problems
    }

    fn problems_of_links(&self, tell: &mut dyn FnMut(Problem)) {
        let languages = || self.languages.0.iter().map(|(_, language)| language);
        let footers = languages().filter_map(|language| language.footer.as_ref()).chain([&self.footer]);
        let forms = languages().filter_map(|language| language.newsletter.as_ref()).chain([&self.newsletter]);
        let forms = forms.filter_map(|one| Some(("newsletter", one.text.as_ref()?)));
        let texts = footers.map(|one| ("footer", &one.text)).chain(forms);
        let in_texts = texts.flat_map(|(key, text)| menus::shown_in(text).into_iter().map(move |shown| (key, shown)));
        let in_texts = in_texts.map(|(key, InText::Link(link) | InText::Image(link))| (key, Cow::from(link)));
        let links = self.links().into_iter().map(|(key, link)| (key, Cow::from(link)));
        for (key, link) in links.chain(in_texts).filter(|(_, link)| crate::site_path::is_script(link)) {
            let message = format!("the address `{link}` would run a script");
            let hint = "write a path of the site, or an address that begins with https://";
            tell(Problem::of(key, message, hint).about(&link));
        }
        for (key, link) in
            self.links().into_iter().filter(|(key, link)| matches!(*key, "menu" | "menus") && is_relative(link))
        {
            let path = link.trim_start_matches(['.', '/']);
            let plain = crate::text::unquoted(link);
            let hint = match path.strip_suffix(".md") {
                _ if plain != link => format!("remove the quotation marks, or write straight ones: `\"{plain}\"`"),
                Some(page) => format!("write the address of its page, such as `/{page}/`"),
                None => format!("begin with a slash: `/{path}`"),
            };
            let message = format!("`{link}` would lead elsewhere from each page that shows the menu");
            tell(Problem::of(key, message, hint).about(link));
        }
        if self.publisher.iter().filter_map(|publisher| publisher.logo.as_deref()).any(crate::site_path::is_embedded) {
            let message = "`logo` holds an image itself, where its address belongs";
            tell(Problem::of("logo", message, "save it as a file in `static/`, and write its path"));
        }
    }

    fn problems_of_permalink(&self, tell: &mut dyn FnMut(Problem)) {
        let pattern = &self.permalink;
        let mut problem = |message, hint| tell(Problem::of("permalink", message, hint));
        if !pattern.starts_with('/') || !pattern.contains("{slug}") {
            let hint = "begin with a slash and contain {slug}, as in `/{section}/{yyyy}/{slug}/`";
            problem(format!("`permalink` is `{pattern}`"), hint);
        }
        if crate::site_path::names_no_page(pattern) {
            let message = format!("`permalink` is `{pattern}`: the addresses of files, and articles become pages");
            problem(message, "write a slash or `.html` at its end");
        }
        for part in pattern.split('{').skip(1) {
            let name = part.split('}').next().unwrap_or_default();
            if !matches!(name, "section" | "slug" | "yyyy" | "mm" | "dd") {
                let hint = "the parts are {section}, {slug}, {yyyy}, {mm} and {dd}";
                problem(format!("`permalink` has no part {{{name}}}"), hint);
            }
        }
    }

    fn problems_of_names(&self, tell: &mut dyn FnMut(Problem)) {
        let output = self.output.trim_end_matches('/');
        if output.is_empty() || output.starts_with('/') || output.split('/').any(|part| matches!(part, ".." | "." | ""))
        {
            let hint = "name a folder inside the site, such as `public`; for one elsewhere use `--output`";
            tell(Problem::of("output", format!("`output` is `{}`", self.output), hint));
        }
        if self.theme.contains(['/', '\\']) || self.theme.starts_with('.') || self.theme.is_empty() {
            let message = format!("`theme` is `{}`", self.theme);
            tell(Problem::of("theme", message, "name a folder of `themes/`"));
        }
        let is_path = |kept: &str| {
            let path = kept.strip_suffix('/').unwrap_or(kept);
            !path.contains(['*', '\\']) && !path.split('/').any(|part| matches!(part, "" | "." | ".."))
        };
        for kept in self.keep.iter().filter(|kept| !is_path(kept)) {
            let message = format!("`keep` names `{kept}`, which is not a path in the output folder");
            let hint = "name a file (`CNAME`), or a folder with a slash at its end (`downloads/`)";
            tell(Problem::of("keep", message, hint).about(kept));
        }
        if let Some(name) = self.default_section.as_deref().filter(|name| !source_name::can_be_section(name)) {
            let message = format!("`{name}` cannot be a section");
            tell(Problem::of("default_section", message, "name a folder of `content/`"));
        }
    }
}

/// How titles and names become addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Slugs {
    /// In ASCII: `Größe` is `grosse`.
    Transliterate,
    /// Letters of every script are kept: `größe`.
    Keep,
}

/// A way to group articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Taxonomy {
    /// By subject.
    Tags,
    /// By who wrote them.
    Authors,
    /// By series.
    Series,
}

impl Taxonomy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tags, Self::Authors, Self::Series];

    /// The name in addresses, messages and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Authors => "authors",
            Self::Series => "series",
        }
    }

    /// The name of one listing of it.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Tags => "tag",
            Self::Authors => "author",
            Self::Series => "series",
        }
    }
}

/// How shared fragments reach the pages.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fragments {
    /// The Latest Posts box.
    pub latest: FragmentMode,
}

/// How one shared fragment reaches the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FragmentMode {
    /// It is part of each page; a change renders all pages that have it.
    #[default]
    Inline,
    /// The browser loads it; without JavaScript there is a link.
    Client,
    /// The web server puts it in (`<!--#include virtual="…" -->`).
    Ssi,
}

/// Which feeds there are, and what is in them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feeds {
    /// The formats of the feeds of all articles. All other feeds are RSS, or the first of these.
    pub formats: Vec<FeedFormat>,
    /// What has feeds.
    #[serde(rename = "for")]
    pub scopes: Vec<FeedScope>,
    /// Whole articles, or summaries.
    pub content: FeedContent,
    /// The newest so many articles.
    pub limit: usize,
}

impl Default for Feeds {
    fn default() -> Self {
        Self {
            formats: vec![FeedFormat::Rss, FeedFormat::Atom, FeedFormat::Json],
            scopes: vec![FeedScope::Site, FeedScope::Sections, FeedScope::Tags, FeedScope::Authors],
            content: FeedContent::Full,
            limit: 20,
        }
    }
}

impl Feeds {
    fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        if !(1..=1000).contains(&self.limit) {
            let message = format!("`feeds.limit` is {}", self.limit);
            tell(Problem::of("limit", message, "use a number from 1 to 1000"));
        }
    }
}

/// A feed format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FeedFormat {
    /// RSS 2.0, `feed.xml`.
    Rss,
    /// Atom (RFC 4287), `atom.xml`.
    Atom,
    /// JSON Feed 1.1, `feed.json`.
    Json,
}

impl FeedFormat {
    /// The name of the file in the folder of its listing.
    pub fn file(self) -> &'static str {
        match self {
            Self::Rss => "feed.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// The name for readers.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// What has feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FeedScope {
    /// The site as a whole.
    Site,
    /// Each section.
    Sections,
    /// Each tag.
    Tags,
    /// Each author.
    Authors,
    /// Each series.
    Series,
}

/// What a feed tells of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FeedContent {
    /// All of it.
    Full,
    /// Its summary.
    Summary,
}

/// What relates articles to one another, and how much. What few articles share counts more than what many
/// do; 0 leaves it out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Related {
    /// The weight of a shared series, from 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub series: f64,
    /// The weight of each shared tag, from 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub tags: f64,
    /// The weight of each shared author, from 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub authors: f64,
    /// The weight of each shared word of the headlines, from 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub words: f64,
    /// How much nearness in time counts, from 0 (not at all) to 1 (half the weight after three months).
    #[schemars(range(min = 0, max = 1))]
    pub freshness: f64,
}

impl Default for Related {
    fn default() -> Self {
        Self { series: 3.0, tags: 1.0, authors: 0.2, words: 0.5, freshness: 0.5 }
    }
}

impl Related {
    /// The weights by their keys.
    fn weights(&self) -> [(&'static str, f64); 4] {
        [("series", self.series), ("tags", self.tags), ("authors", self.authors), ("words", self.words)]
    }

    fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        for (name, weight) in self.weights() {
            if !(0.0..=100.0).contains(&weight) {
                let message = format!("`related.{name}` is {weight}");
                tell(Problem::of("related", message, "use a number from 0 (does not count) to 100"));
            }
        }
        if !(0.0..=1.0).contains(&self.freshness) {
            let message = format!("`related.freshness` is {}", self.freshness);
            let hint = "use a number from 0 (age does not count) to 1 (half after three months)";
            tell(Problem::of("related", message, hint));
        }
    }
}

/// How Markdown is read.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Markdown {
    /// Straight quotes become curly, `--` a dash, `...` an ellipsis.
    pub smart_punctuation: bool,
    /// HTML in Markdown is kept; when false it is shown as text.
    pub raw_html: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { smart_punctuation: false, raw_html: true }
    }
}

/// Whether files of text get compressed copies beside them, and how much time that may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Precompress {
    /// No copies.
    #[default]
    Off,
    /// About as small as web servers make them on the fly.
    Fast,
    /// Smaller, and slower to write.
    Balanced,
    /// As small as possible, and slowest to write.
    Best,
}

impl Precompress {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Off, Self::Fast, Self::Balanced, Self::Best];
}

/// Who publishes the site. The policies are paths of the site or addresses; their names are those of
/// `NewsMediaOrganization` at schema.org, and may also be written as there (`correctionsPolicy`).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// The name of the organisation.
    pub name: String,
    /// Its address; the front page when there is none.
    #[serde(default)]
    pub url: Option<String>,
    /// The path or address of its logo.
    #[serde(default)]
    pub logo: Option<String>,
    /// Its pages elsewhere.
    #[serde(default, alias = "sameAs")]
    pub same_as: Vec<String>,
    /// Where it says by which principles it works.
    #[serde(default, alias = "publishingPrinciples")]
    pub publishing_principles: Option<String>,
    /// Where it says how mistakes are corrected.
    #[serde(default, alias = "correctionsPolicy")]
    pub corrections_policy: Option<String>,
    /// Where it says what its ethics are.
    #[serde(default, alias = "ethicsPolicy")]
    pub ethics_policy: Option<String>,
    /// Where it says who works there.
    #[serde(default)]
    pub masthead: Option<String>,
    /// Where it says who owns and pays for it.
    #[serde(default, alias = "ownershipFundingInfo")]
    pub ownership_funding_info: Option<String>,
}

impl Publisher {
    /// Everything in it that is a link.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let own = [
            &self.url,
            &self.logo,
            &self.publishing_principles,
            &self.corrections_policy,
            &self.ethics_policy,
            &self.masthead,
            &self.ownership_funding_info,
        ];
        own.into_iter().flatten().chain(&self.same_as).map(String::as_str)
    }
}

/// Readers' comments.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Comments {
    /// The address the comment form is sent to; without one there is no form.
    pub action: Option<String>,
    /// The names under which the form sends its fields, for services that want others.
    pub fields: FieldNames,
    /// Further hidden fields that the service wants. `{permalink}`, `{path}`, `{slug}` and `{title}` in
    /// their values are those of the article.
    pub hidden: std::collections::BTreeMap<String, String>,
}

/// The search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Search {
    /// Whether there is one, if the theme has a page for it.
    pub enabled: bool,
    /// The year of the oldest articles that it finds; all when there is none.
    pub since: Option<i16>,
}

impl Default for Search {
    fn default() -> Self {
        Self { enabled: true, since: None }
    }
}

impl Switch for Search {
    fn switched(enabled: bool) -> Self {
        Self { enabled, ..Self::default() }
    }
}

/// Settings of something that can be switched on and off as a whole.
trait Switch: Default {
    /// The defaults, switched on or off.
    fn switched(enabled: bool) -> Self;
}

/// Such settings as they may be written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used: its errors would not name the key")]
enum SwitchOr<T> {
    Enabled(bool),
    Settings(T),
}

fn switch_or_settings<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Switch + Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    struct Visitor<T>(std::marker::PhantomData<T>);

    impl<'de, T: Switch + Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("true, false, or its keys")
        }

        fn visit_bool<E>(self, enabled: bool) -> Result<T, E> {
            Ok(T::switched(enabled))
        }

        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(serde::de::value::MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_any(Visitor(std::marker::PhantomData))
}

/// The names of the fields of the comment form.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FieldNames {
    /// The name of the field for the address of the article.
    pub article: String,
    /// The name of the field for the reader's name.
    pub name: String,
    /// The name of the field for the reader's e-mail address.
    pub email: String,
    /// The name of the field for the reader's own page.
    pub website: String,
    /// The name of the field for the comment.
    pub comment: String,
    /// The name of the field for the id of the comment that is answered.
    pub in_reply_to: String,
    /// The name of the hidden field that only robots fill.
    pub trap: String,
}

impl FieldNames {
    fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        let all = [
            ("article", &self.article),
            ("name", &self.name),
            ("email", &self.email),
            ("website", &self.website),
            ("comment", &self.comment),
            ("in_reply_to", &self.in_reply_to),
            ("trap", &self.trap),
        ];
        for (number, (field, name)) in all.iter().enumerate() {
            if let Some((other, _)) = all[..number].iter().find(|(_, other)| other == name) {
                let message =
                    format!("the fields `{other}` and `{field}` of the comment form are both called `{name}`");
                tell(Problem::of("comments", message, "give each field a name of its own").about(name));
            }
        }
    }
}

impl Default for FieldNames {
    fn default() -> Self {
        Self {
            article: "article".into(),
            name: "name".into(),
            email: "email".into(),
            website: "website".into(),
            comment: "comment".into(),
            in_reply_to: "in_reply_to".into(),
            trap: "subject".into(),
        }
    }
}
