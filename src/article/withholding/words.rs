//! The words of withholding, as data.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::keys;
use super::super::slug::decomposed;

/// How a key withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `true` withholds.
    Hides,
    /// `false` withholds, and so does a date until it comes.
    Shows,
    /// A date withholds until it comes; `true` withholds.
    Until,
    /// A date withholds from then on; `true` withholds.
    From,
    /// A word such as `draft` withholds.
    Status,
    /// Everything withholds but nothing and `false`.
    Secret,
    /// Hugo's `build`: a map whose `render` or `list` may be `never`.
    Build,
    /// A word such as `draft` withholds, a date until it comes, and the given one of `true` and `false`. Everything
    /// else means something else.
    Perhaps(Option<bool>),
    /// A date withholds from then on; `true` withholds. Everything else means something else.
    Gone,
    /// `true` may mean that it is withheld, or that it is listed elsewhere: an error.
    Unclear,
}

/// The words, folded. `date` stands elsewhere, since it says more than when something is withheld.
pub(super) const WORDS: &[(&str, How)] = &[
    ("draft", How::Hides),
    ("draftmode", How::Hides),
    ("drafts", How::Hides),
    ("private", How::Hides),
    ("hidden", How::Hides),
    ("hide", How::Perhaps(Some(true))),
    ("hold", How::Perhaps(Some(true))),
    ("spiked", How::Gone),
    ("wip", How::Perhaps(Some(true))),
    ("onhold", How::Perhaps(Some(true))),
    ("held", How::Perhaps(Some(true))),
    ("kill", How::Gone),
    ("offrecord", How::Perhaps(Some(true))),
    ("offtherecord", How::Perhaps(Some(true))),
    ("internalonly", How::Perhaps(Some(true))),
    ("workinprogress", How::Perhaps(Some(true))),
    ("delisted", How::Perhaps(Some(true))),
    ("ignored", How::Perhaps(Some(true))),
    ("pending", How::Perhaps(Some(true))),
    ("rejected", How::Perhaps(Some(true))),
    ("unapproved", How::Perhaps(Some(true))),
    ("secret", How::Perhaps(Some(true))),
    ("offline", How::Perhaps(Some(true))),
    ("invisible", How::Perhaps(Some(true))),
    ("emailonly", How::Perhaps(Some(true))),
    ("trash", How::Gone),
    ("pulled", How::Gone),
    ("killed", How::Gone),
    ("spike", How::Gone),
    ("removed", How::Gone),
    ("disabled", How::Perhaps(Some(true))),
    ("archived", How::Gone),
    ("deleted", How::Gone),
    ("intrash", How::Gone),
    ("isarchived", How::Gone),
    ("isdeleted", How::Gone),
    ("trashed", How::Gone),
    ("donotpublish", How::Hides),
    ("dontpublish", How::Hides),
    ("nopublish", How::Hides),
    ("nonpublic", How::Hides),
    ("unreleased", How::Perhaps(Some(true))),
    ("recalled", How::Unclear),
    ("retraction", How::Unclear),
    ("legal", How::Perhaps(None)),
    ("pubstart", How::Shows),
    ("pubend", How::From),
    ("eleventyexcludefromcollections", How::Hides),
    ("excludefromcollections", How::Hides),
    ("unlisted", How::Hides),
    ("unpublished", How::Hides),
    ("unpublish", How::From),
    ("withheld", How::Hides),
    ("withdrawn", How::From),
    ("headless", How::Hides),
    ("confidential", How::Hides),
    ("published", How::Shows),
    ("publish", How::Shows),
    ("public", How::Shows),
    ("visible", How::Shows),
    ("available", How::Perhaps(Some(false))),
    ("listed", How::Perhaps(Some(false))),
    ("live", How::Perhaps(Some(false))),
    ("approved", How::Perhaps(Some(false))),
    ("approval", How::Perhaps(Some(false))),
    ("moderation", How::Perhaps(None)),
    ("review", How::Perhaps(None)),
    ("ready", How::Perhaps(Some(false))),
    ("active", How::Perhaps(Some(false))),
    ("enabled", How::Perhaps(Some(false))),
    ("online", How::Perhaps(Some(false))),
    ("render", How::Perhaps(Some(false))),
    ("routable", How::Perhaps(Some(false))),
    ("discoverable", How::Perhaps(Some(false))),
    ("makediscoverable", How::Perhaps(Some(false))),
    ("dgpublish", How::Shows),
    ("archive", How::Unclear),
    ("internal", How::Unclear),
    ("retracted", How::Unclear),
    ("embargo", How::Until),
    ("underembargo", How::Until),
    ("embargoed", How::Until),
    ("embargodate", How::Until),
    ("scheduled", How::Until),
    ("scheduledfor", How::Until),
    ("scheduledat", How::Until),
    ("publishdate", How::Shows),
    ("publisheddate", How::Shows),
    ("publishedat", How::Shows),
    ("publishedon", How::Shows),
    ("publishat", How::Shows),
    ("publishon", How::Shows),
    ("publishup", How::Shows),
    ("publicationdate", How::Shows),
    ("pubdate", How::Shows),
    ("pubdatetime", How::Shows),
    ("pubtime", How::Shows),
    ("datepublished", How::Shows),
    ("publishtime", How::Shows),
    ("publishedtime", How::Shows),
    ("publishingdate", How::Shows),
    ("embargountildate", How::Until),
    ("embargoends", How::Until),
    ("releasedate", How::Shows),
    ("notbefore", How::Shows),
    ("golive", How::Shows),
    ("goliveat", How::Shows),
    ("golivedate", How::Shows),
    ("goliveon", How::Shows),
    ("expires", How::From),
    ("expire", How::From),
    ("expired", How::From),
    ("expiry", How::From),
    ("expirydate", How::From),
    ("expiration", How::From),
    ("expirationdate", How::From),
    ("expiresat", How::From),
    ("expireson", How::From),
    ("publishdown", How::From),
    ("offtime", How::Gone),
    ("unpublishdate", How::From),
    ("unpublishat", How::From),
    ("unpublishon", How::From),
    ("notafter", How::From),
    ("expiresin", How::From),
    ("deletedat", How::From),
    ("trashedat", How::From),
    ("removedat", How::From),
    ("archivedat", How::From),
    ("takedown", How::From),
    ("status", How::Status),
    ("poststatus", How::Status),
    ("visibility", How::Status),
    ("pubstatus", How::Status),
    ("publishstatus", How::Status),
    ("publishedstatus", How::Status),
    ("publicationstatus", How::Status),
    ("publishstate", How::Status),
    ("state", How::Perhaps(None)),
    ("stage", How::Perhaps(None)),
    ("flags", How::Perhaps(None)),
    ("security", How::Perhaps(None)),
    ("firstpublishedat", How::Shows),
    ("firstpublicationdate", How::Perhaps(None)),
    ("publishedversion", How::Perhaps(None)),
    ("phase", How::Perhaps(None)),
    ("workflow", How::Perhaps(None)),
    ("workflowstate", How::Perhaps(None)),
    ("postdate", How::Perhaps(None)),
    ("postdategmt", How::Perhaps(None)),
    ("ontime", How::Perhaps(None)),
    ("release", How::Perhaps(Some(false))),
    ("released", How::Perhaps(Some(false))),
    ("releaseon", How::Perhaps(None)),
    ("releaseat", How::Perhaps(None)),
    ("releasedat", How::Perhaps(None)),
    ("password", How::Secret),
    ("postpassword", How::Secret),
    ("build", How::Build),
    // Other languages.
    ("entwurf", How::Perhaps(Some(true))),
    ("brouillon", How::Perhaps(Some(true))),
    ("ebauche", How::Perhaps(Some(true))),
    ("borrador", How::Perhaps(Some(true))),
    ("bozza", How::Perhaps(Some(true))),
    ("rascunho", How::Perhaps(Some(true))),
    ("utkast", How::Perhaps(Some(true))),
    ("kladde", How::Perhaps(Some(true))),
    ("luonnos", How::Perhaps(Some(true))),
    ("szkic", How::Perhaps(Some(true))),
    ("koncept", How::Perhaps(Some(true))),
    ("taslak", How::Perhaps(Some(true))),
    ("черновик", How::Perhaps(Some(true))),
    ("чернетка", How::Perhaps(Some(true))),
    ("下書き", How::Perhaps(Some(true))),
    ("草稿", How::Perhaps(Some(true))),
    ("초안", How::Perhaps(Some(true))),
    ("مسودة", How::Perhaps(Some(true))),
    ("טיוטה", How::Perhaps(Some(true))),
    ("unveröffentlicht", How::Perhaps(Some(true))),
    ("unveroeffentlicht", How::Perhaps(Some(true))),
    ("gesperrt", How::Perhaps(Some(true))),
    ("sperrvermerk", How::Perhaps(Some(true))),
    ("privat", How::Perhaps(Some(true))),
    ("prive", How::Perhaps(Some(true))),
    ("privado", How::Perhaps(Some(true))),
    ("privato", How::Perhaps(Some(true))),
    ("versteckt", How::Perhaps(Some(true))),
    ("geheim", How::Perhaps(Some(true))),
    ("oculto", How::Perhaps(Some(true))),
    ("nascosto", How::Perhaps(Some(true))),
    ("confidentiel", How::Perhaps(Some(true))),
    ("confidencial", How::Perhaps(Some(true))),
    ("sperrfrist", How::Until),
    ("gesperrtbis", How::Until),
    ("embargobis", How::Until),
    ("veröffentlichungsdatum", How::Shows),
    ("veroeffentlichungsdatum", How::Shows),
    ("veröffentlichtam", How::Shows),
    ("veroeffentlichtam", How::Shows),
    ("publiele", How::Shows),
    ("datedepublication", How::Shows),
    ("fechapublicacion", How::Shows),
    ("fechadepublicacion", How::Shows),
    ("datapubblicazione", How::Shows),
    ("datadipubblicazione", How::Shows),
    ("datapublicacao", How::Shows),
    ("datadepublicacao", How::Shows),
    ("publicatiedatum", How::Shows),
    ("freigegeben", How::Perhaps(Some(false))),
    ("veröffentlicht", How::Perhaps(Some(false))),
    ("veroeffentlicht", How::Perhaps(Some(false))),
    ("veröffentlichen", How::Perhaps(Some(false))),
    ("veroeffentlichen", How::Perhaps(Some(false))),
    ("publie", How::Perhaps(Some(false))),
    ("publicado", How::Perhaps(Some(false))),
    ("pubblicato", How::Perhaps(Some(false))),
    ("gepubliceerd", How::Perhaps(Some(false))),
    ("opublikowany", How::Perhaps(Some(false))),
    ("опубликовано", How::Perhaps(Some(false))),
    ("公開", How::Perhaps(Some(false))),
    ("estado", How::Perhaps(None)),
    ("etat", How::Perhaps(None)),
    ("stato", How::Perhaps(None)),
    ("statut", How::Perhaps(None)),
    ("zustand", How::Perhaps(None)),
];

