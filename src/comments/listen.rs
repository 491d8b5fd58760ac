//! `courant comments serve`: the receiver on an address of its own.
//!
//! The bounds of connections are those of [`crate::connections`], those of forms are the receiver's. A signal to
//! end lets the forms in work finish.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::connections::{self, Bounds};
use crate::diagnostic::Diagnostic;

/// How many connections are open.
const BOUNDS: Bounds = Bounds { connections: 512, from_one: 64 };

/// How long forms in work may take when the process is asked to end.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves `router` on `address` until the process is asked to end; `ready` is told the address, whose port
/// the system chose if `address` has port 0. With `is_shared`, one network may have all connections: that of
/// a web server in front.
///
/// # Errors
/// The address cannot be listened on.
pub fn listen(
    address: SocketAddr,
    router: &Router,
    is_shared: bool,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Diagnostic> {
    let failed = |error: std::io::Error| {
        Diagnostic::error(format!("cannot listen on {address}: {error}"))
            .hint("choose another port with `--listen 127.0.0.1:4002`, or end the program that uses this one")
    };
    let from_one = if is_shared { BOUNDS.connections } else { BOUNDS.from_one };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        ready(listener.local_addr().map_err(failed)?);
        connections::serve(&listener, router, Bounds { from_one, ..BOUNDS }, asked_to_end(), FAREWELL).await;
        Ok(())
    })
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
