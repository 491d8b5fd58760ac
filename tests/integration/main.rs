//! What courant does, asked of the real program in folders of its own. One program, by feature: `cargo test leaks::`
//! runs one of them.
//!
//! Two programs are apart: `differential`, which can run for hours, and `browsers`, whose tests drive a browser.

#[path = "../../benches/corpus/mod.rs"]
#[expect(dead_code, reason = "the benchmark uses all of it")]
mod corpus;
#[path = "../fixture/mod.rs"]
mod fixture;
#[path = "../receiver/mod.rs"]
mod receiver;

mod comments;
#[cfg(feature = "deploy")]
mod deploy;
mod import;
mod leaks;
mod preview;

mod build {
    mod bad_input;
    mod bounds;
    mod diagnostics;
    mod keys;
    #[cfg(all(feature = "deploy", feature = "images"))]
    mod parts;
    mod precision;
    #[cfg(all(feature = "deploy", feature = "images", target_os = "linux"))]
    mod slurm;
    mod stale;
    mod timeline;
}
mod check {
    mod architecture;
    mod commands;
    mod documentation;
    mod outside_links;
    mod rules;
    mod schema;
}
mod content {
    mod articles;
    mod corrections;
    mod embeds;
    #[cfg(feature = "images")]
    mod images;
    mod languages;
    mod live;
    mod originals;
    mod sources;
    mod withdrawal;
}
mod feeds {
    mod formats;
    mod google_news;
}
mod listings {
    mod archives;
    mod front;
}
mod output {
    #[cfg(feature = "cards")]
    mod cards;
    mod delivery;
    mod head;
    mod precompress;
    mod search;
}
mod theme {
    mod overrides;
    mod owner;
    mod tools;
}
