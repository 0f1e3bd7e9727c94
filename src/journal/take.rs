//! Taking pieces of other logs: appended after verification, branches side by side, gaps as runs of their own.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::{Ended, JournalError, Refusal};
use super::log::Log;
use super::own::put;
use super::seal::Seal;
use super::segment::{Growth, Segment};
use super::shelf::Shelf;
use super::stream::{Frames, Step, StreamError};
use super::{Journal, Place};
use crate::codec::FrameError;
use crate::files::{How, Open, Stream};
use crate::record::{Chain, Dot, LogId};

/// How many bytes are gathered before they are written.
const CHUNK: usize = 1024 * 1024;

/// A piece of a log, as a batch or an exchange folder brings it. The caller has verified the seal's signature.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Seq of its first frame.
    pub from: u64,
    /// The chain value before it.
    pub before: Chain,
    /// The file of the seal at its end.
    pub seal: &'a [u8],
}

/// Where a piece would stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stands {
    /// On what is held: at the end of a branch, or in the middle of one (known, or a new branch).
    Joins,
    /// Frames of the seq before it are held, but none of that chain value: it waits, as a fork.
    Fork,
    /// What comes before it is not held: it waits, as a gap.
    Gap,
}

/// What became of a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Its last frame.
    pub end: Dot,
    /// Changes that were held before.
    pub known: u64,
    /// Changes that were not.
    pub new: u64,
    /// It brought changes of the own log that this store lacked: that log has ended, and a new one must begin.
    pub restored: bool,
}

impl Journal {
    /// Where a piece of a log would stand: `before` is the chain value at `from - 1`.
    ///
    /// # Errors
    /// [`JournalError::Refused`] for a piece from 1 that does not stand on the log's first frame, if that is held.
    pub fn stands(&self, id: &LogId, from: u64, before: &Chain) -> Result<Stands, JournalError> {
        let refused = || JournalError::Refused {
            log: *id,
            seq: from,
            why: Refusal::Before,
        };
        let Some(log) = self.logs.get(id) else {
            return match from {
                0 => Err(refused()),
                1 if before.log_id() != *id => Err(refused()),
                1 => Ok(Stands::Joins),
                _ => Ok(Stands::Gap),
            };
        };
        let Some(seq) = from.checked_sub(1) else {
            return Err(refused());
        };
        let chains = self.chain_at(id, seq)?;
        let starts = |s: &Segment| s.start.seq == seq && s.start.chain == *before;
        if chains.contains(before) || log.segments.iter().any(starts) {
            return Ok(Stands::Joins);
        }
        match chains.is_empty() {
            _ if seq == 0 => Err(refused()),
            true => Ok(Stands::Gap),
            false => Ok(Stands::Fork),
        }
    }

    /// Takes a piece: `first` is its log's first frame, `raw` its frames. Frames that are held already are passed over,
    /// the others appended, as a branch of their own where they differ. Every frame, the chain and its end under the
    /// seal are checked again on the way; if anything is wrong, nothing is taken. `accept` takes a piece that stands on
    /// nothing held, as a run of its own: for a person to say, when the middle is lost for good.
    ///
    /// It is held at once, and durable when [`super::Unsynced::sync`] has returned.
    ///
    /// # Errors
    /// [`JournalError::Refused`] ([`Refusal::Waits`] if it stands on nothing held), [`JournalError::Disk`], and
    /// [`JournalError::Damage`] if a frame that it is compared with is damaged.
    pub fn take(
        &mut self,
        first: &[u8],
        piece: &Piece<'_>,
        raw: &mut dyn Read,
        accept: bool,
    ) -> Result<Taken, JournalError> {
        let refused = |log, seq, why| JournalError::Refused { log, seq, why };
        let log = Log::new(first).map_err(|e| refused(LogId::default(), 0, e.into()))?;
        let id = log.id;
        let (seal, _) =
            Seal::parse(piece.seal).ok_or_else(|| refused(id, piece.from, Refusal::Seal))?;
        if seal.log != id {
            return Err(refused(id, piece.from, Refusal::Seal));
        }
        if piece.from <= 1 && (piece.from, piece.before) != (1, log.chain) {
            return Err(refused(id, piece.from, Refusal::Before));
        }
        if self.stands(&id, piece.from, &piece.before)? != Stands::Joins && !accept {
            return Err(refused(id, piece.from, Refusal::Waits));
        }
        let log = match self.logs.get(&id) {
            Some(held) if held.first_frame != first => {
                return Err(refused(id, 0, Refusal::First));
            }
            Some(held) => held.clone(),
            None => {
                let folder = self.shelf.folder(id);
                let files = &self.shelf.files;
                files
                    .create_dir_all(&folder)
                    .and_then(|()| put(&**files, &folder.join("first"), first))
                    .map_err(JournalError::disk(&folder))?;
                log
            }
        };
        let mut taking = Taking::new(log, self.full);
        match self.take_frames(&mut taking, piece, &seal, raw) {
            Ok(taken) => {
                let Taking {
                    mut log,
                    made,
                    touched,
                    ..
                } = taking;
                log.join(&self.shelf);
                let pending = self.pending.entry(id).or_default();
                pending.numbers.extend(touched.keys());
                pending.numbers.extend(&made);
                if log.seals.insert((seal.seq, seal.chain.mark())) {
                    let key = (seal.seq, seal.chain.mark());
                    pending.seals.insert(key, piece.seal.to_vec());
                }
                self.segments
                    .extend(made.iter().map(|&number| (number, id)));
                self.logs.insert(id, log);
                Ok(taken)
            }
            Err(error) => {
                taking.undo(&self.shelf);
                Err(error)
            }
        }
    }

