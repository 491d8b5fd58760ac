//! The front of a page as a value of templates: what the index says stands there, with the words of the editor.

use std::sync::Arc;

use tera::{Map, Value};

use crate::plan::Scope;
use crate::query::{FrontArticle, FrontPage, Part, Subject, ask};
use crate::render::template::{context, image};
use crate::render::{PageRenderer, dead};

/// What stands on the page in work; none where nothing is placed.
pub(in crate::render) fn front(renderer: &Arc<PageRenderer>, subject: Subject) -> Value {
    let Subject::Output(planned) = subject else { return Value::none() };
    let Part::Listing(listing, 0) = planned.part() else { return Value::none() };
    if !matches!(renderer.view.get(listing).scope, Scope::Front | Scope::Section(_)) {
        return Value::none();
    }
    ask::front(&renderer.view, listing, |front| front_value(renderer, front)).unwrap_or_else(Value::none)
}

fn front_value(renderer: &Arc<PageRenderer>, front: &FrontPage<'_>) -> Value {
    let article = |one: &FrontArticle<'_>| article_value(renderer, one, front);
    let all = |all: &[FrontArticle<'_>]| Value::from(all.iter().map(article).collect::<Vec<_>>());
    let packages = front.packages.iter().map(|one| {
        let mut map = Map::new();
        map.insert("title".into(), Value::from(one.title));
        map.insert("lead".into(), article(&one.lead));
        map.insert("articles".into(), all(&one.articles));
        Value::from(map)
    });
    let mut map = Map::with_capacity(6);
    map.insert("lead".into(), front.lead.as_ref().map_or_else(Value::none, article));
    map.insert("top".into(), all(&front.top));
    map.insert("packages".into(), Value::from(packages.collect::<Vec<_>>()));
    let blocks = front.blocks.as_ref().map(|blocks| {
        let block = blocks.iter().map(|block| {
            let mut map = Map::new();
            map.insert("of".into(), Value::from(block.of.0));
            map.insert("name".into(), Value::from(block.of.1));
            map.insert("title".into(), Value::from(block.title));
            map.insert("url".into(), Value::from(block.url));
            map.insert("layout".into(), Value::from(block.layout));
            map.insert("articles".into(), context::teaser_values(renderer, &block.articles));
            Value::from(map)
        });
        Value::from(block.collect::<Vec<_>>())
    });
    map.insert("blocks".into(), blocks.unwrap_or_else(Value::none));
    let notice = front.notice.map(|notice| {
        let link = notice.url.as_deref().and_then(|link| dead::followed_link(renderer, front.row, front.url, link));
        let mut map = Map::new();
        map.insert("text".into(), Value::from(&*notice.text));
        map.insert("url".into(), link.map_or_else(Value::none, Value::from));
        map.insert("kind".into(), Value::from(notice.kind.name()));
        Value::from(map)
    });
    map.insert("notice".into(), notice.unwrap_or_else(Value::none));
    map.insert("rest".into(), context::teaser_values(renderer, &front.rest));
    Value::from(map)
}

/// The teaser of an article in its place: with the headline and the image that the editor gave it there.
fn article_value(renderer: &PageRenderer, one: &FrontArticle<'_>, front: &FrontPage<'_>) -> Value {
    let teaser = context::teaser_value(renderer, one.article);
    if one.title.is_none() && one.image.is_none() {
        return teaser;
    }
    let mut map = teaser.as_map().expect("a teaser is a map").clone();
    if let Some(title) = one.title {
        map.insert("title".into(), Value::from(title));
    }
    if let Some((image, shown)) = &one.image {
        image::check_image_of(renderer, front.row, front.url, image, &["front"]);
        if let Some(shown) = shown {
            map.insert("image".into(), Value::from_serializable(shown));
        }
    }
    Value::from(map)
}
