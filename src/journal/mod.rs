//! The logs: the truth of a store. Everything else can be thrown away and computed again from here.
//!
//! ```text
//! journal/<hex32>/first               the first frame: whose log it is, and who may receive it
//!                 <segment>.log       frames; `segment.rs` tells of the small files beside it
//!                 <to>-<mark>.seal    the author's signature over the chain value at `to`
//!                 own                 this store wrote it: its unsealed tail counts
//!                 ended               it takes no more changes of this store, and why
//! ```
//! An own save is one write and one fdatasync, whatever it holds; only when [`Journal::append`] has returned is it saved.
//! Pieces of other logs are appended by [`Journal::take`] and made durable by [`Unsynced::sync`], which may run in a
//! second thread; only after that may anything say that they are held.
//!
//! This room knows no registers, no keys and no trust: it keeps frames, checks chains and says what is held. Signing and
//! verifying are closures of the caller. Format: `design/format.md`.

mod check;
mod error;
mod held;
mod log;
mod open;
mod own;
mod seal;
mod segment;
mod shelf;
mod stream;
mod take;
mod unsynced;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use error::{Damage, Ended, JournalError, Notice, Refusal};
pub use open::Applied;
pub use seal::{MAX_SEAL, Seal, is_time};
pub use stream::{Frames, Step, StreamError};
pub use take::{Piece, Stands, Taken};
pub use unsynced::Unsynced;
pub use walk::{Walk, Walked};

use self::log::Log;
use self::own::Tip;
use self::segment::Place;
use self::shelf::Shelf;
use self::unsynced::Pending;
use crate::codec::{self, Content, First, Frame, FrameError, LEN_BYTES};
use crate::files::{self, Files};
use crate::record::fold::Run;
use crate::record::{Chain, Dot, LogId, Mark};

/// Where a frame lies. Local to this store: the numbers mean nothing to anyone else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pointer {
    /// The segment's number, less than 2^24.
    pub segment: u32,
    /// Where the frame starts in it, less than 2^40.
    pub offset: u64,
    /// Bytes of the whole frame, its `len` field included.
    pub len: u32,
}

/// A frame's place in its log and on the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placed {
    /// Log, seq and mark.
    pub dot: Dot,
    /// Where it lies.
    pub pointer: Pointer,
}

/// What is held of one log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogInfo {
    /// The log.
    pub id: LogId,
    /// What its first frame says.
    pub first: First,
    /// The unbroken runs held: one, unless there is a fork or a gap; none if it has no change yet.
    pub runs: Vec<Run>,
    /// How many changes at its end no seal covers yet; only an own log has any.
    pub unsealed: u64,
    /// Whether this store wrote it.
    pub own: bool,
    /// Whether it is an own log that takes no more changes.
    pub ended: bool,
}

/// All logs of a store.
#[derive(Debug)]
pub struct Journal {
    shelf: Shelf,
    logs: BTreeMap<LogId, Log>,
    /// Which log a segment belongs to.
    segments: BTreeMap<u32, LogId>,
    next_segment: u32,
    /// A segment of so many bytes takes no more.
    full: u64,
    /// The log that takes own changes.
    own: Option<LogId>,
    /// Where they go.
    tip: Option<Tip>,
    /// What was taken and is not yet durable.
    pending: BTreeMap<LogId, Pending>,
}

impl Journal {
    /// The log that takes this store's changes; `None` if none has begun, or if it has ended: then the next save needs
    /// [`Journal::begin`] first.
    pub fn own(&self) -> Option<LogId> {
        self.own
    }

    /// Every log held, by id.
    pub fn logs(&self) -> Vec<LogInfo> {
        self.logs.keys().filter_map(|id| self.log(id)).collect()
    }

    /// One log.
    pub fn log(&self, id: &LogId) -> Option<LogInfo> {
        let log = self.logs.get(id)?;
        let runs = log.runs();
        let end = runs.iter().map(|run| run.end.seq).max().unwrap_or(0);
        let sealed = log.seals.last().map_or(0, |(seq, _)| *seq);
        Some(LogInfo {
            id: *id,
            first: log.first.clone(),
            runs,
            unsealed: if log.own {
                end.saturating_sub(sealed)
            } else {
                0
            },
            own: log.own,
            ended: log.ended,
        })
    }

    /// The bytes of a log's first frame.
    pub fn first_frame(&self, log: &LogId) -> Option<&[u8]> {
        self.logs.get(log).map(|log| log.first_frame.as_slice())
    }

    /// The log that a segment belongs to.
    pub fn segment_log(&self, segment: u32) -> Option<LogId> {
        self.segments.get(&segment).copied()
    }

    /// The file that holds the log's first own frames: `here` notes its device and inode, to tell a copy.
    pub fn first_segment(&self, log: &LogId) -> Option<PathBuf> {
        let segment = self.logs.get(log)?.segments.first()?;
        Some(self.shelf.path(*log, segment.number, "log"))
    }

