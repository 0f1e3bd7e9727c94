//! Chance that is the same every time: everything in the demonstration comes from one seed.

/// A small generator (SplitMix64, Steele, Lea and Flood 2014). Good enough for made-up people, never for keys.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for one part, so that one part's changes do not move all others.
    pub fn part(&self, name: &str) -> Self {
        let mixed = name
            .bytes()
            .fold(self.0 ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(mixed)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n - 1`; 0 for `n` 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both in.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// One of several, each with its weight.
    pub fn weighed<T: Copy>(&mut self, from: &[(T, usize)]) -> T {
        let mut rest = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in from {
            if rest < *weight {
                return *value;
            }
            rest -= weight;
        }
        from[from.len() - 1].0
    }

    /// Random-looking bytes, as a record's id needs them.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            let bits = self.bits().to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
        bytes
    }
}

/// Patterns dealt like cards: none comes again before all have been dealt, so that notes do not repeat.
#[derive(Clone, Debug, Default)]
pub struct Deck {
    left: Vec<usize>,
}

impl Deck {
    /// The next of `from`.
    pub fn deal<'a, T: ?Sized>(&mut self, from: &[&'a T], dice: &mut Dice) -> &'a T {
        if self.left.is_empty() {
            self.left = (0..from.len()).collect();
        }
        let card = dice.below(self.left.len());
        from[self.left.swap_remove(card) % from.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_parts_differ() {
        let (mut a, mut b) = (Dice::new(133), Dice::new(133));
        assert_eq!(a.bits(), b.bits());
        assert_ne!(a.part("one").bits(), a.part("two").bits());
        assert_eq!(a.bytes::<10>(), b.bytes::<10>());
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut dice = Dice::new(1);
        for _ in 0..1_000 {
            assert!((-3..=4).contains(&dice.between(-3, 4)));
        }
        assert_eq!(dice.weighed(&[("never", 0), ("always", 1)]), "always");
    }

    #[test]
    fn a_deck_repeats_nothing_before_all_were_dealt() {
        let (mut deck, mut dice) = (Deck::default(), Dice::new(7));
        let cards = ["a", "b", "c", "d"];
        let mut dealt: Vec<&str> = (0..4).map(|_| deck.deal(&cards, &mut dice)).collect();
        dealt.sort_unstable();
        assert_eq!(dealt, cards);
    }
}