/// Keys of a newsroom behind which any words may be the reason why something is withheld: `hold: legal`.
pub(super) const NEWSROOM: [&str; 10] =
    ["hold", "kill", "killed", "onhold", "pulled", "spike", "spiked", "trash", "trashed", "wip"];

/// Keys whose day may be that of a work or of a product, and whose no may be of a broadcast.
pub(super) const OF_WORKS: [&str; 8] =
    ["available", "held", "live", "release", "releaseat", "releasedat", "releasedate", "releaseon"];

/// What may have a state of its own: a match is scheduled, a bill is a draft.
pub(super) const SUBJECTS: &str = "alert,bill,case,contract,court,deal,election,event,fixture,flight,game,job,law,match,\
     order,patent,payment,player,poll,product,project,race,road,shipping,strike,traffic,train,trial,vote";

/// Keys whose words may say what an article waits for: `stage: with lawyers`.
pub(super) const WAITING: [&str; 8] =
    ["approval", "legal", "moderation", "phase", "stage", "state", "workflow", "workflowstate"];

/// Who sees what everybody sees.
pub(super) const EVERYBODY: [&str; 6] = ["all", "anyone", "everybody", "everyone", "public", "world"];

/// Words in which an approval or a review is not given yet.
pub(super) const AWAITED: [&str; 16] = [
    "awaiting",
    "draft",
    "held",
    "hold",
    "inprogress",
    "inreview",
    "missing",
    "needed",
    "notstarted",
    "onhold",
    "open",
    "pending",
    "rejected",
    "required",
    "submitted",
    "todo",
];

