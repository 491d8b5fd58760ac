//! `courant comments …`: the desk for readers' replies.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::HeaderName;
use clap::{Args, Subcommand};
use serde_json::json;

use super::output::Output;
use super::{Exit, Global};
use crate::comments::listen::listen;
use crate::comments::receiver::{self, Options};
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;

/// Flags of `courant comments`.
#[derive(Debug, Args)]
pub(super) struct Comments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive replies over HTTP and store them in `comments/inbox/`
    Serve(Serve),
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen; let a web server with TLS pass requests on to it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4001")]
    listen: SocketAddr,
    /// Replies a minute from one address; 0: no limit
    #[arg(long, value_name = "N", default_value_t = 6)]
    per_minute: u32,
    /// Refuse replies while so many wait for an editor
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    waiting: usize,
    /// The header in which the web server in front names the reader's address, such as X-Forwarded-For
    #[arg(long, value_name = "HEADER")]
    address_header: Option<HeaderName>,
    /// Take forms from this origin too; may be given several times
    #[arg(long = "origin", value_name = "URL")]
    origins: Vec<String>,
}

impl Comments {
    pub(super) fn run(self, global: &Global, output: &Arc<Output>) -> Exit {
        let config = match Config::load(&global.site, &Overrides::default()) {
            Ok(config) => config,
            Err(problems) => {
                output.diagnostics(&problems);
                return Exit::SiteHasErrors;
            }
        };
        match self.command {
            Command::Serve(serve) => serve.run(global, config, output),
        }
    }
}

impl Serve {
    fn run(self, global: &Global, config: Config, output: &Arc<Output>) -> Exit {
        let told = Arc::clone(output);
        let options = Options {
            per_minute: self.per_minute,
            waiting: self.waiting,
            address_header: self.address_header,
            origins: self.origins,
            report: Arc::new(move |problem| told.diagnostic(problem)),
            ..Options::public()
        };
        if config.settings.comments.action.is_none() {
            output.diagnostic(
                &Diagnostic::warning("`comments.action` is not set, so no article has a form")
                    .at(crate::diagnostic::Place::file(crate::config::FILE))
                    .hint(format!(
                        "name this receiver: `comments: {{ action: \"https://replies.example{}\" }}`",
                        receiver::PATH
                    )),
            );
        }
        let ready = |address: SocketAddr| {
            let url = format!("http://{address}{}", receiver::PATH);
            output.result(&format!("replies are received at {url}"), json!({ "event": "listening", "url": url }));
        };
        let result = receiver::router(global.site.clone(), config, options)
            .and_then(|router| listen(self.listen, &router, ready));
        match result {
            Ok(()) => Exit::Fine,
            Err(problem) => {
                output.diagnostic(&problem);
                Exit::MachineFailed
            }
        }
    }
}
