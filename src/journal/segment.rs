//! One segment: a file of frames without a gap, the small files beside it, and the marks we keep of it in memory.
//!
//! ```text
//! <n>.log    frames, perhaps followed by preallocated zeros
//! <n>.from   two lines, "from <seq>" and "before <hex64>": where it begins, if not at seq 1. Durable before it counts
//! <n>.index  chain values every 256 frames and at the end. May be thrown away: then the segment is read once at open
//! ```
//! A chain value in memory every 256 frames costs 48 bytes, 190 KB a million frames; any other is computed by reading at
//! most that many frames from the one before it.

use sha2::{Digest, Sha256};

use crate::record::Chain;
use crate::record::id::unhex;

/// How many frames lie between two marks, at least: a mark stands behind a whole group.
pub(super) const EVERY: u64 = 256;

/// A place between two frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// The seq of the frame before.
    pub seq: u64,
    /// The chain value there.
    pub chain: Chain,
    /// Where the next frame starts.
    pub offset: u64,
}

/// A segment as held.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub number: u32,
    /// Where it begins: seq is one less than its first frame's, offset 0.
    pub start: Place,
    /// Behind its last whole group.
    pub end: Place,
    /// Places in between, rising; not `start`, perhaps `end`.
    pub places: Vec<Place>,
    /// Index, among the log's segments, of the one that holds the frame before its first.
    pub parent: Option<usize>,
}

impl Segment {
    pub fn new(number: u32, seq: u64, chain: Chain) -> Self {
        let start = Place {
            seq,
            chain,
            offset: 0,
        };
        Self {
            number,
            start,
            end: start,
            places: Vec::new(),
            parent: None,
        }
    }

    /// Whether the frame with this seq lies in it.
    pub fn covers(&self, seq: u64) -> bool {
        self.start.seq < seq && seq <= self.end.seq
    }

    /// The last known place at or before the one behind `seq`.
    pub fn place_before(&self, seq: u64) -> Place {
        let after = self.places.partition_point(|place| place.seq <= seq);
        match after.checked_sub(1) {
            _ if seq >= self.end.seq => self.end,
            Some(at) => self.places[at],
            None => self.start,
        }
    }

    /// The last known place at or before a byte.
    pub fn place_before_offset(&self, offset: u64) -> Place {
        let after = self.places.partition_point(|place| place.offset <= offset);
        after
            .checked_sub(1)
            .map_or(self.start, |at| self.places[at])
    }

    /// Takes what was appended.
    pub fn grow(&mut self, growth: Growth) {
        self.places.extend(growth.places);
        self.end = growth.end;
    }

    /// Ends it at `end`, which is one of its places or between them.
    pub fn cut(&mut self, end: Place) {
        self.places.retain(|place| place.seq <= end.seq);
        self.end = end;
    }

    /// The bytes of its `.from` file; `None` for a segment that begins at seq 1.
    pub fn start_file(&self) -> Option<String> {
        (self.start.seq > 0)
            .then(|| format!("from {}\nbefore {}\n", self.start.seq + 1, self.start.chain))
    }

    /// Reads a `.from` file: the seq and chain value before the first frame.
    pub fn parse_from(text: &[u8]) -> Option<(u64, Chain)> {
        let text = std::str::from_utf8(text).ok()?;
        let (from, before) = text
            .strip_prefix("from ")?
            .strip_suffix('\n')?
            .split_once("\nbefore ")?;
        let seq = from.parse::<u64>().ok()?.checked_sub(1)?;
        Some((seq, Chain(unhex(before)?)))
    }

    /// The bytes of its `.index` file.
    pub fn index_file(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for place in [self.start].iter().chain(&self.places).chain([&self.end]) {
            bytes.extend(place.seq.to_le_bytes());
            bytes.extend(place.offset.to_le_bytes());
            bytes.extend(place.chain.0);
        }
        let check = Sha256::digest(&bytes);
        bytes.extend(&check[..CHECK]);
        bytes
    }

