//! The words of withholding, as data.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::keys;
use super::super::slug::decomposed;

/// How a key withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithholdingKind {
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
pub(super) const WORDS: &[(&str, WithholdingKind)] = &[
    ("draft", WithholdingKind::Hides),
    ("draftmode", WithholdingKind::Hides),
    ("drafts", WithholdingKind::Hides),
    ("private", WithholdingKind::Hides),
    ("hidden", WithholdingKind::Hides),
    ("hide", WithholdingKind::Perhaps(Some(true))),
    ("hold", WithholdingKind::Perhaps(Some(true))),
    ("spiked", WithholdingKind::Gone),
    ("wip", WithholdingKind::Perhaps(Some(true))),
    ("onhold", WithholdingKind::Perhaps(Some(true))),
    ("held", WithholdingKind::Perhaps(Some(true))),
    ("kill", WithholdingKind::Gone),
    ("offrecord", WithholdingKind::Perhaps(Some(true))),
    ("offtherecord", WithholdingKind::Perhaps(Some(true))),
    ("internalonly", WithholdingKind::Perhaps(Some(true))),
    ("workinprogress", WithholdingKind::Perhaps(Some(true))),
    ("delisted", WithholdingKind::Perhaps(Some(true))),
    ("ignored", WithholdingKind::Perhaps(Some(true))),
    ("pending", WithholdingKind::Perhaps(Some(true))),
    ("rejected", WithholdingKind::Perhaps(Some(true))),
    ("unapproved", WithholdingKind::Perhaps(Some(true))),
    ("secret", WithholdingKind::Perhaps(Some(true))),
    ("offline", WithholdingKind::Perhaps(Some(true))),
    ("invisible", WithholdingKind::Perhaps(Some(true))),
    ("emailonly", WithholdingKind::Perhaps(Some(true))),
    ("trash", WithholdingKind::Gone),
    ("pulled", WithholdingKind::Gone),
    ("killed", WithholdingKind::Gone),
    ("spike", WithholdingKind::Gone),
    ("removed", WithholdingKind::Gone),
    ("disabled", WithholdingKind::Perhaps(Some(true))),
    ("archived", WithholdingKind::Gone),
    ("deleted", WithholdingKind::Gone),
    ("intrash", WithholdingKind::Gone),
    ("isarchived", WithholdingKind::Gone),
    ("isdeleted", WithholdingKind::Gone),
    ("trashed", WithholdingKind::Gone),
    ("donotpublish", WithholdingKind::Hides),
    ("dontpublish", WithholdingKind::Hides),
    ("nopublish", WithholdingKind::Hides),
    ("nonpublic", WithholdingKind::Hides),
    ("unreleased", WithholdingKind::Perhaps(Some(true))),
    ("recalled", WithholdingKind::Unclear),
    ("retraction", WithholdingKind::Unclear),
    ("legal", WithholdingKind::Perhaps(None)),
    ("pubstart", WithholdingKind::Shows),
    ("pubend", WithholdingKind::From),
    ("eleventyexcludefromcollections", WithholdingKind::Hides),
    ("excludefromcollections", WithholdingKind::Hides),
    ("unlisted", WithholdingKind::Hides),
    ("unpublished", WithholdingKind::Hides),
    ("unpublish", WithholdingKind::From),
    ("withheld", WithholdingKind::Hides),
    ("withdrawn", WithholdingKind::From),
    ("headless", WithholdingKind::Hides),
    ("confidential", WithholdingKind::Hides),
    ("published", WithholdingKind::Shows),
    ("publish", WithholdingKind::Shows),
    ("public", WithholdingKind::Shows),
    ("visible", WithholdingKind::Shows),
    ("available", WithholdingKind::Perhaps(Some(false))),
    ("listed", WithholdingKind::Perhaps(Some(false))),
    ("live", WithholdingKind::Perhaps(Some(false))),
    ("approved", WithholdingKind::Perhaps(Some(false))),
    ("approval", WithholdingKind::Perhaps(Some(false))),
    ("moderation", WithholdingKind::Perhaps(None)),
    ("review", WithholdingKind::Perhaps(None)),
    ("ready", WithholdingKind::Perhaps(Some(false))),
    ("active", WithholdingKind::Perhaps(Some(false))),
    ("enabled", WithholdingKind::Perhaps(Some(false))),
    ("online", WithholdingKind::Perhaps(Some(false))),
    ("render", WithholdingKind::Perhaps(Some(false))),
    ("routable", WithholdingKind::Perhaps(Some(false))),
    ("discoverable", WithholdingKind::Perhaps(Some(false))),
    ("makediscoverable", WithholdingKind::Perhaps(Some(false))),
    ("dgpublish", WithholdingKind::Shows),
    ("archive", WithholdingKind::Unclear),
    ("internal", WithholdingKind::Unclear),
    ("retracted", WithholdingKind::Unclear),
    ("embargo", WithholdingKind::Until),
    ("underembargo", WithholdingKind::Until),
    ("embargoed", WithholdingKind::Until),
    ("embargodate", WithholdingKind::Until),
    ("scheduled", WithholdingKind::Until),
    ("scheduledfor", WithholdingKind::Until),
    ("scheduledat", WithholdingKind::Until),
    ("publishdate", WithholdingKind::Shows),
    ("publisheddate", WithholdingKind::Shows),
    ("publishedat", WithholdingKind::Shows),
    ("publishedon", WithholdingKind::Shows),
    ("publishat", WithholdingKind::Shows),
    ("publishon", WithholdingKind::Shows),
    ("publishup", WithholdingKind::Shows),
    ("publicationdate", WithholdingKind::Shows),
    ("pubdate", WithholdingKind::Shows),
    ("pubdatetime", WithholdingKind::Shows),
    ("pubtime", WithholdingKind::Shows),
    ("datepublished", WithholdingKind::Shows),
    ("publishtime", WithholdingKind::Shows),
    ("publishedtime", WithholdingKind::Shows),
    ("publishingdate", WithholdingKind::Shows),
    ("embargountildate", WithholdingKind::Until),
    ("embargoends", WithholdingKind::Until),
    ("releasedate", WithholdingKind::Shows),
    ("notbefore", WithholdingKind::Shows),
    ("golive", WithholdingKind::Shows),
    ("goliveat", WithholdingKind::Shows),
    ("golivedate", WithholdingKind::Shows),
    ("goliveon", WithholdingKind::Shows),
    ("expires", WithholdingKind::From),
    ("expire", WithholdingKind::From),
    ("expired", WithholdingKind::From),
    ("expiry", WithholdingKind::From),
    ("expirydate", WithholdingKind::From),
    ("expiration", WithholdingKind::From),
    ("expirationdate", WithholdingKind::From),
    ("expiresat", WithholdingKind::From),
    ("expireson", WithholdingKind::From),
    ("publishdown", WithholdingKind::From),
    ("offtime", WithholdingKind::Gone),
    ("unpublishdate", WithholdingKind::From),
    ("unpublishat", WithholdingKind::From),
    ("unpublishon", WithholdingKind::From),
    ("notafter", WithholdingKind::From),
    ("expiresin", WithholdingKind::From),
    ("deletedat", WithholdingKind::From),
    ("trashedat", WithholdingKind::From),
    ("removedat", WithholdingKind::From),
    ("archivedat", WithholdingKind::From),
    ("takedown", WithholdingKind::From),
    ("status", WithholdingKind::Status),
    ("poststatus", WithholdingKind::Status),
    ("visibility", WithholdingKind::Status),
    ("pubstatus", WithholdingKind::Status),
    ("publishstatus", WithholdingKind::Status),
    ("publishedstatus", WithholdingKind::Status),
    ("publicationstatus", WithholdingKind::Status),
    ("publishstate", WithholdingKind::Status),
    ("state", WithholdingKind::Perhaps(None)),
    ("stage", WithholdingKind::Perhaps(None)),
    ("flags", WithholdingKind::Perhaps(None)),
    ("security", WithholdingKind::Perhaps(None)),
    ("firstpublishedat", WithholdingKind::Shows),
    ("firstpublicationdate", WithholdingKind::Perhaps(None)),
    ("publishedversion", WithholdingKind::Perhaps(None)),
    ("phase", WithholdingKind::Perhaps(None)),
    ("workflow", WithholdingKind::Perhaps(None)),
    ("workflowstate", WithholdingKind::Perhaps(None)),
    ("postdate", WithholdingKind::Perhaps(None)),
    ("postdategmt", WithholdingKind::Perhaps(None)),
    ("ontime", WithholdingKind::Perhaps(None)),
    ("release", WithholdingKind::Perhaps(Some(false))),
    ("released", WithholdingKind::Perhaps(Some(false))),
    ("releaseon", WithholdingKind::Perhaps(None)),
    ("releaseat", WithholdingKind::Perhaps(None)),
    ("releasedat", WithholdingKind::Perhaps(None)),
    ("password", WithholdingKind::Secret),
    ("postpassword", WithholdingKind::Secret),
    ("build", WithholdingKind::Build),
    // Other languages.
    ("entwurf", WithholdingKind::Perhaps(Some(true))),
    ("brouillon", WithholdingKind::Perhaps(Some(true))),
    ("ebauche", WithholdingKind::Perhaps(Some(true))),
    ("borrador", WithholdingKind::Perhaps(Some(true))),
    ("bozza", WithholdingKind::Perhaps(Some(true))),
    ("rascunho", WithholdingKind::Perhaps(Some(true))),
    ("utkast", WithholdingKind::Perhaps(Some(true))),
    ("kladde", WithholdingKind::Perhaps(Some(true))),
    ("luonnos", WithholdingKind::Perhaps(Some(true))),
    ("szkic", WithholdingKind::Perhaps(Some(true))),
    ("koncept", WithholdingKind::Perhaps(Some(true))),
    ("wersjarobocza", WithholdingKind::Perhaps(Some(true))),
    ("taslak", WithholdingKind::Perhaps(Some(true))),
    ("черновик", WithholdingKind::Perhaps(Some(true))),
    ("чернетка", WithholdingKind::Perhaps(Some(true))),
    ("下書き", WithholdingKind::Perhaps(Some(true))),
    ("草稿", WithholdingKind::Perhaps(Some(true))),
    ("초안", WithholdingKind::Perhaps(Some(true))),
    ("مسودة", WithholdingKind::Perhaps(Some(true))),
    ("טיוטה", WithholdingKind::Perhaps(Some(true))),
    ("unveröffentlicht", WithholdingKind::Perhaps(Some(true))),
    ("unveroeffentlicht", WithholdingKind::Perhaps(Some(true))),
    ("gesperrt", WithholdingKind::Perhaps(Some(true))),
    ("sperrvermerk", WithholdingKind::Perhaps(Some(true))),
    ("privat", WithholdingKind::Perhaps(Some(true))),
    ("prive", WithholdingKind::Perhaps(Some(true))),
    ("privado", WithholdingKind::Perhaps(Some(true))),
    ("privato", WithholdingKind::Perhaps(Some(true))),
    ("versteckt", WithholdingKind::Perhaps(Some(true))),
    ("geheim", WithholdingKind::Perhaps(Some(true))),
    ("oculto", WithholdingKind::Perhaps(Some(true))),
    ("nascosto", WithholdingKind::Perhaps(Some(true))),
    ("confidentiel", WithholdingKind::Perhaps(Some(true))),
    ("confidencial", WithholdingKind::Perhaps(Some(true))),
    ("sperrfrist", WithholdingKind::Until),
    ("gesperrtbis", WithholdingKind::Until),
    ("embargobis", WithholdingKind::Until),
    ("veröffentlichungsdatum", WithholdingKind::Shows),
    ("veroeffentlichungsdatum", WithholdingKind::Shows),
    ("veröffentlichtam", WithholdingKind::Shows),
    ("veroeffentlichtam", WithholdingKind::Shows),
    ("publiele", WithholdingKind::Shows),
    ("datedepublication", WithholdingKind::Shows),
    ("fechapublicacion", WithholdingKind::Shows),
    ("fechadepublicacion", WithholdingKind::Shows),
    ("datapubblicazione", WithholdingKind::Shows),
    ("datadipubblicazione", WithholdingKind::Shows),
    ("datapublicacao", WithholdingKind::Shows),
    ("datadepublicacao", WithholdingKind::Shows),
    ("publicatiedatum", WithholdingKind::Shows),
    ("freigegeben", WithholdingKind::Perhaps(Some(false))),
    ("veröffentlicht", WithholdingKind::Perhaps(Some(false))),
    ("veroeffentlicht", WithholdingKind::Perhaps(Some(false))),
    ("veröffentlichen", WithholdingKind::Perhaps(Some(false))),
    ("veroeffentlichen", WithholdingKind::Perhaps(Some(false))),
    ("publie", WithholdingKind::Perhaps(Some(false))),
    ("publicado", WithholdingKind::Perhaps(Some(false))),
    ("pubblicato", WithholdingKind::Perhaps(Some(false))),
    ("gepubliceerd", WithholdingKind::Perhaps(Some(false))),
    ("opublikowany", WithholdingKind::Perhaps(Some(false))),
    ("опубликовано", WithholdingKind::Perhaps(Some(false))),
    ("公開", WithholdingKind::Perhaps(Some(false))),
    ("estado", WithholdingKind::Perhaps(None)),
    ("etat", WithholdingKind::Perhaps(None)),
    ("stato", WithholdingKind::Perhaps(None)),
    ("statut", WithholdingKind::Perhaps(None)),
    ("zustand", WithholdingKind::Perhaps(None)),
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
pub fn how(folded: &str) -> Option<WithholdingKind> {
    static BY_WORD: LazyLock<FxHashMap<&str, WithholdingKind>> = LazyLock::new(|| WORDS.iter().copied().collect());
    let said = |word: &str| BY_WORD.get(word).copied();
    let plain = || (!folded.is_ascii()).then(|| without_accents(folded));
    said(folded).or_else(|| said(folded.strip_prefix("is")?)).or_else(|| bound(folded)).or_else(|| said(&plain()?))
}

/// `publié` as `publie`.
fn without_accents(text: &str) -> String {
    decomposed(text).chars().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).collect()
}

/// How a key withholds that is made of a word and of a word for a moment: `valid_till`, `online_from`.
fn bound(folded: &str) -> Option<WithholdingKind> {
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
    let to = || of(rest(&["to"])?, WithholdingKind::Gone, WithholdingKind::Until);
    until
        .and_then(|rest| of(rest, WithholdingKind::From, WithholdingKind::Until))
        .or_else(|| of(from()?, WithholdingKind::Shows, WithholdingKind::From))
        .or_else(to)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source_name::FOREIGN;

    #[test]
    fn a_word_that_withholds_in_the_name_of_a_file_does_so_as_a_key() {
        for word in FOREIGN.split(',') {
            assert!(how(&keys::fold(word)).is_some(), "{word}");
        }
    }
}
