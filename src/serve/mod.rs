//! The preview: `courant serve`, and `courant build --watch`, which is the same without a server.
//!
//! A user of the pipeline, not a stage. It renders nothing and decides nothing about freshness: it hears
//! what changed on disk, asks a [`crate::pipeline::Session`] for the same build as `courant build`, and
//! tells browsers what became of the page they show. The one idea: **the output folder is the truth**.
//! What the preview adds (a script, a ribbon, errors) exists only in what it sends.
//!
//! ```text
//!              signals                 build                   news
//! [`watch`] ────────────► [`rebuild_loop`] ─────────► public/    ─────────────► [`live`] ─► browsers
//!                             └── [`preview`]: what is shown now ──► [`router`] ──┘
//! ```
//!
//! The newsdesk is for those who write and edit: it shows what the site's own pages cannot.
//!
//! Only the server is asynchronous, and it runs on threads of its own: a build that uses all processors
//! does not keep a page from being served.

mod file;
mod host;
mod live;
mod newsdesk;
mod page;
mod poll;
mod preview;
mod rebuild_loop;
mod router;
mod server;
mod watch;

pub use newsdesk::{ADDRESS as DESK, Newsroom};
pub use preview::Preview;
pub use rebuild_loop::{Event, PreviewHost, RebuildLoop};
pub use server::{Address, ListenOptions, Server, on_interrupt};
pub use watch::{Signal, WatchMode};
