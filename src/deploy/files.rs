//! Files by path: a sorted list.
//!
//! Not a tree: what a target holds is read, compared and written in the order of paths, and hardly ever changed in
//! between. A list takes one allocation where a tree takes one for each few files.

use std::fmt::Debug;
use std::ops::Index;

use rayon::prelude::*;

/// A value for each file, by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files<V> {
    all: Vec<(Box<str>, V)>,
}

/// The files in order.
pub(super) type Iter<'f, V> =
    std::iter::Map<std::slice::Iter<'f, (Box<str>, V)>, fn(&'f (Box<str>, V)) -> (&'f Box<str>, &'f V)>;

impl<V> Default for Files<V> {
    fn default() -> Self {
        Self { all: Vec::new() }
    }
}

impl<V> Files<V> {
    fn find(&self, path: &str) -> Result<usize, usize> {
        self.all.binary_search_by(|(other, _)| (**other).cmp(path))
    }

    /// What is known of a file.
    pub(super) fn get(&self, path: &str) -> Option<&V> {
        self.find(path).ok().map(|at| &self.all[at].1)
    }

    /// The same, mutable.
    pub(super) fn get_mut(&mut self, path: &str) -> Option<&mut V> {
        self.find(path).ok().map(|at| &mut self.all[at].1)
    }

    /// Whether there is such a file.
    pub(super) fn contains_key(&self, path: &str) -> bool {
        self.find(path).is_ok()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them in order.
    pub(super) fn iter(&self) -> Iter<'_, V> {
        self.all.iter().map(|(path, value)| (path, value))
    }

    /// Their paths.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Box<str>> {
        self.all.iter().map(|(path, _)| path)
    }

    /// What is known of each.
    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.all.iter().map(|(_, value)| value)
    }

    /// The file at a place of the list.
    pub(super) fn at(&self, place: usize) -> (&str, &V) {
        let (path, value) = &self.all[place];
        (path, value)
    }

    /// Removes files and inserts or replaces others in one pass; in place if all of them only change.
    pub(super) fn change(&mut self, set: Vec<(Box<str>, V)>, mut gone: Vec<Box<str>>)
    where
        V: Send + Sync,
    {
        if !gone.is_empty() {
            gone.sort_unstable();
            self.all.retain(|(path, _)| gone.binary_search(path).is_err());
        }
        let mut new = Vec::new();
        for (path, value) in set {
            match self.find(&path) {
                Ok(at) => self.all[at].1 = value,
                Err(_) => new.push((path, value)),
            }
        }
        if !new.is_empty() {
            self.all.append(&mut new.into_iter().collect::<Self>().all);
            // Two sorted runs: this is one merge.
            self.all.sort_by(|a, b| a.0.cmp(&b.0));
        }
    }
}

impl<V: Send + Sync> FromIterator<(Box<str>, V)> for Files<V> {
    fn from_iter<I: IntoIterator<Item = (Box<str>, V)>>(files: I) -> Self {
        let all: Vec<(Box<str>, V)> = files.into_iter().collect();
        if all.is_sorted_by(|a, b| a.0 < b.0) {
            return Self { all };
        }
        // Their places are moved in place of the files, which are large. The last of equal ones counts.
        let mut places: Vec<usize> = (0..all.len()).collect();
        places.par_sort_unstable_by(|a, b| all[*a].0.cmp(&all[*b].0).then(b.cmp(a)));
        places.dedup_by(|a, b| all[*a].0 == all[*b].0);
        let mut all: Vec<Option<(Box<str>, V)>> = all.into_iter().map(Some).collect();
        Self { all: places.into_iter().filter_map(|place| all[place].take()).collect() }
    }
}

impl<'f, V> IntoIterator for &'f Files<V> {
    type Item = (&'f Box<str>, &'f V);
    type IntoIter = Iter<'f, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<V, Q: AsRef<str> + Debug + ?Sized> Index<&Q> for Files<V> {
    type Output = V;

    fn index(&self, path: &Q) -> &V {
        self.get(path.as_ref()).unwrap_or_else(|| panic!("{path:?} is among the files"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn files(all: &[(&str, u8)]) -> Files<u8> {
        all.iter().map(|(path, value)| ((*path).into(), *value)).collect()
    }

    #[test]
    fn a_list_is_what_a_tree_would_be() {
        let all = [("b", 1), ("a/x", 2), ("b", 3), ("a", 4), ("c", 5), ("a/x", 6)];
        let tree: BTreeMap<&str, u8> = all.into_iter().collect();
        let list = files(&all);
        assert!(list.iter().map(|(path, value)| (&**path, *value)).eq(tree));
        assert_eq!([list.get("b"), list.get("bb"), list.get("c")], [Some(&3), None, Some(&5)]);
        assert_eq!((list["a"], list.len()), (4, 4));
    }

    #[test]
    fn changes_come_and_go() {
        let mut list = files(&[("b", 1), ("d", 2), ("f", 3)]);
        let set = [("e", 4), ("b", 5), ("a", 6), ("e", 7)].map(|(path, value)| (path.into(), value));
        list.change(set.into(), vec!["f".into(), "d".into(), "x".into()]);
        assert_eq!(list, files(&[("a", 6), ("b", 5), ("e", 7)]));
        // Both what left and what came are there.
        list.change(vec![("b".into(), 8)], vec!["b".into()]);
        assert_eq!(list, files(&[("a", 6), ("b", 8), ("e", 7)]));
    }
}