/// Values of a status that withhold.
pub(super) const HIDING: [&str; 69] = [
    "archived",
    "autodraft",
    "backlog",
    "borrador",
    "bozza",
    "brouillon",
    "confidential",
    "copyedit",
    "copyediting",
    "deleted",
    "donotpublish",
    "draft",
    "drafting",
    "drafts",
    "editing",
    "embargo",
    "embargoed",
    "entwurf",
    "expired",
    "future",
    "held",
    "hidden",
    "hide",
    "hold",
    "idea",
    "inprogress",
    "inreview",
    "internal",
    "killed",
    "never",
    "none",
    "notpublished",
    "notstarted",
    "offline",
    "onhold",
    "password",
    "pending",
    "pendingreview",
    "private",
    "proofreading",
    "protected",
    "queued",
    "rascunho",
    "recalled",
    "rejected",
    "removed",
    "review",
    "scheduled",
    "secret",
    "spam",
    "spiked",
    "submitted",
    "todo",
    "trash",
    "trashed",
    "unapproved",
    "unlisted",
    "unpublish",
    "unpublished",
    "unreleased",
    "utkast",
    "wip",
    "withdrawn",
    "withheld",
    "withhold",
    "workinprogress",
    "writing",
    "下書き",
    "草稿",
];

/// Values of a status that show.
pub(super) const SHOWING: [&str; 17] = [
    "publish",
    "published",
    "public",
    "live",
    "final",
    "updated",
    "usable",
    "publié",
    "publie",
    "veröffentlicht",
    "veroeffentlicht",
    "publicado",
    "publicada",
    "pubblicato",
    "gepubliceerd",
    "publicerad",
    "opublikowane",
];

