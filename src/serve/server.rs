//! The server: a socket, and threads on which requests are answered.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::preview::Preview;
use super::router::router;
use crate::connections::{self, Bounds};
use crate::diagnostic::Diagnostic;

/// How many connections are open. Each page that is open in a browser holds one, for its stream of events.
const BOUNDS: Bounds = Bounds { connections: 256, from_one: 128 };

/// How many ports above the wished one are tried.
const PORTS: u16 = 100;

/// What is wished for.
#[derive(Clone, Debug)]
pub struct ListenOptions {
    /// The address to listen on.
    pub listen: IpAddr,
    /// The port; 0 takes any.
    pub port: u16,
    /// Names to answer to, beside digits and `localhost`.
    pub names: Vec<String>,
}

/// What is listened on.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    /// Address and port.
    pub socket: SocketAddr,
    /// Whether the wished port was taken by somebody else.
    pub is_another_port: bool,
}

impl Address {
    /// Where a browser of this machine finds the path `path`.
    pub fn url(&self, path: &str) -> String {
        let mut socket = self.socket;
        if socket.ip().is_unspecified() {
            socket.set_ip(match socket.ip() {
                IpAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
                IpAddr::V6(_) => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
            });
        }
        format!("http://{socket}{path}")
    }
}

/// Serves until it is dropped.
#[derive(Debug)]
pub struct Server {
    /// What it listens on.
    pub address: Address,
    runtime: Option<Runtime>,
}

impl Server {
    /// Begins to serve.
    ///
    /// # Errors
    /// The address is not one of this machine, or the port is not for everybody.
    pub fn start(wish: &ListenOptions, preview: Arc<Preview>) -> Result<Self, Diagnostic> {
        let refuse = |error: io::Error, hint: &str| {
            Diagnostic::error(format!("cannot listen on {}: {error}", SocketAddr::new(wish.listen, wish.port)))
                .hint(hint)
        };
        let listener = bind(wish).map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::AddrNotAvailable => {
                    "`--listen` takes an address of this machine, such as 127.0.0.1 or 0.0.0.0"
                }
                io::ErrorKind::PermissionDenied => {
                    "ports below 1024 are for the administrator; choose another with `--port`"
                }
                _ => "choose another port with `--port`",
            };
            refuse(error, hint)
        })?;
        let start = || -> io::Result<(Runtime, SocketAddr)> {
            let socket = listener.local_addr()?;
            listener.set_nonblocking(true)?;
            let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("server").enable_all().build()?;
            let listener = {
                let _inside = runtime.enter();
                tokio::net::TcpListener::from_std(listener.try_clone()?)?
            };
            let router = router(preview, wish.names.clone().into());
            runtime.spawn(async move {
                // It ends with its runtime.
                connections::serve(&listener, &router, BOUNDS, std::future::pending(), Duration::ZERO).await;
            });
            Ok((runtime, socket))
        };
        let (runtime, socket) = start().map_err(|error| refuse(error, "try again"))?;
        let is_another_port = wish.port != 0 && socket.port() != wish.port;
        Ok(Self { address: Address { socket, is_another_port }, runtime: Some(runtime) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Streams of events never end by themselves.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The wished port, or the next one that is free.
fn bind(wish: &ListenOptions) -> io::Result<TcpListener> {
    let mut port = wish.port;
    loop {
        match TcpListener::bind((wish.listen, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port < wish.port.saturating_add(PORTS) => {
                port += 1;
            }
            done => return done,
        }
    }
}

/// Calls `then` when the user presses Ctrl-C.
pub fn on_interrupt(then: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        // Without a runtime the system's own way remains: the program ends at once.
        if let Ok(runtime) = Builder::new_current_thread().enable_io().build()
            && runtime.block_on(tokio::signal::ctrl_c()).is_ok()
        {
            then();
        }
    });
}
