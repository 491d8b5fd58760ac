//! What readers and editors see: pages, the preview and its desk in headless Chromium. One program, so that the browser
//! starts and the sample site is built once for all. Without a browser each test says so and passes; with `CI` set it
//! fails.

mod browser;
#[path = "../fixture/mod.rs"]
mod fixture;

mod comments;
mod coverage;
mod embeds;
mod gallery;
mod live_update;
mod newsdesk;
mod pages;
mod policy;
mod search;
mod snapshots;
