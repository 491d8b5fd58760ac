//! The **comment desk**: readers' comments, from the form to the article's file.
//!
//! It is a user of the build, not a stage of it. A build reads `<slug>.comments.yaml` and nothing else of
//! what is here; whatever a reader sends waits in `comments/inbox/` until an editor decides, and e-mail
//! addresses never leave that folder.
//!
//! ```text
//! form ─► receiver ─► inbox ─► desk ─► <slug>.comments.yaml ─► build
//!         checks      one      approve,
//!                     file     reject
//! ```
//!
//! | file | holds |
//! |---|---|
//! | [`receiver`] | the HTTP side: [`receiver::router`], mounted by `courant serve` and `courant comments serve` |
//! | [`submission`] | what the form sends, and what is wrong with it |
//! | [`directory`] | which articles take comments |
//! | [`inbox`] | the file of a waiting comment |
//! | [`listen`] | the receiver on an address of its own |
//! | [`desk`] | an editor's decisions |
//! | [`approved`] | the file of approved comments |
//! | [`addresses`] | articles by all addresses they had |
//! | [`import`](mod@import) | comments from Disqus and WordPress |
//! | [`storage`] | many comments made durable with few waits for the disk |
//!
//! The one idea: a comment is acknowledged after its file and the folder's entry for it are on the disk, and
//! from then on it is in exactly one of three places: the inbox, the article's file, or an editor's bin.
//! Nothing that is stored depends on this process.

pub mod addresses;
pub mod approved;
pub mod desk;
pub mod directory;
pub mod import;
pub mod inbox;
pub mod listen;
mod page;
mod rate;
pub mod receiver;
mod seal;
pub mod storage;
pub mod submission;
