//! **courant** turns a folder of Markdown articles into a news site made of plain files.
//!
//! # Bird's-eye view
//!
//! A build is six stages, one folder each. A stage is a value made from the one before; the whole is on
//! one screen, in [`pipeline::build`].
//!
//! ```text
//! sources ─► article ─► index ─► plan ─► render ─► publish
//! what is    file →     all      which   page →    bytes →
//! on disk    record     teasers  pages   bytes     public/
//! ```
//!
//! | folder | stage | holds |
//! |---|---|---|
//! | [`source`] | 1 | [`source::Source`]: a file with its stamp |
//! | [`article`] | 2 | [`article::Row`]: a source and the record in it; front matter in all its spellings |
//! | [`index`] | 3 | [`index::Index`]: visible articles in order, sections, terms, teasers |
//! | [`plan`] | 4 | [`plan::Plan`]: every output that must exist, and its address |
//! | [`render`] | 5 | [`render::Renderer`]: outputs to bytes; templates, feeds |
//! | [`publish`] | 6 | [`publish::OutputFolder`], [`publish::BuildLog`]: what is on disk afterwards |
//!
//! Users of that pipeline: [`serve`], the preview, which watches, builds with a [`pipeline::Session`] and shows
//! the result; and [`comments`], the desk for readers' comments. Their servers are the only async code, and share
//! [`connections`].
//!
//! Beside them: [`config`] (`site.yaml`), [`diagnostic`] (errors as values), [`fingerprint`], [`locale`] (how
//! languages write dates and numbers), [`text`], [`site_path`], [`file_kind`], [`html`], [`markdown`], [`variant`], [`original`] (what
//! of a photograph or film is published), [`images`] (copies of photographs), [`cards`] (images of headlines), and
//! [`cli`], the only one that prints.
//! Users of the pipeline: [`check`], which publishes nothing, `deploy`, which brings what was published to its readers,
//! `parts`, which builds a site on many machines,
//! [`import`], which makes a site of one from elsewhere, and [`scaffold`], which makes what people go on with. For
//! editors: [`schema`].
//!
//! # How it stays right when it skips work
//!
//! A page is rendered again unless its trace proves that it would be the same: its template's reach, its
//! plan, its own source, and the answers to the questions it asked ([`query`]). There is no code that
//! says what a change affects, so there is none that can be wrong. A full build is the same build with an
//! empty log, and `tests/differential` compares the two byte for byte after random edits.
//!
//! # Invariants, stated as absences
//!
//! * Rendering learns nothing of other articles but through a recorded question; it knows no clock, no
//!   environment, no randomness, and starts no parallel work.
//! * A withheld article is not among those of the index, so no later stage can show it; what is written is
//!   searched for it all the same (`publish::leak`).
//! * Nothing in a build but [`publish`] writes, and it writes nothing outside the output folder and `.courant/`;
//!   but for [`images`] and [`cards`], which keep in `.courant/` what they have made, by the hash of what it was made of.
//! * Nothing asks the network but `check --external`, which writes only what it was answered, into `.courant/`,
//!   `deploy`, `parts` in a bucket, and `import --download`, which writes the old site's own files into `static/`.
//! * No stage prints; diagnostics are gathered and returned.
//! * No page is moved into place before all pages are rendered.
//! * Nothing is deleted in order to be written again.
//!
//! # As a library
//!
//! The interface of the library is not stable: it follows the program.
//!
//! ```
//! use courant::article::time::Timestamp;
//! use courant::pipeline::{Observer, Options, build};
//! use courant::publish::Progress;
//!
//! /// Is told how the build goes, and says nothing.
//! struct Quiet;
//! impl Progress for Quiet {}
//! impl Observer for Quiet {}
//!
//! # fn main() -> Result<(), std::io::Error> {
//! let site = tempfile::tempdir()?;
//! std::fs::create_dir_all(site.path().join("content/local"))?;
//! std::fs::write(
//!     site.path().join("content/local/ferry.md"),
//!     "---\ntitle: The ferry sails\ndate: 2026-11-20\n---\n\nAt six.\n",
//! )?;
//! // The clock is the caller's: 23 November 2026, in seconds since 1970.
//! let options = Options { now: Timestamp(1_795_392_000), ..Options::default() };
//! let report = build(site.path(), &options, &Quiet).expect("a site without errors");
//! assert_eq!(report.articles, 1);
//! assert!(site.path().join("public/local/ferry/index.html").exists());
//! # Ok(())
//! # }
//! ```

pub mod article;
#[cfg(feature = "cards")]
pub mod cards;
#[cfg(not(feature = "cards"))]
#[path = "cards/disabled.rs"]
pub mod cards;
pub mod check;
pub mod cli;
pub mod comments;
pub mod config;
pub mod connections;
#[cfg(feature = "deploy")]
pub mod deploy;
pub mod diagnostic;
pub mod file_kind;
pub mod fingerprint;
pub mod html;
mod html_addresses;
#[cfg(feature = "images")]
pub mod images;
#[cfg(not(feature = "images"))]
#[path = "images/disabled.rs"]
pub mod images;
pub mod import;
pub mod index;
pub mod locale;
pub mod markdown;
pub mod original;
#[cfg(feature = "deploy")]
pub mod parts;
pub mod pipeline;
pub mod plan;
pub mod publish;
pub mod query;
pub mod render;
pub mod scaffold;
pub mod schema;
mod search;
pub mod serve;
pub mod site_path;
pub mod source;
pub mod source_name;
pub mod text;
pub mod theme;
pub mod variant;
pub mod write;
pub mod yaml;
