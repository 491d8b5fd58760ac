//! The rendered pages: which ids each has, where its links lead, what it shows.
//!
//! Every page is rendered in memory and read by a streaming HTML parser; of a page nothing stays but the
//! hashes of its ids, its links to places of other pages, and what is wrong with it.

use std::cell::RefCell;

use lol_html::{HtmlRewriter, Settings, element};
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::article::permalink;
use crate::article::record::Record;
use crate::config::Config;
use crate::config::address;
use crate::diagnostic::Diagnostic;
use crate::html_addresses;
use crate::index::{Index, Role};
use crate::plan::Output;
use crate::render::Renderer;
use crate::site_path;

/// What a reference in a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Something to follow, or a file that the page needs.
    Link,
    /// An image.
    Image,
    /// An image without the attribute `alt`, as only HTML in an article can have it.
    Wordless,
}

/// Why a reference leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Fault {
    /// There is no such file.
    Dead,
    /// It is the address of a withheld article, by its row.
    Withheld(u32),
    /// There is a page, and it has no such place.
    NoPlace,
    /// The place is the theme's, and the page has a heading that would have that id without it.
    OfTheme,
    /// There are no words for it.
    NoWords,
}

/// A reference that is wrong, on one page or many.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Wrong {
    /// What is wrong.
    pub(super) fault: Fault,
    /// What it is.
    pub(super) kind: Kind,
    /// As it stands in the page.
    pub(super) href: Box<str>,
}

/// All pages, read.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The outputs that are HTML.
    pub(super) all: Vec<Output>,
    /// Wrong references, each with the pages that have it (numbers in `all`).
    pub(super) wrong: Vec<(Wrong, Vec<u32>)>,
    /// Addresses outside the site, each with the pages that have it.
    pub(super) outside: Vec<(Box<str>, Vec<u32>)>,
    /// What rendering reported.
    pub(super) problems: Vec<Diagnostic>,
}

/// What is kept of one page.
#[derive(Debug, Default)]
struct Seen {
    ids: Vec<u64>,
    wrong: Vec<Wrong>,
    /// Links to a place of another page: the link, the other page, the hash of the id, and of the one that a heading
    /// has in its place.
    places: Vec<(Box<str>, u32, [u64; 2])>,
    outside: Vec<Box<str>>,
    problems: Vec<Diagnostic>,
}

/// Where all files of the site will be.
struct Files<'a> {
    config: &'a Config,
    index: &'a Index,
    /// By the hash of the path; the number in `Pages::all` where it is a page.
    paths: FxHashMap<u64, Option<u32>>,
    /// The files of withheld articles.
    withheld: FxHashMap<u64, u32>,
}

/// Renders and reads all pages.
pub(super) fn render(renderer: &std::sync::Arc<Renderer>, wants_outside: bool) -> Pages {
    let config = &*renderer.config;
    let mut all = Vec::new();
    let mut paths = FxHashMap::default();
    let outputs = &renderer.plan.outputs;
    let names: Vec<String> = outputs.par_iter().map(|output| renderer.path(*output)).collect();
    for (output, path) in outputs.iter().zip(&names) {
        let is_page = match output {
            Output::File(_) | Output::Asset(_) | Output::Feed(..) | Output::Alias(_) => false,
            _ => path.ends_with(".html"),
        };
        paths.insert(xxh3_64(path.as_bytes()), is_page.then_some(all.len() as u32));
        if is_page {
            all.push((*output, path.as_str()));
        }
    }
    let files = Files { config, index: &renderer.index, paths, withheld: withheld(renderer) };
    let seen: Vec<Seen> = all
        .par_iter()
        .with_min_len(8)
        .map(|(output, path)| match renderer.render(*output) {
            Ok(page) => {
                let mut seen = files.read(path, &page.bytes, wants_outside);
                seen.problems.extend(page.trace.warnings().iter().cloned());
                seen
            }
            Err(problems) => Seen { problems, ..Seen::default() },
        })
        .collect();

    let mut pages = Pages { all: all.into_iter().map(|(output, _)| output).collect(), ..Pages::default() };
    let mut wrong: FxHashMap<Wrong, Vec<u32>> = FxHashMap::default();
    let mut outside: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
    let mut ids: Vec<Vec<u64>> = Vec::with_capacity(seen.len());
    let mut places = Vec::with_capacity(seen.len());
    for (number, one) in seen.into_iter().enumerate() {
        one.wrong.into_iter().for_each(|reference| wrong.entry(reference).or_default().push(number as u32));
        one.outside.into_iter().for_each(|href| outside.entry(href).or_default().push(number as u32));
        pages.problems.extend(one.problems);
        ids.push(one.ids);
        places.push(one.places);
    }
    for (number, links) in places.into_iter().enumerate() {
        for (href, page, [id, numbered]) in links {
            let has = |id: u64| ids[page as usize].binary_search(&id).is_ok();
            let fragment = href.split_once('#').map_or("", |(_, fragment)| fragment);
            let fault = if !has(id) && fragment != "top" {
                Fault::NoPlace
            } else if has(numbered) && renderer.site().is_id_of_theme(fragment) {
                Fault::OfTheme
            } else {
                continue;
            };
            wrong.entry(Wrong { fault, kind: Kind::Link, href }).or_default().push(number as u32);
        }
    }
    pages.wrong = wrong.into_iter().collect();
    pages.outside = outside.into_iter().collect();
    pages.wrong.sort();
    pages.outside.sort();
    pages
}

