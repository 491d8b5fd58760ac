//! What is written beside the templates' HTML: the head of a page, feeds, sitemaps, files for hosts, search files, cards.

pub(crate) mod card;
pub(crate) mod feed;
pub(crate) mod head;
pub(crate) mod hosts;
pub(crate) mod json_ld;
pub(crate) mod live;
pub(crate) mod policy;
pub(crate) mod rights;
pub(crate) mod search;
pub(crate) mod sitemap;
