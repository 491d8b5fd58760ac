//! The front of a page as a value of templates: what the index says stands there, with the words of the editor.
//!
//! One question, asked by `front()`: its answer is everything that the value is made of, so a pin that ends renders
//! the page that shows it and no other.

use std::sync::Arc;

use tera::{Map, Value};

use super::PageRenderer;
use super::scope::{Subject, record};
use crate::article::front::Block;
use crate::article::record::{Image, Record, SectionFile};
use crate::config::Taxonomy;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{PlacedArticle, PlacedPackage, Placement, StoryId, Surface};
use crate::plan::{Listing, Output, Scope};
use crate::query::Question;

/// What a block is called, and where that leads; empty for what themes name.
type Called<'b> = (&'b str, &'b str);

impl PageRenderer {
    /// The file that may place something on the page of a listing.
    fn file_of_front(&self, listing: &Listing) -> Option<u32> {
        match listing.scope {
            Scope::Front => self.front_file(listing.language),
            Scope::Section(section) => self.index.sections[section as usize].row,
            _ => None,
        }
    }

    /// Shows `look` what stands on the page of a listing, and the row that says so; none if nothing does.
    fn with_desk<T>(&self, listing: &Listing, look: impl FnOnce(u32, &Placement<'_>) -> T) -> Option<T> {
        let row = self.file_of_front(listing)?;
        let Record::Section(SectionFile { front: Some(front), .. }) = self.index.rows[row as usize].record() else {
            return None;
        };
        let page = self.listing_page(listing, 0);
        let mut listed: Vec<StoryId> = page.lead.into_iter().chain(page.stories).collect();
        listed.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
        let section = match listing.scope {
            Scope::Section(section) => Some(section),
            _ => None,
        };
        let surface = Surface { language: listing.language, section, listed: &listed };
        Some(look(row, &self.index.desk(&front, surface, &self.config)))
    }

    /// What a block is called.
    fn called<'b>(&'b self, listing: &Listing, block: &'b Block<'_>) -> Called<'b> {
        let (key, name) = block.of.parts();
        let own = match key {
            "section" => {
                self.index.section(listing.language, name).map(|(_, section)| (&*section.title, &*section.url))
            }
            "tag" => {
                self.index.terms.find(listing.language, Taxonomy::Tags, name).map(|term| (&*term.name, &*term.url))
            }
            _ => None,
        };
        let (title, url) = own.unwrap_or_default();
        (block.title.as_deref().unwrap_or(title), url)
    }

    /// The fingerprint of what stands on the page of a listing.
    pub(super) fn of_front(&self, listing: &Listing) -> Fingerprint {
        let url = self.url_of_listing(listing);
        let all = self.with_desk(listing, |row, desk| {
            let mut fingerprint = Fingerprinter::new("front");
            fingerprint.text(&self.index.rows[row as usize].path);
            let add = |fingerprint: &mut Fingerprinter, one: &PlacedArticle<'_>| {
                fingerprint.number(1).part(&self.index.entry(one.story).teaser);
                let placed = one.placed;
                fingerprint.text(placed.and_then(|placed| placed.title.as_deref()).unwrap_or_default());
                let image = placed.and_then(|placed| placed.image.as_ref());
                let image = image.map(|image| Fingerprint::of_value(&self.index_image(image, row, &url)));
                fingerprint.part(&image.unwrap_or_default());
            };
            fingerprint.number(desk.lead.iter().len() as u64).number(desk.top.len() as u64);
            desk.lead.iter().chain(&desk.top).for_each(|one| add(&mut fingerprint, one));
            for PlacedPackage { package, lead, articles } in &desk.packages {
                fingerprint.number(2).text(&package.title).number(articles.len() as u64);
                std::iter::once(lead).chain(articles).for_each(|one| add(&mut fingerprint, one));
            }
            fingerprint.number(desk.blocks.is_some().into());
            for (block, stories) in desk.blocks.iter().flatten() {
                let ((key, name), (title, url)) = (block.of.parts(), self.called(listing, block));
                fingerprint.number(3).text(key).text(name).text(title).text(url).text(block.layout.name());
                fingerprint.part(&self.of_stories(stories));
            }
            if let Some(notice) = desk.notice {
                fingerprint.number(4).text(&notice.text).text(notice.kind.name());
                fingerprint.text(notice.url.as_deref().unwrap_or_default());
            }
            fingerprint.number(5).part(&self.of_stories(&desk.rest));
            fingerprint.finish()
        });
        all.unwrap_or_default()
    }

    fn url_of_listing(&self, listing: &Listing) -> String {
        crate::config::address::encode(&self.config, &listing.path)
    }

    fn index_image<'i>(&'i self, image: &'i Image<'_>, row: u32, url: &str) -> Option<crate::index::ImageRef<'i>> {
        self.index.image(image, &self.index.rows[row as usize].path, url, &self.config)
    }

    /// What stands on the page in work; none where nothing is placed.
    pub(super) fn front(self: &Arc<Self>, subject: Subject) -> Value {
        let Subject::Output(Output::Listing(at, 0)) = subject else { return Value::none() };
        let listing = &self.plan.listings[at as usize];
        if !matches!(listing.scope, Scope::Front | Scope::Section(_)) {
            return Value::none();
        }
        record(self, Question::Front(listing.path.clone()), || self.of_front(listing));
        let value = self.with_desk(listing, |row, desk| self.desk_value(listing, row, desk));
        value.unwrap_or_else(Value::none)
    }

    fn desk_value(self: &Arc<Self>, listing: &Listing, row: u32, desk: &Placement<'_>) -> Value {
        let url = self.url_of_listing(listing);
        let standing = |one: &PlacedArticle<'_>| self.standing_value(one, row, &url);
        let all = |all: &[PlacedArticle<'_>]| Value::from(all.iter().map(standing).collect::<Vec<_>>());
        let package = |one: &PlacedPackage<'_>| {
            let mut map = Map::new();
            map.insert("title".into(), Value::from(&*one.package.title));
            map.insert("lead".into(), standing(&one.lead));
            map.insert("articles".into(), all(&one.articles));
            Value::from(map)
        };
        let block = |(block, stories): &(&Block<'_>, Vec<StoryId>)| {
            let ((key, name), (title, url)) = (block.of.parts(), self.called(listing, block));
            let mut map = Map::new();
            map.insert("of".into(), Value::from(key));
            map.insert("name".into(), Value::from(name));
            map.insert("title".into(), Value::from(title));
            map.insert("url".into(), Value::from(url));
            map.insert("layout".into(), Value::from(block.layout.name()));
            map.insert("articles".into(), self.teaser_values(stories));
            Value::from(map)
        };
        let mut map = Map::with_capacity(6);
        map.insert("lead".into(), desk.lead.as_ref().map_or_else(Value::none, standing));
        map.insert("top".into(), all(&desk.top));
        map.insert("packages".into(), Value::from(desk.packages.iter().map(package).collect::<Vec<_>>()));
        let blocks = desk.blocks.as_ref().map(|blocks| Value::from(blocks.iter().map(block).collect::<Vec<_>>()));
        map.insert("blocks".into(), blocks.unwrap_or_else(Value::none));
        let notice = desk.notice.map(|notice| {
            let path = self.index.rows[row as usize].path.to_string();
            let link = notice.url.as_deref().and_then(|link| self.followed_link(&path, &url, link));
            let mut map = Map::new();
            map.insert("text".into(), Value::from(&*notice.text));
            map.insert("url".into(), link.map_or_else(Value::none, Value::from));
            map.insert("kind".into(), Value::from(notice.kind.name()));
            Value::from(map)
        });
        map.insert("notice".into(), notice.unwrap_or_else(Value::none));
        map.insert("rest".into(), self.teaser_values(&desk.rest));
        Value::from(map)
    }

    /// The teaser of an article in its place: with the headline and the image that the editor gave it there.
    fn standing_value(&self, one: &PlacedArticle<'_>, row: u32, url: &str) -> Value {
        let teaser = self.teaser_value(one.story);
        let Some(placed) = one.placed.filter(|placed| placed.title.is_some() || placed.image.is_some()) else {
            return teaser;
        };
        let mut map = teaser.as_map().expect("a teaser is a map").clone();
        if let Some(title) = &placed.title {
            map.insert("title".into(), Value::from(&**title));
        }
        if let Some(image) = &placed.image {
            self.check_image_of(row, url, image, &["front"]);
            if let Some(image) = self.index_image(image, row, url) {
                map.insert("image".into(), Value::from_serializable(&image));
            }
        }
        Value::from(map)
    }

    /// The articles that an editor related to another one by hand, so many; asked for by the page in work.
    pub(super) fn ask_related_by_hand(&self, id: StoryId, count: usize) -> Vec<StoryId> {
        if self.index.story(self.index.entry(id).row).related.is_empty() {
            return Vec::new();
        }
        let mut all = self.related_by_hand(id);
        record(self, Question::RelatedByHand(self.source_of(id)), || self.of_stories(&all));
        all.truncate(count);
        all
    }

    /// The articles that an editor related to another one by hand, as far as they may be seen.
    pub(super) fn related_by_hand(&self, id: StoryId) -> Vec<StoryId> {
        let language = self.index.language_of(id);
        let story = self.index.story(self.index.entry(id).row);
        let mut all: Vec<StoryId> = Vec::new();
        for written in &story.related {
            let other = self.index.story_placed(written, language, &self.config);
            all.extend(other.filter(|other| *other != id && !all.contains(other)));
        }
        all
    }
}
