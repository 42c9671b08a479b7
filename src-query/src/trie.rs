//! Keys by prefix: what lies under a prefix, or on the way to a key, is found without looking at the rest.
//!
//! Not a map for lookup by the whole key: a hash map does that better.

use std::collections::BTreeMap;

/// Whether a partial segment stands for a whole one.
type Covers<S> = fn(&S, &S) -> bool;

/// A tree whose paths are keys' segments. A path can hold one value.
#[derive(Debug)]
pub(crate) struct Trie<S, T> {
    value: Option<T>,
    /// Apart, and none where there would be none in it: most places in the tree are a path's end.
    children: Option<Box<Children<S, T>>>,
}

type Children<S, T> = BTreeMap<S, Trie<S, T>>;

impl<S: Ord + Clone, T: Copy> Trie<S, T> {
    pub fn new() -> Self {
        Self { value: None, children: None }
    }

    pub fn insert(&mut self, path: &[S], value: T) {
        self.node(path).value = Some(value);
    }

    /// Instead of all that was under the path.
    pub fn replace_under(&mut self, path: &[S], value: T) {
        *self.node(path) = Self { value: Some(value), children: None };
    }

    fn node(&mut self, path: &[S]) -> &mut Self {
        let make = |node, segment: &S| -> &mut Self {
            let node: &mut Self = node;
            node.children.get_or_insert_default().entry(segment.clone()).or_insert_with(Self::new)
        };
        path.iter().fold(self, make)
    }

    pub fn remove(&mut self, path: &[S]) {
        match path.split_first() {
            None => self.value = None,
            Some((first, rest)) => {
                let Some(children) = &mut self.children else { return };
                let Some(child) = children.get_mut(first) else { return };
                child.remove(rest);
                if child.value.is_none() && child.children.is_none() {
                    children.remove(first);
                }
                if children.is_empty() {
                    self.children = None;
                }
            }
        }
    }

    /// All values at and under a prefix, in the order of the segments.
    pub fn under(&self, prefix: &[S]) -> Vec<T> {
        self.covered(prefix, |_| None)
    }

    /// The value of just that path.
    pub fn get(&self, path: &[S]) -> Option<T> {
        path.iter().try_fold(self, |node, segment| node.child(segment))?.value
    }

    /// The values that a filter's prefix leads to. A partial segment leads to every child that it covers: `covers` is
    /// `None` for a segment that stands for itself alone.
    pub fn covered(&self, prefix: &[S], covers: impl Fn(&S) -> Option<Covers<S>>) -> Vec<T> {
        let mut nodes = vec![self];
        for segment in prefix {
            nodes = match covers(segment) {
                None => nodes.iter().filter_map(|node| node.child(segment)).collect(),
                Some(covers) => {
                    let children = nodes.iter().flat_map(|node| node.children());
                    children.filter(|(whole, _)| covers(segment, whole)).map(|(_, child)| child).collect()
                }
            };
        }
        let mut found = Vec::new();
        nodes.into_iter().for_each(|node| node.collect(&mut found));
        found
    }

    /// All values on the way to a path, its end included.
    pub fn along<'a>(&'a self, path: &'a [S]) -> impl Iterator<Item = T> + 'a {
        let steps = path.iter().scan(self, |node, segment| {
            *node = node.child(segment)?;
            Some(*node)
        });
        std::iter::once(self).chain(steps).filter_map(|node| node.value)
    }

    fn child(&self, segment: &S) -> Option<&Self> {
        self.children.as_ref()?.get(segment)
    }

    fn children(&self) -> impl Iterator<Item = (&S, &Self)> {
        self.children.iter().flat_map(|children| children.iter())
    }

    fn collect(&self, found: &mut Vec<T>) {
        found.extend(self.value);
        self.children().for_each(|(_, child)| child.collect(found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_under_a_prefix_and_forgets_what_was_removed() {
        let mut trie = Trie::new();
        trie.insert(&["offers", "list"], 1);
        trie.insert(&["offers", "document", "a"], 2);
        trie.insert(&["customers"], 3);
        trie.insert(&["offers"], 4);
        assert_eq!(trie.under(&["offers"]), [4, 2, 1]);
        assert_eq!(trie.under(&["offers", "document"]), [2]);
        assert_eq!(trie.under(&["nothing"]), []);
        assert_eq!(trie.under(&[]).len(), 4);
        assert_eq!(trie.get(&["offers"]), Some(4));
        assert_eq!(trie.get(&["offers", "document"]), None);
        trie.remove(&["offers", "document", "a"]);
        assert_eq!(trie.under(&["offers", "document"]), []);
        assert_eq!(trie.under(&["offers"]), [4, 1]);
    }

    #[test]
    fn finds_what_is_on_the_way_to_a_key() {
        let mut trie = Trie::new();
        trie.insert(&[], 1);
        trie.insert(&["offers", "list"], 2);
        trie.insert(&["offers", "list", "open"], 3);
        trie.insert(&["customers"], 4);
        assert!(trie.along(&["offers", "list"]).eq([1, 2]));
        assert!(trie.along(&["offers", "list", "open", "more"]).eq([1, 2, 3]));
        trie.replace_under(&["offers"], 5);
        assert!(trie.along(&["offers", "list", "open"]).eq([1, 5]));
    }
}