    fn take_frames(
        &mut self,
        taking: &mut Taking,
        piece: &Piece<'_>,
        seal: &Seal,
        raw: &mut dyn Read,
    ) -> Result<Taken, JournalError> {
        let id = taking.log.id;
        let refused = |seq, why| JournalError::Refused { log: id, seq, why };
        let mut frames = Frames::new(raw, piece.from - 1, piece.before, 0);
        let (mut known, mut new, mut restored) = (0, 0, false);
        let mut last = (piece.from - 1, piece.before, false);
        loop {
            let step = match frames.next_frame() {
                Ok(Some(step)) => step,
                Ok(None) => break,
                Err(StreamError::Frame(error)) => return Err(refused(last.0 + 1, error.into())),
                Err(StreamError::Read(error)) => {
                    return Err(JournalError::disk(&self.shelf.folder(id))(error));
                }
            };
            let content = step.content(id).map_err(|e| refused(step.seq, e.into()))?;
            last = (step.seq, step.chain, content.more);
            if taking.is_known(&self.shelf, &step)? {
                taking.close(&self.shelf)?;
                known += 1;
                continue;
            }
            if self.own == Some(id) {
                self.end_own(Ended::Restored)?;
                taking.log.ended = true;
                restored = true;
            }
            taking.append(&self.shelf, &mut self.next_segment, &step, content.more)?;
            new += 1;
        }
        let (seq, chain, more) = last;
        let used_up = frames.is_used_up();
        if !used_up.map_err(JournalError::disk(&self.shelf.folder(id)))? {
            return Err(refused(seq + 1, FrameError::Short.into()));
        }
        if more {
            return Err(refused(seq, Refusal::Group));
        }
        if (seq, chain) != (seal.seq, seal.chain) || known + new == 0 {
            return Err(refused(seq, Refusal::Chain));
        }
        taking.close(&self.shelf)?;
        Ok(Taken {
            end: seal.dot(),
            known,
            new,
            restored,
        })
    }
}

/// A piece on its way in: works on a copy of what is known of the log.
struct Taking {
    log: Log,
    /// A segment of so many bytes takes no more.
    full: u64,
    /// Held frames that are walked beside the piece's, as long as they are the same.
    beside: Option<Frames<Stream>>,
    /// Whether no frame was looked at yet.
    fresh: bool,
    out: Option<Out>,
    /// New segments.
    made: Vec<u32>,
    /// Segments that grew, and where they ended.
    touched: BTreeMap<u32, u64>,
}

/// The segment that new frames go to.
struct Out {
    at: usize,
    growth: Growth,
    bytes: Vec<u8>,
    written: u64,
    file: Arc<dyn Open>,
    path: PathBuf,
}

impl Taking {
    fn new(log: Log, full: u64) -> Self {
        Self {
            log,
            full,
            beside: None,
            fresh: true,
            out: None,
            made: Vec::new(),
            touched: BTreeMap::new(),
        }
    }

