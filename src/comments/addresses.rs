//! All articles by all addresses they have or had: where a comment from elsewhere belongs.
//!
//! For editors, so withheld articles are in it. An address is looked up by its path; where no path fits,
//! by its last part, if only one article has that slug.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::article::time::Timestamp;
use crate::config::Config;
use crate::config::address;
use crate::index::Index;
use crate::pipeline::stages;
use crate::site_path;

/// All articles of a site by their addresses.
#[derive(Debug)]
pub struct Addresses {
    /// The rows' sources.
    sources: Vec<Box<str>>,
    by_path: FxHashMap<Box<str>, u32>,
    /// By the last part; none for one that several articles have.
    by_slug: FxHashMap<Box<str>, Option<u32>>,
    base: String,
}

impl Addresses {
    /// Reads the site in `root`.
    pub fn read(root: &Path, config: &Config) -> Self {
        // Everything that was or will be visible.
        let config = Config { drafts: true, future: true, ..config.clone() };
        let articles = stages::load(root, &config, Vec::new()).articles;
        let index = Index::build(articles.rows, &articles.links, &config, Timestamp(i64::MIN));
        let mut this = Self {
            sources: Vec::with_capacity(index.articles.len()),
            by_path: FxHashMap::default(),
            by_slug: FxHashMap::default(),
            base: config.base_path.clone(),
        };
        for (number, article) in index.articles.iter().enumerate() {
            let number = number as u32;
            this.sources.push(index.rows[article.row as usize].path.clone());
            let path = this.key(&article.url);
            let slug = path.rsplit('/').next().unwrap_or_default();
            this.by_slug.entry(slug.into()).and_modify(|known| *known = None).or_insert(Some(number));
            this.by_path.insert(path.into(), number);
        }
        for (number, article) in index.articles.iter().enumerate().filter(|(_, article)| article.has_aliases) {
            let own = address::site_path_of(&config, "", &article.url).unwrap_or_default();
            for alias in &index.entry(article.row).aliases {
                let address = address::encode(&config, &site_path::of_alias(&own, alias));
                this.by_path.entry(this.key(&address).into()).or_insert(number as u32);
            }
        }
        this
    }

    /// The source of the article that `address` (absolute, root-relative, or a slug) leads to.
    pub fn source(&self, address: &str) -> Option<&str> {
        let path = self.key(address);
        if path.is_empty() {
            return None;
        }
        let by_slug = || self.by_slug.get(path.rsplit('/').next()?).copied().flatten();
        let number = self.by_path.get(&*path).copied().or_else(by_slug)?;
        Some(&self.sources[number as usize])
    }

    /// Whether `source` is an article.
    pub fn has(&self, source: &str) -> bool {
        self.sources.iter().any(|known| **known == *source)
    }

    /// The path of an address without what differs between ways to write it: host, base path, encoding, and what stands behind
    /// the last folder.
    fn key(&self, address: &str) -> String {
        let path = match address.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => address,
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path =
            path.strip_prefix(self.base.trim_end_matches('/')).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let path = path.strip_suffix("index.html").unwrap_or(&path);
        let path = path.strip_suffix(".html").unwrap_or(path);
        path.trim_matches('/').to_owned()
    }
}