/// Where withheld articles and pages would be.
fn withheld(renderer: &Renderer) -> FxHashMap<u64, u32> {
    let index = &renderer.index;
    let rows = (0..index.rows.len() as u32).filter(|row| index.role(*row) == Role::Withheld);
    rows.filter_map(|row| match index.rows[row as usize].record() {
        Record::Entry(entry) | Record::LeftOut(entry) => {
            let site_path = permalink::of_entry(&renderer.config, &index.rows[row as usize].path, &entry);
            Some((xxh3_64(site_path::output_path(&site_path).as_bytes()), row))
        }
        _ => None,
    })
    .collect()
}

/// Where a reference leads.
enum Leads {
    /// To a page of the site, by its number.
    Page(u32),
    /// To a file of the site, or one that the owner keeps in the output folder.
    File,
    /// To an article that is withheld.
    Withheld(u32),
    /// To nothing.
    Nowhere,
    /// Out of the site.
    Outside,
    /// To another folder of the host than the site's.
    Beside,
    /// It is no address of a document.
    Nothing,
}

impl Files<'_> {
    fn read(&self, path: &str, html: &[u8], wants_outside: bool) -> Seen {
        let ids: RefCell<FxHashSet<u64>> = RefCell::default();
        let found: RefCell<FxHashSet<(Kind, String)>> = RefCell::default();
        let note = |kind: Kind, href: Option<String>| {
            if let Some(href) = href {
                found.borrow_mut().insert((kind, href));
            }
        };
        let note_id = |id: Option<String>| {
            let id = id.unwrap_or_default();
            ids.borrow_mut().insert(xxh3_64(html_escape::decode_html_entities(&id).as_bytes()));
        };
        let mut rewriter = HtmlRewriter::new(
            Settings {
                element_content_handlers: vec![
                    element!("[id]", |element| {
                        note_id(element.get_attribute("id"));
                        Ok(())
                    }),
                    element!("a[name]", |element| {
                        note_id(element.get_attribute("name"));
                        Ok(())
                    }),
                    element!("img", |element| {
                        if !element.has_attribute("alt") {
                            let src = element.get_attribute("src");
                            let decoded = |src: String| html_escape::decode_html_entities(src.trim()).into_owned();
                            note(Kind::Wordless, src.map(decoded));
                        }
                        Ok(())
                    }),
                    element!(html_addresses::SELECTOR, |element| {
                        let tag = element.tag_name();
                        let is_hint = tag == "link"
                            && matches!(element.get_attribute("rel").as_deref(), Some("preconnect" | "dns-prefetch"));
                        // What a form is sent to need not be a page.
                        let is_sent =
                            |method: Option<String>| method.is_some_and(|method| !method.eq_ignore_ascii_case("get"));
                        let takes_data =
                            is_sent(element.get_attribute("method").or(element.get_attribute("formmethod")));
                        html_addresses::follow(element, |attribute, address| {
                            let kind = match attribute {
                                "srcset" | "imagesrcset" | "poster" | "background" => Kind::Image,
                                "src" if matches!(&*tag, "img" | "input") => Kind::Image,
                                "action" | "formaction" if takes_data => return,
                                _ if tag == "image" => Kind::Image,
                                _ => Kind::Link,
                            };
                            if !is_hint {
                                note(kind, Some(address.to_owned()));
                            }
                        });
                        Ok(())
                    }),
                ],
                ..Settings::new()
            },
            |_: &[u8]| {},
        );
        // What the program renders is UTF-8 and within the parser's memory; a page that is not is read as
        // far as it goes.
        let _ = rewriter.write(html).and_then(|()| rewriter.end());
        let mut seen = Seen { ids: ids.take().into_iter().collect(), ..Seen::default() };
        seen.ids.sort_unstable();
        let mut references: Vec<(Kind, String)> = found.take().into_iter().collect();
        references.sort();
        for (kind, href) in references {
            self.follow(path, kind, &href, wants_outside, &mut seen);
        }
        seen
    }

    /// Looks where a reference of the page `path` leads, and notes what is wrong.
    fn follow(&self, path: &str, kind: Kind, href: &str, wants_outside: bool, seen: &mut Seen) {
        let mut wrong = |fault| seen.wrong.push(Wrong { fault, kind, href: href.into() });
        if kind == Kind::Wordless {
            wrong(Fault::NoWords);
            return;
        }
        let (before, fragment) = href.split_once('#').map_or((href, ""), |(before, fragment)| (before, fragment));
        // `#top` and the empty fragment lead to the top of any document (HTML, section 7.4.6.3).
        let may_name_place = !fragment.is_empty() && !fragment.starts_with(":~:");
        let names_place = may_name_place && fragment != "top";
        let id = || xxh3_64(&percent_decode_str(fragment).collect::<Vec<u8>>());
        if before.is_empty() {
            if names_place && seen.ids.binary_search(&id()).is_err() {
                wrong(Fault::NoPlace);
            }
            return;
        }
        match self.leads(path, before) {
            Leads::Page(page) => {
                if may_name_place && kind == Kind::Link {
                    let numbered =
                        xxh3_64(format!("{}-2", percent_decode_str(fragment).decode_utf8_lossy()).as_bytes());
                    seen.places.push((href.into(), page, [id(), numbered]));
                }
            }
            Leads::Withheld(row) => wrong(Fault::Withheld(row)),
            Leads::Nowhere => wrong(Fault::Dead),
            Leads::Outside if wants_outside => seen.outside.push(href.into()),
            Leads::Beside if wants_outside => seen.outside.push(self.config.absolute(href).into()),
            Leads::Outside | Leads::Beside | Leads::File | Leads::Nothing => {}
        }
    }

    fn leads(&self, from: &str, href: &str) -> Leads {
        let href = match address::within_origin(self.config, href) {
            Some("") => "/",
            Some(rest) => rest,
            None => href,
        };
        if href.starts_with("//") || href.starts_with("http://") || href.starts_with("https://") {
            return Leads::Outside;
        }
        if site_path::scheme(href).is_some() {
            return Leads::Nothing;
        }
        let plain = href.split('?').next().unwrap_or_default();
        let base = &*self.config.base_path;
        let mut is_beside = false;
        let within = match plain.strip_prefix('/') {
            Some(rooted) => match plain.strip_prefix(base) {
                Some(rest) => rest.to_owned(),
                // The address of the front page without its slash.
                None if base.trim_end_matches('/') == plain => String::new(),
                // Beside the site, on its host.
                None => {
                    is_beside = true;
                    rooted.to_owned()
                }
            },
            None => match beside(from, plain) {
                Some(path) => path,
                None => return Leads::Nowhere,
            },
        };
        let decoded = percent_decode_str(&within).decode_utf8_lossy();
        let decoded = decoded.trim_start_matches("./");
        let file = |path: &str| self.paths.get(&xxh3_64(path.as_bytes())).copied();
        let as_folder = format!("{}/index.html", decoded.trim_end_matches('/'));
        let as_folder = as_folder.trim_start_matches('/');
        let found = if decoded.is_empty() || decoded.ends_with('/') { None } else { file(decoded) };
        if is_beside {
            // A page of the site without the base path is a slip; the front page of the host is not.
            let is_slip = !decoded.is_empty() && found.or_else(|| file(as_folder)).is_some();
            return if is_slip { Leads::Nowhere } else { Leads::Beside };
        }
        match found.or_else(|| file(as_folder)) {
            Some(Some(page)) => Leads::Page(page),
            Some(None) => Leads::File,
            None if self.is_kept(decoded) || self.index.may_be_of_broken(as_folder) => Leads::File,
            None => {
                let hashes = [xxh3_64(decoded.as_bytes()), xxh3_64(as_folder.as_bytes())];
                let row = hashes.iter().find_map(|hash| self.withheld.get(hash));
                row.map_or(Leads::Nowhere, |row| Leads::Withheld(*row))
            }
        }
    }

    /// Whether the owner keeps such a file in the output folder.
    fn is_kept(&self, path: &str) -> bool {
        let mut kept = self.config.settings.keep.iter();
        kept.any(|kept| if kept.ends_with('/') { path.starts_with(kept.as_str()) } else { path == kept })
    }
}

/// The path that `relative` means on the page in the file `from`; none if it leaves the site.
fn beside(from: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    let (folders, last) = relative.rsplit_once('/').map_or(("", relative), |(folders, last)| (folders, last));
    for part in folders.split('/').chain(matches!(last, "." | "..").then_some(last)) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let last = if matches!(last, "." | "..") { "" } else { last };
    parts.push(last);
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_seen_from_the_page() {
        assert_eq!(beside("a/b/index.html", "c.jpg").as_deref(), Some("a/b/c.jpg"));
        assert_eq!(beside("a/b/index.html", "../x/").as_deref(), Some("a/x/"));
        assert_eq!(beside("a/b/index.html", "..").as_deref(), Some("a/"));
        assert_eq!(beside("index.html", "../x").as_deref(), None);
    }
}
