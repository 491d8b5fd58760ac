//! Pagination from the oldest: `/local/page/1/` holds the oldest articles and never changes once full;
//! the listing's own page shows the newest one to two pagefuls.

use std::ops::Range;

/// How many numbered pages a listing of `count` articles has below its newest one.
pub fn archive_pages(count: usize, size: usize) -> u32 {
    (count / size).saturating_sub(1) as u32
}

/// The articles of a page, oldest first. Number 0 is the newest page.
pub fn range(count: usize, size: usize, number: u32) -> Range<usize> {
    match number as usize {
        0 => archive_pages(count, size) as usize * size..count,
        number => (number - 1) * size..number * size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_page_holds_one_to_two_pagefuls() {
        for count in 0..200 {
            let newest = range(count, 10, 0);
            assert!(newest.len() < 20 && (count < 10 || newest.len() >= 10), "{count}: {newest:?}");
            let pages = archive_pages(count, 10);
            let archived: usize = (1..=pages).map(|number| range(count, 10, number).len()).sum();
            assert_eq!(archived + newest.len(), count);
        }
    }

    #[test]
    fn a_full_page_never_changes() {
        for count in 30..200 {
            assert_eq!(range(count, 10, 1), 0..10);
            assert_eq!(range(count, 10, 2), 10..20);
        }
    }
}
