//! What editors place on a page.

use crate::fingerprint::Fingerprint;
use crate::plan::Listing;
use crate::query::answers::{Answer as _, FrontPage};
use crate::query::{Question, Seen, View, answers};

/// Shows `look` what stands on the page of a listing; none if nothing does.
pub(crate) fn front<T>(view: &View, listing: Seen<Listing>, look: impl FnOnce(&FrontPage<'_>) -> T) -> Option<T> {
    let listing = view.get(listing);
    let question = || Question::Front(listing.path.clone());
    let shown = answers::front(&view.site, listing, |front| {
        view.record(question(), || front.fingerprint(&view.site));
        look(front)
    });
    if shown.is_none() {
        view.record(question(), Fingerprint::default);
    }
    shown
}