    /// The bytes of a frame; bounds and digest were checked.
    ///
    /// # Errors
    /// [`JournalError::NotHeld`] if the pointer names nothing held, [`JournalError::Damage`] if the bytes are not a frame.
    pub fn frame(&self, pointer: Pointer) -> Result<Vec<u8>, JournalError> {
        self.read(pointer, |frame| Ok(frame.bytes.to_vec()))
    }

    /// The change that lies at a pointer: as [`Journal::frame`], decoded. Its seq and mark are the caller's.
    ///
    /// # Errors
    /// As [`Journal::frame`]; a frame of another seq is damage too.
    pub fn content(&self, placed: &Placed) -> Result<Content, JournalError> {
        let Dot { log, seq, mark } = placed.dot;
        self.read(placed.pointer, |frame| {
            codec::read_change(frame, log, seq, mark)
        })
    }

    fn read<T>(
        &self,
        pointer: Pointer,
        take: impl FnOnce(&Frame<'_>) -> Result<T, FrameError>,
    ) -> Result<T, JournalError> {
        let Pointer {
            segment: number,
            offset,
            len,
        } = pointer;
        let not_held = || JournalError::NotHeld(format!("segment {number}, byte {offset}"));
        let id = self.segment_log(number).ok_or_else(not_held)?;
        let log = &self.logs[&id];
        let segment = log.segments.iter().find(|segment| segment.number == number);
        let segment = segment.ok_or_else(not_held)?;
        let size = len as usize;
        if offset + u64::from(len) > segment.end.offset || size > LEN_BYTES + codec::MAX_LEN {
            return Err(not_held());
        }
        let file = self.shelf.file(id, number)?;
        let mut bytes = vec![0; size];
        let mut filled = 0;
        while filled < size {
            let at = offset + filled as u64;
            match file.read_at(&mut bytes[filled..], at) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) => {
                    return Err(JournalError::disk(&self.shelf.path(id, number, "log"))(
                        error,
                    ));
                }
            }
        }
        let frame = codec::read_frame(&bytes[..filled])
            .and_then(|frame| {
                frame
                    .filter(|f| f.bytes.len() == size)
                    .ok_or(FrameError::Short)
            })
            .and_then(|frame| take(&frame));
        frame.map_err(|source| JournalError::Damage {
            log: id,
            seq: self.seq_at(id, segment, offset),
            segment: number,
            offset,
            source,
        })
    }

    /// The seq of the frame that starts at a byte: only for the words of an error. 0 if that cannot be told.
    fn seq_at(&self, log: LogId, segment: &segment::Segment, offset: u64) -> u64 {
        let mut place = segment.place_before_offset(offset);
        let Ok(mut frames) = self.shelf.frames(log, segment, place) else {
            return 0;
        };
        while place.offset < offset {
            match frames.next_frame() {
                Ok(Some(step)) => place = step.place(),
                _ => return 0,
            }
        }
        place.seq + 1
    }

    /// Tells the system that these frames are read soon, so that a window on a cold disk waits once and not for each.
    pub fn will_need(&self, pointers: &[Pointer]) {
        for pointer in pointers {
            if let Some(log) = self.segment_log(pointer.segment)
                && let Ok(file) = self.shelf.file(log, pointer.segment)
            {
                file.will_need(pointer.offset, u64::from(pointer.len));
            }
        }
    }

    /// The chain values held at a seq: one for each branch; at 0 the log's own; none if it is not held.
    ///
    /// # Errors
    /// If the segment cannot be read.
    pub fn chain_at(&self, log: &LogId, seq: u64) -> Result<Vec<Chain>, JournalError> {
        let Some(log) = self.logs.get(log) else {
            return Ok(Vec::new());
        };
        if seq == 0 {
            return Ok(vec![log.chain]);
        }
        let chain = |at: usize| self.shelf.place(log.id, &log.segments[at], seq);
        log.covering(seq)
            .map(|at| chain(at).map(|place| place.chain))
            .collect()
    }

    /// Seq and mark of each seal held of a log, rising.
    pub fn seals(&self, log: &LogId) -> Vec<(u64, Mark)> {
        let log = self.logs.get(log);
        log.map(|log| log.seals.iter().copied().collect())
            .unwrap_or_default()
    }

    /// A seal's file, as it came.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn seal(&self, log: &LogId, seq: u64, mark: Mark) -> Result<Option<Vec<u8>>, JournalError> {
        if let Some(pending) = self.pending.get(log)
            && let Some(bytes) = pending.seals.get(&(seq, mark))
        {
            return Ok(Some(bytes.clone()));
        }
        let held = self.logs.get(log);
        if held.is_none_or(|log| !log.seals.contains(&(seq, mark))) {
            return Ok(None);
        }
        let path = self.shelf.folder(*log).join(seal::file_name(seq, mark));
        files::read(&*self.shelf.files, &path)
            .map(Some)
            .map_err(JournalError::disk(&path))
    }

    /// The disk that everything goes through.
    pub fn files(&self) -> &Arc<dyn Files> {
        &self.shelf.files
    }

    /// A number for a new segment.
    fn number(&mut self) -> u32 {
        self.next_segment += 1;
        self.next_segment - 1
    }
}