/// Values of Ghost's visibility, and their like, that show an article to those who pay.
pub(super) const PAID: [&str; 15] = [
    "founding",
    "member",
    "members",
    "membersonly",
    "onlyfree",
    "onlypaid",
    "paid",
    "paidmembers",
    "paidmembersonly",
    "paidonly",
    "premium",
    "subscriber",
    "subscribers",
    "subscribersonly",
    "tiers",
];

/// Keys by which other programs show an article only to those who pay, or who have an account.
pub(super) const SOLD: &str = "accessibleforfree,audience,loginrequired,memberonly,membersonly,paid,paidonly,paywall,paywalled,\
     premium,subscriberonly,subscribersonly,subscription,subscriptionrequired,tier,tiers";

/// Tags by which Nikola withholds an article.
pub(super) const TAGS: [&str; 2] = ["draft", "private"];

/// Keys that are one edit away from a word and mean something else.
pub(super) const FREE: [&str; 27] = [
    "archivedate",
    "bold",
    "craft",
    "crafts",
    "data",
    "dated",
    "dates",
    "enable",
    "fold",
    "gold",
    "graft",
    "guide",
    "list",
    "lists",
    "publishedin",
    "rate",
    "reader",
    "schedule",
    "sender",
    "side",
    "stats",
    "statue",
    "tide",
    "tip",
    "vip",
    "wide",
    "zip",
];

/// Words that speak of withholding in a key of several words.
pub(super) const STRONG: [&str; 42] = [
    "confidential",
    "discoverable",
    "draft",
    "drafts",
    "embargo",
    "embargoed",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiry",
    "hidden",
    "hide",
    "invisible",
    "listed",
    "nopublish",
    "offline",
    "private",
    "public",
    "publication",
    "publish",
    "published",
    "publishing",
    "retract",
    "retracted",
    "schedule",
    "scheduled",
    "secret",
    "spiked",
    "takedown",
    "trashed",
    "unlisted",
    "unpublish",
    "unpublished",
    "visibility",
    "visible",
    "wip",
    "withdraw",
    "withdrawn",
    "withheld",
    "withhold",
    "withholding",
];

/// Words that may stand beside these without another meaning.
pub(super) const BESIDE: [&str; 79] = [
    "active",
    "after",
    "article",
    "as",
    "at",
    "available",
    "be",
    "before",
    "begin",
    "begins",
    "content",
    "currently",
    "date",
    "datetime",
    "dg",
    "do",
    "doesnt",
    "dont",
    "down",
    "end",
    "ends",
    "entry",
    "ever",
    "first",
    "flag",
    "for",
    "from",
    "go",
    "goes",
    "going",
    "has",
    "have",
    "hold",
    "is",
    "it",
    "item",
    "keep",
    "last",
    "lift",
    "lifted",
    "lifts",
    "list",
    "lists",
    "live",
    "mode",
    "must",
    "never",
    "next",
    "no",
    "not",
    "now",
    "on",
    "only",
    "page",
    "planned",
    "post",
    "ready",
    "really",
    "should",
    "since",
    "start",
    "starts",
    "state",
    "status",
    "still",
    "stop",
    "stops",
    "story",
    "take",
    "this",
    "til",
    "till",
    "time",
    "to",
    "under",
    "until",
    "up",
    "will",
    "yet",
];

