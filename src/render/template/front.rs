//! The front of a page as a value of templates: what the index says stands there, with the words of the editor.

use std::sync::Arc;

use tera::Value;

use crate::plan::Scope;
use crate::query::{FrontArticle, FrontPage, Part, Subject, ask};
use crate::render::template::{context, image, map_of};
use crate::render::{PageRenderer, dead};

/// What stands on the page in work; none where nothing is placed.
pub(in crate::render) fn front(renderer: &Arc<PageRenderer>, subject: Subject) -> Value {
    let Subject::Output(planned) = subject else { return Value::none() };
    let Part::Listing(listing, 0) = planned.part() else { return Value::none() };
    if !matches!(renderer.view.get(listing).scope, Scope::Front | Scope::Section(_)) {
        return Value::none();
    }
    Value::from(ask::front(&renderer.view, listing, |front| front_value(renderer, front)))
}

fn front_value(renderer: &Arc<PageRenderer>, front: &FrontPage<'_>) -> Value {
    let article = |one: &FrontArticle<'_>| article_value(renderer, one, front);
    let all = |all: &[FrontArticle<'_>]| Value::from(all.iter().map(article).collect::<Vec<_>>());
    let packages = front.packages.iter().map(|one| {
        map_of([("title", one.title.into()), ("lead", article(&one.lead)), ("articles", all(&one.articles))])
    });
    let blocks = front.blocks.as_ref().map(|blocks| {
        let block = blocks.iter().map(|block| {
            map_of([
                ("of", block.of.0.into()),
                ("name", block.of.1.into()),
                ("title", block.title.into()),
                ("url", block.url.into()),
                ("layout", block.layout.into()),
                ("articles", context::teaser_values(renderer, &block.articles)),
            ])
        });
        block.collect::<Vec<_>>()
    });
    let notice = front.notice.map(|notice| {
        let link = notice.url.as_deref().and_then(|link| dead::followed_link(renderer, front.row, front.url, link));
        map_of([("text", (&*notice.text).into()), ("url", link.into()), ("kind", notice.kind.name().into())])
    });
    map_of([
        ("lead", front.lead.as_ref().map(article).into()),
        ("top", all(&front.top)),
        ("packages", packages.collect::<Vec<_>>().into()),
        ("blocks", blocks.into()),
        ("notice", notice.into()),
        ("rest", context::teaser_values(renderer, &front.rest)),
    ])
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
