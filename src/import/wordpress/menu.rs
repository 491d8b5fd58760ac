//! Menus: the main one becomes that of the site, and of all others is told what they said.

use std::collections::BTreeSet;

use super::State;
use super::wxr::WxrItem;
use crate::import::item::MenuEntry;
use crate::import::{Reading, Visibility};

/// An entry of a menu.
#[derive(Debug)]
pub(super) struct MenuItem {
    number: u64,
    menu: String,
    title: String,
    kind: String,
    object: String,
    object_id: u64,
    url: String,
    parent: u64,
    order: i64,
}

/// The most entries of a bar.
const MOST: usize = 12;

/// Takes an entry of a menu.
pub(super) fn take(item: &WxrItem, state: &mut State) {
    let menu = item.categories.iter().find(|one| one.domain == "nav_menu").map(|one| one.nicename.clone());
    let meta = |key: &str| item.meta(key).unwrap_or_default().to_owned();
    if item.text("wp:status") != "publish" {
        return;
    }
    state.menus.push(MenuItem {
        number: item.text("wp:post_id").parse().unwrap_or_default(),
        menu: menu.unwrap_or_default(),
        title: item.text("title").to_owned(),
        kind: meta("_menu_item_type"),
        object: meta("_menu_item_object"),
        object_id: meta("_menu_item_object_id").parse().unwrap_or_default(),
        url: meta("_menu_item_url"),
        parent: meta("_menu_item_menu_item_parent").parse().unwrap_or_default(),
        order: item.text("wp:menu_order").parse().unwrap_or_default(),
    });
}

/// The main menu: the one whose name says so, else the one with most entries on its first level. What is left out of
/// it, and all other menus, are told.
pub(super) fn main(state: &State, reading: &mut Reading<'_>) -> Vec<MenuEntry> {
    let all = &state.menus;
    let mut names: Vec<&str> = all.iter().map(|one| one.menu.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let number = |name: &str| all.iter().filter(|one| one.menu == name && one.parent == 0).count();
    let is_main =
        |name: &&&str| ["primary", "main", "header", "haupt", "principal"].iter().any(|word| name.contains(word));
    let fits = |name: &&&str| (1..=MOST).contains(&number(name));
    let chosen =
        names.iter().filter(is_main).find(fits).or_else(|| names.iter().filter(fits).max_by_key(|name| number(name)));
    let chosen = chosen.copied();
    for name in names.iter().filter(|name| Some(**name) != chosen) {
        let said: Vec<String> = all.iter().filter(|one| one.menu == *name).map(|one| said(one, state)).collect();
        let what = format!("the menu `{name}` is not in site.yaml: {}", said.join(", "));
        reading.report.remark("", what);
    }
    let Some(chosen) = chosen else { return Vec::new() };
    let (mut entries, mut left) = (Vec::new(), Vec::new());
    for item in below(all, chosen, 0) {
        let deeper = descendants(all, chosen, item.number);
        match entry(item, state, reading) {
            Some(made) => {
                let children = deeper.iter().filter_map(|item| {
                    let made = entry(item, state, reading);
                    if made.is_none() {
                        left.push(said(item, state));
                    }
                    made
                });
                entries.push(MenuEntry { children: children.collect(), ..made });
            }
            None => left.extend([item].into_iter().chain(deeper).map(|item| said(item, state))),
        }
    }
    for said in left {
        reading.report.remark("", format!("an entry of the menu leads to nothing that readers see here: {said}"));
    }
    entries
}

/// The entries right below another one, in their order.
fn below<'s>(all: &'s [MenuItem], menu: &str, parent: u64) -> Vec<&'s MenuItem> {
    let mut items: Vec<&MenuItem> = all.iter().filter(|one| one.menu == menu && one.parent == parent).collect();
    items.sort_by_key(|item| item.order);
    items
}

/// All entries below another one: menus here have two levels.
fn descendants<'s>(all: &'s [MenuItem], menu: &str, parent: u64) -> Vec<&'s MenuItem> {
    let mut found = Vec::new();
    let mut known = BTreeSet::from([0, parent]);
    let mut waiting: Vec<&MenuItem> = below(all, menu, parent).into_iter().rev().collect();
    while let Some(item) = waiting.pop() {
        found.push(item);
        if known.insert(item.number) {
            waiting.extend(below(all, menu, item.number).into_iter().rev());
        }
    }
    found
}

/// What an entry said, for the report.
fn said(item: &MenuItem, state: &State) -> String {
    let of_page = || state.titles.get(&item.object_id).map(String::as_str).unwrap_or_default();
    let title = [item.title.trim(), of_page()].into_iter().find(|title| !title.is_empty());
    let to = if item.url.is_empty() { format!("{} {}", item.object, item.object_id) } else { item.url.clone() };
    format!("{} ({to})", title.unwrap_or("without a title"))
}

/// An entry of a menu; none if nothing that readers see here is where it leads. Without a title it has that of its page
/// or term.
fn entry(item: &MenuItem, state: &State, reading: &Reading<'_>) -> Option<MenuEntry> {
    let is_term = item.kind == "taxonomy";
    let category = (is_term && item.object == "category").then(|| state.terms.category_of(item.object_id)).flatten();
    let tag = (is_term && item.object == "post_tag").then(|| state.terms.tag_of(item.object_id)).flatten();
    let shows = |is_shown: &dyn Fn(&crate::import::plan::Head) -> bool| {
        reading.heads.iter().any(|head| head.standing == Visibility::Published && is_shown(head))
    };
    let url = match (&*item.kind, category, tag) {
        ("post_type", ..) if shows(&|head| head.number == Some(item.object_id)) => format!("/?p={}", item.object_id),
        ("taxonomy", Some(term), _) => {
            let section = reading.section_name(&term.slug);
            let is_section = shows(&|head| !head.is_page && head.section == section);
            let is_tag = || reading.visible.tags.contains(&term.name);
            match is_section {
                true => format!("/{section}/"),
                false => is_tag().then(|| format!("/category/{}/", term.slug))?,
            }
        }
        ("taxonomy", _, Some(tag)) if reading.visible.tags.contains(&tag.name) => format!("/tag/{}/", tag.slug),
        ("custom", ..) if item.url.starts_with("http") || item.url.starts_with('/') => item.url.clone(),
        _ => return None,
    };
    let title = Some(item.title.trim()).filter(|title| !title.is_empty());
    let title = title.or_else(|| category.or(tag).map(|term| term.name.as_str()));
    let title = title.or_else(|| state.titles.get(&item.object_id).map(String::as_str))?;
    Some(MenuEntry { title: title.to_owned(), url, children: Vec::new() })
}
