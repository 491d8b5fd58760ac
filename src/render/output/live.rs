//! The data of live coverage that an open page asks for again and again: `live.json` beside the article.
//!
//! It says how far the coverage has come and which updates there are, newest first. It is small on
//! purpose; what is new is then taken from the page itself.

use std::sync::Arc;

use serde::Serialize;

use crate::index::{Article, LiveState};
use crate::query::Seen;
use crate::render::PageRenderer;
use crate::render::template::body;

/// The newest so many updates: a page that is open has seen the others.
const UPDATES: usize = 50;

#[derive(Serialize)]
struct Data<'a> {
    state: LiveState,
    end: Option<String>,
    updates: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    time: String,
    title: &'a str,
}

/// The bytes of `live.json`.
pub(in crate::render) fn live_data(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Vec<u8> {
    let zone = &renderer.config.time_zone;
    // The address and state are in the plan's fingerprint, with the teaser.
    let live = renderer.view.live(id).expect("planned for live coverage");
    let body = body::body_for_feed(renderer, id);
    let data = Data {
        state: live.state,
        end: live.end.map(|end| end.rfc3339(zone)),
        updates: body
            .updates
            .iter()
            .take(UPDATES)
            .map(|update| Entry { id: &update.id, time: update.time.rfc3339(zone), title: &update.title })
            .collect(),
    };
    let mut bytes = serde_json::to_vec(&data).expect("strings serialise");
    bytes.push(b'\n');
    bytes
}
