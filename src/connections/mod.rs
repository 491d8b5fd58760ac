//! Connections: how many are open, from whom, and for how long.
//!
//! The comment receiver and the preview both serve through [`serve`]. Whoever can reach a server can open
//! connections faster than they end by themselves, so everything that a client makes grow has a bound here:
//! connections in total and of each network (`room`), the time for the head of a request, and the size of the
//! head. The server accepts at once and always: a connection without a place is closed.

mod room;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::response::IntoResponse;
use hyper::body::{Frame, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

pub use room::{Place, Room, network};

/// How long the head of a request may take, also the next one on an open connection.
const HEAD: Duration = Duration::from_secs(15);

/// Bytes of the head of a request.
const HEAD_SIZE: usize = 64 * 1024;

/// How many connections a server holds.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// At the same time. Never more than half of what the system lets the process open.
    pub connections: usize,
    /// Of these from one network: an IPv4 address, or an IPv6 network of 64 bits.
    pub from_one: usize,
}

/// Answers connections with `router` until `end` is done, and then lets requests at work finish for `farewell`.
///
/// Requests have [`ConnectInfo`], and the [`Place`] of their connection as an extension.
pub async fn serve(
    listener: &TcpListener,
    router: &Router,
    bounds: Bounds,
    end: impl Future<Output = ()>,
    farewell: Duration,
) {
    let room = Room::new(bounds.connections.min(open_files() / 2), bounds.from_one);
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(end);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, for example: a connection that ends frees one.
            room.make_room();
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        if let Some(place) = room.admit(peer.ip()) {
            answer(stream, peer, Arc::new(place), router, &graceful);
        }
    }
    let _ = tokio::time::timeout(farewell, graceful.shutdown()).await;
}

fn answer(stream: TcpStream, peer: SocketAddr, place: Arc<Place>, router: &Router, graceful: &GracefulShutdown) {
    // Answers and events are small and must not wait for the next one (RFC 896).
    let _ = stream.set_nodelay(true);
    let (router, own) = (router.clone(), Arc::clone(&place));
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        let work = Work::begin(&own);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(Arc::clone(&own));
        let mut router = router.clone();
        async move {
            // RFC 9112, section 3.2: which of two hosts is meant, nobody can know.
            let has_one_host = request.headers().get_all(HOST).iter().nth(1).is_none();
            let response = if has_one_host {
                router.call(request).await.unwrap_or_else(|never| match never {})
            } else {
                (StatusCode::BAD_REQUEST, "This request names several hosts.\n").into_response()
            };
            Ok::<_, Infallible>(response.map(|body| Answer { body, _work: work }))
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            // A connection that breaks is its client's to open again; nothing of it was acknowledged.
            _ = connection => {}
            () = place.must_leave() => {}
        }
    });
}

/// A connection at work, until the last of its answer is on its way.
struct Work(Arc<Place>);

impl Work {
    fn begin(place: &Arc<Place>) -> Self {
        place.works();
        Self(Arc::clone(place))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.waits();
    }
}

/// The body of an answer.
struct Answer {
    body: Body,
    _work: Work,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// How many files and sockets the process may have open.
pub fn open_files() -> usize {
    #[cfg(unix)]
    {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX)
    }
    #[cfg(not(unix))]
    usize::MAX
}
