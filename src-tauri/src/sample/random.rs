//! The sample's chance: SplitMix64, written out so that no library's next version changes the sample.
//!
//! Each document has a stream of its own, so they can be made in any order.

/// What a stream of random numbers is for: each kind of document draws from its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Customer = 1,
    Offer = 2,
    Activity = 3,
    Oddity = 4,
    Colleague = 5,
}

/// A stream of random numbers.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of the document number `index`.
    pub(super) fn of(stream: Stream, index: u32) -> Self {
        let mut random = Self((stream as u64) << 32 | u64::from(index));
        random.0 = random.number();
        random
    }

    /// Any number. <https://prng.di.unimi.it/splitmix64.c>
    pub(super) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    /// A number from `first` to `last`.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, of which there is at least one.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.below(items.len() as u64);
        &items[usize::try_from(at).expect("an index below a slice's length is a usize")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_splitmix64() {
        let mut random = Random(0);
        let expected = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F];
        assert_eq!(expected.map(|_| random.number()), expected);
    }
}
