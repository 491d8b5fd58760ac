//! The command line: arguments in, stages called, results and diagnostics printed.
//!
//! Exit codes: 0 fine; 1 the site has errors; 2 wrong usage; 3 the machine failed.

mod build;
mod check;
mod comments;
mod coverage;
#[cfg(feature = "deploy")]
mod deploy;
mod images;
mod import;
mod init;
#[cfg(feature = "deploy")]
mod join;
mod list;
mod new;
mod next;
mod output;
mod schema;
mod serve;
mod shell;
mod theme;
mod withdraw;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

use output::Output;

use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::scaffold;

/// A static site generator for news blogs.
#[derive(Debug, Parser)]
#[command(
    name = "courant",
    version,
    about,
    long_about = None,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 fine; 1 the site has errors; 2 wrong usage; 3 the machine failed (disk full, no permission)."
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags of all commands.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct Global {
    /// The site's folder
    #[arg(long, value_name = "DIR", global = true, default_value = ".")]
    site: PathBuf,
    /// Print errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print every message; with `build`, why each page was rendered and how long each stage took
    #[arg(long, short, global = true)]
    verbose: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: Color,
    /// Print JSON for machines, one object a line
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site into its output folder
    Build(build::Build),
    /// Show the site in a browser while you write
    Serve(serve::Serve),
    /// Write a new article with its front matter filled in, and print its path
    New(new::New),
    /// Add an update to live coverage, with its time
    Coverage(coverage::Coverage),
    /// Withdraw an article, and tell readers why
    Withdraw(withdraw::Withdraw),
    /// Make a site that looks like a paper, as a start
    Init(init::Init),
    /// Look for dead links, missing images, unknown keys and the like; publishes nothing
    Check(check::Check),
    /// List themes, begin one, take over a file of one, or check one
    Theme(theme::Theme),
    /// Print the JSON Schema of front matter or site.yaml, for editors
    Schema(schema::Schema),
    /// List articles and pages with their state: draft, embargoed, expiring, published
    List(list::List),
    /// Bring what changed to the readers: to a folder, a bucket, a server, or a host with an uploader of its own
    #[cfg(feature = "deploy")]
    Deploy(deploy::Deploy),
    /// Join the parts that `courant build --part` has made on many machines, and publish them
    #[cfg(feature = "deploy")]
    Join(join::Join),
    /// Make the copies of photographs that the next build needs, without building
    Images(images::Images),
    /// List the moments at which the site will change by itself
    Next(next::Next),
    /// Make a site of one from elsewhere: WordPress, Jekyll, Hugo, Zola, or anything as JSON Lines
    Import(import::Import),
    /// Receive readers' comments, and decide which are published
    Comments(comments::Comments),
    /// Print the script that completes commands and options in a shell
    Completions(shell::Completions),
    /// Print the manual page
    Man,
}

/// How a command ended, from fine to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Fine = 0,
    SiteHasErrors = 1,
    WrongUsage = 2,
    MachineFailed = 3,
}

