//! `courant serve`, and what `courant build --watch` prints.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::build::{count, grouped, set_jobs, summary_event};
use super::output::Output;
use super::{Exit, Global};
use crate::article::time::Timestamp;
use crate::comments::inbox::Waiting;
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::pipeline::{Failure, Observer, Options, Report};
use crate::publish::PREVIEW_FOLDER;
use crate::render::Reason;
use crate::serve::{
    self, Event, ListenOptions, Newsroom, Preview, PreviewHost, RebuildLoop, Server, Signal, WatchMode,
};

/// Flags of `courant serve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant serve --open            the site in your browser, and every change at once
  courant serve --open --drafts   with the drafts")]
pub(super) struct Serve {
    /// The port; the next free one if it is taken
    #[arg(long, value_name = "N", default_value_t = 4000)]
    port: u16,
    /// The address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
    listen: IpAddr,
    /// Answer to this name too, besides localhost and numeric addresses; may be given several times
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Show drafts too; builds into a folder of its own
    #[arg(long)]
    drafts: bool,
    /// Show articles dated in the future too; builds into a folder of its own
    #[arg(long)]
    future: bool,
    /// Let other machines use the desk at `/_courant/`, which shows what is withheld and approves comments
    #[arg(long)]
    share_desk: bool,
    /// Poll for changes, for network drives
    #[arg(long)]
    poll: bool,
    /// Worker threads (default: one for each processor)
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

fn address(text: &str) -> Result<IpAddr, String> {
    if text == "localhost" {
        return Ok(IpAddr::from([127, 0, 0, 1]));
    }
    text.trim_matches(['[', ']']).parse().map_err(|_| "write an address such as 127.0.0.1, 0.0.0.0 or ::1".into())
}

impl Serve {
    /// The preview as it is without flags, in a browser.
    pub(super) fn opened(port: u16) -> Self {
        let listen = IpAddr::from([127, 0, 0, 1]);
        Self {
            port,
            listen,
            hosts: Vec::new(),
            open: true,
            drafts: false,
            future: false,
            share_desk: false,
            poll: false,
            jobs: None,
        }
    }

    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        set_jobs(self.jobs);
        let shows_withheld = self.drafts || self.future;
        let overrides = Overrides {
            base_url: None,
            drafts: self.drafts,
            future: self.future,
            precompress: None,
            // What is published must be what `courant build` makes.
            takes_comments: shows_withheld,
        };
        let options = Options {
            overrides: overrides.clone(),
            output: shows_withheld.then(|| global.site.join(PREVIEW_FOLDER)),
            explain: true,
            ..Options::default()
        };
        if let Err(problem) = Config::find(&global.site) {
            output.diagnostic(&problem);
            return Exit::SiteHasErrors;
        }
        let how = if self.poll { WatchMode::Polling } else { WatchMode::Notified };
        let mut rebuild_loop = RebuildLoop::new(&global.site, options, how);
        let newsroom =
            Newsroom { root: global.site.clone(), overrides: overrides.clone(), clock, is_shared: self.share_desk };
        let preview = Arc::new(Preview::new(rebuild_loop.sender(), newsroom));
        rebuild_loop.show(Arc::clone(&preview));
        let wish = ListenOptions { listen: self.listen, port: self.port, names: self.hosts };
        let server = match Server::start(&wish, preview) {
            Ok(server) => server,
            Err(problem) => {
                output.diagnostic(&problem);
                return Exit::MachineFailed;
            }
        };
        let url = server.address.url(&rebuild_loop.base());
        if server.address.is_another_port && !output.json {
            output.result(
                &format!("port {} is taken; this is port {}", wish.port, server.address.socket.port()),
                json!({}),
            );
        }
        let desk = server.address.url(serve::DESK);
        output.result(
            &format!("{url}  (Ctrl-C ends)\n{desk}  the desk: what is withheld, what is due, comments, rewind"),
            json!({
                "event": "serving", "url": url, "desk": desk, "port": server.address.socket.port(), "wished_port": wish.port,
            }),
        );
        if self.open
            && let Err(error) = opener::open_browser(&url)
        {
            output.diagnostic(
                &Diagnostic::warning(format!("cannot open a browser: {error}")).hint(format!("open {url} yourself")),
            );
        }
        end_on_interrupt(rebuild_loop.sender());
        rebuild_loop.run(&Terminal {
            output,
            now: None,
            desk,
            has_begun: Cell::new(false),
            problems: RefCell::default(),
        });
        Exit::Fine
    }
}

/// `courant build --watch`: the same without a server.
pub(super) fn watch(
    global: &Global,
    output: &Output,
    options: Options,
    now: Option<Timestamp>,
    how: WatchMode,
) -> Exit {
    if let Err(problem) = Config::find(&global.site) {
        output.diagnostic(&problem);
        return Exit::SiteHasErrors;
    }
    let mut rebuild_loop = RebuildLoop::new(&global.site, Options { explain: true, ..options }, how);
    output.result("watching; Ctrl-C ends", json!({ "event": "watching" }));
    end_on_interrupt(rebuild_loop.sender());
    let desk = String::new();
    rebuild_loop.run(&Terminal { output, now, desk, has_begun: Cell::new(false), problems: RefCell::default() });
    Exit::Fine
}

