//! One log as held: its segments as a tree. The usual log is one line of them; a fork is a segment that joins in the
//! middle of another, a gap is a segment that joins nowhere.

use std::collections::BTreeSet;

use super::segment::Segment;
use super::shelf::Shelf;
use crate::codec::{self, First, FrameError};
use crate::record::fold::Run;
use crate::record::{Chain, Dot, LogId, Mark};

/// A log as held.
#[derive(Clone, Debug)]
pub(super) struct Log {
    pub id: LogId,
    pub first: First,
    pub first_frame: Vec<u8>,
    /// The chain value at seq 0.
    pub chain: Chain,
    pub segments: Vec<Segment>,
    /// Seq and mark of each seal held.
    pub seals: BTreeSet<(u64, Mark)>,
    /// Whether this store wrote it (a file `own` says so): its unsealed tail counts.
    pub own: bool,
    /// Whether it takes no more own changes (a file `ended` says so).
    pub ended: bool,
}

impl Log {
    /// A log of which only the first frame is held.
    ///
    /// # Errors
    /// If it is no first frame, or if there are bytes behind it.
    pub fn new(first_frame: &[u8]) -> Result<Self, FrameError> {
        let frame = codec::read_frame(first_frame)?.ok_or(FrameError::Short)?;
        if frame.bytes.len() != first_frame.len() {
            return Err(FrameError::Decode("first frame"));
        }
        let chain = codec::chain_start(&frame);
        Ok(Self {
            id: chain.log_id(),
            first: First::read(&frame)?,
            first_frame: first_frame.to_vec(),
            chain,
            segments: Vec::new(),
            seals: BTreeSet::new(),
            own: false,
            ended: false,
        })
    }

    /// Finds, for each segment that joins nowhere yet, the one that holds the frame before its first.
    pub fn join(&mut self, shelf: &Shelf) {
        for at in 0..self.segments.len() {
            let start = self.segments[at].start;
            if self.segments[at].parent.is_none() && start.seq > 0 {
                self.segments[at].parent = self.find(shelf, start.seq, &start.chain);
            }
        }
    }

    /// The segment that holds the frame with this seq and chain value. One that cannot be read is not found.
    pub fn find(&self, shelf: &Shelf, seq: u64, chain: &Chain) -> Option<usize> {
        self.covering(seq).find(|&at| {
            let place = shelf.place(self.id, &self.segments[at], seq);
            place.is_ok_and(|place| place.chain == *chain)
        })
    }

    /// The segments at whose end nothing goes on.
    pub fn leaves(&self) -> Vec<usize> {
        let goes_on = |at: usize| {
            let end = self.segments[at].end.seq;
            self.segments
                .iter()
                .any(|segment| segment.parent == Some(at) && segment.start.seq == end)
        };
        (0..self.segments.len())
            .filter(|&at| !goes_on(at))
            .collect()
    }

    /// The segments from a root (seq 1, or behind a gap) to this one.
    pub fn path(&self, leaf: usize) -> Vec<usize> {
        let mut path = vec![leaf];
        let mut at = leaf;
        while let Some(parent) = self.segments[at].parent {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    /// The segment on a leaf's path that holds `seq` there.
    pub fn on_path(&self, leaf: usize, seq: u64) -> Option<usize> {
        let mut at = leaf;
        loop {
            let segment = &self.segments[at];
            if seq > segment.start.seq {
                return (seq <= segment.end.seq).then_some(at);
            }
            at = segment.parent?;
        }
    }

    /// The first seq of the run that a segment belongs to.
    pub fn low(&self, mut at: usize) -> u64 {
        while let Some(parent) = self.segments[at].parent {
            at = parent;
        }
        self.segments[at].start.seq + 1
    }

    /// The last frame of a segment.
    pub fn end(&self, at: usize) -> Dot {
        let end = self.segments[at].end;
        Dot {
            log: self.id,
            seq: end.seq,
            mark: end.chain.mark(),
        }
    }

    /// The unbroken runs, one for each branch, sorted.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = self
            .leaves()
            .into_iter()
            .map(|leaf| Run {
                low: self.low(leaf),
                end: self.end(leaf),
            })
            .filter(|run| run.end.seq >= run.low)
            .collect();
        runs.sort_by_key(|run| (run.low, run.end));
        runs
    }

    /// The segments that hold a frame with this seq: more than one if it lies on a fork.
    pub fn covering(&self, seq: u64) -> impl Iterator<Item = usize> {
        (0..self.segments.len()).filter(move |&at| self.segments[at].covers(seq))
    }
}