    /// Whether this very frame is held. Behind frames that are not held, one can be held again only as the first of a
    /// segment.
    fn is_known(&mut self, shelf: &Shelf, step: &Step<'_>) -> Result<bool, JournalError> {
        let fresh = std::mem::replace(&mut self.fresh, false);
        let place = |step: &Step<'_>| Place {
            seq: step.seq - 1,
            chain: step.before,
            offset: 0,
        };
        if let Some(beside) = &mut self.beside {
            match beside.next_frame() {
                Ok(Some(held)) if held.chain == step.chain => return Ok(true),
                Ok(_) => self.beside = None,
                Err(error) => return Err(shelf.failed(self.log.id, 0, place(step), error)),
            }
        }
        for at in self.log.covering(step.seq).collect::<Vec<_>>() {
            let segment = &self.log.segments[at];
            if !fresh && segment.start.seq + 1 != step.seq {
                continue;
            }
            let before = shelf.place(self.log.id, segment, step.seq - 1)?;
            if before.chain != step.before {
                continue;
            }
            let mut frames = shelf.frames(self.log.id, segment, before)?;
            match frames.next_frame() {
                Ok(Some(held)) if held.chain == step.chain => {
                    self.beside = Some(frames);
                    return Ok(true);
                }
                Ok(_) => {}
                Err(error) => {
                    return Err(shelf.failed(self.log.id, segment.number, before, error));
                }
            }
        }
        Ok(false)
    }

    fn append(
        &mut self,
        shelf: &Shelf,
        next: &mut u32,
        step: &Step<'_>,
        more: bool,
    ) -> Result<(), JournalError> {
        if self.out.is_none() {
            self.out = Some(self.open(shelf, next, step.seq - 1, step.before)?);
        }
        let out = self.out.as_mut().expect("it was just opened");
        out.bytes.extend(step.frame.bytes);
        out.growth.add(step.frame.bytes.len(), step.chain, more);
        if out.bytes.len() >= CHUNK {
            out.write()?;
        }
        if !more && out.growth.end.offset >= self.full {
            self.close(shelf)?;
        }
        Ok(())
    }

    /// Where frames behind this place go: to the segment that ends here, if it has room, else to a new one.
    fn open(
        &mut self,
        shelf: &Shelf,
        next: &mut u32,
        seq: u64,
        chain: Chain,
    ) -> Result<Out, JournalError> {
        let id = self.log.id;
        let ends_here = |segment: &Segment| {
            segment.end.seq == seq && segment.end.chain == chain && segment.end.offset < self.full
        };
        let at = match self.log.segments.iter().position(ends_here) {
            Some(at) => {
                let segment = &self.log.segments[at];
                let end = segment.end.offset;
                self.touched.entry(segment.number).or_insert(end);
                at
            }
            None => {
                let mut segment = Segment::new(*next, seq, chain);
                *next += 1;
                segment.parent = self.log.find(shelf, seq, &chain);
                self.made.push(segment.number);
                if let Some(text) = segment.start_file() {
                    let path = shelf.path(id, segment.number, "from");
                    put(&*shelf.files, &path, text.as_bytes())
                        .map_err(JournalError::disk(&path))?;
                }
                self.log.segments.push(segment);
                self.log.segments.len() - 1
            }
        };
        let segment = &self.log.segments[at];
        let path = shelf.path(id, segment.number, "log");
        let open = || {
            let file = shelf.files.open(&path, How::Private)?;
            if file.len()? > segment.end.offset {
                shelf.drop_index(id, segment.number)?;
                file.truncate(segment.end.offset)?;
            }
            Ok(file)
        };
        Ok(Out {
            at,
            growth: Growth::of(segment),
            bytes: Vec::new(),
            written: segment.end.offset,
            file: open().map_err(JournalError::disk(&path))?,
            path,
        })
    }

    /// Writes what is gathered; the segment holds it from now on.
    fn close(&mut self, shelf: &Shelf) -> Result<(), JournalError> {
        let Some(mut out) = self.out.take() else {
            return Ok(());
        };
        out.write()?;
        let segment = &mut self.log.segments[out.at];
        segment.grow(out.growth);
        shelf.forget(segment.number);
        Ok(())
    }

    /// Nothing is taken: cuts off what was appended, removes what was made. Where that fails, no seal stands above it,
    /// so it does not count at the next open.
    fn undo(self, shelf: &Shelf) {
        let id = self.log.id;
        drop(self.out);
        for (number, end) in self.touched {
            let path = shelf.path(id, number, "log");
            let file = shelf.files.open(&path, How::Write);
            let _ = file.and_then(|file| file.truncate(end));
            shelf.forget(number);
        }
        for number in self.made {
            let _ = shelf.files.remove(&shelf.path(id, number, "log"));
            let _ = shelf.files.remove(&shelf.path(id, number, "from"));
            shelf.forget(number);
        }
    }
}

impl Out {
    fn write(&mut self) -> Result<(), JournalError> {
        self.file
            .write_at(&self.bytes, self.written)
            .map_err(JournalError::disk(&self.path))?;
        self.written += self.bytes.len() as u64;
        self.bytes.clear();
        Ok(())
    }
}
