//! What browsers are told: one stream of server-sent events for each page that is visible in one.
//!
//! The server does not work out what a build changed in a page. After each build it makes the page of
//! each stream again and tells its version; a browser that has another one fetches the page. That is
//! right whatever happened, also when the server was started anew in between.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::newsdesk;
use super::preview::{Notification, Open, Preview, address};
use super::{file, page};
use crate::connections::Place;
use crate::diagnostic::Diagnostic;

/// What a page says of itself.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Its address, percent-encoded, without query.
    page: String,
    /// Its version.
    #[serde(default)]
    version: String,
}

/// One stream.
struct Audience {
    preview: Arc<Preview>,
    news: Receiver<Arc<Notification>>,
    page: String,
    /// The version that the browser has or was told of.
    version: String,
    /// The path of the page in the output folder. The desk has none.
    path: Option<String>,
    /// Whether it may see sources: what is wrong quotes them, also those that are withheld.
    sees_sources: bool,
    waiting: VecDeque<Event>,
    _open: Option<Open>,
}

/// `/_courant/events`.
pub(super) async fn events(
    State(preview): State<Arc<Preview>>,
    Extension(place): Extension<Arc<Place>>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // A browser that loses its stream opens another one, so the oldest may make room.
    place.waits();
    let news = preview.listen();
    let sees_sources = newsdesk::may_use(&preview, &request);
    let is_desk = asked.page.starts_with(newsdesk::ADDRESS);
    let path = file::path_of(&preview.state(), &asked.page).filter(|_| !is_desk);
    let open = path.clone().map(|path| preview.open(path));
    let Asked { page, version } = asked;
    let waiting = VecDeque::new();
    let mut audience = Audience { preview, news, page, version, path, sees_sources, waiting, _open: open };
    audience.waiting.push_back(Event::default().retry(Duration::from_millis(500)).comment("courant"));
    if is_desk {
        // Something may have come between the page and its stream.
        audience.push("desk", &json!({}));
        return stream(audience);
    }
    audience.problems();
    // While the first build runs nobody knows yet what the page will be.
    let progress = *audience.preview.progress().borrow();
    if progress.has_ended && !progress.is_building {
        audience = audience.look().await;
    }
    stream(audience)
}

fn stream(audience: Audience) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(audience, |mut audience| async move {
        loop {
            if let Some(event) = audience.waiting.pop_front() {
                return Some((Ok(event), audience));
            }
            let told = match audience.news.recv().await {
                Ok(told) => told,
                Err(RecvError::Lagged(_)) => Arc::new(Notification::Round { files: Vec::new(), is_more: true }),
                Err(RecvError::Closed) => return None,
            };
            audience = audience.hear(&told).await;
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

impl Audience {
    async fn hear(mut self, told: &Notification) -> Self {
        match told {
            Notification::Ready(path) if Some(path) == self.path.as_ref() => self.look().await,
            Notification::Ready(_) => self,
            Notification::Desk | Notification::Round { .. } if self.is_desk() => {
                self.push("desk", &json!({}));
                self
            }
            Notification::Desk => self,
            Notification::Round { files, is_more } => {
                self.problems();
                // The page first: what it does not use any more need not be fetched again.
                let mut this = self.look().await;
                if *is_more || !files.is_empty() {
                    this.push("files", &json!({ "paths": files, "more": is_more }));
                }
                this
            }
        }
    }

    /// Tells the page's version if the browser has another one, or where the page went.
    async fn look(mut self) -> Self {
        let moved = self.path.as_ref().and_then(|path| {
            let state = self.preview.state();
            state.moves.get(path).map(|to| address(&state.base, to))
        });
        if let Some(to) = moved {
            self.push("moved", &json!({ "to": to }));
            return self;
        }
        let (preview, page) = (Arc::clone(&self.preview), self.page.clone());
        let found = tokio::task::spawn_blocking(move || page::at(&preview, &page)).await;
        if let Ok(Some(page)) = found
            && page.version != self.version
        {
            self.push("page", &json!({ "version": page.version }));
            self.version = page.version;
        }
        self
    }

    fn is_desk(&self) -> bool {
        self.page.starts_with(newsdesk::ADDRESS)
    }

    fn problems(&mut self) {
        let mut problems = Arc::clone(&self.preview.state().problems);
        if !self.sees_sources && !problems.is_empty() {
            let problem =
                Diagnostic::error("the site has errors, which only the machine shows that the preview runs on");
            problems = [problem.hint("look there; `courant serve --share-desk` shows them to everybody")].into();
        }
        self.push("problems", &json!({ "problems": &*problems }));
    }

    fn push(&mut self, name: &str, data: &serde_json::Value) {
        self.waiting.push_back(Event::default().event(name).data(data.to_string()));
    }
}