/// Ctrl-C ends the program: at once when it waits, and after a moment when it builds. A build takes less
/// than that moment, as a rule; one that is cut off is repaired by the next.
fn end_on_interrupt(signals: Sender<Signal>) {
    const MOMENT: Duration = Duration::from_millis(300);
    serve::on_interrupt(move || {
        let _ = signals.send(Signal::Stop);
        std::thread::sleep(MOMENT);
        std::process::exit(Exit::Fine as i32);
    });
}

/// What time it is.
fn clock() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_second())
}

/// The terminal in which the rebuild loop runs.
struct Terminal<'a> {
    output: &'a Output,
    /// `--at`.
    now: Option<Timestamp>,
    /// The address of the desk, if there is one.
    desk: String,
    /// Whether the first build was told of.
    has_begun: Cell<bool>,
    /// What was wrong last time.
    problems: RefCell<Vec<Diagnostic>>,
}

impl PreviewHost for Terminal<'_> {
    fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(clock)
    }

    fn observer(&self) -> Box<dyn Observer + '_> {
        Box::new(self.output.progress())
    }

    fn told(&self, news: &Event<'_>) {
        let output = self.output;
        match news {
            Event::Polling(reason) => {
                let text = format!("{reason}; until then courant looks for changes itself, about once a second");
                output.diagnostic(&Diagnostic::warning(text));
                output.result("", json!({ "event": "polling", "reason": reason }));
            }
            Event::Comments(waiting) => {
                for Waiting { id, article, name, .. } in *waiting {
                    let event = json!({ "event": "comment", "id": id, "article": article, "name": name });
                    output.result(
                        &format!("{} {name} left a comment on {article}: {}#comments", self.clock(), self.desk),
                        event,
                    );
                }
            }
            Event::Begins(changed) => {
                if output.json && !changed.is_empty() {
                    output.result("", json!({ "event": "changed", "paths": changed }));
                }
            }
            Event::Built { changed, report } => self.built(changed, report),
            Event::Failed { changed, failure } => self.failed(changed, failure),
        }
    }
}

impl Terminal<'_> {
    fn built(&self, changed: &[String], report: &Report) {
        let output = self.output;
        // A second look at a new folder, or a moment that came and changed nothing.
        let did_nothing = report.rendered + report.written + report.removed == 0;
        if changed.is_empty() && did_nothing && self.has_begun.replace(true) {
            return;
        }
        self.has_begun.set(true);
        self.problems.take();
        output.diagnostics(&report.diagnostics);
        if output.verbose || output.json {
            for (path, reason) in &report.details.rendered {
                output.result(
                    &format!("  /{path}: {reason}"),
                    json!({ "event": "rendered", "path": path, "reason": reason.to_string() }),
                );
            }
        }
        let mut parts = Vec::new();
        if report.rendered > 0 {
            parts.push(format!("{} rendered ({})", count(report.rendered, "page"), reasons(&report.details.rendered)));
        }
        let copied = report.written.saturating_sub(report.rendered);
        if copied > 0 {
            parts.push(format!("{} written", count(copied, "other file")));
        }
        if report.removed > 0 {
            parts.push(format!("{} removed", grouped(report.removed)));
        }
        if parts.is_empty() {
            parts.push("nothing to render".into());
        }
        let milliseconds = report.took.as_secs_f64() * 1000.0;
        let text = format!("{}  {}: {} in {milliseconds:.0} ms", self.clock(), named(changed), parts.join(", "));
        output.result(&text, summary_event(report));
    }

    fn failed(&self, changed: &[String], failure: &Failure) {
        let output = self.output;
        let problems = match failure {
            Failure::Site(problems) => problems.clone(),
            Failure::Machine(problem) => vec![problem.clone()],
        };
        self.has_begun.set(true);
        if changed.is_empty() && *self.problems.borrow() == problems {
            return;
        }
        output.diagnostics(&problems);
        let errors = problems.iter().filter(|one| one.is_error()).count();
        let warnings = problems.len() - errors;
        self.problems.replace(problems);
        let text =
            format!("{}  {}: {}; the last good pages stay", self.clock(), named(changed), count(errors, "error"));
        output.result(&text, json!({ "event": "failed", "errors": errors, "warnings": warnings }));
    }

    /// The time of day, where the user is.
    fn clock(&self) -> String {
        jiff::tz::TimeZone::system().to_datetime(jiff::Timestamp::now()).strftime("%H:%M:%S").to_string()
    }
}

/// `local/tunnel.md`, `local/tunnel.md and 12 more`.
fn named(changed: &[String]) -> String {
    match changed {
        [] => "all".into(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", grouped(rest.len())),
    }
}

/// Why pages were rendered, the most frequent reason first, at most three.
fn reasons(rendered: &[(String, Reason)]) -> String {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for (_, reason) in rendered {
        let text = match reason {
            Reason::New => "new".into(),
            Reason::Tampered => "file changed by somebody else".into(),
            Reason::Template => "template".into(),
            Reason::Plan => "teaser or address".into(),
            Reason::Source => "source".into(),
            Reason::Answer(query) => query.to_string(),
        };
        match counted.iter_mut().find(|(known, _)| *known == text) {
            Some((_, number)) => *number += 1,
            None => counted.push((text, 1)),
        }
    }
    counted.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let mut shown: Vec<String> = counted
        .iter()
        .take(3)
        .map(
            |(text, number)| {
                if *number == rendered.len() { text.clone() } else { format!("{} × {text}", grouped(*number)) }
            },
        )
        .collect();
    if counted.len() > 3 {
        shown.push("…".into());
    }
    shown.join(", ")
}