/// Maps in which other programs keep what courant has at the top, folded.
pub(super) const CONTAINERS: [&str; 76] = [
    "admin",
    "article",
    "astro",
    "attributes",
    "cms",
    "config",
    "contentful",
    "craft",
    "custom",
    "data",
    "dates",
    "decap",
    "directus",
    "docusaurus",
    "drupal",
    "editor",
    "editorial",
    "eleventy",
    "eleventycomputed",
    "eleventydata",
    "entry",
    "extra",
    "fields",
    "flags",
    "frontmatter",
    "gatsby",
    "ghost",
    "header",
    "headers",
    "hexo",
    "hugo",
    "jekyll",
    "joomla",
    "kirby",
    "meta",
    "metadata",
    "netlify",
    "netlifycms",
    "node",
    "nuxt",
    "obsidian",
    "options",
    "page",
    "params",
    "pelican",
    "planning",
    "post",
    "prismic",
    "properties",
    "props",
    "publication",
    "publish",
    "publishing",
    "sanity",
    "schedule",
    "schedules",
    "scheduling",
    "settings",
    "sitepress",
    "statamic",
    "storyblok",
    "strapi",
    "sys",
    "system",
    "taxonomies",
    "timing",
    "tina",
    "tinacms",
    "typo3",
    "variables",
    "vars",
    "wagtail",
    "wordpress",
    "workflow",
    "wp",
    "zola",
];

/// Those of them that say when something is published.
pub(super) const PUBLICATION: [&str; 7] =
    ["publication", "publish", "publishing", "schedule", "schedules", "scheduling", "timing"];

/// Words of a key that speaks of something else than this file on this site.
pub(super) const CHANNELS: [&str; 32] = [
    "amp",
    "app",
    "apple",
    "bluesky",
    "by",
    "comment",
    "comments",
    "count",
    "email",
    "facebook",
    "feed",
    "feeds",
    "google",
    "image",
    "instagram",
    "linkedin",
    "mastodon",
    "newsletter",
    "number",
    "paper",
    "podcast",
    "print",
    "push",
    "rss",
    "show",
    "social",
    "telegram",
    "threads",
    "twitter",
    "video",
    "youtube",
    "x",
];

/// Whether a word is in a list between commas.
pub(super) fn is_listed(word: &str, list: &str) -> bool {
    list.split(',').any(|one| one == word)
}

/// How a key, folded, withholds.
pub fn how(folded: &str) -> Option<How> {
    static BY_WORD: LazyLock<FxHashMap<&str, How>> = LazyLock::new(|| WORDS.iter().copied().collect());
    let said = |word: &str| BY_WORD.get(word).copied();
    let plain = || (!folded.is_ascii()).then(|| without_accents(folded));
    said(folded).or_else(|| said(folded.strip_prefix("is")?)).or_else(|| bound(folded)).or_else(|| said(&plain()?))
}

/// `publié` as `publie`.
fn without_accents(text: &str) -> String {
    decomposed(text).chars().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).collect()
}

/// How a key withholds that is made of a word and of a word for a moment: `valid_till`, `online_from`.
fn bound(folded: &str) -> Option<How> {
    const SHOWN: [&str; 6] = ["available", "online", "publish", "published", "valid", "visible"];
    const HIDDEN: [&str; 6] = ["embargo", "embargoed", "held", "offline", "private", "withheld"];
    let rest = |endings: &[&str]| endings.iter().find_map(|ending| folded.strip_suffix(ending));
    let of = |rest: &str, until, from| match () {
        () if SHOWN.contains(&rest) => Some(until),
        () if HIDDEN.contains(&rest) => Some(from),
        () => None,
    };
    let until = rest(&["until", "till", "til", "upto", "through"]);
    let from = || rest(&["from", "after", "since"]);
    // `publish_to: [web, print]` names no moment.
    let to = || of(rest(&["to"])?, How::Gone, How::Until);
    until.and_then(|rest| of(rest, How::From, How::Until)).or_else(|| of(from()?, How::Shows, How::From)).or_else(to)
}

/// What a key says in a map that says when something is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// From when on it is shown: `start`, `begins_at`, `day`.
    Start,
    /// Until when: `end_date`, `stop`.
    End,
    /// Until when it is withheld, whatever the key in the map: `press_embargo: { until: … }`.
    Lift,
}

