//! The own log: begin, append, seal.

use std::path::Path;
use std::sync::Arc;

use super::error::{Ended, JournalError, Refusal};
use super::log::Log;
use super::seal::{self, Seal};
use super::segment::{Growth, Segment};
use super::{Journal, Placed, Pointer};
use crate::codec::{self, First, FrameError, Unplaced};
use crate::files::{self, Files, How, Open};
use crate::record::{Dot, LogId};

/// A segment that has this many bytes takes no more: the next one begins.
pub(super) const SEGMENT: u64 = 64 * 1024 * 1024;
/// How far room is taken ahead of an own log's end, so that an fdatasync writes bytes and no new length.
const AHEAD: u64 = 1024 * 1024;
/// After so many bytes behind the last index, the index is written again: what an open must read at most.
const UNINDEXED: u64 = 4 * 1024 * 1024;

/// The end of the own log, open for writing.
#[derive(Debug)]
pub(super) struct Tip {
    pub file: Arc<dyn Open>,
    /// How far the file reaches, in bytes.
    pub reach: u64,
    /// Bytes may stand behind the end, of a save that failed or that was torn: they must go before the next one.
    pub dirty: bool,
    /// Where the last index ends.
    pub indexed: u64,
}

impl Journal {
    /// Begins an own log; from now on it takes this store's changes. Also for a new log of the same person.
    ///
    /// # Errors
    /// [`JournalError::Disk`]: then no log has begun.
    pub fn begin(&mut self, first: &First) -> Result<LogId, JournalError> {
        let first_frame = first.frame().map_err(JournalError::Change)?;
        let mut log = Log::new(&first_frame).map_err(JournalError::Change)?;
        log.own = true;
        let id = log.id;
        if let Some(begun) = self.logs.get(&id)
            && begun.own
            && begun.runs().is_empty()
        {
            // The very same log began before, and this was not acknowledged.
            self.own = Some(id);
            return Ok(id);
        }
        let number = self.number();
        let new = self.shelf.dir.join(format!("new-{id}"));
        let folder = self.shelf.folder(id);
        let files = Arc::clone(&self.shelf.files);
        let make = || {
            if !self.logs.contains_key(&id) && files.list(&folder).is_ok() {
                // Left by a try that failed: the id is random, so it is nobody else's, and nothing was saved in it.
                files.remove_dir_all(&folder)?;
            }
            files.create_dir_all(&new)?;
            put(&*files, &new.join("first"), &first_frame)?;
            put(&*files, &new.join("own"), b"")?;
            let file = files.open(&new.join(format!("{number}.log")), How::Private)?;
            let reach = take_room(&*file, 0, AHEAD);
            file.sync()?;
            files.sync_folder(&new)?;
            files.rename(&new, &folder)?;
            files.sync_folder(&self.shelf.dir).inspect_err(|_| {
                let _ = files.remove_dir_all(&folder);
            })?;
            Ok((file, reach))
        };
        let (file, reach) = make().map_err(JournalError::disk(&folder))?;
        log.segments.push(Segment::new(number, 0, log.chain));
        self.logs.insert(id, log);
        self.segments.insert(number, id);
        self.own = Some(id);
        self.tip = Some(Tip::new(file, reach));
        Ok(id)
    }

