//! The files of the segments, opened when they are read, and chain values computed from them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::JournalError;
use super::segment::{Place, Segment};
use super::stream::{Frames, StreamError};
use crate::codec::FrameError;
use crate::files::{Files, How, Open, Stream};
use crate::record::{LogId, Mark};

/// How many segments stay open at once.
const OPEN: usize = 256;
/// How many blocks of marks stay in memory: 1024 of 256 frames, 2 MB.
const BLOCKS: usize = 1024;

/// Blocks of marks, by segment and the seq before the first.
type Blocks = BTreeMap<(u32, u64), Arc<[Mark]>>;

/// Where the segments lie.
#[derive(Debug)]
pub(super) struct Shelf {
    pub files: Arc<dyn Files>,
    /// `<store>/journal`.
    pub dir: PathBuf,
    /// `<store>/aside`.
    pub aside: PathBuf,
    open: Mutex<BTreeMap<u32, Arc<dyn Open>>>,
    /// Marks from one place of a segment to the next.
    marks: Mutex<Blocks>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    pub fn new(files: Arc<dyn Files>, dir: &Path) -> Self {
        let aside = dir.parent().unwrap_or(dir).join("aside");
        Self {
            files,
            dir: dir.to_owned(),
            aside,
            open: Mutex::default(),
            marks: Mutex::default(),
        }
    }

    /// The folder of a log.
    pub fn folder(&self, log: LogId) -> PathBuf {
        self.dir.join(log.to_string())
    }

    /// A file of a segment: `log`, `from` or `index`.
    pub fn path(&self, log: LogId, number: u32, extension: &str) -> PathBuf {
        self.folder(log).join(format!("{number}.{extension}"))
    }

    /// A segment's file, to read.
    pub fn file(&self, log: LogId, number: u32) -> Result<Arc<dyn Open>, JournalError> {
        if let Some(file) = lock(&self.open).get(&number) {
            return Ok(Arc::clone(file));
        }
        let path = self.path(log, number, "log");
        let file = self
            .files
            .open(&path, How::Read)
            .map_err(JournalError::disk(&path))?;
        let mut open = lock(&self.open);
        if open.len() >= OPEN {
            open.clear();
        }
        open.insert(number, Arc::clone(&file));
        Ok(file)
    }

    /// Forgets what is open and known of a segment whose end was cut.
    pub fn forget(&self, number: u32) {
        lock(&self.open).remove(&number);
        lock(&self.marks).retain(|(segment, _), _| *segment != number);
    }

    /// Removes a segment's index, before bytes that it may speak of are cut.
    pub fn drop_index(&self, log: LogId, number: u32) -> io::Result<()> {
        match self.files.remove(&self.path(log, number, "index")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// The frames of a segment from a place on, up to its end.
    pub fn frames(
        &self,
        log: LogId,
        segment: &Segment,
        from: Place,
    ) -> Result<Frames<Stream>, JournalError> {
        let file = self.file(log, segment.number)?;
        let stream = Stream::new(file, from.offset, segment.end.offset);
        Ok(Frames::new(stream, from.seq, from.chain, from.offset))
    }

    /// What a failed read of a segment's frames means.
    pub fn failed(&self, log: LogId, number: u32, at: Place, error: StreamError) -> JournalError {
        match error {
            StreamError::Read(source) => JournalError::Disk {
                path: self.path(log, number, "log"),
                source,
            },
            StreamError::Frame(source) => JournalError::Damage {
                log,
                seq: at.seq + 1,
                segment: number,
                offset: at.offset,
                source,
            },
        }
    }

    /// The place behind a seq that the segment holds (or behind which it starts).
    pub fn place(&self, log: LogId, segment: &Segment, seq: u64) -> Result<Place, JournalError> {
        let mut place = segment.place_before(seq);
        self.steps(log, segment, place, seq, |next| place = next)?;
        Ok(place)
    }

    /// The mark at a seq that the segment holds. Marks near it are kept, so that asking again reads nothing.
    pub fn mark(&self, log: LogId, segment: &Segment, seq: u64) -> Result<Mark, JournalError> {
        if seq == segment.end.seq {
            return Ok(segment.end.chain.mark());
        }
        let before = segment.place_before(seq);
        if before.seq == seq {
            return Ok(before.chain.mark());
        }
        let key = (segment.number, before.seq);
        let wanted = (seq - before.seq - 1) as usize;
        if let Some(mark) = lock(&self.marks)
            .get(&key)
            .and_then(|marks| marks.get(wanted))
        {
            return Ok(*mark);
        }
        let next = segment.places.partition_point(|place| place.seq <= seq);
        let to = segment.places.get(next).unwrap_or(&segment.end).seq;
        let mut marks = Vec::with_capacity((to - before.seq) as usize);
        self.steps(log, segment, before, to, |place| {
            marks.push(place.chain.mark());
        })?;
        let mark = marks[wanted];
        let mut blocks = lock(&self.marks);
        if blocks.len() >= BLOCKS {
            blocks.clear();
        }
        blocks.insert(key, marks.into());
        Ok(mark)
    }

    /// Walks from a place to the one behind `to`, telling each place on the way.
    fn steps(
        &self,
        log: LogId,
        segment: &Segment,
        from: Place,
        to: u64,
        mut tell: impl FnMut(Place),
    ) -> Result<(), JournalError> {
        if from.seq >= to {
            return Ok(());
        }
        let mut frames = self.frames(log, segment, from)?;
        let mut place = from;
        while place.seq < to {
            let step = frames
                .next_frame()
                .and_then(|step| step.ok_or(StreamError::Frame(FrameError::Short)))
                .map_err(|error| self.failed(log, segment.number, place, error))?;
            place = step.place();
            tell(place);
        }
        Ok(())
    }
}