impl Bound {
    pub(super) fn of(folded: &str) -> Option<Self> {
        let word = stem(folded);
        match word.strip_suffix('s').unwrap_or(word) {
            _ if matches!(word, "until" | "till" | "til" | "to" | "through") => Some(Self::End),
            "end" | "stop" | "finish" | "finishe" | "close" => Some(Self::End),
            "remove" | "removal" | "off" | "down" | "takedown" => Some(Self::End),
            "up" | "web" | "launch" | "launche" | "open" => Some(Self::Start),
            "" | "from" | "when" | "start" | "begin" | "after" | "time" | "since" | "live" | "golive" | "goeslive" => {
                Some(Self::Start)
            }
            _ => None,
        }
    }
}

/// A key without what says that it is a day: `embargo` of `embargo_date`, nothing of `date`.
pub(super) fn stem(folded: &str) -> &str {
    const DAYS: [&str; 5] = ["datetime", "date", "day", "at", "on"];
    DAYS.iter().find_map(|day| folded.strip_suffix(day)).unwrap_or(folded)
}

/// Words at the end of a key that make a moment of it.
pub(super) const MOMENTS: [&str; 24] = [
    "after", "at", "before", "begin", "begins", "date", "datetime", "day", "end", "ends", "from", "hour", "lift",
    "lifts", "on", "since", "start", "starts", "stop", "til", "till", "time", "ts", "until",
];

/// Words that, with a word of [`TIMES`], say when something is shown or is no longer: `show_from`, `removeAfter`.
pub(super) const TIMED: [&str; 26] = [
    "activate",
    "active",
    "archive",
    "archived",
    "deactivate",
    "delete",
    "deleted",
    "display",
    "down",
    "hold",
    "kill",
    "killed",
    "live",
    "planned",
    "pub",
    "pull",
    "pulled",
    "removal",
    "remove",
    "removed",
    "run",
    "show",
    "shown",
    "sunset",
    "takedown",
    "trash",
];

/// Words that make of a word of [`TIMED`] a moment.
pub(super) const TIMES: [&str; 12] =
    ["after", "at", "before", "for", "from", "go", "goes", "going", "on", "til", "till", "until"];

/// Words of a key whose date ends the time in which something is shown.
pub(super) const ENDS: [&str; 29] = [
    "archive",
    "archived",
    "deactivate",
    "delete",
    "deleted",
    "down",
    "endtime",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiry",
    "kill",
    "killed",
    "pull",
    "pulled",
    "removal",
    "remove",
    "removed",
    "retract",
    "retracted",
    "spiked",
    "sunset",
    "takedown",
    "trash",
    "unpublish",
    "unpublished",
    "withdraw",
    "withdrawn",
];

/// Words of a key that speaks of the time in which something is withheld.
pub(super) const HIDES: [&str; 16] = [
    "confidential",
    "draft",
    "drafts",
    "embargo",
    "embargoed",
    "hidden",
    "hide",
    "hold",
    "invisible",
    "offline",
    "private",
    "secret",
    "unlisted",
    "wip",
    "withheld",
    "withhold",
];

/// A value, folded, without what decorates it: `1 - Draft` and `[draft]` are `draft`.
pub(super) fn bare(text: &str) -> String {
    keys::fold(text.trim()).trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

/// Whether words say what something waits for: `needs edit`, `with lawyers`. Pending Oreille is a place.
pub(in crate::article) fn is_waiting(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_lowercase();
    let is_word = |word: &str| first != "pending" || word.starts_with(char::is_lowercase) || word == "Approval";
    ["await", "awaiting", "need", "needs", "pending", "waiting", "with"].contains(&&*first)
        && words.next().is_some_and(is_word)
}

/// Whether a value of a status withholds.
pub(in crate::article) fn is_hiding(text: &str) -> bool {
    let said = bare(text);
    HIDING.contains(&&*said)
        || said.ends_with("review")
        || said.chars().all(char::is_alphanumeric)
            && ["draft", "embargo", "unpublish"].iter().any(|word| said.starts_with(word))
}

/// Whether a word is one of those that withhold as a state.
pub(in crate::article) fn is_word_that_hides(word: &str) -> bool {
    HIDING.contains(&&*bare(word))
}

/// What the state may be of, in a key such as `articleStatus` or `moderation_state`.
pub(super) const STATED: [&str; 13] = [
    "approval",
    "cms",
    "document",
    "edit",
    "editorial",
    "editor",
    "moderation",
    "node",
    "release",
    "review",
    "version",
    "workflow",
    "wp",
];

/// Whether a word speaks of publication or of its opposite wherever it stands.
pub(super) fn is_plain(word: &str) -> bool {
    ["draft", "embargo", "publish"].iter().any(|plain| word.contains(plain))
}
