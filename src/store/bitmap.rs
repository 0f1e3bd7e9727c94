//! A set of dense record numbers.

/// A set of numbers below a bound.
#[derive(Clone, Default, Debug)]
pub struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// An empty set for numbers below `bound`; greater ones are taken too, at the price of growing.
    pub fn new(bound: u32) -> Self {
        Self {
            words: vec![0; (bound as usize).div_ceil(64)],
        }
    }

    /// Adds a number.
    #[inline]
    pub fn add(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bit;
    }

    /// Whether it holds a number.
    #[inline]
    pub fn has(&self, number: u32) -> bool {
        self.words
            .get(number as usize / 64)
            .is_some_and(|word| word & 1 << (number % 64) != 0)
    }

    /// Keeps only what `other` holds too.
    pub fn keep(&mut self, other: &Self) {
        for (i, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(i).copied().unwrap_or(0);
        }
    }

    /// Takes what `other` holds.
    pub fn join(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (i, word) in other.words.iter().enumerate() {
            self.words[i] |= word;
        }
    }

    /// Its numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros();
                left &= left - 1;
                // Numbers are u32, so there are fewer than 2^26 words.
                Some(i as u32 * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_is_a_set() {
        let mut a = Bitmap::new(10);
        let mut b = Bitmap::new(200);
        for number in [3, 64, 127, 3] {
            a.add(number);
        }
        for number in [64, 127, 130] {
            b.add(number);
        }
        assert_eq!((a.has(127), a.has(128)), (true, false));
        assert_eq!(a.iter().collect::<Vec<_>>(), [3, 64, 127]);
        let mut c = a.clone();
        c.join(&b);
        assert_eq!(c.iter().collect::<Vec<_>>(), [3, 64, 127, 130]);
        a.keep(&b);
        assert_eq!(a.iter().collect::<Vec<_>>(), [64, 127]);
    }
}
