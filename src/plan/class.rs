//! How an output goes out: the phase of a deployment it belongs to, and how long readers may keep it.
//!
//! The log notes the class of every output, so that a deployment knows it without planning the site again, also of
//! outputs that are no longer planned.

use serde::{Deserialize, Serialize};

use super::{Output, Plan};
use crate::index::{Index, states};
use crate::theme::Theme;

/// What kind of output a file is for those who bring it to readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// A file that pages show, whose name stays when its bytes change.
    #[default]
    File,
    /// A file of the theme whose name changes with its bytes.
    Fingerprinted,
    /// A variant of an image, whose name changes with its bytes, too.
    Variant,
    /// Data of the search that the catalogue names.
    Data,
    /// An article or a page, and what stands beside it.
    Entry,
    /// What lists articles: listings, feeds, sitemaps, the search.
    Listing,
    /// A page at an old address that leads to the new one.
    Redirect,
}

impl Output {
    /// How the output goes out.
    pub fn class(self, theme: &Theme) -> Class {
        match self {
            Self::Asset(at) if theme.assets[at as usize].has_fingerprint_in_name() => Class::Fingerprinted,
            Self::Variant(..) => Class::Variant,
            Self::File(_) | Self::Asset(_) | Self::Card(_) | Self::ListingCard(_) => Class::File,
            Self::SearchWords(..) | Self::SearchArticles(..) => Class::Data,
            Self::Article(_) | Self::Page(_) | Self::Notice(_) | Self::Live(_) => Class::Entry,
            Self::Alias(_) => Class::Redirect,
            _ => Class::Listing,
        }
    }
}

/// The row of the article or page that the output tells of, or leads to: when that row is withheld, the output
/// must go.
pub(crate) fn teller(plan: &Plan, output: Output, index: &Index) -> Option<u32> {
    match output {
        Output::File(_) => None,
        Output::Card(id) => Some(index.article(id).row),
        // What leads to a notice tells of nothing that could be withdrawn once more.
        Output::Alias(at) => plan.aliases[at as usize].row.filter(|row| states::notice_of(index, *row).is_none()),
        _ => plan.own_row(output, index),
    }
}