    /// Takes the places of an `.index` file, if it is whole and of this segment.
    pub fn take_index(&mut self, bytes: &[u8]) -> bool {
        let Some(parsed) = parse_index(bytes) else {
            return false;
        };
        let [start, places @ .., end] = parsed.as_slice() else {
            return false;
        };
        let rising =
            |pair: &[Place]| pair[0].seq <= pair[1].seq && pair[0].offset <= pair[1].offset;
        if *start != self.start || !parsed.windows(2).all(rising) {
            return false;
        }
        self.places = places.to_vec();
        self.end = *end;
        true
    }
}

const MAGIC: &[u8] = b"jinguo-index 1\n\0";
const CHECK: usize = 8;
const PLACE: usize = 48;

fn parse_index(bytes: &[u8]) -> Option<Vec<Place>> {
    let (content, check) = bytes.split_at_checked(bytes.len().checked_sub(CHECK)?)?;
    if Sha256::digest(content)[..CHECK] != *check {
        return None;
    }
    let places = content.strip_prefix(MAGIC)?.chunks_exact(PLACE);
    if !places.remainder().is_empty() {
        return None;
    }
    let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).ok();
    places
        .map(|place| {
            Some(Place {
                seq: number(&place[..8])?,
                offset: number(&place[8..16])?,
                chain: Chain(place[16..].try_into().ok()?),
            })
        })
        .collect()
}

/// What is added to a segment, frame by frame; only whole groups count.
#[derive(Debug)]
pub(super) struct Growth {
    /// Behind the last whole group.
    pub end: Place,
    /// Behind the last frame.
    pub next: Place,
    last: u64,
    places: Vec<Place>,
}

impl Growth {
    /// Growth behind the end of a segment.
    pub fn of(segment: &Segment) -> Self {
        Self {
            end: segment.end,
            next: segment.end,
            last: segment.places.last().unwrap_or(&segment.start).seq,
            places: Vec::new(),
        }
    }

    /// One more frame of `size` bytes; `more` if its group goes on.
    pub fn add(&mut self, size: usize, chain: Chain, more: bool) {
        self.next = Place {
            seq: self.next.seq + 1,
            chain,
            offset: self.next.offset + size as u64,
        };
        if !more {
            self.end = self.next;
            if self.end.seq - self.last >= EVERY {
                self.last = self.end.seq;
                self.places.push(self.end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seq: u64) -> Place {
        Place {
            seq,
            chain: Chain([seq as u8; 32]),
            offset: seq * 100,
        }
    }

    #[test]
    fn an_index_is_taken_only_whole_and_only_of_its_segment() {
        let mut segment = Segment::new(3, 0, place(0).chain);
        let mut growth = Growth::of(&segment);
        for seq in 1..=600u64 {
            growth.add(100, Chain([seq as u8; 32]), seq % 2 == 1);
        }
        segment.grow(growth);
        assert_eq!(segment.end, place(600));
        assert_eq!(segment.places, [place(256), place(512)]);
        assert_eq!(segment.place_before(255), place(0));
        assert_eq!(segment.place_before(511), place(256));
        assert_eq!(segment.place_before(599), place(512));
        assert_eq!(segment.place_before(600), place(600));
        let bytes = segment.index_file();
        let mut read = Segment::new(3, 0, place(0).chain);
        assert!(read.take_index(&bytes));
        assert_eq!((read.end, &read.places), (segment.end, &segment.places));
        let mut other = Segment::new(4, 1, place(1).chain);
        assert!(!other.take_index(&bytes));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(!read.take_index(&changed), "byte {at}");
            assert!(!read.take_index(&bytes[..at]), "cut at {at}");
        }
    }

    #[test]
    fn a_from_file_is_read_strictly() {
        let segment = Segment::new(2, 7, Chain([0xab; 32]));
        let text = segment.start_file().unwrap();
        assert_eq!(text, format!("from 8\nbefore {}\n", "ab".repeat(32)));
        assert_eq!(
            Segment::parse_from(text.as_bytes()),
            Some((7, Chain([0xab; 32])))
        );
        assert_eq!(Segment::new(2, 0, Chain([1; 32])).start_file(), None);
        for wrong in ["", "from 0\nbefore \n", &format!("{text} "), &text[1..]] {
            assert_eq!(Segment::parse_from(wrong.as_bytes()), None, "{wrong:?}");
        }
    }
}
