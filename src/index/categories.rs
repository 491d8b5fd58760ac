//! Sections that are called after categories: different names are different sections, also where their slugs are one.

use rustc_hash::FxHashMap;

use super::build::Dated;
use crate::article::slug::identity;
use crate::config::LanguageId;
use crate::fingerprint::Fingerprint;

/// Gives articles whose category has the slug of another one a section of their own. The plain slug belongs to the
/// category that is called like the section's own file (`title`), else to that of the oldest article; to the slug of
/// each other one some digits are added that are made of its name. Addresses of articles stay as they are. `dated` are
/// in their order.
pub(super) fn separate(dated: &mut [Dated], title: impl Fn(LanguageId, &str) -> Option<String>) {
    let mut names: FxHashMap<(LanguageId, Box<str>), Vec<Box<str>>> = FxHashMap::default();
    for (_, seed) in &*dated {
        if let (Some(section), Some(category)) = (&seed.section, &seed.category) {
            let known = names.entry((seed.language, section.clone())).or_default();
            if !known.contains(category) {
                known.push(category.clone());
            }
        }
    }
    // Spellings of one name are one.
    names.retain(|_, known| {
        known.len() > 1 && known.iter().map(|name| identity(name)).any(|name| name != identity(&known[0]))
    });
    if names.is_empty() {
        return;
    }
    let owner = |((language, section), known): (&(LanguageId, Box<str>), &Vec<Box<str>>)| {
        let titled = title(*language, section).map(|title| identity(&title));
        let mut own = known.iter().map(|name| identity(name));
        let owner = own.clone().find(|name| titled.as_ref() == Some(name)).or_else(|| own.next());
        ((*language, section.clone()), owner.unwrap_or_default())
    };
    let owners: FxHashMap<(LanguageId, Box<str>), String> = names.iter().map(owner).collect();
    for (_, seed) in dated {
        let (Some(section), Some(category)) = (&mut seed.section, &seed.category) else { continue };
        let own = identity(category);
        if owners.get(&(seed.language, section.clone())).is_some_and(|owner| *owner != own) {
            *section = format!("{section}-{}", &Fingerprint::of(own.as_bytes()).short()[..4]).into();
        }
    }
}
