//! `at`: when a change was made, for people. What covers what never asks it.

/// 48 bits of milliseconds since 1970, then 16 bits of counter; at most 2^63 - 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Stamp(pub u64);

impl Stamp {
    /// The latest stamp that a frame may carry.
    pub const MAX: Stamp = Stamp(i64::MAX as u64);

    /// The stamp of a new change: the wall clock, but later than the newest change seen. So a clock set back does not
    /// make an edit look older than what it edits.
    pub fn next(now_millis: u64, newest_seen: Option<Stamp>) -> Stamp {
        let now = (now_millis.min(Self::MAX.0 >> 16)) << 16;
        let after = newest_seen.map_or(0, |seen| seen.0.saturating_add(1));
        Stamp(now.max(after).min(Self::MAX.0))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> u64 {
        self.0 >> 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_follows_the_clock_but_never_falls_behind_what_was_seen() {
        let first = Stamp::next(1_000, None);
        assert_eq!(first.millis(), 1_000);
        assert!(Stamp::next(500, Some(first)) > first);
        assert_eq!(Stamp::next(500, Some(first)).millis(), 1_000);
        assert_eq!(Stamp::next(u64::MAX, Some(Stamp::MAX)), Stamp::MAX);
    }
}
