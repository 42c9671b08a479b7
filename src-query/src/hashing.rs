//! Hash maps with a quick hash: keys, ids and indices come from the application itself, and nobody gains by making them
//! collide.
//!
//! The hash is that of Firefox and rustc (FxHash, <https://github.com/rust-lang/rustc-hash>), with its bits mixed at the
//! end, since a hash map looks at the first and the last ones.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
pub(crate) type Set<T> = HashSet<T, BuildHasherDefault<Quick>>;

/// An odd number without a pattern: 2⁶⁴ divided by the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

#[derive(Clone, Copy, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        // the length of what is left keeps apart what ends in zeros
        let last = rest.iter().fold(rest.len() as u64, |last, byte| last << 8 | u64::from(*byte));
        self.add(last);
    }

    fn write_u8(&mut self, number: u8) {
        self.add(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.add(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ self.0 >> 32).wrapping_mul(FACTOR);
        mixed ^ mixed >> 29
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{BuildHasher, Hash};

    /// Of 4,096 values, how many share their last 12 bits with the fullest.
    fn fullest(values: impl Iterator<Item = impl Hash>) -> usize {
        let hasher = BuildHasherDefault::<Quick>::default();
        let mut counts = vec![0; 4_096];
        values.take(4_096).for_each(|value| counts[(hasher.hash_one(value) % 4_096) as usize] += 1);
        counts.into_iter().max().unwrap_or(0)
    }

    #[test]
    fn what_is_counted_up_is_spread() {
        assert!(fullest(0_u64..) < 12);
        assert!(fullest((0_u64..).map(|number| number << 32)) < 12);
        assert!(fullest((0_u32..).map(|number| number.to_string())) < 12);
        assert!(fullest((0_u32..).map(|number| ["row".to_owned(), format!("{number:024x}")])) < 12);
        let object_id = |number: u32| {
            let mut bytes = [7; 12];
            bytes[9..].copy_from_slice(&number.to_be_bytes()[1..]);
            bytes
        };
        assert!(fullest((0..).map(object_id)) < 12);
    }
}