    /// Appends groups of changes to the own log: one write and one fdatasync, however many. When this has returned they
    /// are saved. `salts` gives 16 random bytes for each change.
    ///
    /// # Errors
    /// [`JournalError::NoOwn`]; [`JournalError::Change`] for a change that is too large; [`JournalError::Disk`]. Nothing
    /// is saved then, and the next call may try again.
    pub fn append(
        &mut self,
        groups: &[Vec<Unplaced>],
        salts: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<Vec<Placed>, JournalError> {
        let id = self.own.ok_or(JournalError::NoOwn)?;
        let segment = self.tip_segment(id)?;
        if segment.end.offset >= self.full {
            self.roll(id)?;
        }
        let segment = self.tip_segment(id)?;
        let number = segment.number;
        let end = segment.end;
        let mut growth = Growth::of(segment);
        let mut bytes = Vec::new();
        let mut placed = Vec::with_capacity(groups.iter().map(Vec::len).sum());
        for group in groups {
            for (i, change) in group.iter().enumerate() {
                let more = i + 1 < group.len();
                let (seq, offset) = (growth.next.seq + 1, growth.next.offset);
                let written = change
                    .frame(seq, more, salts())
                    .map_err(JournalError::Change)?;
                let frame = codec::read_frame(&written)
                    .and_then(|frame| frame.ok_or(FrameError::Short))
                    .map_err(JournalError::Change)?;
                let chain = codec::chain_next(&growth.next.chain, &frame);
                growth.add(written.len(), chain, more);
                placed.push(Placed {
                    dot: Dot {
                        log: id,
                        seq,
                        mark: chain.mark(),
                    },
                    pointer: Pointer {
                        segment: number,
                        offset,
                        len: written.len() as u32,
                    },
                });
                bytes.extend(written);
            }
        }
        if placed.is_empty() {
            return Ok(placed);
        }
        let path = self.shelf.path(id, number, "log");
        if self.tip.is_none() {
            let open = self.shelf.files.open(&path, How::Private);
            let file = open.map_err(JournalError::disk(&path))?;
            self.tip = Some(Tip {
                dirty: true,
                indexed: end.offset,
                ..Tip::new(file, 0)
            });
        }
        let tip = self.tip.as_mut().ok_or(JournalError::NoOwn)?;
        tip.write(&bytes, end.offset)
            .map_err(JournalError::disk(&path))?;
        let unindexed = growth.end.offset - tip.indexed > UNINDEXED;
        self.tip_segment_mut(id)?.grow(growth);
        if unindexed {
            self.write_index(id);
        }
        Ok(placed)
    }

    /// The text that a seal at the end of an own log would sign; `None` if there is no change to seal. `time` is now, as
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn seal_text(&self, end: &Dot, time: &str) -> Option<Seal> {
        let log = self.logs.get(&end.log)?;
        let at = log.leaves().into_iter().find(|&at| log.end(at) == *end)?;
        (end.seq > 0).then(|| Seal {
            log: end.log,
            seq: end.seq,
            chain: log.segments[at].end.chain,
            time: time.to_owned(),
        })
    }

    /// Seals every branch of an own log at its end, where no seal stands yet; durable when it returns. `sign` is given
    /// the five lines and returns the armoured signature over them.
    ///
    /// # Errors
    /// [`JournalError::NoOwn`] if it is no own log; [`JournalError::Sign`]; [`JournalError::Refused`] for a time that is
    /// none; [`JournalError::Disk`].
    pub fn seal_own(
        &mut self,
        log: &LogId,
        time: &str,
        sign: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<(), JournalError> {
        let held = self.logs.get(log).filter(|log| log.own);
        let ends: Vec<Dot> = held
            .ok_or(JournalError::NoOwn)?
            .runs()
            .iter()
            .map(|run| run.end)
            .filter(|end| held.is_some_and(|log| !log.seals.contains(&(end.seq, end.mark))))
            .collect();
        for end in ends {
            let Some(seal) = self.seal_text(&end, time) else {
                continue;
            };
            let text = seal.text();
            let file = format!("{text}{}", sign(&text).map_err(JournalError::Sign)?);
            if Seal::parse(file.as_bytes()).is_none_or(|(read, _)| read != seal) {
                return Err(JournalError::Refused {
                    log: *log,
                    seq: end.seq,
                    why: Refusal::Seal,
                });
            }
            let name = seal::file_name(end.seq, end.mark);
            let path = self.shelf.folder(*log).join(name);
            files::replace(&*self.shelf.files, &path, file.as_bytes(), How::Private)
                .map_err(JournalError::disk(&path))?;
            if let Some(log) = self.logs.get_mut(log) {
                log.seals.insert((end.seq, end.mark));
            }
        }
        self.write_index(*log);
        Ok(())
    }

    /// The own log ends here: it takes no more changes, and [`Journal::begin`] is needed before the next save. What it
    /// holds stays, and can be sealed.
    ///
    /// # Errors
    /// [`JournalError::Disk`]; in this process it has ended all the same.
    pub fn end_own(&mut self, why: Ended) -> Result<(), JournalError> {
        let Some(id) = self.own.take() else {
            return Ok(());
        };
        self.tip = None;
        if let Some(log) = self.logs.get_mut(&id) {
            log.ended = true;
        }
        self.write_ended(id, why)
    }

    /// Writes the file that says so.
    pub(super) fn write_ended(&self, id: LogId, why: Ended) -> Result<(), JournalError> {
        let path = self.shelf.folder(id).join("ended");
        let text = format!("{}\n", why.word());
        files::replace(&*self.shelf.files, &path, text.as_bytes(), How::Private)
            .map_err(JournalError::disk(&path))
    }

    /// The next segment of the own log.
    pub(super) fn roll(&mut self, id: LogId) -> Result<(), JournalError> {
        self.write_index(id);
        let number = self.number();
        let log = self.logs.get_mut(&id).ok_or(JournalError::NoOwn)?;
        let last = log.segments.len().checked_sub(1);
        let end = log.segments.last().ok_or(JournalError::NoOwn)?.end;
        let mut segment = Segment::new(number, end.seq, end.chain);
        segment.parent = last;
        let path = self.shelf.path(id, number, "log");
        let files = &self.shelf.files;
        let make = || {
            if let Some(text) = segment.start_file() {
                let path = self.shelf.path(id, number, "from");
                put(&**files, &path, text.as_bytes())?;
            }
            let file = files.open(&path, How::Private)?;
            let reach = take_room(&*file, 0, AHEAD);
            file.sync()?;
            files.sync_folder(&self.shelf.folder(id))?;
            Ok((file, reach))
        };
        let (file, reach) = make().map_err(JournalError::disk(&path))?;
        log.segments.push(segment);
        self.segments.insert(number, id);
        self.tip = Some(Tip::new(file, reach));
        Ok(())
    }

    fn tip_segment(&self, id: LogId) -> Result<&Segment, JournalError> {
        let log = self.logs.get(&id).ok_or(JournalError::NoOwn)?;
        log.segments.last().ok_or(JournalError::NoOwn)
    }

    fn tip_segment_mut(&mut self, id: LogId) -> Result<&mut Segment, JournalError> {
        let log = self.logs.get_mut(&id).ok_or(JournalError::NoOwn)?;
        log.segments.last_mut().ok_or(JournalError::NoOwn)
    }

    /// Writes the index of a log's last segment. A failure costs time at the next open, nothing else.
    fn write_index(&mut self, id: LogId) {
        let Ok(segment) = self.tip_segment(id) else {
            return;
        };
        let (bytes, end) = (segment.index_file(), segment.end.offset);
        let path = self.shelf.path(id, segment.number, "index");
        if put(&*self.shelf.files, &path, &bytes).is_ok()
            && self.own == Some(id)
            && let Some(tip) = &mut self.tip
        {
            tip.indexed = end;
        }
    }
}

impl Tip {
    fn new(file: Arc<dyn Open>, reach: u64) -> Self {
        Self {
            file,
            reach,
            dirty: false,
            indexed: 0,
        }
    }

    /// Writes at `end` and syncs; what fails leaves nothing behind, or is remembered to be cut before the next write.
    fn write(&mut self, bytes: &[u8], end: u64) -> std::io::Result<()> {
        if self.dirty {
            self.file.truncate(end)?;
            self.reach = end;
            self.dirty = false;
        }
        let needed = end + bytes.len() as u64;
        if needed > self.reach {
            self.reach = take_room(&*self.file, end, bytes.len() as u64 + AHEAD);
        }
        self.dirty = true;
        let done = self
            .file
            .write_at(bytes, end)
            .and_then(|()| self.file.sync());
        if done.is_ok() {
            self.reach = self.reach.max(needed);
            self.dirty = false;
        } else if self.file.truncate(end).is_ok() {
            self.reach = end;
            self.dirty = false;
        }
        done
    }
}

/// Takes room, where the file system can; how far the file reaches then. Without it everything works, only slower.
fn take_room(file: &dyn Open, from: u64, len: u64) -> u64 {
    match file.preallocate(from, len) {
        Ok(()) => from + len,
        Err(_) => from,
    }
}

/// Writes and syncs a whole small file; its name is not yet durable.
pub(super) fn put(files: &dyn Files, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let file = files.open(path, How::Private)?;
    file.truncate(0)?;
    file.write_at(bytes, 0)?;
    file.sync()
}
