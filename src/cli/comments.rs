//! `courant comments …`: the desk for readers' comments.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderName;
use clap::{Args, Subcommand};
use serde_json::json;

use super::output::Output;
use super::{Exit, Global, configuration, failed};
use crate::comments::desk::{self, Moderation};
use crate::comments::import;
use crate::comments::inbox::{Inbox, Waiting};
use crate::comments::listen::listen;
use crate::comments::receiver::{self, Options};
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// Flags of `courant comments`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments list             what waits for an editor
  courant comments approve 7f3a     publish one; a part of its id will do
  courant comments reject --all     throw away all that wait
  courant comments serve            receive them; a web server passes them on")]
pub(super) struct Comments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive comments over HTTP and store them in `comments/inbox/`
    Serve(Serve),
    /// List the comments that wait for an editor, oldest first
    List(List),
    /// Show waiting comments whole
    Show(Show),
    /// Publish comments under their articles
    Approve(Approve),
    /// Throw comments away, for good
    Reject(Reject),
    /// Import comments from an export of Disqus or WordPress (XML)
    Import(Import),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments list
  courant comments list --article local/tunnel")]
struct List {
    /// Only those to this article: a part of its address or file
    #[arg(long, value_name = "TEXT")]
    article: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments show 7f3a")]
struct Show {
    /// Their ids, or any unique part of one
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments approve 7f3a 19c2
  courant comments approve --all
  courant comments approve 7f3a --to content/local/tunnel.md")]
struct Approve {
    #[command(flatten)]
    chosen: Chosen,
    /// The article they belong to, if it has moved: its file, such as content/local/tunnel.md
    #[arg(long, value_name = "FILE")]
    to: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments reject 7f3a")]
struct Reject {
    #[command(flatten)]
    chosen: Chosen,
}

#[derive(Debug, Args)]
struct Chosen {
    /// Their ids, or any unique part of one
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "ID")]
    ids: Vec<String>,
    /// All that are waiting
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments import disqus.xml --dry-run")]
struct Import {
    /// The export, unpacked
    file: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant comments serve --listen 127.0.0.1:4001 --address-header X-Forwarded-For")]
struct Serve {
    /// Where to listen; let a web server with TLS pass requests on to it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4001")]
    listen: SocketAddr,
    /// Comments a minute from one address; 0: no limit
    #[arg(long, value_name = "N", default_value_t = 6)]
    per_minute: u32,
    /// Refuse comments while so many wait for an editor
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
        let Some(config) = configuration(global, &Overrides::default(), output) else { return Exit::SiteHasErrors };
        match self.command {
            Command::Serve(serve) => serve.run(global, config, output),
            Command::List(list) => list.run(global, output),
            Command::Show(show) => show.run(global, output),
            Command::Approve(approve) => approve.run(global, &config, output),
            Command::Reject(reject) => reject.run(global, &config, output),
            Command::Import(import) => import.run(global, &config, output),
        }
    }
}

impl Serve {
    fn run(self, global: &Global, config: Config, output: &Arc<Output>) -> Exit {
        let told = Arc::clone(output);
        // Those behind a web server share its address, and whoever wants no limits has none.
        let is_shared = self.address_header.is_some() || self.per_minute == 0;
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
            output.result(&format!("comments are received at {url}"), json!({ "event": "listening", "url": url }));
        };
        let result = receiver::router(global.site.clone(), config, options)
            .and_then(|router| listen(self.listen, &router, is_shared, ready));
        match result {
            Ok(()) => Exit::Fine,
            Err(problem) => {
                output.diagnostic(&problem);
                Exit::MachineFailed
            }
        }
    }
}

impl List {
    fn run(self, global: &Global, output: &Output) -> Exit {
        let inbox = Inbox::of(&global.site);
        let ids = match find(&inbox, &Chosen { ids: Vec::new(), all: true }) {
            Ok(ids) => ids,
            Err(failure) => return failed(output, &failure),
        };
        let mut exit = Exit::Fine;
        let mut shown = 0;
        for id in ids {
            let waiting = match inbox.read(&id) {
                Ok(waiting) => waiting,
                Err(failure) => {
                    exit = exit.worse(failed(output, &failure));
                    continue;
                }
            };
            let fits = |text: &str| {
                waiting.article.contains(text) || waiting.source.as_deref().is_some_and(|source| source.contains(text))
            };
            if self.article.as_deref().is_none_or(fits) {
                shown += 1;
                let words: String = crate::text::plain_line(&waiting.text).chars().take(60).collect();
                output.result(
                    &format!("{id}  {}  {}: {words}", waiting.article, crate::text::plain_line(&waiting.name)),
                    event(&waiting),
                );
            }
        }
        if shown == 0 && !output.json && exit == Exit::Fine {
            output.result("no comment is waiting", json!({}));
        }
        exit
    }
}

impl Show {
    fn run(self, global: &Global, output: &Output) -> Exit {
        let inbox = Inbox::of(&global.site);
        let found = find(&inbox, &Chosen { ids: self.ids, all: false });
        let read = |ids: Vec<String>| ids.iter().map(|id| inbox.read(id)).collect::<Result<Vec<Waiting>, Failure>>();
        match found.and_then(read) {
            Ok(all) => {
                for waiting in &all {
                    // Control characters of a stranger have no business on a terminal.
                    let yaml = crate::text::clean(&waiting.to_yaml());
                    output.result(&yaml, event(waiting));
                }
                Exit::Fine
            }
            Err(failure) => failed(output, &failure),
        }
    }
}

impl Approve {
    fn run(self, global: &Global, config: &Config, output: &Output) -> Exit {
        let chosen = Moderation::open(&global.site, config)
            .and_then(|desk| Ok((desk, find(&Inbox::of(&global.site), &self.chosen)?)));
        let (mut desk, ids) = match chosen {
            Ok(chosen) => chosen,
            Err(failure) => return failed(output, &failure),
        };
        let mut exit = Exit::Fine;
        for id in ids {
            match desk.approve(&id, self.to.as_deref()) {
                Ok(outcome) => output.result(
                    &format!("{id} is in {}", outcome.file),
                    json!({ "event": "approved", "id": id, "path": outcome.file, "was_there": outcome.was_there }),
                ),
                Err(failure) => exit = failed(output, &failure),
            }
            // The next one would fail in the same way.
            if exit == Exit::MachineFailed {
                break;
            }
        }
        exit
    }
}

impl Reject {
    fn run(self, global: &Global, config: &Config, output: &Output) -> Exit {
        let chosen = Moderation::open(&global.site, config)
            .and_then(|desk| Ok((desk, find(&Inbox::of(&global.site), &self.chosen)?)));
        let (desk, ids) = match chosen {
            Ok(chosen) => chosen,
            Err(failure) => return failed(output, &failure),
        };
        for id in ids {
            match desk.reject(&id) {
                Ok(()) => output.result(&format!("{id} is gone"), json!({ "event": "rejected", "id": id })),
                Err(failure) => return failed(output, &failure),
            }
        }
        Exit::Fine
    }
}

impl Import {
    fn run(self, global: &Global, config: &Config, output: &Output) -> Exit {
        if !self.file.exists() {
            let problem = Diagnostic::error(format!("the file `{}` does not exist", self.file.display()))
                .hint("name the file that Disqus or WordPress has exported");
            output.diagnostic(&problem);
            return Exit::WrongUsage;
        }
        let imported =
            Moderation::open(&global.site, config).and_then(|desk| import::import(&desk, &self.file, self.dry_run));
        let imported = match imported {
            Ok(imported) => imported,
            Err(failure) => return failed(output, &failure),
        };
        output.diagnostics(&imported.diagnostics);
        for (address, number) in &imported.unmatched {
            output.diagnostic(
                &Diagnostic::warning(format!("{number} to {address}: no article has this address"))
                    .hint("add the address to `aliases` of the article and import again"),
            );
        }
        let unmatched: usize = imported.unmatched.values().sum();
        let would = if self.dry_run { "would be " } else { "" };
        output.result(
            &format!(
                "{}: {} {would}published, {} {would}waiting, {} known before, {} left behind, {unmatched} without an article",
                imported.format, imported.published, imported.waiting, imported.known, imported.left
            ),
            json!({
                "event": "imported", "format": imported.format, "dry_run": self.dry_run,
                "published": imported.published, "waiting": imported.waiting, "known": imported.known,
                "left": imported.left, "unmatched": unmatched,
            }),
        );
        if imported.diagnostics.iter().any(Diagnostic::is_error) { Exit::SiteHasErrors } else { Exit::Fine }
    }
}

/// The ids that are meant.
fn find(inbox: &Inbox, chosen: &Chosen) -> Result<Vec<String>, Failure> {
    if chosen.all { desk::all(inbox) } else { desk::find(inbox, &chosen.ids) }
}

/// A waiting comment for machines.
fn event(waiting: &Waiting) -> serde_json::Value {
    json!({
        "event": "comment", "id": waiting.id, "article": waiting.article, "source": waiting.source,
        "name": waiting.name, "email": waiting.email, "website": waiting.website,
        "in_reply_to": waiting.in_reply_to, "date": waiting.date, "text": waiting.text,
    })
}
