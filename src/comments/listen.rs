//! `courant comments serve`: the receiver on an address of its own.
//!
//! A bound on everything that a stranger can make grow: connections, the time in which a request's head must
//! arrive, and (in the receiver) forms in work and their size. A signal to end lets the forms in work finish.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::diagnostic::Diagnostic;

/// Connections at the same time; further ones wait to be accepted.
const CONNECTIONS: usize = 1024;

/// How long the head of a request may take, also the next one on an open connection.
const HEAD: Duration = Duration::from_secs(15);

/// How long forms in work may take when the process is asked to end.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves `router` on `address` until the process is asked to end; `ready` is told the address, whose port
/// the system chose if `address` has port 0.
///
/// # Errors
/// The address cannot be listened on.
pub fn listen(address: SocketAddr, router: &Router, ready: impl FnOnce(SocketAddr)) -> Result<(), Diagnostic> {
    let failed = |error: std::io::Error| {
        Diagnostic::error(format!("cannot listen on {address}: {error}"))
            .hint("choose another port with `--listen 127.0.0.1:4002`, or end the program that uses this one")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        ready(listener.local_addr().map_err(failed)?);
        serve(&listener, router).await;
        Ok(())
    })
}

async fn serve(listener: &TcpListener, router: &Router) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(asked_to_end());
    loop {
        let accept = async {
            let permit = Arc::clone(&connections).acquire_owned().await.expect("never closed");
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accept => accepted,
            () = &mut end => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, say: connections that end make room.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Answers are small and wait for nothing.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let mut router = router.clone();
            async move { Ok::<_, Infallible>(router.call(request).await.unwrap_or_else(|never| match never {})) }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(64 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is its reader's to open again; nothing of it was acknowledged.
            let _ = connection.await;
            drop(permit);
        });
    }
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}

/// Done at Ctrl-C, and at SIGTERM where there is such a thing.
async fn asked_to_end() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                () = interrupt => {}
            }
            return;
        }
    }
    interrupt.await;
}
