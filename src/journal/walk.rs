//! Walking a branch of a log, frame by frame, in bounded memory.

use std::collections::VecDeque;

use super::error::JournalError;
use super::segment::Place;
use super::stream::{Frames, Step, StreamError};
use super::{Journal, Placed, Pointer};
use crate::codec::{Content, Frame, FrameError};
use crate::files::Stream;
use crate::record::{Chain, Dot, LogId};

/// A walk along one branch, in order of seq. Not an iterator: a frame is lent until the next one is asked for.
#[derive(Debug)]
pub struct Walk<'a> {
    journal: &'a Journal,
    log: LogId,
    from: u64,
    /// Index of each segment still to come, and the last seq to take from it.
    rest: VecDeque<(usize, u64)>,
    now: Option<Now>,
}

#[derive(Debug)]
struct Now {
    number: u32,
    last: u64,
    place: Place,
    frames: Frames<Stream>,
}

/// One frame of a walk.
#[derive(Clone, Copy, Debug)]
pub struct Walked<'a> {
    /// Where it stands and lies.
    pub placed: Placed,
    /// The chain value at it.
    pub chain: Chain,
    /// The frame; its digest was checked.
    pub frame: Frame<'a>,
}

impl Walked<'_> {
    /// Decodes head and body.
    ///
    /// # Errors
    /// As [`crate::codec::read_change`].
    pub fn content(&self) -> Result<Content, FrameError> {
        let Dot { log, seq, mark } = self.placed.dot;
        crate::codec::read_change(&self.frame, log, seq, mark)
    }
}

impl Journal {
    /// Walks the branch that ends in `end` (a run's end, or any frame held) from seq `from` on, or from the branch's
    /// first frame behind its last gap.
    ///
    /// # Errors
    /// [`JournalError::NotHeld`] if `end` is not held.
    pub fn walk(&self, end: &Dot, from: u64) -> Result<Walk<'_>, JournalError> {
        let not_held = || JournalError::NotHeld(format!("{} {} {}", end.log, end.seq, end.mark));
        let log = self.logs.get(&end.log).ok_or_else(not_held)?;
        let leaf = self.holder(log, end).ok_or_else(not_held)?;
        let path = log.path(leaf);
        let mut rest = VecDeque::with_capacity(path.len());
        for (i, &at) in path.iter().enumerate() {
            let last = match path.get(i + 1) {
                Some(&next) => log.segments[next].start.seq,
                None => end.seq,
            };
            if last >= from && last > log.segments[at].start.seq {
                rest.push_back((at, last));
            }
        }
        Ok(Walk {
            journal: self,
            log: log.id,
            from,
            rest,
            now: None,
        })
    }
}

impl Walk<'_> {
    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// [`JournalError::Damage`] names the frame that is damaged; the walk has ended then.
    pub fn next_frame(&mut self) -> Result<Option<Walked<'_>>, JournalError> {
        while self
            .now
            .as_ref()
            .is_none_or(|now| now.place.seq >= now.last)
        {
            let Some((segment, last)) = self.rest.pop_front() else {
                self.now = None;
                return Ok(None);
            };
            self.now = Some(self.begin(segment, last)?);
        }
        let now = self.now.as_mut().expect("one was just set");
        match next(&mut now.frames) {
            Ok(step) => {
                now.place = step.place();
                Ok(Some(Walked {
                    placed: Placed {
                        dot: Dot {
                            log: self.log,
                            seq: step.seq,
                            mark: step.chain.mark(),
                        },
                        pointer: Pointer {
                            segment: now.number,
                            offset: step.offset,
                            len: step.frame.bytes.len() as u32,
                        },
                    },
                    chain: step.chain,
                    frame: step.frame,
                }))
            }
            Err(error) => {
                self.rest.clear();
                now.last = 0;
                let shelf = &self.journal.shelf;
                Err(shelf.failed(self.log, now.number, now.place, error))
            }
        }
    }

    /// Opens a segment of the path, at the first frame that is asked for.
    fn begin(&self, segment: usize, last: u64) -> Result<Now, JournalError> {
        let shelf = &self.journal.shelf;
        let held = &self.journal.logs[&self.log].segments[segment];
        let before = self.from.saturating_sub(1).clamp(held.start.seq, last);
        let place = shelf.place(self.log, held, before)?;
        Ok(Now {
            number: held.number,
            last,
            place,
            frames: shelf.frames(self.log, held, place)?,
        })
    }
}

fn next(frames: &mut Frames<Stream>) -> Result<Step<'_>, StreamError> {
    let step = frames.next_frame()?;
    step.ok_or(StreamError::Frame(FrameError::Short))
}
