//! The names of the theme interface, version 1: the templates that outputs begin with, and the functions, filters and
//! tests that templates may use.
//!
//! What the functions do, the renderer knows; here stands what messages, the checker of themes and the documentation
//! need of them.

/// The template of the page with the search.
pub const SEARCH_TEMPLATE: &str = "search.html";

/// The template of social cards.
pub const CARD_TEMPLATE: &str = "card.svg";

/// The templates that outputs begin with. A theme may do without [`OPTIONAL_TEMPLATES`].
pub const PAGE_TEMPLATES: [&str; 7] =
    ["article.html", "page.html", "front.html", "listing.html", "404.html", SEARCH_TEMPLATE, CARD_TEMPLATE];

/// Those without which a theme has no search, or no social cards.
pub const OPTIONAL_TEMPLATES: [&str; 2] = [SEARCH_TEMPLATE, CARD_TEMPLATE];

/// The functions with the names of their arguments; [`ANY`]: and any others.
pub const FUNCTIONS: &[(&str, &[&str])] = &[
    ("head", &[]),
    ("articles", &["section", "tag", "author", "series", "kind", "featured", "limit", "offset", "language"]),
    ("neighbours", &[]),
    ("related", &["limit"]),
    ("front", &[]),
    ("sections", &[]),
    ("terms", &["taxonomy", "limit"]),
    ("menu", &["footer"]),
    ("languages", &[]),
    ("colophon", &[]),
    ("share", &[]),
    ("ads", &["place"]),
    ("with_ads", &["content"]),
    ("profile", &["id"]),
    ("series_neighbours", &[]),
    ("joints", &["names"]),
    ("fragment", &["name"]),
    ("asset", &["path"]),
    ("inline_script", &["path"]),
    ("end", &[]),
    ("embed", &["url"]),
    ("image", &["src"]),
    ("picture", &["image", "src", "alt", "sizes", "lead", "lazy", "placeholder", "class"]),
    ("data", &["name"]),
    ("comments", &[]),
    ("comment_count", &[]),
    ("corrections", &["limit"]),
    ("search_url", &[]),
    ("fit_text", &["text", "width", "height", "leading", "sizes", "font", "weight"]),
    ("t", &["key", ANY]),
    ("url", &["path"]),
    // The engine's.
    ("range", &["start", "end", "step_by"]),
    ("throw", &["message"]),
    ("super", &[]),
];

/// Stands among the arguments of a function that takes any others as well.
pub const ANY: &str = "…";

/// Our filters with the names of their arguments.
pub const OUR_FILTERS: [(&str, &[&str]); 7] = [
    ("date", &["format"]),
    ("number", &[]),
    ("group_by", &["attribute"]),
    ("slugify", &[]),
    ("absolute", &[]),
    ("markdown", &[]),
    ("striptags", &[]),
];

/// The engine's filters.
#[rustfmt::skip]
pub const FILTERS: [&str; 36] = [
    "abs", "capitalize", "default", "escape", "escape_html", "escape_xml", "first", "float", "get",
    "indent", "int", "join", "keys", "last", "length", "lower", "newlines_to_br", "nth", "pairs",
    "pluralize", "replace", "reverse", "round", "safe", "sort", "split", "str", "title", "trim",
    "trim_end", "trim_start", "truncate", "unique", "upper", "values", "wordcount",
];

/// The engine's tests: `{% if x is defined %}`.
#[rustfmt::skip]
pub const TESTS: [&str; 17] = [
    "array", "bool", "containing", "defined", "divisible_by", "ending_with", "even", "float",
    "integer", "iterable", "map", "none", "number", "odd", "starting_with", "string", "undefined",
];