impl Exit {
    /// The worse of two.
    fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Prints why a command failed.
fn failed(output: &Output, failure: &Failure) -> Exit {
    match failure {
        Failure::Site(problems) => {
            output.diagnostics(problems);
            Exit::SiteHasErrors
        }
        Failure::Machine(problem) => {
            output.diagnostic(problem);
            Exit::MachineFailed
        }
    }
}

/// The configuration of the site. Prints what is wrong with it.
fn configuration(global: &Global, overrides: &Overrides, output: &Output) -> Option<Config> {
    Config::load(&global.site, overrides).map_err(|problems| output.diagnostics(&problems)).ok()
}

/// What the arguments say. Prints what is wrong with them.
fn understood<T>(found: Result<T, Diagnostic>, output: &Output) -> Option<T> {
    found.map_err(|problem| output.diagnostic(&problem)).ok()
}

/// Prints why nothing was made.
fn refused(failure: &scaffold::Failure, output: &Output) -> Exit {
    let (problem, exit) = match failure {
        scaffold::Failure::Usage(problem) => (problem, Exit::WrongUsage),
        scaffold::Failure::Wrong(problem) => (problem, Exit::SiteHasErrors),
        scaffold::Failure::Machine(problem) => (problem, Exit::MachineFailed),
    };
    output.diagnostic(problem);
    exit
}

/// What people do with the commands, in the order of the help.
const GROUPS: [(&str, &[&str]); 6] = [
    ("Write", &["init", "new", "serve", "coverage", "withdraw", "list"]),
    ("Publish", &["build", "images", "join", "check", "next", "deploy"]),
    ("Move in", &["import"]),
    ("Comments", &["comments"]),
    ("Themes", &["theme"]),
    ("Set up", &["schema", "completions", "man", "help"]),
];

/// The command line, for completions, the manual page and the documentation.
pub fn command() -> clap::Command {
    let mut command = <Arguments as clap::CommandFactory>::command().styles(STYLES);
    command.build();
    let commands = in_groups(&command);
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{commands}\n{{options}}{{after-help}}"
    ))
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// The commands with what they do, by group.
fn in_groups(command: &clap::Command) -> String {
    let (header, literal) = (STYLES.get_header(), STYLES.get_literal());
    let width = command.get_subcommands().map(|one| one.get_name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for (group, names) in GROUPS {
        let _ = write!(text, "\n{header}{group}:{header:#}\n");
        for one in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = one.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{:width$}{literal:#}  {about}", one.get_name());
        }
    }
    text
}

/// The error if `--site` does not name a folder and the command needs one.
fn no_folder(arguments: &Arguments) -> Option<Diagnostic> {
    let makes_or_needs_none = matches!(
        arguments.command,
        Command::Init(_) | Command::Import(_) | Command::Schema(_) | Command::Completions(_) | Command::Man
    );
    let site = &arguments.global.site;
    (!makes_or_needs_none && !site.is_dir()).then(|| {
        Diagnostic::error(format!("--site: the folder `{}` does not exist", site.display()))
            .hint("name the folder that holds `content` and `site.yaml`")
    })
}

/// Runs the program.
pub fn main() -> ExitCode {
    let parsed = command().try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::WrongUsage as u8 } else { 0 });
        }
    };
    let output = Arc::new(Output::new(&arguments.global));
    if let Some(problem) = no_folder(&arguments) {
        output.diagnostic(&problem);
        return ExitCode::from(Exit::WrongUsage as u8);
    }
    let exit = match arguments.command {
        Command::Build(build) => build.run(&arguments.global, &output),
        Command::Serve(serve) => serve.run(&arguments.global, &output),
        Command::New(new) => new.run(&arguments.global, &output),
        Command::Coverage(coverage) => coverage.run(&arguments.global, &output),
        Command::Withdraw(withdraw) => withdraw.run(&arguments.global, &output),
        Command::Init(init) => init.run(&arguments.global, &output),
        Command::Check(check) => check.run(&arguments.global, &output),
        Command::Theme(theme) => theme.run(&arguments.global, &output),
        #[cfg(feature = "deploy")]
        Command::Join(join) => join.run(&arguments.global, &output),
        #[cfg(feature = "deploy")]
        Command::Deploy(deploy) => deploy.run(&arguments.global, &output),
        Command::Schema(schema) => schema.run(&output),
        Command::Completions(completions) => completions.run(&output),
        Command::Man => shell::man(&output),
        Command::Images(images) => images.run(&arguments.global, &output),
        Command::List(list) => list.run(&arguments.global, &output),
        Command::Next(next) => next.run(&arguments.global, &output),
        Command::Comments(comments) => comments.run(&arguments.global, &output),
        Command::Import(import) => import.run(&arguments.global, &output),
    };
    ExitCode::from(output.end(exit) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group_of_the_help() {
        let mut named: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        named.sort_unstable();
        let command = command();
        let mut all: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        all.sort_unstable();
        assert_eq!(named, all);
    }
}
